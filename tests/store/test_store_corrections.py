"""Corrections of sessions against a plain model, on SQLite and on PostgreSQL."""

import functools
import math
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from corrected_sessions import SETS, TOLD, Corrected, History, corrected, counted, stored, told
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from postgres_server import new_database
from sqlalchemy import text
from store_samples import STARTED_AT, analysis, begin, exercise_set

from tracker.errors import DatabaseError, UsageError
from tracker.model import Side
from tracker.store.analyses import analyses_of, read_analysis, read_earlier_analysis, save_analysis
from tracker.store.corrections import (
    FieldEdit,
    delete_session,
    edit_session,
    restore_session,
    undo_revision,
)
from tracker.store.database import Database, open_database
from tracker.store.found_sets import SetCorrection, corrections_of, found_sets
from tracker.store.history import newest_ranges, rested_donnings
from tracker.store.manual_sets import ManualSet, add_session_by_hand, manual_sets_of
from tracker.store.persons import add_person, get_or_create_person
from tracker.store.revisions import Action, Change, Field, revisions_of
from tracker.store.sessions import list_sessions, read_session
from tracker.store.spans import week_rows
from tracker.store.values import SpanRows

WHY = "counted by hand"
DAY = timedelta(days=1)
LEFT_8_TO_10 = FieldEdit(Field.VALID_REPS, "10", 1, Side.LEFT)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def edit(database: Database, session_id: int, *edits: FieldEdit) -> None:
    with database.write() as connection:
        edit_session(connection, session_id, edits, reason=WHY)


def span(database: Database, session_id: int) -> SpanRows:
    """The days around the session of its person."""
    with database.read() as connection:
        session = read_session(connection, session_id)
        start = session.started_at - DAY
        return week_rows(connection, session.person_id, start, start + 2 * DAY)


def counts(rows: SpanRows) -> dict[tuple[str, Side | None], tuple[int, int, int]]:
    return {(one.exercise, one.side): (one.sets, one.valid_reps, one.partial_reps) for one in rows.sets}


