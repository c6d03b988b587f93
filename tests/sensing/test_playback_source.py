"""Replaying recorded items through the interface of a live source."""

import asyncio
import time

import pytest
from virtual_bench import LEFT, RIGHT, Collector, bench, frames

from tracker.model import Notification, SensorIdentity
from tracker.sensing.playback import PlaybackSource
from tracker.sensing.source import LinkReport, LinkState, SensorSource, SourceItem

SENSORS = {LEFT: SensorIdentity("01", "AA:BB", "HIP-0001", "hip-imu", b"")}
START_NS = 5_000_000_000


def recorded(count: int, interval_ms: int = 10) -> list[SourceItem]:
    """Notifications at a steady pace, and a report in their midst."""
    items: list[SourceItem] = [
        Notification(LEFT, bytes([number % 256]), START_NS + number * interval_ms * 1_000_000)
        for number in range(count)
    ]
    items.insert(count // 2, LinkReport(LEFT, START_NS + count // 2 * 1_000_000, LinkState.LOST))
    return items


async def replayed(source: SensorSource) -> list[SourceItem]:
    """All that a source gives."""
    async with source:
        return [item async for item in source.items()]


async def test_items_come_unchanged_and_in_order() -> None:
    items = recorded(1000)
    source = PlaybackSource(iter(items), SENSORS, speed=None)
    assert source.sensors == SENSORS
    assert await replayed(source) == items


async def test_pace_is_that_of_the_recording() -> None:
    items = recorded(21)
    started_s = time.monotonic()
    assert await replayed(PlaybackSource(items, SENSORS, speed=1.0)) == items
    slow_s = time.monotonic() - started_s
    assert slow_s >= 0.199
    started_s = time.monotonic()
    assert await replayed(PlaybackSource(items, SENSORS, speed=100.0)) == items
    assert 0.0019 <= time.monotonic() - started_s < slow_s


async def test_stop_ends_a_wait() -> None:
    source = PlaybackSource(recorded(3, interval_ms=3_600_000), SENSORS)
    async with asyncio.timeout(5.0), source:
        iterator = source.items()
        # the report comes a millisecond after the first notification, the second one an hour later
        assert [type(await anext(iterator)) for _ in range(2)] == [Notification, LinkReport]
        waiting = asyncio.ensure_future(anext(iterator, None))
        await asyncio.sleep(0)
        await source.stop()
        assert await waiting is None


async def test_stop_ends_a_replay_that_never_waits() -> None:
    source = PlaybackSource(recorded(5), SENSORS, speed=None)
    async with source:
        iterator = source.items()
        await anext(iterator)
        await source.stop()
        assert [item async for item in iterator] == []


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_speed_that_does_not_go_on_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        PlaybackSource([], SENSORS, speed)


async def test_live_session_replays_to_the_same_items() -> None:
    async with bench([LEFT, RIGHT], time_scale=10.0) as made, made.source() as source:
        sensors = source.sensors
        got = Collector(source)
        await got.until(lambda got: frames(LEFT, 5)(got) and frames(RIGHT, 5)(got))
        await source.stop()
        await got.rest()
    playback = PlaybackSource(got.items, sensors, speed=20.0)
    assert await replayed(playback) == got.items
