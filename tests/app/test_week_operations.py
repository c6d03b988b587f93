"""Weeks, trends, habits and bands as page and programs ask for them, on a real database."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.app.operations.bands import add_own_band, bands_document, bands_shown, put_band_away
from tracker.app.operations.habits import HabitSaid, habits_document, habits_shown, say_habits
from tracker.app.operations.trend import trend_object, trend_shown
from tracker.app.operations.week import week_file, week_object, week_shown
from tracker.errors import UsageError
from tracker.home import Home
from tracker.plan.band_force import NEWTONS_PER_POUND, BandStrength
from tracker.progress.iso_week import IsoWeek
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database
from tracker.store.persons import add_person, get_or_create_person
from tracker.store.values import Person

ZONE = ZoneInfo("Pacific/Kiritimati")
"""The first place on earth where a day begins: often another one than that of the computer."""


class Bench:
    """A home with one person who has done nothing yet."""

    def __init__(self, place: Workplace, database: Database) -> None:
        self.place = place
        self.database = database
        with database.write() as connection:
            self.person: Person = get_or_create_person(connection, time_zone=ZONE.key)
        self.today = datetime.now(ZONE).date()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    place = workplace(Home(tmp_path))
    with place.database() as database:
        yield Bench(place, database)


def test_the_running_week_is_the_person_s_own_and_has_none_after(bench: Bench) -> None:
    shown = week_shown(bench.place, bench.database, bench.person)
    week = IsoWeek.of_date(bench.today)
    assert (shown.name, shown.before, shown.after) == (str(week), str(week.previous), None)


def test_an_earlier_week_has_one_on_either_side(bench: Bench) -> None:
    shown = week_shown(bench.place, bench.database, bench.person, "2021-W01")
    assert (shown.before, shown.name, shown.after) == ("2020-W53", "2021-W01", "2021-W02")


@pytest.mark.parametrize("week", ["2026-W99", "next", "9000-W01", "1969-W01", "<script>"])
def test_a_week_that_cannot_be_shown_is_refused(bench: Bench, week: str) -> None:
    with pytest.raises(UsageError):
        week_shown(bench.place, bench.database, bench.person, week)


def test_a_week_as_document_and_as_file(bench: Bench) -> None:
    shown = week_shown(bench.place, bench.database, bench.person, "2026-W10")
    document = json.loads(json.dumps(week_object(shown)))
    assert len(document["before"]) == 11
    assert [one["valid_reps"] for one in document["days"]] == [0] * 7
    name, content = week_file(shown)
    assert name == "week-2026-W10.pdf"
    assert content.startswith(b"%PDF-")


def test_a_trend_without_any_rest_test(bench: Bench) -> None:
    trend = trend_shown(bench.place, bench.database, bench.person)
    assert all(not one.points for one in trend.quantities)
    assert json.loads(json.dumps(trend_object(trend)))["refused_tests"] == 0


def test_a_trend_of_some_weeks_ends_today(bench: Bench) -> None:
    trend = trend_shown(bench.place, bench.database, bench.person, weeks=2)
    assert (trend.first, trend.last) == (bench.today - timedelta(days=13), bench.today)


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "yesterday"},
        {"until": "2999-01-01"},
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"since": "2026-02-02", "weeks": 3},
        {"weeks": 0},
        {"weeks": 2001},
        {"until": "1900-01-01"},
    ],
)
def test_a_time_that_makes_no_sense_is_refused(bench: Bench, asked: dict[str, str | int]) -> None:
    with pytest.raises(UsageError):
        trend_shown(bench.place, bench.database, bench.person, **asked)  # type: ignore[arg-type]


def test_habits_are_kept_and_said_anew(bench: Bench) -> None:
    day = bench.today.isoformat()
    say_habits(bench.database, bench.person, day, [HabitSaid("cross_legged", "much", 300)])
    shown = say_habits(bench.database, bench.person, None, [HabitSaid("cross_legged", "some")])
    said = shown.of(bench.today, "cross_legged")
    assert said is not None
    assert (said.amount, said.minutes) == ("some", None)
    assert shown.of(bench.today - timedelta(days=1), "cross_legged") is None
    assert habits_document(shown)["days"][-1]["habits"] == {
        "cross_legged": {"amount": "some", "minutes": None}
    }


@pytest.mark.parametrize(
    "said",
    [
        HabitSaid("smoking", "some"),
        HabitSaid("leaning", "lots"),
        HabitSaid("leaning", "none", 3),
        HabitSaid("leaning", "much", 1441),
        HabitSaid("leaning", "much", -1),
    ],
)
def test_a_habit_that_cannot_be_is_refused_and_nothing_is_kept(bench: Bench, said: HabitSaid) -> None:
    with pytest.raises(UsageError):
        say_habits(bench.database, bench.person, None, [HabitSaid("leaning", "some"), said])
    assert habits_shown(bench.database, bench.person).said == ()


@pytest.mark.parametrize("days", [1, -20_000])
def test_habits_of_a_day_that_has_not_come_or_is_long_ago(bench: Bench, days: int) -> None:
    day = (bench.today + timedelta(days=days)).isoformat()
    with pytest.raises(UsageError):
        say_habits(bench.database, bench.person, day, [HabitSaid("leaning", "some")])


def test_a_band_of_the_known_maker_has_its_forces(bench: Bench) -> None:
    number = add_own_band(bench.database, bench.person, "Thera-Band", "Red", 0.3, is_loop=True)
    (band,) = bands_shown(bench.database, bench.person)
    assert band.force_100_n == pytest.approx(3.7 * NEWTONS_PER_POUND)
    (one,) = bands_document((band,))["bands"]
    assert one["estimated_force_100_n"] == pytest.approx(2 * 3.7 * NEWTONS_PER_POUND)
    put_band_away(bench.database, bench.person, number)
    assert bands_shown(bench.database, bench.person)[0].retired


def test_own_forces_come_before_the_maker_s(bench: Bench) -> None:
    told = BandStrength(10.0, 20.0)
    add_own_band(bench.database, bench.person, "TheraBand", "red", None, told, is_loop=False)
    assert bands_shown(bench.database, bench.person)[0].force_100_n == 10.0


@pytest.mark.parametrize(
    ("brand", "colour", "length_m", "strength"),
    [
        ("", "red", None, BandStrength(None, None)),
        ("x" * 33, "red", None, BandStrength(None, None)),
        ("TheraBand", "re\nd", None, BandStrength(None, None)),
        ("TheraBand", "red", 0.001, BandStrength(None, None)),
        ("TheraBand", "red", 30.0, BandStrength(None, None)),
        ("Other", "red", None, BandStrength(None, 10.0)),
        ("Other", "red", None, BandStrength(20.0, 10.0)),
        ("Other", "red", None, BandStrength(1e6, 2e6)),
    ],
)
def test_a_band_that_cannot_be_is_refused(
    bench: Bench, brand: str, colour: str, length_m: float | None, strength: BandStrength
) -> None:
    with pytest.raises(UsageError):
        add_own_band(bench.database, bench.person, brand, colour, length_m, strength, is_loop=False)
    assert bands_shown(bench.database, bench.person) == ()


def test_a_band_of_somebody_else_is_not_put_away(bench: Bench) -> None:
    number = add_own_band(bench.database, bench.person, "Other", "red", is_loop=False)
    with bench.database.write() as connection:
        other = add_person(connection, "other", time_zone=ZONE.key)
    with pytest.raises(UsageError):
        put_band_away(bench.database, other, number)
