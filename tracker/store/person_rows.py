"""All that is stored of one person: how much it is, and deleting it for good."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    SQLColumnExpression,
    case,
    delete,
    func,
    select,
    update,
)

from tracker.store.dialects import retire_person_number
from tracker.store.persons import DEFAULT_NAME, find_person, list_persons
from tracker.store.sessions import is_written
from tracker.store.tables import (
    AnalysisTable,
    BandTable,
    HabitDayTable,
    PersonTable,
    PlanTable,
    RecordingTable,
    RestTestTable,
    RuleVerdictTable,
    ScreeningTable,
    SessionFeltTable,
    SessionTable,
    SetFeltTable,
)
from tracker.store.values import Person, SessionState


@dataclass(frozen=True, slots=True)
class PersonRows:
    """How much is stored of a person.

    Attributes:
        sessions: all of them; those that were deleted and those told by hand are among them.
        rest_tests: of current analyses, refused ones too.
        notes: said of sessions, of sets and with the safety questions.
        habit_days: answers of one habit on one day.
        screenings: how often the safety questions were answered.
    """

    sessions: int
    deleted_sessions: int
    rest_tests: int
    plans: int
    bands: int
    notes: int
    habit_days: int
    screenings: int


@dataclass(frozen=True, slots=True)
class RecordingPaths:
    """The recordings of sessions as they are stored: those of one person, and those of all others."""

    own: tuple[str, ...]
    others: tuple[str, ...]


def rows_of_person(connection: Connection, person_id: int) -> PersonRows:
    """Count what is stored of a person."""

    def count(table: FromClause, *where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(*where)
        return int(connection.execute(query).scalar_one())

    own = _sessions_of(person_id)
    sessions, person = SessionTable.__table__, SessionTable.person_id == person_id
    tests = RestTestTable.__table__.join(AnalysisTable).join(RecordingTable)
    return PersonRows(
        sessions=count(sessions, person),
        deleted_sessions=count(sessions, person, SessionTable.deleted_at.is_not(None)),
        rest_tests=count(tests, RecordingTable.session_id.in_(own), AnalysisTable.is_current.is_(True)),
        plans=count(PlanTable.__table__, PlanTable.person_id == person_id),
        bands=count(BandTable.__table__, BandTable.person_id == person_id),
        notes=count(
            SessionFeltTable.__table__, SessionFeltTable.session_id.in_(own), _says(SessionFeltTable.notes)
        )
        + count(SetFeltTable.__table__, SetFeltTable.session_id.in_(own), _says(SetFeltTable.notes))
        + count(ScreeningTable.__table__, ScreeningTable.person_id == person_id, _says(ScreeningTable.note)),
        habit_days=count(HabitDayTable.__table__, HabitDayTable.person_id == person_id),
        screenings=count(ScreeningTable.__table__, ScreeningTable.person_id == person_id),
    )


def recording_paths(connection: Connection, person_id: int) -> RecordingPaths:
    """Where the recordings of all sessions lie, deleted ones too."""
    query = (
        select(RecordingTable.path, case((SessionTable.person_id == person_id, True), else_=False))
        .join(SessionTable, SessionTable.id == RecordingTable.session_id)
        .order_by(RecordingTable.id)
    )
    rows = [(str(path), bool(is_own)) for path, is_own in connection.execute(query)]
    return RecordingPaths(
        own=tuple(path for path, is_own in rows if is_own),
        others=tuple(path for path, is_own in rows if not is_own),
    )


def session_being_recorded(connection: Connection) -> int | None:
    """A session of anybody that some process writes at this moment; None where none is."""
    query = select(SessionTable.id, SessionTable.recorder, SessionTable.started_at).where(
        SessionTable.state == SessionState.RECORDING.value
    )
    now = datetime.now(UTC)
    written = (row.id for row in connection.execute(query) if is_written(row.recorder, row.started_at, now))
    return next(written, None)


def is_the_default(connection: Connection, person: Person) -> bool:
    """Whether a person is meant where nobody is named; makes nobody."""
    marked = next((one for one in list_persons(connection) if one.is_default), None)
    meant = marked or find_person(connection, DEFAULT_NAME)
    return meant is not None and meant.person_id == person.person_id


def delete_person_rows(connection: Connection, person_id: int) -> None:
    """Delete a person and all that belongs to them, in every table; nothing of another person changes.

    Sessions can have been moved from one person to another. What a plan of another person learned from a
    session that goes stays without it; a band that another person's set was done with becomes theirs.
    """
    retire_person_number(connection, person_id)
    _keep_verdicts_of_others(connection, person_id)
    _leave_bands_to_others(connection, person_id)
    # All other tables refer to these two, and their rows go with them.
    connection.execute(delete(SessionTable).where(SessionTable.person_id == person_id))
    connection.execute(delete(PersonTable).where(PersonTable.id == person_id))


def _keep_verdicts_of_others(connection: Connection, person_id: int) -> None:
    plans_of_others = select(PlanTable.id).where(PlanTable.person_id != person_id)
    kept = update(RuleVerdictTable).where(
        RuleVerdictTable.session_id.in_(_sessions_of(person_id)),
        RuleVerdictTable.plan_id.in_(plans_of_others),
    )
    connection.execute(kept.values(session_id=None))


def _leave_bands_to_others(connection: Connection, person_id: int) -> None:
    used = (
        select(BandTable.id, func.min(SessionTable.person_id).label("person_id"))
        .join(SetFeltTable, SetFeltTable.band_id == BandTable.id)
        .join(SessionTable, SessionTable.id == SetFeltTable.session_id)
        .where(BandTable.person_id == person_id, SessionTable.person_id != person_id)
        .group_by(BandTable.id)
    )
    for row in connection.execute(used).all():
        retired_at = func.coalesce(BandTable.retired_at, datetime.now(UTC))
        theirs = update(BandTable).where(BandTable.id == row.id)
        connection.execute(theirs.values(person_id=row.person_id, retired_at=retired_at))


def _sessions_of(person_id: int) -> Select[int]:
    return select(SessionTable.id).where(SessionTable.person_id == person_id)


def _says(notes: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    return func.coalesce(notes, "") != ""
