"""The parts of a page as what reportlab sets: titles, tables with widths that fit, lines."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from tracker.report.week_course_drawing import WIDTH_PT, course_drawing
from tracker.report.week_fonts import BOLD, PLAIN, Lettering
from tracker.report.week_parts import Cell, Course, Part

SOFT = colors.Color(0.3, 0.3, 0.3)
RULE = colors.Color(0.75, 0.75, 0.75)
SIZE_PT, LEADING_PT, SMALL_PT = 7.0, 8.6, 6.2
_GAP_PT = 7.0
"""Between the columns of a table."""

TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=SIZE_PT, leading=LEADING_PT)
NUMBER = ParagraphStyle("number", TEXT, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", TEXT, fontSize=SMALL_PT, leading=7.6, textColor=SOFT)
NUMBER_HEAD = ParagraphStyle("number head", HEAD, alignment=TA_RIGHT)
LINE = ParagraphStyle("line", HEAD, leftIndent=5.0, bulletIndent=0.0)
TITLE = ParagraphStyle("part title", TEXT, fontName=BOLD, fontSize=8.0, leading=10.0)


def paragraph(
    text: str, style: ParagraphStyle, lettering: Lettering, *, bullet: str | None = None
) -> Paragraph:
    """A text as it is, in signs that the font has; nothing in it is markup."""
    return Paragraph(escape(lettering.printable(text)), style, bulletText=bullet)


def part_flowables(part: Part, width_pt: float, lettering: Lettering) -> list[Flowable]:
    """A part with its title, in a column of so much width."""
    title = Table([[paragraph(part.title, TITLE, lettering)]], colWidths=[width_pt])
    title.setStyle([*_TIGHT, ("LINEBELOW", (0, 0), (-1, -1), 0.6, colors.black)])
    found: list[Flowable] = [title, Spacer(0, 1.5)]
    if part.rows:
        found += [_table(part, width_pt, lettering), Spacer(0, 1.5)]
    lines = (" ".join(part.lines),) if part.running and part.lines else part.lines
    found += lines_flowables((*lines, *part.free_lines), lettering)
    return found


def lines_flowables(lines: Iterable[str], lettering: Lettering) -> list[Flowable]:
    """Lines below a table."""
    return [paragraph(line, LINE, lettering, bullet="·") for line in lines]


_TIGHT = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0.7),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.7),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]


def _table(part: Part, width_pt: float, lettering: Lettering) -> Table:
    heads = [
        paragraph(column, HEAD if place in part.text_columns else NUMBER_HEAD, lettering)
        for place, column in enumerate(part.columns)
    ]
    body = [
        [_cell(cell, place in part.text_columns, lettering) for place, cell in enumerate(row)]
        for row in part.rows
    ]
    table = Table([heads, *body], colWidths=column_widths(part, width_pt))
    table.setStyle(
        [
            *_TIGHT,
            ("LEFTPADDING", (1, 0), (-1, -1), _GAP_PT),
            ("LINEBELOW", (0, 0), (-1, -2), 0.3, RULE),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ]
    )
    return table


def _cell(cell: Cell, words: bool, lettering: Lettering) -> Flowable:
    if isinstance(cell, Course):
        return course_drawing(cell) if cell.points else paragraph("–", NUMBER, lettering)
    return paragraph(cell, TEXT if words else NUMBER, lettering)


def column_widths(part: Part, width_pt: float) -> list[float]:
    """Widths that fill the line: numbers stay whole, and words give way where there is not enough."""
    natural = [
        max(_natural_pt(row[place], SIZE_PT) for row in (*part.rows, _heads(part)))
        + (_GAP_PT if place else 0.0)
        for place in range(len(part.columns))
    ]
    spare = width_pt - sum(natural)
    if spare >= 0.0:
        return [one + spare / len(natural) for one in natural]
    words = [place for place in part.text_columns if place < len(natural)]
    of_words = sum(natural[place] for place in words)
    numbers = sum(natural) - of_words
    if numbers > 0.75 * width_pt:
        # Not even the numbers fit: everything gives way alike.
        return [one * width_pt / sum(natural) for one in natural]
    share = (width_pt - numbers) / of_words
    return [one * share if place in words else one for place, one in enumerate(natural)]


def _heads(part: Part) -> Sequence[str]:
    """The longest word of each head: heads may take two lines."""
    return [max(column.split() or [""], key=len) for column in part.columns]


def _natural_pt(cell: Cell, size_pt: float) -> float:
    if isinstance(cell, Course):
        return WIDTH_PT if cell.points else size_pt
    return float(stringWidth(cell, PLAIN, size_pt)) + 0.5
