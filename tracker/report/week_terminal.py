"""A week's page as tables for a terminal: best at a hundred columns or more, whole at any width."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from tracker.report.terminal import simulated_banner
from tracker.report.week_parts import Cell, Course, Page, Part

_BLOCKS = "▁▂▃▄▅▆▇█"
_NAME_COLUMNS = 14
"""Longer words may be broken."""

_HEAD_COLUMNS = 7
"""Heads of numbers may be so wide before they take another line."""

_GAP = 2
"""Between two columns."""


def week_tables(page: Page) -> RenderableType:
    """The whole page, one part below the other."""
    parts: list[RenderableType] = []
    if page.simulated:
        parts.append(simulated_banner())
    parts += [Text(page.title, style="bold"), Text(page.subtitle, style="dim"), Text(_figures(page))]
    for part in page.parts:
        if part.rows or part.lines or part.free_lines:
            parts += [Text(""), *_part(part)]
    parts += [Text(""), Text(page.footer, style="dim")]
    return Group(*parts)


def _figures(page: Page) -> str:
    return " · ".join(
        f"{one.value} {one.name}" + (f" ({one.detail})" if one.detail else "") for one in page.figures
    )


def _part(part: Part) -> Iterator[RenderableType]:
    title = Text(part.title, style="bold")
    alone = (*part.lines, *part.free_lines)
    if not part.rows and len(alone) == 1:
        # What has nothing to show takes one line.
        yield Text.assemble(title, ": ", (alone[0][:1].lower() + alone[0][1:], "dim"))
        return
    yield title
    if part.rows:
        yield _Rows(part)
    yield _Lines((*part.lines, *part.free_lines))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines that go on below their own beginnings."""

    texts: tuple[str, ...]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        for text in self.texts:
            folded = wrap(text, options.max_width, initial_indent="· ", subsequent_indent="  ")
            yield Text("\n".join(folded), style="dim")


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table; where the terminal is too narrow, several below each other with the same first column."""

    part: Part

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        for places in self._groups(options.max_width):
            yield self._table(places)

    def _groups(self, width: int) -> Iterator[list[int]]:
        """Places of columns that stand beside each other; the first one is in each."""
        group: list[int] = []
        room = 0
        for place in range(1, len(self.part.columns)):
            needed = _GAP + self._least(place)
            if group and room < needed:
                yield [0, *group]
                group = []
            if not group:
                room = width - self._least(0)
            group.append(place)
            room -= needed
        yield [0, *group]

    def _table(self, places: list[int]) -> Table:
        table = Table(box=None, pad_edge=False, header_style="italic")
        for place in places:
            column, least = self.part.columns[place], self._least(place)
            if place in self.part.text_columns:
                table.add_column(column, min_width=least)
            else:
                table.add_column("\n".join(wrap(column, least)), justify="right", no_wrap=True)
        for row in self.part.rows:
            table.add_row(*_cells(row[place] for place in places))
        return table

    def _least(self, place: int) -> int:
        """The narrowest that a column can be: numbers stay whole, and words give way to whole words."""
        texts = [self.part.columns[place], *(_plain(row[place]) for row in self.part.rows)]
        words = [len(word) for text in texts for word in text.split()]
        if place in self.part.text_columns:
            return min(max(words, default=1), _NAME_COLUMNS)
        head = max(min(len(texts[0]), _HEAD_COLUMNS), *map(len, texts[0].split() or [""]))
        return max([head, *map(len, texts[1:])])


def _plain(cell: Cell) -> str:
    return blocks(cell).plain if isinstance(cell, Course) else cell


def _cells(row: Iterable[Cell]) -> Iterator[str | Text]:
    for cell in row:
        yield blocks(cell) if isinstance(cell, Course) else Text(cell)


def blocks(course: Course) -> Text:
    """The course as one block a point, between the lowest and the highest end of its intervals."""
    values = [one.value for one in course.points]
    if not values:
        return Text("–")
    low, span = course.low, course.high - course.low
    heights = (round((value - low) / span * (len(_BLOCKS) - 1)) if span else 3 for value in values)
    return Text("".join(_BLOCKS[height] for height in heights))
