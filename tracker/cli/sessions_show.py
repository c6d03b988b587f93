"""`tracker sessions show`: everything that is kept of one session."""

from typing import Annotated

import typer

from tracker.cli.session_number import HIGHEST_NUMBER, SessionNumber


def show(
    number: SessionNumber,
    analysis: Annotated[
        int | None,
        typer.Option(
            min=1, max=HIGHEST_NUMBER, help="Show what this analysis found in place of the current one."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show one session: sensors, rest tests, sets with corrections, how it felt, plan, revisions, analyses.

    Example: tracker sessions show 12 --json
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.report.session_history import history_object, read_history
    from tracker.report.session_history_tables import history_tables

    with open_home_database() as database, database.read() as connection:
        history = read_history(connection, number, analysis)
    if as_json:
        print_json(history_object(history))
    else:
        print_tables(*history_tables(history))
