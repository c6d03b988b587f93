"""A sensor without hardware: a Bluetooth peripheral that speaks the firmware protocol."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bumble.device import Connection
from bumble.gatt import Service

from firmware_protocol import SERVICE_UUID, AnyAnswer, StartAnswer, encode_answer
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.feed import FaultScript, SampleFeed
from tracker.sensing.virtual.firmware import Firmware, Session
from tracker.sensing.virtual.peripheral import LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio
from tracker.sensing.virtual.services import (
    control_characteristic,
    sensor_services,
    stream_characteristic,
)
from tracker.sensing.virtual.settings import SensorSettings

NO_FAULTS = FaultScript()


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
            script=LinkScript(faults.advertises, faults.drop_link_at_s, faults.away_s),
        )
        self.settings = settings
        self.feed = feed
        self._faults = faults
        self._firmware: Firmware | None = None
        self._streamed: Session | None = None
        self._stream = stream_characteristic()
        self._control = control_characteristic(self._on_control)

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
        self._firmware = Firmware(self.settings, self.feed, self.radio.motion, self._faults)
        return await super().__aenter__()

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
        return sensor_services(self.firmware, self._control, self._stream)

    def on_disconnected(self) -> None:
        """The stream has ended with the link."""
        self._streamed = None

    def _on_control(self, connection: Connection, data: bytes) -> None:
        """Answer a request; the write itself is confirmed first."""
        answer = self.firmware.answer(data, connection.att_mtu)
        if answer is not None:
            self.spawn(self._send_answer(answer))

    async def _send_answer(self, answer: AnyAnswer) -> None:
        await self.indicate(self._control, encode_answer(answer))
        session = self.firmware.session
        # START repeated on one link, as after a lost answer, must not make two streams
        if isinstance(answer, StartAnswer) and session is not None and session is not self._streamed:
            self._streamed = session
            self.firmware.skip_unsent()
            self.spawn(self._send_frames(session))

    async def _send_frames(self, session: Session) -> None:
        firmware = self.firmware
        while session.running:
            await self.radio.motion.wait_until(firmware.next_frame_at_s(session))
            if not session.running or session is not firmware.session:
                return
            frame = firmware.take_frame(session)
            for _ in range(frame.copies):
                await self.notify(self._stream, frame.payload)
