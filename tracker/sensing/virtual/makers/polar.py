"""A Polar Verity Sense without hardware."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bumble.att import ATT_WRITE_NOT_PERMITTED_ERROR, ATT_Error
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_protocol import BATTERY_LEVEL_UUID, BATTERY_SERVICE_UUID, DEVICE_INFORMATION_SERVICE_UUID
from firmware_protocol.blocks import Int64Array
from firmware_protocol.errors import FrameError
from firmware_protocol.makers.polar_control import (
    ADVERTISED_SERVICE_UUID,
    CONTROL_UUID,
    DATA_UUID,
    NAME_PREFIX,
    SERVICE_UUID,
    Opcode,
    PolarError,
    Setting,
    Settings,
    decode_settings,
    encode_answer,
)
from firmware_protocol.makers.polar_frames import (
    DIFFERENCES,
    LARGEST_FRAME_BYTES,
    Measurement,
    encode_frame,
    samples_that_fit,
)
from firmware_protocol.stream import ATT_HEADER_BYTES, STANDARD_GRAVITY_M_PER_S2
from tracker.sensing.virtual.advertisement import Advertisement
from tracker.sensing.virtual.makers.played_feed import PlayedFeed
from tracker.sensing.virtual.peripheral import STEADY, LinkScript, VirtualPeripheral
from tracker.sensing.virtual.radio import VirtualRadio

MODEL, FIRMWARE = "INW4J", "2.2.5"
BOOTED_NS = 762_000_000_000_000_000
"""The sensor's clock when the motion begins, ns since 2000."""
MOST_SAMPLES = 130
"""In one notification; as many were seen where the sensor lay still."""
_STREAMS = (Measurement.ACCELEROMETER, Measurement.GYROSCOPE)
_RATES_HZ: dict[bool, tuple[int, ...]] = {False: (52,), True: (26, 52, 104, 208, 416)}
_RANGES: dict[tuple[Measurement, bool], tuple[int, ...]] = {
    (Measurement.ACCELEROMETER, False): (8,),
    (Measurement.ACCELEROMETER, True): (2, 4, 8, 16),
    (Measurement.GYROSCOPE, False): (2000,),
    (Measurement.GYROSCOPE, True): (250, 500, 1000, 2000),
}


@dataclass(frozen=True, slots=True)
class PolarFaults:
    """How it misbehaves.

    Attributes:
        mute: beginnings of requests that are never answered.
        refused: beginnings of requests that are refused, with the error.
        unknown: beginnings of requests whose writing is refused by ATT.
        has_sdk_mode: false for firmware before 1.1.5.
        longest_answer_bytes: longer answers take several indications.
    """

    mute: frozenset[bytes] = frozenset()
    refused: tuple[tuple[bytes, PolarError], ...] = ()
    unknown: frozenset[bytes] = frozenset()
    has_sdk_mode: bool = True
    longest_answer_bytes: int = 512


FAULTLESS = PolarFaults()


