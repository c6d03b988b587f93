"""Runs sessions of a simulated body, or of still poses, through the pipeline, for the scenarios."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from motion_samples import Pose, block_of, end_to_end, random_rotation
from pipeline_bench import LEFT, PELVIS, RIGHT, Run, lying, run_blocks

from tracker.model import (
    THIGH_SIDES,
    Edge,
    ExerciseSet,
    FloatArray,
    PhaseKind,
    PhaseMark,
    Placement,
    Posture,
    Repetition,
    RestTest,
    Side,
    TimedBlock,
)
from tracker.sensing.body.angles import about_x, about_y, about_z
from tracker.sensing.body.builder import Tempo
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript

STANDING_POSE = Pose(pitch_deg=0.0)
LYING_POSE = Pose()
TEMPO = Tempo(1.5, 0.5, 1.5, 0.5)
NOISY = MemsModel(seed=7)


def rad(degrees: float) -> float:
    """Degrees in radians."""
    return math.radians(degrees)


def degrees_of(angle_rad: float | None) -> float | None:
    """Radians in degrees; None stays None."""
    return None if angle_rad is None else math.degrees(angle_rad)


def rotation_deg(test: RestTest) -> float | None:
    """Hip rotation of a rest test; None where it was refused."""
    return degrees_of(test.hip_rotation_rad)


def roms_deg(done: ExerciseSet) -> list[float]:
    """Ranges of a set's repetitions that were not withheld."""
    return [math.degrees(rep.rom_rad) for rep in done.repetitions if rep.rom_rad is not None]


def valid(done: ExerciseSet) -> list[Repetition]:
    """The repetitions that count."""
    return [rep for rep in done.repetitions if rep.valid]


def counts(done: ExerciseSet) -> tuple[int, int]:
    """Valid and partial repetitions."""
    return done.valid_reps, done.partial_reps


def furthest(values: Sequence[float], true: float) -> float:
    """The value that is furthest off."""
    return max(values, key=lambda one: abs(one - true))


def scripted(roms_deg: Sequence[float], tempo: Tempo = TEMPO) -> BodyScript:
    """Poses, then a set of both legs from 25 degrees outward."""
    script = lying().relax(rad(-25.0), rad(-25.0), 1.0)
    script.repetitions([rad(rom) for rom in roms_deg], tempo, still_before_s=2.0, still_after_s=1.0)
    return script.build()


def marks_of(*phases: tuple[float, float, PhaseKind, Posture | None]) -> list[PhaseMark]:
    """Begin and end of phases of all legs."""
    return [
        PhaseMark(start_s if edge is Edge.START else end_s, kind, edge, posture=posture)
        for start_s, end_s, kind, posture in phases
        for edge in Edge
    ]


def still_session(
    rest: Mapping[Side, Pose],
    *,
    reference: Pose = LYING_POSE,
    placements: Sequence[Placement] = (LEFT, RIGHT, PELVIS),
    mountings: Mapping[Placement, FloatArray] | None = None,
    rest_mountings: Mapping[Placement, FloatArray] | None = None,
    posture: Posture | None = None,
    standing: bool = True,
) -> Run:
    """Standing, a reference pose and a rest test in poses without noise, each sensor turned by a rotation.

    Args:
        rest: pose of each leg at rest; the pelvis lies as the right leg's says.
        mountings: (3, 3) sensor to segment; the segment's own axes where not given.
        rest_mountings: the same during the rest test, where the strap has turned.
        standing: whether the standing pose is held.
    """
    before = {place: (mountings or {}).get(place, np.eye(3)) for place in placements}
    after = {**before, **(rest_mountings or {})}
    blocks: dict[Placement, TimedBlock] = {}
    for place in placements:
        steps = [
            (STANDING_POSE, before),
            (reference, before),
            (rest[THIGH_SIDES.get(place, Side.RIGHT)], after),
        ]
        blocks[place] = end_to_end(
            *(_still(pose, place, turned[place], 8.0 * number) for number, (pose, turned) in enumerate(steps))
        )
    phases: list[tuple[float, float, PhaseKind, Posture | None]] = []
    if standing:
        phases.append((1.0, 6.0, PhaseKind.STANDING, None))
    phases += [(9.0, 14.0, PhaseKind.REFERENCE, None), (17.0, 23.0, PhaseKind.REST, posture)]
    return run_blocks(blocks, marks_of(*phases))


def _still(pose: Pose, place: Placement, mounting: FloatArray, start_s: float) -> TimedBlock:
    side = THIGH_SIDES.get(place)
    up = pose.pelvis_up()[0] if side is None else pose.thigh_up(side)[0]
    return block_of(up @ mounting, 7.99, start_s=start_s, placement=place)


def any_mountings(seed: int) -> dict[Placement, FloatArray]:
    """Sensors turned any way at all."""
    rng = np.random.default_rng(seed)
    return {place: random_rotation(rng) for place in Placement}


def about(axis: str, angle_deg: float) -> FloatArray:
    """Rotation matrix about one axis."""
    turn = {"x": about_x, "y": about_y, "z": about_z}[axis]
    return turn(rad(angle_deg))


def crossed(blocks: Mapping[Placement, TimedBlock]) -> dict[Placement, TimedBlock]:
    """Left and right sensor swapped."""
    return {
        LEFT: replace(blocks[RIGHT], placement=LEFT),
        RIGHT: replace(blocks[LEFT], placement=RIGHT),
    }
