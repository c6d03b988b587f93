"""Sensors that are cut at the session's marks: what each phase means for one of them."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tracker.model import (
    Edge,
    Notice,
    NoticeKind,
    PhaseKind,
    PhaseMark,
    Placement,
    ReferenceRecipe,
    Side,
    TimedBlock,
    steps_after,
)
from tracker.motion.frames.alignment import Alignment, turn_between_rad
from tracker.motion.frames.knee_lift import is_upside_down, points_backwards
from tracker.motion.parameters import AlignmentParameters
from tracker.motion.person import Axis
from tracker.motion.rest.rest_test import WornSensor
from tracker.session.events import KneeLifted, PipelineEvent, PoseTaken
from tracker.session.sensor_track import OrientedBlock, SensorTrack

_POSES = (PhaseKind.STANDING, PhaseKind.REFERENCE)
_STILL = (*_POSES, PhaseKind.REST, PhaseKind.KNEE_LIFT)


class PhaseFollower:
    """Cuts one sensor's samples at the marks that concern it, and acts on each mark in its place.

    Args:
        last_front: (3,) up in the sensor in the last session's reference pose, where that is known.
    """

    def __init__(
        self,
        track: SensorTrack,
        side: Side | None,
        parameters: AlignmentParameters,
        last_front: Axis | None = None,
    ) -> None:
        self.track = track
        self.side = side
        self._alignment_parameters = parameters
        self._last_front = last_front
        self._pending: list[OrientedBlock] = []
        self._marks: list[PhaseMark] = []
        self._open: PhaseMark | None = None
        self._last_s = 0.0
        self._seen_s: float | None = None

    @property
    def waits_from_s(self) -> float:
        """No sample before this time is still to be worked through."""
        return float(self._pending[0].samples.time_s[0]) if self._pending else self._last_s

    def mark(self, mark: PhaseMark) -> None:
        """Note a mark; it acts when the samples reach its time.

        Samples are cut at the marks of the other leg too: they can change what this one is measured against.
        """
        self._marks.append(mark)
        self._marks.sort(key=lambda known: known.time_s)

    def receive(self, block: OrientedBlock) -> None:
        """Queue the next samples."""
        self._pending.append(block)

    def process(self, until_s: float) -> list[PipelineEvent]:
        """Work through the queued samples up to and including `until_s`."""
        events: list[PipelineEvent] = []
        while self._pending and self._pending[0].samples.time_s[0] <= until_s:
            block = self._pending.pop(0)
            stop = int(np.searchsorted(block.samples.time_s, until_s, side="right"))
            if stop < len(block):
                self._pending.insert(0, block.part(stop, len(block)))
                block = block.part(0, stop)
            self.track.interval_s = block.interval_s
            for part, missing_s in self._parts_without_absence(block):
                if missing_s is not None:
                    events += self._come_back(float(part.samples.time_s[0]), missing_s)
                events += self._cut_at_marks(part)
        return events

    def act_until(self, time_s: float) -> list[PipelineEvent]:
        """Act on the marks up to a time before which no sample comes any more; none may be queued."""
        events: list[PipelineEvent] = []
        while self._marks and self._marks[0].time_s <= time_s:
            events += self._act(self._marks.pop(0))
        return events

    def finish(self) -> list[PipelineEvent]:
        """Work through all that is queued and end what is still open."""
        events = self.process(math.inf)
        while self._marks:
            events += self._act(self._marks.pop(0))
        if self._open is not None:
            events += self._end(self._open, max(self._last_s, self._open.time_s))
        return events

    def _parts_without_absence(self, block: OrientedBlock) -> Iterator[tuple[OrientedBlock, float | None]]:
        """The block, cut where the sensor was away for so long that it may have been taken off.

        With each part comes for how long the sensor was away before it, seconds, where that is the reason.
        """
        longest_s, time_s = self._alignment_parameters.donning_gap_s, block.samples.time_s
        before_s = time_s[0] if self._seen_s is None else self._seen_s
        self._seen_s = float(time_s[-1])
        steps_s = steps_after(before_s, time_s)
        position, missing_s = 0, None
        for place in (steps_s > longest_s).nonzero()[0].tolist():
            if place > position:
                yield block.part(position, place), missing_s
            position, missing_s = place, float(steps_s[place])
        yield block.part(position, len(block)) if position else block, missing_s

    def _come_back(self, time_s: float, missing_s: float) -> list[PipelineEvent]:
        """Act on the marks of an absence that ends at a time, then forget how the sensor was worn."""
        events = self.act_until(time_s)
        self.track.forget_strap(
            time_s, f"the sensor was away for {missing_s:.0f} s and may have been taken off"
        )
        return events

    def _cut_at_marks(self, block: OrientedBlock) -> list[PipelineEvent]:
        events: list[PipelineEvent] = []
        position = 0
        while self._marks and self._marks[0].time_s <= block.samples.time_s[-1]:
            stop = int(np.searchsorted(block.samples.time_s, self._marks[0].time_s, side="left"))
            events += self._segment(block.part(position, stop))
            events += self._act(self._marks.pop(0))
            position = stop
        events += self._segment(block.part(position, len(block)) if position else block)
        self._last_s = float(block.samples.time_s[-1])
        return events

    def _act(self, mark: PhaseMark) -> list[PipelineEvent]:
        events: list[PipelineEvent] = []
        if not self._concerns(mark):
            return events
        if self._open is not None:
            if mark.edge is Edge.END and mark.kind is not self._open.kind:
                return events
            events += self._end(self._open, mark.time_s)
            self._open = None
        if mark.edge is Edge.START:
            self._open = mark
            self._begin(mark)
        return events

    def _concerns(self, mark: PhaseMark) -> bool:
        # Whichever knee is lifted, that the other leg lies still is part of the answer.
        return (
            self.side is None or mark.kind is PhaseKind.KNEE_LIFT or mark.side in (None, Side.BOTH, self.side)
        )

    def _begin(self, mark: PhaseMark) -> None:
        if mark.kind in _STILL:
            self.track.begin_phase()

    def _segment(self, block: OrientedBlock) -> list[PipelineEvent]:
        self.track.keep(block.samples)
        return []

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind is PhaseKind.DONNING:
            self.track.forget_strap(end_s, "the reference pose is from another strapping-on")
        elif start.kind in _POSES:
            return self._end_pose(start, end_s)
        elif start.kind is PhaseKind.KNEE_LIFT:
            return self._end_knee_lift(start, end_s)
        return []

    def _end_pose(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        samples = self.track.end_phase()
        if not self._takes(start):
            return []
        before = self.track.alignment
        outcome = self.track.take_pose(start, samples, end_s)
        events: list[PipelineEvent] = [
            PoseTaken(self.track.placement, start.kind, end_s, outcome.alignment.recipe, outcome.refused)
        ]
        if outcome.refused:
            return events
        if start.kind is PhaseKind.STANDING:
            events += self._orientation_notices(outcome.alignment, end_s)
        if start.kind is PhaseKind.REFERENCE:
            events += self._strap_notices(turn_between_rad(before, outcome.alignment), end_s)
            events += self._backwards_notices(outcome.alignment, end_s)
        return events

    def _takes(self, start: PhaseMark) -> bool:
        """Whether a pose is one of this segment: each recipe says which segments it makes neutral."""
        recipe = start.recipe or self._alignment_parameters.reference_recipe
        on_pelvis = self.track.placement is Placement.PELVIS
        if start.kind is not PhaseKind.REFERENCE:
            return True
        return recipe is not (ReferenceRecipe.HANGING_SHANK if on_pelvis else ReferenceRecipe.PELVIS_LEVEL)

    def _strap_notices(self, turned_rad: float | None, end_s: float) -> Iterator[Notice]:
        parameters = self._alignment_parameters
        if turned_rad is not None and abs(turned_rad) > parameters.reference_jump_rad:
            yield self._strap_notice(end_s, turned_rad, "since the pose before")
        if self._last_front is not None:
            between = self._turn_since_last_session()
            self._last_front = None
            if between is not None and abs(between) > parameters.donning_jump_rad:
                yield self._strap_notice(end_s, between, "since the last session")

    def _turn_since_last_session(self) -> float | None:
        alignment = self.track.alignment
        if self._last_front is None:
            return None
        return turn_between_rad(replace(alignment, front=np.array(self._last_front)), alignment)

    def _strap_notice(self, end_s: float, turned_rad: float, since: str) -> Notice:
        text = (
            f"the reference pose is turned by {abs(math.degrees(turned_rad)):.0f} deg {since}: "
            "the strap sits otherwise, or the pose was another one"
        )
        return Notice(end_s, NoticeKind.STRAP_TURNED, self.track.placement, text)

    def _end_knee_lift(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        before = self.track.alignment
        lift = self.track.take_knee_lift(self.track.end_phase(), end_s)
        placement = self.track.placement
        events: list[PipelineEvent] = [
            KneeLifted(placement, start.side, start.time_s, end_s, lift.range_rad, lift.refused)
        ]
        if lift.axis is None:
            return events
        self.track.lift_axis = lift.axis
        backwards = list(self._backwards_notices(before, end_s))
        return [*events, *(backwards or self._orientation_notices(self.track.alignment, end_s))]

    def _orientation_notices(self, alignment: Alignment, end_s: float) -> Iterator[Notice]:
        """Told once of each donning, by what shows it first: standing or a knee lift."""
        if is_upside_down(alignment) and not self.track.told_upside_down:
            self.track.told_upside_down = True
            text = "the sensor is upside down; that is corrected"
            yield Notice(end_s, NoticeKind.UPSIDE_DOWN, self.track.placement, text)

    def _backwards_notices(self, alignment: Alignment, end_s: float) -> Iterator[Notice]:
        """Whether a knee lift and the poses of a donning contradict each other, whichever came first."""
        axis = self.track.lift_axis
        if axis is None or not alignment.has_zero:
            return
        self.track.lift_axis = None
        if points_backwards(alignment, axis):
            text = "the sensor sits back to front or upside down; repeat standing and reference pose"
            yield Notice(end_s, NoticeKind.UPSIDE_DOWN, self.track.placement, text)


class PelvisFollower(PhaseFollower):
    """The pelvis sensor as one leg needs it: its poses, and its samples of rest tests.

    Every leg has its own: a reference pose of one leg sets the zero of that leg alone, and its hip rotation
    is counted from where the pelvis lay then.

    Args:
        track: holds the alignment for this leg.
        speaks: true for the one that tells of poses that were meant for both legs.
    """

    def __init__(
        self, track: SensorTrack, side: Side, parameters: AlignmentParameters, *, speaks: bool
    ) -> None:
        super().__init__(track, side, parameters)
        self._speaks = speaks
        self._rest_samples: dict[float, WornSensor] = {}

    def during_rest(self, start_s: float) -> WornSensor:
        """The sensor during the rest test that began at a time.

        Where no sample has come from after the test's end, the test goes by those that have come.
        """
        if start_s in self._rest_samples:
            return self._rest_samples[start_s]
        on = self._open is not None and self._open.kind is PhaseKind.REST and self._open.time_s == start_s
        return self.track.worn(
            self.track.phase_samples if on else TimedBlock.joined(self.track.placement, [])
        )

    def _concerns(self, mark: PhaseMark) -> bool:
        return mark.kind is not PhaseKind.KNEE_LIFT and super()._concerns(mark)

    def _end(self, start: PhaseMark, end_s: float) -> list[PipelineEvent]:
        if start.kind is PhaseKind.REST:
            self._rest_samples[start.time_s] = self.track.worn(self.track.end_phase())
        events = super()._end(start, end_s)
        return events if self._speaks or start.side is self.side else []
