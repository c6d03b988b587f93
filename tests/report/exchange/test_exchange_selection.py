"""Which sessions are exported: by number, by the days of the person's time zone, or all."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from exchange_samples import BY_HAND, DELETED, MEASURED, OF_ANNA, SIMULATED, fill
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.report.exchange.selection import Days, Selection, choose_days, choose_sessions
from tracker.store.database import Database, open_database
from tracker.store.persons import change_person, find_person

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with open_database(tmp_path_factory.mktemp("selection") / "tracker.db") as opened:
        with opened.write() as connection:
            fill(connection)
        yield opened


def on_days(database: Database, days: Days, zone: str = "Europe/Berlin", name: str = "me") -> Selection:
    with database.write() as connection:
        person = find_person(connection, name)
        assert person is not None
        person = change_person(connection, person, time_zone=zone)
        return choose_days(connection, person, Path("/home"), days)


def by_number(database: Database, *ids: int) -> Selection:
    with database.read() as connection:
        person = find_person(connection, "me")
        assert person is not None
        return choose_sessions(connection, person, Path("/home"), ids)


def test_all_sessions_of_one_person_come_in_their_order_and_deleted_ones_are_told(database: Database) -> None:
    selection = on_days(database, Days())
    assert selection.session_ids == (MEASURED, BY_HAND, SIMULATED)
    assert selection.deleted == (DELETED,)
    assert selection.simulated
    assert on_days(database, Days(), "America/New_York", "Änna +1").session_ids == (OF_ANNA,)


@pytest.mark.parametrize(
    ("zone", "day"),
    # The first session began on 17 November at 18:30 UTC.
    [("Europe/Berlin", 17), ("Asia/Tokyo", 18), ("Pacific/Kiritimati", 18), ("Pacific/Honolulu", 17)],
)
def test_days_are_those_of_the_person(database: Database, zone: str, day: int) -> None:
    wanted = date(2026, 11, day)
    assert on_days(database, Days(wanted, wanted), zone).session_ids == (MEASURED,)
    with pytest.raises(UsageError, match="no session"):
        on_days(database, Days(last=wanted - timedelta(days=1)), zone)


def test_both_ends_are_in_the_span_and_may_be_open(database: Database) -> None:
    middle = date(2026, 11, 18)
    assert on_days(database, Days(first=middle)).session_ids == (BY_HAND, SIMULATED)
    assert on_days(database, Days(last=middle)).session_ids == (MEASURED, BY_HAND)
    assert on_days(database, Days(first=middle)).deleted == (DELETED,)
    assert on_days(database, Days(last=middle)).deleted == ()


def test_the_day_on_which_clocks_change_has_23_or_25_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        since, until = Days(day, day).instants(BERLIN)
        assert since is not None
        assert until is not None
        assert until - since == timedelta(hours=hours)


@given(st.dates(), st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "America/New_York"]))
def test_any_day_of_the_calendar_can_be_asked_for(day: date, zone: str) -> None:
    since, until = Days(day, day).instants(ZoneInfo(zone))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    assert since is None or since <= noon
    assert until is None or noon < until


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="before it begins"):
        Days(date(2026, 11, 18), date(2026, 11, 17))


def test_days_without_sessions_are_refused_also_in_the_future(database: Database) -> None:
    with pytest.raises(UsageError, match="no session of me"):
        on_days(database, Days(first=datetime.now(UTC).date() + timedelta(days=3650)))


def test_numbers_may_come_twice_and_in_any_order(database: Database) -> None:
    assert by_number(database, SIMULATED, MEASURED, SIMULATED).session_ids == (MEASURED, SIMULATED)


def test_a_deleted_session_is_left_out_and_told(database: Database) -> None:
    selection = by_number(database, MEASURED, DELETED)
    assert selection.session_ids == (MEASURED,)
    assert selection.deleted == (DELETED,)
    with pytest.raises(UsageError, match="deleted"):
        by_number(database, DELETED)


@pytest.mark.parametrize("number", [0, -1, 99, OF_ANNA, 2**70])
def test_a_session_that_the_person_does_not_have_is_refused(database: Database, number: int) -> None:
    with pytest.raises(UsageError, match=f"no session {number}"):
        by_number(database, MEASURED, number)
