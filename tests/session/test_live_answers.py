"""What is said while a session runs: in the recording, in its replay, and in the store after the end."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reanalysis_homes import FIRST, parameters, present, small_recording, small_session

from tracker.errors import UsageError
from tracker.home import Home
from tracker.model import Notification, PhaseMark, SetFelt, Side
from tracker.recording.events import RecordingEvent, decode_event, encode_event
from tracker.recording.items import RecordedSensor
from tracker.recording.reader import read_recording
from tracker.recording.recover import recover
from tracker.recording.writer import RecordingWriter
from tracker.session.keeping import StoreKeeper, keep_replay
from tracker.session.keeping_answers import TAKEN_BACK, keep_answers
from tracker.session.live_answers import (
    SET_FELT_EVENT,
    TAKEN_BACK_EVENT,
    LiveAnswer,
    LiveAnswers,
    SetAnswer,
    TakenBack,
    answer_of,
    checked_answer,
    event_of,
)
from tracker.session.replay import replay
from tracker.session.simulation import write_simulated_recording
from tracker.store.analyses import analyses_of
from tracker.store.corrections import FieldEdit, delete_session, edit_session, undo_revision
from tracker.store.database import Database, open_database
from tracker.store.felt import save_set_felt, sets_felt
from tracker.store.found_sets import FoundSet, found_sets
from tracker.store.revisions import Field, revisions_of
from tracker.store.sessions import read_session
from tracker.store.values import SessionState

SCALE = st.none() | st.integers(0, 10)
TIMES = st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.one_of(
    st.builds(SetAnswer, TIMES, SCALE, SCALE), st.builds(TakenBack, TIMES, st.none() | st.sampled_from(Side))
)
START_S = present(0).sets[0].start_s
VALID = present(0).sets[0].valid_reps


@given(ANSWERS)
def test_an_answer_comes_back_from_the_recording_as_it_was(answer: LiveAnswer) -> None:
    event = decode_event(encode_event(*event_of(answer)), 3.0)
    assert isinstance(event, RecordingEvent)
    assert answer_of(event) == answer


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"set_start_s": None},
        {"set_start_s": "1.0"},
        {"set_start_s": True},
        {"set_start_s": 10**400},
        {"set_start_s": math.inf},
        {"set_start_s": [1.0], "side": "left"},
        {"set_start_s": 1.0, "side": "upper"},
        {"set_start_s": 1.0, "side": ["left"]},
        {"set_start_s": 1.0, "side": 7},
    ],
)
def test_an_event_of_another_form_takes_nothing_back(data: Mapping[str, object]) -> None:
    assert answer_of(RecordingEvent(TAKEN_BACK_EVENT, 1.0, data)) is None


@pytest.mark.parametrize("value", [-1, 11, 3.0, "3", True, [3], 10**30])
def test_what_is_not_on_the_scale_is_not_said(value: object) -> None:
    event = RecordingEvent(SET_FELT_EVENT, 1.0, {"set_start_s": 1.0, "pain": value, "effort": 4})
    assert answer_of(event) == SetAnswer(1.0, None, 4)


def test_other_events_are_no_answers() -> None:
    assert answer_of(RecordingEvent("link", 1.0, {"set_start_s": 1.0, "side": None})) is None


@pytest.mark.parametrize(
    "answer",
    [
        SetAnswer(1.0, 11),
        SetAnswer(1.0, None, -1),
        SetAnswer(1.0, True),
        SetAnswer(1.0, 3.5),  # type: ignore[arg-type]
        SetAnswer(1.0, None, "3"),  # type: ignore[arg-type]
    ],
)
def test_pain_and_effort_that_cannot_be_are_refused(answer: SetAnswer) -> None:
    with pytest.raises(UsageError) as caught:
        checked_answer(answer)
    assert "from 0 to 10" in caught.value.message


def test_what_is_said_last_of_a_set_holds_and_silence_takes_nothing_back() -> None:
    said = LiveAnswers((SetAnswer(9.0, 2), SetAnswer(4.0, 1, 1), SetAnswer(9.0, None, 5), SetAnswer(9.0, 3)))
    assert said.of_sets() == (SetAnswer(4.0, 1, 1), SetAnswer(9.0, 3, 5))


class Kept:
    """A home with one small session, stored with what was said in it."""

    def __init__(self, folder: Path, *entries: LiveAnswer) -> None:
        self.home = Home(folder)
        self.home.create()
        content, found = small_recording(0)
        self.path = self.home.recordings / "small.mcap"
        self.path.write_bytes(content)
        self.replay = replace(found, path=self.path, answers=LiveAnswers(entries))
        self.database: Database = open_database(self.home.database)
        self.session_id = keep_replay(self.database, self.home, self.replay)

    def again(self) -> None:
        """Store the same once more, as after a recovery."""
        assert keep_replay(self.database, self.home, self.replay) == self.session_id

    def sets(self) -> dict[Side | None, FoundSet]:
        """The legs of its one set."""
        with self.database.read() as connection:
            (*_, current) = analyses_of(connection, self.session_id)
            assert current.is_current
            found = found_sets(connection, self.session_id, current.analysis_id)
        return {one.side: one for one in found}

    def felt(self) -> dict[int, SetFelt]:
        """What is said of its sets."""
        with self.database.read() as connection:
            return sets_felt(connection, [self.session_id]).get(self.session_id, {})

    def reasons(self) -> list[str]:
        """Of its revisions."""
        with self.database.read() as connection:
            return [one.reason for one in revisions_of(connection, self.session_id)]


def test_what_was_taken_back_is_a_correction_over_what_was_counted(tmp_path: Path) -> None:
    kept = Kept(tmp_path, TakenBack(START_S, Side.LEFT))
    sets = kept.sets()
    assert (sets[Side.LEFT].valid_reps, sets[Side.LEFT].counted_valid_reps) == (VALID, VALID - 1)
    assert sets[Side.LEFT].counted_partial_reps == sets[Side.LEFT].partial_reps
    assert sets[Side.RIGHT].correction is None
    assert kept.reasons() == [TAKEN_BACK]
    kept.again()
    assert kept.sets()[Side.LEFT].counted_valid_reps == VALID - 1
    assert kept.reasons() == [TAKEN_BACK]


def test_no_more_is_taken_back_than_was_counted(tmp_path: Path) -> None:
    kept = Kept(tmp_path, *[TakenBack(START_S, Side.RIGHT)] * (VALID + 3))
    assert kept.sets()[Side.RIGHT].counted_valid_reps == 0


def test_what_was_corrected_since_stays(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    edit = FieldEdit(Field.VALID_REPS, "7", 1, Side.LEFT)
    with kept.database.write() as connection:
        edit_session(connection, kept.session_id, [edit], reason="seen")
        both = LiveAnswers((TakenBack(START_S, Side.LEFT), TakenBack(START_S, Side.RIGHT)))
        keep_answers(connection, kept.session_id, both)
    sets = kept.sets()
    assert [sets[side].counted_valid_reps for side in (Side.LEFT, Side.RIGHT)] == [7, VALID - 1]


def test_a_correction_that_was_undone_does_not_come_back(tmp_path: Path) -> None:
    kept = Kept(tmp_path, TakenBack(START_S, Side.LEFT))
    with kept.database.write() as connection:
        undo_revision(connection, kept.session_id, reason="it was one")
    kept.again()
    assert kept.sets()[Side.LEFT].counted_valid_reps == VALID


def test_how_sets_felt_is_stored_where_nothing_was_said_of_them(tmp_path: Path) -> None:
    kept = Kept(tmp_path, SetAnswer(START_S, 3), SetAnswer(START_S, None, 6))
    assert kept.felt() == {1: SetFelt(3, 6)}
    with kept.database.write() as connection:
        save_set_felt(connection, kept.session_id, 1, SetFelt(4, None, "a pull"))
    kept.again()
    assert kept.felt() == {1: SetFelt(4, 6, "a pull")}


def test_what_is_said_of_a_set_that_was_not_found_is_left_out(tmp_path: Path) -> None:
    kept = Kept(tmp_path, SetAnswer(START_S + 1.0, 3), TakenBack(math.pi, None), TakenBack(START_S, None))
    assert (kept.felt(), kept.reasons()) == ({}, [])


def test_a_deleted_session_is_left_alone(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    with kept.database.write() as connection:
        delete_session(connection, kept.session_id, reason="not mine")
        said = LiveAnswers((SetAnswer(START_S, 3), TakenBack(START_S, Side.LEFT)))
        keep_answers(connection, kept.session_id, said)
    assert (kept.felt(), kept.reasons()) == ({}, ["not mine"])


SAID = (SetAnswer(START_S, 2, 7), TakenBack(START_S, Side.LEFT))


def recording_with(path: Path, said: tuple[LiveAnswer, ...]) -> None:
    """The small session's recording with answers before its last second."""
    plain = path.with_suffix(".plain")
    write_simulated_recording(small_session(0), plain, FIRST)
    source = read_recording(plain)
    until_ns = source.header.anchor.monotonic_ns + round((present(0).duration_s - 1.0) * 1e9)
    waiting = list(said)
    with RecordingWriter(path, source.header, sync=False) as writer:
        for item in source.items():
            match item:
                case RecordedSensor():
                    writer.add_sensor(item.placement, item.identity)
                case PhaseMark():
                    at_ns = source.header.anchor.monotonic_ns + round(item.time_s * 1e9)
                    writer.write_mark(item, at_ns)
                case Notification():
                    while waiting and item.received_ns >= until_ns:
                        kind, data = event_of(waiting.pop(0))
                        writer.write_event(kind, item.received_ns, data)
                    writer.write_notification(item)
                case _:
                    raise AssertionError(item)
    assert waiting == []


