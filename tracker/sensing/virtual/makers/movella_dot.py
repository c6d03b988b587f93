"""A Movella DOT without hardware."""

import math
from collections.abc import Callable, Sequence

from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol.makers.movella_dot import (
    BATTERY_SERVICE_UUID,
    BATTERY_UUID,
    CONFIGURATION_SERVICE_UUID,
    DEVICE_CONTROL_UUID,
    INFORMATION_UUID,
    MEASUREMENT_CONTROL_UUID,
    MEASUREMENT_SERVICE_UUID,
    NAMES,
    PAYLOAD_UUID,
    RATES_HZ,
    START,
    STOP,
    DotInformation,
    asks_to_identify,
    changes_rate,
    encode_device_control,
    encode_information,
    rate_hz,
)
from firmware_protocol.makers.movella_dot_stream import TICK_RATE_HZ, encode_sample
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

FIRMWARE = (2, 4, 0)
_FACTORY_RATE_HZ = 60.0


class VirtualMovellaDot(VirtualPeripheral):
    """Plays a feed between a start and a stop.

    It has all rates that its feed's rate is a whole multiple of.

    Attributes:
        rate_hz: in force.
        streams: whether it measures.
        identified: times that it was asked to blink.

    Args:
        start_tick: its clock when the motion begins, in microseconds; near 2**32 it shows the wrap.
        rate: in force when it is switched on.
        starts: false where it takes a start but does not measure, as while it records.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        played: PlayedFeed,
        address: str,
        script: LinkScript = STEADY,
        *,
        battery_percent: int = 100,
        start_tick: int = 0,
        rate: float = _FACTORY_RATE_HZ,
        starts: bool = True,
    ) -> None:
        super().__init__(radio, address, Advertisement(NAMES[0]), script=script)
        self.rate_hz = rate
        self.streams = False
        self._streams_so_far = 0
        self.identified = 0
        self._played = played
        self._feed_rate_hz = played.feed.rate_hz
        self._battery_percent = battery_percent
        self._start_tick = start_tick
        self._starts = starts
        self._payload: Characteristic[bytes] = Characteristic(
            PAYLOAD_UUID, Characteristic.Properties.NOTIFY, Characteristic.Permissions.READABLE
        )

    def services(self) -> Sequence[Service]:
        """Configuration, measurement and battery."""
        information = DotInformation(bytes.fromhex(self.address.replace(":", "")), FIRMWARE, 1, "XS-T02")
        configuration = [
            _value(INFORMATION_UUID, lambda: encode_information(information)),
            _value(DEVICE_CONTROL_UUID, lambda: encode_device_control(self.rate_hz), self._on_device_control),
        ]
        measurement = [
            _value(MEASUREMENT_CONTROL_UUID, lambda: START if self.streams else STOP, self._on_measurement),
            self._payload,
        ]
        battery = [_value(BATTERY_UUID, lambda: bytes([self._battery_percent, 0]))]
        return [
            Service(CONFIGURATION_SERVICE_UUID, configuration),
            Service(MEASUREMENT_SERVICE_UUID, measurement),
            Service(BATTERY_SERVICE_UUID, battery),
        ]

    def on_disconnected(self) -> None:
        """It does not measure for nobody."""
        self.streams = False

    def _on_device_control(self, _connection: Connection, data: bytes) -> None:
        if asks_to_identify(data):
            self.identified += 1
        wanted_hz = rate_hz(data)
        has = wanted_hz in RATES_HZ and (self._feed_rate_hz / wanted_hz).is_integer()
        if changes_rate(data) and has and not self.streams:
            self.rate_hz = wanted_hz

    def _on_measurement(self, _connection: Connection, data: bytes) -> None:
        begins = data == START and self._starts and not self.streams
        self.streams = (self.streams and data != STOP) or begins
        if begins:
            self._streams_so_far += 1
            self.spawn(self._send(self._streams_so_far))

    def _goes_on(self, stream: int) -> bool:
        return self.streams and stream == self._streams_so_far

    async def _send(self, stream: int) -> None:
        step = round(self._feed_rate_hz / self.rate_hz)
        index = math.ceil(self.radio.motion.begin() * self._feed_rate_hz / step) * step
        while self._goes_on(stream):
            await self.radio.motion.wait_until(index / self._feed_rate_hz)
            if not self._goes_on(stream):
                return
            accelerometer, gyroscope = self._played.samples(index, 1)
            tick = self._start_tick + round(index * TICK_RATE_HZ / self._feed_rate_hz)
            await self.notify(self._payload, encode_sample(tick, accelerometer[0], gyroscope[0]))
            index += step


def _value(
    uuid: str, read: Callable[[], bytes], write: Callable[[Connection, bytes], None] | None = None
) -> Characteristic[bytes]:
    """A value that is read, and written where that is given."""
    properties, permissions = Characteristic.Properties.READ, Characteristic.Permissions.READABLE
    if write is None:
        return Characteristic(uuid, properties, permissions, CharacteristicValue(read=lambda _: read()))
    return Characteristic(
        uuid,
        properties | Characteristic.Properties.WRITE,
        permissions | Characteristic.Permissions.WRITEABLE,
        CharacteristicValue(read=lambda _: read(), write=write),
    )
