"""The one pipeline of live, replay and batch: samples and marks in, measurements out.

It knows no clock and no file. Samples of each sensor come in order of their time; a mark comes before
the samples that follow it. Nothing that it tells depends on how the samples were cut into blocks.
"""

import math
from collections.abc import Collection, Mapping

from tracker.errors import UsageError
from tracker.model import (
    THIGH_SIDES,
    ExerciseSet,
    FloatArray,
    Notice,
    PhaseKind,
    PhaseMark,
    Placement,
    ReferenceRange,
    RestTest,
    SensorAlignment,
    TimedBlock,
)
from tracker.motion.counting.demonstration import SHOWN_REPETITIONS
from tracker.motion.exercise import Exercise
from tracker.motion.parameters import MotionParameters
from tracker.motion.person import Axis, PersonalRecord
from tracker.session.events import Gauge, KneeLifted, LegState, PipelineEvent, RangeShown, TraceSink
from tracker.session.leg import LegFollower
from tracker.session.pelvis_series import PelvisSeries
from tracker.session.phase_follower import PelvisFollower, PhaseFollower
from tracker.session.sensor_track import SensorTrack
from tracker.session.swap_check import SwapCheck

GENERIC = "generic"

_HELD_BACK_S = 30.0
"""Samples of the pelvis are kept this long for a thigh that is late: no link holds back for longer. To it
comes the time within which what a thigh lost is sent again."""


