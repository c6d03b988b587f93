"""Analyses and sessions to store in tests."""

import math
from datetime import UTC, datetime

from sqlalchemy import Connection

from tracker.model import (
    Analysis,
    ExerciseSet,
    Gap,
    Placement,
    RelativeTo,
    Repetition,
    RestTest,
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
        uncertainty_rad=None if refused else math.radians(uncertainty_deg),
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
        peak_velocity_rad_per_s=1.0,
        concentric_s=1.5,
        hold_s=0.5,
        eccentric_s=1.5,
        valid=valid,
        flags=() if valid else ("small",),
    )


def exercise_set(exercise: str, side: Side | None, valid: int, partial: int = 0) -> ExerciseSet:
    """A set with so many valid and partial repetitions."""
    repetitions = [repetition(60.0 + 4 * index, valid=index < valid) for index in range(valid + partial)]
    return ExerciseSet(exercise, side, 60.0, 120.0, tuple(repetitions))


def analysis(*, version: str = "1", sets: tuple[ExerciseSet, ...] | None = None) -> Analysis:
    """Two rest tests, one of them refused, and two sets unless told otherwise."""
    return Analysis(
        version=version,
        parameters='{"gate": 0.5}',
        duration_s=125.0,
        sensors=(
            SensorQuality(
                Placement.LEFT_THIGH, 99.98, 12_480, 20, (Gap(10.0, 10.2, 20, "lost"),), 3, bad_frames=1
            ),
            SensorQuality(Placement.PELVIS, 100.01, 12_500, 0, (), 0, duplicates=2),
        ),
        rest_tests=(rest_test(Side.LEFT, -15.0), rest_test(Side.RIGHT, None)),
        sets=(exercise_set("seated_ir", Side.LEFT, 8, 2), exercise_set("clamshell", None, 5))
        if sets is None
        else sets,
    )
