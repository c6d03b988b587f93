"""Everything that stands on the one page of a week. Comparisons are with the person's own earlier records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.model import Band
from tracker.plan.catalogue import Catalogue
from tracker.progress.adherence import Adherence, adherence_of
from tracker.progress.comparison import WeekComparison, compare_weeks
from tracker.progress.iso_week import IsoWeek
from tracker.progress.streaks import Streak, streak_of
from tracker.progress.trend.resting_trend import resting_trend
from tracker.progress.trend.values import RestingTrend
from tracker.progress.week import WeekSummary, summary_of
from tracker.progress.week_days import DayWork, work_by_day
from tracker.progress.week_history import WeekWork, weeks_until, weeks_with, work_by_week
from tracker.progress.week_load import LoadWeek, Said, load_of
from tracker.progress.week_movements import MovementWeek, movements_of
from tracker.progress.week_said import (
    BandedSet,
    BandUse,
    FeltWeek,
    HabitWeek,
    band_uses,
    felt_of,
    habits_of,
)
from tracker.session.plan_targets import PrescribedWeek, prescribed_week
from tracker.store.bands import bands_of
from tracker.store.database import Database
from tracker.store.felt import sessions_felt, sets_felt
from tracker.store.habits import habits_between
from tracker.store.plans import RuleVerdict, changes_of, plan_on, targets_of
from tracker.store.screenings import Screening, screenings_between
from tracker.store.spans import week_rows
from tracker.store.trained import (
    UsedSensor,
    bands_between,
    sensors_between,
    sets_between,
    trained_at,
    work_between,
)
from tracker.store.values import Person, SpanRows

HISTORY_WEEKS = 12
"""Weeks whose work and bands stand on the page: a band is kept for some weeks, a plan lasts about twelve."""

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""No session is older."""