def test_a_killed_session_that_is_recovered_has_what_was_said(tmp_path: Path) -> None:
    """Its file is cut, and nothing but the session's beginning is in the store."""
    home = Home(tmp_path)
    home.create()
    whole, killed = tmp_path / "whole.mcap", home.recordings / "killed.mcap"
    recording_with(whole, SAID)
    content = whole.read_bytes()
    killed.write_bytes(content[: -len(content) // 20])
    with open_database(home.database) as database:
        keeper = StoreKeeper(database, home)
        keeper.begin(read_recording(killed).header, killed, {})
        report = recover(killed, home.recordings / "saved.mcap")
        found = replay(report.out, parameters())
        assert found.answers == LiveAnswers(SAID)
        session_id = keep_replay(database, home, found, recorded_as=killed)
        assert session_id == keeper.session_id
        with database.read() as connection:
            assert read_session(connection, session_id).state is SessionState.COMPLETE
            assert sets_felt(connection, [session_id]) == {session_id: {1: SetFelt(2, 7)}}
            (analysis,) = analyses_of(connection, session_id)
            left, right = found_sets(connection, session_id, analysis.analysis_id)
    assert (left.counted_valid_reps, right.counted_valid_reps) == (left.valid_reps - 1, right.valid_reps)


def test_answers_in_a_recording_change_no_result(tmp_path: Path) -> None:
    path = tmp_path / "said.mcap"
    recording_with(path, SAID)
    assert replay(path, parameters()).analysis == present(0)
