"""What page and programs do with a plan, on a real database: seen, begun, ended, changed, refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.app.operations.plan import (
    answer_shown,
    call_off,
    change_prescription,
    change_text,
    end_plan,
    plan_document,
    plan_shown,
    resume_exercise,
    start_plan,
)
from tracker.errors import SettingsError, UsageError
from tracker.home import Home
from tracker.plan.growth import Change, ChangeKind, Strength
from tracker.plan.plan_table import shipped_plan_text
from tracker.plan.prescription import Range
from tracker.plan.rules import RuleName
from tracker.session.plan_editing import PrescriptionEdit
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database
from tracker.store.persons import add_person, get_or_create_person
from tracker.store.plans import ACCEPTED, RuleVerdict, save_verdicts
from tracker.store.values import Person

ROLL_IN = PrescriptionEdit(
    name="roll_in",
    days_a_week=Range(4, 6),
    sets=Range(2, 2),
    reps=Range(10, 12),
    hold_s=3.0,
    rest_s=60.0,
    tempo="2-3-2",
    band=None,
)


class Bench:
    """A home with one person, and what is asked for them."""

    def __init__(self, place: Workplace, database: Database) -> None:
        self.place = place
        self.database = database
        with database.write() as connection:
            self.person: Person = get_or_create_person(connection, time_zone="Asia/Seoul")

    @property
    def today(self) -> str:
        return self.day(0)

    def day(self, ahead: int) -> str:
        """A day of the person's own, so many days from today."""
        return (datetime.now(ZoneInfo(self.person.time_zone)).date() + timedelta(days=ahead)).isoformat()

    def propose(self, change: Change, answer: str | None = None) -> None:
        """What a rule asked for an hour ago."""
        view = plan_shown(self.place, self.database, self.person).view
        assert view is not None
        at = datetime.now(UTC) - timedelta(hours=1)
        verdict = RuleVerdict(
            verdict_id=None,
            session_id=None,
            prescription=change.prescription,
            rule=RuleName.DOUBLE_PROGRESSION.value,
            acts=True,
            reason="it was well",
            inputs={},
            change=change.as_mapping(),
            made_at=at,
            answer=answer,
            answered_at=None if answer is None else at,
        )
        with self.database.write() as connection:
            save_verdicts(connection, view.plan.stored.plan_id, [verdict])


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    place = workplace(Home(tmp_path))
    with place.database() as database:
        yield Bench(place, database)


def test_without_a_plan_the_shipped_text_is_offered(bench: Bench) -> None:
    shown = plan_shown(bench.place, bench.database, bench.person)
    assert (shown.view, shown.mark, shown.text) == (None, "", shipped_plan_text())
    assert plan_document(shown) == {"plan": None, "later": []}


def test_a_plan_begins_on_the_person_s_own_day(bench: Bench) -> None:
    shown = start_plan(bench.place, bench.database, bench.person)
    assert shown.view is not None
    assert shown.view.plan.stored.starts_on.isoformat() == bench.today
    assert [one.prescription for one in shown.view.today] == ["roll_in", "knee_roll_in", "press_in"]


def test_the_document_can_be_written_as_json(bench: Bench) -> None:
    shown = start_plan(bench.place, bench.database, bench.person)
    document = json.loads(json.dumps(plan_document(shown)))
    assert document["mark"] == shown.mark
    assert document["text"] == shipped_plan_text()
    assert document["phase"]["name"] == "A"


def test_a_second_plan_needs_the_word_that_it_replaces(bench: Bench) -> None:
    start_plan(bench.place, bench.database, bench.person, starts_on=bench.day(-7))
    with pytest.raises(UsageError, match="is on then"):
        start_plan(bench.place, bench.database, bench.person)
    shown = start_plan(bench.place, bench.database, bench.person, name="Second", replace=True)
    assert shown.view is not None
    assert shown.view.plan.stored.name == "Second"


def test_a_plan_that_begins_later_is_shown_and_can_be_called_off(bench: Bench) -> None:
    shown = start_plan(bench.place, bench.database, bench.person, starts_on=bench.day(5))
    assert shown.view is None
    (later,) = shown.later
    assert call_off(bench.place, bench.database, bench.person, later.plan_id).later == ()
    with pytest.raises(UsageError, match="no plan"):
        call_off(bench.place, bench.database, bench.person, later.plan_id)


