"""The project's words as values: what is measured, where, when, and with what result.

Angles are radians, times seconds since the recording's start, frames ISB (x anterior, y proximal,
z to the right on both legs). Internal rotation is positive on both legs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


class Placement(StrEnum):
    """Where a sensor sits."""

    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    PELVIS = "pelvis"


class Side(StrEnum):
    """A body side; `BOTH` where an exercise moves both legs."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def sign(self) -> int:
        """+1 right, -1 left: the factor that makes internal rotation positive on both legs."""
        if self is Side.BOTH:
            raise ValueError("only one leg has a sign")
        return 1 if self is Side.RIGHT else -1

    @property
    def thighs(self) -> tuple[Placement, ...]:
        """The thigh placements that this side speaks of."""
        return {
            Side.LEFT: (Placement.LEFT_THIGH,),
            Side.RIGHT: (Placement.RIGHT_THIGH,),
            Side.BOTH: (Placement.LEFT_THIGH, Placement.RIGHT_THIGH),
        }[self]


THIGH_SIDES: dict[Placement, Side] = {Placement.LEFT_THIGH: Side.LEFT, Placement.RIGHT_THIGH: Side.RIGHT}


class PhaseKind(StrEnum):
    """What a person does during an interval of a session."""

    STANDING = "standing"
    """Upright and still: gives the long axis."""
    REFERENCE = "reference"
    """Neutral pose, still: gives the zero."""
    REST = "rest"
    """Lying relaxed and still: the rest test."""
    SET = "set"
    """Repetitions of one exercise in a row."""


class Edge(StrEnum):
    """The beginning or the end of a phase."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """One edge of a phase, as it happens in a live session and as the recording keeps it.

    Attributes:
        time_s: seconds since the recording's start.
        side: the leg meant; None means all legs that wear a sensor.
        exercise: catalogue name, for a set.
    """

    time_s: float
    kind: PhaseKind
    edge: Edge
    side: Side | None = None
    exercise: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification as a sensor sent it, before anything is made of it.

    Attributes:
        payload: the bytes of the stream characteristic, with the device ticks in them.
        received_ns: host monotonic clock when the notification arrived.
    """

    placement: Placement
    payload: bytes
    received_ns: int


@dataclass(frozen=True, slots=True)
class WallClockAnchor:
    """One instant on two clocks: turns host monotonic stamps into wall-clock time.

    Attributes:
        wall_ns: nanoseconds since 1970 UTC.
        monotonic_ns: host monotonic clock at the same instant.
    """

    wall_ns: int
    monotonic_ns: int

    def wall_at(self, monotonic_ns: int) -> int:
        """Wall-clock nanoseconds since 1970 UTC of a host monotonic stamp."""
        return self.wall_ns + monotonic_ns - self.monotonic_ns


@dataclass(frozen=True, slots=True)
class SensorIdentity:
    """A sensor as it is told apart from all others.

    Attributes:
        sensor_id: stable id that the sensor states itself, else its address.
        address: Bluetooth address (on macOS a system-made UUID); empty for imported files.
        name: advertised name.
        protocol: name of the wire protocol, for example `hip-imu`.
        capabilities: the sensor's capabilities characteristic as read.
    """

    sensor_id: str
    address: str
    name: str
    protocol: str
    capabilities: bytes


