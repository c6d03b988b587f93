"""Counting one leg's repetitions in one set, causally, with partial ones kept.

A coarse turning-point machine, with the exercise's prominence, closes repetitions. A fine one finds
smaller movements; one becomes a partial repetition when the next rise, or the set's end, shows that it
began from the bottom of the movement and was no part of a repetition.
"""

from dataclasses import dataclass, replace

import numpy as np

from tracker.model import FloatArray, Form, Repetition
from tracker.motion.counting.closed import RepetitionClosed
from tracker.motion.exercise import CountingRule
from tracker.motion.grading.grader import Grader, Movement
from tracker.motion.signals.counted_samples import CountedSamples
from tracker.motion.signals.sample_history import SampleHistory
from tracker.motion.signals.turning_points import Excursion, Point, Rise, TurningPointMachine

_BOTTOM_SHARE = 0.1
"""Share of the range within which the signal counts as being at the bottom."""


_GRADED_TOGETHER = 16
"""Grading many at once is cheaper; their samples are kept until then."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A repetition that is counted and still on its way back.

    Attributes:
        begin: lowest sample before its rise; its movement begins after it.
        rom_rad: its range; None where the sensor was at its range's end before it closed.
        told: faults of its form that do not make it partial.
        reasons: why it is partial; decided when it closes, so that what was announced stays true.
        edge_gap_s: the longest gap that hides its beginning or its end; 0 for none.
    """

    excursion: Excursion
    begin: int
    rom_rad: float | None
    form: Form
    told: tuple[str, ...]
    reasons: tuple[str, ...]
    edge_gap_s: float = 0.0


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

    def feed(self, samples: CountedSamples) -> list[RepetitionClosed]:
        """Take the next samples and tell what they close."""
        time_s, position = samples.time_s, 0
        last_s = self._history.last_time_s
        if last_s is not None and len(samples) and time_s[0] - last_s > self._rule.gap_keep_s:
            self._end_run(before_gap=True)
        gaps = (np.diff(time_s) > self._rule.gap_keep_s).nonzero()[0]
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
        self._coarse = TurningPointMachine(self._rule.prominence * self._rule.reference_rom_rad)
        self._fine = TurningPointMachine(self._fine_rad)
        self._candidates: list[Excursion] = []
        self._pending: _Closed | None = None
        self._not_before = 0
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
        settled = self._settle_partials(rise.at, rise.low.value)
        self._finish_pending(min(rise.low.index, settled.begin))
        self._not_before = max(rise.low.index, settled.end)

    def _on_excursion(self, excursion: Excursion) -> None:
        begin = self._begin(excursion)
        self._pending = self._closed(excursion, begin, self._partial_reasons(excursion, begin))
        self._announce(self._pending)

    def _closed(self, excursion: Excursion, begin: int, reasons: tuple[str, ...]) -> _Closed:
        samples = self._history.window(begin, excursion.at)
        form, faults = self._grader.form(samples, excursion.high.index - begin)
        rom_rad = None if samples.saturated.any() else _rom_rad(excursion)
        all_reasons = (*reasons, *faults.strict)
        return _Closed(excursion, begin, rom_rad, form, faults.told, all_reasons, self._gap_before_s(begin))

    def _gap_before_s(self, begin: int) -> float:
        """The gap that a sample ends; 0 for none. After one the filter may have begun anew."""
        if begin == 0:
            return self._rule.gap_keep_s if self._after_gap else 0.0
        return self._grader.longest_gap_s(self._history.window(begin - 1, begin))

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

    def _begin(self, excursion: Excursion) -> int:
        """The lowest sample before the rise: the machine's, or one after the last partial movement."""
        if self._not_before <= excursion.low.index:
            return excursion.low.index
        return self._lowest_index(self._not_before, excursion.high.index)

    def _partial_reasons(self, excursion: Excursion, begin: int) -> tuple[str, ...]:
        rom_rad, reasons = _rom_rad(excursion), []
        if rom_rad < self._rule.valid * self._rule.reference_rom_rad:
            reasons.append("too small")
        if rom_rad > self._rule.maximum_rom_rad:
            reasons.append("implausibly large")
        samples = self._history.window(begin, excursion.at)
        time_s, signal = samples.time_s, samples.signal_rad
        bottom = signal[0] + _BOTTOM_SHARE * (excursion.high.value - signal[0])
        left_bottom = int((signal[: excursion.high.index - begin + 1] <= bottom).nonzero()[0][-1])
        moving_s = time_s[-1] - time_s[left_bottom]
        if moving_s < self._rule.minimum_closing_s:
            reasons.append("too short")
        if moving_s > self._rule.maximum_duration_s:
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
                partial = self._closed(small, small.low.index, ("too small",))
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
        after_s = self._rule.gap_keep_s if before_gap else 0.0
        self._keep(replace(closed, edge_gap_s=max(closed.edge_gap_s, after_s)), bottom)

    def _lowest_index(self, start: int, last: int) -> int:
        return start + int(np.argmin(self._history.window(start, max(start, last)).signal_rad))

    def _keep(self, closed: _Closed, last: int) -> None:
        excursion = closed.excursion
        movement = Movement(
            samples=self._history.window(closed.begin, last).copy(),
            peak=excursion.high.index - closed.begin,
            rom_rad=closed.rom_rad,
            form=closed.form,
            told=closed.told,
            reasons=closed.reasons,
            edge_gap_s=closed.edge_gap_s,
        )
        self._ungraded.append(movement)
        if len(self._ungraded) >= _GRADED_TOGETHER:
            self._grade()

    def _grade(self) -> None:
        self._found += self._grader.grade(self._ungraded)
        self._ungraded = []

    def _forget_settled(self) -> None:
        """Drop samples that no open movement can reach back to, so that memory stays flat."""
        needed = [self._coarse.low.index, self._fine.low.index, *(c.low.index for c in self._candidates)]
        if self._pending is not None:
            needed.append(self._pending.begin)
        # One more, to see whether it ends a gap.
        self._history.forget_before(min(needed) - 1)


def _rom_rad(excursion: Excursion) -> float:
    return excursion.high.value - excursion.low.value
