"""Counting one leg's repetitions in one set, causally, with partial ones kept.

A coarse turning-point machine, with the exercise's prominence, closes repetitions. A fine one finds
smaller movements; one becomes a partial repetition when the next rise, or the set's end, shows that it
began from the bottom of the movement and was no part of a repetition.
"""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray, Form, Repetition
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import CountingRule
from tracker.motion.grading.grader import Grader, Movement
from tracker.motion.grading.phases import movement_end, movement_start
from tracker.motion.signals.counted_samples import CountedSamples
from tracker.motion.signals.sample_history import SampleHistory
from tracker.motion.signals.turning_points import Excursion, Point, Rise, TurningPointMachine

_BOTTOM_SHARE = 0.1
"""Share of the range within which the signal counts as being at the bottom."""

_HALF_WAY = 0.5
"""Share of the range from which a leg is away for sure: one that rests may creep further than the bottom."""

_GRADED_TOGETHER = 16
"""Grading many at once is cheaper; their samples are kept until then."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A repetition that is counted and still on its way back.

    Attributes:
        begin: sample from which it rises.
        rom_rad: its range; None where the sensor was at its range's end before it closed.
        told: faults of its form that do not make it partial.
        reasons: why it is partial; decided when it closes, so that what was announced stays true.
    """

    excursion: Excursion
    begin: int
    rom_rad: float | None
    form: Form
    told: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Settled:
    """Where the partial movements lie that were kept together; after everything and before it if none."""

    begin: int
    end: int


