"""Prints what the program measures beside what is true, on simulated bodies and on real recordings.

Run with `make bench`. Tests hold the same figures to their bounds; this shows by how much.
"""

import csv
import sys
from collections.abc import Sequence
from dataclasses import replace
from math import degrees, radians
from pathlib import Path

import numpy as np

from tracker.model import Edge, PhaseKind, PhaseMark, Placement, Side, TimedBlock
from tracker.motion.parameters import MotionParameters
from tracker.plan.catalogue import load_catalogue
from tracker.recording.reader import read_recording
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed, simulate_block
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import random_mounting
from tracker.session.analyser import AnalysisParameters
from tracker.session.pipeline import SessionPipeline
from tracker.session.replay import replay_opened
from tracker.session.settings import load_settings

RECORDINGS = Path(__file__).parents[2] / "recordings"
STRAPS = 20
SETS = 100
RATE_HZ = 100.0
THIGHS = (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)


def measured(blocks: Sequence[TimedBlock], marks: Sequence[PhaseMark]) -> SessionPipeline:
    """The pipeline after a session."""
    pipeline = SessionPipeline(
        [block.placement for block in blocks], MotionParameters(), load_catalogue().counting
    )
    for block in blocks:
        pipeline.begin(block.placement, RATE_HZ)
    for mark in marks:
        pipeline.mark(mark)
    for block in blocks:
        pipeline.feed(block)
    pipeline.finish()
    return pipeline


def worn(
    script: BodyScript, placements: Sequence[Placement], rng: np.random.Generator, turn_rad: float
) -> list[TimedBlock]:
    """What sensors send, each with noise and offsets drawn anew and its strap turned by up to `turn_rad`."""
    blocks = []
    for placement in placements:
        mounting = random_mounting(placement, rng)
        if placement is not Placement.PELVIS:
            misaligned_rad = rng.normal(0.0, radians(4.0), 3)
            mounting = Mounting.strapped(
                strap_rotation_rad=float(rng.uniform(-turn_rad, turn_rad)), misalignment_rad=misaligned_rad
            )
        blocks.append(simulate_block(BodyFeed(script, placement, mounting, MemsModel.drawn(rng), RATE_HZ)))
    return blocks


def rest_errors() -> None:
    """Resting hip rotation of the simulated body: random straps, any angle from 0 to 60 deg outward."""
    rng = np.random.default_rng(2026)
    errors_deg, refused = [], 0
    for number in range(STRAPS):
        outward_rad = dict(zip((Side.LEFT, Side.RIGHT), rng.uniform(0.0, radians(60.0), 2), strict=True))
        script = ScriptBuilder().stand(3.0).lie_down(1.5).reference(4.0)
        script = script.relax(
            left_rad=-outward_rad[Side.LEFT], right_rad=-outward_rad[Side.RIGHT], duration_s=1.0
        )
        body = script.rest(6.5).build()
        placements = (*THIGHS, Placement.PELVIS) if number % 2 else THIGHS
        for test in measured(worn(body, placements, rng, np.pi), body.marks()).rest_tests:
            if test.hip_rotation_rad is None:
                refused += 1
            else:
                errors_deg.append(degrees(test.hip_rotation_rad + outward_rad[test.side]))
    largest = max(map(abs, errors_deg))
    show(
        f"resting rotation, {STRAPS} random straps, both legs",
        f"largest error {largest:.2f} deg, {refused} refused",
    )


def random_sets() -> None:
    """Sets of 1 to 20 repetitions of 18 to 45 deg, 0.4 to 4 s a phase, counted exactly."""
    rng = np.random.default_rng(7)
    exact = total = 0
    errors_deg: list[float] = []
    for _ in range(SETS):
        count = int(rng.integers(1, 21))
        holds_s = [1.0, 8.0]
        tempos = [
            Tempo(*rng.uniform([0.4, 0.0, 0.4, 0.0], [4.0, holds_s[int(rng.random() < 0.2)], 4.0, 3.0]))
            for _ in range(count)
        ]
        script = ScriptBuilder().stand(2.0).lie_down(1.5).reference(3.0)
        script = script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0)
        script.repetitions(np.radians(rng.uniform(18, 45, count)).tolist(), tempos, still_before_s=1.6)
        body = script.build()
        for done in measured(worn(body, THIGHS, rng, np.pi), body.marks()).sets:
            total += 1
            exact += (done.valid_reps, done.partial_reps) == (count, 0)
            true = body.repetitions_of(done.side or Side.LEFT)
            if len(done.repetitions) == len(true):
                pairs = zip(done.repetitions, true, strict=True)
                errors_deg += [
                    degrees(rep.rom_rad - one.rom_rad) for rep, one in pairs if rep.rom_rad is not None
                ]
    rms = float(np.sqrt(np.mean(np.square(errors_deg))))
    show(
        f"{total} random simulated sets of one leg",
        f"{exact} counted exactly, range of motion {rms:.2f} deg RMS",
    )


def band_recordings() -> None:
    """The real band recordings, beside the counts by eye."""
    folder = RECORDINGS / "spar_band_internal_rotation"
    settings = load_settings()
    parameters = AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)
    off = []
    with (folder / "counts.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            result, _ = replay_opened(read_recording(folder / row["file"]), parameters)
            off.append(sum(done.valid_reps for done in result.analysis.sets) - int(row["repetitions"]))
    exact = sum(one == 0 for one in off)
    show(f"{len(off)} real band recordings", f"{exact} exact, largest miscount {max(map(abs, off))}")


def sitting_standing_running() -> None:
    """Standing, sitting and running of a real person, counted as supine in-toeing: there is none."""
    folder = Path(__file__).parents[3] / "shared" / "data" / "qmt_sit_stand_run"
    if not folder.is_dir():
        show("real standing, sitting, running", f"not measured: {folder.name} is not here")
        return
    blocks = []
    for placement in Placement:
        rows = np.loadtxt(folder / f"{placement.value}.csv", delimiter=",", skiprows=1)
        saturated = np.zeros(len(rows), dtype=bool)
        blocks.append(TimedBlock(placement, rows[:, 0], rows[:, 1:4].copy(), rows[:, 4:].copy(), saturated))
    start = PhaseMark(0.0, PhaseKind.SET, Edge.START, Side.BOTH, "supine_in_toeing")
    pipeline = measured(blocks, [start, replace(start, time_s=1e6, edge=Edge.END)])
    counted = sum(len(done.repetitions) for done in pipeline.sets)
    show("real standing, sitting, running", f"{counted} repetitions as supine_in_toeing")


def show(what: str, figure: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:48} {figure}\n")


if __name__ == "__main__":
    rest_errors()
    random_sets()
    band_recordings()
    sitting_standing_running()
