"""Tables of a page as one piece of markup: of thousands of cells no element of its own is kept for each.

A table that is too wide for a phone stands there row by row, and in a wider window where it does not fit: the
row's head as a title, the other cells below it in four places of a phone's width, each under the head of its
column. Its roles are written out, since browsers forget what a table is when its rows become grids.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from nicegui import ui

from tracker.app.words.marks import without_marks

_PHONE_CHARS = 40
"""So many letters and digits stand side by side on a phone."""

_GAP_CHARS, _WORDS_CHARS = 2, 12
"""Between two columns; of a column of words, which breaks its lines."""

_ONE_PLACE_CHARS, _TWO_PLACES_CHARS, _HEAD_CHARS = 7, 18, 11
"""What one and two of the four places hold, and a head above one; heads are small."""

_PICTURE_CHARS = 18


@dataclass(frozen=True, slots=True)
class Markup:
    """A cell that is markup already, made by this program and escaped where it holds texts.

    Attributes:
        chars: how many letters are as wide as it is.
    """

    html: str
    chars: int = _PICTURE_CHARS


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another page of this site."""

    text: str
    address: str


Cell: TypeAlias = str | Link | Markup


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, and how wide what stands in it is."""

    head: str
    of_words: bool
    chars: int

    @property
    def least_chars(self) -> int:
        """What it needs where it stands beside others."""
        needed = min(self.chars, _WORDS_CHARS) if self.of_words else self.chars
        return max(needed, self._head_chars) + _GAP_CHARS

    @property
    def classes(self) -> str:
        """How many of the four places it takes on a phone."""
        if self.chars > _TWO_PLACES_CHARS:
            return "all"
        is_wide = self.of_words or self.chars > _ONE_PLACE_CHARS or self._head_chars > _HEAD_CHARS
        return "two" if is_wide else ""

    @property
    def _head_chars(self) -> int:
        return max(map(_chars, self.head.split()), default=0)


def show_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    label: str,
    text_columns: Collection[int] = (0,),
    classes: str = "",
) -> None:
    """A table; the first cell of each row is its head. What is too wide for a window scrolls by itself.

    Args:
        heads: of the columns; an empty one is of the row heads.
        label: what it is, for those who do not see it.
        text_columns: places of the columns that hold words; all others hold numbers.
    """
    ui.html(table_html(heads, rows, label=label, text_columns=text_columns), sanitize=False).classes(classes)


def table_html(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, label: str, text_columns: Collection[int] = (0,)
) -> str:
    """The markup of a table; every text in it is escaped."""
    rows = list(rows)
    columns = [
        _Column(head, place in text_columns, max((_chars(row[place]) for row in rows), default=0))
        for place, head in enumerate(heads)
    ]
    too_wide = sum(column.least_chars for column in columns) > _PHONE_CHARS
    table = _by_rows(columns, rows) if too_wide else _plain(columns, rows)
    more = " by-rows" if too_wide else ""
    return f'<div class="wide{more}" role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>'


def _plain(columns: Sequence[_Column], rows: Iterable[Sequence[Cell]]) -> str:
    heads = "".join(
        f'<th scope="col"{_class(_words(column))}>{escape(column.head)}</th>'
        if column.head
        else f"<td{_class(_words(column))}></td>"
        for column in columns
    )
    body = []
    for row in rows:
        body.append("<tr>")
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            kind, tail = ("td", "") if place else ("th", ' scope="row"')
            body.append(f"<{kind}{tail}{_class(_words(column))}>{_inner(cell)}</{kind}>")
        body.append("</tr>")
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _by_rows(columns: Sequence[_Column], rows: Iterable[Sequence[Cell]]) -> str:
    heads = "".join(
        f'<th role="columnheader" scope="col"{_class(_words(column))}>{escape(column.head)}</th>'
        if column.head
        else f'<td role="cell"{_class(_words(column))}></td>'
        for column in columns
    )
    opened = ['<th role="rowheader" scope="row"' + _class(_words(column)) + ">" for column in columns[:1]]
    for column in columns[1:]:
        classes = _class(_words(column), column.classes)
        opened.append(f'<td role="cell" data-label="{escape(column.head)}"{classes}>')
    body = []
    for row in rows:
        body.append('<tr role="row">')
        for place, (cell, begin) in enumerate(zip(row, opened, strict=True)):
            body.append(f"{begin}{_inner(cell)}</{'td' if place else 'th'}>")
        body.append("</tr>")
    return (
        f'<table role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(body)}</tbody></table>'
    )


def _words(column: _Column) -> str:
    return "words" if column.of_words else ""


def _class(*names: str) -> str:
    shown = " ".join(filter(None, names))
    return f' class="{shown}"' if shown else ""


def _chars(cell: Cell) -> int:
    """How wide a cell is, in letters."""
    match cell:
        case Markup():
            return cell.chars
        case Link():
            return _chars(cell.text)
        case _ if cell.isascii():
            return len(cell)
        case _:
            return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in without_marks(cell))


def _inner(cell: Cell) -> str:
    """Texts are set apart, so that numbers with signs keep their order in lines from right to left."""
    match cell:
        case Markup():
            return cell.html
        case Link():
            return f'<a href="{escape(cell.address)}"><bdi>{escape(cell.text)}</bdi></a>'
        case _:
            return f"<bdi>{escape(cell)}</bdi>"
