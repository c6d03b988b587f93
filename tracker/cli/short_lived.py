"""Work that is over before collecting garbage would pay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Collect no garbage meanwhile: with many imports that costs a tenth of the time and finds none.

    What there is at the end is not looked through later either: as the program ends, that would take as long
    again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()
