"""Hip rotation over time as CSV."""

import errno
import math
import secrets
from collections.abc import Iterable
from pathlib import Path

from tracker.recording.files import storage_error
from tracker.session.traces import LegTrace

HEADER = "time_s,side,hip_rotation_deg,observability"


def write_traces(path: Path, traces: Iterable[LegTrace]) -> None:
    """Write one row for every sample of each leg; empty where the rotation cannot be seen.

    Earlier traces are replaced.

    Raises:
        StorageError: the file cannot be written, or is another one; nothing half-written stays.
    """
    check_traces_target(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{HEADER}\n")
            for trace in traces:
                file.writelines(_rows(trace))
        partial.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def check_traces_target(path: Path) -> None:
    """Refuse to write over anything but earlier traces or an empty file.

    Raises:
        StorageError: another file, or a folder, has this name.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(HEADER))
    except FileNotFoundError:
        return
    except OSError as error:
        raise storage_error(path, error) from error
    if start not in (b"", HEADER.encode()):
        raise storage_error(path, FileExistsError(errno.EEXIST, "exists"))


def _rows(trace: LegTrace) -> Iterable[str]:
    columns = (trace.time_s.tolist(), trace.hip_rotation_rad.tolist(), trace.observability.tolist())
    for time_s, rotation_rad, seen in zip(*columns, strict=True):
        angle = "" if math.isnan(rotation_rad) else f"{math.degrees(rotation_rad):.4f}"
        yield f"{time_s:.6f},{trace.side.value},{angle},{seen:.4f}\n"
