"""An hour without exercises, in which every set that is on must stay empty."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from motion_samples import end_to_end
from pipeline_bench import (
    EXERCISES,
    LEFT,
    MOTION,
    PELVIS,
    RIGHT,
    lying,
    run_blocks,
    set_marks,
    simulated_blocks,
)
from scenario_bench import rad

from tracker.model import FloatArray, PhaseMark, Placement, TimedBlock
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.sensing.body.timeline import Joint

MINUTES = 60
SESSION_MINUTES = 6
"""Each begins with its own calibration poses; a set is on for all the rest of it."""

DONE_HERE = ("sit_to_stand",)
"""Getting up from a chair is this exercise."""

RATE_HZ = 100.0

_BESIDE = {
    Posture.UPRIGHT: (Posture.SEATED, Posture.SUPINE),
    Posture.SEATED: (Posture.UPRIGHT, Posture.SUPINE),
    Posture.SUPINE: (Posture.LEFT_SIDE_DOWN, Posture.RIGHT_SIDE_DOWN, Posture.SEATED),
    Posture.LEFT_SIDE_DOWN: (Posture.SUPINE, Posture.PRONE),
    Posture.RIGHT_SIDE_DOWN: (Posture.SUPINE,),
    Posture.PRONE: (Posture.LEFT_SIDE_DOWN,),
}
"""What a body can turn to from each posture."""


@dataclass(frozen=True, slots=True)
class QuietHour:
    """What was counted of one exercise in all sessions together.

    Attributes:
        minutes: in which the set was on.
        valid, partial: of all legs.
    """

    exercise: str
    with_pelvis: bool
    minutes: float
    valid: int
    partial: int


@dataclass(frozen=True, slots=True, eq=False)
class QuietSession:
    """Samples of three sensors, the marks of the poses, and when the set is on."""

    blocks: Mapping[Placement, TimedBlock]
    marks: Sequence[PhaseMark]
    start_s: float
    end_s: float


def counted_exercises() -> list[str]:
    """All exercises that wait for their start pose and are not part of a quiet hour."""
    return [name for name, one in EXERCISES.items() if one.gate is not None and name not in DONE_HERE]


def quiet_hour(exercise: str, sessions: Sequence[QuietSession], *, with_pelvis: bool) -> QuietHour:
    """Count one exercise in sessions without it."""
    valid = partial = 0
    for session in sessions:
        blocks = {
            place: block for place, block in session.blocks.items() if with_pelvis or place is not PELVIS
        }
        marks = [*session.marks, *set_marks(session.start_s, session.end_s, exercise)]
        run = run_blocks(blocks, marks, chunk=1000, parameters=MOTION)
        valid += sum(done.valid_reps for done in run.pipeline.sets)
        partial += sum(done.partial_reps for done in run.pipeline.sets)
    minutes = sum(session.end_s - session.start_s for session in sessions) / 60.0
    return QuietHour(exercise, with_pelvis, minutes, valid, partial)


def quiet_sessions(minutes: float = MINUTES) -> list[QuietSession]:
    """Sessions that last so long together."""
    return [quiet_session(seed) for seed in range(math.ceil(minutes / SESSION_MINUTES))]


def quiet_session(seed: int) -> QuietSession:
    """Poses; then lying, turning over, sitting, standing, walking; then the sensors are taken off and on."""
    rng = np.random.default_rng(seed)
    script = lying(3.0, 3.0)
    start_s = script.hold(1.0).now_s
    writer = _Writer(script, rng)
    while script.now_s < start_s + 60.0 * SESSION_MINUTES:
        writer.something()
    body = script.build()
    placements = (LEFT, RIGHT, PELVIS)
    session = SimulatedSession(
        body,
        {place: random_mounting(place, rng) for place in placements},
        {place: MemsModel.drawn(rng) for place in placements},
    )
    blocks = {
        place: end_to_end(block, _handled(place, float(block.time_s[-1]) + 0.01, 20.0, rng))
        for place, block in simulated_blocks(session).items()
    }
    return QuietSession(blocks, body.marks(), start_s, body.duration_s + 20.0)


class _Writer:
    """Writes what people do between exercises."""

    def __init__(self, script: ScriptBuilder, rng: np.random.Generator) -> None:
        self._script, self._rng = script, rng
        self._posture = Posture.SUPINE
        self._outward = {
            posture: -np.radians(rng.uniform(0.0, 35.0 if posture is Posture.SUPINE else 15.0, 2))
            for posture in Posture
        }

    def something(self) -> None:
        """Stay for a while, then turn to another posture."""
        rng = self._rng
        if self._posture is Posture.UPRIGHT and rng.random() < 0.6:
            self._walk(float(rng.uniform(10.0, 40.0)))
        elif self._posture is Posture.UPRIGHT:
            self._script.hold(float(rng.uniform(2.0, 10.0)))
        else:
            self._lie(float(rng.uniform(15.0, 60.0)))
        beside = _BESIDE[self._posture]
        self._posture = beside[int(rng.integers(len(beside)))]
        self._script.take_posture(self._posture, float(rng.uniform(0.8, 3.0)))

    def _lie(self, duration_s: float) -> None:
        """The legs fall outward; breathing turns them by a degree; now and then one twitches."""
        rng, end_s = self._rng, self._script.now_s + duration_s
        left, right = (self._outward[self._posture] + rng.normal(0.0, rad(2.0), 2)).tolist()
        self._legs(left, right, float(rng.uniform(1.0, 3.0)))
        while self._script.now_s < end_s:
            breath, half_s = rad(1.0), float(rng.uniform(1.5, 2.5))
            self._legs(left + breath, right + breath, half_s)
            self._legs(left - breath, right - breath, half_s)
            if rng.random() < 0.15:
                twitch = rad(float(rng.uniform(1.0, 4.0)))
                self._legs(left + twitch, right, 0.15)
                self._legs(left, right, 0.2)

    def _walk(self, duration_s: float) -> None:
        """Steps: hips from 25 degrees flexed to 10 extended, the pelvis turning along."""
        end_s, sign, step_s = self._script.now_s + duration_s, 1.0, float(self._rng.uniform(0.45, 0.65))
        while self._script.now_s < end_s:
            left, right = (rad(25.0), rad(-10.0)) if sign > 0.0 else (rad(-10.0), rad(25.0))
            self._script.move(
                step_s,
                {
                    Joint.LEFT_FLEXION: left,
                    Joint.RIGHT_FLEXION: right,
                    Joint.LEFT_ROTATION: sign * rad(4.0),
                    Joint.RIGHT_ROTATION: -sign * rad(4.0),
                    Joint.PELVIS_ROLL: sign * rad(5.0),
                    Joint.PELVIS_HEIGHT: 0.95 if sign > 0.0 else 0.93,
                },
            )
            sign = -sign
        level = {Joint.LEFT_FLEXION: 0.0, Joint.RIGHT_FLEXION: 0.0, Joint.PELVIS_ROLL: 0.0}
        self._script.move(step_s, level)

    def _legs(self, left_rad: float, right_rad: float, duration_s: float) -> None:
        self._script.relax(left_rad, right_rad, duration_s)


def _handled(placement: Placement, start_s: float, duration_s: float, rng: np.random.Generator) -> TimedBlock:
    """A sensor in the hands: turned about all axes by up to two turns a second, and shaken a little."""
    time_s = start_s + np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    rate: FloatArray = np.zeros((len(time_s), 3))
    force = rng.normal(0.0, 0.1, (len(time_s), 3))
    for _ in range(6):
        frequency_hz, phase = rng.uniform(0.1, 1.5), rng.uniform(0.0, 2.0 * math.pi, 3)
        wave = np.sin(2.0 * math.pi * frequency_hz * time_s[:, np.newaxis] + phase)
        rate += rng.normal(0.0, 1.5, 3) * wave
        force += rng.normal(0.0, 0.5, 3) * wave
    up = np.array([0.0, 1.0, 0.0])
    for number, turn in enumerate(rate / RATE_HZ):
        # Up in the sensor turns against the sensor: Rodrigues' formula for a small angle.
        up = up - np.cross(turn, up)
        up /= np.linalg.norm(up)
        force[number] += STANDARD_GRAVITY_M_PER_S2 * up
    return TimedBlock(placement, time_s, force, rate, np.zeros(len(time_s), dtype=bool))
