"""Two folders take each other's place in one step, where the system can do that."""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

_HERE = -100
"""AT_FDCWD: paths are as they are written."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""


def swap(first: Path, second: Path) -> None:
    """Let two folders on one disk change their names.

    Linux and macOS do it at once, so that at each moment both names are there. Elsewhere `second` is missing
    for an instant; what was it is `first` with `.old` then.

    Raises:
        OSError: the system refuses; both are as before.
    """
    exchange = _exchange()
    if exchange is not None:
        if exchange(os.fsencode(first), os.fsencode(second)) == 0:
            return
        if ctypes.get_errno() not in _NOT_OFFERED:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(second))
    between = first.with_name(f"{first.name}.old")
    second.rename(between)
    try:
        first.rename(second)
    except OSError:
        between.rename(second)
        raise
    between.rename(first)


_NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def _exchange() -> Callable[[bytes, bytes], int] | None:
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        function = getattr(library, "renamex_np", None)
        return None if function is None else lambda first, second: int(function(first, second, _EXCHANGE))
    function = getattr(library, "renameat2", None)
    if function is None:
        return None
    return lambda first, second: int(function(_HERE, first, _HERE, second, _EXCHANGE))
