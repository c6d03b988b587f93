"""Analyses and sessions to store in tests."""

import math
from datetime import UTC, datetime

from sqlalchemy import Connection

from tracker.model import (
    Analysis,
    ExerciseSet,
    Form,
    Gap,
    Notice,
    NoticeKind,
    Placement,
    ReferenceRange,
    RelativeTo,
    Repetition,
    RestTest,
    RestUncertainty,
    SensorAlignment,
    SensorIdentity,
    SensorQuality,
    Side,
)
from tracker.store.persons import get_or_create_person
from tracker.store.sessions import begin_session

STARTED_AT = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)
LEFT_SENSOR = SensorIdentity("S-0001", "C0:00:00:00:00:01", "Thigh one", "hip-imu", b"\x01\x02")
RIGHT_SENSOR = SensorIdentity("S-0002", "C0:00:00:00:00:02", "Thigh two", "hip-imu", b"")


def begin(connection: Connection, *, started_at: datetime = STARTED_AT, simulated: bool = False) -> int:
    """A session of the default person in Berlin, being recorded by this process."""
    person = get_or_create_person(connection, time_zone="Europe/Berlin")
    return begin_session(
        connection,
        person_id=person.person_id,
        started_at=started_at,
        time_zone="Europe/Berlin",
        recording_path=f"recordings/{started_at:%Y%m%dT%H%M%S}.mcap",
        simulated=simulated,
    )


def uncertainty_of(half_width_deg: float) -> RestUncertainty:
    """Terms that make up such a half width."""
    sensor, crosstalk, reference, donning, wander = map(math.radians, (0.5, 0.7, 1.0, 3.0, 0.1))
    coverage = math.radians(half_width_deg) / math.hypot(sensor, crosstalk, reference, donning, wander)
    return RestUncertainty(sensor, crosstalk, reference, donning, wander, coverage)


def rest_test(
    side: Side,
    hip_rotation_deg: float | None,
    *,
    uncertainty_deg: float = 3.0,
    relative_to: RelativeTo = RelativeTo.PELVIS,
) -> RestTest:
    """A rest test; refused as moving where the rotation is None."""
    refused = hip_rotation_deg is None
    return RestTest(
        side=side,
        start_s=40.0,
        end_s=50.0,
        hip_rotation_rad=None if hip_rotation_deg is None else math.radians(hip_rotation_deg),
        uncertainty=None if refused else uncertainty_of(uncertainty_deg),
        relative_to=relative_to,
        observability=0.99,
        flags=("crosstalk",),
        refused="moving" if refused else None,
    )


def repetition(start_s: float, *, valid: bool = True) -> Repetition:
    """A repetition of 30 degrees, or one of 10 that does not count."""
    return Repetition(
        side=Side.LEFT,
        start_s=start_s,
        peak_s=start_s + 1.5,
        end_s=start_s + 3.5,
        rom_rad=math.radians(30 if valid else 10),
        rom_uncertainty_rad=math.radians(0.8),
        peak_velocity_rad_per_s=1.0,
        mean_velocity_rad_per_s=0.7,
        concentric_s=1.5,
        hold_s=0.5,
        eccentric_s=1.5,
        phase_rate_rad_per_s=math.radians(3),
        concentric_smoothness=-1.5,
        form=Form(math.radians(2), None, math.radians(5), math.radians(1), 0.1),
        valid=valid,
        flags=() if valid else ("small",),
    )


def exercise_set(exercise: str, side: Side | None, valid: int, partial: int = 0) -> ExerciseSet:
    """A set with so many valid and partial repetitions."""
    repetitions = [repetition(60.0 + 4 * index, valid=index < valid) for index in range(valid + partial)]
    reference = ReferenceRange(exercise, side, math.radians(28), 3)
    return ExerciseSet(exercise, side, 60.0, 120.0, tuple(repetitions), reference)


def analysis(*, version: str = "1", sets: tuple[ExerciseSet, ...] | None = None) -> Analysis:
    """Two rest tests, one of them refused, and two sets unless told otherwise."""
    return Analysis(
        version=version,
        parameters='{"gate": 0.5}',
        duration_s=125.0,
        sensors=(
            SensorQuality(
                Placement.LEFT_THIGH,
                99.98,
                12_480,
                20,
                (Gap(10.0, 10.2, 20, "lost"),),
                3,
                bad_frames=1,
                drift_ppm=-12.5,
                calibrated_on="2026-11-01",
            ),
            SensorQuality(Placement.PELVIS, 100.01, 12_500, 0, (), 0, duplicates=2),
        ),
        rest_tests=(rest_test(Side.LEFT, -15.0), rest_test(Side.RIGHT, None)),
        sets=(exercise_set("seated_ir", Side.LEFT, 8, 2), exercise_set("clamshell", None, 5))
        if sets is None
        else sets,
        ranges=(ReferenceRange("seated_ir", Side.LEFT, math.radians(28), 3),),
        alignments=(
            SensorAlignment(
                Placement.LEFT_THIGH, None, 5.0, "standing+foot_block", (0.0, 1.0, 0.0), (0.6, 0.0, 0.8)
            ),
            SensorAlignment(Placement.PELVIS, Side.LEFT, 5.0, "standing", (0.0, 1.0, 0.0), None),
        ),
        notices=(Notice(9.0, NoticeKind.SWAPPED, None, "swapped"),),
    )
