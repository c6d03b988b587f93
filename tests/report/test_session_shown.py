"""Everything of one session as it is shown: what was asked for beside what was done, felt and corrected."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from tracker.model import (
    Analysis,
    Band,
    ExerciseSet,
    Repetition,
    SessionFelt,
    SetFelt,
    SetTarget,
    Side,
)
from tracker.report.session_history import SessionHistory, done_for, history_object, read_history
from tracker.report.session_history_tables import history_tables
from tracker.store.analyses import save_analysis
from tracker.store.bands import add_band
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.database import Database, open_database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import get_or_create_person
from tracker.store.plans import save_targets, start_plan
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, finish_session

STARTED_AT = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)
LEFT, RIGHT, BOTH = Side.LEFT, Side.RIGHT, Side.BOTH
TARGETS = (
    SetTarget("abduct", "A", "side_lying_abduction", LEFT, 2, 8, 12),
    SetTarget("roll", "A", "supine_roll_in", BOTH, 1, 10, 10, hold_s=3.0),
    SetTarget("bridge", "A", "bridge", BOTH, 2, 5, 8),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path / "tracker.db") as opened:
        yield opened


def done(exercise: str, side: Side | None, start_s: float, valid: int, partial: int = 0) -> ExerciseSet:
    """A set with so many repetitions."""
    rep = Repetition(
        side, start_s, start_s + 0.5, start_s + 1, 0.5, 0.02, 1.0, 0.8, 0.5, 0.0, 0.5, 0.05, True
    )
    reps = (*[rep] * valid, *[replace(rep, valid=False)] * partial)
    return ExerciseSet(exercise, side, start_s, start_s + 30.0, reps, flags=("gap",) if partial else ())


FOUND = Analysis(
    "1",
    "{}",
    300.0,
    (),
    (),
    (
        done("side_lying_abduction", LEFT, 10.0, 9, 1),
        done("side_lying_abduction", LEFT, 60.0, 11),
        done("supine_roll_in", LEFT, 120.0, 10),
        done("supine_roll_in", RIGHT, 120.0, 8),
        done("bridge", None, 200.0, 6),
    ),
)


def counted(database: Database) -> int:
    """A session with all that can be kept of one."""
    with database.write() as connection:
        me = get_or_create_person(connection, time_zone="Europe/Berlin").person_id
        session_id = begin_session(
            connection,
            person_id=me,
            started_at=STARTED_AT,
            time_zone="Europe/Berlin",
            recording_path="recordings/one.mcap",
        )
        ended_at = STARTED_AT + timedelta(minutes=5)
        finish_session(connection, session_id, ended_at=ended_at, duration_s=300.0, size_bytes=1)
        save_analysis(connection, session_id, FOUND)
        plan_id = start_plan(connection, me, "mine", "", date(2026, 11, 1), None)
        save_targets(connection, session_id, plan_id, TARGETS)
        band = add_band(connection, me, Band(None, "Brand [b]", "red", None, True, None, None))
        save_session_felt(connection, session_id, SessionFelt(1, 2, None, 6, "went well"))
        save_set_felt(connection, session_id, 2, SetFelt(pain=3, band_id=band))
        edits = [
            FieldEdit(Field.VALID_REPS, "12", 1, LEFT),
            FieldEdit(Field.EXERCISE, "bridge", 3, RIGHT),
            FieldEdit(Field.LEFT_OUT, "yes", 4),
        ]
        edit_session(connection, session_id, edits, reason="seen [red]on video")
    return session_id


def history(database: Database, session_id: int, analysis_id: int | None = None) -> SessionHistory:
    with database.read() as connection:
        return read_history(connection, session_id, analysis_id)


def text_of(shown: SessionHistory) -> str:
    """The tables as they look on a terminal, without the padding."""
    out = io.StringIO()
    console = Console(file=out, width=160, markup=False, emoji=False, highlight=False)
    for part in history_tables(shown):
        console.print(part)
    return "\n".join(" ".join(line.split()) for line in out.getvalue().splitlines())


def test_what_was_asked_for_stands_beside_what_was_done_as_corrected(database: Database) -> None:
    shown = history(database, counted(database))
    counts = {
        target.prescription: [(one.side, one.reps) for one in done_for(shown, target).counted]
        for target in shown.targets
    }
    assert counts == {
        "abduct": [(LEFT, 12), (LEFT, 11)],
        "roll": [(LEFT, 10)],
        # one leg's set became a bridge by its correction, and the set that was found as one is left out
        "bridge": [(RIGHT, 8)],
    }
    assert all(done_for(shown, target).told == () for target in shown.targets)


def test_all_of_it_is_on_the_screen(database: Database) -> None:
    text = text_of(history(database, counted(database)))
    for line in (
        "Session 1 of me, 2026-11-17 19:30 (Europe/Berlin)",
        "complete, 300 s",
        "1 left side_lying_abduction 9 → 12 1 gap",
        "2 left side_lying_abduction 11 0 pain 3/10, band Brand [b] red",
        "3 right supine_roll_in → bridge 8 0",
        "4 – bridge 6 0 left out",
        "How it felt: pain before 1/10, at worst 2/10, effort 6/10, went well",
        "side_lying_abduction left 2 x 8-12 left 12, 11 –",
        "supine_roll_in both 1 x 10, 3 s each left 10 –",
        "set 3, right leg, exercise: as found → bridge",
        "seen [red]on video",
    ):
        assert line in text, text


def test_a_correction_without_its_set_is_told(database: Database) -> None:
    session_id = counted(database)
    with database.write() as connection:
        save_analysis(connection, session_id, replace(FOUND, version="2", sets=FOUND.sets[:2]))
    shown = history(database, session_id)
    assert [(one.set_number, one.side) for one in shown.without_set] == [(3, RIGHT), (4, None)]
    assert "! set 3 right is corrected, and this analysis found no such set" in text_of(shown)
    older = history(database, session_id, shown.analyses[0].analysis_id)
    assert (older.without_set, len(older.sets)) == ((), 5)
    assert "Results of the older analysis 1; another one counts." in text_of(older)


def test_the_object_is_plain_json(database: Database) -> None:
    document = json.loads(json.dumps(history_object(history(database, counted(database))), allow_nan=False))
    assert document["session"]["started_at"] == "2026-11-17T18:30:00+00:00"
    assert document["person"] == "me"
    assert document["targets"][0]["done"]["counted"] == [
        {"side": "left", "reps": 12},
        {"side": "left", "reps": 11},
    ]
    assert document["sets"][0]["found"] == {
        "exercise": "side_lying_abduction",
        "valid_reps": 9,
        "partial_reps": 1,
    }
    assert [one["left_out"] for one in document["sets"]] == [False, False, False, False, True]
    assert document["sets_felt"]["2"]["pain"] == 3
    assert [one["is_current"] for one in document["analyses"]] == [True]
    assert [change["after"] for change in document["revisions"][0]["changes"]] == ["12", "bridge", "yes"]


def test_a_session_by_hand_and_deleted_is_shown_as_such(database: Database) -> None:
    with database.write() as connection:
        me = get_or_create_person(connection, time_zone="Europe/Berlin").person_id
        session_id = add_session_by_hand(
            connection,
            person_id=me,
            started_at=STARTED_AT,
            time_zone="Europe/Berlin",
            minutes=22.5,
            done=[ManualSet("supine_roll_in", RIGHT, 2, 10, 3.0)],
        )
        plan_id = start_plan(connection, me, "mine", "", date(2026, 11, 1), None)
        save_targets(connection, session_id, plan_id, TARGETS[1:2])
        delete_session(connection, session_id, reason="not done")
    shown = history(database, session_id)
    told = done_for(shown, TARGETS[1]).told
    assert [(one.side, one.reps) for one in told] == [(RIGHT, 10), (RIGHT, 10)]
    text = text_of(shown)
    for line in (
        "by hand, 22.5 min",
        "it does not count. Bring it back: tracker sessions restore 1",
        "1 right supine_roll_in 2 10 each 3 s",
        "supine_roll_in both 1 x 10, 3 s each – right 10, 10",
    ):
        assert line in text, text
    assert "recording:" not in text
