"""Writes the script of a simulated session, one readable step after the other:

`ScriptBuilder().stand(3.5).lie_down(1.5).reference(4.0).relax(-0.26, -0.44, 1.0).rest(6.5).build()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import pi
from typing import Self

from tracker.model import THIGH_SIDES, Phase, PhaseKind, ReferenceRecipe, Side
from tracker.model import Posture as BodyPosture
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.script import BodyScript, TrueRepetition
from tracker.sensing.body.timeline import Joint, Move, Timeline


@dataclass(frozen=True, slots=True)
class Tempo:
    """Durations of one repetition: the way there, the hold, the way back, the pause before the next."""

    concentric_s: float = 0.8
    hold_s: float = 0.2
    eccentric_s: float = 0.8
    pause_s: float = 0.3

    @property
    def movement_s(self) -> float:
        """From the first to the last instant of movement."""
        return self.concentric_s + self.hold_s + self.eccentric_s


class Movement(StrEnum):
    """The angle that a repetition changes, positive in the direction named."""

    INTERNAL_ROTATION = "internal_rotation"
    KNEE_ROLL_IN = "knee_roll_in"
    ABDUCTION = "abduction"
    FLEXION = "flexion"
    EXTENSION = "extension"
    LEAN_RIGHT = "lean_right"
    """The pelvis goes to the right over standing legs: both lean."""

    @property
    def joint(self) -> Joint:
        """The joint of the left leg that moves."""
        return _MOVED[self]

    def sign_on(self, side: Side) -> int:
        """-1 where the joint's angle of that leg falls while the movement goes on."""
        if self is Movement.LEAN_RIGHT:
            return side.sign
        return -1 if self in {Movement.ABDUCTION, Movement.EXTENSION} else 1


_MOVED = {
    Movement.INTERNAL_ROTATION: Joint.LEFT_ROTATION,
    Movement.KNEE_ROLL_IN: Joint.LEFT_KNEE_ROLL,
    Movement.ABDUCTION: Joint.LEFT_ADDUCTION,
    Movement.FLEXION: Joint.LEFT_FLEXION,
    Movement.EXTENSION: Joint.LEFT_FLEXION,
    Movement.LEAN_RIGHT: Joint.LEFT_ADDUCTION,
}


