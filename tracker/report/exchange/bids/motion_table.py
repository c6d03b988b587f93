"""One sensor's samples as a `_motion.tsv` of BIDS: a column a channel, no header."""

from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tracker.model import GAP_IN_INTERVALS, FloatArray, SensorIdentity, TimedBlock
from tracker.session.recorded_samples import SampleRun

LONGEST_FILLED_S = 600.0
"""A longer gap has one row without values and not one for each missing sample: a sensor that was away for a
day would fill the disk."""

_ROW = "\t".join(["%.9g"] * 6 + ["%.6f"]) + "\n"
_MISSING_ROW = "\t".join(["n/a"] * 7) + "\n"
_WRITTEN_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class MotionTable:
    """What stands in a finished table.

    Attributes:
        rows: with those of missing samples.
        nominal_hz: sample rate that the sensor was set to.
        effective_hz: mean rate of the samples between which nothing is missing.
        gaps_s: last sample before and first one after each gap, on the recording's time line.
        saturated: samples at the end of the range.
    """

    identity: SensorIdentity
    rows: int
    missing: int
    nominal_hz: float
    effective_hz: float
    first_s: float
    last_s: float
    gaps_s: tuple[tuple[float, float], ...]
    saturated: int


class MotionTableWriter:
    """Writes a table block by block.

    Args:
        first: tells sensor and rate; it is not written.
    """

    def __init__(self, path: Path, first: SampleRun) -> None:
        self.identity = first.identity
        self.nominal_hz = first.rate_hz
        self._file: TextIOWrapper = path.open("x", encoding="utf-8", newline="")
        self._first_s = float(first.samples.time_s[0])
        self._last_s: float | None = None
        self._rows = self._missing = self._saturated = self._steps = 0
        self._steps_s = 0.0
        self._gaps_s: list[tuple[float, float]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, run: SampleRun) -> None:
        """Append samples, and rows without values where samples are missing before or between them."""
        samples = run.samples
        before_s = samples.time_s[0] if self._last_s is None else self._last_s
        steps_s = np.diff(samples.time_s, prepend=before_s)
        gaps = np.flatnonzero(steps_s > GAP_IN_INTERVALS / run.rate_hz).tolist()
        self._steps += len(samples) - len(gaps) - (self._last_s is None)
        self._steps_s += float(steps_s.sum() - steps_s[gaps].sum())
        start = 0
        for gap in gaps:
            self._write_samples(samples.part(start, gap))
            self._write_gap(
                float(samples.time_s[gap] - steps_s[gap]), float(samples.time_s[gap]), run.rate_hz
            )
            start = gap
        self._write_samples(samples.part(start, len(samples)))
        self._saturated += int(np.count_nonzero(samples.saturated))
        self._last_s = float(samples.time_s[-1])

    def finished(self) -> MotionTable:
        """What stands in the table."""
        return MotionTable(
            identity=self.identity,
            rows=self._rows,
            missing=self._missing,
            nominal_hz=self.nominal_hz,
            effective_hz=self._steps / self._steps_s if self._steps_s > 0 else self.nominal_hz,
            first_s=self._first_s,
            last_s=self._first_s if self._last_s is None else self._last_s,
            gaps_s=tuple(self._gaps_s),
            saturated=self._saturated,
        )

    def _write_samples(self, samples: TimedBlock) -> None:
        for start in range(0, len(samples), _WRITTEN_ROWS):
            rows = _rows(samples.part(start, min(start + _WRITTEN_ROWS, len(samples))))
            self._file.write("".join([_ROW % tuple(row) for row in rows.tolist()]))
        self._rows += len(samples)

    def _write_gap(self, last_s: float, first_s: float, rate_hz: float) -> None:
        missing = max(1, round((first_s - last_s) * rate_hz) - 1)
        rows = missing if first_s - last_s <= LONGEST_FILLED_S else 1
        self._file.write(_MISSING_ROW * rows)
        self._rows += rows
        self._missing += missing
        self._gaps_s.append((round(last_s, 6), round(first_s, 6)))


def _rows(samples: TimedBlock) -> FloatArray:
    """(N, 7): specific force, angular rate, time."""
    return np.column_stack([samples.accelerometer_m_per_s2, samples.gyroscope_rad_per_s, samples.time_s])
