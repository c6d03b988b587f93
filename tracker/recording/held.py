"""Whether another process has a file open, where the system tells."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_PROCESSES = Path("/proc")


def held_by_others(files: Iterable[Path]) -> tuple[Path, ...]:
    """Those of some files that another process of this user has open; none where there is no /proc."""
    wanted = {os.path.realpath(path): path for path in files}
    held = []
    for process in _others():
        # It may have ended meanwhile, or be another user's.
        with contextlib.suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                with contextlib.suppress(OSError):
                    target = str(descriptor.readlink())
                    if target in wanted:
                        held.append(wanted.pop(target))
    return tuple(held)


def _others() -> list[Path]:
    try:
        return [
            path for path in _PROCESSES.iterdir() if path.name.isdigit() and int(path.name) != os.getpid()
        ]
    except OSError:
        return []
