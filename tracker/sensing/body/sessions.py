"""Ready simulated sessions: one for the demonstration, and weeks of history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tracker.model import THIGH_SIDES, Placement, Side
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import BodyFeed
from tracker.sensing.body.kinematics import Mounting
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.timeline import Joint

DEMO_SEED = 20
DEMO_PARTIAL_PLACES = (4, 8)
"""Which of the demonstration's ten repetitions are partial, counted from 1."""

VALID_FROM_RAD = float(np.radians(18.0))
"""0.6 of a usual 30 degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSession:
    """One simulated session: what the body does and the sensors that it wears."""

    script: BodyScript
    mountings: Mapping[Placement, Mounting]
    mems: Mapping[Placement, MemsModel]

    def feed(self, placement: Placement, rate_hz: float = 100.0) -> BodyFeed:
        """The stream of one of its sensors."""
        return BodyFeed(self.script, placement, self.mountings[placement], self.mems[placement], rate_hz)


def random_mounting(placement: Placement, rng: np.random.Generator) -> Mounting:
    """A sensor as a person puts it on: the strap turned by up to 60 degrees, all else a little off.

    The spreads (4 degrees of misalignment about every axis, 5 mm off the axis, 1.5 cm along it) are guesses.
    """
    misalignment_rad = rng.normal(0.0, np.radians(4.0), 3)
    if placement not in THIGH_SIDES:
        return Mounting.on_belt(misalignment_rad)
    return Mounting.strapped(
        strap_rotation_rad=float(rng.uniform(-np.pi / 3.0, np.pi / 3.0)),
        misalignment_rad=misalignment_rad,
        off_axis_m=float(rng.normal(0.08, 0.005)),
        below_hip_m=float(rng.normal(0.35, 0.015)),
    )


def demo_session() -> SimulatedSession:
    """About 40 s, the same every time: stand, lie down, reference, rest test, ten repetitions of both legs.

    At rest the right leg is turned outward 25 degrees, the left 15. Repetitions 4 and 8 are partial.
    """
    rng = np.random.default_rng(DEMO_SEED)
    script = _until_rest(
        left_rad=float(np.radians(-15.0)),
        right_rad=float(np.radians(-25.0)),
        standing_s=3.5,
        reference_s=4.0,
        rest_s=6.5,
    )
    _add_set(script, rng, count=10, partial_places=DEMO_PARTIAL_PLACES)
    return _dressed(script.build(), rng)


def rest_session() -> SimulatedSession:
    """About 45 s: stand, lie down, then reference pose and rest test three times, legs lifted between."""
    rng = np.random.default_rng(DEMO_SEED)
    script = ScriptBuilder().stand(3.0).lie_down(1.5)
    for number in range(3):
        if number:
            lifted = {Joint.LEFT_FLEXION: 0.25, Joint.RIGHT_FLEXION: 0.25}
            script.move(0.8, lifted).move(0.8, dict.fromkeys(lifted, 0.0))
            script.relax(left_rad=0.0, right_rad=0.0, duration_s=0.8)
        left_rad, right_rad = rng.normal(np.radians([-15.0, -25.0]), np.radians(1.0)).tolist()
        script.reference(3.5).relax(left_rad=left_rad, right_rad=right_rad, duration_s=0.8).rest(6.5)
    # strapped on as in the demonstration: one simulated person, whose straps do not turn between sessions
    return replace(demo_session(), script=script.build())


def knee_lift_session() -> SimulatedSession:
    """About 20 s: stand still, then lift the right knee and, later, the left one, as pairing asks for."""
    rng = np.random.default_rng(DEMO_SEED)
    script = ScriptBuilder().hold(3.0)
    for side in (Side.RIGHT, Side.LEFT):
        script.lift_knee(side, float(np.radians(50.0)), times=1).hold(4.0)
    return _dressed(script.build(), rng)


def calibration_session() -> SimulatedSession:
    """About 25 s: one sensor lies on each of its six sides, then slanted, still each time."""
    rng = np.random.default_rng(DEMO_SEED)
    quarter, script = 0.5 * np.pi, ScriptBuilder()
    turns = ((1, 0), (1, 2), (1, 1), (1, -1), (2, 0), (0.5, 0.4))
    script.hold(2.7)
    for pitch, roll in turns:
        turned = {Joint.PELVIS_PITCH: pitch * quarter, Joint.PELVIS_ROLL: roll * quarter}
        script.move(0.8, turned).hold(2.7)
    mems = replace(
        MemsModel.drawn(rng),
        accelerometer_bias_m_per_s2=(0.15, -0.08, 0.11),
        accelerometer_scale_error=(0.008, -0.005, 0.003),
    )
    return SimulatedSession(script.build(), {Placement.PELVIS: Mounting.on_belt()}, {Placement.PELVIS: mems})


def history_session(
    week: int,
    rng: np.random.Generator,
    resting_left_rad: float,
    resting_right_rad: float,
    *,
    weekly_change_rad: float = float(np.radians(0.8)),
    repetitions: int = 6,
    partial_places: tuple[int, ...] = (),
) -> SimulatedSession:
    """A shorter session of a simulated history, with new sensors' errors and a new strapping-on.

    The resting rotation changes steadily with the weeks, and by 1.5 degrees standard deviation from one
    session to the next. That it changes is part of the story told, not a result.

    Args:
        week: weeks since the history began, from 0.
        resting_left_rad, resting_right_rad: internal rotation at rest in week 0; outward is negative.
        weekly_change_rad: what every week adds to both, positive inward.
        partial_places: which repetitions of the set are partial, counted from 1.
    """
    left_rad, right_rad = np.array([resting_left_rad, resting_right_rad]) + week * weekly_change_rad
    left_rad, right_rad = rng.normal([left_rad, right_rad], np.radians(1.5))
    script = _until_rest(
        left_rad=float(left_rad), right_rad=float(right_rad), standing_s=2.5, reference_s=3.0, rest_s=6.0
    )
    _add_set(script, rng, count=repetitions, partial_places=partial_places)
    return _dressed(script.build(), rng)


def _until_rest(
    *, left_rad: float, right_rad: float, standing_s: float, reference_s: float, rest_s: float
) -> ScriptBuilder:
    """The session up to the end of the rest test."""
    return (
        ScriptBuilder()
        .stand(standing_s)
        .lie_down(1.5)
        .reference(reference_s)
        .relax(left_rad=left_rad, right_rad=right_rad, duration_s=1.0)
        .rest(rest_s)
    )


def _add_set(
    script: ScriptBuilder, rng: np.random.Generator, count: int, partial_places: tuple[int, ...]
) -> None:
    """Supine in-toeing of both legs, amplitude and tempo varied as a person's are."""
    partial = np.isin(np.arange(1, count + 1), partial_places)
    low, high = np.where(partial, 10.0, 28.0), np.where(partial, 11.0, 32.0)
    right_deg, left_deg = rng.uniform(low, high), rng.uniform(low, high)
    pace = rng.uniform(0.93, 1.07, (count, 4))
    script.repetitions(
        np.radians(right_deg).tolist(),
        [Tempo(0.8 * c, 0.2 * h, 0.8 * e, 0.3 * p) for c, h, e, p in pace.tolist()],
        left_amplitudes_rad=np.radians(left_deg).tolist(),
        left_lag_s=0.04,
        valid_from_rad=VALID_FROM_RAD,
        still_before_s=1.6,
        still_after_s=1.0,
    )


def _dressed(script: BodyScript, rng: np.random.Generator) -> SimulatedSession:
    """The script with a sensor at every placement."""
    return SimulatedSession(
        script,
        {placement: random_mounting(placement, rng) for placement in Placement},
        {placement: MemsModel.drawn(rng) for placement in Placement},
    )
