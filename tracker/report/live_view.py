"""The running session as a terminal shows it; live and replay look the same."""

import math
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tracker.report.terminal import degrees, side_name, simulated_banner
from tracker.sensing.source import LinkState
from tracker.session.events import LegState
from tracker.session.status import LegCount, SensorRow, SessionStatus

_DIGITS = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": (" █ ", "██ ", " █ ", " █ ", "███"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
}
_LEG_COLUMNS = 36
_WIDE_COLUMNS = 80
"""From this width on legs stand side by side."""
_STATE_STYLES = {
    LinkState.STREAMING: "green",
    LinkState.BACKFILLING: "yellow",
    LinkState.LOST: "bold red",
    LinkState.FAILED: "bold red",
}


def live_view(
    status: SessionStatus, *, simulated: bool, columns: int = 80, now_ns: int | None = None
) -> RenderableType:
    """Everything a person needs to see while training; the counts first, which are read from the mat.

    Args:
        columns: width of the window.
        now_ns: host monotonic clock, for the age of the last packet; None where that means nothing.
    """
    parts: list[RenderableType] = [simulated_banner()] if simulated else []
    parts += [_prompt(status), Text(""), _legs(status.legs, status.counts, columns), Text("")]
    parts.append(_sensors(status.sensors, now_ns, columns))
    for test in status.rest_tests:
        parts.append(
            Text(rest_line(test.side.value, test.hip_rotation_rad, test.uncertainty_rad, test.refused))
        )
    parts += [Text(f"· {note}", style="yellow") for note in status.notes]
    return Group(*parts)


def rest_line(
    side: str, rotation_rad: float | None, uncertainty_rad: float | None, refused: str | None
) -> str:
    """One rest test in one line."""
    if rotation_rad is None or uncertainty_rad is None:
        return f"Rest test {side}: refused – {refused}"
    return f"Rest test {side}: {degrees(rotation_rad)} ± {math.degrees(uncertainty_rad):.1f}°"


def _sensors(rows: Iterable[SensorRow], now_ns: int | None, columns: int) -> Table:
    # In a narrow window the rate and the age go; what asks for action stays.
    names = ["sensor", "link", "battery", "signal", "loss"]
    names += ["rate", "last packet"] if columns >= _WIDE_COLUMNS else []
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, justify="left" if name in ("sensor", "link") else "right")
    for row in rows:
        cells: list[RenderableType] = [
            row.placement.value,
            Text(row.state.value, style=_STATE_STYLES.get(row.state, "yellow")),
            "–" if row.battery_percent is None else f"{row.battery_percent} %",
            "–" if row.rssi_dbm is None else f"{row.rssi_dbm} dBm",
            f"{100 * row.loss:.1f} %",
            f"{row.rate_hz:.1f} Hz",
            _age(row, now_ns),
        ]
        table.add_row(*cells[: len(names)])
    return table


def _age(row: SensorRow, now_ns: int | None) -> str:
    if now_ns is None or row.last_packet_ns is None:
        return "–"
    return f"{max(0, now_ns - row.last_packet_ns) / 1e9:.1f} s ago"


def _prompt(status: SessionStatus) -> Text:
    prompt = status.prompt
    text = Text(prompt.text, style="bold" if prompt.running else "")
    if prompt.seconds_left is not None:
        when = "left" if prompt.running else "to go"
        text.append(f"   {max(0.0, prompt.seconds_left):.0f} s {when}", style="cyan")
    return text


def _legs(states: Iterable[LegState], counts: Iterable[LegCount], columns: int) -> RenderableType:
    by_side = {count.side: count for count in counts}
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 4, 0, 0))
    cells = []
    for state in states:
        angle = "not to be seen" if state.hip_rotation_rad is None else degrees(state.hip_rotation_rad)
        cells.append(_leg(side_name(state.side), angle, by_side.pop(state.side, None)))
    cells += [_leg(side_name(side), "–", count) for side, count in by_side.items()]
    if columns < _WIDE_COLUMNS:
        return Group(*cells)
    for _ in cells:
        table.add_column(min_width=_LEG_COLUMNS)
    if cells:
        table.add_row(*cells)
    return table


def _leg(name: str, angle: str, count: LegCount | None) -> Group:
    lines: list[RenderableType] = [Text(f"{name}  {angle}", style="bold")]
    shown = count or LegCount(None)
    lines += [Text(line, style="green") for line in big_number(shown.valid)]
    last = "–" if shown.last_rom_rad is None else f"{math.degrees(shown.last_rom_rad):.0f}°"
    kind = "" if shown.last_valid else " (partial)"
    lines.append(Text(f"last range {last}{kind}, partial so far {shown.partial}"))
    return Group(*lines)


def big_number(number: int) -> list[str]:
    """A count in five lines of blocks, to be read from the mat."""
    digits = [_DIGITS[digit] for digit in str(number)]
    return ["  ".join(digit[line] for digit in digits) for line in range(5)]
