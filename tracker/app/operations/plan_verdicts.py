"""What each rule of a person's plan said after a session, and why."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from tracker.errors import NotThereError
from tracker.report.plan_tables import verdict_object
from tracker.session.plan_state import person_plan, zone_of
from tracker.store.database import Database
from tracker.store.plans import latest_verdicts
from tracker.store.sessions import list_sessions, no_such_session, read_session
from tracker.store.values import Person, SessionSummary

if TYPE_CHECKING:
    from tracker.report.objects.plans import VerdictsObject


def why_document(database: Database, person: Person, session_id: int | None = None) -> "VerdictsObject":
    """As `tracker plan why --json` prints it.

    Args:
        session_id: the person's last session where None.

    Raises:
        UsageError: there is no such session of the person, or it was in no plan.
    """
    with database.read() as connection:
        session = _session(connection, person, session_id)
        day = session.started_at.astimezone(zone_of(connection, person.person_id)).date()
        plan = person_plan(connection, person.person_id, day)
        if plan is None:
            raise NotThereError(
                f"no plan was on at session {session.session_id}, on {day}",
                advice="Ask for the plan that is on today.",
                session_id=session.session_id,
            )
        verdicts = latest_verdicts(connection, plan.stored.plan_id, session.session_id)
    return {"session_id": session.session_id, "verdicts": [verdict_object(one) for one in verdicts]}


def _session(connection: Connection, person: Person, session_id: int | None) -> SessionSummary:
    if session_id is None:
        latest = list_sessions(connection, person.person_id, until=datetime.now(UTC), limit=1)
        if not latest:
            raise NotThereError("there is no session yet", advice="Record one on the page Session.")
        return latest[0]
    session = read_session(connection, session_id)
    if session.person_id != person.person_id or session.deleted_at is not None:
        raise no_such_session(session_id)
    return session
