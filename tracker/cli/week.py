"""`tracker week`: this week beside the last one."""

from typing import Annotated

import typer


def week(
    week_name: Annotated[
        str | None, typer.Option("--week", metavar="YYYY-Www", help="ISO week; the running one by default.")
    ] = None,
    before: Annotated[int, typer.Option(min=0, max=520, help="List so many weeks before it, too.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what was trained and how the legs rested, this week beside the week before.

    Example: tracker week --week 2026-W47
    """
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.weeks import week_beside_last
    from tracker.progress.comparison import comparison_object
    from tracker.progress.week import week_object

    comparison, history = week_beside_last(week_name, weeks_before=before)
    if as_json:
        print_json({**comparison_object(comparison), "before": [week_object(one) for one in history]})
        return
    from tracker.report.terminal import week_tables

    print_tables(week_tables(comparison, history))