@dataclass(frozen=True, slots=True, eq=False)
class TimedBlock:
    """Consecutive samples of one sensor, in order, on the recording's time line.

    Attributes:
        time_s: (N,) strictly rising seconds since the recording's start.
        accelerometer_m_per_s2: (N, 3) specific force in the sensor frame; at rest it points up.
        gyroscope_rad_per_s: (N, 3) angular rate in the sensor frame.
        saturated: (N,) true where any axis is at its range's end.
    """

    placement: Placement
    time_s: FloatArray
    accelerometer_m_per_s2: FloatArray
    gyroscope_rad_per_s: FloatArray
    saturated: BoolArray

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, start: int, stop: int) -> "TimedBlock":
        """The samples `start` up to, not including, `stop`."""
        return self.chosen(slice(start, stop))

    def chosen(self, which: "slice | BoolArray") -> "TimedBlock":
        """Some of the samples: a slice of them, or those where `which`, (N,), is true."""
        return TimedBlock(
            self.placement,
            self.time_s[which],
            self.accelerometer_m_per_s2[which],
            self.gyroscope_rad_per_s[which],
            self.saturated[which],
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """An interval without samples of one sensor.

    Attributes:
        start_s: time of the last sample before it.
        end_s: time of the first sample after it.
        missing: number of samples that should have been there.
        cause: `lost` (frames missing), `overflow` (the sensor ran full), `restart` (the sensor began anew).
    """

    start_s: float
    end_s: float
    missing: int
    cause: str


@dataclass(frozen=True, slots=True)
class SensorQuality:
    """What came from one sensor, and what did not.

    Attributes:
        rate_hz: measured sample rate.
        saturated: number of samples at the end of the range.
        bad_frames: notifications that could not be read.
        duplicates: samples that came twice and were dropped.
        drift_ppm: by how much its clock runs faster than the computer's, parts a million; None where that is
            not known, as for imported samples.
    """

    placement: Placement
    rate_hz: float
    samples: int
    missing: int
    gaps: tuple[Gap, ...]
    saturated: int
    bad_frames: int = 0
    duplicates: int = 0
    drift_ppm: float | None = None


class RelativeTo(StrEnum):
    """What a hip rotation is measured against."""

    PELVIS = "pelvis"
    VERTICAL = "vertical"


@dataclass(frozen=True, slots=True)
class RestTest:
    """Resting hip rotation of one leg, or the reason why there is none.

    Attributes:
        hip_rotation_rad: rest minus reference, internal rotation positive; None where refused.
        uncertainty_rad: half width of the 95 % interval; None where refused.
        observability: sine of the angle between thigh and vertical, 0 to 1.
        flags: what widens or limits the value.
        refused: the reason in plain words; None where a value was measured.
    """

    side: Side
    start_s: float
    end_s: float
    hip_rotation_rad: float | None
    uncertainty_rad: float | None
    relative_to: RelativeTo
    observability: float | None
    flags: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Repetition:
    """One movement there and back.

    Attributes:
        start_s, peak_s, end_s: begin of the movement, middle of its hold, the return.
        rom_rad: range of motion, turning point minus start.
        peak_velocity_rad_per_s: largest rate of the way there.
        concentric_s, hold_s, eccentric_s: phases, cut at the rate threshold of the parameters.
        valid: large and long enough for the exercise.
        flags: reasons why it is partial, and what spoilt it (`gap`, `saturated`, ...).
    """

    side: Side | None
    start_s: float
    peak_s: float
    end_s: float
    rom_rad: float
    peak_velocity_rad_per_s: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    valid: bool
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """Repetitions of one exercise in a row, of one leg."""

    exercise: str
    side: Side | None
    start_s: float
    end_s: float
    repetitions: tuple[Repetition, ...]
    flags: tuple[str, ...] = ()

    @property
    def valid_reps(self) -> int:
        """Number of repetitions that count."""
        return sum(rep.valid for rep in self.repetitions)

    @property
    def partial_reps(self) -> int:
        """Number of repetitions that were too small or too short."""
        return sum(not rep.valid for rep in self.repetitions)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One run of one version of the algorithms over one recording.

    Attributes:
        version: version of the algorithms; a change of any result changes it.
        parameters: the parameters used, as JSON text with sorted keys.
        duration_s: from the recording's start to its last sample.
    """

    version: str
    parameters: str
    duration_s: float
    sensors: tuple[SensorQuality, ...]
    rest_tests: tuple[RestTest, ...]
    sets: tuple[ExerciseSet, ...]