class VirtualPolar(VirtualPeripheral):
    """Plays a feed as the sensor would send it.

    Attributes:
        streaming: which streams run.
        sdk_mode: whether the SDK mode is on.
        requests: what was asked for, in order.

    Args:
        device_id: 8 hexadecimal digits, printed on the sensor.
    """

    def __init__(
        self,
        radio: VirtualRadio,
        played: PlayedFeed,
        device_id: str,
        *,
        battery_percent: int = 87,
        script: LinkScript = STEADY,
        faults: PolarFaults = FAULTLESS,
    ) -> None:
        address = "C7:" + ":".join(f"00{device_id}"[at : at + 2] for at in range(0, 10, 2)).upper()
        advertisement = Advertisement(NAME_PREFIX + device_id, (ADVERTISED_SERVICE_UUID[4:8],))
        super().__init__(radio, address, advertisement, script=script)
        self.streaming: set[Measurement] = set()
        self.sdk_mode = False
        self.requests: list[bytes] = []
        self._played = played
        self._battery_percent = battery_percent
        self._faults = faults
        properties, permissions = Characteristic.Properties, Characteristic.Permissions
        self._control: Characteristic[bytes] = Characteristic(
            CONTROL_UUID,
            properties.READ | properties.WRITE | properties.INDICATE,
            permissions.READABLE | permissions.WRITEABLE,
            CharacteristicValue(read=lambda _: bytes((0x0F, 0x24, *[0] * 15)), write=self._on_control),
        )
        self._data: Characteristic[bytes] = Characteristic(
            DATA_UUID, properties.NOTIFY, permissions.READABLE, b""
        )

    def services(self) -> Sequence[Service]:
        """Measurement service, battery and device information."""
        about = {"2a24": MODEL.encode(), "2a26": FIRMWARE.encode()}
        return [
            Service(SERVICE_UUID, [self._control, self._data]),
            Service(BATTERY_SERVICE_UUID, [_readable(BATTERY_LEVEL_UUID, bytes([self._battery_percent]))]),
            Service(DEVICE_INFORMATION_SERVICE_UUID, [_readable(*item) for item in about.items()]),
        ]

    def on_disconnected(self) -> None:
        """The streams have ended with the link."""
        self.streaming.clear()

    def _on_control(self, _connection: Connection, request: bytes) -> None:
        self.requests.append(request)
        if any(request.startswith(beginning) for beginning in self._faults.unknown):
            raise ATT_Error(ATT_WRITE_NOT_PERMITTED_ERROR)
        if not any(request.startswith(beginning) for beginning in self._faults.mute):
            self.spawn(self._answer(request))

    async def _answer(self, request: bytes) -> None:
        refused = (error for beginning, error in self._faults.refused if request.startswith(beginning))
        error, settings = next(refused, None), Settings()
        if error is None:
            error, settings = self._done(request)
        answer = encode_answer(request[0], request[1], error, settings)
        for indication in _indications(answer, self._faults.longest_answer_bytes):
            await self.indicate(self._control, indication)

    def _done(self, request: bytes) -> tuple[PolarError, Settings]:
        """Do what is asked for; the error and the settings of the answer."""
        opcode, kind = request[0], request[1]
        if kind == Measurement.SDK_MODE:
            return self._switch_sdk_mode(opcode), {}
        if kind not in _STREAMS:
            return PolarError.INVALID_MEASUREMENT, {}
        measurement = Measurement(kind)
        if opcode == Opcode.GET_SETTINGS:
            return PolarError.SUCCESS, self._offer(measurement)
        if opcode == Opcode.START:
            return self._start(measurement, request[2:])
        if opcode != Opcode.STOP:
            return PolarError.INVALID_OPCODE, {}
        if measurement not in self.streaming:
            return PolarError.ALREADY_IN_STATE, {}
        self.streaming.discard(measurement)
        return PolarError.SUCCESS, {}

    def _switch_sdk_mode(self, opcode: int) -> PolarError:
        if not self._faults.has_sdk_mode:
            return PolarError.INVALID_MEASUREMENT
        if self.streaming:
            return PolarError.INVALID_STATE
        if self.sdk_mode == (opcode == Opcode.START):
            return PolarError.ALREADY_IN_STATE
        self.sdk_mode = opcode == Opcode.START
        return PolarError.SUCCESS

    def _offer(self, measurement: Measurement) -> Settings:
        return {
            Setting.RATE_HZ: _RATES_HZ[self.sdk_mode],
            Setting.RESOLUTION_BITS: (16,),
            Setting.RANGE: _RANGES[measurement, self.sdk_mode],
            Setting.CHANNELS: (3,),
        }

    def _start(self, measurement: Measurement, data: bytes) -> tuple[PolarError, Settings]:
        try:
            chosen = decode_settings(data)
        except FrameError:
            return PolarError.INVALID_PARAMETER, {}
        if measurement in self.streaming:
            return PolarError.ALREADY_IN_STATE, {}
        wrong = {
            Setting.RATE_HZ: PolarError.INVALID_SAMPLE_RATE,
            Setting.RESOLUTION_BITS: PolarError.INVALID_RESOLUTION,
            Setting.RANGE: PolarError.INVALID_RANGE,
            Setting.CHANNELS: PolarError.INVALID_CHANNELS,
        }
        for setting, offered in self._offer(measurement).items():
            if len(chosen.get(setting, ())) != 1 or chosen[setting][0] not in offered:
                return wrong[setting], {}
        factor = float(np.float32(chosen[Setting.RANGE][0] / 32_768))
        self.streaming.add(measurement)
        self.spawn(self._send(measurement, chosen[Setting.RATE_HZ][0], factor))
        return PolarError.SUCCESS, {Setting.FACTOR: (factor,)}

    async def _send(self, measurement: Measurement, rate_hz: float, factor: float) -> None:
        index = math.ceil(self.radio.motion.begin() * rate_hz)
        while measurement in self.streaming and self.connection is not None:
            room = min(LARGEST_FRAME_BYTES, self.connection.att_mtu - ATT_HEADER_BYTES)
            counts = self._counts(measurement, index, factor)
            counts = counts[: samples_that_fit(counts, room)]
            last = index + len(counts) - 1
            await self.radio.motion.wait_until(last / rate_hz)
            if measurement not in self.streaming:
                return
            last_ns = BOOTED_NS + round(last * 1e9 / rate_hz)
            await self.notify(self._data, encode_frame(measurement, last_ns, counts, frame_type=DIFFERENCES))
            index = last + 1

    def _counts(self, measurement: Measurement, index: int, factor: float) -> Int64Array:
        acceleration, rate = self._played.samples(index, MOST_SAMPLES)
        if measurement is Measurement.GYROSCOPE:
            values = np.degrees(rate)
        else:
            values = acceleration / STANDARD_GRAVITY_M_PER_S2
        counts: Int64Array = np.clip(np.rint(values / factor), -32_768, 32_767).astype(np.int64)
        return counts


def _indications(answer: bytes, longest: int) -> list[bytes]:
    """An answer in parts; all but the last say that more follows, in the byte before their settings."""
    head, settings = answer[:4], answer[5:]
    parts = [settings[at : at + longest - 5] for at in range(0, max(1, len(settings)), longest - 5)]
    flags = [b"\x01"] * (len(parts) - 1) + [b"\x00"]
    return [
        (head if at == 0 else b"") + flag + part
        for at, (flag, part) in enumerate(zip(flags, parts, strict=True))
    ]


def _readable(uuid: str, value: bytes) -> Characteristic[bytes]:
    return Characteristic(uuid, Characteristic.Properties.READ, Characteristic.Permissions.READABLE, value)
