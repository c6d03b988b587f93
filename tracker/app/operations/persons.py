"""Who trains here: a line for each of them, for whoever looks through several; adding and changing."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from tracker.app.operations.today import today_of
from tracker.errors import NotThereError, TrackerError, UsageError
from tracker.local_time import local_time_zone
from tracker.progress.trend.values import QuantityTrend, RestingTrend
from tracker.progress.week_page import week_page
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.persons import add_person, change_person, list_persons, make_default, person_meant
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionSummary


@dataclass(frozen=True, slots=True)
class LegResting:
    """How a leg rested when it was measured last, and whether that changed.

    Attributes:
        side: `left` or `right`.
        value_deg: hip rotation, internal positive; None where it was never measured.
        half_width_deg: of the measurement's 95 % interval.
        verdict: of the trend, in English words with its measure.
    """

    side: str
    value_deg: float | None
    half_width_deg: float | None
    day: date | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person's answer.

    Attributes:
        proposals: of the plan.
        safety_questions: they come before the next session.
        morning_after: how last session's pain was in the morning.
    """

    proposals: int = 0
    safety_questions: bool = False
    morning_after: bool = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person at a glance.

    Attributes:
        last_session: the newest that was not deleted; None where there is none.
        sessions: of this week, in which the sensors counted something.
        told_sessions: of this week, told by hand.
        asked_sessions: at least, by the plan in a week; None without a plan.
        simulated: some of it came from virtual sensors.
        failure: what kept this person's data from being read, in English; the rest is empty then.
    """

    person: Person
    is_default: bool
    last_session: SessionSummary | None = None
    sessions: int = 0
    told_sessions: int = 0
    asked_sessions: int | None = None
    legs: tuple[LegResting, ...] = ()
    waiting: Waiting = Waiting()
    simulated: bool = False
    failure: str | None = None


def persons_now(database: Database) -> tuple[tuple[Person, ...], Person]:
    """All persons by name, and the one who is meant where nobody is chosen.

    Raises:
        DatabaseError: the database cannot be read.
    """
    with database.write() as connection:
        default = person_meant(connection, None, time_zone=local_time_zone())
        found = list_persons(connection)
    # Whoever is alone is the default without having been marked as such.
    return tuple(replace(one, is_default=one.person_id == default.person_id) for one in found), default


def person_lines(
    place: Workplace,
    database: Database,
    now: datetime | None = None,
    *,
    simulated: bool = False,
) -> tuple[PersonLine, ...]:
    """A line for each person, by name; one person's fault hides nobody else.

    Args:
        now: the instant whose week is meant.
        simulated: no safety question waits, since simulated sessions need none.

    Raises:
        DatabaseError: the database cannot be read.
    """
    persons, default = persons_now(database)
    lines = []
    for person in persons:
        is_default = person.person_id == default.person_id
        try:
            line = _line(place, database, person, is_default, now or datetime.now(UTC))
            if simulated:
                line = replace(line, waiting=replace(line.waiting, safety_questions=False))
            lines.append(line)
        except TrackerError as error:
            lines.append(PersonLine(person, is_default, failure=error.message))
    return tuple(lines)


def new_person(database: Database, name: str, time_zone: str = "") -> Person:
    """Add a person.

    Args:
        time_zone: IANA name; this computer's where empty.

    Raises:
        UsageError: no name, or one that is taken; no such time zone.
    """
    with database.write() as connection:
        # The default person is there before any other, so that nobody else takes that place unasked.
        person_meant(connection, None, time_zone=local_time_zone())
        return add_person(connection, name.strip(), time_zone=time_zone.strip() or local_time_zone())


def changed_person(
    database: Database, person_id: int, *, name: str | None = None, time_zone: str | None = None
) -> Person:
    """Rename a person or change the time zone; None leaves as it is.

    Raises:
        UsageError: nobody has that number; no name, or one that is taken; no such time zone.
    """
    with database.write() as connection:
        person = _by_number(list_persons(connection), person_id)
        default = person_meant(connection, None, time_zone=local_time_zone())
        if name is not None and not name.strip():
            raise UsageError("a person needs a name", advice="Write one.")
        changed = change_person(
            connection,
            person,
            name=None if name is None else name.strip(),
            time_zone=None if time_zone is None else time_zone.strip(),
        )
        if default.person_id == person_id:
            # Under another name it is no longer found by the name alone.
            return make_default(connection, changed)
        return changed


def default_person(database: Database, person_id: int) -> Person:
    """Mean this person where nobody is chosen.

    Raises:
        UsageError: nobody has that number.
    """
    with database.write() as connection:
        return make_default(connection, _by_number(list_persons(connection), person_id))


def _by_number(persons: tuple[Person, ...], person_id: int) -> Person:
    for person in persons:
        if person.person_id == person_id:
            return person
    raise NotThereError(f"there is no person {person_id}", advice="Choose a person.", person_id=person_id)


def _line(
    place: Workplace, database: Database, person: Person, is_default: bool, now: datetime
) -> PersonLine:
    week = week_page(database, person, place.catalogue, now=now)
    today = today_of(place, database, person, now)
    with database.read() as connection:
        newest = list_sessions(connection, person.person_id, limit=1)
    prescribed = week.adherence.prescribed
    return PersonLine(
        person=person,
        is_default=is_default,
        last_session=newest[0] if newest else None,
        sessions=week.adherence.sessions,
        told_sessions=week.adherence.told_sessions,
        asked_sessions=None if prescribed is None else prescribed.sessions_low,
        legs=_legs(week.trend),
        waiting=Waiting(
            proposals=len(today.waiting),
            safety_questions=not today.safety.may_train,
            morning_after=today.morning_after is not None,
        ),
        simulated=week.simulated or any(one.simulated for one in newest),
    )


def _legs(trend: RestingTrend) -> tuple[LegResting, ...]:
    return tuple(_leg(one) for one in trend.quantities if one.name in ("left", "right"))


def _leg(trend: QuantityTrend) -> LegResting:
    if not trend.points:
        return LegResting(trend.name, None, None, None, trend.text)
    newest = trend.points[-1]
    return LegResting(trend.name, newest.value_deg, newest.half_width_deg, newest.day, trend.text)
