"""`tracker persons`: who trains on this computer."""

from typing import Annotated

import typer

from tracker.cli import persons_delete

persons = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

_TIME_ZONE = "IANA name of the zone whose midnights part days and weeks, for example Europe/Berlin."


@persons.callback()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the persons whose sessions are kept here. Whoever is alone never needs this.

    Example: tracker persons
    """
    if context.invoked_subcommand is not None:
        return
    from dataclasses import asdict

    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note, print_json, print_tables
    from tracker.cli.person_option import person_of
    from tracker.home import home_from_environment
    from tracker.report.terminal import plain_table
    from tracker.session.person_deletion import unfinished_deletions
    from tracker.store.persons import list_persons

    home = home_from_environment()
    with open_home_database(home) as database:
        with database.write() as connection:
            default = person_of(connection, None)
            found = list_persons(connection)
        unfinished = [one.name for one in unfinished_deletions(home, database)]
    if as_json:
        rows = [{**asdict(one), "is_default": one.person_id == default.person_id} for one in found]
        print_json({"persons": rows, "unfinished_deletions": unfinished})
        return
    table = plain_table(None, "person", "time zone", "")
    for one in found:
        table.add_row(one.name, one.time_zone, "default" if one.person_id == default.person_id else "")
    print_tables(table)
    for name in unfinished:
        note(f"The deletion of {name} is not finished. Go on with it: tracker persons delete {name}")


@persons.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What the person is called here.")],
    time_zone: Annotated[str | None, typer.Option(help=_TIME_ZONE)] = None,
) -> None:
    """Add a person. Commands mean this person with --person NAME, or by TRACKER_PERSON.

    Example: tracker persons add anna
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.local_time import local_time_zone
    from tracker.store.persons import add_person

    with open_home_database() as database, database.write() as connection:
        # The default person is there before any other, so that nobody else takes that place unasked.
        person_of(connection, None)
        add_person(connection, name, time_zone=time_zone or local_time_zone())
    note(f"{name} is added. Record for this person: tracker record --person {name}")


@persons.command("change")
def change(
    name: Annotated[str, typer.Argument(help="The person as called so far.")],
    new_name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help=_TIME_ZONE)] = None,
    default: Annotated[bool, typer.Option("--default", help="Mean this person where none is named.")] = False,
) -> None:
    """Rename a person, change the time zone, or make this one the default.

    Example: tracker persons change me --name anna --time-zone Europe/Berlin
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.errors import UsageError
    from tracker.store.persons import change_person, make_default

    if new_name is None and time_zone is None and not default:
        raise UsageError("nothing to change", advice="Give --name, --time-zone or --default.")
    with open_home_database() as database, database.write() as connection:
        meant = person_of(connection, None)
        person = person_of(connection, name)
        changed = change_person(connection, person, name=new_name, time_zone=time_zone)
        # A default person under another name stays the default.
        if default or meant.person_id == person.person_id:
            make_default(connection, changed)
    note(f"{changed.name}: time zone {changed.time_zone}{', default' if default else ''}.")


persons.command("delete")(persons_delete.delete)
