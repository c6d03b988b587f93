"""A MetaMotion without hardware."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol import DEVICE_INFORMATION_SERVICE_UUID
from firmware_protocol.makers.metamotion import SAMPLES_PER_NOTIFICATION, MetaMotionEncoder
from firmware_protocol.makers.metamotion_registers import (
    ACCELEROMETER_CHIPS,
    ACCELEROMETER_RANGES_G,
    COMMAND_UUID,
    DEFAULT_NAME,
    GYROSCOPE_RANGES_DPS,
    HEAD_BYTES,
    NOTIFY_UUID,
    SAMPLE_RATES_HZ,
    SERVICE_UUID,
    Chip,
    Module,
    battery_read,
    config_command,
    config_read,
    info_read,
    start_commands,
    stop_commands,
)
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

MODELS = {Chip.BMI160: "5", Chip.BMI270: "8"}
FIRMWARE = "1.7.2"
_ACCELEROMETER, _GYROSCOPE = Module.ACCELEROMETER, Module.GYROSCOPE
_RANGES: dict[Module, tuple[float, ...]] = {
    _ACCELEROMETER: ACCELEROMETER_RANGES_G,
    _GYROSCOPE: GYROSCOPE_RANGES_DPS,
}
_CONFIG_HEADS = {bytes((module, 0x03)): module for module in _RANGES}
_CHARGE_MV = 4000


@dataclass(frozen=True, slots=True)
class MetaMotionFaults:
    """How it misbehaves.

    Attributes:
        mute: reads that are never answered.
        has_gyroscope: false for boards of the same maker without one.
    """

    mute: frozenset[bytes] = frozenset()
    has_gyroscope: bool = True


FAULTLESS = MetaMotionFaults()


class VirtualMetaMotion(VirtualPeripheral):
    """Plays a feed as the sensor would send it. It takes no rate but that of its feed.

    Attributes:
        switched_on: commands of the start that are in force; it streams with all of them.
        blinks: patterns that its light was told.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        played: PlayedFeed,
        address: str,
        *,
        chip: Chip = Chip.BMI270,
        battery_percent: int = 87,
        script: LinkScript = STEADY,
        faults: MetaMotionFaults = FAULTLESS,
    ) -> None:
        super().__init__(radio, address, Advertisement(DEFAULT_NAME, (SERVICE_UUID,)), script=script)
        self.switched_on: set[bytes] = set()
        self.blinks: list[bytes] = []
        self._played = played
        self._chip = chip
        self._faults = faults
        self._config = {module: bytes(HEAD_BYTES) for module in _RANGES}
        self._ranges = {module: ranges[0] for module, ranges in _RANGES.items()}
        self._streams_so_far = 0
        number = next(number for number, known in ACCELEROMETER_CHIPS.items() if known is chip)
        charge = bytes((battery_percent,)) + _CHARGE_MV.to_bytes(2, "little")
        self._told = {
            info_read(_ACCELEROMETER): bytes((number, 1)),
            info_read(_GYROSCOPE): bytes((0, 1)) if faults.has_gyroscope else b"",
            battery_read(): charge,
        }

    @property
    def streams(self) -> bool:
        """Whether it sends samples."""
        return self.switched_on == set(start_commands(self._chip))

    def services(self) -> Sequence[Service]:
        """The maker's service and device information."""
        properties, permissions = Characteristic.Properties, Characteristic.Permissions
        self._notified: Characteristic[bytes] = Characteristic(
            NOTIFY_UUID, properties.NOTIFY, permissions.READABLE, b""
        )
        commands: Characteristic[bytes] = Characteristic(
            COMMAND_UUID,
            properties.WRITE | properties.WRITE_WITHOUT_RESPONSE,
            permissions.WRITEABLE,
            CharacteristicValue(write=self._on_command),
        )
        about = {"2a24": MODELS[self._chip], "2a26": FIRMWARE}
        texts = [
            Characteristic(uuid, properties.READ, permissions.READABLE, text.encode())
            for uuid, text in about.items()
        ]
        return [
            Service(SERVICE_UUID, [commands, self._notified]),
            Service(DEVICE_INFORMATION_SERVICE_UUID, texts),
        ]

    def on_disconnected(self) -> None:
        """Nothing is sent without a link; what was switched on stays so, as in real ones."""
        self._streams_so_far += 1

    def _on_command(self, _connection: Connection, command: bytes) -> None:
        """Do what is written; only reads are answered."""
        ends = dict(zip(stop_commands(self._chip), reversed(start_commands(self._chip)), strict=True))
        if command in start_commands(self._chip):
            self._switch_on(command)
        elif command in ends:
            self.switched_on.discard(ends[command])
        elif command[:HEAD_BYTES] in _CONFIG_HEADS:
            self._configure(_CONFIG_HEADS[command[:HEAD_BYTES]], command)
        elif command[0] == Module.LED:
            self.blinks.append(command)
        elif command not in self._faults.mute:
            self._answer(command)

    def _answer(self, command: bytes) -> None:
        told = {**self._told, **{config_read(module): data for module, data in self._config.items()}}
        if command in told:
            self.spawn(self.notify(self._notified, command + told[command]))

    def _configure(self, module: Module, command: bytes) -> None:
        for rate_hz, measured in product(SAMPLE_RATES_HZ, _RANGES[module]):
            taken = config_command(self._chip, module, rate_hz, measured) == command
            if taken and rate_hz == self._played.feed.rate_hz:
                self._config[module], self._ranges[module] = command[HEAD_BYTES:], measured

    def _switch_on(self, command: bytes) -> None:
        streamed = self.streams
        self.switched_on.add(command)
        if self.streams and not streamed:
            self._streams_so_far += 1
            self.spawn(self._send(self._streams_so_far))

    async def _send(self, stream: int) -> None:
        rate_hz = self._played.feed.rate_hz
        settings = StreamSettings(rate_hz, self._ranges[_ACCELEROMETER], self._ranges[_GYROSCOPE])
        encoder = MetaMotionEncoder(self._chip, settings)
        index = math.ceil(self.radio.motion.begin() * rate_hz)
        while self.streams and stream == self._streams_so_far:
            await self.radio.motion.wait_until((index + SAMPLES_PER_NOTIFICATION - 1) / rate_hz)
            if not self.streams or stream != self._streams_so_far:
                return
            for payload in encoder.encode(*self._played.samples(index, SAMPLES_PER_NOTIFICATION)):
                await self.notify(self._notified, payload)
            index += SAMPLES_PER_NOTIFICATION
