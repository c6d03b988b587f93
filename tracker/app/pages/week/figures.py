"""A week's figures: how the legs rested in twelve weeks, and the repetitions of each day."""

from datetime import timedelta

from tracker.app import charts
from tracker.app.words import Words
from tracker.progress.trend.values import QuantityTrend, TrendPoint
from tracker.progress.week_course import COURSE_WEEKS
from tracker.progress.week_days import DayWork
from tracker.progress.week_page import WeekPage


def resting_figure(words: Words, page: WeekPage) -> None:
    """Donnings of both legs with their intervals; nothing where none was measured."""
    last = page.summary.monday + timedelta(days=6)
    first = last - timedelta(weeks=COURSE_WEEKS) + timedelta(days=1)
    legs = (
        (page.trend.left, words("left leg"), charts.LEFT, "circle"),
        (page.trend.right, words("right leg"), charts.RIGHT, "diamond"),
    )
    series = []
    for quantity, name, colour, symbol in legs:
        shown = [one for one in quantity.points if first <= one.day <= last]
        if not shown:
            continue
        series.append(charts.intervals("", [_ends(one, first.toordinal()) for one in shown], colour=colour))
        dots = [
            charts.point(one.day.toordinal() - first.toordinal(), one.value_deg, _hover(words, name, one))
            for one in shown
        ]
        levels = _baseline(quantity, colour)
        series.append(charts.points(name, dots, colour=colour, size=9.0, symbol=symbol, **levels))
    if not series:
        return
    options = {
        "xAxis": charts.day_axis(words, first, last),
        "yAxis": charts.value_axis("°"),
        "series": series,
    }
    text = words(
        "Rest tests of twelve weeks with their 95 % intervals, left and right; up is inward. The dashed "
        "lines are the baselines. The table below says it in numbers."
    )
    charts.figure(words, options, text=text, legend=True)


def days_figure(words: Words, page: WeekPage) -> None:
    """Repetitions of each day; nothing where there were none."""
    if not any(one.valid_reps or one.partial_reps or one.told_reps for one in page.days):
        return
    series = [
        charts.bars(words("valid"), _bars(words, page, "valid_reps"), colour=charts.MARK, stack="day"),
        charts.bars(
            words("partial"), _bars(words, page, "partial_reps"), colour=charts.MARK, stack="day", hollow=True
        ),
    ]
    if any(one.told_reps for one in page.days):
        told = _bars(words, page, "told_reps")
        series.append(charts.bars(words("told by hand"), told, colour=charts.SOFT, stack="day"))
    options = {
        "xAxis": charts.category_axis(words, [words.short_weekday(one.day) for one in page.days], every=True),
        "yAxis": charts.value_axis(scale=False, minInterval=1),
        "series": series,
    }
    days = [
        words.plural(
            "{day}: {count} repetition", "{day}: {count} repetitions", _all(one), day=words.weekday(one.day)
        )
        for one in page.days
        if _all(one)
    ]
    charts.figure(words, options, text=words.listed(days), legend=True, classes="chart low")


def _ends(one: TrendPoint, first: int) -> tuple[float, float, float]:
    return (
        one.day.toordinal() - first,
        one.value_deg - one.half_width_deg,
        one.value_deg + one.half_width_deg,
    )


def _baseline(quantity: QuantityTrend, colour: str) -> charts.Options:
    if quantity.baseline is None:
        return {}
    return {"markLine": charts.levels([(quantity.baseline.mean_deg, (9, 4))], colour=colour)}


def _hover(words: Words, name: str, one: TrendPoint) -> str:
    angle = words.degrees_with_error(one.value_deg, one.half_width_deg)
    return f"{name}\n{words.moment(one.at)}\n{angle}"


def _bars(words: Words, page: WeekPage, counted: str) -> list[charts.Options]:
    """A bar for each day; none rather than a line on the ground where it had nothing."""
    return [
        {
            "value": getattr(one, counted) or None,
            "tooltip": {"formatter": charts.hover_text(_day_text(words, one))},
        }
        for one in page.days
    ]


def _day_text(words: Words, one: DayWork) -> str:
    lines = [
        words.date(one.day),
        words.plural("{count} session", "{count} sessions", one.sessions),
        words("valid: {count}", count=one.valid_reps),
        words("partial: {count}", count=one.partial_reps),
    ]
    if one.told_reps:
        lines.append(words("told by hand: {count}", count=one.told_reps))
    return "\n".join(lines)


def _all(one: DayWork) -> int:
    return one.valid_reps + one.partial_reps + one.told_reps
