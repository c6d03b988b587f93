"""What kind of sensor a virtual sensor is."""

import math
from dataclasses import dataclass

from firmware_protocol import PROTOCOL_MINOR, Capabilities, Feature, PlacementCode
from tracker.sensing.identity import advertised_name
from tracker.sensing.virtual.feed import TickClock

FIRMWARE_NAME = "virtual-imu 1.1.0"
DEFAULT_CLOCK = TickClock()


@dataclass(frozen=True, slots=True)
class SensorSettings:
    """What kind of sensor a virtual sensor is.

    Attributes:
        device_id: 8 bytes that no other sensor on the radio has.
        rate_hz: the one rate that it samples at, by its own clock.
        accelerometer_range_g: the one range that it takes; that of the feed's counts.
        gyroscope_range_dps: the one range that it takes, degrees a second; that of the feed's counts.
        clock: its oscillator.
        mtu: largest ATT MTU that it agrees to.
        battery_percent: charge that it reports.
        ring_buffer_s: how long it keeps its samples, to send them again where they were lost; 0 keeps none.
        records_per_s: how quickly it sends them again; slowly enough that live frames are never held up.
        protocol_minor: version within the major that it states; what it can do is told by the rest.
        rssi_dbm: how strongly it is heard.
        encryption_required: its service is there for encrypted links only.
        placement: where it was told that it sits.
    """

    device_id: bytes
    rate_hz: float = 100.0
    accelerometer_range_g: int = 4
    gyroscope_range_dps: int = 1000
    clock: TickClock = DEFAULT_CLOCK
    mtu: int = 247
    battery_percent: int = 100
    ring_buffer_s: float = 120.0
    records_per_s: float = 20.0
    protocol_minor: int = PROTOCOL_MINOR
    rssi_dbm: int = -60
    encryption_required: bool = False
    placement: PlacementCode = PlacementCode.UNSET

    @property
    def name(self) -> str:
        """Advertised name."""
        return advertised_name(self.device_id)

    @property
    def address(self) -> str:
        """Static random Bluetooth address, made from the id."""
        return ":".join(f"{byte:02X}" for byte in (0xC6, *self.device_id[-5:]))

    @property
    def true_rate_hz(self) -> float:
        """Samples in a second of true time: the rate that a feed for this sensor must have."""
        return self.clock.true_tick_rate_hz / self.clock.interval_ticks(self.rate_hz)

    @property
    def ring_buffer_samples(self) -> int:
        """How many samples it keeps."""
        return math.floor(self.ring_buffer_s * self.rate_hz)

    @property
    def capabilities(self) -> Capabilities:
        """What it states about itself."""
        return Capabilities(
            protocol_minor=self.protocol_minor,
            device_id=self.device_id,
            firmware=FIRMWARE_NAME,
            tick_rate_hz=self.clock.tick_rate_hz,
            sample_rates_hz=(self.rate_hz,),
            accelerometer_ranges_g=(self.accelerometer_range_g,),
            gyroscope_ranges_dps=(self.gyroscope_range_dps,),
            accelerometer_range_g=self.accelerometer_range_g,
            gyroscope_range_dps=self.gyroscope_range_dps,
            ring_buffer_samples=self.ring_buffer_samples,
            features=Feature.IDENTIFY
            | (Feature.RESUME_AND_FETCH if self.ring_buffer_samples else Feature.NONE)
            | (Feature.ENCRYPTION_REQUIRED if self.encryption_required else Feature.NONE),
            placement=self.placement,
        )
