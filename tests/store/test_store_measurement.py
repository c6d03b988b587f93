"""What a measurement is made of comes back as it was stored."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from store_samples import STARTED_AT, analysis, begin, exercise_set, repetition, rest_test

from tracker.model import (
    Analysis,
    ExerciseSet,
    Form,
    Notice,
    NoticeKind,
    Placement,
    Posture,
    ReferenceRange,
    RelativeTo,
    RestTest,
    RestUncertainty,
    SensorAlignment,
    SensorQuality,
    Side,
)
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.database import Database, open_database
from tracker.store.persons import find_person
from tracker.store.spans import week_rows
from tracker.store.tables import NoticeTable, RestTestTable, SensorAlignmentTable, ShownRangeTable

EMPTY = Analysis("2", "{}", 60.0, (), (), ())
UNIT = (0.6, -0.0, 0.8)
TERMS = RestUncertainty(0.0175, 0.0071, 0.0174, 0.0523, 0.0012, 2.31, 0.0102)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "tracker.db") as opened:
        yield opened


def stored(database: Database, found: Analysis) -> Analysis:
    """An analysis after it was stored and read."""
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, found, STARTED_AT)
    with database.read() as connection:
        read = read_analysis(connection, session_id)
    assert read is not None
    return read.analysis


def test_own_ranges_of_every_leg_come_back_in_their_order(database: Database) -> None:
    ranges = tuple(
        ReferenceRange(f"exercise {number}", side, math.radians(20.0 + number), number)
        for number, side in enumerate((None, *Side))
    )
    back = stored(database, replace(EMPTY, ranges=ranges)).ranges
    assert [(one.exercise, one.side, one.shown) for one in back] == [
        (one.exercise, one.side, one.shown) for one in ranges
    ]
    assert [one.rom_rad for one in back] == pytest.approx([one.rom_rad for one in ranges], rel=1e-14)


def test_alignments_come_back_to_the_last_bit_also_without_one_of_their_axes(database: Database) -> None:
    alignments = tuple(
        SensorAlignment(place, side, 3.5, recipe, long_axis, front)
        for place, side, recipe, long_axis, front in (
            (Placement.LEFT_THIGH, None, "standing", (0.0, 1.0, 0.0), None),
            (Placement.LEFT_THIGH, None, "standing+patella_up", (0.0, 1.0, 0.0), UNIT),
            (Placement.RIGHT_THIGH, None, "housing+foot_block", None, UNIT),
            (Placement.PELVIS, Side.LEFT, "knee_lift+pelvis_level", (1.0 / 3.0, 2.0 / 3.0, -2.0 / 3.0), UNIT),
            (Placement.PELVIS, Side.RIGHT, "housing", None, None),
        )
    )
    assert stored(database, replace(EMPTY, alignments=alignments)).alignments == alignments


def test_notices_of_every_kind_come_back_with_the_sensor_that_they_name(database: Database) -> None:
    places = (None, *Placement)
    notices = tuple(
        Notice(float(number), kind, places[number % len(places)], f"{kind.value}: läuft 4 % zu schnell\n?")
        for number, kind in enumerate(NoticeKind)
    )
    assert stored(database, replace(EMPTY, notices=notices)).notices == notices


def test_every_part_of_a_rest_test_comes_back(database: Database) -> None:
    tests = tuple(
        RestTest(
            side=side,
            start_s=40.0,
            end_s=50.0,
            hip_rotation_rad=math.radians(-25.0),
            uncertainty=TERMS,
            relative_to=relative_to,
            observability=0.97,
            posture=posture,
            recipe="standing+hanging_shank",
            reference_age_s=12.25,
            crosstalk_bound_rad=0.02,
            flags=("pelvis rolled by 9 deg", "reference pose 6 min old"),
        )
        for side, posture in zip((Side.LEFT, Side.RIGHT) * 4, Posture, strict=False)
        for relative_to in RelativeTo
    )
    back = stored(database, replace(EMPTY, rest_tests=tests)).rest_tests
    assert {test.posture for test in back} == set(Posture)
    for test, original in zip(back, tests, strict=True):
        numbers = test.uncertainty, test.hip_rotation_rad, test.crosstalk_bound_rad
        assert test == replace(
            original, uncertainty=numbers[0], hip_rotation_rad=numbers[1], crosstalk_bound_rad=numbers[2]
        )
        assert numbers[1:] == pytest.approx(
            (original.hip_rotation_rad, original.crosstalk_bound_rad), rel=1e-14
        )


def test_each_term_of_the_uncertainty_comes_back_in_its_place(database: Database) -> None:
    """Terms that are all different: one in another's place would show."""
    back = stored(
        database, replace(EMPTY, rest_tests=(replace(rest_test(Side.LEFT, -15.0), uncertainty=TERMS),))
    )
    [test] = back.rest_tests
    assert test.uncertainty is not None
    names = ("sensor_rad", "crosstalk_rad", "reference_rad", "donning_rad", "wander_rad", "coverage")
    for name in names:
        assert getattr(test.uncertainty, name) == pytest.approx(getattr(TERMS, name), rel=1e-14), name
    assert test.uncertainty_rad == pytest.approx(TERMS.half_width_rad, rel=1e-14)
    with database.read() as connection:
        row = connection.execute(select(RestTestTable.__table__)).one()
    assert row.uncertainty_deg == pytest.approx(math.degrees(TERMS.half_width_rad), rel=1e-14)
    assert row.donning_sd_deg == pytest.approx(math.degrees(TERMS.donning_rad), rel=1e-14)


