"""A simulated body that does what it is asked for while it is seen: its script grows as the time goes on."""

from dataclasses import dataclass, replace
from math import radians

import numpy as np

from tracker.model import PhaseKind, Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo, posture_targets
from tracker.sensing.body.exercise_moves import ExerciseMoves, moves_of
from tracker.sensing.body.growing import GrowingTimeline
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import DEMO_SEED, SimulatedSession, demo_session
from tracker.sensing.body.timeline import Joint

LEAD_S = 0.02
"""What is added begins so much later than now: samples up to now may have been taken already."""

_LOOK_AHEAD_S = 0.1
"""How much before its end what was begun is followed by what comes next; guides look ten times a second."""

_POSTURE_S = 1.5
_LEGS_S = 0.8
_PATIENCE_S = 5.0
"""Who has done what was asked for, and is not told to stop, does one more after this."""

_OWN_REPETITIONS = 8
"""In a set without a number."""

_PARTIAL_EVERY = 7
_LEFT_LAG_S = 0.04
_KNEE_LIFT_RAD = radians(50.0)
_KNEE_LIFTS = 2
_RESTING_RAD = (radians(-15.0), radians(-25.0))
"""Left and right, outward, as in the demonstration."""

_RESTING_SPREAD_RAD = radians(1.0)
_RESTLESS_RAD = radians(8.0)
_SHAKEN_RAD = radians(14.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guide asks of the body at one moment.

    Attributes:
        kind: None where nothing is asked for: the body stays as it is.
        running: the phase is on; false while it is announced: the body takes its pose.
        sits: a reference pose that is taken sitting.
        repetitions: how many valid ones; None leaves it to the body.
        counted: valid ones that were counted so far.
        number: another one for each phase.
    """

    kind: PhaseKind | None = None
    running: bool = False
    exercise: str | None = None
    side: Side | None = None
    sits: bool = False
    repetitions: int | None = None
    counted: int = 0
    number: int = 0


class FollowingBody:
    """A body that stands upright at first and then follows; all of it is simulated.

    The same wishes at the same times give the same movements. What was seen of it once never changes.

    Attributes:
        restless_rests: so many of the rest tests that come are spoilt by moving.

    Args:
        seed: of the small differences between repetitions.
    """

    def __init__(self, seed: int = DEMO_SEED, *, restless_rests: int = 0) -> None:
        self.restless_rests = restless_rests
        self._rng = np.random.default_rng([seed, 1])
        self._builder = ScriptBuilder()
        self._timeline = GrowingTimeline(posture_targets(Posture.UPRIGHT))
        self._given = 0
        self._phase = _Phase()
        self._rests = 0
        self._is_at_rest = False
        self._repetitions = 0
        self._resting_rad = _RESTING_RAD

    @property
    def resting_rad(self) -> tuple[float, float]:
        """Internal rotation of the left and the right hip at which the legs lie, or lay last."""
        return self._resting_rad

    def worn(self) -> SimulatedSession:
        """The sensors that it wears, strapped on as in the demonstration; they see it as it grows."""
        return replace(demo_session(), script=BodyScript(self._timeline, np.inf, (), ()))

    def done(self) -> BodyScript:
        """What it did and has begun so far, with its true repetitions, as a script that grows no more."""
        return replace(self._builder.build(), phases=())

    def follow(self, asked: Asked, now_s: float) -> None:
        """Do what is asked for, once what was begun is done.

        Args:
            now_s: time of the motion; never less than in the call before.
        """
        if asked.number != self._phase.number:
            self._phase = _Phase(asked.number)
        if now_s + _LOOK_AHEAD_S < self._builder.now_s:
            return
        begin_s = max(now_s, self._timeline.seen_until_s) + LEAD_S
        self._builder.hold(max(0.0, begin_s - self._builder.now_s))
        if asked.kind is not None and not self._take_pose(asked.kind, asked) and asked.running:
            self._act(asked.kind, asked)
        self._timeline.add(self._builder.moves[self._given :])
        self._given = len(self._builder.moves)

    def _take_pose(self, kind: PhaseKind, asked: Asked) -> bool:
        """Take the pose that a phase begins in; false where the body has it already."""
        if kind is PhaseKind.REST:
            return self._come_to_rest()
        self._is_at_rest = False
        if kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
            exercise = moves_of(asked.exercise)
            return exercise is not None and self._take_start_pose(exercise, asked.side)
        lies = kind is PhaseKind.KNEE_LIFT or (kind is PhaseKind.REFERENCE and not asked.sits)
        sits = kind is PhaseKind.REFERENCE and asked.sits
        posture = Posture.SUPINE if lies else Posture.SEATED if sits else Posture.UPRIGHT
        return self._pose(posture, radians(90.0) if sits else 0.0, 0.0, 0.0)

    def _take_start_pose(self, exercise: ExerciseMoves, side: Side | None) -> bool:
        turned = exercise.rotation_rad
        left_rad, right_rad = self._resting_rad if turned is None else (turned, turned)
        return self._pose(exercise.posture_for(side), exercise.flexion_rad, left_rad, right_rad)

    def _come_to_rest(self) -> bool:
        """Lie down and let the legs fall; from the second time on they are lifted and shaken before."""
        if self._is_at_rest:
            return False
        self._is_at_rest = True
        left_rad, right_rad = self._rng.normal(_RESTING_RAD, _RESTING_SPREAD_RAD).tolist()
        self._resting_rad = (left_rad, right_rad)
        if self._rests:
            self._pose(Posture.SUPINE, _SHAKEN_RAD, 0.0, 0.0)
        self._rests += 1
        return self._pose(Posture.SUPINE, 0.0, left_rad, right_rad)

    def _pose(self, posture: Posture, flexion_rad: float, left_rad: float, right_rad: float) -> bool:
        """Bring pelvis and legs there; false where they are there."""
        builder = self._builder
        before = len(builder.moves)
        if builder.posture is not posture:
            builder.take_posture(posture, _POSTURE_S)
        targets = {
            Joint.LEFT_FLEXION: flexion_rad,
            Joint.RIGHT_FLEXION: flexion_rad,
            Joint.LEFT_ROTATION: left_rad,
            Joint.RIGHT_ROTATION: right_rad,
        }
        if any(builder.value(joint) != target for joint, target in targets.items()):
            builder.move(_LEGS_S, targets)
        return len(builder.moves) > before

    def _act(self, kind: PhaseKind, asked: Asked) -> None:
        if kind is PhaseKind.REST:
            self._rest()
        elif kind is PhaseKind.KNEE_LIFT:
            self._lift_knee(asked.side)
        elif kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
            self._repeat(asked)

    def _rest(self) -> None:
        if not self._phase.begun:
            self._phase.restless = self.restless_rests > 0
            self.restless_rests = max(0, self.restless_rests - 1)
            self._phase.begun = True
        if self._phase.restless:
            left_rad, right_rad = self._resting_rad
            turned_rad = _RESTLESS_RAD
            self._builder.relax(left_rad + turned_rad, right_rad - turned_rad, 0.5)
            self._builder.relax(left_rad, right_rad, 0.5)

    def _lift_knee(self, asked: Side | None) -> None:
        side = asked or Side.RIGHT
        if self._phase.repetitions >= _KNEE_LIFTS or side is Side.BOTH:
            return
        # Both lie in one labelled stretch, as a person is asked for them.
        self._phase.repetitions = _KNEE_LIFTS
        self._builder.lift_knee(side, _KNEE_LIFT_RAD, times=_KNEE_LIFTS)

    def _repeat(self, asked: Asked) -> None:
        exercise = moves_of(asked.exercise)
        if exercise is None or not self._goes_on(asked):
            return
        is_set = asked.kind is PhaseKind.SET
        self._repetitions += is_set
        partial = is_set and exercise.partial_share < 1.0 and self._repetitions % _PARTIAL_EVERY == 0
        share = exercise.partial_share if partial else 1.0
        right_rad, left_rad = (exercise.rom_rad * share * self._rng.uniform(0.95, 1.06, 2)).tolist()
        self._builder.repetitions(
            [right_rad],
            self._own_tempo(exercise.tempo),
            side=exercise.legs(asked.side),
            left_amplitudes_rad=[left_rad],
            left_lag_s=_LEFT_LAG_S,
            movement=exercise.movement,
            exercise=asked.exercise or "",
            valid_from_rad=0.5 * (1.0 + exercise.partial_share) * exercise.rom_rad if partial else 0.0,
            still_before_s=0.0 if self._phase.begun else exercise.still_s,
        )
        self._phase.begun = True
        self._phase.repetitions += not partial
        self._phase.last_end_s = self._builder.now_s

    def _goes_on(self, asked: Asked) -> bool:
        """Whether another repetition follows: as many as asked for, and more where they were not counted."""
        if self._phase.repetitions < (asked.repetitions or _OWN_REPETITIONS):
            return True
        waited_s = self._builder.now_s - self._phase.last_end_s
        return asked.repetitions is not None and asked.counted < asked.repetitions and waited_s > _PATIENCE_S

    def _own_tempo(self, usual: Tempo) -> Tempo:
        pace = self._rng.uniform(0.93, 1.07, 4)
        durations_s = np.array([usual.concentric_s, usual.hold_s, usual.eccentric_s, usual.pause_s])
        return Tempo(*(durations_s * pace).tolist())


@dataclass(slots=True)
class _Phase:
    """What was done of the present phase."""

    number: int = 0
    begun: bool = False
    restless: bool = False
    repetitions: int = 0
    last_end_s: float = 0.0
