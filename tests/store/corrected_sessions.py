"""Sessions to correct in tests, and the plain model that the store must agree with."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from store_samples import STARTED_AT, analysis, exercise_set

from tracker.model import Side
from tracker.store.analyses import save_analysis
from tracker.store.corrections import FieldEdit
from tracker.store.found_sets import SetCorrection, corrections_of
from tracker.store.manual_sets import ManualSet, add_session_by_hand, manual_sets_of
from tracker.store.persons import get_or_create_person
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, finish_session, read_session

LENGTH_S = 125.0
SETS = (
    replace(exercise_set("clamshell", Side.LEFT, 8, 2), start_s=60.0),
    replace(exercise_set("clamshell", Side.RIGHT, 9, 0), start_s=60.0),
    replace(exercise_set("generic", None, 5, 1), start_s=200.0),
)
"""Set 1 of both legs, and set 2 of none."""
TOLD = (
    ManualSet("clamshell", Side.LEFT, 3, 10),
    ManualSet("seated_hold", Side.RIGHT, 2, 5, 20.0),
)


def counted(connection: Connection, started_at: datetime = STARTED_AT) -> int:
    """A session of the default person with the sets above, recorded to its end."""
    person = get_or_create_person(connection, time_zone="Europe/Berlin")
    session_id = begin_session(
        connection,
        person_id=person.person_id,
        started_at=started_at,
        time_zone="Europe/Berlin",
        recording_path=f"recordings/{started_at:%Y%m%dT%H%M%S%f}.mcap",
    )
    ended_at = started_at + timedelta(seconds=LENGTH_S)
    finish_session(connection, session_id, ended_at=ended_at, duration_s=LENGTH_S, size_bytes=1)
    save_analysis(connection, session_id, analysis(sets=SETS))
    return session_id


def told(connection: Connection, started_at: datetime = STARTED_AT) -> int:
    """A session of the default person that was done without sensors."""
    person = get_or_create_person(connection, time_zone="Europe/Berlin")
    return add_session_by_hand(
        connection,
        person_id=person.person_id,
        started_at=started_at,
        time_zone="Europe/Berlin",
        minutes=30.0,
        done=TOLD,
    )


@dataclass(frozen=True)
class Corrected:
    """All that corrections can change of one session, as plain values."""

    started_at: datetime
    length: timedelta
    time_zone: str
    person_id: int
    rest_left_out: bool = False
    deleted: bool = False
    sets: frozenset[SetCorrection] = frozenset()
    told: tuple[ManualSet, ...] = ()


def stored(connection: Connection, session_id: int) -> Corrected:
    """What the store says."""
    session = read_session(connection, session_id)
    if session.ended_at is None:
        raise ValueError("the session goes on")
    return Corrected(
        started_at=session.started_at,
        length=session.ended_at - session.started_at,
        time_zone=session.time_zone,
        person_id=session.person_id,
        rest_left_out=session.rest_left_out,
        deleted=session.deleted_at is not None,
        sets=frozenset(corrections_of(connection, session_id)),
        told=manual_sets_of(connection, session_id),
    )


def corrected(state: Corrected, edits: Iterable[FieldEdit]) -> Corrected:
    """What a state becomes by edits, told without a database."""
    for edit in edits:
        state = _with(state, edit)
    return state


def _with(state: Corrected, edit: FieldEdit) -> Corrected:
    value = edit.value
    match edit.field:
        case Field.STARTED_AT:
            return replace(state, started_at=datetime.fromisoformat(value or ""))
        case Field.MINUTES:
            return replace(state, length=timedelta(minutes=float(value or 0)))
        case Field.TIME_ZONE:
            return replace(state, time_zone=value or "")
        case Field.PERSON:
            return replace(state, person_id=int(value or 0))
        case Field.REST_LEFT_OUT:
            return replace(state, rest_left_out=value is not None)
        case _ if state.told:
            return _with_told(state, edit)
        case _:
            return _with_set(state, edit)


def _with_told(state: Corrected, edit: FieldEdit) -> Corrected:
    place = (edit.set_number or 0) - 1
    value: Any = _number(edit)
    if edit.field is Field.EXERCISE:
        value = edit.value
    elif edit.field is Field.SIDE:
        value = None if edit.value is None else Side(edit.value)
    changed = replace(state.told[place], **{edit.field.value: value})
    return replace(state, told=(*state.told[:place], changed, *state.told[place + 1 :]))


def _with_set(state: Corrected, edit: FieldEdit) -> Corrected:
    number = edit.set_number or 0
    empty = SetCorrection(number, edit.side)
    said = {(one.set_number, one.side): one for one in state.sets}
    value: Any = _number(edit)
    if edit.field is Field.EXERCISE:
        value = edit.value
    elif edit.field is Field.LEFT_OUT:
        value = edit.value is not None
    said[number, edit.side] = replace(said.get((number, edit.side), empty), **{edit.field.value: value})
    return replace(state, sets=frozenset(one for one in said.values() if one != empty_of(one)))


def empty_of(one: SetCorrection) -> SetCorrection:
    """The correction of the same set that says nothing."""
    return SetCorrection(one.set_number, one.side)


def _number(edit: FieldEdit) -> int | None:
    numbers = (Field.VALID_REPS, Field.PARTIAL_REPS, Field.SETS, Field.REPS, Field.HOLD_S)
    return int(edit.value) if edit.value is not None and edit.field in numbers else None


@dataclass
class History:
    """The states of a session, one for each revision after the first."""

    states: list[Corrected] = field(default_factory=list)

    @property
    def now(self) -> Corrected:
        """What holds."""
        return self.states[-1]

    def change(self, state: Corrected) -> bool:
        """A revision; False where nothing would change, which is none."""
        if state == self.now:
            return False
        self.states.append(state)
        return True

    def undo(self) -> bool:
        """The state before the last revision, as a new one."""
        if len(self.states) < 2:
            return False
        self.states.append(self.states[-2])
        return True
