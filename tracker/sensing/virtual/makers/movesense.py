"""A Movesense sensor without hardware."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol.errors import FrameError
from firmware_protocol.makers.movesense import encode_message
from firmware_protocol.makers.movesense_control import (
    ACCELEROMETER_RANGE_G,
    ACCELEROMETER_RESOURCE,
    ADVERTISED_SERVICE_UUID,
    BATTERY_RESOURCE,
    COMMAND_UUID,
    DATA_UUID,
    GYROSCOPE_RANGE_DPS,
    GYROSCOPE_RESOURCE,
    NAME_PREFIX,
    RATES_HZ,
    SERVICE_UUID,
    Command,
    Hello,
    HttpStatus,
    decode_command,
    encode_answer,
    encode_hello,
    imu6_resource,
    samples_per_message,
)
from firmware_protocol.stream import ATT_HEADER_BYTES
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

LARGEST_MTU = 161
"""More the sensors do not agree to, so that messages of 104 Hz come in two notifications."""
BOOTED_MS = 40_000
"""The sensor's clock when the motion begins."""


@dataclass(frozen=True, slots=True)
class MovesenseFaults:
    """How it misbehaves.

    Attributes:
        mute: commands that are never answered.
        refused: resources and the status that they are refused with; HELLO cannot be refused.
    """

    mute: frozenset[Command] = frozenset()
    refused: Mapping[str, int] = field(default_factory=dict)


FAULTLESS = MovesenseFaults()


class VirtualMovesense(VirtualPeripheral):
    """Plays a feed as the sensor would send it.

    Attributes:
        streaming: rates in Hz of the streams that run, by reference.
        unsubscribed: references of the streams that were ended by a command.

    Args:
        serial: 12 digits.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        played: PlayedFeed,
        serial: str,
        *,
        battery_percent: int = 87,
        script: LinkScript = STEADY,
        faults: MovesenseFaults = FAULTLESS,
    ) -> None:
        address = "C8:" + ":".join(serial[-10:][at : at + 2] for at in range(0, 10, 2))
        advertisement = Advertisement(NAME_PREFIX + serial, (ADVERTISED_SERVICE_UUID[4:8],))
        super().__init__(radio, address, advertisement, mtu=LARGEST_MTU, script=script)
        self.streaming: dict[int, int] = {}
        self.unsubscribed: list[int] = []
        self._hello = Hello(1, serial, "Movesense Flash", "0C8CDC3872E8", "Movesense Default", "2.3.1")
        self._played = played
        self._faults = faults
        self._values = {
            BATTERY_RESOURCE: bytes([battery_percent]),
            ACCELEROMETER_RESOURCE: bytes([ACCELEROMETER_RANGE_G]),
            GYROSCOPE_RESOURCE: GYROSCOPE_RANGE_DPS.to_bytes(2, "little"),
        }
        properties, permissions = Characteristic.Properties, Characteristic.Permissions
        self._command: Characteristic[bytes] = Characteristic(
            COMMAND_UUID,
            properties.WRITE,
            permissions.WRITEABLE,
            CharacteristicValue(write=self._on_command),
        )
        self._data: Characteristic[bytes] = Characteristic(
            DATA_UUID, properties.NOTIFY, permissions.READABLE, b""
        )

    def services(self) -> Sequence[Service]:
        """The sensor data service."""
        return [Service(SERVICE_UUID, [self._command, self._data])]

    def on_disconnected(self) -> None:
        """The streams have ended with the link."""
        self.streaming.clear()

    def _on_command(self, _connection: Connection, data: bytes) -> None:
        try:
            command, reference, resource = decode_command(data)
        except FrameError:
            return
        if command not in self._faults.mute:
            self.spawn(self._answer(command, reference, resource))

    async def _answer(self, command: int, reference: int, resource: str) -> None:
        if command == Command.HELLO:
            await self.notify(self._data, encode_hello(reference, self._hello))
            return
        status, value = self._done(command, reference, resource)
        await self.notify(self._data, encode_answer(reference, status, value))
        if command == Command.SUBSCRIBE and status == HttpStatus.OK:
            self.spawn(self._send(reference, self.streaming[reference]))

    def _done(self, command: int, reference: int, resource: str) -> tuple[int, bytes]:
        """Do what is asked for; status and value of the answer."""
        if resource in self._faults.refused:
            return self._faults.refused[resource], b""
        if command == Command.GET:
            value = self._values.get(resource)
            return (HttpStatus.NOT_FOUND, b"") if value is None else (HttpStatus.OK, value)
        if command == Command.UNSUBSCRIBE:
            if self.streaming.pop(reference, None) is None:
                return HttpStatus.NOT_FOUND, b""
            self.unsubscribed.append(reference)
            return HttpStatus.OK, b""
        rates_hz = {imu6_resource(rate_hz): rate_hz for rate_hz in RATES_HZ}
        if command != Command.SUBSCRIBE or resource not in rates_hz:
            return HttpStatus.NOT_FOUND, b""
        if reference in self.streaming:
            return HttpStatus.CONFLICT, b""
        self.streaming[reference] = rates_hz[resource]
        return HttpStatus.OK, b""

    async def _send(self, reference: int, rate_hz: int) -> None:
        index, count = math.ceil(self.radio.motion.begin() * rate_hz), samples_per_message(rate_hz)
        while self.connection is not None:
            await self.radio.motion.wait_until((index + count - 1) / rate_hz)
            if reference not in self.streaming or self.connection is None:
                return
            stamp_ms = BOOTED_MS + round(index * 1000 / rate_hz)
            room = self.connection.att_mtu - ATT_HEADER_BYTES
            samples = self._played.samples(index, count)
            for notification in encode_message(reference, stamp_ms, *samples, most_bytes=room):
                await self.notify(self._data, notification)
            index += count