@dataclass(frozen=True, slots=True)
class Method:
    """How the week was measured.

    Attributes:
        sensors: where they were worn.
        analysed: sessions with an analysis.
        recipes: how the thighs' zero was taken; none without a measured rest test.
        versions: of the analyses.
    """

    sensors: tuple[UsedSensor, ...]
    analysed: int
    recipes: tuple[str, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekPage:
    """One week of one person.

    Attributes:
        made_at: when the page was made, in the person's zone.
        runs: the week is not over yet.
        days: work of its seven days, Monday first.
        weeks: work of the weeks until this one, the earliest first, zeros where nothing was done.
        trend: resting rotation until the end of the week.
        bands: how the bands went in the weeks of `HISTORY_WEEKS`.
        following: the week after, which `asked_next` is of; None where the plan asks for nothing in it.
        waiting: proposals of the plan that wait for the person's answer.
    """

    person: str
    made_at: datetime
    runs: bool
    comparison: WeekComparison
    days: tuple[DayWork, ...]
    weeks: tuple[WeekWork, ...]
    streak: Streak
    adherence: Adherence
    trend: RestingTrend
    movements: tuple[MovementWeek, ...]
    load: LoadWeek
    bands: tuple[BandUse, ...]
    felt: FeltWeek
    habits: tuple[HabitWeek, ...]
    screenings: tuple[Screening, ...]
    following: IsoWeek
    asked_next: PrescribedWeek | None
    waiting: tuple[RuleVerdict, ...]
    method: Method
    titles: Mapping[str, str]

    @property
    def summary(self) -> WeekSummary:
        """The week itself."""
        return self.comparison.this

    @property
    def simulated(self) -> bool:
        """Some of what the page shows came from virtual sensors."""
        compared = self.comparison.this.simulated or self.comparison.last.simulated
        return compared or self.trend.simulated or any(one.simulated for one in self.weeks)

    def title(self, exercise: str) -> str:
        """An exercise as people call it."""
        return self.titles.get(exercise, exercise)


def week_page(
    database: Database,
    person: Person,
    catalogue: Catalogue,
    week: IsoWeek | None = None,
    *,
    now: datetime | None = None,
    weeks: int = HISTORY_WEEKS,
) -> WeekPage:
    """The page of a week of one person, in the person's time zone.

    Args:
        week: the running one where None.
        now: an aware instant; the clock's where None.
        weeks: so many weeks of work stand in `weeks`, the shown one among them.

    Raises:
        UsageError: the week has not begun yet, or is older than any session.
        DatabaseError, StorageError: the database cannot be read.
    """
    zone = ZoneInfo(person.time_zone)
    moment = (now or datetime.now(UTC)).astimezone(zone)
    running = IsoWeek.containing(moment, zone)
    shown = week or running
    if shown > running:
        raise UsageError(
            f"the week {shown} has not begun yet",
            advice=f"This week is {running}; give it or an earlier one.",
            week=str(shown),
        )
    if shown.monday < _FIRST.date():
        raise UsageError(
            f"the week {shown} is too long ago",
            advice=f"No session is older than {_FIRST.year}.",
            week=str(shown),
        )
    sunday = shown.monday + timedelta(days=6)
    trend = resting_trend(database, person, until=min(sunday, moment.date()))
    with database.read() as connection:
        return _Reader(connection, person, catalogue, zone, shown).page(moment, running, trend, weeks)


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: Connection
    person: Person
    catalogue: Catalogue
    zone: ZoneInfo
    week: IsoWeek

    def page(self, moment: datetime, running: IsoWeek, trend: RestingTrend, weeks: int) -> WeekPage:
        rows, (start, end) = self._rows(self.week), self.week.span(self.zone)
        summary = summary_of(rows, self.week, self.zone)
        last = summary_of(self._rows(self.week.previous), self.week.previous, self.zone)
        person_id, last_day = self.person.person_id, self.week.monday + timedelta(days=6)
        sets = sets_between(self.connection, person_id, start, end)
        bands = self._bands()
        said = self._said(rows, bands)
        return WeekPage(
            person=self.person.name,
            made_at=moment,
            runs=self.week == running,
            comparison=compare_weeks(summary, last),
            days=work_by_day(rows, self.week, self.zone),
            weeks=self._weeks(weeks),
            streak=self._streak(running, end),
            adherence=adherence_of(rows, self._prescribed(self.week)),
            trend=trend,
            movements=movements_of(sets),
            load=load_of(sets, rows.sessions, said, self.catalogue),
            bands=self._band_uses(end, bands),
            felt=felt_of(rows.sessions, said, self.zone),
            habits=habits_of(habits_between(self.connection, person_id, self.week.monday, last_day)),
            screenings=screenings_between(self.connection, person_id, start, end),
            following=self.week.next,
            asked_next=self._prescribed(self.week.next),
            waiting=self._waiting(last_day),
            method=self._method(rows, summary),
            titles={name: entry.title for name, entry in self.catalogue.items()},
        )

    def _rows(self, week: IsoWeek) -> SpanRows:
        return week_rows(self.connection, self.person.person_id, *week.span(self.zone))

    def _weeks(self, count: int) -> tuple[WeekWork, ...]:
        known = weeks_until(self.week, count)
        start, end = known[0].span(self.zone)[0], self.week.span(self.zone)[1]
        work = work_between(self.connection, self.person.person_id, start, end)
        return work_by_week(work, known, self.zone)

    def _said(self, rows: SpanRows, bands: Mapping[int, Band]) -> Said:
        sessions = [one.session_id for one in rows.sessions]
        return Said(
            sessions=sessions_felt(self.connection, sessions),
            sets=sets_felt(self.connection, sessions),
            targets=targets_of(self.connection, sessions),
            bands=bands,
        )

    def _streak(self, running: IsoWeek, end: datetime) -> Streak:
        instants = trained_at(self.connection, self.person.person_id, _FIRST, end)
        return streak_of(set(weeks_with(instants, self.zone)), self.week, running)

    def _prescribed(self, week: IsoWeek) -> PrescribedWeek | None:
        return prescribed_week(self.connection, self.person.person_id, week.monday, self.catalogue)

    def _waiting(self, day: date) -> tuple[RuleVerdict, ...]:
        plan = plan_on(self.connection, self.person.person_id, day)
        changes = () if plan is None else changes_of(self.connection, plan.plan_id)
        return tuple(one for one in changes if one.answer is None)

    def _bands(self) -> dict[int, Band]:
        found = bands_of(self.connection, self.person.person_id)
        return {one.band_id: one for one in found if one.band_id is not None}

    def _band_uses(self, end: datetime, bands: Mapping[int, Band]) -> tuple[BandUse, ...]:
        start = weeks_until(self.week, HISTORY_WEEKS)[0].span(self.zone)[0]
        return band_uses(
            BandedSet(
                one.started_at.astimezone(self.zone).date(),
                one.exercise,
                bands[one.band_id],
                one.stretched_length_m,
            )
            for one in bands_between(self.connection, self.person.person_id, start, end)
        )

    def _method(self, rows: SpanRows, summary: WeekSummary) -> Method:
        start, end = self.week.span(self.zone)
        return Method(
            sensors=sensors_between(self.connection, self.person.person_id, start, end),
            analysed=sum(one.analysis_version is not None for one in rows.sessions),
            recipes=summary.resting.recipes,
            versions=summary.analysis_versions,
        )