class SessionPipeline:
    """Measures one session.

    Args:
        placements: where sensors are worn.
        exercises: catalogue entries by name.
        person: what is taken over from the person's earlier sessions.
        trace: is handed the directions of up of every thigh sample, in the sensors' frames.
        thigh_lateness_s: how late a thigh's samples may come that were lost on the way.
    """

    def __init__(
        self,
        placements: Collection[Placement],
        parameters: MotionParameters,
        exercises: Mapping[str, Exercise],
        person: PersonalRecord | None = None,
        trace: TraceSink | None = None,
        *,
        thigh_lateness_s: float = 0.0,
    ) -> None:
        self._kept_pelvis_s = _HELD_BACK_S + thigh_lateness_s
        person = person or PersonalRecord()
        self._exercises = exercises
        self._tracks = {place: SensorTrack(place, parameters) for place in placements}
        self._pelvis_series = PelvisSeries()
        thighs = [place for place in placements if place in THIGH_SIDES]
        self._pelvis = {
            place: PelvisFollower(
                SensorTrack(Placement.PELVIS, parameters),
                THIGH_SIDES[place],
                parameters.alignment,
                speaks=place is thighs[0],
            )
            for place in (thighs if Placement.PELVIS in placements else ())
        }
        self._legs = {
            place: LegFollower(
                self._tracks[place],
                THIGH_SIDES.get(place),
                parameters,
                exercises,
                person,
                self._pelvis.get(place),
                self._pelvis_series.at if self._pelvis else None,
                trace,
            )
            for place in thighs or placements
        }
        self._rest_tests: list[RestTest] = []
        self._sets: list[ExerciseSet] = []
        self._ranges: list[ReferenceRange] = []
        self._notices: list[Notice] = []
        self._swap_check = SwapCheck(parameters)
        self._newest_s = 0.0
        self._resolved_s = -math.inf

    @property
    def counted(self) -> Collection[Placement]:
        """The sensors that are measured: the thighs', or where none is worn whatever is."""
        return self._legs.keys()

    @property
    def newest_s(self) -> float:
        """Time of the newest sample of any sensor; a mark must not lie before it."""
        return self._newest_s

    def counted_until_s(self, since_s: float) -> float:
        """Time up to which the legs' samples are worked through; inf for none.

        Legs of which nothing was worked through since a time are left out.
        """
        reached_s = [leg.waits_from_s for leg in self._legs.values()]
        return min((one_s for one_s in reached_s if one_s > since_s), default=math.inf)

    @property
    def rest_tests(self) -> tuple[RestTest, ...]:
        """Rest tests so far, in order of time."""
        return tuple(sorted(self._rest_tests, key=lambda test: (test.start_s, test.side)))

    @property
    def sets(self) -> tuple[ExerciseSet, ...]:
        """Finished sets so far, in order of time, one entry a leg."""
        return tuple(sorted(self._sets, key=lambda done: (done.start_s, done.side or "")))

    @property
    def ranges(self) -> tuple[ReferenceRange, ...]:
        """Own ranges that were shown so far, the newest of each exercise and leg last."""
        return tuple(self._ranges)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What may fool the numbers, so far, in order of time."""
        return tuple(sorted(self._notices, key=lambda one: (one.time_s, one.kind, one.placement or "")))

    @property
    def alignments(self) -> tuple[SensorAlignment, ...]:
        """What the calibration poses gave so far, in order of time."""
        found = [
            stored
            for follower in self._followers()
            for stored in _stored_alignments(follower, of_one_leg=isinstance(follower, PelvisFollower))
        ]
        return tuple(sorted(found, key=lambda one: (one.since_s, one.placement, one.side or "")))

    def track(self, placement: Placement) -> SensorTrack:
        """The state of one sensor."""
        return self._tracks[placement]

    def pelvis_track(self, thigh: Placement) -> SensorTrack:
        """The alignments of the pelvis sensor that hold for one leg."""
        return self._pelvis[thigh].track

    def begin(self, placement: Placement, rate_hz: float, *, calibrated: bool = False) -> None:
        """Set the sample rate of a sensor's next samples, and whether they are calibrated."""
        self._tracks[placement].begin(rate_hz, calibrated=calibrated)
        if placement is Placement.PELVIS:
            for follower in self._pelvis.values():
                follower.track.calibrated = calibrated

    def leg_states(self) -> tuple[LegState, ...]:
        """The newest angle of each leg, for a view."""
        states = (leg.state for leg in self._legs.values())
        return tuple(state for state in states if state is not None)

    def gauges(self) -> tuple[Gauge, ...]:
        """How far each leg is in the movement that is counted now; none while nothing is counted."""
        found = (leg.gauge for leg in self._legs.values())
        return tuple(gauge for gauge in found if gauge is not None)

    def mark(self, mark: PhaseMark) -> None:
        """Begin or end a phase.

        Raises:
            UsageError: the catalogue has no such exercise.
        """
        if (
            mark.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION)
            and (mark.exercise or GENERIC) not in self._exercises
        ):
            known = ", ".join(sorted(self._exercises))
            raise UsageError(
                f"unknown exercise {mark.exercise!r}",
                advice=f"Use one of: {known}.",
                exercise=mark.exercise,
            )
        for follower in self._followers():
            follower.mark(mark)

    def feed(self, block: TimedBlock) -> list[PipelineEvent]:
        """Take the next samples of one sensor; what they complete."""
        if not len(block):
            return []
        self._newest_s = max(self._newest_s, float(block.time_s[-1]))
        oriented = self._tracks[block.placement].orient(block)
        events: list[PipelineEvent] = []
        if self._pelvis and block.placement is Placement.PELVIS:
            for pelvis in self._pelvis.values():
                pelvis.receive(oriented)
                events += pelvis.process(math.inf)
            self._pelvis_series.append(block.time_s, oriented.up)
        elif block.placement in self._legs:
            self._legs[block.placement].receive(oriented)
        return self._collect(events + self._process_legs())

    def resolve(self, until_s: float) -> list[PipelineEvent]:
        """Take it that no sample before `until_s` comes any more: legs then need not wait for the pelvis."""
        if not self._pelvis:
            return []
        self._resolved_s = max(self._resolved_s, until_s)
        self._pelvis_series.resolve(until_s)
        # What a mark says of the pelvis must be known before the legs pass it.
        acted = [event for pelvis in self._pelvis.values() for event in pelvis.act_until(self._resolved_s)]
        return self._collect(acted + self._process_legs())

    def finish(self) -> list[PipelineEvent]:
        """End the session: all samples have come, and what is open ends with the last one."""
        self._pelvis_series.resolve(math.inf)
        events: list[PipelineEvent] = []
        for follower in self._followers():
            events += follower.finish()
        return self._collect(events)

    def _followers(self) -> Collection[PhaseFollower]:
        # The pelvis first: the legs look up its alignment and its rest samples.
        return [*self._pelvis.values(), *self._legs.values()]

    def _process_legs(self) -> list[PipelineEvent]:
        until_s = self._pelvis_series.known_until_s if self._pelvis else math.inf
        events: list[PipelineEvent] = []
        for leg in self._legs.values():
            events += leg.process(until_s)
        if self._pelvis:
            waiting_s = min(leg.waits_from_s for leg in self._legs.values())
            self._pelvis_series.forget_before(max(waiting_s, self._resolved_s - self._kept_pelvis_s))
        return events

    def _thighs_put_on_s(self, time_s: float) -> float:
        return max(leg.track.put_on_s(time_s) for leg in self._legs.values())

    def _collect(self, events: list[PipelineEvent]) -> list[PipelineEvent]:
        told: list[PipelineEvent] = []
        for event in events:
            told.append(event)
            match event:
                case RestTest():
                    self._rest_tests.append(event)
                    told += self._swap_check.see_rest_test(event, self._thighs_put_on_s(event.start_s))
                case KneeLifted():
                    told += self._swap_check.see_knee_lift(event)
                case ExerciseSet():
                    self._sets.append(event)
                case RangeShown(rom_rad=rom_rad) if rom_rad is not None:
                    shown = ReferenceRange(event.exercise, event.side, rom_rad, SHOWN_REPETITIONS)
                    self._ranges.append(shown)
                case _:
                    pass
        self._notices += [event for event in told if isinstance(event, Notice)]
        return told


def _stored_alignments(follower: PhaseFollower, *, of_one_leg: bool) -> list[SensorAlignment]:
    """The alignments of a sensor that poses have given."""
    return [
        SensorAlignment(
            placement=follower.track.placement,
            side=follower.side if of_one_leg else None,
            since_s=since_s,
            recipe=alignment.recipe,
            long_axis=None if alignment.long_axis is None else _axis_of(alignment.long_axis),
            front=None if alignment.front is None else _axis_of(alignment.front),
        )
        for donning in follower.track.donnings
        for since_s, alignment in donning[1:]
    ]


def _axis_of(vector: FloatArray) -> Axis:
    """A (3,) vector as plain numbers."""
    x, y, z = vector.tolist()
    return x, y, z
