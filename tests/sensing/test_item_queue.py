"""The bounded queue between callbacks and consumer."""

import asyncio
from functools import partial

import pytest
from virtual_bench import eventually

from tracker.errors import BluetoothError
from tracker.model import Notification, Placement
from tracker.sensing.source import RESERVED_FOR_REPORTS, ItemQueue, LinkReport, LinkState, SourceItem

LEFT, RIGHT = Placement.LEFT_THIGH, Placement.RIGHT_THIGH


def notification(number: int, placement: Placement = LEFT) -> Notification:
    """A notification that can be told from others."""
    return Notification(placement, bytes([number]), number)


async def drained(queue: ItemQueue) -> list[SourceItem]:
    """All that waits in a closed queue."""
    return [item async for item in queue]


async def test_items_come_in_order_and_end_after_closing() -> None:
    queue = ItemQueue(10)
    items: list[SourceItem] = [notification(1), LinkReport(LEFT, 2, LinkState.LOST), notification(3, RIGHT)]
    for item in items:
        queue.put(item)
    queue.close()
    queue.put(notification(4))
    assert await drained(queue) == items


async def test_waiting_consumer_wakes_for_each_item_and_for_the_end() -> None:
    queue = ItemQueue(1)
    got: list[SourceItem] = []

    def has_more_than(number: int) -> bool:
        return len(got) > number

    async def consume() -> None:
        async for item in queue:
            got.append(item)  # noqa: PERF401 - must show what has come before the end

    consumer = asyncio.create_task(consume())
    for number in range(5):
        queue.put(notification(number))
        await eventually(partial(has_more_than, number))
    queue.close()
    await consumer
    assert len(got) == 5
    assert not queue.dropped


async def test_overflow_is_counted_and_told_when_there_is_room() -> None:
    queue = ItemQueue(2)
    for number in range(5):
        queue.put(notification(number))
    queue.put(notification(9, RIGHT))
    assert queue.dropped == {LEFT: 3, RIGHT: 1}
    iterator = aiter(queue)
    assert [await anext(iterator), await anext(iterator)] == [notification(0), notification(1)]
    queue.put(notification(10))
    queue.close()
    told, last = [item async for item in iterator]
    assert isinstance(told, LinkReport)
    assert told.detail.startswith("3 notifications dropped")
    assert last == notification(10)
    assert queue.dropped == {LEFT: 3, RIGHT: 1}


async def test_reports_find_room_where_data_does_not_but_not_without_end() -> None:
    queue = ItemQueue(1)
    queue.put(notification(0))
    for number in range(RESERVED_FOR_REPORTS + 5):
        queue.put(LinkReport(LEFT, number, LinkState.LOST))
    queue.close()
    assert len(await drained(queue)) == 1 + RESERVED_FOR_REPORTS
    assert queue.dropped == {LEFT: 5}


async def test_error_comes_after_what_has_arrived() -> None:
    queue = ItemQueue(3)
    queue.put(notification(0))
    queue.close(BluetoothError("gone", advice="Charge it."))
    queue.close()
    iterator = aiter(queue)
    assert await anext(iterator) == notification(0)
    with pytest.raises(BluetoothError, match="gone"):
        await anext(iterator)


def test_queue_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        ItemQueue(0)
