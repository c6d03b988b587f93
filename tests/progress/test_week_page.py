"""The page's values of constructed weeks: borders, zeros, adherence, and what may be said."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update
from week_samples import BERLIN, WEEK, Diary, both_legs, on, refused, training

from tracker.errors import UsageError
from tracker.home import shipped_text
from tracker.model import Band, SetFelt, Side
from tracker.plan.catalogue import load_catalogue
from tracker.progress.iso_week import IsoWeek
from tracker.progress.week_page import WeekPage, week_page
from tracker.report.week_document import week_document
from tracker.report.week_sections import page_of
from tracker.store.bands import add_band
from tracker.store.database import open_database
from tracker.store.felt import save_set_felt
from tracker.store.habits import HabitDay, save_habits
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import add_person
from tracker.store.plans import start_plan
from tracker.store.screenings import Screening, save_screening
from tracker.store.tables import SessionTable, SetCorrectionTable
from tracker.store.values import Person

CATALOGUE = load_catalogue()
SUNDAY_NIGHT = on(6, 23.5)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    with open_database(tmp_path / "tracker.db") as database:
        yield Diary(database)


def page(
    diary: Diary, week: IsoWeek = WEEK, now: datetime = SUNDAY_NIGHT, person: Person | None = None
) -> WeekPage:
    return week_page(diary.database, person or diary.person, CATALOGUE, week, now=now)


def train(diary: Diary, began_at: datetime, valid: int = 8, exercise: str = "supine_roll_in") -> int:
    """A session with one set of each leg."""
    sets = (training(exercise, Side.LEFT, valid, 1), training(exercise, Side.RIGHT, valid))
    return diary.add(began_at, sets=sets)


def test_days_are_the_person_s_own(diary: Diary) -> None:
    train(diary, on(0, 0.5), valid=5)
    train(diary, on(0, 23.5), valid=7)
    train(diary, on(6, 23.5), valid=9)
    days = page(diary).days
    assert [one.day for one in days] == [WEEK.monday + timedelta(days=number) for number in range(7)]
    assert [one.valid_reps for one in days] == [24, 0, 0, 0, 0, 0, 18]
    assert [one.sessions for one in days] == [2, 0, 0, 0, 0, 0, 1]


def test_a_week_with_nothing_shows_zeros(diary: Diary) -> None:
    empty = page(diary)
    assert [(str(one.week), one.sessions, one.valid_reps) for one in empty.weeks[-2:]] == [
        ("2026-W46", 0, 0),
        ("2026-W47", 0, 0),
    ]
    assert len(empty.weeks) == 12
    assert (empty.streak.weeks, empty.adherence.sessions, empty.movements) == (0, 0, ())
    assert empty.adherence.sessions_share is empty.adherence.reps_share is None
    assert empty.runs


def test_weeks_without_training_stand_between_others(diary: Diary) -> None:
    train(diary, on(2))
    train(diary, on(2, week=WEEK.previous.previous))
    assert [one.sessions for one in page(diary).weeks[-4:]] == [0, 1, 0, 1]


def test_a_session_begun_before_midnight_on_sunday_is_of_that_week(diary: Diary) -> None:
    train(diary, on(6, 23.99))
    train(diary, on(7, 0.0))
    now = on(8)
    assert [page(diary, week, now).summary.valid_reps for week in (WEEK, WEEK.next)] == [16, 16]


@pytest.mark.parametrize("week", [IsoWeek.parse("2026-W13"), IsoWeek.parse("2026-W43")])
def test_where_clocks_change_each_session_is_in_one_week(diary: Diary, week: IsoWeek) -> None:
    """The last Sundays of March and October 2026 have 23 and 25 hours in Berlin."""
    start, end = week.span(BERLIN)
    assert end - start == timedelta(days=7, hours=-1 if week.week == 13 else 1)
    for moment in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
        train(diary, moment)
    now = end + timedelta(days=8)
    assert [page(diary, one, now).summary.sessions for one in (week.previous, week, week.next)] == [1, 2, 1]
    assert [one.sessions for one in page(diary, week.next, now).weeks[-3:]] == [1, 2, 1]


def test_new_year_s_week_holds_days_of_both_years(diary: Diary) -> None:
    week = IsoWeek.parse("2026-W53")
    train(diary, datetime(2026, 12, 31, 23, 59, tzinfo=BERLIN))
    train(diary, datetime(2027, 1, 1, 0, 1, tzinfo=BERLIN))
    found = page(diary, week, datetime(2027, 1, 3, 12, tzinfo=BERLIN))
    assert (found.summary.sessions, found.summary.days_trained, found.following) == (
        2,
        2,
        IsoWeek.parse("2027-W01"),
    )
    assert page_of(found).subtitle.startswith("me · 28 Dec 2026 to 3 Jan 2027 · ")


def test_a_person_in_auckland_has_other_weeks(diary: Diary) -> None:
    """Sunday noon in Berlin is past midnight in Auckland."""
    auckland = ZoneInfo("Pacific/Auckland")
    train(diary, on(6, 12.5))
    with diary.database.write() as connection:
        add_person(connection, "kiri", time_zone=auckland.key)
    there = Person(diary.person.person_id, "kiri", auckland.key)
    now = on(6, 23)
    assert page(diary, WEEK, now).summary.sessions == 1
    assert page(diary, WEEK, now, there).summary.sessions == 0
    ahead = page(diary, WEEK.next, now, there)
    assert (ahead.summary.sessions, ahead.runs) == (1, True)
    with pytest.raises(UsageError, match="not begun"):
        page(diary, WEEK.next, now)


def test_a_week_in_the_future_is_an_error(diary: Diary) -> None:
    with pytest.raises(UsageError, match="2026-W48 has not begun yet") as refusal:
        page(diary, WEEK.next)
    assert "2026-W47" in refusal.value.advice


def test_a_running_week_breaks_no_streak_and_told_weeks_count(diary: Diary) -> None:
    train(diary, on(1, week=WEEK.previous))
    person_id = diary.person.person_id
    with diary.database.write() as connection:
        add_session_by_hand(
            connection,
            person_id=person_id,
            started_at=on(1, week=WEEK.previous.previous),
            time_zone=BERLIN.key,
            minutes=20.0,
            done=[ManualSet("bridge", Side.BOTH, 2, 10)],
        )
    diary.add(on(1, week=IsoWeek.parse("2026-W44")), *both_legs(25, 15))
    found = page(diary)
    # Rest tests alone are no training.
    assert (found.streak.weeks, found.streak.longest, found.streak.open) == (2, 2, True)
    assert [one.told_reps for one in found.weeks[-3:]] == [20, 0, 0]


def test_a_deleted_or_left_out_set_trains_nothing(diary: Diary) -> None:
    gone, corrected = train(diary, on(0)), train(diary, on(1))
    with diary.database.write() as connection:
        own = update(SessionTable).where(SessionTable.id == gone)
        connection.execute(own.values(deleted_at=datetime.now(UTC)))
        for side in ("left", "right"):
            row = {"session_id": corrected, "set_number": 1, "side": side, "left_out": True}
            connection.execute(insert(SetCorrectionTable), row)
    found = page(diary)
    assert (found.streak.weeks, found.weeks[-1].sessions, found.weeks[-1].valid_reps) == (0, 1, 0)
    assert (found.weeks[-1].days_trained, found.movements) == (0, ())


def plan(diary: Diary, first: date, last: date | None = None) -> None:
    """The shipped plan; phase A asks for three exercises, 2 x 10 for each leg on 4 days: 480 repetitions."""
    person_id = diary.person.person_id
    with diary.database.write() as connection:
        start_plan(connection, person_id, "Plan", shipped_text("plan.toml"), first, last)


def test_adherence_is_by_the_sensors_count_and_what_was_told_stands_apart(diary: Diary) -> None:
    plan(diary, WEEK.monday)
    for day in range(3):
        train(diary, on(day), valid=20)
    train(diary, on(4), valid=30, exercise="bridge")
    person_id = diary.person.person_id
    with diary.database.write() as connection:
        add_session_by_hand(
            connection,
            person_id=person_id,
            started_at=on(5),
            time_zone=BERLIN.key,
            minutes=20.0,
            done=[ManualSet("supine_roll_in", Side.BOTH, 2, 40)],
        )
    found = page(diary).adherence
    assert found.prescribed is not None
    assert (found.prescribed.sessions_low, found.prescribed.valid_reps_low) == (4, 480)
    assert (found.sessions, found.told_sessions, found.told_reps) == (4, 1, 80)
    assert found.asked_valid_reps == 3 * 40
    assert found.sessions_share == 1.0
    assert found.reps_share == 0.25
    roll_in = next(one for one in found.exercises if one.exercise == "supine_roll_in")
    assert (roll_in.asked_reps, roll_in.valid_reps, roll_in.partial_reps, roll_in.told_reps) == (
        160,
        120,
        3,
        80,
    )
    assert roll_in.share == 0.75
    bridge = next(one for one in found.exercises if one.exercise == "bridge")
    assert (bridge.asked_reps, bridge.share, bridge.valid_reps) == (None, None, 60)


def test_without_a_plan_there_is_no_adherence_and_it_is_said(diary: Diary) -> None:
    plan(diary, WEEK.monday - timedelta(weeks=3), WEEK.monday - timedelta(days=1))
    train(diary, on(0))
    found = page(diary)
    assert found.adherence.prescribed is None
    words = page_of(found)
    assert any("without one there is no adherence" in line for line in words.done.lines)
    assert "asked for" not in words.done.columns
    assert words.plan.lines == ("There is no plan for that week.",)


def test_what_the_plan_asks_next_is_said_in_words(diary: Diary) -> None:
    plan(diary, WEEK.monday)
    words = page_of(page(diary)).plan
    assert words.title == "What the plan asks next, 2026-W48"
    assert words.lines[0] == "Plan, phase A: 4–6 sessions."
    assert any(
        line == "Rolling the legs in, lying: 2 × 10–12, each leg, held 3 s, tempo 2-3-2 s; on 4 days or more."
        for line in words.lines
    )


def test_refused_tests_are_named(diary: Diary) -> None:
    diary.add(on(0), refused(Side.LEFT, "the leg moved"), refused(Side.RIGHT, "the leg moved"))
    lines = page_of(page(diary)).resting.lines
    assert "Refused tests of this week: 2: the leg moved (2)." in lines


def test_a_change_is_told_with_its_error(diary: Diary) -> None:
    for number in range(8):
        week = IsoWeek.of_date(WEEK.monday - timedelta(weeks=7 - number))
        for day in (0, 2, 4):
            external = 30.0 - 2.0 * number + (0.5 if day == 2 else 0.0)
            diary.add(on(day, week=week), *both_legs(external, external))
    found = page(diary)
    right = next(row for row in page_of(found).resting.rows if row[0] == "right leg")
    assert right[1] == "16.0° out (n 3)"
    # The first five donnings lie 29.4 degrees turned out, the last three 16.17, in the mean.
    assert re.fullmatch(r"13\.2° inward ± \d\.\d°", str(right[2]))
    assert right[3] in ("changed", "probably changed")


def test_what_was_said_is_of_the_person_s_own_days(diary: Diary) -> None:
    person_id = diary.person.person_id
    with diary.database.write() as connection:
        days = [WEEK.monday - timedelta(days=1), WEEK.monday, WEEK.monday + timedelta(days=6)]
        save_habits(connection, person_id, [HabitDay(day, "leaning", "some", 30) for day in days])
        for hour in (-0.5, 0.5):
            asked_at = on(0, hour)
            save_screening(connection, person_id, Screening(asked_at, "weekly", {"a": False}, False, False))
    found = page(diary)
    assert [(one.habit, one.some, one.minutes, one.minutes_days) for one in found.habits] == [
        ("leaning", 2, 60, 2)
    ]
    assert [one.asked_at for one in found.screenings] == [on(0, 0.5)]
    assert page_of(found).said.lines == ("Safety questions on Mon 16 Nov: no to all 1.",)


def test_the_band_history_goes_back_twelve_weeks(diary: Diary) -> None:
    person_id = diary.person.person_id
    with diary.database.write() as connection:
        band = Band(None, "TheraBand", "red", 0.3, False, 16.5, 24.5)
        band_id = add_band(connection, person_id, band)
    for weeks_ago in (0, 11, 12):
        began_at = on(0) - timedelta(weeks=weeks_ago)
        session_id = train(diary, began_at)
        with diary.database.write() as connection:
            save_set_felt(connection, session_id, 1, SetFelt(band_id=band_id, stretched_length_m=0.6))
    [use] = page(diary).bands
    assert (use.first, use.last, use.days) == (WEEK.monday - timedelta(weeks=11), WEEK.monday, 2)
    assert use.elongation_percent == pytest.approx(100.0)
    assert use.force_n == pytest.approx(16.5)


def test_the_document_is_plain_json_and_claims_nothing(diary: Diary) -> None:
    plan(diary, WEEK.monday)
    train(diary, on(0))
    document = json.loads(json.dumps(week_document(page(diary), before=3)))
    assert [one["week"] for one in document["before"]] == ["2026-W44", "2026-W45", "2026-W46"]
    assert document["this"]["valid_reps"] == 16
    assert document["adherence"]["reps_share"] == pytest.approx(16 / 480)
    words = page_of(page(diary))
    everything = json.dumps(document) + str(words)
    # What the plan's author wrote is not the program's claim; reasons are looked at elsewhere.
    assert not re.search(r"\b(ab)?normal|improv|weakness|torsion|cures?\b|better\b|worse\b", everything)
    assert "Not a medical device" in words.footer
