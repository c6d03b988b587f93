"""Shortening a page until it fits: what is left out is always told, as `… and n more`."""

from dataclasses import dataclass, replace

from tracker.report.week_parts import Cell, Part


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a part is shown.

    Attributes:
        rows: of a table.
        lines: written by the person, or repeating without end.
        chars: of such a line.
        own_chars: of any other line.
        cell_chars: of a cell.
    """

    rows: int
    lines: int
    chars: int
    own_chars: int
    cell_chars: int = 110


LIMITS = (
    Limits(60, 12, 600, 600),
    Limits(60, 8, 300, 500),
    Limits(60, 6, 200, 500),
    Limits(60, 6, 120, 400),
    *(Limits(rows, 5, 120, 400) for rows in range(40, 14, -1)),
    *(Limits(rows, 4, 110, 300) for rows in range(14, 3, -1)),
    *(Limits(rows, 3, 100, 160, 60) for rows in (4, 3, 2)),
    Limits(2, 2, 80, 120, 40),
    Limits(1, 1, 60, 90, 30),
)
"""From everything to the least: the first ones that fit are taken. Notes give way before rows do."""


_LINES_BESIDE_ROWS = 2
"""Of a part that lists: a plan has a line of its own and one for each exercise."""


def shortened(part: Part, limits: Limits) -> Part:
    """The part within the limits."""
    rows = tuple(tuple(_cell(cell, limits.cell_chars) for cell in row) for row in part.rows)
    if not part.whole and len(rows) > limits.rows:
        rest = len(rows) - limits.rows
        rows = (*rows[: limits.rows], (f"… and {rest} more", *[""] * (len(part.columns) - 1)))
    free = tuple(short_text(line, limits.chars) for line in part.free_lines)
    if len(free) > limits.lines:
        free = (*free[: limits.lines], f"… and {len(free) - limits.lines} more")
    lines = tuple(short_text(line, limits.own_chars) for line in part.lines)
    most = limits.rows + _LINES_BESIDE_ROWS
    if not part.running and len(lines) > most:
        lines = (*lines[:most], f"… and {len(lines) - most} more")
    return replace(part, rows=rows, lines=lines, free_lines=free)


def short_text(text: str, chars: int) -> str:
    """The text, or so many of its characters and how many more there are."""
    if len(text) <= chars:
        return text
    return f"{text[:chars].rstrip()} … and {len(text) - chars} more characters"


def _cell(cell: Cell, chars: int) -> Cell:
    if isinstance(cell, str) and len(cell) > chars:
        return f"{cell[:chars].rstrip()} … and {len(cell) - chars} more"
    return cell
