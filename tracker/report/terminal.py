"""Sessions as tables for a terminal, and what all tables share."""

import math
from collections.abc import Iterable
from datetime import timedelta

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import Side
from tracker.store.values import SessionSummary

SIMULATED = "simulated"
BY_HAND = "by hand"


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
        length = _length(one)
        tests = f"{one.rest_tests}" + (
            f" ({one.refused_rest_tests} refused)" if one.refused_rest_tests else ""
        )
        state = BY_HAND if one.by_hand else one.state.value + (f", {SIMULATED}" if one.simulated else "")
        began = f"{one.started_at.astimezone():%Y-%m-%d %H:%M}"
        numbers = (str(one.sets), str(one.valid_reps), str(one.partial_reps))
        if one.by_hand:
            # What nobody measured is not among what sensors counted.
            numbers, tests = (f"{one.told_sets} told", f"{one.told_reps} told", "–"), "–"
        table.add_row(
            str(one.session_id),
            began,
            length,
            state,
            *numbers,
            tests,
            (one.recording_path or "–").rpartition("/")[2],
        )
    return table


def _length(session: SessionSummary) -> str:
    if session.by_hand and session.ended_at is not None:
        return f"{(session.ended_at - session.started_at) / timedelta(minutes=1):g} min"
    return "–" if session.duration_s is None else f"{session.duration_s:.0f} s"
