"""A saved recording as a source: the same items in the same order, as fast as is wanted."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from tracker.model import Notification, Placement, SensorIdentity
from tracker.sensing.source import SourceItem

ITEMS_PER_TURN = 256
"""Items between two turns of the event loop where nothing waits: enough to be fast, few enough to stop."""


class PlaybackSource:
    """Recorded items, replayed; a `SensorSource`. They keep the stamps that they were recorded with.

    Args:
        items: in the order of arrival; taken one by one, so a long recording need not fit into memory.
        sensors: the sensors that sent them.
        speed: 1 keeps the recorded pace, 2 is twice as fast; None does not wait at all.

    Raises:
        ValueError: a speed that is not above zero.
    """

    def __init__(
        self,
        items: Iterable[SourceItem],
        sensors: Mapping[Placement, SensorIdentity],
        speed: float | None = 1.0,
    ) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"a speed of {speed!r} does not go on")
        self._items = items
        self._sensors = dict(sensors)
        self._speed = speed
        self._stopped = asyncio.Event()

    @property
    def sensors(self) -> Mapping[Placement, SensorIdentity]:
        """The sensors by placement."""
        return self._sensors

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def items(self) -> AsyncIterator[SourceItem]:
        """The recorded items; ends after the last one or after `stop()`."""
        started_s = asyncio.get_running_loop().time()
        first_ns: int | None = None
        for number, item in enumerate(self._items):
            if self._speed is None:
                if number % ITEMS_PER_TURN == 0:
                    await asyncio.sleep(0)
            else:
                stamp_ns = _stamp_ns(item)
                first_ns = stamp_ns if first_ns is None else first_ns
                await self._wait_until(started_s + (stamp_ns - first_ns) * 1e-9 / self._speed)
            if self._stopped.is_set():
                return
            yield item

    async def stop(self) -> None:
        """End the replay at once; again changes nothing."""
        self._stopped.set()

    async def _wait_until(self, deadline_s: float) -> None:
        """Wait for a time of the event loop, or until stopped."""
        left_s = deadline_s - asyncio.get_running_loop().time()
        if left_s > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), left_s)


def _stamp_ns(item: SourceItem) -> int:
    return item.received_ns if isinstance(item, Notification) else item.at_ns
