"""Counting one leg's holds in one set: a small movement that is kept still for a time, causally.

The leg first rests: its level is taken where it has been still for a while, and followed while it sinks more
slowly than people move. Leaving that level by a little begins a hold; its time runs from where the signal
stopped, for as long as it stays there. A hold is counted when it is let go: what is kept for far longer than
the target is a leg that lies elsewhere now.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from tracker.model import Form, Repetition
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import HoldRule
from tracker.motion.grading.grader import Grader
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.motion.signals.sample_history import SampleHistory

_REST_TARGETS = 2.0
"""A leg that has been away for so many times the target of a hold, without one, rests elsewhere or moves."""

_STILL_SHARE = 0.25
"""A signal that changed by less than this share of what begins a hold stands still."""


class _State(Enum):
    UNSETTLED = 0
    RESTING = 1
    LEAVING = 2
    HOLDING = 3
    SPENT = 4
    """Away from rest after a hold that was left for another place: only rest makes the next one."""


@dataclass(frozen=True, slots=True)
class _Sample:
    number: int
    time_s: float
    signal_rad: float


@dataclass(frozen=True, slots=True)
class _Hold:
    """Where a hold began.

    Attributes:
        begin, still: numbers of the sample that left the place before, and of the first still one after it.
        still_s, held_rad: time and signal of the latter.
    """

    begin: int
    still: int
    still_s: float
    held_rad: float


class _Ago:
    """The sample of some time ago: the newest one that is at least so old."""

    def __init__(self, age_s: float) -> None:
        self._age_s = age_s
        self._kept: deque[_Sample] = deque()

    def step(self, sample: _Sample) -> _Sample | None:
        """Take the next sample; the one of then, None before there is any."""
        kept = self._kept
        kept.append(sample)
        newest_s = sample.time_s - self._age_s
        while len(kept) > 1 and kept[1].time_s <= newest_s:
            kept.popleft()
        return kept[0] if kept[0].time_s <= newest_s else None

    def spread_rad(self) -> float:
        """By how much the signal has varied since then: at a turning point it is only the same again."""
        values = [sample.signal_rad for sample in self._kept]
        return max(values) - min(values)


@dataclass(slots=True)
class _Machine:
    """Where the leg is, advanced sample by sample.

    Attributes:
        level_rad: signal at rest.
        quiet_since: the first sample since when the leg has turned slowly; None while it moves.
        begin: the sample that left the rest level.
        hold: the last hold, on while the state says so.
        spent_s: when it was left for another place.
    """

    rule: HoldRule
    state: _State = _State.UNSETTLED
    level_rad: float = 0.0
    quiet_since: _Sample | None = None
    begin: _Sample = _Sample(0, 0.0, 0.0)
    hold: _Hold = _Hold(0, 0, 0.0, 0.0)
    spent_s: float = 0.0
    _settling: _Ago = field(init=False)
    _stopping: _Ago = field(init=False)

    def __post_init__(self) -> None:
        self._settling, self._stopping = _Ago(self.rule.settle_s), _Ago(self.rule.stop_s)

    def step(self, sample: _Sample, *, quiet: bool) -> bool:
        """Take a sample; True where it is the first one after a hold."""
        then, stopped_at = self._settling.step(sample), self._stopping.step(sample)
        if not quiet:
            self.quiet_since = None
        elif self.quiet_since is None:
            self.quiet_since = sample
        rule, away = self.rule, self._away_rad(sample)
        if self.state is _State.RESTING and away >= rule.begin_rad:
            self.state, self.begin = _State.LEAVING, sample
        elif self.state in (_State.UNSETTLED, _State.RESTING):
            # The signal of then, not of now: a slow movement that just begins is not taken for the level.
            if then is not None and self._was_quiet(then) and self._still(then, sample):
                self.state, self.level_rad = _State.RESTING, then.signal_rad
        elif away < 0.5 * rule.begin_rad:
            held, self.state = self.state is _State.HOLDING, _State.RESTING
            return held
        elif self.state is _State.HOLDING:
            if sample.time_s - self.hold.still_s > rule.longest_s:
                self.state = _State.UNSETTLED
                return True
            if abs(sample.signal_rad - self.hold.held_rad) > rule.band_rad:
                if sample.time_s - self.hold.still_s < rule.shortest_s:
                    # A stop too short to be kept, as where the leg first goes too far, is part of the way.
                    self.state = _State.LEAVING
                    return False
                self.state, self.spent_s = _State.SPENT, sample.time_s
                return True
        elif away > rule.maximum_rad or self._away_for_long(sample):
            self.state = _State.UNSETTLED
        elif self.state is _State.LEAVING and away >= rule.begin_rad:
            self._hold_if_stopped(stopped_at, sample)
        return False

    def _hold_if_stopped(self, then: _Sample | None, now: _Sample) -> None:
        if then is None or self.quiet_since is None or self._stopping.spread_rad() > self._still_rad:
            return
        first = max(then, self.quiet_since, self.begin, key=lambda one: one.number)
        self.state = _State.HOLDING
        self.hold = _Hold(self.begin.number, first.number, first.time_s, now.signal_rad)

    def _away_for_long(self, now: _Sample) -> bool:
        since_s = self.spent_s if self.state is _State.SPENT else self.begin.time_s
        return now.time_s - since_s > _REST_TARGETS * self.rule.target_s

    def _away_rad(self, sample: _Sample) -> float:
        away = sample.signal_rad - self.level_rad
        return abs(away) if self.rule.both_ways else away

    def _was_quiet(self, then: _Sample) -> bool:
        return self.quiet_since is not None and self.quiet_since.number <= then.number

    def _still(self, then: _Sample, now: _Sample) -> bool:
        return abs(now.signal_rad - then.signal_rad) <= self._still_rad

    @property
    def _still_rad(self) -> float:
        return _STILL_SHARE * self.rule.begin_rad


class HoldCounter:
    """Counts the holds of a signal that arrives in blocks."""

    def __init__(self, grader: Grader, rule: HoldRule) -> None:
        self._grader = grader
        self._rule = rule
        self._found: list[Repetition] = []
        self._valid = 0
        self._announced: list[RepetitionClosed] = []
        self._history = SampleHistory()
        self._machine = _Machine(rule)
        self._last_s: float | None = None

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Finished holds, valid and partial, in order of time."""
        return tuple(self._found)

    def feed(self, samples: CountedSamples) -> list[RepetitionClosed]:
        """Take the next samples and tell what they close."""
        quiet = samples.channel(Channel.RATE) <= self._rule.quiet_rate_rad_per_s
        first = self._history.stop
        self._history.append(samples)
        rows = zip(samples.time_s.tolist(), samples.signal_rad.tolist(), quiet.tolist(), strict=True)
        for number, (time_s, signal_rad, is_quiet) in enumerate(rows, first):
            if self._last_s is not None and time_s - self._last_s > self._rule.gap_keep_s:
                self._end_run(number - 1, self._rule.gap_keep_s)
            self._last_s = time_s
            if self._machine.step(_Sample(number, time_s, signal_rad), quiet=is_quiet):
                self._end_hold(number - 1)
        if self._machine.state not in (_State.LEAVING, _State.HOLDING):
            # One more than none, to see whether the next one ends a gap.
            self._history.forget_before(self._history.stop - 1)
        return self.take_announced()

    @property
    def valid_from_rad(self) -> float:
        """The smallest displacement that begins a hold."""
        return self._rule.begin_rad

    def displacement_rad(self, signal_rad: float) -> float | None:
        """How far a value of the signal is from the rest level, for a view; None while there is none."""
        if math.isnan(signal_rad) or self._machine.state is _State.UNSETTLED:
            return None
        from_rest_rad = signal_rad - self._machine.level_rad
        return abs(from_rest_rad) if self._rule.both_ways else from_rest_rad

    def take_announced(self) -> list[RepetitionClosed]:
        """What was closed since this was asked last."""
        announced, self._announced = self._announced, []
        return announced

    def pause(self) -> None:
        """End the present run: a hold that is on ends with its last sample."""
        self._end_run(self._history.stop - 1, 0.0)
        self._history = SampleHistory()
        self._last_s = None

    def _end_run(self, last: int, gap_s: float) -> None:
        if self._machine.state is _State.HOLDING:
            self._end_hold(last, gap_s)
        self._machine = _Machine(self._rule)

    def _end_hold(self, last: int, gap_after_s: float = 0.0) -> None:
        """Keep the hold that ended with a sample, unless it was too short to be one."""
        hold = self._machine.hold
        samples = self._history.window(hold.begin, last)
        held_s = float(samples.time_s[-1]) - hold.still_s
        if held_s < self._rule.shortest_s:
            return
        before = self._history.window(max(hold.begin - 1, self._history.first), hold.begin)
        gap_s = max(gap_after_s, self._grader.longest_gap_s(before), self._grader.longest_gap_s(samples))
        form, faults = self._grader.form(samples, len(samples) - 1)
        closed = self._closed(samples, (*self._reasons(held_s), *faults.strict))
        self._announced.append(closed)
        told = (*faults.told, *self._grader.spoilt(samples, gap_s))
        self._found.append(self._graded(samples, closed, form, told, gap_s))

    def _reasons(self, held_s: float) -> tuple[str, ...]:
        if held_s < self._rule.valid * self._rule.target_s:
            return ("hold too short",)
        # The sample that showed it is the one after its last.
        too_long = self._machine.state is _State.UNSETTLED
        return ("hold too long",) if too_long else ()

    def _closed(self, samples: CountedSamples, reasons: tuple[str, ...]) -> RepetitionClosed:
        hold = self._machine.hold
        self._valid += not reasons
        # Their median: the first of the way back are among them.
        held_rad = float(np.median(samples.signal_rad[hold.still - hold.begin :]))
        return RepetitionClosed(
            side=self._grader.side,
            time_s=float(samples.time_s[-1]),
            rom_rad=None if samples.saturated.any() else abs(held_rad - self._machine.level_rad),
            valid=not reasons,
            ordinal=self._valid,
            reasons=reasons,
        )

    def _graded(
        self,
        samples: CountedSamples,
        closed: RepetitionClosed,
        form: Form,
        told: tuple[str, ...],
        gap_s: float,
    ) -> Repetition:
        start_s, end_s = float(samples.time_s[0]), float(samples.time_s[-1])
        rate, still_s = self._rule.quiet_rate_rad_per_s, self._machine.hold.still_s
        return Repetition(
            side=self._grader.side,
            start_s=start_s,
            peak_s=(still_s + end_s) / 2.0,
            end_s=end_s,
            rom_rad=closed.rom_rad,
            rom_uncertainty_rad=self._grader.range_half_width_rad(closed.rom_rad, rate, gap_s, form),
            peak_velocity_rad_per_s=None,
            mean_velocity_rad_per_s=None,
            concentric_s=still_s - start_s,
            hold_s=end_s - still_s,
            eccentric_s=0.0,
            phase_rate_rad_per_s=rate,
            valid=closed.valid,
            form=form,
            flags=(*closed.reasons, *told),
        )
