"""Programs that follow the running session: so many at once, and until the program ends."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from tracker.app.engine.running import Engine
from tracker.app.engine.values import SessionNow
from tracker.errors import RefusedError

_MOST = 32
"""More than anybody has open; each of them makes work with each change."""

_QUIET_S = 15.0
"""After so long without news a stream says that it is alive, so that one that nobody reads ends."""


class Streams:
    """The streams of one program."""

    def __init__(self) -> None:
        self._changes: set[asyncio.Event] = set()
        self._ended = asyncio.Event()

    def refuse_too_many(self) -> None:
        """Refuse one more.

        Raises:
            RefusedError: there are too many.
        """
        if len(self._changes) >= _MOST:
            raise RefusedError("too many programs follow the session", advice="End some of them.")

    async def follow(self, engine: Engine, interval_s: float) -> AsyncGenerator[SessionNow | None, None]:
        """The session now and whenever it changes; None after a long time without news.

        Args:
            interval_s: at most one in so long.
        """
        changed = asyncio.Event()
        changed.set()
        self._changes.add(changed)
        stop = engine.watch(lambda _now: changed.set())
        try:
            while not self._ended.is_set():
                try:
                    await asyncio.wait_for(changed.wait(), _QUIET_S)
                except TimeoutError:
                    yield None
                    continue
                changed.clear()
                yield engine.now
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), interval_s)
        finally:
            stop()
            self._changes.discard(changed)

    def close(self) -> None:
        """End all of them, because the program ends."""
        self._ended.set()
        for changed in tuple(self._changes):
            changed.set()
