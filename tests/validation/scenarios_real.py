"""R1 to R3: real sensors, turned by hand under cameras, worn in band exercises, worn without exercise."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from checks import Check, Scenario, at_least, at_most, same
from pipeline_bench import PELVIS, THIGHS, run_blocks, set_marks
from real_recordings import BROAD, RUNNING, SPAR, broad, read_columns, spar_set
from scenario_bench import counts
from vqf import VQF

from tracker.model import BoolArray, Edge, FloatArray, PhaseKind, PhaseMark
from tracker.motion.frames.orientation import OrientationFilter, up_from_quaternion
from tracker.motion.parameters import OrientationParameters

OPTICAL = "BROAD: a real sensor turned by hand, optical reference"
BAND = "SPAR: real band exercises of a shoulder, sensor on the wrist"
DAILY = "qmt: a real person with sensors on thighs and pelvis"
OBSERVABLE = 0.5
AXES = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}
"""For a twist about each axis the two components of up that it turns."""


def r1() -> Sequence[Check]:
    checks = []
    for name in ("broad_04", "broad_08"):
        one = broad(name)
        alone = VQF(1.0 / one.rate_hz).updateBatch(
            one.samples.gyroscope_rad_per_s, one.samples.accelerometer_m_per_s2
        )
        up, _ = OrientationFilter(one.rate_hz, OrientationParameters()).update(one.samples)
        for axis in AXES:
            filter_alone = _rmse_deg(up_from_quaternion(alone["quat6D"]), one.true_up, axis, one.moving)
            ours = _rmse_deg(up, one.true_up, axis, one.moving)
            what = f"{name}, twist about {axis}: ours by vqf alone ({ours:.2f} by {filter_alone:.2f} deg)"
            checks.append(at_most(what, 1.15, ours / filter_alone, ""))
    return checks


def _rmse_deg(up: FloatArray, true_up: FloatArray, axis: str, moving: BoolArray) -> float:
    """Of the twist about a sensor's axis, while it moves and where gravity shows it."""
    first, second = AXES[axis]
    seen = np.hypot(true_up[:, first], true_up[:, second]) >= OBSERVABLE
    difference = np.arctan2(up[:, second], up[:, first]) - np.arctan2(true_up[:, second], true_up[:, first])
    error = np.angle(np.exp(1j * difference))[moving & seen & ~np.isnan(difference)]
    return float(np.degrees(np.sqrt(np.mean(error**2))))


def r2() -> Sequence[Check]:
    with (SPAR / "counts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    off = {row["file"]: spar_set(row).valid_reps - int(row["repetitions"]) for row in rows}
    return [
        same("recordings", 10, len(off)),
        at_least("counted as by eye", 9, sum(one == 0 for one in off.values()), "of 10"),
        at_most("largest miscount", 1, max(map(abs, off.values())), "repetitions"),
    ]


def r3() -> Sequence[Check]:
    poses = [
        PhaseMark(0.0, PhaseKind.STANDING, Edge.START),
        PhaseMark(6.0, PhaseKind.STANDING, Edge.END),
        PhaseMark(15.0, PhaseKind.REFERENCE, Edge.START),
        PhaseMark(35.0, PhaseKind.REFERENCE, Edge.END),
    ]
    checks = []
    for placements in (THIGHS, (*THIGHS, PELVIS)):
        blocks = {place: read_columns(RUNNING / f"{place.value}.csv", place) for place in placements}
        end_s = max(float(block.time_s[-1]) for block in blocks.values())
        for what, marks in (("no poses", []), ("poses", poses)):
            start_s = max((mark.time_s for mark in marks), default=0.0)
            run = run_blocks(blocks, [*marks, *set_marks(start_s, end_s)])
            worn = "thighs and pelvis" if PELVIS in placements else "thighs"
            checks += [
                same(f"{worn}, {what}, {done.side}: valid, partial", (0, 0), counts(done))
                for done in run.pipeline.sets
            ]
    return checks


def _missing(path: Path) -> str | None:
    return None if path.exists() else f"the recordings are not at {path.parent.name}/{path.name}"


REAL_SCENARIOS = (
    Scenario("R1", "Twist against an optical reference, beside vqf alone", OPTICAL, r1, _missing(BROAD)),
    Scenario("R2", "Repetitions of any movement (`generic`), counted by eye", BAND, r2, _missing(SPAR)),
    Scenario("R3", "Sitting, standing, running while a set is on", DAILY, r3, _missing(RUNNING)),
)
