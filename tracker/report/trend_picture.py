"""The trend as a picture: a drawing for pages, and an SVG file. Shapes, not colours, tell things apart."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color

from tracker.errors import StorageError
from tracker.progress.trend.values import QuantityTrend, RestingTrend
from tracker.report.trend_names import METHOD, NAMES, NO_SMALLEST, change_text, day, round_levels, slope_text

_BLACK, _GREY, _LIGHT = (Color(grey, grey, grey) for grey in (0.1, 0.45, 0.72))
_WIDTH, _PANEL, _PLOT = 640.0, 190.0, 120.0
_LEFT, _RIGHT, _HEAD, _FOOT = 52.0, 16.0, 44.0, 46.0
_FONT = "Helvetica"
_MARGIN, _INSET = 0.08, 8.0


def write_trend_svg(trend: RestingTrend, names: Sequence[str], path: Path) -> None:
    """Write the picture of the named angles.

    Raises:
        StorageError: the file cannot be written.
    """
    try:
        path.write_text(trend_svg(trend, names), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}",
            advice="Give another file with --svg, or make room.",
            path=str(path),
        ) from error


def trend_svg(trend: RestingTrend, names: Sequence[str]) -> str:
    """The picture as SVG text; its title and description say in words what it shows."""
    text: str = renderSVG.drawToString(trend_drawing(trend, names))
    # From its element on: the declaration of its type names an address on the net.
    picture = text[text.index("<svg") :].replace(
        "<svg ", '<svg role="img" aria-labelledby="title description" ', 1
    )
    title, description = escape(_title(trend)), escape(_description(trend, names))
    picture = picture.replace("<title>...</title>", f'<title id="title">{title}</title>', 1)
    picture = picture.replace("<desc>...</desc>", f'<desc id="description">{description}</desc>', 1)
    return _with_font_families(picture)


def _with_font_families(picture: str) -> str:
    """Names of a page's fonts are none of a browser's: it would take one with serifs."""
    bold = "font-family: Helvetica, Arial, sans-serif; font-weight: bold;"
    picture = picture.replace(f"font-family: {_FONT}-Bold;", bold)
    return picture.replace(f"font-family: {_FONT};", "font-family: Helvetica, Arial, sans-serif;")


def trend_drawing(trend: RestingTrend, names: Sequence[str]) -> Drawing:
    """One panel below the other: donnings with their intervals, baseline, slope and control limits."""
    chosen = [one for one in trend.quantities if one.name in names]
    height = _HEAD + _PANEL * len(chosen) + _FOOT
    drawing = Drawing(_WIDTH, height)
    drawing.add(Rect(0, 0, _WIDTH, height, fillColor=Color(1, 1, 1), strokeColor=None))
    drawing.add(_text(_LEFT, height - 22, _title(trend), 12, bold=True))
    first = min((one.points[0].day for one in chosen if one.points), default=trend.first)
    for number, one in enumerate(chosen):
        panel = _panel(one, first, trend.last)
        panel.translate(_LEFT, height - _HEAD - _PANEL * (number + 1) + 34.0)
        drawing.add(panel)
    drawing.add(
        _text(_LEFT, 28, "dot: a strapping-on with its 95 % interval. long dashes: baseline. line: slope.", 8)
    )
    drawing.add(_text(_LEFT, 16, f"dotted: control limits of the first strappings-on. {NO_SMALLEST}", 8))
    return drawing


def _panel(trend: QuantityTrend, first: date, last: date) -> Group:
    group = Group()
    width = _WIDTH - _LEFT - _RIGHT
    group.add(_text(0, _PLOT + 20, NAMES[trend.name], 9, bold=True))
    group.add(_text(0, _PLOT + 8, _summary(trend), 8))
    group.add(Rect(0, 0, width, _PLOT, fillColor=None, strokeColor=_LIGHT, strokeWidth=0.6))
    if trend.points:
        _Axes(trend, first, last, width).draw(group)
    else:
        group.add(_text(width / 2, _PLOT / 2, "no rest test was measured", 9, anchor="middle"))
    return group


class _Axes:
    """Where days and degrees of one panel lie."""

    def __init__(self, trend: QuantityTrend, first: date, last: date, width: float) -> None:
        self._trend, self._first, self._width = trend, first, width
        self._days = max(1, (last - first).days)
        ends = [
            (one.value_deg - one.half_width_deg, one.value_deg + one.half_width_deg) for one in trend.points
        ]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        reach = max(high - low, 1.0)
        self._low, self._span = low - _MARGIN * reach, (1 + 2 * _MARGIN) * reach

    def draw(self, group: Group) -> None:
        """Everything within the frame, and the numbers beside it."""
        self._draw_scales(group)
        self._draw_limits(group)
        for one in self._trend.points:
            at = self._x(one.day)
            low, high = one.value_deg - one.half_width_deg, one.value_deg + one.half_width_deg
            group.add(Line(at, self._y(low), at, self._y(high), strokeColor=_LIGHT, strokeWidth=0.8))
        self._draw_baseline(group)
        self._draw_slope(group)
        for one in self._trend.points:
            group.add(
                Circle(self._x(one.day), self._y(one.value_deg), 1.8, fillColor=_BLACK, strokeColor=None)
            )

    def _draw_scales(self, group: Group) -> None:
        for value in round_levels(self._low, self._low + self._span):
            at = self._y(value)
            group.add(Line(0, at, self._width, at, strokeColor=_LIGHT, strokeWidth=0.3))
            group.add(_text(-4, at - 3, f"{value:+d}°" if value else "0°", 8, anchor="end"))
        for number in range(5):
            shown = self._first + timedelta(days=round(self._days * number / 4))
            anchor = "start" if number == 0 else "end" if number == 4 else "middle"
            group.add(_text(self._x(shown), -11, day(shown), 8, anchor=anchor))

    def _draw_limits(self, group: Group) -> None:
        chart = self._trend.chart
        for value in () if chart is None else (chart.lower_deg, chart.upper_deg):
            if self._low <= value <= self._low + self._span:
                self._level(group, value, (1, 3))

    def _draw_baseline(self, group: Group) -> None:
        if self._trend.baseline is not None:
            self._level(group, self._trend.baseline.mean_deg, (9, 4))

    def _level(self, group: Group, value: float, dashes: tuple[int, int]) -> None:
        at = self._y(value)
        group.add(Line(0, at, self._width, at, strokeColor=_GREY, strokeWidth=1, strokeDashArray=dashes))

    def _draw_slope(self, group: Group) -> None:
        slope = self._trend.slope
        if slope is None:
            return
        ends = slope.at_first_deg, slope.at_first_deg + slope.weeks * slope.deg_per_week
        days = self._trend.points[0].day, self._trend.points[-1].day
        begin, end = ((self._x(at), self._y(value)) for at, value in zip(days, ends, strict=True))
        group.add(Line(*begin, *end, strokeColor=_BLACK, strokeWidth=1.4))

    def _x(self, at: date) -> float:
        return _INSET + (self._width - 2.0 * _INSET) * (at - self._first).days / self._days

    def _y(self, value: float) -> float:
        return _PLOT * (value - self._low) / self._span


def _title(trend: RestingTrend) -> str:
    simulated = "SIMULATED – no person was measured. " if trend.simulated else ""
    return f"{simulated}Resting hip rotation, {day(trend.first)} to {day(trend.last)}"


def _description(trend: RestingTrend, names: Sequence[str]) -> str:
    of_each = [f"{NAMES[one.name]}: {_summary(one)}." for one in trend.quantities if one.name in names]
    refused = f"Refused rest tests: {trend.refused_tests}."
    return " ".join([*of_each, refused, *(f"{text}." for text in trend.notices), METHOD, NO_SMALLEST])


def _summary(trend: QuantityTrend) -> str:
    parts = [f"{trend.text} (n {len(trend.points)})"]
    if trend.change_deg is not None:
        parts.append(f"change {change_text(trend)}")
    if trend.slope is not None:
        parts.append(f"slope a week {slope_text(trend.slope)}")
    return "; ".join(parts)


def _text(x: float, y: float, text: str, size: float, *, anchor: str = "start", bold: bool = False) -> String:
    font = f"{_FONT}-Bold" if bold else _FONT
    return String(x, y, text, fontName=font, fontSize=size, fillColor=_BLACK, textAnchor=anchor)
