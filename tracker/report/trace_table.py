"""Hip rotation over time as CSV."""

import math
from collections.abc import Iterable
from pathlib import Path

from tracker.errors import StorageError
from tracker.session.traces import LegTrace

HEADER = "time_s,side,hip_rotation_deg,observability"


def write_traces(path: Path, traces: Iterable[LegTrace]) -> None:
    """Write one row for every sample of each leg; empty where the rotation cannot be seen.

    Raises:
        StorageError: the file cannot be written; nothing half-written stays.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{HEADER}\n")
            for trace in traces:
                file.writelines(_rows(trace))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}",
            advice="Choose another place, or make room on the disk.",
            path=str(path),
        ) from error


def _rows(trace: LegTrace) -> Iterable[str]:
    columns = (trace.time_s.tolist(), trace.hip_rotation_rad.tolist(), trace.observability.tolist())
    for time_s, rotation_rad, seen in zip(*columns, strict=True):
        angle = "" if math.isnan(rotation_rad) else f"{math.degrees(rotation_rad):.4f}"
        yield f"{time_s:.6f},{trace.side.value},{angle},{seen:.4f}\n"
