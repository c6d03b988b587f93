"""The parts of a week's page as a page shows them: figures, tables with small courses, and lines."""

from collections.abc import Callable
from dataclasses import replace

from tracker.app.html import tag
from tracker.app.tables import Cell, Markup, show_table
from tracker.app.words import Words
from tracker.report.week_html import course_svg
from tracker.report.week_parts import Cell as PartCell
from tracker.report.week_parts import Course, Figure, Part


def show_figures(words: Words, figures: tuple[Figure, ...]) -> None:
    """The few numbers at the top."""
    with tag("dl", classes="figures"):
        for one in figures:
            with tag("div"):
                tag("dt", words.told(one.name))
                with tag("dd"):
                    tag("span", words.told(one.value))
                    if one.detail:
                        tag("small", words.told(one.detail), classes="soft")


def show_part(words: Words, part: Part, figure: Callable[[], None]) -> None:
    """One part: its title, a figure where it has one, its table, and what stands below."""
    title = words.told(part.title)
    with tag("section", aria_label=title, classes="part"):
        tag("h2", title)
        figure()
        if part.rows:
            show_table(
                [words.told(column) if column else "" for column in part.columns],
                [[_cell(words, cell) for cell in row] for row in part.rows],
                label=title,
                text_columns=part.text_columns,
            )
        lines = (*part.lines, *part.free_lines)
        if lines:
            with tag("ul", classes="soft"):
                for line in lines:
                    tag("li", words.told(line))


def _cell(words: Words, cell: PartCell) -> Cell:
    if isinstance(cell, Course):
        return Markup(course_svg(replace(cell, text=words.told(cell.text))))
    return words.told(cell)
