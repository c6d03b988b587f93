"""An invented sensor, as another package adds it: bytes to samples, and what is written to it.

It advertises a service of its own. A 1 on its control characteristic starts the stream, a 0 ends it. Each
notification has the number of its first sample (u32), the sensor's clock then in ms (u32), and samples of
acceleration x, y, z and turning x, y, z (i16 each, full scale 8 g and 2000 deg/s), 50 in a second.
"""

import math
import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from firmware_protocol import Bytes, FrameBatch, FrameError
from firmware_protocol.decoder import Lack, StreamDescription
from firmware_protocol.makers.frame_builder import FrameBuilder
from firmware_protocol.makers.stream_settings import StreamSettings
from tracker.model import SensorIdentity
from tracker.sensing.drivers.battery import standard_battery_percent
from tracker.sensing.drivers.driver import SensorKind
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters

PROTOCOL = "example-sensor"
SERVICE_UUID = "7d1a0001-5d0c-4c7b-9a55-2f1f5c0e7a10"
CONTROL_UUID = "7d1a0002-5d0c-4c7b-9a55-2f1f5c0e7a10"
STREAM_UUID = "7d1a0003-5d0c-4c7b-9a55-2f1f5c0e7a10"

RATE_HZ, ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS = 50, 8, 2000
TICKS_PER_S, TICKS_PER_MS = 1_000_000, 1_000
HEADER = struct.Struct("<II")
SAMPLE_BYTES = 12
G_M_PER_S2 = 9.80665


class ExampleDecoder:
    """Bytes to samples. Whatever the bytes are, it raises nothing."""

    def __init__(self, settings: StreamSettings) -> None:
        full_scale = 32_768
        self._m_per_s2 = settings.accelerometer_range_g * G_M_PER_S2 / full_scale
        self._rad_per_s = math.radians(settings.gyroscope_range_dps) / full_scale
        self._interval_ticks = round(TICKS_PER_S / settings.rate_hz)
        self._description = StreamDescription(
            tick_rate_hz=TICKS_PER_S,
            sample_rates_hz=(settings.rate_hz,),
            lacks=frozenset({Lack.BACKFILL}),
        )

    @property
    def description(self) -> StreamDescription:
        """What its frames are counted in."""
        return self._description

    def decode(self, payloads: Sequence[Bytes], received_ns: npt.NDArray[np.int64]) -> FrameBatch:  # noqa: ARG002 - the sensor tells time itself
        """One frame from each notification."""
        frames = FrameBuilder()
        for position, payload in enumerate(payloads):
            count, left = divmod(len(payload) - HEADER.size, SAMPLE_BYTES)
            if count < 1 or left:
                frames.refuse(position, FrameError("length", len(payload), "no whole number of samples"))
                continue
            number, clock_ms = HEADER.unpack_from(payload)
            counts = np.frombuffer(payload, "<i2", offset=HEADER.size).reshape(count, 6)
            frames.add(
                position,
                first_sample_index=number,
                first_tick=clock_ms * TICKS_PER_MS,
                interval_ticks=self._interval_ticks,
                accelerometer_m_per_s2=counts[:, :3] * self._m_per_s2,
                gyroscope_rad_per_s=counts[:, 3:] * self._rad_per_s,
                saturated=np.any(np.abs(counts.astype(np.int32)) >= 32_441, axis=1),
            )
        return frames.batch()


class ExampleDriver:
    """What is written to the sensor. The link is connected and closed by the program."""

    def __init__(self, gatt: GattLink, parameters: LinkParameters, sink: ValueSink) -> None:
        self._gatt = gatt
        self._parameters = parameters
        self._sink = sink

    async def open(self) -> str:
        """Its address is all that it is known by."""
        return sensor_id(self._gatt.sensor.address)

    async def start(self, session: int) -> SensorIdentity:  # noqa: ARG002 - it knows no sessions
        """Subscribe first, so that nothing is missed; then start."""
        await self._gatt.subscribe(STREAM_UUID, self._sink)
        await self._gatt.write(CONTROL_UUID, b"\x01", doing="START")
        settings = StreamSettings(RATE_HZ, ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS, model="Example")
        sensor = self._gatt.sensor
        return SensorIdentity(
            sensor_id(sensor.address), sensor.address, sensor.name, PROTOCOL, settings.encode()
        )

    async def stop(self) -> None:
        """End the stream."""
        await self._gatt.write(CONTROL_UUID, b"\x00", doing="STOP")

    async def battery_percent(self) -> int | None:
        """By the standard service."""
        return await standard_battery_percent(self._gatt)

    async def identify(self, duration_s: int) -> bool:  # noqa: ARG002 - it has no light
        """It cannot show itself."""
        return False


def sensor_id(address: str) -> str:
    """What a pairing remembers."""
    return f"{PROTOCOL}:{address.lower()}"


def recognises(name: str, service_uuids: Sequence[str]) -> bool:  # noqa: ARG001 - the service says it
    """Whether an advertisement is one of its."""
    return SERVICE_UUID in service_uuids


def may_be(wanted_id: str, address: str, name: str) -> bool:  # noqa: ARG001 - the address says it
    """Whether an advertisement may be that of the sensor with an id."""
    return wanted_id == sensor_id(address)


def make_decoder(capabilities: bytes) -> ExampleDecoder:
    """For a recording, or a session that goes on."""
    return ExampleDecoder(StreamSettings.decode(capabilities))


KIND = SensorKind(PROTOCOL, "Example sensor", recognises, may_be, ExampleDriver, make_decoder)
