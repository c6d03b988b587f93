"""Who uses an open database in this process, so that it can be put aside for a moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.errors import DatabaseInUseError

WAIT_S = 60.0
"""For transactions to end: the longest ones read ten years."""


class DatabaseUsers:
    """Many at once, or none while somebody holds all back."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._count = 0
        self._held_back = False
        self._own = threading.local()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Use it; waits while all are held back. Within a use of the same thread it never waits."""
        depth: int = getattr(self._own, "depth", 0)
        if depth == 0:
            with self._change:
                self._change.wait_for(lambda: not self._held_back)
                self._count += 1
        self._own.depth = depth + 1
        try:
            yield
        finally:
            self._own.depth = depth
            if depth == 0:
                with self._change:
                    self._count -= 1
                    self._change.notify_all()

    @contextmanager
    def none(self, name: str, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold all back while the block runs.

        Args:
            name: of the database, for the message.

        Raises:
            DatabaseInUseError: those who use it do not end in time.
        """
        with self._change:
            if not self._change.wait_for(lambda: not self._held_back, wait_s):
                raise _in_use(name)
            self._held_back = True
            ended = self._change.wait_for(lambda: self._count == 0, wait_s)
            if not ended:
                self._let_go()
        if not ended:
            raise _in_use(name)
        try:
            yield
        finally:
            with self._change:
                self._let_go()

    def _let_go(self) -> None:
        self._held_back = False
        self._change.notify_all()


def _in_use(name: str) -> DatabaseInUseError:
    return DatabaseInUseError(
        f"the database {name} is in use", advice="Wait until what is being done is over, and try again."
    )
