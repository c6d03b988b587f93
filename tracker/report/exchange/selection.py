"""Which sessions of one person are exported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.store.sessions import list_sessions, no_such_session
from tracker.store.values import Person, SessionSummary


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days in a person's time zone, both ends in it; None is open.

    Raises:
        UsageError: it ends before it begins.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise UsageError(
                f"the span ends on {self.last}, before it begins on {self.first}",
                advice="Give the earlier day with --since.",
                first=self.first,
                last=self.last,
            )

    def instants(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The first instant of the first day and that of the day after the last, UTC."""
        if self.last == date.max:
            return self._midnight(self.first, zone), None
        after = None if self.last is None else self.last + timedelta(days=1)
        return self._midnight(self.first, zone), self._midnight(after, zone)

    @staticmethod
    def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
        # The first and last days of the calendar have no UTC in every zone.
        if day is None or day <= date.min + timedelta(days=1):
            return None
        return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is exported, as the database had it at one moment.

    Attributes:
        sessions: the earliest first; none of them is deleted.
        home: the program's folder, which `SessionSummary.recording_file` asks for.
        days: the span that was asked for, open where all was; None where sessions were named one by one.
        deleted: ids of sessions that would have been meant but are deleted; they are left out.
    """

    person: Person
    sessions: tuple[SessionSummary, ...]
    home: Path
    days: Days | None
    deleted: tuple[int, ...] = ()

    @property
    def session_ids(self) -> tuple[int, ...]:
        """The ids of the sessions, the earliest session first."""
        return tuple(one.session_id for one in self.sessions)

    @property
    def simulated(self) -> bool:
        """True where any of the sessions is simulated."""
        return any(one.simulated for one in self.sessions)


def choose_days(connection: Connection, person: Person, home: Path, days: Days) -> Selection:
    """The sessions of a person that began on some days of the person's time zone.

    Raises:
        UsageError: there is none.
    """
    since, until = days.instants(ZoneInfo(person.time_zone))
    found = list_sessions(connection, person.person_id, since=since, until=until)
    deleted = list_sessions(connection, person.person_id, since=since, until=until, deleted=True)
    selection = _selection(person, home, days, found, deleted)
    if not found:
        when = "" if days == Days() else " in that time"
        raise UsageError(
            f"there is no session of {person.name} to export{when}",
            advice="`tracker sessions` lists what there is.",
            person=person.name,
            deleted=selection.deleted,
        )
    return selection


def choose_sessions(connection: Connection, person: Person, home: Path, ids: Iterable[int]) -> Selection:
    """Sessions of a person by their ids.

    Raises:
        UsageError: the person has no such session, or all of them are deleted.
    """
    wanted = set(ids)
    present = {one.session_id: one for one in list_sessions(connection, person.person_id)}
    removed = {one.session_id: one for one in list_sessions(connection, person.person_id, deleted=True)}
    for session_id in sorted(wanted):
        if session_id not in present and session_id not in removed:
            raise no_such_session(session_id)
    found = [present[one] for one in wanted if one in present]
    deleted = [removed[one] for one in wanted if one in removed]
    if not found:
        named = ", ".join(str(one) for one in sorted(wanted)) or "none"
        raise UsageError(
            f"there is nothing to export: of the sessions {named} each one is deleted",
            advice="Restore one first: tracker sessions restore ID",
            sessions=sorted(wanted),
        )
    return _selection(person, home, None, found, deleted)


def _selection(
    person: Person,
    home: Path,
    days: Days | None,
    found: Iterable[SessionSummary],
    deleted: Iterable[SessionSummary],
) -> Selection:
    ordered = tuple(sorted(found, key=lambda one: (one.started_at, one.session_id)))
    return Selection(person, ordered, home, days, tuple(sorted(one.session_id for one in deleted)))
