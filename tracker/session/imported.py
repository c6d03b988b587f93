"""The account of imported samples, whose gaps show only in their times."""

import numpy as np

from tracker.model import GAP_IN_INTERVALS, FloatArray, Gap, Placement, SensorQuality, TimedBlock


def _interval_s(time_s: FloatArray) -> float:
    """Mean step between samples that follow each other: times may be rounded to more than their jitter."""
    steps_s = np.diff(time_s)
    return float(steps_s[steps_s <= GAP_IN_INTERVALS * np.median(steps_s)].mean())


class ImportIngest:
    """Keeps the account of one imported sensor."""

    def __init__(self, placement: Placement) -> None:
        self._placement = placement
        self._interval_s: float | None = None
        self._held: TimedBlock | None = None
        self._first_s = 0.0
        self._last_s: float | None = None
        self._samples = 0
        self._missing = 0
        self._gaps: list[Gap] = []

    def take(self, block: TimedBlock) -> tuple[float, TimedBlock] | None:
        """Account for the next samples; the nominal rate in Hz and the samples to analyse.

        None while a single sample tells no rate; it comes with the next ones.
        """
        if self._held is not None:
            block, self._held = TimedBlock.joined(self._placement, [self._held, block]), None
        if self._interval_s is None:
            if len(block) < 2:
                self._held = block
                return None
            self._interval_s = _interval_s(block.time_s)
        if self._last_s is None:
            self._first_s = float(block.time_s[0])
        before_s = np.empty(0) if self._last_s is None else np.array([self._last_s])
        self._note_gaps(np.concatenate([before_s, block.time_s]), self._interval_s)
        self._samples += len(block)
        self._last_s = float(block.time_s[-1])
        return 1.0 / self._interval_s, block

    def quality(self) -> SensorQuality:
        """The account so far; the rate is the mean one where samples were not missing."""
        span_s = 0.0 if self._last_s is None else self._last_s - self._first_s
        intervals = self._samples + self._missing - 1
        return SensorQuality(
            placement=self._placement,
            rate_hz=intervals / span_s if span_s > 0 else 0.0,
            samples=self._samples,
            missing=self._missing,
            gaps=tuple(self._gaps),
            saturated=0,
        )

    def _note_gaps(self, time_s: FloatArray, interval_s: float) -> None:
        steps_s = np.diff(time_s)
        for place in np.flatnonzero(steps_s > GAP_IN_INTERVALS * interval_s).tolist():
            missing = round(float(steps_s[place]) / interval_s) - 1
            self._missing += missing
            self._gaps.append(Gap(float(time_s[place]), float(time_s[place + 1]), missing, "lost"))
