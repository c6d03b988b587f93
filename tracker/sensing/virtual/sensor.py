"""A sensor without hardware: a Bluetooth peripheral that speaks the firmware protocol."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Self

from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Connection
from bumble.hci import HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR

from firmware_protocol import SERVICE_UUID, AnyAnswer, StartAnswer, encode_answer
from tracker.sensing.virtual.air import Node
from tracker.sensing.virtual.feed import FaultScript, SampleFeed
from tracker.sensing.virtual.firmware import Firmware, Session
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.services import (
    control_characteristic,
    sensor_services,
    stream_characteristic,
)
from tracker.sensing.virtual.settings import SensorSettings

ADVERTISING_INTERVAL_MS = 50.0
"""Short, so that a scan need not be long; real sensors take up to a second to save power."""

NO_FAULTS = FaultScript()

_log = logging.getLogger(__name__)


class VirtualSensor:
    """A virtual sensor, switched on within `async with`.

    Attributes:
        settings, feed: as given.

    Args:
        radio: where it is heard.
        feed: what it measures.
        settings: what kind of sensor it is.
        faults: how it misbehaves.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        feed: SampleFeed,
        settings: SensorSettings,
        faults: FaultScript = NO_FAULTS,
    ) -> None:
        self.settings = settings
        self._radio = radio
        self.feed = feed
        self._faults = faults
        self._firmware: Firmware | None = None
        self._node: Node | None = None
        self._connection: Connection | None = None
        self._streamed: Session | None = None
        self._drops_left_s = list(faults.drop_link_at_s)
        self._stream = stream_characteristic()
        self._control = control_characteristic(self._on_control)
        self._link_tasks: set[asyncio.Task[None]] = set()
        self._off = asyncio.Event()
        self._own_tasks: set[asyncio.Task[None]] = set()

    @property
    def firmware(self) -> Firmware:
        """What runs inside, for tests and demonstrations.

        Raises:
            RuntimeError: the sensor is switched off.
        """
        if self._firmware is None:
            raise RuntimeError(f"{self.settings.name} is switched off")
        return self._firmware

    async def __aenter__(self) -> Self:
        air = self._radio.air
        self._off.clear()
        self._firmware = Firmware(self.settings, self.feed, self._radio.motion, self._faults)
        self._node = await air.open_node(self.settings.name, self.settings.address)
        device = self._node.device
        device.gatt_server.max_mtu = self.settings.mtu
        device.add_services(sensor_services(self._firmware, self._control, self._stream))
        device.on(device.EVENT_CONNECTION, self._on_connection)
        air.set_rssi_dbm(self.settings.address, self.settings.rssi_dbm)
        await self._advertise()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._off.set()
        await _cancelled(self._link_tasks)
        await asyncio.gather(*self._own_tasks)
        if self._node is not None:
            node, self._node = self._node, None
            node.device.remove_listener(node.device.EVENT_CONNECTION, self._on_connection)
            await self._radio.air.close_node(node)
        self._firmware = None

    async def drop_link(self) -> None:
        """Break the link, as where the sensor leaves the room; without one this changes nothing."""
        if self._connection is not None:
            await self._connection.disconnect(HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def _advertise(self) -> None:
        if self._node is None or self._off.is_set() or not self._faults.advertises:
            return
        kinds = AdvertisingData.Type
        flags = AdvertisingData.LE_GENERAL_DISCOVERABLE_MODE_FLAG | AdvertisingData.BR_EDR_NOT_SUPPORTED_FLAG
        data = AdvertisingData(
            [
                (kinds.FLAGS, bytes([flags])),
                (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(SERVICE_UUID))),
                (kinds.COMPLETE_LOCAL_NAME, self.settings.name.encode()),
            ]
        )
        await self._node.device.start_advertising(
            advertising_data=bytes(data),
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        self._streamed = None
        for task in self._link_tasks:
            task.cancel()
        self._spawn(self._own_tasks, self._come_back())

    async def _come_back(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._off.wait(), self._faults.away_s)
        await self._advertise()

    def _on_control(self, connection: Connection, data: bytes) -> None:
        """Answer a request; the write itself is confirmed first."""
        answer = self.firmware.answer(data, connection.att_mtu)
        if answer is not None:
            self._spawn(self._link_tasks, self._send_answer(connection, answer))

    async def _send_answer(self, connection: Connection, answer: AnyAnswer) -> None:
        if self._node is None:
            return
        device = self._node.device
        await device.indicate_subscriber(connection, self._control, encode_answer(answer))
        session = self.firmware.session
        # START repeated on one link, as after a lost answer, must not make two streams
        if isinstance(answer, StartAnswer) and session is not None and session is not self._streamed:
            self._streamed = session
            self.firmware.skip_unsent()
            self._spawn(self._link_tasks, self._send_frames(connection, session))

    async def _send_frames(self, connection: Connection, session: Session) -> None:
        firmware = self.firmware
        while session.running and self._node is not None:
            at_s = firmware.next_frame_at_s(session)
            await self._radio.motion.wait_until(at_s)
            if not session.running or session is not firmware.session:
                return
            frame = firmware.take_frame(session)
            for _ in range(frame.copies):
                await self._node.device.notify_subscriber(connection, self._stream, frame.payload)
            if self._drops_left_s and at_s >= self._drops_left_s[0]:
                self._drops_left_s = [drop_s for drop_s in self._drops_left_s if drop_s > at_s]
                self._spawn(self._own_tasks, self.drop_link())
                return

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(_guarded(work))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _guarded(work: Coroutine[None, None, None]) -> None:
    """Work on a link that may break at any time: then it ends, and nobody waits for its result."""
    try:
        await work
    except (BaseBumbleError, TimeoutError) as error:
        _log.debug("work on a virtual link ended: %s", error)


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
