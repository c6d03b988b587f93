"""Samples in a CSV file: fast where all is well, and to the point where it is not."""

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker.model import FloatArray
from tracker.recording.csv_text import (
    CsvFault,
    check_width,
    open_csv,
    parse_number,
    read_header,
    split_line,
)
from tracker.recording.format import SAMPLE_COLUMNS

_LINES = 20_000
_MAX_INTERVAL_S = 0.5
_MIN_INTERVAL_S = 1e-4
_MAX_DURATION_S = 2 * 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class CsvSamples:
    """The samples of one file.

    Attributes:
        rows: (N, 7) as in the file, columns in the order of `SAMPLE_COLUMNS`; N is at least 2.
        sha256: of the file, hexadecimal.
    """

    path: Path
    rows: FloatArray
    sha256: str

    @property
    def rate_hz(self) -> float:
        """Samples a second, from the median of the intervals."""
        return float(1.0 / np.median(np.diff(self.rows[:, 0])))


def read_samples(path: Path, progress: Callable[[float], None]) -> CsvSamples:
    """Read a CSV file with the columns `time_s,ax,ay,az,gx,gy,gz`, in any order.

    Args:
        progress: is called with the share of the file that is read, 0 to 1.

    Raises:
        InputError: with file, line and column of the first fault.
    """
    blocks: list[FloatArray] = []
    with open_csv(path) as (text, binary, size):
        sha256 = hashlib.file_digest(binary, "sha256").hexdigest()
        binary.seek(0)
        places = read_header(text, path, SAMPLE_COLUMNS)
        order = [places[name] for name in SAMPLE_COLUMNS]
        line = 2
        previous_s = -np.inf
        while lines := list(itertools.islice(text, _LINES)):
            block = _parse(lines, order, previous_s)
            if block is None:
                block = _parse_carefully(lines, order, previous_s, path, line)
            if len(block):
                previous_s = float(block[-1, 0])
                blocks.append(block)
            line += len(lines)
            progress(min(1.0, binary.tell() / max(1, size)))
    if not blocks:
        raise CsvFault(path).error("there are only column names and no samples", "Give a file with samples.")
    samples = CsvSamples(path, np.concatenate(blocks), sha256)
    _check_times(samples)
    return samples


def _parse(lines: Sequence[str], order: Sequence[int], previous_s: float) -> FloatArray | None:
    """The rows of some lines, or None where anything is not plain."""
    # numpy warns about text without any value.
    if not any(line.strip() for line in lines):
        return np.empty((0, len(order)))
    try:
        rows = np.loadtxt(lines, delimiter=",", comments=None, quotechar='"', ndmin=2)
    except ValueError:
        return None
    if rows.shape[1] != len(order) or not np.isfinite(rows).all():
        return None
    rows = rows[:, order]
    if rows[0, 0] <= previous_s or (np.diff(rows[:, 0]) <= 0).any():
        return None
    return rows


def _parse_carefully(
    lines: Sequence[str], order: Sequence[int], previous_s: float, path: Path, first_line: int
) -> FloatArray:
    rows: list[list[float]] = []
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        fault = CsvFault(path, number)
        values = split_line(line, fault)
        check_width(values, line, len(order), fault)
        row = [
            parse_number(values[place], CsvFault(path, number, name))
            for name, place in zip(SAMPLE_COLUMNS, order, strict=True)
        ]
        if row[0] <= previous_s:
            what = "repeats" if row[0] == previous_s else f"comes after {previous_s:.10g}"
            raise CsvFault(path, number, "time_s").error(
                f"the time {row[0]:.10g} {what}",
                "Times must rise from line to line; sort them, drop repeats.",
            )
        previous_s = row[0]
        rows.append(row)
    return np.array(rows, dtype=np.float64).reshape(-1, len(order))


def _check_times(samples: CsvSamples) -> None:
    fault = CsvFault(samples.path, column="time_s")
    times = samples.rows[:, 0]
    if len(times) < 2:
        raise fault.error("there is only one sample", "Give a file with samples.")
    interval = float(np.median(np.diff(times)))
    if not _MIN_INTERVAL_S <= interval <= _MAX_INTERVAL_S:
        raise fault.error(
            f"the samples are {interval:.4g} s apart, which is no rate for movements",
            "Times are seconds; convert them where they are in milliseconds or in samples.",
        )
    duration = float(times[-1] - times[0])
    if duration > _MAX_DURATION_S:
        raise fault.error(
            f"the times span {duration / 3600:.0f} hours", "Check the times; they are seconds on one axis."
        )
