"""`tracker plan start`, `end` and `write`: which plan is on."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption

_DATE = "YYYY-MM-DD"


def start(
    file: Annotated[
        Path | None, typer.Argument(help="A plan of your own; the shipped one if not given.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call it; as the file says if not given.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar=_DATE, help="Its first day; today if not given.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar=_DATE, help="Its last day; open if not given.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="End the plan that is on then, the day before.")
    ] = False,
    person: PersonOption = None,
) -> None:
    """Begin a plan: the shipped one, or one of your own. Agree on it with a physiotherapist first.

    Example: tracker plan start --from 2026-11-30
    """
    from tracker.cli.output import note
    from tracker.cli.planning import day_of, planner
    from tracker.plan.plan_table import FILE_NAME, parse_plan, shipped_plan_text
    from tracker.session.plan_answers import begin_plan
    from tracker.session.workplace import workplace

    place = workplace()
    text = shipped_plan_text() if file is None else _text_of(file)
    source = FILE_NAME if file is None else str(file)
    plan = parse_plan(text, source, place.catalogue.counting)
    with place.database() as database, database.write() as connection:
        who = planner(connection, person)
        starts_on = day_of(first, "--from", who.today)
        ends_on = None if until is None else day_of(until, "--until", who.today)
        begin_plan(
            connection,
            who.person_id,
            text,
            source,
            place.catalogue,
            today=who.today,
            starts_on=starts_on,
            ends_on=ends_on,
            name=name,
            replace=replace,
        )
    end = "" if ends_on is None else f" until {ends_on}"
    note(f"{name or plan.name}: begins on {starts_on}{end}. See it: tracker plan")
    for one in plan.notes:
        note(f"· {one}")


def end(
    on: Annotated[
        str | None, typer.Option("--on", metavar=_DATE, help="Its last day; today if not given.")
    ] = None,
    person: PersonOption = None,
) -> None:
    """End the plan that is on; what was done in it stays.

    Example: tracker plan end --on 2026-12-24
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.planning import day_of, planner
    from tracker.session.plan_answers import finish_plan

    with open_home_database() as database, database.write() as connection:
        who = planner(connection, person)
        ends_on = day_of(on, "--on", who.today)
        plan = finish_plan(connection, who.person_id, who.today, ends_on)
    note(f"{plan.stored.name}: ends on {ends_on}.")


def write(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file that is there stays.")],
) -> None:
    """Write the shipped plan to a file, to be changed and begun as your own.

    Example: tracker plan write my_plan.toml
    """
    from tracker.cli.output import note
    from tracker.errors import StorageError, UsageError
    from tracker.plan.plan_table import shipped_plan_text

    text = shipped_plan_text()
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise UsageError(
            f"{file} is there already", advice="Choose another name, or remove it first.", path=str(file)
        ) from error
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written: {error.strerror}", advice="Choose another folder.", path=str(file)
        ) from error
    note(f"Written to {file}. Change it with your physiotherapist, then: tracker plan start {file}")


def _text_of(file: Path) -> str:
    from tracker.errors import StorageError
    from tracker.home import own_text

    text = own_text(file)
    if text is None:
        raise StorageError(
            f"there is no file {file}",
            advice="`tracker plan write FILE` writes the shipped plan to begin with.",
            path=str(file),
        )
    return text
