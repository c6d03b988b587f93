"""What every source of sensor data offers: who sends, and what arrived, in order."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from tracker.errors import TrackerError
from tracker.model import Notification, Placement, SensorIdentity


class LinkState(StrEnum):
    """What is going on between the computer and one sensor."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONFIGURING = "configuring"
    """Connected; it is read what the sensor is, and it is started."""
    STREAMING = "streaming"
    BACKFILLING = "backfilling"
    """Streaming, while what was lost on the way is fetched from the sensor's memory."""
    LOST = "lost"
    STOPPED = "stopped"
    """Ended as asked."""
    FAILED = "failed"
    """Given up: nothing more comes from this sensor."""


@dataclass(frozen=True, slots=True)
class LinkReport:
    """A change in the link to one sensor, or news about it.

    Attributes:
        at_ns: host monotonic clock when it happened.
        battery_percent: charge as last read from the sensor, 0 to 100; None where unknown.
        rssi_dbm: signal strength of the sensor's last advertisement; None where unknown.
        detail: the reason in plain words; empty where the state says all.
    """

    placement: Placement
    at_ns: int
    state: LinkState
    battery_percent: int | None = None
    rssi_dbm: int | None = None
    detail: str = ""


SourceItem: TypeAlias = Notification | LinkReport


class SensorSource(Protocol):
    """A source of sensor data; live, virtual and replayed ones look the same from outside.

    Used as `async with source:`; inside it `sensors` is known and `items()` yields what arrives.
    """

    @property
    def sensors(self) -> Mapping[Placement, SensorIdentity]:
        """The sensors by placement; known from entering on."""
        ...

    async def __aenter__(self) -> Self:
        """Make every sensor ready and start it.

        Raises:
            TrackerError: a sensor is missing or does not answer as it must.
        """
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and release everything that was taken."""
        ...

    def items(self) -> AsyncIterator[SourceItem]:
        """What arrives, in order of arrival; ends after `stop()`. To be iterated once.

        Raises:
            TrackerError: nothing more can come from any sensor.
        """
        ...

    async def stop(self) -> None:
        """End the source; items that have arrived are still delivered. May be called again."""
        ...


RESERVED_FOR_REPORTS = 64
"""Reports are rare and must not be pushed out by data: a dozen reconnects of three sensors fit."""


class ItemQueue:
    """Bounded queue between the radio's callbacks and one consumer, on one event loop.

    `put` never waits. Where the consumer is too slow, new items are dropped and counted; as soon as there
    is room again, a report tells how many notifications of that sensor are missing.

    Args:
        limit_items: notifications that may wait.
    """

    def __init__(self, limit_items: int) -> None:
        if limit_items < 1:
            raise ValueError("a queue needs room for one item at least")
        self._limit_items = limit_items
        self._items: deque[SourceItem] = deque()
        self._changed = asyncio.Event()
        self._closed = False
        self._error: TrackerError | None = None
        self._unreported: Counter[Placement] = Counter()
        self._dropped: Counter[Placement] = Counter()

    @property
    def dropped(self) -> Mapping[Placement, int]:
        """Items that found no room, by placement, since the start."""
        return dict(self._dropped)

    def put(self, item: SourceItem) -> None:
        """Append an item, or count it as dropped where there is no room; after closing, ignore it."""
        if self._closed:
            return
        is_data = isinstance(item, Notification)
        if len(self._items) >= self._limit_items + (0 if is_data else RESERVED_FOR_REPORTS):
            self._dropped[item.placement] += 1
            self._unreported[item.placement] += is_data
            return
        if self._unreported[item.placement] and isinstance(item, Notification):
            self._report_dropped(item)
        self._items.append(item)
        self._changed.set()

    def close(self, error: TrackerError | None = None) -> None:
        """Let the consumer finish what waits, then end its iteration, with `error` where one is given."""
        if not self._closed:
            self._closed = True
            self._error = error
            self._changed.set()

    async def __aiter__(self) -> AsyncIterator[SourceItem]:
        while True:
            while self._items:
                yield self._items.popleft()
            if self._closed:
                break
            self._changed.clear()
            await self._changed.wait()
        if self._error is not None:
            raise self._error

    def _report_dropped(self, current: Notification) -> None:
        count = self._unreported.pop(current.placement)
        detail = f"{count} notifications dropped: the program was too slow to take them"
        self._items.append(
            LinkReport(current.placement, current.received_ns, LinkState.STREAMING, detail=detail)
        )
