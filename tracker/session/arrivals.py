"""What a source brings, in a bounded queue from which a live session takes step by step."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tracker.errors import TrackerError
from tracker.sensing.source import SourceItem

_LOOK_INTERVAL_S = 0.1
"""How often phases, disk and view are looked after when nothing arrives."""

_BATCH_ITEMS = 256
_QUEUE_ITEMS = 256


class Arrivals:
    """Items in the order of their arrival.

    Attributes:
        failure: why the source ended; None while it goes on, and where it ended as asked.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[SourceItem | None] = asyncio.Queue(_QUEUE_ITEMS)
        self.failure: TrackerError | None = None

    async def take(self) -> tuple[list[SourceItem], bool]:
        """What waits, after a short wait where nothing does; and whether the source has ended."""
        items: list[SourceItem] = []
        try:
            item = await asyncio.wait_for(self._queue.get(), _LOOK_INTERVAL_S)
            while item is not None:
                items.append(item)
                if len(items) >= _BATCH_ITEMS or self._queue.empty():
                    return items, False
                item = self._queue.get_nowait()
        except TimeoutError:
            return items, False
        return items, True

    async def pump(self, items: AsyncIterator[SourceItem]) -> None:
        """Bring a source's items into the queue until it ends."""
        try:
            async for item in items:
                await self._queue.put(item)
        except TrackerError as error:
            self.failure = error
        await self._queue.put(None)


@asynccontextmanager
async def arriving(items: AsyncIterator[SourceItem]) -> AsyncIterator[Arrivals]:
    """Let a source's items arrive while the context is entered."""
    arrivals = Arrivals()
    pump = asyncio.create_task(arrivals.pump(items))
    try:
        yield arrivals
    finally:
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