def test_a_plan_that_is_on_is_not_called_off(bench: Bench) -> None:
    shown = start_plan(bench.place, bench.database, bench.person)
    assert shown.view is not None
    with pytest.raises(UsageError, match="is to begin"):
        call_off(bench.place, bench.database, bench.person, shown.view.plan.stored.plan_id)


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "1", "２０２６-01-01x"])
def test_what_is_no_day_is_refused(bench: Bench, day: str) -> None:
    with pytest.raises(UsageError, match="is no day"):
        start_plan(bench.place, bench.database, bench.person, starts_on=day)


def test_it_ends_today_where_no_day_is_given(bench: Bench) -> None:
    start_plan(bench.place, bench.database, bench.person)
    shown = end_plan(bench.place, bench.database, bench.person)
    assert shown.view is not None
    ends_on = shown.view.plan.stored.ends_on
    assert ends_on is not None
    assert ends_on.isoformat() == bench.today


def test_a_change_gives_a_new_mark_and_the_old_one_is_refused(bench: Bench) -> None:
    before = start_plan(bench.place, bench.database, bench.person)
    edit = replace(ROLL_IN, rest_s=45.0)
    after = change_prescription(bench.place, bench.database, bench.person, edit, before.mark)
    assert after.mark != before.mark
    assert "rest_s = 45.0" in after.text
    with pytest.raises(UsageError, match="changed meanwhile"):
        change_text(bench.place, bench.database, bench.person, shipped_plan_text(), before.mark)
    assert plan_shown(bench.place, bench.database, bench.person).text == after.text


def test_a_refused_change_keeps_the_state(bench: Bench) -> None:
    before = start_plan(bench.place, bench.database, bench.person)
    edit = replace(ROLL_IN, sets=Range(2, 50))
    with pytest.raises(SettingsError):
        change_prescription(bench.place, bench.database, bench.person, edit, before.mark)
    assert plan_shown(bench.place, bench.database, bench.person) == before


def test_a_proposal_says_what_it_changes(bench: Bench) -> None:
    start_plan(bench.place, bench.database, bench.person)
    bench.propose(Change(ChangeKind.HARDER, "roll_in", Strength(3, None)))
    bench.propose(Change(ChangeKind.PHASE, phase="B"))
    harder, phase = plan_shown(bench.place, bench.database, bench.person).proposals
    assert (harder.exercise, harder.now, harder.then) == (
        "supine_roll_in",
        Strength(2, None),
        Strength(3, None),
    )
    assert phase.phase is not None
    assert phase.phase.title == "Load"
    assert phase.exercise is None
    shown = answer_shown(bench.place, bench.database, bench.person, harder.number, accept=True)
    assert shown.view is not None
    assert [one.number for one in shown.proposals] == [phase.number]
    with pytest.raises(UsageError, match="waits for an answer"):
        answer_shown(bench.place, bench.database, bench.person, harder.number, accept=True)


def test_what_was_left_out_is_asked_for_again(bench: Bench) -> None:
    start_plan(bench.place, bench.database, bench.person)
    bench.propose(Change(ChangeKind.STOP, "press_in"), ACCEPTED)
    shown = plan_shown(bench.place, bench.database, bench.person)
    assert shown.view is not None
    assert shown.view.stopped == ("press_in",)
    shown = resume_exercise(bench.place, bench.database, bench.person, "press_in")
    assert shown.view is not None
    assert shown.view.stopped == ()


def test_the_plan_of_another_person_is_not_touched(bench: Bench) -> None:
    before = start_plan(bench.place, bench.database, bench.person)
    with bench.database.write() as connection:
        other = add_person(connection, "other", time_zone="Asia/Seoul")
    bench.propose(Change(ChangeKind.HARDER, "roll_in", Strength(3, None)))
    (proposal,) = plan_shown(bench.place, bench.database, bench.person).proposals
    with pytest.raises(UsageError):
        answer_shown(bench.place, bench.database, other, proposal.number, accept=True)
    with pytest.raises(UsageError):
        change_text(bench.place, bench.database, other, "", before.mark)
    start_plan(bench.place, bench.database, other)
    with pytest.raises(UsageError):
        answer_shown(bench.place, bench.database, other, proposal.number, accept=True)
