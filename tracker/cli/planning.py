"""What the commands of a plan share: whose it is, what day it is there, which session is meant."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Planner:
    """Whose plan it is.

    Attributes:
        today: by the person's own time zone.
    """

    person_id: int
    today: date


def planner(connection: "Connection", name: str | None) -> Planner:
    """The person that a command means, and the day there.

    Raises:
        UsageError: nobody has that name.
    """
    from tracker.cli.person_option import person_of

    person = person_of(connection, name)
    return Planner(person.person_id, datetime.now(ZoneInfo(person.time_zone)).date())


def session_meant(connection: "Connection", who: Planner, session: int | None) -> tuple[int, int]:
    """The plan and the session that are meant: the person's last one where no number is given.

    Raises:
        UsageError: there is no such session, it is not the person's, or it was in no plan.
    """
    from tracker.session.plan_state import person_plan, zone_of
    from tracker.store.sessions import list_sessions, no_such_session, read_session

    if session is None:
        latest = list_sessions(connection, who.person_id, limit=1)
        if not latest:
            raise UsageError("there is no session yet", advice="Record one: tracker record EXERCISE")
        meant = latest[0]
    else:
        meant = read_session(connection, session)
        if meant.person_id != who.person_id or meant.deleted_at is not None:
            raise no_such_session(session)
    day = meant.started_at.astimezone(zone_of(connection, who.person_id)).date()
    plan = person_plan(connection, who.person_id, day)
    if plan is None:
        raise UsageError(
            f"no plan was on at session {meant.session_id}, on {day}",
            advice="`tracker plan` shows the plan that is on today.",
            session_id=meant.session_id,
        )
    return plan.stored.plan_id, meant.session_id


def day_of(text: str | None, option: str, otherwise: date) -> date:
    """A date as a person writes it.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{option}: {text[:40]!r} is no date", advice="Write it as 2026-11-30.", option=option
        ) from error
