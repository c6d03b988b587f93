"""A person's plan as it is stored, and how it stood at any time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import NotThereError
from tracker.plan.growth import Change, GrownPlan, grown_plan
from tracker.plan.plan_table import parse_plan
from tracker.plan.prescription import Plan
from tracker.store.persons import list_persons
from tracker.store.plans import ACCEPTED, RuleVerdict, StoredPlan, changes_of, plan_on


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A plan with all changes that its rules ever asked for.

    Attributes:
        plan: as it began; `grown` tells how it stands now.
        changes: the verdicts that ask for a change, answered or waiting, in the order of their making.
        zone: the person's, whose midnights part the days.
    """

    stored: StoredPlan
    plan: Plan
    changes: tuple[RuleVerdict, ...]
    zone: ZoneInfo

    def accepted(self, until: datetime | None = None) -> tuple[RuleVerdict, ...]:
        """The changes that the person said yes to, up to an instant, in the order of the answers."""
        yes = [
            one
            for one in self.changes
            if one.answer == ACCEPTED
            and one.answered_at is not None
            and (until is None or one.answered_at <= until)
        ]
        return tuple(sorted(yes, key=lambda one: (one.answered_at, one.verdict_id)))

    def grown(self, until: datetime | None = None) -> GrownPlan:
        """How it stood at an instant; how it stands now where None."""
        return grown_plan(self.plan, [change_of(one) for one in self.accepted(until)])

    @property
    def waiting(self) -> tuple[RuleVerdict, ...]:
        """The proposals that wait for an answer."""
        return tuple(one for one in self.changes if one.answer is None)

    def week(self, day: date) -> int:
        """Weeks since it began, from 0."""
        return (day - self.stored.starts_on).days // 7

    def day_of(self, instant: datetime) -> date:
        """The person's own day at an instant."""
        return instant.astimezone(self.zone).date()


def change_of(verdict: RuleVerdict) -> Change:
    """The change that a verdict asks for.

    Raises:
        ValueError: it asks for none.
    """
    if verdict.change is None:
        raise ValueError(f"verdict {verdict.verdict_id} asks for no change")
    return Change.from_mapping(verdict.change)


def person_plan(connection: Connection, person_id: int, day: date) -> PersonPlan | None:
    """The plan of a day; None where there is none.

    Raises:
        SettingsError: what was stored is no plan any more.
    """
    stored = plan_on(connection, person_id, day)
    if stored is None:
        return None
    plan = parse_plan(stored.toml, f"the plan {stored.name!r}", None)
    return PersonPlan(stored, plan, changes_of(connection, stored.plan_id), zone_of(connection, person_id))


def zone_of(connection: Connection, person_id: int) -> ZoneInfo:
    """The person's time zone.

    Raises:
        UsageError: there is no such person.
    """
    for person in list_persons(connection):
        if person.person_id == person_id:
            return ZoneInfo(person.time_zone)
    raise NotThereError(
        f"there is no person {person_id}", advice="`tracker persons` lists them.", person=person_id
    )


def day_begin(day: date, zone: ZoneInfo) -> datetime:
    """The instant of a day's midnight."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The instant of the midnight after a day."""
    return day_begin(day + timedelta(days=1), zone)
