"""Reads the real recordings that do not ship with the project, from where they lie beside it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pipeline_bench import run_blocks, set_marks

from tracker.model import BoolArray, ExerciseSet, FloatArray, Placement, Side, TimedBlock
from tracker.motion.frames.orientation import up_from_quaternion
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2

DATA = Path(__file__).parents[3] / "shared" / "data"
SPAR = DATA / "spar_band_internal_rotation"
RUNNING = DATA / "qmt_sit_stand_run"
BROAD = DATA / "broad_04.npz"


def read_columns(path: Path, placement: Placement, unit_m_per_s2: float = 1.0) -> TimedBlock:
    """Samples of a file with the columns time_s, ax, ay, az, gx, gy, gz; rates in rad/s."""
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return TimedBlock(
        placement,
        rows[:, 0] - rows[0, 0],
        rows[:, 1:4] * unit_m_per_s2,
        rows[:, 4:7].copy(),
        np.zeros(len(rows), dtype=bool),
    )


def spar_set(row: dict[str, str], chunk: int | None = 50) -> ExerciseSet:
    """The set that a recording of the band exercise is; the wrist's sensor plays a thigh's."""
    side = Side(row["side"])
    [placement] = side.thighs
    block = read_columns(SPAR / row["file"], placement, STANDARD_GRAVITY_M_PER_S2)
    marks = set_marks(0.0, float(block.time_s[-1]), "generic", side)
    [done] = run_blocks({placement: block}, marks, rate_hz=50.0, chunk=chunk).pipeline.sets
    return done


@dataclass(frozen=True, slots=True, eq=False)
class TurnedByHand:
    """A sensor that was turned by hand under cameras.

    Attributes:
        true_up: (N, 3) up in the sensor's frame by the cameras; NaN where they lost it.
        moving: (N,) where it was turned.
    """

    rate_hz: float
    samples: TimedBlock
    true_up: FloatArray
    moving: BoolArray


def broad(name: str) -> TurnedByHand:
    """A recording of the BROAD data set, by its file's name."""
    data = np.load(BROAD.with_name(f"{name}.npz"))
    rate_hz = float(data["sampling_rate_hz"])
    force = np.ascontiguousarray(data["accelerometer_m_per_s2"], dtype=np.float64)
    samples = TimedBlock(
        Placement.LEFT_THIGH,
        np.arange(len(force)) / rate_hz,
        force,
        np.ascontiguousarray(data["gyroscope_rad_per_s"], dtype=np.float64),
        np.zeros(len(force), dtype=bool),
    )
    true_up = up_from_quaternion(data["optical_quaternion_wxyz"].astype(np.float64))
    return TurnedByHand(rate_hz, samples, true_up, data["movement"].astype(bool))
