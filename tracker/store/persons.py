"""Who trains."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from tracker.errors import UsageError
from tracker.store.tables import PersonTable
from tracker.store.values import Person

DEFAULT_NAME = "me"


def get_or_create_person(connection: Connection, *, time_zone: str, name: str = DEFAULT_NAME) -> Person:
    """The person of this name, made where there is none.

    Args:
        time_zone: IANA name, kept for a new person; a stored person keeps the stored one.

    Raises:
        UsageError: no such time zone.
    """
    checked_time_zone(time_zone)
    known = find_person(connection, name)
    if known is not None:
        return known
    row = {"name": name, "time_zone": time_zone, "created_at": datetime.now(UTC)}
    try:
        with connection.begin_nested():
            person_id = connection.execute(insert(PersonTable).returning(PersonTable.id), row).scalar_one()
    except IntegrityError:
        # On a server another program may have made the person since the look above.
        known = find_person(connection, name)
        if known is None:
            raise
        return known
    return Person(person_id, name, time_zone)


def find_person(connection: Connection, name: str = DEFAULT_NAME) -> Person | None:
    """The person of this name, if there is one."""
    query = select(PersonTable.id, PersonTable.time_zone).where(PersonTable.name == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else Person(row.id, name, row.time_zone)


def checked_time_zone(name: str) -> str:
    """The name, if there is such a time zone.

    Raises:
        UsageError: there is none.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone {name!r}",
            advice="Give an IANA name such as Europe/Berlin.",
            time_zone=name,
        ) from error
    return name
