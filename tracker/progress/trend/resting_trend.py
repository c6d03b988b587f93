"""The trend of one person's resting rotation, from the store."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.model import RelativeTo
from tracker.motion.parameters import RestTestParameters
from tracker.progress.trend.comparable import latest_alike
from tracker.progress.trend.donned import measured_donnings
from tracker.progress.trend.judgement import quantity_trend, strappings_on
from tracker.progress.trend.values import QUANTITIES, QuantityTrend, RestingTrend
from tracker.store.database import Database
from tracker.store.plans import plan_on
from tracker.store.rested import refused_tests, rested_sessions
from tracker.store.values import Person

USUAL_WEEKS = 26
"""Half a year holds a plan of twelve weeks twice. Of what lies longer back the first donnings say little
about today's straps and habits, and a page need not read ten years to show one week."""

EARLIEST = date(1970, 1, 1)
"""No record is older, and the first days of the calendar have no instants in some zones."""

BEFORE_PLAN_WEEKS = 3
"""Tests in the weeks before a plan are its baseline: three on three days at least."""

_OLD_AFTER_DAYS = 14


def resting_trend(
    database: Database,
    person: Person,
    *,
    since: date | None = None,
    until: date | None = None,
    parameters: RestTestParameters | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> RestingTrend:
    """How the resting rotation of one person went; the first donnings from `since` on are the baseline.

    Args:
        since: first day. By default three weeks before the plan that is on at `until`, though no more than
            26 weeks back; without a plan 26 weeks back.
        until: last day, included; today by default. A day in the future counts as today's: a running week
            may ask for its Sunday.
        parameters: what is assumed of a person's repeatability.
        progress: is called with the share done, 0 to 1: ten years take some seconds.

    Raises:
        UsageError: `since` is in the future or after `until`, or `until` before 1970.
        DatabaseError, StorageError: the database cannot be read.
    """
    zone = ZoneInfo(person.time_zone)
    today = datetime.now(zone).date()
    last = min(until or today, today)
    _refuse_impossible(since, last, today)
    with database.read() as connection:
        first, reason = _begin(connection, person.person_id, since, last)
        span = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
        sessions = rested_sessions(connection, person.person_id, *span)
        refused = refused_tests(connection, person.person_id, *span)
    progress(0.3)
    assumed = parameters or RestTestParameters()
    donnings = measured_donnings(sessions, zone, assumed)
    trends = []
    for number, name in enumerate(QUANTITIES, 1):
        progress(0.4 + 0.15 * (number - 1))
        trends.append(quantity_trend(name, *latest_alike(donnings[name]), assumed))
    left, right, difference, mean = trends
    return RestingTrend(
        first=first,
        last=last,
        time_zone=person.time_zone,
        since_reason=reason,
        left=left,
        right=right,
        difference=difference,
        mean=mean,
        refused=dict(refused),
        simulated=any(one.comparable is not None and one.comparable.simulated for one in trends),
        notices=tuple(dict.fromkeys(_notices(trends, last))),
    )


def _refuse_impossible(since: date | None, last: date, today: date) -> None:
    if last < EARLIEST:
        raise UsageError(
            f"{last} is too long ago", advice="Give --until a later day.", until=last.isoformat()
        )
    if since is not None and since > last:
        raise UsageError(
            f"{since} is {'in the future' if since > today else f'after {last}'}: no trend begins there",
            advice="Give --since a day before --until, and neither in the future.",
            since=since.isoformat(),
            until=last.isoformat(),
        )


def _begin(connection: Connection, person_id: int, since: date | None, last: date) -> tuple[date, str]:
    """The first day, and why it is that one."""
    if since is not None:
        return max(since, EARLIEST), "as asked for"
    usual = last - timedelta(weeks=USUAL_WEEKS) + timedelta(days=1)
    plan = plan_on(connection, person_id, last)
    if plan is not None:
        before = plan.starts_on - timedelta(weeks=BEFORE_PLAN_WEEKS)
        if before >= usual:
            return before, f"{BEFORE_PLAN_WEEKS} weeks before the plan {plan.name!r} began"
    return usual, f"{USUAL_WEEKS} weeks back"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def left_out_notices(trends: Sequence[QuantityTrend]) -> Iterator[str]:
    """What cannot be compared with the rest, and why, in words; equal reasons once."""
    left_out: dict[tuple[int, str], list[str]] = {}
    for trend in trends:
        for one in trend.left_out:
            left_out.setdefault((one.donnings, one.reason), []).append(trend.name)
    for (donnings, reason), names in left_out.items():
        yield f"not comparable, left out of {_listed(names)}: {strappings_on(donnings)} {reason}"
    if any("analysed by version" in reason for _, reason in left_out):
        yield "`tracker reanalyze` measures the older recordings by the present version"


def _notices(trends: Sequence[QuantityTrend], last: date) -> Iterator[str]:
    yield from left_out_notices(trends)
    measured = [trend for trend in trends if trend.points]
    if any(_of_legs_and_pelvis(trend) for trend in measured):
        yield "pelvis not measured: the difference is of legs and pelvis together"
    pooled = [trend.error.donnings for trend in measured if trend.error is not None and trend.error.pooled]
    if pooled:
        own = strappings_on(min(pooled))
        yield f"the measurement error is partly assumed: only {own} of one's own so far"
    days = min(((last - trend.points[-1].day).days for trend in measured), default=0)
    if days > _OLD_AFTER_DAYS:
        yield f"the last rest test was {days} days before {last}"


def _of_legs_and_pelvis(trend: QuantityTrend) -> bool:
    return (
        trend.name == "difference"
        and trend.comparable is not None
        and trend.comparable.relative_to is RelativeTo.VERTICAL
    )


def _listed(names: Sequence[str]) -> str:
    return "all" if len(names) == len(QUANTITIES) else ", ".join(names)
