"""Counting one leg's holds in one set: a small movement that is kept still for a time, causally.

The leg first rests: its level is taken where it has been still for a while, and followed from then on.
Leaving that level by a little begins a hold; its time runs from the first still sample on, for as long as
the signal stays where it was. A hold is valid as soon as it has lasted for its share of the target.
"""

from dataclasses import dataclass
from enum import Enum

from tracker.model import Repetition
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import HoldRule
from tracker.motion.grading.grader import Grader
from tracker.motion.grading.range_error import RangeOfMove, range_half_width_rad
from tracker.motion.signals.counted_samples import Channel, CountedSamples
from tracker.motion.signals.sample_history import SampleHistory


class _State(Enum):
    UNSETTLED = 0
    RESTING = 1
    LEAVING = 2
    HOLDING = 3


@dataclass(slots=True)
class _Machine:
    """Where the leg is, advanced sample by sample.

    Attributes:
        level_rad: signal at rest.
        quiet_since_s: since when the leg has been still; None while it moves.
        begin, still: numbers of the sample that left the rest level, and of the first still one after it.
        still_s, held_rad: time and signal of the latter.
    """

    rule: HoldRule
    state: _State = _State.UNSETTLED
    level_rad: float = 0.0
    quiet_since_s: float | None = None
    begin: int = 0
    still: int = 0
    still_s: float = 0.0
    held_rad: float = 0.0

    def step(self, number: int, time_s: float, signal_rad: float, quiet: bool) -> bool:
        """Take a sample; True where it is the first one after a hold."""
        self.quiet_since_s = (time_s if self.quiet_since_s is None else self.quiet_since_s) if quiet else None
        rule = self.rule
        away = signal_rad - self.level_rad
        if rule.both_ways:
            away = abs(away)
        if self.state is _State.RESTING and away >= rule.begin_rad:
            self.state, self.begin = _State.LEAVING, number
        elif self.state is _State.UNSETTLED or self.state is _State.RESTING:
            if self.quiet_since_s is not None and time_s - self.quiet_since_s >= rule.settle_s:
                self.state, self.level_rad = _State.RESTING, signal_rad
        elif away < 0.5 * rule.begin_rad:
            held, self.state = self.state is _State.HOLDING, _State.RESTING
            return held
        elif self.state is _State.HOLDING:
            if abs(signal_rad - self.held_rad) > rule.band_rad:
                self.state = _State.UNSETTLED
                return True
        elif away > rule.maximum_rad:
            self.state = _State.UNSETTLED
        elif quiet and away >= rule.begin_rad:
            self.state, self.still = _State.HOLDING, number
            self.still_s, self.held_rad = time_s, signal_rad
        return False


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
        self._told: RepetitionClosed | None = None

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
                self._end_run(number - 1)
            self._last_s = time_s
            if self._machine.step(number, time_s, signal_rad, is_quiet):
                self._end_hold(number - 1)
            elif self._machine.state is _State.HOLDING and self._told is None and self._is_valid(time_s):
                self._told = self._announce(number, ())
        if self._machine.state in (_State.UNSETTLED, _State.RESTING):
            self._history.forget_before(self._history.stop)
        return self.take_announced()

    def take_announced(self) -> list[RepetitionClosed]:
        """What was closed since this was asked last."""
        announced, self._announced = self._announced, []
        return announced

    def pause(self) -> None:
        """End the present run: a hold that is on ends with its last sample."""
        self._end_run(self._history.stop - 1)
        self._history = SampleHistory()
        self._last_s = None

    def _end_run(self, last: int) -> None:
        if self._machine.state is _State.HOLDING:
            self._end_hold(last)
        self._machine = _Machine(self._rule)

    def _is_valid(self, until_s: float) -> bool:
        return until_s - self._machine.still_s >= self._rule.valid * self._rule.target_s

    def _end_hold(self, last: int) -> None:
        """Keep the hold that ended with a sample, unless it was too short to be one."""
        samples = self._history.window(self._machine.begin, last)
        told, self._told = self._told, None
        if told is None:
            if float(samples.time_s[-1]) - self._machine.still_s < self._rule.shortest_s:
                return
            told = self._announce(last, ("hold too short",))
        self._found.append(self._graded(samples, told))

    def _announce(self, number: int, reasons: tuple[str, ...]) -> RepetitionClosed:
        samples = self._history.window(self._machine.begin, number)
        reasons = (*reasons, *self._grader.form(samples, len(samples) - 1)[1].strict)
        self._valid += not reasons
        moved = abs(self._machine.held_rad - self._machine.level_rad)
        told = RepetitionClosed(
            side=self._grader.side,
            time_s=float(samples.time_s[-1]),
            rom_rad=None if samples.saturated.any() else moved,
            valid=not reasons,
            ordinal=self._valid,
            reasons=reasons,
        )
        self._announced.append(told)
        return told

    def _graded(self, samples: CountedSamples, told: RepetitionClosed) -> Repetition:
        start_s, end_s = float(samples.time_s[0]), float(samples.time_s[-1])
        form, faults = self._grader.form(samples, len(samples) - 1)
        rate, gap_s = self._rule.quiet_rate_rad_per_s, self._grader.longest_gap_s(samples)
        half_width = None
        if told.rom_rad is not None:
            move = RangeOfMove(told.rom_rad, rate, gap_s)
            half_width = range_half_width_rad(move, form, self._grader.errors)
        return Repetition(
            side=self._grader.side,
            start_s=start_s,
            peak_s=(self._machine.still_s + end_s) / 2.0,
            end_s=end_s,
            rom_rad=told.rom_rad,
            rom_uncertainty_rad=half_width,
            peak_velocity_rad_per_s=None,
            mean_velocity_rad_per_s=None,
            concentric_s=self._machine.still_s - start_s,
            hold_s=end_s - self._machine.still_s,
            eccentric_s=0.0,
            phase_rate_rad_per_s=rate,
            valid=told.valid,
            form=form,
            flags=(*told.reasons, *faults.told, *self._grader.spoilt(samples, gap_s)),
        )
