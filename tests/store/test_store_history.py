"""What earlier sessions say that a new one takes over, on SQLite and on PostgreSQL."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import Connection
from store_samples import LEFT_SENSOR, RIGHT_SENSOR, STARTED_AT, rest_test

from tracker.model import (
    Analysis,
    Placement,
    Posture,
    ReferenceRange,
    RelativeTo,
    RestTest,
    SensorAlignment,
    SensorIdentity,
    Side,
)
from tracker.motion.parameters import AlignmentParameters
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.history import RestedDonning, newest_fronts, newest_ranges, rested_donnings
from tracker.store.persons import get_or_create_person
from tracker.store.sessions import begin_session

EMPTY = Analysis("2", "{}", 60.0, (), (), ())
PELVIS, VERTICAL = RelativeTo.PELVIS, RelativeTo.VERTICAL
WORN = {Placement.LEFT_THIGH: LEFT_SENSOR, Placement.RIGHT_THIGH: RIGHT_SENSOR}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def person_id(connection: Connection, name: str = "me") -> int:
    """The key of a person."""
    return get_or_create_person(connection, time_zone="UTC", name=name).person_id


def store(
    connection: Connection,
    day: float,
    found: Analysis,
    *,
    name: str = "me",
    sensors: Mapping[Placement, SensorIdentity] = WORN,
    simulated: bool = False,
) -> int:
    """A session of a person on a day, analysed."""
    session_id = begin_session(
        connection,
        person_id=person_id(connection, name),
        started_at=STARTED_AT + timedelta(days=day),
        time_zone="UTC",
        recording_path=f"recordings/{name}-{day}.mcap",
        sensors=sensors,
        simulated=simulated,
    )
    save_analysis(connection, session_id, found)
    return session_id


def with_tests(*tests: tuple[Side, float | None], relative_to: RelativeTo = PELVIS) -> Analysis:
    """Rest tests of some legs in order, refused where there is no angle."""
    return replace(
        EMPTY, rest_tests=tuple(rest_test(side, angle, relative_to=relative_to) for side, angle in tests)
    )


def donnings(
    connection: Connection, relative_to: RelativeTo = PELVIS, limit: int = 100, version: str = "2"
) -> list[tuple[int, Side, list[float]]]:
    """What is found of a person, the angles rounded."""
    found: Sequence[RestedDonning] = rested_donnings(
        connection, person_id(connection), relative_to, version, limit
    )
    return [(one.session_id, one.side, [round(x, 9) for x in one.hip_rotations_deg]) for one in found]


def test_tests_are_told_by_session_and_leg_in_the_order_of_time(database: Database) -> None:
    with database.write() as connection:
        later = store(connection, 2, with_tests((Side.LEFT, -16.0), (Side.RIGHT, -26.0), (Side.LEFT, -17.0)))
        earlier = store(connection, 1, with_tests((Side.LEFT, -12.0), (Side.LEFT, None), (Side.LEFT, -13.0)))
        assert donnings(connection) == [
            (earlier, Side.LEFT, [-12.0, -13.0]),
            (later, Side.LEFT, [-16.0, -17.0]),
            (later, Side.RIGHT, [-26.0]),
        ]


def at(start_s: float, angle: float, posture: Posture = Posture.SUPINE, side: Side = Side.LEFT) -> RestTest:
    """A rest test of a time in a posture."""
    test = rest_test(side, angle, relative_to=PELVIS)
    return replace(test, start_s=start_s, end_s=start_s + 6.0, posture=posture)


def test_donnings_and_postures_of_a_session_are_told_apart(database: Database) -> None:
    """The left sensor was put on anew before the reference pose of 100 s: its long axis is not known then."""
    stood = SensorAlignment(Placement.LEFT_THIGH, None, 20.0, "standing", (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    anew = SensorAlignment(Placement.LEFT_THIGH, None, 100.0, "housing", None, (1.0, 0.0, 0.0))
    tests = (
        at(30.0, -10.0),
        at(30.0, -30.0, side=Side.RIGHT),
        at(50.0, -11.0),
        at(70.0, -5.0, Posture.PRONE),
        at(110.0, -14.0),
        at(110.0, -31.0, side=Side.RIGHT),
    )
    with database.write() as connection:
        store(connection, 1, replace(EMPTY, rest_tests=tests, alignments=(stood, anew)))
        # of another session, whose poses say nothing of this one
        store(connection, 0, replace(EMPTY, rest_tests=(at(30.0, -9.0), at(110.0, -8.0)), alignments=()))
        found = rested_donnings(connection, person_id(connection), PELVIS, "2", 100)
    told = [(one.side, one.posture, [round(x, 9) for x in one.hip_rotations_deg]) for one in found]
    assert told == [
        (Side.LEFT, Posture.SUPINE, [-9.0, -8.0]),
        (Side.LEFT, Posture.SUPINE, [-10.0, -11.0]),
        (Side.RIGHT, Posture.SUPINE, [-30.0, -31.0]),
        (Side.LEFT, Posture.PRONE, [-5.0]),
        (Side.LEFT, Posture.SUPINE, [-14.0]),
    ]


def test_how_far_a_strap_turns_before_it_counts_as_put_on_anew_is_a_setting(database: Database) -> None:
    """Fronts 10 degrees apart about the leg."""
    turned = (math.cos(math.radians(10.0)), 0.0, math.sin(math.radians(10.0)))
    poses = tuple(
        SensorAlignment(Placement.LEFT_THIGH, None, since_s, "standing", (0.0, 1.0, 0.0), front)
        for since_s, front in ((20.0, (1.0, 0.0, 0.0)), (100.0, turned))
    )
    with database.write() as connection:
        store(connection, 0, replace(EMPTY, rest_tests=(at(30.0, -10.0), at(110.0, -14.0)), alignments=poses))
        counts = [
            len(rested_donnings(connection, person_id(connection), PELVIS, "2", 100, parameters))
            for parameters in (
                AlignmentParameters(),
                AlignmentParameters(reference_jump_rad=math.radians(11.0)),
            )
        ]
    assert counts == [2, 1]


def test_only_the_latest_tests_are_looked_at(database: Database) -> None:
    with database.write() as connection:
        sessions = [store(connection, day, with_tests((Side.LEFT, -float(day)))) for day in range(5)]
        assert donnings(connection, limit=2) == [
            (sessions[3], Side.LEFT, [-3.0]),
            (sessions[4], Side.LEFT, [-4.0]),
        ]
        assert len(donnings(connection, limit=50)) == 5


def test_tests_against_something_else_or_of_another_version_are_left_out(database: Database) -> None:
    with database.write() as connection:
        vertical = store(connection, 0, with_tests((Side.LEFT, -10.0), relative_to=VERTICAL))
        older = store(connection, 1, replace(with_tests((Side.LEFT, -11.0)), version="1"))
        pelvis = store(connection, 2, with_tests((Side.LEFT, -12.0)))
        assert donnings(connection) == [(pelvis, Side.LEFT, [-12.0])]
        assert donnings(connection, VERTICAL) == [(vertical, Side.LEFT, [-10.0])]
        assert donnings(connection, version="1") == [(older, Side.LEFT, [-11.0])]


def test_only_the_current_analysis_of_a_session_counts(database: Database) -> None:
    ranges = (ReferenceRange("bridge", Side.LEFT, 0.5, 3),)
    with database.write() as connection:
        session_id = store(connection, 0, replace(with_tests((Side.LEFT, -10.0)), ranges=ranges))
        save_analysis(connection, session_id, with_tests((Side.LEFT, -20.0)))
        assert donnings(connection) == [(session_id, Side.LEFT, [-20.0])]
        assert newest_ranges(connection, person_id(connection), "2") == ()


def test_nothing_of_another_person_is_told(database: Database) -> None:
    front = SensorAlignment(Placement.LEFT_THIGH, None, 5.0, "standing", None, (0.0, 0.0, 1.0))
    whole = replace(
        with_tests((Side.LEFT, -10.0)), ranges=(ReferenceRange("bridge", None, 0.5, 3),), alignments=(front,)
    )
    with database.write() as connection:
        session_id = store(connection, 0, whole, name="another")
        me, another = person_id(connection), person_id(connection, "another")
        assert rested_donnings(connection, me, PELVIS, "2", 100) == ()
        assert newest_ranges(connection, me, "2") == ()
        assert newest_fronts(connection, me) == {}
        [told] = rested_donnings(connection, another, PELVIS, "2", 100)
        assert told.session_id == session_id
        assert len(newest_ranges(connection, another, "2")) == 1
        assert list(newest_fronts(connection, another)) == [(Placement.LEFT_THIGH, LEFT_SENSOR.sensor_id)]


def test_the_newest_range_of_each_exercise_and_leg_is_told(database: Database) -> None:
    def shown(*ranges: tuple[str, Side | None, float]) -> Analysis:
        return replace(
            EMPTY,
            ranges=tuple(ReferenceRange(name, side, math.radians(deg), 3) for name, side, deg in ranges),
        )

    with database.write() as connection:
        store(connection, 5, shown(("bridge", Side.LEFT, 40.0)))
        store(connection, 1, shown(("bridge", Side.LEFT, 20.0), ("bridge", Side.RIGHT, 21.0)))
        store(connection, 3, shown(("bridge", None, 22.0), ("slide", Side.LEFT, 50.0)))
        store(connection, 4, shown(("slide", Side.LEFT, 51.0), ("slide", Side.LEFT, 52.0)))
        newest = newest_ranges(connection, person_id(connection), "2")
    assert {(one.exercise, one.side): round(math.degrees(one.rom_rad), 9) for one in newest} == {
        ("bridge", Side.LEFT): 40.0,
        ("bridge", Side.RIGHT): 21.0,
        ("bridge", None): 22.0,
        ("slide", Side.LEFT): 52.0,
    }


def test_ranges_of_another_version_are_left_out(database: Database) -> None:
    def shown(deg: float, version: str) -> Analysis:
        return replace(
            EMPTY, version=version, ranges=(ReferenceRange("bridge", Side.LEFT, math.radians(deg), 3),)
        )

    with database.write() as connection:
        store(connection, 1, shown(40.0, "2"))
        store(connection, 2, shown(50.0, "1"))
        me = person_id(connection)
        told = {version: newest_ranges(connection, me, version) for version in ("1", "2", "3")}
    assert {version: [one.rom_rad for one in ranges] for version, ranges in told.items()} == {
        "1": [pytest.approx(math.radians(50.0))],
        "2": [pytest.approx(math.radians(40.0))],
        "3": [],
    }


@pytest.mark.parametrize("simulated", [False, True])
def test_simulated_sessions_and_a_person_s_own_tell_each_other_nothing(
    database: Database, simulated: bool
) -> None:
    front = SensorAlignment(Placement.LEFT_THIGH, None, 5.0, "standing", None, (0.0, 0.0, 1.0))
    whole = replace(
        with_tests((Side.LEFT, -10.0)), ranges=(ReferenceRange("bridge", None, 0.5, 3),), alignments=(front,)
    )
    with database.write() as connection:
        store(connection, 0, whole, simulated=simulated)
        me = person_id(connection)
        for asked in (False, True):
            told = (
                len(rested_donnings(connection, me, PELVIS, "2", 100, simulated=asked)),
                len(newest_ranges(connection, me, "2", simulated=asked)),
                len(newest_fronts(connection, me, simulated=asked)),
            )
            assert told == ((1, 1, 1) if asked is simulated else (0, 0, 0))


def test_fronts_are_told_by_place_and_sensor_from_the_last_reference_pose(database: Database) -> None:
    def aligned(*fronts: tuple[Placement, float, tuple[float, float, float] | None]) -> Analysis:
        return replace(
            EMPTY,
            alignments=tuple(
                SensorAlignment(place, None, since_s, "standing", (0.0, 1.0, 0.0), front)
                for place, since_s, front in fronts
            ),
        )

    left, right = Placement.LEFT_THIGH, Placement.RIGHT_THIGH
    crossed = {left: RIGHT_SENSOR, right: LEFT_SENSOR}
    with database.write() as connection:
        store(connection, 1, aligned((left, 5.0, (1.0, 0.0, 0.0)), (right, 5.0, (0.0, 0.0, -1.0))))
        store(
            connection,
            3,
            aligned(
                (left, 5.0, None),
                (left, 9.0, (0.6, 0.0, 0.8)),
                (left, 30.0, (0.8, 0.0, 0.6)),
                (left, 40.0, None),
            ),
        )
        store(connection, 2, aligned((left, 5.0, (0.0, 0.0, 1.0))), sensors=crossed)
        assert newest_fronts(connection, person_id(connection)) == {
            (left, LEFT_SENSOR.sensor_id): (0.8, 0.0, 0.6),
            (left, RIGHT_SENSOR.sensor_id): (0.0, 0.0, 1.0),
            (right, RIGHT_SENSOR.sensor_id): (0.0, 0.0, -1.0),
        }


def test_a_session_that_was_not_analysed_or_had_no_sensors_of_its_own_tells_nothing(
    database: Database,
) -> None:
    front = SensorAlignment(Placement.LEFT_THIGH, None, 5.0, "standing", None, (0.0, 0.0, 1.0))
    with database.write() as connection:
        store(connection, 0, replace(EMPTY, alignments=(front,)), sensors={})
        begin_session(
            connection,
            person_id=person_id(connection),
            started_at=STARTED_AT,
            time_zone="UTC",
            recording_path="recordings/bare.mcap",
            sensors=WORN,
        )
        assert newest_fronts(connection, person_id(connection)) == {}
        assert donnings(connection) == []
