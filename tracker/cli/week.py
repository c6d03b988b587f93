"""`tracker week`: the page of a week."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption


def week(
    week_name: Annotated[
        str | None, typer.Option("--week", metavar="YYYY-Www", help="ISO week; the running one by default.")
    ] = None,
    before: Annotated[int, typer.Option(min=0, max=520, help="List so many weeks before it, too.")] = 4,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page to a file for a browser.")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as one A4 page.")] = None,
) -> None:
    """Show what was trained in a week, how the legs rested, how it felt, and what the plan asks next.

    Example: tracker week --week 2026-W47 --pdf week.pdf
    """
    from tracker.cli.short_lived import without_collecting

    with without_collecting():
        _show(week_name, before, person, html, pdf, as_json=as_json)


def _show(
    week_name: str | None,
    before: int,
    person: str | None,
    html: Path | None,
    pdf: Path | None,
    *,
    as_json: bool,
) -> None:
    from tracker.cli.output import note, print_json, print_tables
    from tracker.cli.weeks import page_of_week

    page = page_of_week(week_name, weeks_before=before, person_name=person)
    if html is not None or pdf is not None:
        from tracker.cli.week_files import write_week_files

        for path in write_week_files(page, html, pdf):
            note(f"The page is written to {path}")
    if as_json:
        from tracker.report.week_document import week_document

        print_json(week_document(page, before=before))
    elif html is None and pdf is None:
        from tracker.report.week_sections import page_of
        from tracker.report.week_terminal import week_tables

        print_tables(week_tables(page_of(page, weeks=before + 1)))