class RepetitionCounter:
    """Counts the excursions of a signal that arrives in blocks."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._rule: CountingRule = grader.exercise.rule
        self._fine_rad = max(
            self._rule.partial * self._rule.reference_rom_rad, self._rule.minimum_partial_rad
        )
        # Of a small own range the shares may be less than what nothing smaller is kept of.
        self._prominence_rad = max(self._rule.prominence * self._rule.reference_rom_rad, self._fine_rad)
        self._valid_rad = max(self._rule.valid * self._rule.reference_rom_rad, self._fine_rad)
        self._found: list[Repetition] = []
        self._ungraded: list[Movement] = []
        self._valid = 0
        self._announced: list[RepetitionClosed] = []
        self._restart(after_gap=False)

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Finished repetitions, valid and partial, in order of time."""
        self._grade()
        return tuple(sorted(self._found, key=lambda rep: rep.start_s))

    @property
    def valid_from_rad(self) -> float:
        """The smallest range of a valid repetition."""
        return self._valid_rad

    def displacement_rad(self, signal_rad: float) -> float | None:
        """How far a value of the signal is from where its movement began, for a view.

        That is the lowest point that the last rise began from, or a lower one since. None where the value is
        not known, or nothing was counted since counting began anew.
        """
        if math.isnan(signal_rad) or self._history.stop == 0:
            return None
        low_rad = self._coarse.low.value
        return signal_rad - (low_rad if self._rose_from_rad is None else min(low_rad, self._rose_from_rad))

    def feed(self, samples: CountedSamples) -> list[RepetitionClosed]:
        """Take the next samples and tell what they close."""
        time_s, position = samples.time_s, 0
        last_s = self._history.last_time_s
        if last_s is not None and len(samples) and time_s[0] - last_s > self._rule.gap_keep_s:
            self._end_run(before_gap=True)
        gaps = (time_s[1:] - time_s[:-1] > self._rule.gap_keep_s).nonzero()[0]
        for stop in [*(gaps + 1).tolist(), len(samples)]:
            if position:
                self._end_run(before_gap=True)
            self._feed_unbroken(samples.part(slice(position, stop)))
            position = stop
        return self.take_announced()

    def take_announced(self) -> list[RepetitionClosed]:
        """What was closed since this was asked last, by samples or by a pause."""
        announced, self._announced = self._announced, []
        return announced

    def pause(self) -> None:
        """End the present run: counting starts anew after it, what was counted stays."""
        self._end_run(before_gap=False)

    def _end_run(self, *, before_gap: bool) -> None:
        last = self._history.stop - 1
        if not self._coarse.rising:
            last = min(last, self._settle_partials(self._history.stop, self._coarse.low.value).begin)
        self._finish_pending(last, before_gap=before_gap)
        self._restart(after_gap=before_gap)

    def _restart(self, *, after_gap: bool) -> None:
        self._after_gap = after_gap
        self._coarse = TurningPointMachine(self._prominence_rad)
        self._fine = TurningPointMachine(self._fine_rad)
        self._candidates: list[Excursion] = []
        self._pending: _Closed | None = None
        self._not_before = self._risen_at = 0
        self._rose_from_rad: float | None = None
        self._history = SampleHistory()

    def _feed_unbroken(self, samples: CountedSamples) -> None:
        first, signal, looked_at = self._history.stop, samples.signal_rad, 0
        self._history.append(samples)
        rising = self._coarse.rising
        for found in self._coarse.feed(signal):
            place = found.at + 1 - first
            if isinstance(found, Rise):
                self._look_for_small(signal[looked_at:place])
                self._on_rise(found)
            else:
                # What is small within a repetition belongs to it: small movements are sought after it.
                self._fine = TurningPointMachine(
                    self._fine_rad, falling_from=Point(found.at, float(signal[place - 1]))
                )
                self._on_excursion(found)
            rising, looked_at = self._coarse.rising, place
        if not rising:
            self._look_for_small(signal[looked_at:])
        self._forget_settled()

    def _look_for_small(self, signal: FloatArray) -> None:
        self._candidates += [found for found in self._fine.feed(signal) if isinstance(found, Excursion)]

    def _on_rise(self, rise: Rise) -> None:
        self._rose_from_rad = rise.low.value
        settled = self._settle_partials(rise.at, rise.low.value)
        self._finish_pending(min(rise.low.index, settled.begin))
        self._not_before, self._risen_at = max(rise.low.index, settled.end), rise.at

    def _on_excursion(self, excursion: Excursion) -> None:
        lowest = self._lowest_before(excursion)
        self._pending = self._closed(excursion, lowest, self._partial_reasons(excursion, lowest))
        self._announce(self._pending)

    def _closed(self, excursion: Excursion, lowest: int, reasons: tuple[str, ...]) -> _Closed:
        """What closes; judged from where it rises: its lowest sample may lie in a long rest."""
        whole = self._history.window(lowest, excursion.at)
        peak = excursion.high.index - lowest
        start = movement_start(whole.time_s, whole.signal_rad, peak, self._rule)
        samples = whole.part(slice(start, None))
        form, faults = self._grader.form(samples, peak - start)
        rom_rad = None if samples.saturated.any() else _rom_rad(excursion)
        return _Closed(excursion, lowest + start, rom_rad, form, faults.told, (*reasons, *faults.strict))

    def _announce(self, closed: _Closed) -> None:
        self._valid += not closed.reasons
        at = closed.excursion.at
        self._announced.append(
            RepetitionClosed(
                side=self._grader.side,
                time_s=self._history.time_s(at),
                rom_rad=closed.rom_rad,
                valid=not closed.reasons,
                ordinal=self._valid,
                reasons=closed.reasons,
            )
        )

    def _lowest_before(self, excursion: Excursion) -> int:
        """The lowest sample before the rise: the machine's, or one after the last partial movement."""
        if self._not_before <= excursion.low.index:
            return self._reached(excursion.low, self._risen_at)
        return self._lowest_index(self._not_before, excursion.high.index)

    def _reached(self, low: Point, at: int) -> int:
        """A lowest sample, or the oldest one after it that is kept of a long rest before sample `at`."""
        return max(low.index, self._history.at_or_after(self._oldest_s(self._history.time_s(at))))

    def _oldest_s(self, time_s: float) -> float:
        """Nothing older matters: a movement that takes longer is too long."""
        return time_s - self._rule.maximum_duration_s

    def _partial_reasons(self, excursion: Excursion, lowest: int) -> tuple[str, ...]:
        rom_rad, reasons = _rom_rad(excursion), []
        if rom_rad < self._valid_rad:
            reasons.append("too small")
        if rom_rad > self._rule.maximum_rom_rad:
            reasons.append("implausibly large")
        samples = self._history.window(lowest, excursion.at)
        time_s, signal = samples.time_s, samples.signal_rad
        rise, low_rad = signal[: excursion.high.index - lowest + 1], float(signal[0])
        last = {
            share: int((rise <= low_rad + share * (excursion.high.value - low_rad)).nonzero()[0][-1])
            for share in (_BOTTOM_SHARE, _HALF_WAY)
        }
        if time_s[-1] - time_s[last[_BOTTOM_SHARE]] < self._rule.minimum_closing_s:
            reasons.append("too short")
        if time_s[-1] - time_s[last[_HALF_WAY]] > self._rule.maximum_duration_s:
            reasons.append("too long")
        return tuple(reasons)

    def _settle_partials(self, until: int, lowest: float) -> _Settled:
        """Keep the small movements up to sample `until` that began at the bottom."""
        settled = [small for small in self._candidates if small.at <= until]
        begin, end = self._history.stop, 0
        for number, small in enumerate(settled):
            if small.low.value - lowest < self._fine_rad:
                following = settled[number + 1].high.index if number + 1 < len(settled) else until
                bottom = self._lowest_index(small.at, min(following, self._history.stop - 1))
                partial = self._closed(small, self._reached(small.low, small.high.index), ("too small",))
                self._keep(partial, bottom)
                self._announce(partial)
                begin, end = min(begin, small.low.index), small.at
        self._candidates = [small for small in self._candidates if small.at > until]
        return _Settled(begin, end)

    def _finish_pending(self, last: int, *, before_gap: bool = False) -> None:
        """Finish the repetition that was counted while its way back was still under way."""
        if self._pending is None:
            return
        closed, self._pending = self._pending, None
        bottom = self._lowest_index(closed.excursion.high.index, max(last, closed.excursion.at))
        self._keep(closed, bottom, before_gap=before_gap)

    def _lowest_index(self, start: int, last: int) -> int:
        return start + int(np.argmin(self._history.window(start, max(start, last)).signal_rad))

    def _keep(self, closed: _Closed, last: int, *, before_gap: bool = False) -> None:
        excursion, begin = closed.excursion, closed.begin
        whole = self._history.window(begin, last)
        peak = excursion.high.index - begin
        gap_s = self._gap_s(begin, last, before_gap=before_gap)
        if gap_s > 0.0 or whole.saturated.any():
            # Its end is sought where that matters alone: what is missing in a rest after it spoils nothing.
            last = begin + movement_end(whole.time_s, whole.signal_rad, peak, self._rule)
            gap_s = self._gap_s(begin, last, before_gap=before_gap)
        movement = Movement(
            samples=self._history.window(begin, last).copy(),
            peak=peak,
            rom_rad=closed.rom_rad,
            form=closed.form,
            told=closed.told,
            reasons=closed.reasons,
            gap_s=gap_s,
        )
        self._ungraded.append(movement)
        if len(self._ungraded) >= _GRADED_TOGETHER:
            self._grade()

    def _gap_s(self, begin: int, end: int, *, before_gap: bool) -> float:
        """The longest gap within a movement, or that it begins after or ends before; 0 for none."""
        first, last = self._history.first, self._history.stop - 1
        hidden = (begin == 0 and self._after_gap) or (end == last and before_gap)
        gap_s = self._grader.longest_gap_s(self._history.window(max(begin - 1, first), min(end + 1, last)))
        return max(gap_s, self._rule.gap_keep_s) if hidden else gap_s

    def _grade(self) -> None:
        self._found += self._grader.grade(self._ungraded)
        self._ungraded = []

    def _forget_settled(self) -> None:
        """Drop samples that no open movement can reach back to."""
        needed = [self._begun(self._coarse), *(small.low.index for small in self._candidates)]
        if not self._coarse.rising:
            needed.append(self._begun(self._fine))
        if self._pending is not None:
            needed.append(self._pending.begin)
        # One more, to see whether it ends a gap.
        self._history.forget_before(min(needed) - 1)

    def _begun(self, machine: TurningPointMachine) -> int:
        """The oldest sample of a machine's rise; before one, what the next rise may reach back to."""
        if machine.rising:
            return machine.low.index
        return max(
            machine.low.index, self._history.at_or_after(self._oldest_s(self._history.last_time_s or 0.0))
        )


def _rom_rad(excursion: Excursion) -> float:
    return excursion.high.value - excursion.low.value
