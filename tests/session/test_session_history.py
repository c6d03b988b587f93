"""What a new session takes over: the person's own earlier ones, and their sensors' calibrations."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from frame_bench import PARAMETERS, identity
from pipeline_bench import LEFT, PELVIS, RIGHT, rad
from sqlalchemy import Connection

from tracker.home import Home
from tracker.model import (
    AccelerometerCalibration,
    Analysis,
    Placement,
    Posture,
    ReferenceRange,
    RelativeTo,
    RestTest,
    RestUncertainty,
    SensorAlignment,
    SensorIdentity,
    Side,
)
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import assumed_repeatability, own_repeatability
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.history import with_history
from tracker.session.keeping import StoreKeeper
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.analyses import save_analysis
from tracker.store.calibrations import save_calibration
from tracker.store.database import open_database
from tracker.store.persons import DEFAULT_NAME, get_or_create_person
from tracker.store.sessions import begin_session

STARTED_AT = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)
ALL = {place: identity(place, number) for number, place in enumerate(Placement)}
THIGHS = {place: ALL[place] for place in (LEFT, RIGHT)}
REST = PARAMETERS.motion.rest_test
TERMS = RestUncertainty(0.01, 0.0, 0.02, 0.05, 0.0, 2.0)


def rested(side: Side, inward_deg: float | None, relative_to: RelativeTo = RelativeTo.PELVIS) -> RestTest:
    """A rest test; refused where there is no angle."""
    refused = inward_deg is None
    return RestTest(
        side=side,
        start_s=40.0,
        end_s=50.0,
        hip_rotation_rad=None if inward_deg is None else rad(inward_deg),
        uncertainty=None if refused else TERMS,
        relative_to=relative_to,
        observability=1.0,
        refused="moving" if refused else None,
    )


def analysis(
    tests: Sequence[RestTest] = (),
    *,
    ranges: Sequence[ReferenceRange] = (),
    fronts: Mapping[Placement, tuple[float, float, float]] | None = None,
    version: str = ANALYSIS_VERSION,
) -> Analysis:
    """An analysis with some results."""
    alignments = tuple(
        SensorAlignment(place, None, 10.0, "standing+patella_up", (0.0, 1.0, 0.0), front)
        for place, front in (fronts or {}).items()
    )
    return Analysis(version, "{}", 60.0, (), tuple(tests), (), tuple(ranges), alignments)


def store(
    connection: Connection,
    day: int,
    found: Analysis,
    *,
    name: str = DEFAULT_NAME,
    sensors: Mapping[Placement, SensorIdentity] = ALL,
) -> int:
    """A session of a person on a day, analysed."""
    person = get_or_create_person(connection, time_zone="UTC", name=name)
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=STARTED_AT + timedelta(days=day),
        time_zone="UTC",
        recording_path=f"recordings/{name}-{day}.mcap",
        sensors=sensors,
    )
    save_analysis(connection, session_id, found)
    return session_id


def taken_over(
    connection: Connection, sensors: Mapping[Placement, SensorIdentity] = ALL, name: str = DEFAULT_NAME
) -> AnalysisParameters:
    """What the next session of a person with some sensors takes over."""
    person = get_or_create_person(connection, time_zone="UTC", name=name)
    return with_history(PARAMETERS, connection, person.person_id, sensors)


def test_a_first_session_takes_over_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        assert taken_over(connection) == PARAMETERS


def test_repeatability_is_that_of_the_person_s_own_sessions_leg_by_leg(tmp_path: Path) -> None:
    days = ([-15.0, -16.0, -14.5], [-20.0, -19.0], [-12.0])
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        for day, angles in enumerate(days):
            store(connection, day, analysis([rested(Side.LEFT, angle) for angle in angles]))
        person = taken_over(connection).person
    in_rad = [[math.radians(angle) for angle in angles] for angles in days]
    assert list(person.repeatability) == [Side.LEFT]
    expected = own_repeatability(REST, in_rad)
    found = person.repeatability[Side.LEFT]
    assert found.reference_sd_rad == pytest.approx(expected.reference_sd_rad, rel=1e-12)
    assert found.donning_sd_rad == pytest.approx(expected.donning_sd_rad, rel=1e-12)
    assert (found.reference_dof, found.donning_dof) == (expected.reference_dof, expected.donning_dof)
    assert found.donning_sd_rad > assumed_repeatability(REST).donning_sd_rad


def test_what_is_put_on_anew_within_a_session_is_a_donning_of_its_own(tmp_path: Path) -> None:
    """-15 and -16 with one strap, -25 and -24 with the next: not four repeats that differ by 10 degrees."""
    tests = [
        replace(rested(Side.LEFT, angle), start_s=start_s, end_s=start_s + 6.0)
        for start_s, angle in ((30.0, -15.0), (50.0, -16.0), (130.0, -25.0), (150.0, -24.0))
    ]
    poses = tuple(
        SensorAlignment(LEFT, None, since_s, "any", axis, (1.0, 0.0, 0.0))
        for since_s, axis in ((20.0, (0.0, 1.0, 0.0)), (120.0, None))
    )
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        store(connection, 0, replace(analysis(tests), alignments=poses))
        found = taken_over(connection).person.repeatability[Side.LEFT]
    expected = own_repeatability(REST, [[rad(-15.0), rad(-16.0)], [rad(-25.0), rad(-24.0)]])
    assert found.reference_sd_rad == pytest.approx(expected.reference_sd_rad, rel=1e-9)
    assert found.donning_sd_rad == pytest.approx(expected.donning_sd_rad, rel=1e-9)


def test_repeatability_is_that_of_the_posture_of_most_tests(tmp_path: Path) -> None:
    """Prone the leg lies 20 degrees otherwise, which is no step from one donning to the next."""
    supine = [[-15.0, -16.0], [-17.0, -16.5]]
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        for day, angles in enumerate(supine):
            prone = replace(rested(Side.LEFT, 5.0), posture=Posture.PRONE)
            store(connection, day, analysis([*(rested(Side.LEFT, angle) for angle in angles), prone]))
        found = taken_over(connection).person.repeatability[Side.LEFT]
    expected = own_repeatability(REST, [[math.radians(angle) for angle in angles] for angles in supine])
    assert found.reference_sd_rad == pytest.approx(expected.reference_sd_rad, rel=1e-9)
    assert found.donning_sd_rad == pytest.approx(expected.donning_sd_rad, rel=1e-9)


def test_the_order_of_sessions_is_that_of_their_days_not_of_their_storing(tmp_path: Path) -> None:
    """Steps from one session to the next count: -10, -11, -20, -21 wanders less than -10, -20, -11, -21."""
    found = []
    for order in ((0, 1, 2, 3), (0, 2, 1, 3), (3, 2, 1, 0)):
        with open_database(tmp_path / f"{order}.db") as database, database.write() as connection:
            for day in order:
                angle = (-10.0, -11.0, -20.0, -21.0)[day]
                store(connection, day, analysis([rested(Side.RIGHT, angle)]))
            found.append(taken_over(connection).person)
    assert found[0] == found[1] == found[2]
    with open_database(tmp_path / "other.db") as database, database.write() as connection:
        for day, angle in enumerate((-10.0, -20.0, -11.0, -21.0)):
            store(connection, day, analysis([rested(Side.RIGHT, angle)]))
        other = taken_over(connection).person.repeatability[Side.RIGHT]
    assert other.donning_sd_rad > found[0].repeatability[Side.RIGHT].donning_sd_rad


def test_tests_that_were_refused_or_measured_otherwise_say_nothing(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        store(connection, 0, analysis([rested(Side.LEFT, None), rested(Side.RIGHT, None)]))
        store(connection, 1, analysis([rested(Side.LEFT, -15.0, RelativeTo.VERTICAL)]))
        store(connection, 2, analysis([rested(Side.RIGHT, -15.0)], version="1"))
        assert taken_over(connection).person == PersonalRecord()
        # Without a pelvis sensor it is the tests against the vertical that count.
        assert list(taken_over(connection, THIGHS).person.repeatability) == [Side.LEFT]


def test_nothing_of_another_person_is_taken_over(tmp_path: Path) -> None:
    whole = analysis(
        [rested(side, angle) for side, angle in ((Side.LEFT, -15.0), (Side.LEFT, -25.0), (Side.RIGHT, -9.0))],
        ranges=[ReferenceRange("bridge", Side.LEFT, rad(40.0), 3)],
        fronts={LEFT: (0.6, 0.0, 0.8)},
    )
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        store(connection, 0, whole, name="another")
        assert taken_over(connection).person == PersonalRecord()
        another = taken_over(connection, name="another").person
        assert set(another.repeatability) == {Side.LEFT, Side.RIGHT}
        assert [one.exercise for one in another.ranges] == ["bridge"]
        assert list(another.fronts) == [LEFT]
        store(connection, 1, analysis([rested(Side.RIGHT, -30.0)]))
        assert set(taken_over(connection).person.repeatability) == {Side.RIGHT}
        assert taken_over(connection, name="another").person == another


def test_the_newest_own_range_of_each_exercise_and_leg_is_taken_over(tmp_path: Path) -> None:
    def shown(exercise: str, side: Side | None, rom_deg: float) -> ReferenceRange:
        return ReferenceRange(exercise, side, rad(rom_deg), 3)

    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        store(connection, 3, analysis(ranges=[shown("bridge", Side.LEFT, 44.0)]))
        store(
            connection,
            1,
            analysis(ranges=[shown("bridge", Side.LEFT, 30.0), shown("bridge", Side.RIGHT, 31.0)]),
        )
        store(
            connection,
            2,
            analysis(ranges=[shown("generic", None, 60.0), shown("generic", None, 61.0)]),
        )
        ranges = taken_over(connection).person.ranges
    assert {(one.exercise, one.side): round(math.degrees(one.rom_rad), 9) for one in ranges} == {
        ("bridge", Side.LEFT): 44.0,
        ("bridge", Side.RIGHT): 31.0,
        ("generic", None): 61.0,
    }
    assert len(ranges) == 3
    assert {one.shown for one in ranges} == {3}


def test_a_strap_is_compared_with_the_last_time_that_this_sensor_sat_there(tmp_path: Path) -> None:
    spare = identity(LEFT, 9)
    front_of = {0: (1.0, 0.0, 0.0), 1: (0.6, 0.0, 0.8), 2: (0.0, 0.0, 1.0)}
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        for day, front in front_of.items():
            worn = {**ALL, LEFT: spare} if day == 2 else ALL
            store(connection, day, analysis(fronts={LEFT: front, PELVIS: front}), sensors=worn)
        fronts = taken_over(connection).person.fronts
        assert fronts == {LEFT: front_of[1], PELVIS: front_of[2]}
        assert taken_over(connection, {LEFT: spare}).person.fronts == {LEFT: front_of[2]}
        # The same sensor on the other leg was never worn there.
        assert taken_over(connection, {RIGHT: ALL[LEFT]}).person.fronts == {}


def test_an_analysis_that_was_replaced_says_nothing_any_more(tmp_path: Path) -> None:
    first = analysis(
        [rested(Side.LEFT, -15.0)],
        ranges=[ReferenceRange("bridge", Side.LEFT, rad(40.0), 3)],
        fronts={LEFT: (0.6, 0.0, 0.8)},
    )
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        session_id = store(connection, 0, first)
        save_analysis(connection, session_id, analysis())
        assert taken_over(connection).person == PersonalRecord()


def calibration(sensor: SensorIdentity, calibrated_on: str) -> AccelerometerCalibration:
    """A calibration of a sensor."""
    return AccelerometerCalibration(
        sensor.sensor_id, calibrated_on, (0.1, -0.2, 0.3), (1.01, 0.99, 1.0), 0.004
    )


def test_calibrations_are_those_of_the_sensors_that_are_worn_whoever_wears_them(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        for place, day in ((LEFT, "2026-01-05"), (RIGHT, "2026-01-06"), (LEFT, "2026-11-01")):
            save_calibration(connection, ALL[place], calibration(ALL[place], day))
        left = {ALL[LEFT].sensor_id: calibration(ALL[LEFT], "2026-11-01")}
        assert taken_over(connection, {LEFT: ALL[LEFT]}).calibrations == left
        assert taken_over(connection, {LEFT: ALL[LEFT]}, name="another").calibrations == left
        # A calibration goes with its sensor to another place.
        assert taken_over(connection, {PELVIS: ALL[LEFT]}).calibrations == left
        assert set(taken_over(connection).calibrations) == {ALL[LEFT].sensor_id, ALL[RIGHT].sensor_id}
        assert taken_over(connection, {LEFT: identity(LEFT, 9)}).calibrations == {}


def test_a_live_session_is_prepared_with_what_the_store_knows(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            store(connection, 0, analysis([rested(Side.LEFT, -15.0), rested(Side.LEFT, -18.0)]))
            save_calibration(connection, ALL[LEFT], calibration(ALL[LEFT], "2026-11-01"))
        prepared = StoreKeeper(database, Home(tmp_path)).prepare(PARAMETERS, ALL)
        rehearsed = StoreKeeper(database, Home(tmp_path)).prepare(PARAMETERS, ALL, simulated=True)
    # Sessions of a person tell a simulated one nothing; a calibration is the sensor's.
    assert rehearsed.person == PersonalRecord()
    assert list(rehearsed.calibrations) == [ALL[LEFT].sensor_id]
    assert list(prepared.person.repeatability) == [Side.LEFT]
    assert list(prepared.calibrations) == [ALL[LEFT].sensor_id]
    assert prepared.motion == PARAMETERS.motion