class ScriptBuilder:
    """Collects the steps of a script; every step begins where the one before it ended."""

    def __init__(self, posture: Posture = Posture.UPRIGHT) -> None:
        self._posture = posture
        self._now_s = 0.0
        self._initial = posture_targets(posture)
        self._value = dict.fromkeys(Joint, 0.0) | self._initial
        self._moves: list[Move] = []
        self._phases: list[Phase] = []
        self._repetitions: list[TrueRepetition] = []

    @property
    def now_s(self) -> float:
        """Where the next step begins."""
        return self._now_s

    @property
    def moves(self) -> Sequence[Move]:
        """All moves so far, in the order in which they were written."""
        return self._moves

    def value(self, joint: Joint) -> float:
        """Where a joint is at `now_s`, or comes to when what was written is done; rad, the height m."""
        return self._value[joint]

    @property
    def posture(self) -> Posture:
        """The posture that was taken last."""
        return self._posture

    def hold(self, duration_s: float) -> Self:
        """Stay as one is."""
        if duration_s < 0.0:
            raise ValueError(f"a step cannot last {duration_s} s")
        self._now_s += duration_s
        return self

    def move(self, duration_s: float, targets: Mapping[Joint, float]) -> Self:
        """Bring joints to targets (rad, the height m) at the same time, by minimum jerk."""
        for joint, target in targets.items():
            self._schedule(joint, self._now_s, duration_s, target)
        return self.hold(duration_s)

    def take_posture(self, posture: Posture, duration_s: float) -> Self:
        """Change posture; sitting down bends both hips to a right angle, leaving straightens them."""
        targets = posture_targets(posture)
        if self._posture is Posture.SEATED and posture is not Posture.SEATED:
            targets |= {Joint.LEFT_FLEXION: 0.0, Joint.RIGHT_FLEXION: 0.0}
        self._posture = posture
        return self.move(duration_s, targets)

    def lie_down(self, duration_s: float) -> Self:
        """Lie down on the back with straight legs."""
        return self.take_posture(Posture.SUPINE, duration_s)

    def sit_down(self, duration_s: float) -> Self:
        """Sit with horizontal thighs and upright pelvis."""
        return self.take_posture(Posture.SEATED, duration_s)

    def roll_pelvis(self, roll_rad: float, duration_s: float) -> Self:
        """Turn the pelvis about its long axis to an angle from the posture's own, positive to the left."""
        return self.move(duration_s, {Joint.PELVIS_ROLL: self._posture.roll_rad + roll_rad})

    def relax(self, left_rad: float, right_rad: float, duration_s: float) -> Self:
        """Turn both legs to these internal rotations; legs that fall outward have negative ones."""
        return self.move(duration_s, {Joint.LEFT_ROTATION: left_rad, Joint.RIGHT_ROTATION: right_rad})

    def label(self, kind: PhaseKind, since_s: float, side: Side | None, exercise: str | None = None) -> Self:
        """Label what went on since a time."""
        self._phases.append(Phase(since_s, self._now_s, kind, side, exercise))
        return self

    def phase(
        self,
        kind: PhaseKind,
        duration_s: float,
        side: Side | None = None,
        exercise: str | None = None,
        recipe: ReferenceRecipe | None = None,
        posture: BodyPosture | None = None,
    ) -> Self:
        """Stay as one is through a labelled interval."""
        start_s = self._now_s
        self.hold(duration_s)
        self._phases.append(Phase(start_s, self._now_s, kind, side, exercise, recipe, posture))
        return self

    def stand(self, duration_s: float) -> Self:
        """Stand still; labelled."""
        if self._posture is not Posture.UPRIGHT:
            raise ValueError("only an upright body can stand still")
        return self.phase(PhaseKind.STANDING, duration_s)

    def reference(
        self, duration_s: float, side: Side | None = None, recipe: ReferenceRecipe | None = None
    ) -> Self:
        """Hold the present pose as the reference; labelled."""
        return self.phase(PhaseKind.REFERENCE, duration_s, side, recipe=recipe)

    def rest(self, duration_s: float, side: Side | None = None, posture: BodyPosture | None = None) -> Self:
        """Rest in the present pose; labelled."""
        return self.phase(PhaseKind.REST, duration_s, side, posture=posture)

    def lift_knee(self, side: Side, angle_rad: float, move_s: float = 1.0, times: int = 2) -> Self:
        """Lie still for a second, then flex one hip and back, so many times; labelled."""
        start_s = self._now_s
        self.hold(1.0)
        joint = Joint.LEFT_FLEXION.on(side)
        flat_rad = self._value[joint]
        for _ in range(times):
            self.move(move_s, {joint: flat_rad + angle_rad}).hold(0.2)
            self.move(move_s, {joint: flat_rad}).hold(0.3)
        return self.label(PhaseKind.KNEE_LIFT, start_s, side)

    def repetitions(
        self,
        amplitudes_rad: Sequence[float],
        tempos: Tempo | Sequence[Tempo],
        *,
        side: Side = Side.BOTH,
        left_amplitudes_rad: Sequence[float] | None = None,
        left_lag_s: float = 0.0,
        movement: Movement = Movement.INTERNAL_ROTATION,
        exercise: str = "supine_in_toeing",
        valid_from_rad: float = 0.0,
        pelvis_share: float = 0.0,
        still_before_s: float = 0.0,
        still_after_s: float = 0.0,
    ) -> Self:
        """A set: from the present pose there and back, once for each amplitude; labelled.

        Args:
            amplitudes_rad: how far each repetition goes from the start pose.
            tempos: one for all repetitions, or one for each.
            left_amplitudes_rad: the left leg's own amplitudes; None for the same as the right leg's.
            left_lag_s: the left leg starts later by this, 0 up to the shortest pause.
            valid_from_rad: range of motion at the hip from which a repetition is meant to count.
            pelvis_share: share of the amplitude that comes from the pelvis rolling instead of the hip; one
                leg and internal rotation only.
            still_before_s, still_after_s: parts of the set without movement.
        """
        own_tempos = [tempos] * len(amplitudes_rad) if isinstance(tempos, Tempo) else list(tempos)
        left_rad = amplitudes_rad if left_amplitudes_rad is None else left_amplitudes_rad
        sides = [THIGH_SIDES[placement] for placement in side.thighs]
        if pelvis_share and (len(sides) > 1 or movement is not Movement.INTERNAL_ROTATION):
            raise ValueError("the pelvis can only share the internal rotation of one leg")
        start_s = self._now_s
        self.hold(still_before_s)
        for tempo, right, left in zip(own_tempos, amplitudes_rad, left_rad, strict=True):
            for leg in sides:
                lag_s, amplitude_rad = (left_lag_s, left) if leg is Side.LEFT else (0.0, right)
                begin_s = self._now_s + lag_s
                if pelvis_share:
                    roll_rad = leg.sign * pelvis_share * amplitude_rad
                    self._there_and_back(Joint.PELVIS_ROLL, begin_s, tempo, roll_rad)
                rom_rad = (1.0 - pelvis_share) * amplitude_rad
                joint = movement.joint.on(leg)
                self._there_and_back(joint, begin_s, tempo, movement.sign_on(leg) * rom_rad)
                self._repetitions.append(_truth(leg, begin_s, tempo, rom_rad, rom_rad >= valid_from_rad))
            self.hold(tempo.movement_s + tempo.pause_s)
        return self.hold(still_after_s).label(PhaseKind.SET, start_s, side, exercise)

    def build(self) -> BodyScript:
        """The script of all steps so far; ends when the last movement has ended."""
        last_s = max((move.start_s + move.duration_s for move in self._moves), default=0.0)
        return BodyScript(
            Timeline.of(self._initial, self._moves),
            max(self._now_s, last_s),
            tuple(self._phases),
            tuple(sorted(self._repetitions, key=lambda repetition: repetition.start_s)),
        )

    def _there_and_back(self, joint: Joint, start_s: float, tempo: Tempo, change_rad: float) -> None:
        before = self._value[joint]
        self._schedule(joint, start_s, tempo.concentric_s, before + change_rad)
        self._schedule(joint, start_s + tempo.concentric_s + tempo.hold_s, tempo.eccentric_s, before)

    def _schedule(self, joint: Joint, start_s: float, duration_s: float, target: float) -> None:
        if self._value[joint] != target:
            self._moves.append(Move(joint, start_s, duration_s, target))
            self._value[joint] = target


def posture_targets(posture: Posture) -> dict[Joint, float]:
    """Where a posture brings the joints that it decides."""
    targets = {
        Joint.PELVIS_PITCH: posture.pitch_rad,
        Joint.PELVIS_ROLL: posture.roll_rad,
        Joint.PELVIS_HEIGHT: posture.height_m,
    }
    if posture is Posture.SEATED:
        targets |= {Joint.LEFT_FLEXION: 0.5 * pi, Joint.RIGHT_FLEXION: 0.5 * pi}
    return targets


def _truth(side: Side, start_s: float, tempo: Tempo, rom_rad: float, valid: bool) -> TrueRepetition:
    return TrueRepetition(
        side=side,
        start_s=start_s,
        peak_s=start_s + tempo.concentric_s,
        end_s=start_s + tempo.movement_s,
        rom_rad=rom_rad,
        concentric_s=tempo.concentric_s,
        hold_s=tempo.hold_s,
        eccentric_s=tempo.eccentric_s,
        valid=valid,
    )
