"""Who trains. One of them is meant where nobody is named, so that whoever is alone never meets names."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.errors import ConflictError, NotThereError, UsageError
from tracker.store.analysis_rows import AnyRow
from tracker.store.dialects import highest_person_ever
from tracker.store.tables import PersonTable
from tracker.store.values import Person

DEFAULT_NAME = "me"
MAX_NAME_CHARS = 100


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
    row: dict[str, object] = {"name": name, "time_zone": time_zone, "created_at": datetime.now(UTC)}
    if gone := highest_person_ever(connection):
        newest = connection.execute(select(func.max(PersonTable.id))).scalar() or 0
        row["id"] = max(gone, newest) + 1
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


def person_meant(connection: Connection, name: str | None, *, time_zone: str) -> Person:
    """The person that a command means: the one of that name, or the default one where none is given.

    Args:
        time_zone: IANA name for a default person who is made now.

    Raises:
        UsageError: nobody has that name; the advice lists who there is.
    """
    if name is not None:
        known = find_person(connection, name)
        if known is None:
            names = ", ".join(one.name for one in list_persons(connection)) or "nobody yet"
            raise NotThereError(
                f"there is no person {name!r}",
                advice=f"There is: {names}. Add one with: tracker persons add NAME",
                person=name,
            )
        return known
    query = _PERSONS.where(PersonTable.is_default.is_(True))
    row = connection.execute(query).one_or_none()
    if row is not None:
        return _person(row)
    return get_or_create_person(connection, time_zone=time_zone)


def add_person(connection: Connection, name: str, *, time_zone: str) -> Person:
    """A new person.

    Raises:
        UsageError: no name, or one that is taken; no such time zone.
    """
    checked_name(name)
    if find_person(connection, name) is not None:
        raise ConflictError(f"there is already a person {name!r}", advice="Choose another name.", person=name)
    return get_or_create_person(connection, time_zone=time_zone, name=name)


def change_person(
    connection: Connection, person: Person, *, name: str | None = None, time_zone: str | None = None
) -> Person:
    """The person under another name or in another time zone; None leaves as it is.

    Raises:
        UsageError: no name, or one that is taken; no such time zone.
    """
    changed = replace(person, name=name or person.name, time_zone=time_zone or person.time_zone)
    checked_name(changed.name)
    checked_time_zone(changed.time_zone)
    other = find_person(connection, changed.name)
    if other is not None and other.person_id != person.person_id:
        raise ConflictError(f"there is already a person {name!r}", advice="Choose another name.", person=name)
    values = {"name": changed.name, "time_zone": changed.time_zone}
    connection.execute(update(PersonTable).where(PersonTable.id == person.person_id).values(values))
    return changed


def make_default(connection: Connection, person: Person) -> Person:
    """Mean this person where nobody is named."""
    connection.execute(update(PersonTable).values(is_default=None))
    own = update(PersonTable).where(PersonTable.id == person.person_id)
    connection.execute(own.values(is_default=True))
    return replace(person, is_default=True)


def list_persons(connection: Connection) -> tuple[Person, ...]:
    """All persons by name."""
    return tuple(map(_person, connection.execute(_PERSONS.order_by(PersonTable.name))))


def find_person(connection: Connection, name: str = DEFAULT_NAME) -> Person | None:
    """The person of this name, if there is one."""
    row = connection.execute(_PERSONS.where(PersonTable.name == name)).one_or_none()
    return None if row is None else _person(row)


_PERSONS = select(PersonTable.id, PersonTable.name, PersonTable.time_zone, PersonTable.is_default)


def _person(row: AnyRow) -> Person:
    return Person(row.id, row.name, row.time_zone, row.is_default is True)


def checked_name(name: str) -> str:
    """The name, if it can be one.

    Raises:
        UsageError: empty, too long, or with characters that do not show.
    """
    if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise UsageError(
            f"{name[:40]!r} is no name for a person",
            advice=f"Give 1 to {MAX_NAME_CHARS} letters in one line.",
            person=name,
        )
    return name


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
