"""Weeks partition time: every instant lies in exactly one, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.errors import UsageError
from tracker.progress.iso_week import IsoWeek

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = st.sampled_from(
    [
        *(BERLIN, NEW_YORK, ZoneInfo("UTC")),
        # Clocks that skip midnight, that change at one minute past it, by half an hour, and a skipped day.
        *map(ZoneInfo, ("Asia/Beirut", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia")),
    ]
)
INSTANTS = st.datetimes(datetime(1950, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@settings(deadline=None)
@given(INSTANTS, ZONES)
@example(datetime(2026, 3, 29, 22, 0, tzinfo=UTC), BERLIN)
@example(datetime(2026, 10, 25, 23, 0, tzinfo=UTC), BERLIN)
@example(datetime(2024, 12, 29, 23, 0, tzinfo=UTC), BERLIN)
@example(datetime(2011, 12, 30, 10, 0, tzinfo=UTC), ZoneInfo("Pacific/Apia"))
def test_every_instant_lies_in_exactly_one_week(instant: datetime, zone: ZoneInfo) -> None:
    week = IsoWeek.containing(instant, zone)
    start, end = week.span(zone)
    assert start <= instant < end
    assert week.previous.span(zone)[1] == start
    assert week.next.span(zone)[0] == end


@settings(deadline=None)
@given(INSTANTS, st.sampled_from([BERLIN, NEW_YORK]))
def test_the_week_is_the_one_of_the_local_date(instant: datetime, zone: ZoneInfo) -> None:
    local = instant.astimezone(zone)
    week = IsoWeek.containing(instant, zone)
    assert (week.year, week.week) == local.isocalendar()[:2]
    assert timedelta(0) <= local.date() - week.monday < timedelta(days=7)


@settings(deadline=None)
@given(st.dates(date(2, 1, 1), date(9997, 12, 31)))
def test_a_week_s_text_names_it(day: date) -> None:
    week = IsoWeek.of_date(day)
    assert IsoWeek.parse(str(week)) == week
    assert week.monday.weekday() == 0
    assert week.next.previous == week
    assert week.previous < week < week.next


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 12, 30), "2025-W01"),
        (date(2025, 1, 5), "2025-W01"),
        (date(2026, 1, 1), "2026-W01"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
    ],
)
def test_new_year(day: date, text: str) -> None:
    assert str(IsoWeek.of_date(day)) == text


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2026-W13", BERLIN, 167),
        ("2026-W43", BERLIN, 169),
        ("2026-W10", NEW_YORK, 167),
        ("2026-W44", NEW_YORK, 169),
        ("2026-W47", BERLIN, 168),
    ],
)
def test_a_week_in_which_clocks_change_is_an_hour_off(text: str, zone: ZoneInfo, hours: int) -> None:
    start, end = IsoWeek.parse(text).span(zone)
    assert end - start == timedelta(hours=hours)
    assert start.astimezone(zone).hour == end.astimezone(zone).hour == 0


def test_monday_s_date() -> None:
    assert IsoWeek.parse("2026-W47").monday == date(2026, 11, 16)
    assert IsoWeek.parse(" 2026W47 ") == IsoWeek(2026, 47)


@pytest.mark.parametrize(
    "text", ["", "47", "2026-47", "2026-W00", "2025-W53", "2026-W54", "2026-W4", "0000-W01"]
)
def test_what_is_not_a_week_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="week") as refusal:
        IsoWeek.parse(text)
    assert "2026-W47" in refusal.value.advice
