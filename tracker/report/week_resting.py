"""The resting rotation of a week in words and numbers: median, change since the baseline, course."""

from collections.abc import Iterator
from datetime import date

from tracker.progress.trend.values import Level, QuantityTrend
from tracker.progress.verdict import Verdict, verdict_text
from tracker.progress.week_course import COURSE_WEEKS, CourseWeek, course_of
from tracker.progress.week_page import WeekPage
from tracker.report.week_parts import Course, CoursePoint, Part

NAMES = {
    "left": "left leg",
    "right": "right leg",
    "difference": "right − left, outward",
    "mean": "mean, outward",
}
_SIGNED = ("difference", "mean")


def resting_part(page: WeekPage) -> Part:
    """Left, right, difference and mean; refused tests and what was left out are named."""
    quantities = {one.name: one for one in page.trend.quantities}
    ordered = [quantities[name] for name in NAMES]
    return Part(
        title="Resting hip rotation",
        columns=("", "7 days' median", "since the baseline", "what can be said", "12 weeks"),
        rows=tuple(_row(one, page) for one in ordered),
        text_columns=(0, 3),
        whole=True,
        running=True,
        lines=tuple(_lines(ordered, page)),
        free_lines=tuple(_free_lines(ordered, page)),
    )


def angle(value_deg: float, *, signed: bool) -> str:
    """An angle with its sign, or with the way in which a leg lies turned."""
    if signed:
        return f"{value_deg:+.1f}°".replace("-", "−")
    return f"{abs(value_deg):.1f}° {'in' if value_deg > 0 else 'out'}"


def _row(one: QuantityTrend, page: WeekPage) -> tuple[str | Course, ...]:
    signed = one.name in _SIGNED
    level = _this_week(one, page)
    value = "–" if level is None else f"{angle(level.median_deg, signed=signed)} (n {level.donnings})"
    # What is lacking stands below the table: of four angles it is the same.
    said = verdict_text(one.verdict, one.error_deg)
    return NAMES[one.name], value, _change(one, signed=signed), said, _course(one, page)


def _this_week(one: QuantityTrend, page: WeekPage) -> Level | None:
    """The last donnings, where they are of this week."""
    level = one.last_week
    return level if level is not None and level.last >= page.summary.monday else None


def _change(one: QuantityTrend, *, signed: bool) -> str:
    if one.change_deg is None or one.mdc_deg is None:
        return "–"
    if signed:
        change = angle(one.change_deg, signed=True)
    else:
        change = f"{abs(one.change_deg):.1f}° {'inward' if one.change_deg > 0 else 'outward'}"
    return f"{change} ± {one.mdc_deg:.1f}°"


def _course(one: QuantityTrend, page: WeekPage) -> Course:
    signed = one.name in _SIGNED
    weeks = course_of(one, page.summary.week)
    baseline = None if one.baseline is None else one.baseline.mean_deg
    points = tuple(_point(week, page) for week in weeks)
    if not weeks:
        return Course((), None, "nothing measured")
    values = [week.estimate.value_deg for week in weeks]
    text = (
        f"{len(weeks)} weeks measured, from {angle(values[0], signed=signed)} "
        f"to {angle(values[-1], signed=signed)}"
    )
    return Course(points, baseline, text)


def _point(week: CourseWeek, page: WeekPage) -> CoursePoint:
    weeks_ago = (page.summary.monday - week.week.monday).days // 7
    at = 1.0 - weeks_ago / (COURSE_WEEKS - 1)
    return CoursePoint(at, week.estimate.value_deg, week.estimate.uncertainty_deg)


def _lines(quantities: list[QuantityTrend], page: WeekPage) -> Iterator[str]:
    kinds = dict.fromkeys(one.comparable.text for one in quantities if one.comparable is not None)
    if kinds:
        yield f"Measured {'; or '.join(kinds)}."
    levels = [one.baseline for one in quantities if one.baseline is not None]
    if levels:
        first, last = min(one.first for one in levels), max(one.last for one in levels)
        count = max(one.donnings for one in levels)
        yield (
            f"Baseline: mean of the first {count} strappings-on, {_days(first, last)}; "
            "± is the smallest change that is no chance at 95 % (MDC)."
        )
    earlier = [one.last_week for one in quantities if one.last_week and not _this_week(one, page)]
    if earlier:
        last = max(one.last for one in earlier)
        yield f"Not measured in this week: the change is that of the last measured week, until {_day(last)}."
    if page.summary.refused:
        reasons = "; ".join(f"{one.reason} ({one.count})" for one in page.summary.refused)
        yield f"Refused tests of this week: {page.summary.refused_tests}: {reasons}."
    else:
        yield "Refused tests of this week: none."
    if any(one.points for one in quantities):
        yield (
            "The picture shows weekly medians with their 95 % interval, the dashed line the baseline; "
            "up is inward for a leg, outward for difference and mean."
        )


def _free_lines(quantities: list[QuantityTrend], page: WeekPage) -> Iterator[str]:
    reasons = dict.fromkeys(
        f"Not enough data: {one.reason}."
        for one in quantities
        if one.verdict is Verdict.NOT_ENOUGH_DATA and one.reason
    )
    yield from reasons
    yield from (f"{text[:1].upper()}{text[1:]}." for text in dict.fromkeys(_notices(page)))


def _notices(page: WeekPage) -> tuple[str, ...]:
    return (*page.trend.notices, *page.summary.notices)


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
