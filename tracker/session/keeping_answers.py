"""Stores what a person said while a session ran, once its sets are known."""

from sqlalchemy import Connection

from tracker.model import SetFelt
from tracker.session.felt_session import FeltSession, Said, felt_session, say_of_set
from tracker.session.live_answers import LiveAnswers, SetAnswer
from tracker.store.analyses import analyses_of
from tracker.store.corrections import FieldEdit, edit_session
from tracker.store.found_sets import FoundSet, found_sets
from tracker.store.revisions import Field, revisions_of
from tracker.store.sessions import read_session

TAKEN_BACK = "taken back during the session"
"""Reason of the correction that counts what was taken back off."""


def keep_answers(connection: Connection, session_id: int, answers: LiveAnswers) -> None:
    """Store the answers of a session whose analysis is stored.

    What the person said of a set since, or corrected, stays; what is said of a set that the analysis does not
    have is left out, and all of it where the session was deleted. So it may be called again.

    Raises:
        UsageError: no such session, or it is being recorded.
    """
    session = read_session(connection, session_id)
    if not answers.entries or session.deleted_at is not None:
        return
    felt = felt_session(connection, session.person_id, session_id)
    sets = _sets(connection, session_id)
    numbers = {one.start_s: one.set_number for one in sets}
    for answer in answers.of_sets():
        if answer.set_start_s in numbers:
            _say_where_nothing_was_said(connection, felt, numbers[answer.set_start_s], answer)
    taken_back = ((one, answers.taken_back(one.start_s, one.side)) for one in sets)
    edits = [_fewer(one, count) for one, count in taken_back if count and _stands_as_counted(one)]
    known = any(revision.reason == TAKEN_BACK for revision in revisions_of(connection, session_id))
    if edits and not known:
        edit_session(connection, session_id, edits, reason=TAKEN_BACK)


def _sets(connection: Connection, session_id: int) -> tuple[FoundSet, ...]:
    current = next((one for one in analyses_of(connection, session_id) if one.is_current), None)
    return () if current is None else found_sets(connection, session_id, current.analysis_id)


def _say_where_nothing_was_said(
    connection: Connection, felt: FeltSession, number: int, answer: SetAnswer
) -> None:
    before = felt.sets.get(number, SetFelt())
    new: Said = {}
    if before.pain is None and answer.pain is not None:
        new["pain"] = answer.pain
    if before.effort is None and answer.effort is not None:
        new["effort"] = answer.effort
    if new:
        say_of_set(connection, felt, number, new)


def _stands_as_counted(one: FoundSet) -> bool:
    corrected = one.correction is not None and one.correction.valid_reps is not None
    return one.valid_reps > 0 and not corrected


def _fewer(one: FoundSet, count: int) -> FieldEdit:
    fewer = max(0, one.valid_reps - count)
    return FieldEdit(Field.VALID_REPS, str(fewer), one.set_number, one.side)
