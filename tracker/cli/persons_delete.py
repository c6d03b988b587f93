"""`tracker persons delete`: a person and all of theirs, for good."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.home import Home
    from tracker.session.begun_deletion import BegunDeletion
    from tracker.session.person_deletion import PersonData
    from tracker.store.database import Database

_NAME_AGAIN = "The name once more, in place of typing it when asked."


def delete(
    name: Annotated[str, typer.Argument(help="The person as called here.")],
    name_again: Annotated[str | None, typer.Option("--name-again", metavar="NAME", help=_NAME_AGAIN)] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would go, and delete nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Delete a person with all sessions, results, notes and recordings. It cannot be taken back.

    Shows what goes, and wants the name typed. Backups are not changed; those that may hold the person are
    named. If it was killed, or could not come to its end, the same command goes on with it.

    Example: tracker persons delete anna --dry-run
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note, print_json
    from tracker.cli.person_option import PERSON_VARIABLE, person_of
    from tracker.home import home_from_environment
    from tracker.session.person_deletion import delete_person, person_data, unfinished_deletions

    home = home_from_environment()
    with open_home_database(home) as database:
        begun = next((one for one in unfinished_deletions(home, database) if one.name == name), None)
        if begun is not None:
            _go_on(home, database, begun, dry_run=dry_run, as_json=as_json)
            return
        with database.write() as connection:
            person = person_of(connection, name)
        data = person_data(home, database, person.person_id)
        if not as_json:
            _show(data)
        if not dry_run:
            typed = _typed(name, as_json=as_json) if name_again is None else name_again
            data = delete_person(home, database, person.person_id, typed)
    if as_json:
        print_json(_document(data, deleted=not dry_run))
    elif not dry_run:
        note(f"{name} is deleted for good.")
    if not dry_run and os.environ.get(PERSON_VARIABLE) == name:
        note(f"The environment variable {PERSON_VARIABLE} still names {name}.")


def _typed(name: str, *, as_json: bool) -> str:
    """The name as the person types it.

    Raises:
        UsageError: nobody can be asked.
    """
    from tracker.cli.asking import ask, can_ask
    from tracker.errors import UsageError

    if not can_ask(as_json=as_json):
        raise UsageError(
            "the name is to be typed once more, and nobody can be asked here: nothing was deleted",
            advice="Give it with --name-again, or look at what would go with --dry-run.",
            person=name,
        )
    return ask("Type the name to delete all of this for good", str) or ""


def _go_on(
    home: "Home", database: "Database", begun: "BegunDeletion", *, dry_run: bool, as_json: bool
) -> None:
    from tracker.backup.kept_copies import kept_copies
    from tracker.cli.output import note, print_json
    from tracker.session.person_deletion import finish_deletion

    removed = 0 if dry_run else finish_deletion(home, database, begun)
    if as_json:
        print_json(
            {
                "person": begun.name,
                "person_id": begun.person_id,
                "deleted": not dry_run,
                "went_on": True,
                "rows": None,
                "recordings": {"files": removed, "size_bytes": None, "left": [], "unclaimed": None},
                "backups": [str(path) for path in kept_copies(home)],
            }
        )
    elif dry_run:
        note(f"The deletion of {begun.name} was begun and is not finished; without --dry-run it goes on.")
    else:
        note(f"The deletion of {begun.name} that was begun is finished: {begun.name} is deleted for good.")


def _show(data: "PersonData") -> None:
    from tracker.cli.output import print_tables
    from tracker.report.terminal import plain_table

    rows, files = data.rows, data.files
    table = plain_table(f"This goes for good with {data.person.name}", "", "")
    counts = (
        ("sessions", rows.sessions),
        ("of them deleted before", rows.deleted_sessions),
        ("rest tests", rows.rest_tests),
        ("plans", rows.plans),
        ("bands", rows.bands),
        ("notes", rows.notes),
        ("answers on habits", rows.habit_days),
        ("answers to the safety questions", rows.screenings),
        ("recordings", len(files.own)),
    )
    for what, count in counts:
        table.add_row(what, str(count))
    table.add_row("size of the recordings", f"{files.size_bytes / 1e6:.1f} MB")
    print_tables(table)
    print_tables("Sensors, their calibrations and the settings are this computer's, and stay.")
    for path in files.left:
        print_tables(f"Not removed, as it is not in the folder of recordings alone: {path}")
    if files.unclaimed:
        print_tables(
            f"Files among the recordings that belong to no session, and stay: {files.unclaimed}. "
            "Nobody can tell whose they are."
        )
    if data.copies:
        print_tables(f"Copies that were made before may still hold {data.person.name}, and are not changed:")
        print_tables(*(f"  {path}" for path in data.copies))
    print_tables("So may backups and exports that you keep elsewhere.")


def _document(data: "PersonData", *, deleted: bool) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "person": data.person.name,
        "person_id": data.person.person_id,
        "deleted": deleted,
        "went_on": False,
        "rows": asdict(data.rows),
        "recordings": {
            "files": len(data.files.own),
            "size_bytes": data.files.size_bytes,
            "left": list(data.files.left),
            "unclaimed": data.files.unclaimed,
        },
        "backups": [str(path) for path in data.copies],
    }