def test_a_refused_test_keeps_its_circumstances_and_has_no_numbers(database: Database) -> None:
    refused = replace(
        rest_test(Side.RIGHT, None),
        posture=Posture.PRONE,
        recipe="housing",
        observability=None,
        refused="no reference pose: the sensor moved during the pose",
    )
    assert stored(database, replace(EMPTY, rest_tests=(refused,))).rest_tests == (refused,)


def test_the_week_sees_the_same_terms(database: Database) -> None:
    measured = replace(rest_test(Side.LEFT, -15.0), uncertainty=TERMS)
    with database.write() as connection:
        save_analysis(
            connection, begin(connection), replace(EMPTY, rest_tests=(measured, rest_test(Side.RIGHT, None)))
        )
        person = find_person(connection)
        assert person is not None
        end = STARTED_AT.replace(year=STARTED_AT.year + 1)
        left, right = week_rows(connection, person.person_id, STARTED_AT, end).rest_tests
    found = left.test.uncertainty
    assert found is not None
    assert astuple(found) == pytest.approx(astuple(TERMS), rel=1e-14)
    assert right.test.uncertainty is None


def test_what_a_set_was_held_against_comes_back(database: Database) -> None:
    references: Sequence[ReferenceRange | None] = (
        None,
        ReferenceRange("bridge", Side.LEFT, math.radians(28.0), 3),
        ReferenceRange("bridge", Side.LEFT, math.radians(35.0), 0),
    )
    sets = tuple(
        ExerciseSet("bridge", Side.LEFT, 60.0, 90.0, (), reference, ("gap: the count is a lower bound",))
        for reference in references
    )
    back = stored(database, replace(EMPTY, sets=sets)).sets
    assert [one.flags for one in back] == [one.flags for one in sets]
    assert back[0].reference is None
    for one, reference in zip(back[1:], references[1:], strict=True):
        assert one.reference is not None
        assert reference is not None
        assert replace(one.reference, rom_rad=reference.rom_rad) == reference
        assert one.reference.rom_rad == pytest.approx(reference.rom_rad, rel=1e-14)


def test_what_a_repetition_did_beside_its_movement_comes_back_also_where_it_was_not_seen(
    database: Database,
) -> None:
    seen = replace(repetition(60.0), form=Form(0.01, 0.02, 0.03, 0.04, 0.05), eccentric_smoothness=-1.75)
    withheld = replace(
        repetition(70.0),
        rom_rad=None,
        rom_uncertainty_rad=None,
        peak_velocity_rad_per_s=None,
        mean_velocity_rad_per_s=None,
        concentric_smoothness=None,
        form=Form(),
        flags=("saturated",),
    )
    one = replace(exercise_set("bridge", Side.LEFT, 0), repetitions=(seen, withheld))
    [back] = stored(database, replace(EMPTY, sets=(one,))).sets
    first, second = back.repetitions
    form = first.form
    angles = (
        form.elevation_change_rad,
        form.heading_change_rad,
        form.rotation_change_rad,
        form.pelvis_turn_rad,
    )
    assert angles == pytest.approx((0.01, 0.02, 0.03, 0.04), rel=1e-14)
    assert form.pelvis_share == 0.05
    assert (first.concentric_smoothness, first.eccentric_smoothness) == (-1.5, -1.75)
    assert second == replace(withheld, phase_rate_rad_per_s=second.phase_rate_rad_per_s)


def test_the_clock_and_the_calibration_of_a_sensor_come_back(database: Database) -> None:
    known = SensorQuality(
        Placement.PELVIS,
        99.9,
        10,
        0,
        (),
        0,
        drift_ppm=40_012.5,
        drift_uncertainty_ppm=0.25,
        clock_residual_s=0.028,
        calibrated_on="2026-11-01",
        backfilled=2000,
    )
    unknown = SensorQuality(Placement.LEFT_THIGH, 100.0, 10, 0, (), 0)
    assert stored(database, replace(EMPTY, sensors=(known, unknown))).sensors == (unknown, known)


@pytest.mark.parametrize(
    "broken",
    [
        replace(EMPTY, ranges=(ReferenceRange("x", None, math.nan, 3),)),
        replace(
            EMPTY, alignments=(SensorAlignment(Placement.PELVIS, None, 0.0, "x", (0, math.inf, 0), None),)
        ),
        replace(EMPTY, notices=(Notice(math.nan, NoticeKind.SWAPPED, None, "x"),)),
        replace(
            EMPTY,
            rest_tests=(
                replace(rest_test(Side.LEFT, -15.0), uncertainty=replace(TERMS, wander_rad=math.nan)),
            ),
        ),
    ],
    ids=["range", "alignment", "notice", "uncertainty"],
)
def test_what_is_no_number_is_never_stored(database: Database, broken: Analysis) -> None:
    with pytest.raises(ValueError, match="not a measured number"):
        stored(database, broken)
    with database.read() as connection:
        assert rows_of(connection) == 0


def rows_of(connection: Connection) -> int:
    """How many ranges, alignments, notices and rest tests there are."""
    tables = (ShownRangeTable, SensorAlignmentTable, NoticeTable, RestTestTable)
    return sum(len(connection.execute(select(table.id)).all()) for table in tables)


def test_what_belongs_to_an_analysis_goes_with_its_session(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis())
        assert rows_of(connection) == 6
    with database.write() as connection:
        connection.execute(text("DELETE FROM session WHERE id = :id"), {"id": session_id})
        assert rows_of(connection) == 0
