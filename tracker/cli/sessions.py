"""`tracker sessions`: what was recorded, and what was done without sensors."""

from typing import Annotated

import typer

from tracker.cli import sessions_add, sessions_delete, sessions_edit, sessions_show
from tracker.cli.person_option import PersonOption

sessions = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@sessions.callback()
def show(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Show at most so many, the newest first.")
    ] = 20,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="List those that were deleted; they can be restored.")
    ] = False,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the sessions. One that was killed is shown as interrupted; its recording can be replayed.

    Example: tracker sessions --limit 5
    """
    if context.invoked_subcommand is not None:
        return
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.person_option import person_of
    from tracker.home import home_from_environment
    from tracker.store.sessions import list_sessions
    from tracker.store.values import SessionState

    home = home_from_environment()
    with open_home_database(home) as database, database.write() as connection:
        whose = person_of(connection, person).person_id
        found = list_sessions(connection, whose, limit=limit, deleted=deleted)
    if as_json:
        from tracker.report.session_history import session_object

        print_json({"sessions": [session_object(one) for one in found]})
        return
    from tracker.report.terminal import sessions_table, simulated_banner

    if any(one.simulated for one in found):
        print_tables(simulated_banner())
    none = "No session was deleted." if deleted else "No sessions yet. Record one: tracker record"
    print_tables(sessions_table(found) if found else none)
    for one in found:
        if one.state is SessionState.INTERRUPTED and one.analysis_version is None:
            file = one.recording_file(home.folder)
            print_tables(
                f"Session {one.session_id} was interrupted; bring it into the week: tracker recover {file}"
            )


sessions.command("show")(sessions_show.show)
sessions.command("edit")(sessions_edit.edit)
sessions.command("delete")(sessions_delete.delete)
sessions.command("restore")(sessions_delete.restore)
sessions.command("add")(sessions_add.add)
