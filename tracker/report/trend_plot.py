"""The trend of one angle as a plot of characters, readable without colour."""

from datetime import date, timedelta

import plotext

from tracker.progress.trend.values import QuantityTrend, TrendPoint
from tracker.report.trend_names import NAMES, round_levels

_ROWS = 18
_MOST_COLUMNS = 110
_POINT, _INTERVAL, _BASELINE, _SLOPE = "o", "|", "=", "."
_INTERVALS_UP_TO = 0.5
"""Donnings for each column, up to which their intervals can be told apart."""


def trend_plot(trend: QuantityTrend, columns: int) -> str:
    """Donnings with their 95 % intervals, the baseline and the line through them; empty without any.

    Args:
        columns: width of the terminal; at least 40 are taken.
    """
    if not trend.points:
        return ""
    width = min(max(columns, 40), _MOST_COLUMNS)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, _ROWS)
    days = [_days(one, trend.points[0].day) for one in trend.points]
    intervals = len(days) <= _INTERVALS_UP_TO * width
    if intervals:
        for at, point in zip(days, trend.points, strict=True):
            low, high = point.value_deg - point.half_width_deg, point.value_deg + point.half_width_deg
            figure.draw(figure.segment((at, at), (low, high), marker=_INTERVAL))
    _draw_lines(trend, days[-1])
    figure.draw(figure.signal(days, [one.value_deg for one in trend.points], marker=_POINT))
    figure.title(f"{NAMES[trend.name]}, degrees")
    ticks = _ticks(trend.points[0].day, trend.points[-1].day)
    figure.ruler("x").ticks([float(at) for at, _ in ticks], [text for _, text in ticks])
    levels = round_levels(*_reach(trend, intervals=intervals))
    figure.ruler("y").ticks([float(at) for at in levels], [f"{at:+d}" if at else "0" for at in levels])
    text = figure.build().string(colorless=True)
    figure.clear()
    legend = f"{_POINT} strapping-on   {_INTERVAL} its 95 % interval   {_BASELINE} baseline   {_SLOPE} slope"
    return f"{text}\n{legend}"


def _draw_lines(trend: QuantityTrend, last: float) -> None:
    figure = plotext.figure
    if trend.slope is not None:
        begin = trend.slope.at_first_deg
        end = begin + trend.slope.weeks * trend.slope.deg_per_week
        figure.draw(figure.segment((0.0, last), (begin, end), marker=_SLOPE))
    if trend.baseline is not None:
        level = trend.baseline.mean_deg
        figure.draw(figure.segment((0.0, last), (level, level), marker=_BASELINE))


def _reach(trend: QuantityTrend, *, intervals: bool) -> tuple[float, float]:
    """Lowest and highest of what is drawn of the donnings."""
    of_each = [(one.value_deg, one.half_width_deg if intervals else 0.0) for one in trend.points]
    return min(value - half for value, half in of_each), max(value + half for value, half in of_each)


def _days(point: TrendPoint, first: date) -> float:
    return float((point.day - first).days)


def _ticks(first: date, last: date, count: int = 5) -> list[tuple[int, str]]:
    """Days from the first one on with their dates."""
    days = (last - first).days
    places = sorted({round(days * number / (count - 1)) for number in range(count)})
    return [(at, f"{first + timedelta(days=at):%d %b %y}") for at in places]
