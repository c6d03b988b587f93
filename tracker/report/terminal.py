"""Sessions and weeks as tables for a terminal, and what all tables share."""

import math
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import Side
from tracker.progress.comparison import WeekComparison
from tracker.progress.estimates import Estimate
from tracker.progress.week import WeekSummary
from tracker.store.values import SessionSummary

SIMULATED = "simulated"


def degrees(angle_rad: float | None, digits: int = 1) -> str:
    """An angle in degrees with its sign's meaning: in, out or neither."""
    if angle_rad is None:
        return "–"
    value = math.degrees(angle_rad)
    way = "in" if value > 0 else "out"
    return f"{abs(value):.{digits}f}° {way}"


def side_name(side: Side | None) -> str:
    """A side as a word; a dash where there is none."""
    return "–" if side is None else side.value


def simulated_banner() -> RenderableType:
    """Stands over everything that comes from virtual sensors."""
    return Text(" SIMULATED – no person and no sensor was measured ", style="black on yellow")


def plain_table(title: str | None, *columns: str) -> Table:
    """A table without lines: names on the left, numbers on the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table


def sessions_table(sessions: Iterable[SessionSummary]) -> RenderableType:
    """A list of sessions, the newest first."""
    table = plain_table(
        "Sessions", "no.", "began", "length", "state", "sets", "valid", "partial", "rest tests", "recording"
    )
    for one in sessions:
        length = "–" if one.duration_s is None else f"{one.duration_s:.0f} s"
        tests = f"{one.rest_tests}" + (
            f" ({one.refused_rest_tests} refused)" if one.refused_rest_tests else ""
        )
        state = one.state.value + (f", {SIMULATED}" if one.simulated else "")
        began = f"{one.started_at.astimezone():%Y-%m-%d %H:%M}"
        numbers = (str(one.sets), str(one.valid_reps), str(one.partial_reps))
        table.add_row(
            str(one.session_id), began, length, state, *numbers, tests, one.recording_path.rpartition("/")[2]
        )
    return table


_COUNT_NAMES = {
    "sessions": "sessions",
    "days_trained": "days trained",
    "sets": "sets",
    "valid_reps": "valid repetitions",
    "partial_reps": "partial repetitions",
}
_ANGLE_NAMES = {
    "left": "left leg, rotation",
    "right": "right leg, rotation",
    "difference": "difference, right minus left, outward",
    "mean": "mean of both legs, outward",
}


def week_tables(comparison: WeekComparison, before: Sequence[WeekSummary] = ()) -> RenderableType:
    """One week beside the one before, and the weeks before it in a line each."""
    this, last = comparison.this, comparison.last
    parts: list[RenderableType] = []
    if any(week.simulated for week in (this, last, *before)):
        parts.append(simulated_banner())
    counts = plain_table(
        f"Week {this.week} (from {this.monday:%d %b %Y})", "", "last week", "this week", "change"
    )
    for count in comparison.counts:
        counts.add_row(_COUNT_NAMES[count.name], str(count.last), str(count.this), f"{count.change:+d}")
    parts.append(counts)
    if any(angle.this or angle.last for angle in comparison.angles):
        parts += [Text(""), _angles_table(comparison)]
    exercises = plain_table("Exercises this week", "exercise", "leg", "sets", "valid", "partial")
    for one in this.exercises:
        numbers = (str(one.sets), str(one.valid_reps), str(one.partial_reps))
        exercises.add_row(one.exercise, side_name(one.side), *numbers)
    if this.exercises:
        parts += [Text(""), exercises]
    if before:
        parts += [Text(""), _weeks_table(before)]
    notes = [f"refused: {one.reason} ({one.count})" for one in this.refused]
    for text in dict.fromkeys([*notes, *this.notices, *comparison.notices]):
        parts.append(Text(f"· {text}", style="dim"))
    return Group(*parts)


def _weeks_table(weeks: Sequence[WeekSummary]) -> Table:
    table = plain_table(
        "Weeks before", "week", "sessions", "valid", "partial", "left leg", "right leg", "notes"
    )
    for week in weeks:
        counts = (str(week.sessions), str(week.valid_reps), str(week.partial_reps))
        angles = (_estimate(one, signed=False) for one in (week.resting.left, week.resting.right))
        notes = [f"against the {week.resting.relative_to.value}"] if week.resting.relative_to else []
        notes += ["simulated"] if week.simulated else []
        table.add_row(str(week.week), *counts, *angles, ", ".join(notes))
    return table


def _angles_table(comparison: WeekComparison) -> Table:
    title = "Resting hip rotation, against "
    relative_to = comparison.this.resting.relative_to or comparison.last.resting.relative_to
    title += f"the {relative_to.value}" if relative_to else "–"
    title += " (median of n sessions ± 95 % interval)"
    table = plain_table(title, "", "last week", "this week", "change", "")
    for angle in comparison.angles:
        signed = angle.name in ("difference", "mean")
        change = "–" if angle.change_deg is None else _angle(angle.change_deg, signed=signed)
        table.add_row(
            _ANGLE_NAMES[angle.name],
            _estimate(angle.last, signed=signed),
            _estimate(angle.this, signed=signed),
            change,
            angle.text,
        )
    return table


def _estimate(estimate: Estimate | None, *, signed: bool) -> str:
    if estimate is None:
        return "–"
    value = _angle(estimate.value_deg, signed=signed)
    return f"{value} ± {estimate.uncertainty_deg:.1f}° (n {estimate.donnings})"


def _angle(angle_deg: float, *, signed: bool) -> str:
    """An angle with its sign, or with the way that a leg is turned."""
    if signed:
        return f"{angle_deg:+.1f}°"
    return f"{abs(angle_deg):.1f}° {'in' if angle_deg > 0 else 'out'}"
