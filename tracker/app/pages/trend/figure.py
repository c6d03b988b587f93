"""The figure of one angle: donnings with their intervals, baseline, what is no change, limits, slope."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.app import charts
from tracker.app.html import tag
from tracker.app.words import Words
from tracker.progress.iso_week import IsoWeek
from tracker.progress.trend.values import QuantityTrend, RestingTrend, TrendPoint
from tracker.progress.week_course import CourseWeek, course_of
from tracker.report.trend_names import NAMES

_BASELINE, _LIMIT = (9, 4), (2, 4)
_MARGIN = 0.08
_RING, _SMALL_RING = 10.0, 5.0
_COLOURS = {"left": charts.LEFT, "right": charts.RIGHT}

MOST_DOTS = 400
"""Of more donnings than that, more than a year of daily ones, the weeks' medians are drawn: dots would be one
upon the other, and a browser would need seconds for them."""

_MID_WEEK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class TrendFigure:
    """A figure that is ready to be put into the page.

    Attributes:
        text: what it shows, for those who do not see it.
        key: what its marks mean.
    """

    options: charts.Options
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """A dot with its interval and what is told when it is hovered."""

    day: date
    value_deg: float
    half_width_deg: float
    hover: str

    @property
    def ends(self) -> tuple[float, float]:
        return self.value_deg - self.half_width_deg, self.value_deg + self.half_width_deg


def trend_figure(words: Words, one: QuantityTrend, trend: RestingTrend) -> TrendFigure:
    """The figure of an angle with at least one donning; takes up to a second, so belongs into a thread."""
    first = min(each.points[0].day for each in trend.quantities if each.points)
    by_week = len(one.points) > MOST_DOTS
    outside = set() if one.chart is None else set(one.chart.outside)
    if by_week:
        marks = [_week_mark(words, week) for week in course_of(one, IsoWeek.of_date(trend.last), None)]
    else:
        marks = [_mark(words, point) for place, point in enumerate(one.points) if place not in outside]
    rings = [_mark(words, one.points[place]) for place in sorted(outside)]
    strokes = marks if by_week else [*marks, *rings]
    options = {
        "xAxis": charts.day_axis(words, first, trend.last),
        "yAxis": charts.value_axis("°", **_reach(one, [*marks, *rings])),
        "series": [
            _around(one),
            charts.intervals("", [(_at(mark, first), *mark.ends) for mark in strokes]),
            *_slope(one, first),
            charts.points("", _dots(marks, first), colour=_COLOURS.get(one.name, charts.MARK)),
            *_rings(rings, first, size=_SMALL_RING if by_week else _RING),
        ],
    }
    below = words("The table below the figure has each value.")
    text = f"{words.told(NAMES[one.name])}. {words.told(one.text)}. {below}"
    return TrendFigure(options, text, _key(words, one, by_week=by_week))


def show_trend_figure(words: Words, figure: TrendFigure) -> None:
    """Put a figure and what its marks mean into the page."""
    charts.figure(words, figure.options, text=figure.text)
    tag("p", figure.key, classes="soft key")


def _key(words: Words, one: QuantityTrend, *, by_week: bool) -> str:
    dot = words("Dot: the median of a week with its 95 % interval.")
    parts = [dot if by_week else words("Dot: a strapping-on with its 95 % interval.")]
    if one.baseline is not None:
        parts.append(words("Long dashes: the baseline."))
        if one.error_deg is not None:
            parts.append(words("Shaded: what is no change beyond error."))
    if one.slope is not None:
        parts.append(words("Line: the slope."))
    if one.chart is not None:
        parts.append(words("Dotted: control limits of the first strappings-on. Ring: outside of them."))
    return " ".join(parts)


def _mark(words: Words, point: TrendPoint) -> _Mark:
    angle = words.degrees_with_error(point.value_deg, point.half_width_deg)
    repeats = words.plural("{count} repeat", "{count} repeats", point.repeats)
    hover = f"{words.moment(point.at)}\n{angle}\n{repeats}"
    return _Mark(point.day, point.value_deg, point.half_width_deg, hover)


def _week_mark(words: Words, week: CourseWeek) -> _Mark:
    estimate = week.estimate
    angle = words.degrees_with_error(estimate.value_deg, estimate.uncertainty_deg)
    of_week = words("Week {week}", week=str(week.week))
    donnings = words.plural("{count} strapping-on", "{count} strappings-on", estimate.donnings)
    middle = week.week.monday + _MID_WEEK
    return _Mark(middle, estimate.value_deg, estimate.uncertainty_deg, f"{of_week}\n{angle}\n{donnings}")


def _at(mark: _Mark, first: date) -> int:
    return max(0, (mark.day - first).days)


def _dots(marks: list[_Mark], first: date) -> list[charts.Options]:
    return [charts.point(_at(mark, first), mark.value_deg, mark.hover) for mark in marks]


def _rings(marks: list[_Mark], first: date, *, size: float) -> list[charts.Options]:
    if not marks:
        return []
    ring = {"color": charts.PAPER, "borderColor": charts.INK, "borderWidth": size / 4.0, "opacity": 1.0}
    return [{**charts.points("", _dots(marks, first), size=size), "itemStyle": ring}]


def _around(one: QuantityTrend) -> charts.Options:
    """Levels and the shaded band, carried by a series without points."""
    levels: list[tuple[float, tuple[int, int]]] = []
    if one.baseline is not None:
        levels.append((one.baseline.mean_deg, _BASELINE))
    if one.chart is not None:
        levels += [(one.chart.lower_deg, _LIMIT), (one.chart.upper_deg, _LIMIT)]
    more: charts.Options = {"markLine": charts.levels(levels)}
    if one.baseline is not None and one.error_deg is not None:
        middle = one.baseline.mean_deg
        more["markArea"] = charts.band(middle - one.error_deg, middle + one.error_deg)
    return charts.line("", [], **more)


def _slope(one: QuantityTrend, first: date) -> list[charts.Options]:
    if one.slope is None:
        return []
    end = one.slope.at_first_deg + one.slope.weeks * one.slope.deg_per_week
    begin_at, end_at = ((point.day - first).days for point in (one.points[0], one.points[-1]))
    return [charts.line("", [[begin_at, one.slope.at_first_deg], [end_at, end]], width=1.6)]


def _reach(one: QuantityTrend, marks: list[_Mark]) -> dict[str, int]:
    """From the lowest to the highest of all that is drawn, in whole degrees."""
    values = [end for mark in marks for end in mark.ends]
    if one.baseline is not None and one.error_deg is not None:
        middle = one.baseline.mean_deg
        values += [middle - one.error_deg, middle + one.error_deg]
    if one.chart is not None:
        values += [one.chart.lower_deg, one.chart.upper_deg]
    edge = _MARGIN * (max(values) - min(values))
    return {"min": round(min(values) - edge - 0.5), "max": round(max(values) + edge + 0.5)}
