"""The invented sensor of docs/example_sensor, without hardware."""

import math
from collections.abc import Sequence

from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from example_sensor import CONTROL_UUID, HEADER, RATE_HZ, SERVICE_UUID, STREAM_UUID

from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.feed import SampleFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

FRAME_SAMPLES = 10
ADDRESS = "C6:0E:0E:0E:0E:01"


class VirtualExampleSensor(VirtualPeripheral):
    """Plays a feed in the sensor's bytes from when a 1 is written until a 0 is."""

    def __init__(self, radio: VirtualRadio, feed: SampleFeed, script: LinkScript = STEADY) -> None:
        super().__init__(radio, ADDRESS, Advertisement("EXA-1", (SERVICE_UUID,)), script=script)
        self.feed = feed
        self.streams = False
        self._stream = Characteristic(
            STREAM_UUID, Characteristic.Properties.NOTIFY, Characteristic.Permissions.READABLE, b""
        )
        self._control: Characteristic[bytes] = Characteristic(
            CONTROL_UUID,
            Characteristic.Properties.WRITE,
            Characteristic.Permissions.WRITEABLE,
            CharacteristicValue(write=self._on_control),
        )

    def services(self) -> Sequence[Service]:
        return [Service(SERVICE_UUID, [self._control, self._stream])]

    def _on_control(self, _connection: Connection, value: bytes) -> None:
        self.streams = value == b"\x01"
        if self.streams:
            self.spawn(self._send())

    async def _send(self) -> None:
        index = math.ceil(self.radio.motion.begin() * RATE_HZ)
        while self.streams:
            await self.radio.motion.wait_until((index + FRAME_SAMPLES - 1) / RATE_HZ)
            head = HEADER.pack(index, index * 1000 // RATE_HZ)
            await self.notify(self._stream, head + self.feed.counts(index, FRAME_SAMPLES).tobytes())
            index += FRAME_SAMPLES
