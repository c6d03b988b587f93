"""How the simulated body does the exercises of the catalogue: start poses, and what a repetition changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import radians
from types import MappingProxyType

from tracker.model import Side
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import Movement, Tempo

_USUAL = Tempo(0.9, 0.2, 0.9, 0.4)
_SLOW = Tempo(1.3, 0.2, 1.3, 0.5)


@dataclass(frozen=True, slots=True)
class ExerciseMoves:
    """One exercise as the simulated body does it.

    Attributes:
        posture: how the pelvis is held; None where the body lies on the side of the leg that stays.
        rom_rad: usual range of a full repetition.
        partial_share: share of it that a partial one reaches; 1 where the body makes none.
        flexion_rad: of both hips in the start pose.
        rotation_rad: internal rotation of both hips there; None as the legs rest.
        tempo: usual durations of one repetition.
        still_s: stays so long in the start pose before the first one. Counting waits for a second of
            stillness; with holds another second gives the level that they are held from.
        together: legs that can only move together do so, whichever was asked for.
    """

    posture: Posture | None
    movement: Movement
    rom_rad: float
    partial_share: float = 0.4
    flexion_rad: float = 0.0
    rotation_rad: float | None = 0.0
    tempo: Tempo = field(default=_USUAL)
    still_s: float = 1.4
    together: bool = False

    def legs(self, asked: Side | None) -> Side:
        """The legs that move."""
        if self.together:
            return Side.BOTH
        if self.posture is None:
            return Side.LEFT if asked is Side.LEFT else Side.RIGHT
        return asked or Side.BOTH

    def posture_for(self, asked: Side | None) -> Posture:
        """How the body lies, sits or stands; on the side of the leg that stays where it lies on one."""
        if self.posture is not None:
            return self.posture
        return Posture.RIGHT_SIDE_DOWN if asked is Side.LEFT else Posture.LEFT_SIDE_DOWN


_TURN, _BENT = Movement.INTERNAL_ROTATION, radians(45.0)

_ON_BACK = ExerciseMoves(Posture.SUPINE, _TURN, radians(30.0), rotation_rad=None)

EXERCISE_MOVES: Mapping[str, ExerciseMoves] = MappingProxyType(
    {
        "supine_roll_in": _ON_BACK,
        "supine_in_toeing": _ON_BACK,
        "hook_lying_knee_roll_in": ExerciseMoves(
            Posture.SUPINE, Movement.KNEE_ROLL_IN, radians(27.0), flexion_rad=_BENT
        ),
        "seated_internal_rotation": ExerciseMoves(
            Posture.SEATED, _TURN, radians(27.0), flexion_rad=radians(90.0)
        ),
        "reverse_clamshell": ExerciseMoves(None, _TURN, radians(27.0), flexion_rad=_BENT),
        "prone_internal_rotation": ExerciseMoves(Posture.PRONE, _TURN, radians(31.0)),
        "pelvic_neutral_isometric": ExerciseMoves(
            Posture.SUPINE,
            _TURN,
            radians(5.0),
            1.0,
            rotation_rad=None,
            tempo=Tempo(0.6, 5.6, 0.6, 1.8),
            still_s=2.6,
        ),
        "side_lying_abduction": ExerciseMoves(None, Movement.ABDUCTION, radians(31.0), tempo=_SLOW),
        "heel_slide": ExerciseMoves(Posture.SUPINE, Movement.FLEXION, radians(43.0), tempo=_SLOW),
        "bridge": ExerciseMoves(
            Posture.SUPINE,
            Movement.EXTENSION,
            radians(37.0),
            flexion_rad=_BENT,
            tempo=_SLOW,
            together=True,
        ),
        "sit_to_stand": ExerciseMoves(
            Posture.SEATED,
            Movement.EXTENSION,
            radians(85.0),
            flexion_rad=radians(90.0),
            tempo=_SLOW,
            together=True,
        ),
        "side_shift": ExerciseMoves(
            Posture.UPRIGHT,
            Movement.LEAN_RIGHT,
            radians(3.2),
            1.0,
            tempo=Tempo(0.8, 10.2, 0.8, 1.8),
            still_s=2.6,
            together=True,
        ),
        "standing_in_toeing": ExerciseMoves(
            Posture.UPRIGHT, _TURN, radians(32.0), tempo=Tempo(0.9, 0.2, 0.9, 1.3)
        ),
    }
)
"""By name in the catalogue."""

_STAYS_STILL = frozenset({"hip_hike"})
"""This pelvis has no frontal tilt."""


def moves_of(exercise: str | None) -> ExerciseMoves | None:
    """How an exercise is done; one of a person's own as a turn on the back; None where it cannot be done."""
    if exercise in _STAYS_STILL:
        return None
    return EXERCISE_MOVES.get(exercise or "", _ON_BACK)