def test_a_corrected_set_counts_as_corrected_and_is_found_as_before(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
    edit(database, session_id, LEFT_8_TO_10, FieldEdit(Field.EXERCISE, "seated_ir", 1, Side.LEFT))
    edit(database, session_id, FieldEdit(Field.LEFT_OUT, "yes", 2))
    rows = span(database, session_id)
    assert counts(rows) == {("seated_ir", Side.LEFT): (1, 10, 2), ("clamshell", Side.RIGHT): (1, 9, 0)}
    with database.read() as connection:
        summary = read_session(connection, session_id)
        current = read_analysis(connection, session_id)
        assert current is not None
        found = found_sets(connection, session_id, current.analysis_id)
    assert (summary.sets, summary.valid_reps, summary.partial_reps) == (2, 19, 2)
    # what was measured is what it was
    assert [(one.exercise, one.valid_reps, one.partial_reps) for one in found] == [
        ("clamshell", 8, 2),
        ("clamshell", 9, 0),
        ("generic", 5, 1),
    ]
    assert [one.valid_reps for one in current.analysis.sets] == [8, 9, 5]
    assert found[0].correction == SetCorrection(1, Side.LEFT, "seated_ir", 10, None)
    assert found[1].correction is None


def test_corrections_hold_for_a_later_analysis(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
    edit(database, session_id, LEFT_8_TO_10)
    with database.write() as connection:
        save_analysis(
            connection, session_id, analysis(version="9", sets=(exercise_set("clamshell", Side.LEFT, 6, 4),))
        )
    assert counts(span(database, session_id)) == {("clamshell", Side.LEFT): (1, 10, 4)}
    with database.read() as connection:
        numbers = analyses_of(connection, session_id)
        old = read_earlier_analysis(connection, session_id, numbers[0].analysis_id)
        with pytest.raises(UsageError, match="no analysis 999"):
            read_earlier_analysis(connection, session_id, 999)
    assert [(one.version, one.is_current, one.sets, one.valid_reps) for one in numbers] == [
        ("1", False, 3, 22),
        ("9", True, 1, 6),
    ]
    assert (old.is_current, [one.valid_reps for one in old.analysis.sets]) == (False, [8, 9, 5])


def test_each_changed_field_is_a_revision_with_before_after_and_reason(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
        other = add_person(connection, "anna", time_zone="UTC")
        me = read_session(connection, session_id).person_id
    began = datetime.now(UTC)
    later = STARTED_AT + timedelta(hours=2)
    edit(
        database,
        session_id,
        FieldEdit(Field.STARTED_AT, later.isoformat()),
        FieldEdit(Field.PERSON, str(other.person_id)),
        FieldEdit(Field.REST_LEFT_OUT, None),
    )
    with database.read() as connection:
        [made] = revisions_of(connection, session_id)
        rows = connection.execute(text("SELECT count(*) FROM session_revision")).scalar()
        session = read_session(connection, session_id)
    assert (made.action, made.reason, rows) == (Action.EDIT, WHY, 2)
    assert began <= made.made_at <= datetime.now(UTC)
    # what was like that before is no change
    assert made.changes == (
        Change(Field.STARTED_AT, STARTED_AT.isoformat(), later.isoformat()),
        Change(Field.PERSON, str(me), str(other.person_id)),
    )
    assert (session.person_id, session.started_at) == (other.person_id, later)
    assert session.ended_at == later + timedelta(seconds=125)
    assert [one.session_id for one in span(database, session_id).sessions] == [session_id]


def test_rest_tests_that_are_left_out_do_not_count_anywhere(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
        person_id = read_session(connection, session_id).person_id
        relative_to = analysis().rest_tests[0].relative_to
        assert rested_donnings(connection, person_id, relative_to, "1", 9)
        edit_session(connection, session_id, [FieldEdit(Field.REST_LEFT_OUT, "yes")], reason=WHY)
        assert not rested_donnings(connection, person_id, relative_to, "1", 9)
        # the range that was shown in the same session is none of a rest test
        assert newest_ranges(connection, person_id, "1") == analysis().ranges
    rows = span(database, session_id)
    assert (rows.rest_tests, [one.rest_left_out for one in rows.sessions]) == ((), [True])


def test_a_deleted_session_counts_nowhere_until_it_is_restored(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
        person_id = read_session(connection, session_id).person_id
        relative_to = analysis().rest_tests[0].relative_to
        delete_session(connection, session_id, reason="not me")
        assert list_sessions(connection, person_id) == ()
        assert [one.session_id for one in list_sessions(connection, person_id, deleted=True)] == [session_id]
        assert newest_ranges(connection, person_id, "1") == ()
        assert rested_donnings(connection, person_id, relative_to, "1", 9) == ()
        rows = week_rows(connection, person_id, STARTED_AT - DAY, STARTED_AT + DAY)
        assert (rows.sessions, rows.sets, rows.rest_tests) == ((), (), ())
    with database.write() as connection:
        with pytest.raises(UsageError, match="was deleted already"):
            delete_session(connection, session_id, reason="again")
        with pytest.raises(UsageError, match="was deleted"):
            edit_session(connection, session_id, [LEFT_8_TO_10], reason=WHY)
        restore_session(connection, session_id, reason="it was me")
        with pytest.raises(UsageError, match="was not deleted"):
            restore_session(connection, session_id, reason="again")
        assert newest_ranges(connection, person_id, "1") == analysis().ranges
    assert counts(span(database, session_id))["clamshell", Side.LEFT] == (1, 8, 2)


def test_own_ranges_come_from_demonstrations_whatever_is_said_of_sets(database: Database) -> None:
    """A set's exercise is corrected and another is left out: what was shown for itself still holds."""
    with database.write() as connection:
        session_id = counted(connection)
        person_id = read_session(connection, session_id).person_id
        edits = (
            FieldEdit(Field.EXERCISE, "seated_ir", 1, Side.LEFT),
            FieldEdit(Field.LEFT_OUT, "yes", 1, Side.RIGHT),
        )
        edit_session(connection, session_id, edits, reason=WHY)
        ranges = newest_ranges(connection, person_id, "1")
    # 28 degrees were shown; the sets' own references are no source of it
    assert [(one.exercise, one.side, one.shown) for one in ranges] == [("seated_ir", Side.LEFT, 3)]
    assert math.degrees(ranges[0].rom_rad) == pytest.approx(28.0, abs=1e-9)


def test_a_session_by_hand_is_counted_apart_and_corrected(database: Database) -> None:
    with database.write() as connection:
        session_id = told(connection)
    edit(
        database,
        session_id,
        FieldEdit(Field.REPS, "12", 1),
        FieldEdit(Field.SIDE, "right", 1),
        FieldEdit(Field.HOLD_S, None, 2),
        FieldEdit(Field.MINUTES, "20.5"),
    )
    rows = span(database, session_id)
    with database.read() as connection:
        summary = read_session(connection, session_id)
        revisions = revisions_of(connection, session_id)
        assert read_analysis(connection, session_id) is None
    assert [(one.exercise, one.side, one.sets, one.reps, one.hold_s) for one in rows.told] == [
        ("clamshell", Side.RIGHT, 3, 12, None),
        ("seated_hold", Side.RIGHT, 2, 5, None),
    ]
    assert (rows.sets, summary.sets, summary.told_sets, summary.told_reps) == ((), 0, 5, 46)
    assert (summary.by_hand, summary.recording_path, summary.simulated) == (True, None, False)
    assert summary.ended_at == STARTED_AT + timedelta(minutes=20.5)
    assert [one.action for one in revisions] == [Action.ADD, Action.EDIT]
    assert [(one.before, one.after) for one in revisions[1].changes] == [
        ("10", "12"),
        ("left", "right"),
        ("20", None),
        ("30", "20.5"),
    ]


def test_the_same_session_is_told_once(database: Database) -> None:
    with database.write() as connection:
        session_id = told(connection)
    again = pytest.raises(UsageError, match=f"session {session_id} was told already")
    with again, database.write() as connection:
        told(connection)
    with database.write() as connection:
        delete_session(connection, session_id, reason="wrong")
        assert told(connection) != session_id


def test_what_is_not_there_cannot_be_corrected(database: Database) -> None:
    with database.write() as connection:
        with_sensors, by_hand = counted(connection), told(connection)
        recording = begin(connection)
    refused = (
        (99, LEFT_8_TO_10, "no session 99"),
        (with_sensors, FieldEdit(Field.VALID_REPS, "1", 3, Side.LEFT), "no such set: 3"),
        (with_sensors, FieldEdit(Field.VALID_REPS, "1", 2, Side.LEFT), "no such set: 2"),
        (with_sensors, FieldEdit(Field.VALID_REPS, "1"), "no such set: 0"),
        (with_sensors, FieldEdit(Field.REPS, "1", 1, Side.LEFT), "has no reps"),
        (with_sensors, FieldEdit(Field.MINUTES, "1"), "has no minutes"),
        (with_sensors, FieldEdit(Field.REST_LEFT_OUT, None), "nothing to change"),
        (by_hand, FieldEdit(Field.VALID_REPS, "1", 1), "has no valid_reps"),
        (by_hand, FieldEdit(Field.REPS, "1", 3), "no such set: 3"),
        (by_hand, FieldEdit(Field.REPS, "10", 1), "nothing to change"),
        (recording, FieldEdit(Field.TIME_ZONE, "UTC"), "is being recorded"),
    )
    for session_id, wrong, message in refused:
        right = FieldEdit(Field.TIME_ZONE, "Europe/Berlin")
        with pytest.raises(UsageError, match=message), database.write() as connection:
            edit_session(connection, session_id, [right, wrong], reason=WHY)
    for reason in ("", " ", "two\nlines", "x" * 501):
        with pytest.raises(UsageError, match="needs its reason"), database.write() as connection:
            edit_session(connection, with_sensors, [LEFT_8_TO_10], reason=reason)
    for act in (delete_session, undo_revision, restore_session):
        with pytest.raises(UsageError, match="is being recorded"), database.write() as connection:
            act(connection, recording, reason=WHY)
    with pytest.raises(UsageError, match="nothing of session"), database.write() as connection:
        undo_revision(connection, by_hand, reason=WHY)
    with database.read() as connection:
        assert revisions_of(connection, with_sensors) == ()
        assert manual_sets_of(connection, by_hand) == TOLD


def test_an_undone_correction_leaves_what_was_found(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)
        edit_session(connection, session_id, [LEFT_8_TO_10, FieldEdit(Field.LEFT_OUT, "yes", 2)], reason=WHY)
        undo_revision(connection, session_id, reason="no, eight")
        assert corrections_of(connection, session_id) == ()
        # later analyses may find something else, and no revision of set 1 is in their way
        save_analysis(connection, session_id, analysis(version="2", sets=SETS[1:]))
        undo_revision(connection, session_id, reason="ten after all")
        assert corrections_of(connection, session_id) == (
            SetCorrection(1, Side.LEFT, valid_reps=10),
            SetCorrection(2, None, left_out=True),
        )
        actions = [one.action for one in revisions_of(connection, session_id)]
    assert actions == [Action.EDIT, Action.UNDO, Action.UNDO]


def test_two_who_correct_a_session_at_once_lose_nothing(database: Database) -> None:
    with database.write() as connection:
        session_id = counted(connection)

    def second() -> None:
        edit(
            database,
            session_id,
            FieldEdit(Field.VALID_REPS, "12", 1, Side.LEFT),
            FieldEdit(Field.LEFT_OUT, "yes", 2),
        )

    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            edits = (LEFT_8_TO_10, FieldEdit(Field.PARTIAL_REPS, "0", 1, Side.LEFT))
            edit_session(connection, session_id, edits, reason=WHY)
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        waiting.result(timeout=10)
    with database.read() as connection:
        made = revisions_of(connection, session_id)
        said = corrections_of(connection, session_id)
    # the last one holds, the other field of the first stays, and both are told
    assert said == (SetCorrection(1, Side.LEFT, None, 12, 0), SetCorrection(2, None, left_out=True))
    assert [[(one.before, one.after) for one in each.changes] for each in made] == [
        [(None, "10"), (None, "0")],
        [("10", "12"), (None, "yes")],
    ]


def test_a_database_that_is_held_is_an_error_and_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with open_database(path) as holder, open_database(path, busy_timeout_s=0.05) as database:
        with holder.write() as connection:
            session_id = counted(connection)
        with holder.write(), pytest.raises(DatabaseError, match="locked"):
            edit(database, session_id, LEFT_8_TO_10)
        with database.read() as connection:
            assert (revisions_of(connection, session_id), corrections_of(connection, session_id)) == ((), ())


def test_a_session_by_hand_needs_a_time_zone_that_exists(database: Database) -> None:
    with pytest.raises(UsageError, match="Mars/Phobos"), database.write() as connection:
        person = get_or_create_person(connection, time_zone="UTC")
        add_session_by_hand(
            connection,
            person_id=person.person_id,
            started_at=STARTED_AT,
            time_zone="Mars/Phobos",
            minutes=1.0,
            done=[ManualSet("clamshell", None, 1, 1)],
        )
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 0


_COUNTS = st.one_of(st.none(), st.integers(0, 3).map(str))
_EXERCISES = st.sampled_from(["clamshell", "seated_ir", "generic"])
_SETS = st.sampled_from([(1, Side.LEFT), (1, Side.RIGHT), (2, None)])
_YES = st.sampled_from([None, "yes"])


def _of_set(field: Field, values: st.SearchStrategy[str | None]) -> st.SearchStrategy[FieldEdit]:
    return st.builds(lambda place, value: FieldEdit(field, value, *place), _SETS, values)


def _of_told(field: Field, values: st.SearchStrategy[str | None]) -> st.SearchStrategy[FieldEdit]:
    return st.builds(lambda place, value: FieldEdit(field, value, place), st.sampled_from([1, 2]), values)


_STARTS = st.integers(0, 3).map(lambda days: (STARTED_AT - days * DAY).isoformat())
_SESSION_EDITS = st.one_of(
    st.builds(FieldEdit, st.just(Field.STARTED_AT), _STARTS),
    st.builds(FieldEdit, st.just(Field.TIME_ZONE), st.sampled_from(["UTC", "Asia/Seoul"])),
    st.builds(FieldEdit, st.just(Field.PERSON), st.sampled_from(["1", "2"])),
    st.builds(FieldEdit, st.just(Field.REST_LEFT_OUT), _YES),
)
_COUNTED_EDITS = st.one_of(
    _SESSION_EDITS,
    _of_set(Field.EXERCISE, st.one_of(st.none(), _EXERCISES)),
    _of_set(Field.VALID_REPS, _COUNTS),
    _of_set(Field.PARTIAL_REPS, _COUNTS),
    _of_set(Field.LEFT_OUT, _YES),
)
_TOLD_EDITS = st.one_of(
    _SESSION_EDITS,
    st.builds(FieldEdit, st.just(Field.MINUTES), st.integers(1, 90).map(str)),
    _of_told(Field.EXERCISE, _EXERCISES),
    _of_told(Field.SIDE, st.sampled_from([None, "left", "right"])),
    _of_told(Field.SETS, st.integers(1, 3).map(str)),
    _of_told(Field.REPS, st.integers(0, 3).map(str)),
    _of_told(Field.HOLD_S, _COUNTS),
)


def _place(edit: FieldEdit) -> tuple[Field, int | None, Side | None]:
    return edit.field, edit.set_number, edit.side


@functools.cache
def _new_database() -> bytes:
    """A file without sessions: to make its tables anew for each example would take most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracker.db"
        open_database(path).close()
        return path.read_bytes()


class AnySequenceOfCorrections(RuleBasedStateMachine):
    """Whatever is edited, undone, deleted and restored, the store is as the plain model says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-corrections-"))
        path = self.folder / "tracker.db"
        path.write_bytes(_new_database())
        self.database = open_database(path)
        self.session_id = 0
        self.history = History()
        self.found: object = None

    @initialize(by_hand=st.booleans())
    def begin(self, by_hand: bool) -> None:
        """A session with sensors, or one by hand."""
        with self.database.write() as connection:
            self.session_id = told(connection) if by_hand else counted(connection)
            assert add_person(connection, "anna", time_zone="UTC").person_id == 2
            self.history.states.append(stored(connection, self.session_id))
            self.found = read_analysis(connection, self.session_id)

    def _act(self, done: bool, act: object, *arguments: object) -> None:
        """The store does what the model did, and refuses what the model could not do."""
        with self.database.write() as connection:
            before = revisions_of(connection, self.session_id)
            if done:
                act(connection, self.session_id, *arguments, reason=WHY)  # type: ignore[operator]
            else:
                with pytest.raises(UsageError):
                    act(connection, self.session_id, *arguments, reason=WHY)  # type: ignore[operator]
            after = revisions_of(connection, self.session_id)
        assert after[: len(before)] == before
        assert len(after) == len(before) + done

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Some fields at once."""
        kinds = _TOLD_EDITS if self.history.now.told else _COUNTED_EDITS
        edits = data.draw(
            st.lists(
                kinds, min_size=1, max_size=4, unique_by=lambda one: (one.field, one.set_number, one.side)
            )
        )
        now = self.history.now
        self._act(not now.deleted and self.history.change(corrected(now, edits)), edit_session, edits)

    @rule()
    def undo(self) -> None:
        """The state before the last revision."""
        self._act(self.history.undo(), undo_revision)

    @rule()
    def delete(self) -> None:
        """It counts no more."""
        self._act(self.history.change(self._as(deleted=True)), delete_session)

    @rule()
    def restore(self) -> None:
        """It counts again."""
        self._act(self.history.change(self._as(deleted=False)), restore_session)

    def _as(self, *, deleted: bool) -> Corrected:
        return replace(self.history.now, deleted=deleted)

    @invariant()
    def agrees(self) -> None:
        """State, lists and weeks are those of the model, and the analysis is untouched."""
        if not self.history.states:
            return
        now = self.history.now
        with self.database.read() as connection:
            assert stored(connection, self.session_id) == now
            assert read_analysis(connection, self.session_id) == self.found
            listed = [one.session_id for one in list_sessions(connection, now.person_id)]
            rows = week_rows(connection, now.person_id, now.started_at, now.started_at + DAY)
        assert listed == ([] if now.deleted else [self.session_id])
        assert counts(rows) == _counted(now)

    def teardown(self) -> None:
        """Nothing stays on the disk."""
        self.database.close()
        shutil.rmtree(self.folder)


def _counted(state: Corrected) -> dict[tuple[str, Side | None], tuple[int, int, int]]:
    """What counts of the sets by exercise and leg."""
    totals: dict[tuple[str, Side | None], tuple[int, int, int]] = {}
    if state.told or state.deleted:
        return totals
    said = {(one.set_number, one.side): one for one in state.sets}
    for number, found in ((1, SETS[0]), (1, SETS[1]), (2, SETS[2])):
        one = said.get((number, found.side), SetCorrection(number, found.side))
        if one.left_out:
            continue
        key = one.exercise or found.exercise, found.side
        sets, valid, partial = totals.get(key, (0, 0, 0))
        valid += found.valid_reps if one.valid_reps is None else one.valid_reps
        partial += found.partial_reps if one.partial_reps is None else one.partial_reps
        totals[key] = sets + 1, valid, partial
    return totals


AnySequenceOfCorrections.TestCase.settings = settings(max_examples=20, stateful_step_count=12)
TestAnySequenceOfCorrections = pytest.mark.slow(AnySequenceOfCorrections.TestCase)
