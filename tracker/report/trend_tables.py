"""The trend as tables for a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.progress.trend.values import ControlChart, Level, QuantityTrend, RestingTrend
from tracker.report.terminal import plain_table, simulated_banner
from tracker.report.trend_names import METHOD, NAMES, NO_SMALLEST, change_text, day, signed, slope_text


def trend_tables(trend: RestingTrend, names: Sequence[str]) -> RenderableType:
    """Verdict, levels, change and slope of the named angles, and what the reader must know of them."""
    chosen = [one for one in trend.quantities if one.name in names]
    # Not the table's own: that would be no wider than the table.
    span = f"Resting hip rotation, {day(trend.first)} to {day(trend.last)} ({trend.since_reason})"
    title = Text(span, style="bold")
    parts: list[RenderableType] = [simulated_banner()] if trend.simulated else []
    parts += [title, _verdicts(chosen), Text(""), _numbers(chosen), Text("")]
    parts += [Text(f"· {text}", style="dim") for text in trend_notes(trend, chosen)]
    if not any(one.points for one in chosen):
        parts.append(Text("· `tracker rest` measures how the legs rest", style="dim"))
    return Group(*parts)


def _verdicts(chosen: Sequence[QuantityTrend]) -> Table:
    table = plain_table(None, "", "strappings-on", "verdict")
    table.columns[-1].justify = "left"
    for one in chosen:
        table.add_row(NAMES[one.name], str(len(one.points)), one.text)
    return table


def _numbers(chosen: Sequence[QuantityTrend]) -> Table:
    table = plain_table(
        None, "", "baseline (n)", "last week (n)", "change ± MDC95", "slope a week (95 % interval)", "SEM"
    )
    for one in chosen:
        error = "–" if one.error is None else f"{one.error.sem_deg:.1f}°"
        levels = _level(one.baseline), _level(one.last_week)
        table.add_row(one.name, *levels, change_text(one), slope_text(one.slope), error)
    return table


def _level(level: Level | None) -> str:
    return "–" if level is None else f"{signed(level.mean_deg)} ({level.donnings})"


def trend_notes(trend: RestingTrend, chosen: Sequence[QuantityTrend]) -> Iterator[str]:
    """What the reader must know: how it was measured, what was refused or left out, what lies outside."""
    ways = dict.fromkeys(one.comparable.text for one in chosen if one.comparable is not None)
    yield from (f"measured {way}" for way in ways)
    yield f"refused rest tests: {trend.refused_tests}" + "".join(
        f"; {reason} ({count})" for reason, count in trend.refused.items()
    )
    yield from trend.notices
    for one in chosen:
        if one.chart is not None:
            yield from _charted(one, one.chart)
    yield METHOD
    yield NO_SMALLEST


def _charted(trend: QuantityTrend, chart: ControlChart) -> Iterator[str]:
    """What the control chart shows; nothing where all lies within its limits."""
    if chart.outside:
        count = len(chart.outside)
        yield (
            f"{trend.name}: {count} strapping{'' if count == 1 else 's'}-on beyond "
            f"{signed(chart.lower_deg)} to {signed(chart.upper_deg)}, "
            f"the limits of the first {chart.made_of}; "
            f"the latest on {day(trend.points[chart.outside[-1]].day)}"
        )
    if chart.runs:
        yield (
            f"{trend.name}: eight strappings-on or more in a row on one side of {signed(chart.centre_deg)}; "
            f"the latest on {day(trend.points[chart.runs[-1]].day)}"
        )
