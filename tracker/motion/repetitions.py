"""Counting one leg's repetitions in one set, causally, with partial ones kept.

A coarse turning-point machine, with the exercise's prominence, closes repetitions. A fine one finds
smaller movements; one becomes a partial repetition when the next rise, or the set's end, shows that it
began from the bottom of the movement and was no part of a repetition.
"""

from dataclasses import dataclass, replace

import numpy as np

from tracker.model import BoolArray, FloatArray, Repetition, Side
from tracker.motion.parameters import CountingRule
from tracker.motion.repetition_metrics import shape_of
from tracker.motion.signal_history import SignalHistory
from tracker.motion.turning_points import Excursion, Rise, TurningPointMachine

_MISSING_IN_INTERVALS = 1.5
"""A step longer than this many sample intervals has missing samples in it."""

_BOTTOM_SHARE = 0.1
"""Share of the range within which the signal counts as being at the bottom."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A repetition that is counted and still on its way back.

    Attributes:
        begin: lowest sample before its rise; its movement begins after it.
        reasons: why it is partial; decided when it closes, so that what was announced stays true.
        in_gap: true where a long gap hides its beginning or its end.
    """

    excursion: Excursion
    begin: int
    reasons: tuple[str, ...]
    in_gap: bool = False


@dataclass(frozen=True, slots=True)
class _Settled:
    """Where the partial movements lie that were kept together; after everything and before it if none."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class RepetitionClosed:
    """A repetition was counted, or a partial one recognised; its end may still be to come.

    Attributes:
        time_s: time of the sample that closed it.
        ordinal: number of valid repetitions of the leg in this set so far, this one included if valid.
    """

    side: Side | None
    time_s: float
    rom_rad: float
    valid: bool
    ordinal: int


class RepetitionCounter:
    """Counts the excursions of a signal that arrives in blocks.

    Args:
        side: the leg; None where the placement has none.
        rule: the exercise's counting rule.
        interval_s: nominal sample interval, to tell a gap.
    """

    def __init__(self, side: Side | None, rule: CountingRule, interval_s: float) -> None:
        self._side = side
        self._rule = rule
        self._interval_s = interval_s
        self._fine_rad = max(rule.partial * rule.reference_rom_rad, rule.minimum_partial_rad)
        self._found: list[Repetition] = []
        self._valid = 0
        self._announced: list[RepetitionClosed] = []
        self._restart(after_gap=False)

    @property
    def repetitions(self) -> tuple[Repetition, ...]:
        """Finished repetitions, valid and partial, in order of time."""
        return tuple(sorted(self._found, key=lambda rep: rep.start_s))

    def feed(
        self, time_s: FloatArray, signal_rad: FloatArray, saturated: BoolArray
    ) -> list[RepetitionClosed]:
        """Take the next samples, each (N,), and tell what they close."""
        position = 0
        last_s = self._history.last_time_s
        if last_s is not None and len(time_s) and time_s[0] - last_s > self._rule.gap_keep_s:
            self._end_run(before_gap=True)
        gaps = np.flatnonzero(np.diff(time_s) > self._rule.gap_keep_s)
        for stop in [*(gaps + 1).tolist(), len(time_s)]:
            if position:
                self._end_run(before_gap=True)
            self._feed_unbroken(time_s[position:stop], signal_rad[position:stop], saturated[position:stop])
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
        self._history = SignalHistory()

    def _feed_unbroken(self, time_s: FloatArray, signal: FloatArray, saturated: BoolArray) -> None:
        self._history.append(time_s, signal, saturated)
        self._candidates += [found for found in self._fine.feed(signal) if isinstance(found, Excursion)]
        for found in self._coarse.feed(signal):
            if isinstance(found, Rise):
                self._on_rise(found)
            else:
                self._on_excursion(found)
        self._forget_settled()

    def _on_rise(self, rise: Rise) -> None:
        settled = self._settle_partials(rise.at, rise.low.value)
        self._finish_pending(min(rise.low.index, settled.begin))
        self._not_before = max(rise.low.index, settled.end)

    def _on_excursion(self, excursion: Excursion) -> None:
        self._candidates = [small for small in self._candidates if small.at > excursion.at]
        begin = self._begin(excursion)
        reasons = self._partial_reasons(excursion, begin)
        self._pending = _Closed(excursion, begin, reasons, in_gap=self._after_gap and begin == 0)
        self._valid += not reasons
        self._announce(excursion, valid=not reasons)

    def _announce(self, excursion: Excursion, *, valid: bool) -> None:
        time_s, _, _ = self._history.window(excursion.at, excursion.at)
        self._announced.append(
            RepetitionClosed(self._side, float(time_s[0]), _rom_rad(excursion), valid, self._valid)
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
        time_s, signal, _ = self._history.window(begin, excursion.at)
        bottom = signal[0] + _BOTTOM_SHARE * (excursion.high.value - signal[0])
        left_bottom = int(np.flatnonzero(signal[: excursion.high.index - begin + 1] <= bottom)[-1])
        if time_s[-1] - time_s[left_bottom] < self._rule.minimum_closing_s:
            reasons.append("too short")
        return tuple(reasons)

    def _settle_partials(self, until: int, lowest: float) -> _Settled:
        """Keep the small movements up to sample `until` that began at the bottom."""
        settled = [small for small in self._candidates if small.at <= until]
        begin, end = self._history.stop, 0
        for number, small in enumerate(settled):
            if small.low.value - lowest < self._fine_rad:
                following = settled[number + 1].high.index if number + 1 < len(settled) else until
                bottom = self._lowest_index(small.at, min(following, self._history.stop - 1))
                in_gap = self._after_gap and small.low.index == 0
                self._keep(_Closed(small, small.low.index, ("too small",), in_gap), bottom)
                self._announce(small, valid=False)
                begin, end = min(begin, small.low.index), small.at
        self._candidates = [small for small in self._candidates if small.at > until]
        return _Settled(begin, end)

    def _finish_pending(self, last: int, *, before_gap: bool = False) -> None:
        """Finish the repetition that was counted while its way back was still under way."""
        if self._pending is None:
            return
        closed, self._pending = self._pending, None
        bottom = self._lowest_index(closed.excursion.high.index, max(last, closed.excursion.at))
        self._keep(replace(closed, in_gap=closed.in_gap or before_gap), bottom)

    def _lowest_index(self, start: int, last: int) -> int:
        _, signal, _ = self._history.window(start, max(start, last))
        return start + int(np.argmin(signal))

    def _keep(self, closed: _Closed, last: int) -> None:
        excursion = closed.excursion
        time_s, signal, saturated = self._history.window(closed.begin, last)
        shape = shape_of(time_s, signal, excursion.high.index - closed.begin, self._rule)
        flags = list(closed.reasons)
        if shape.end_s - shape.start_s > self._rule.maximum_duration_s:
            flags.append("slow")
        if closed.in_gap or (np.diff(time_s) > _MISSING_IN_INTERVALS * self._interval_s).any():
            flags.append("gap")
        if saturated.any():
            flags.append("saturated")
        self._found.append(
            Repetition(
                side=self._side,
                start_s=shape.start_s,
                peak_s=shape.peak_s,
                end_s=shape.end_s,
                rom_rad=_rom_rad(excursion),
                peak_velocity_rad_per_s=shape.peak_velocity_rad_per_s,
                concentric_s=shape.concentric_s,
                hold_s=shape.hold_s,
                eccentric_s=shape.eccentric_s,
                valid=not closed.reasons,
                flags=tuple(flags),
            )
        )

    def _forget_settled(self) -> None:
        """Drop samples that no open movement can reach back to, so that memory stays flat."""
        needed = [self._coarse.low.index, self._fine.low.index, *(c.low.index for c in self._candidates)]
        if self._pending is not None:
            needed.append(self._pending.begin)
        self._history.forget_before(min(needed))


def _rom_rad(excursion: Excursion) -> float:
    return excursion.high.value - excursion.low.value
