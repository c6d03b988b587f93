"""The work of many weeks: sessions parted at the person's midnights, weeks without any included."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.progress.iso_week import IsoWeek
from tracker.store.trained import SessionWork

_FIRST = IsoWeek(2, 1)


@dataclass(frozen=True, slots=True)
class WeekWork:
    """What was done in one week; zeros where nothing was.

    Attributes:
        sessions: that began in the week.
        days_trained: days with at least one repetition that sensors counted or the person told.
        valid_reps, partial_reps: counted by sensors.
        told_reps: told by hand; not among the counted ones.
        simulated: some of the sessions were.
    """

    week: IsoWeek
    sessions: int
    days_trained: int
    valid_reps: int
    partial_reps: int
    told_reps: int
    simulated: bool

    @property
    def monday(self) -> date:
        """The first day."""
        return self.week.monday


def weeks_until(last: IsoWeek, count: int) -> tuple[IsoWeek, ...]:
    """So many weeks in a row, the earliest first; fewer where there are no more."""
    weeks = [last]
    while len(weeks) < count and weeks[-1] > _FIRST:
        weeks.append(weeks[-1].previous)
    return tuple(reversed(weeks))


def weeks_with(instants: Iterable[datetime], zone: ZoneInfo) -> Iterator[IsoWeek]:
    """The weeks that hold any of some instants, which come in order; each once."""
    end = None
    for instant in instants:
        if end is None or instant >= end:
            week = IsoWeek.containing(instant, zone)
            end = week.span(zone)[1]
            yield week


def work_by_week(
    sessions: Iterable[SessionWork], weeks: Sequence[IsoWeek], zone: ZoneInfo
) -> tuple[WeekWork, ...]:
    """The work of each of some weeks; a session belongs to the week in which it began."""
    of_week: dict[IsoWeek, list[SessionWork]] = {}
    for one in sessions:
        of_week.setdefault(IsoWeek.containing(one.started_at, zone), []).append(one)
    return tuple(_work(week, of_week.get(week, []), zone) for week in weeks)


def _work(week: IsoWeek, sessions: Sequence[SessionWork], zone: ZoneInfo) -> WeekWork:
    trained = [one for one in sessions if one.valid_reps + one.partial_reps + one.told_reps > 0]
    return WeekWork(
        week=week,
        sessions=len(sessions),
        days_trained=len({one.started_at.astimezone(zone).date() for one in trained}),
        valid_reps=sum(one.valid_reps for one in sessions),
        partial_reps=sum(one.partial_reps for one in sessions),
        told_reps=sum(one.told_reps for one in sessions),
        simulated=any(one.simulated for one in sessions),
    )
