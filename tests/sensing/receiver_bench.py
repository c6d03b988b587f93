"""A bare receiver of one virtual sensor, made of bleak's own client, for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bleak import BleakClient
from virtual_bench import TEST_LIMIT_S, PatternFeed, settings_of

from firmware_protocol import (
    CONTROL_UUID,
    STATUS_UUID,
    AnyAnswer,
    Request,
    SensorStatus,
    decode_answer,
    decode_status,
    encode_request,
)
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.firmware import NO_FAULTS
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.sensor import VirtualSensor
from tracker.sensing.virtual.settings import SensorSettings

FAST = 10.0
"""Seconds of motion in one second of a test."""


class Receiver:
    """A client that keeps whatever one sensor sends, in the order in which it comes."""

    def __init__(self, air: VirtualRadio, sensor: VirtualSensor) -> None:
        self.lost = asyncio.Event()
        self.client = BleakClient(
            sensor.settings.address, lambda _: self.lost.set(), backend=air.radio.client, timeout=5.0
        )
        self.came: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()

    async def open(self, *uuids: str) -> None:
        """Connect and listen to the control point and these."""
        await self.client.connect()
        for uuid in (CONTROL_UUID, *uuids):
            await self.client.start_notify(uuid, self._keeper(uuid))

    async def ask(self, request: Request) -> AnyAnswer:
        """Write a request and wait for its answer."""
        before = len(self.values(CONTROL_UUID))
        await self.client.write_gatt_char(CONTROL_UUID, encode_request(request), response=True)
        await self.until(lambda: len(self.values(CONTROL_UUID)) > before)
        return decode_answer(self.values(CONTROL_UUID)[before])

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait until what came fulfils a condition."""
        while not done():
            self._news.clear()
            await self._news.wait()

    def values(self, uuid: str) -> list[bytes]:
        """What came on one characteristic."""
        return [value for came_on, value in self.came if came_on == uuid]

    def statuses(self) -> list[SensorStatus]:
        """What Status told."""
        return [decode_status(value) for value in self.values(STATUS_UUID)]

    def _keeper(self, uuid: str) -> Callable[[object, bytearray], None]:
        def keep(_sender: object, value: bytearray) -> None:
            self.came.append((uuid, bytes(value)))
            self._news.set()

        return keep


@asynccontextmanager
async def sensor_on_air(
    faults: FaultScript = NO_FAULTS, settings: SensorSettings | None = None, time_scale: float = FAST
) -> AsyncIterator[tuple[VirtualRadio, VirtualSensor]]:
    """One sensor with a memory of a minute, switched on."""
    settings = settings or settings_of(0, ring_buffer_s=60.0)
    async with (
        asyncio.timeout(TEST_LIMIT_S),
        VirtualRadio(time_scale=time_scale) as air,
        VirtualSensor(air, PatternFeed(), settings, faults) as sensor,
    ):
        yield air, sensor
