"""A sensor without hardware: a Bluetooth peripheral that speaks the firmware protocol."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bumble.device import Connection
from bumble.gatt import Characteristic, Service

from firmware_protocol import (
    BACKFILL_UUID,
    BATTERY_LEVEL_UUID,
    CAPABILITIES_UUID,
    SERVICE_UUID,
    STATUS_UUID,
    STREAM_UUID,
    AnyAnswer,
    FetchAnswer,
    ResumeAnswer,
    StartAnswer,
    StopAnswer,
    encode_answer,
    encode_capabilities,
    encode_status,
)
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.delivery import Delivery
from tracker.sensing.virtual.faults import FaultScript
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.firmware import NO_FAULTS, Firmware
from tracker.sensing.virtual.framing import Outgoing, Session
from tracker.sensing.virtual.peripheral import LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.rubbish import Channel, Spoiler
from tracker.sensing.virtual.services import (
    control_characteristic,
    notified_characteristic,
    read_characteristic,
    sensor_services,
    value_characteristic,
)
from tracker.sensing.virtual.settings import SensorSettings

STATUS_INTERVAL_S = 2.0
"""Between two notifications of Status; the protocol wants 1 to 5 s."""


class VirtualSensor(VirtualPeripheral):
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
        super().__init__(
            radio,
            settings.address,
            Advertisement(settings.name, (SERVICE_UUID,)),
            mtu=settings.mtu,
            rssi_dbm=settings.rssi_dbm,
            script=LinkScript(
                faults.advertises, faults.drop_link_at_s, faults.away_s, faults.connection_interval_s
            ),
        )
        self.settings = settings
        self.feed = feed
        self._faults = faults
        self._firmware: Firmware | None = None
        self._restarts = 0
        self._streamed: Session | None = None
        self._sending_again: asyncio.Task[None] | None = None
        self._spoiler = Spoiler(faults.rubbish)
        self._ways = {
            Channel.STREAM: Delivery(faults.stream),
            Channel.BACKFILL: Delivery(faults.backfill),
        }
        self._stream = notified_characteristic(STREAM_UUID)
        self._backfill = notified_characteristic(BACKFILL_UUID)
        self._control = control_characteristic(self._on_control)
        self._status = value_characteristic(STATUS_UUID, self._read_status)
        self._battery = value_characteristic(BATTERY_LEVEL_UUID, self._read_battery)

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
        self._switch_on()
        await super().__aenter__()
        for at_s in self._faults.restart_at_s:
            self.spawn_until_off(self._restart(at_s))
        if self._faults.battery_empty_at_s is not None:
            self.spawn_until_off(self._run_empty(self._faults.battery_empty_at_s))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await super().__aexit__(kind, error, trace)
        self._firmware = None

    def services(self) -> Sequence[Service]:
        """The IMU service, battery and device information."""
        capabilities = read_characteristic(CAPABILITIES_UUID, self._read_capabilities)
        imu = (capabilities, self._control, self._stream, self._backfill, self._status)
        return sensor_services(self.settings, imu, self._battery)

    def on_disconnected(self) -> None:
        """What was on its way has ended with the link; sampling goes on."""
        self._streamed = None
        if self._firmware is not None:
            self._firmware.lose_link()

    def _switch_on(self) -> None:
        self._firmware = Firmware(
            self.settings, self.feed, self.radio.motion, self._faults, restarts=self._restarts
        )
        self._restarts += 1

    async def _restart(self, at_s: float) -> None:
        await self.radio.motion.wait_until(at_s)
        await self.drop_link()
        self._switch_on()

    async def _run_empty(self, at_s: float) -> None:
        await self.radio.motion.wait_until(at_s)
        await self.vanish()

    def _read_capabilities(self) -> bytes:
        return self._spoiler.spoil(Channel.CAPABILITIES, encode_capabilities(self.firmware.capabilities))

    def _read_status(self) -> bytes:
        return self._spoiler.spoil(Channel.STATUS, encode_status(self.firmware.status()))

    def _read_battery(self) -> bytes:
        return self._spoiler.spoil(Channel.BATTERY, bytes([self.firmware.battery_percent]))

    def _on_control(self, connection: Connection, data: bytes) -> None:
        """Answer a request; the write itself is confirmed first."""
        answer = self.firmware.answer(data, connection.att_mtu)
        if answer is None:
            return
        if self._sending_again is not None and not self.firmware.is_sending_again:
            # called off, or of a session that is over: nothing of it may come behind the answer
            self._sending_again.cancel()
        self.spawn(self._send_answer(answer))

    async def _send_answer(self, answer: AnyAnswer) -> None:
        sent = self.firmware.as_sent(answer)
        if sent is not None:
            await self.indicate(self._control, self._spoiler.spoil(Channel.CONTROL, encode_answer(sent)))
        if isinstance(answer, StartAnswer | ResumeAnswer):
            self._go_on_streaming()
        if isinstance(answer, FetchAnswer | ResumeAnswer):
            self._sending_again = self.spawn(self._send_records())
        if isinstance(answer, StopAnswer):
            await self._tell_status()

    def _go_on_streaming(self) -> None:
        session = self.firmware.session
        # START repeated on one link, as after a lost answer, must not make two streams
        if session is not None and session.running and session is not self._streamed:
            self._streamed = session
            self.spawn(self._send_frames(session))
            self.spawn(self._send_status(session))

    async def _send_frames(self, session: Session) -> None:
        firmware = self.firmware
        while session.running:
            await self.radio.motion.wait_until(firmware.next_frame_at_s(session))
            if not session.running or session is not firmware.session:
                return
            await self._deliver(Channel.STREAM, self._stream, firmware.take_frame(session))

    async def _send_records(self) -> None:
        """Send again what was asked for, one record after the other, so that live frames pass between."""
        motion, pause_s = self.radio.motion, 1.0 / self.settings.records_per_s
        while self.connection is not None:
            record = self.firmware.take_record(self.connection.att_mtu)
            if record is None:
                return
            await self._deliver(Channel.BACKFILL, self._backfill, record)
            await motion.wait_until(motion.now_s + pause_s)

    async def _send_status(self, session: Session) -> None:
        motion = self.radio.motion
        while session.running and session is self.firmware.session:
            if not self._faults.is_silent(motion.now_s):
                await self._tell_status()
            await motion.wait_until(motion.now_s + STATUS_INTERVAL_S)

    async def _tell_status(self) -> None:
        await self.notify(self._status, self._read_status())
        await self.notify(self._battery, self._read_battery())

    async def _deliver(
        self, channel: Channel, characteristic: Characteristic[bytes], outgoing: Outgoing
    ) -> None:
        for _ in range(outgoing.copies):
            for one in self._ways[channel].pass_on(outgoing.payload):
                payload = self._spoiler.spoil(channel, one.payload)
                if one.delay_s > 0:
                    self.spawn(self._notify_late(characteristic, payload, one.delay_s))
                else:
                    await self.notify(characteristic, payload)

    async def _notify_late(
        self, characteristic: Characteristic[bytes], payload: bytes, delay_s: float
    ) -> None:
        motion = self.radio.motion
        await motion.wait_until(motion.now_s + delay_s)
        await self.notify(characteristic, payload)
