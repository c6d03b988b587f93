"""CSV files for the tests of the import."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tracker.model import FloatArray, Placement
from tracker.recording.units import STANDARD_GRAVITY_M_PER_S2

ROOT = Path(__file__).resolve().parents[2]
SHARED_DATA = ROOT.parent / "shared" / "data"

HEADER_LINE = "time_s,ax,ay,az,gx,gy,gz"


def movement(seconds: float = 20.0, rate_hz: float = 50.0, begin_s: float = 0.0, seed: int = 5) -> FloatArray:
    """Rows of a thigh that turns about a horizontal axis, by turns moving and at rest; m/s2 and rad/s."""
    rng = np.random.default_rng(seed)
    time_s = np.round(begin_s + np.arange(round(seconds * rate_hz)) / rate_hz, 6)
    phase = 2 * np.pi * 0.4 * (time_s - begin_s)
    angle = 0.4 * (1 - np.cos(phase)) * (np.floor(phase / (2 * np.pi)) % 4 != 3)
    rate = np.gradient(angle, 1 / rate_hz)
    rows = np.zeros((len(time_s), 7))
    rows[:, 0] = time_s
    rows[:, 1] = STANDARD_GRAVITY_M_PER_S2 * np.cos(angle)
    rows[:, 3] = STANDARD_GRAVITY_M_PER_S2 * np.sin(angle)
    rows[:, 5] = rate
    rows[:, 1:] += rng.normal(0, 0.02, (len(rows), 6))
    return rows


def write_csv(path: Path, rows: FloatArray, header: str = HEADER_LINE, end: str = "\n") -> Path:
    """Rows as a CSV file with every digit."""
    lines = [header, *(",".join(repr(float(value)) for value in row) for row in rows)]
    path.write_bytes((end.join(lines) + end).encode())
    return path


def write_events(path: Path, lines: Sequence[str], more_columns: str = "") -> Path:
    """An events file."""
    path.write_text("\n".join([f"start_s,end_s,kind,side,exercise{more_columns}", *lines, ""]))
    return path


def thigh(folder: Path, text: str | bytes, name: str = "left.csv") -> dict[Placement, Path]:
    """Files with one thigh, of any content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {Placement.LEFT_THIGH: path}
