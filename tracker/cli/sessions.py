"""`tracker sessions`: what was recorded."""

from typing import Annotated

import typer


def sessions(
    limit: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Show at most so many, the newest first.")
    ] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the recorded sessions. One that was killed is shown as interrupted; its recording can be replayed.

    Example: tracker sessions --limit 5
    """
    import dataclasses

    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.home import home_from_environment
    from tracker.local_time import local_time_zone
    from tracker.store.persons import get_or_create_person
    from tracker.store.sessions import list_sessions
    from tracker.store.values import SessionState

    home = home_from_environment()
    with open_home_database(home) as database, database.write() as connection:
        person = get_or_create_person(connection, time_zone=local_time_zone())
        found = list_sessions(connection, person.person_id, limit=limit)
    if as_json:
        rows = []
        for one in found:
            row = dataclasses.asdict(one)
            row["started_at"] = one.started_at.isoformat()
            row["ended_at"] = None if one.ended_at is None else one.ended_at.isoformat()
            rows.append(row)
        print_json({"sessions": rows})
        return
    from tracker.report.terminal import sessions_table, simulated_banner

    if any(one.simulated for one in found):
        print_tables(simulated_banner())
    print_tables(sessions_table(found) if found else "No sessions yet. Record one: tracker record")
    for one in found:
        if one.state is SessionState.INTERRUPTED and one.analysis_version is None:
            file = one.recording_file(home.folder)
            print_tables(
                f"Session {one.session_id} was interrupted; bring it into the week: tracker recover {file}"
            )
