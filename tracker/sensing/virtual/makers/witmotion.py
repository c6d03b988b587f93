"""A WitMotion sensor without hardware."""

import math
from collections.abc import Sequence

from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol import FrameError
from firmware_protocol.makers.witmotion import (
    BATTERY_REGISTER,
    NOTIFY_UUID,
    RATE_CODES,
    RATE_REGISTER,
    REPLY_REGISTERS,
    SERVICE_UUID,
    UNLOCK,
    WRITE_UUID,
    RegisterReply,
    encode_reply,
    parse_command,
    register_that_is_read,
)
from firmware_protocol.makers.witmotion_stream import counts_of, encode_records
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

NAME = "WT901BLE67"
RECORDS = 2
"""In one notification, as real ones send at 50 Hz."""

_FACTORY_RATE_HZ = 10.0
_RATES_HZ = {code: rate_hz for rate_hz, code in RATE_CODES.items()}
_UNLOCK = parse_command(UNLOCK)


class VirtualWitMotion(VirtualPeripheral):
    """Plays a feed to whoever listens.

    It has all rates that its feed's rate is a whole multiple of, and keeps the one it has where it is told
    another.

    Attributes:
        rate_hz: in force; that of the factory when it is switched on.
        streams: whether somebody listens.

    Args:
        battery_centivolt: voltage of its cell, in hundredths of a volt.
        mute_reads: so many reads of registers are not answered.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        played: PlayedFeed,
        address: str,
        script: LinkScript = STEADY,
        *,
        battery_centivolt: int = 399,
        mute_reads: int = 0,
    ) -> None:
        super().__init__(radio, address, Advertisement(NAME), script=script)
        self.rate_hz = _FACTORY_RATE_HZ
        self.streams = False
        self._streams_so_far = 0
        self._played = played
        self._feed_rate_hz = played.feed.rate_hz
        self._battery_centivolt = battery_centivolt
        self._mute_reads = mute_reads
        self._locked = True

    def services(self) -> Sequence[Service]:
        """The one service, with a value that notifies and one that takes commands."""
        properties = Characteristic.Properties
        permissions = Characteristic.Permissions
        self._stream: Characteristic[bytes] = Characteristic(
            NOTIFY_UUID, properties.NOTIFY, permissions.READABLE
        )
        self._stream.on(self._stream.EVENT_SUBSCRIPTION, self._on_subscription)
        commands: Characteristic[bytes] = Characteristic(
            WRITE_UUID,
            properties.WRITE | properties.WRITE_WITHOUT_RESPONSE,
            permissions.WRITEABLE,
            CharacteristicValue(write=self._on_command),
        )
        return [Service(SERVICE_UUID, [commands, self._stream])]

    def on_disconnected(self) -> None:
        """Nobody listens any more, and registers are locked again."""
        self.streams, self._locked = False, True

    def _on_subscription(self, _connection: Connection, notify: bool, _indicate: bool) -> None:
        begins = notify and not self.streams
        self.streams = notify
        if begins:
            self._begin_stream()

    def _on_command(self, _connection: Connection, data: bytes) -> None:
        """Do what is written; what is no command, or locked, is ignored without a word, as real ones do."""
        try:
            command = parse_command(data)
        except FrameError:
            return
        read, (register, value) = register_that_is_read(command), command
        if read is not None:
            self._answer(read)
        elif command == _UNLOCK:
            self._locked = False
        elif register == RATE_REGISTER and not self._locked and self._has(_RATES_HZ.get(value)):
            self.rate_hz = _RATES_HZ[value]
            self._begin_stream()

    def _answer(self, register: int) -> None:
        if self._mute_reads > 0:
            self._mute_reads -= 1
        else:
            self.spawn(self.notify(self._stream, encode_reply(self._reply(register))))

    def _has(self, rate_hz: float | None) -> bool:
        return rate_hz is not None and (self._feed_rate_hz / rate_hz).is_integer()

    def _reply(self, first: int) -> RegisterReply:
        known = {RATE_REGISTER: RATE_CODES[self.rate_hz], BATTERY_REGISTER: self._battery_centivolt}
        return RegisterReply(first, tuple(known.get(first + step, 0) for step in range(REPLY_REGISTERS)))

    def _begin_stream(self) -> None:
        self._streams_so_far += 1
        self.spawn(self._send(self._streams_so_far))

    def _goes_on(self, stream: int) -> bool:
        return self.streams and stream == self._streams_so_far

    async def _send(self, stream: int) -> None:
        index = math.ceil(self.radio.motion.begin() * self._feed_rate_hz)
        step = round(self._feed_rate_hz / self.rate_hz)
        while self._goes_on(stream):
            await self.radio.motion.wait_until((index + (RECORDS - 1) * step) / self._feed_rate_hz)
            if not self._goes_on(stream):
                return
            samples = self._played.samples(index, RECORDS * step)
            await self.notify(self._stream, encode_records(counts_of(*samples)[::step]))
            index += RECORDS * step
