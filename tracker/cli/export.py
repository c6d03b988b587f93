"""`tracker export`: results in forms that other software reads, and everything in one archive."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.person_option import PersonOption

if TYPE_CHECKING:
    from tracker.home import Home
    from tracker.report.exchange.formats import ExportReport, Format
    from tracker.report.exchange.selection import Selection
    from tracker.store.database import Database

_SHOWN = 10
"""Lines of what was left out; more would push away what matters."""


def export(
    to: Annotated[str, typer.Option("--to", help="csv, parquet, bids-motion, opensim, fhir, or everything.")],
    out: Annotated[Path, typer.Option(help="Folder or file to write; it must not exist.")],
    sessions: Annotated[
        list[int] | None, typer.Argument(help="Numbers of sessions, as `tracker sessions` lists them.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Sessions of this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Sessions of this day or earlier.")
    ] = None,
    all_sessions: Annotated[bool, typer.Option("--all", help="All sessions.")] = False,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Those that `record --simulated` keeps apart.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an earlier export.")] = False,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write sessions in a form that other software reads, or everything there is into one archive.

    Days are those of the person's time zone. `--to everything` holds all persons and takes no choice of
    sessions; `tracker import --everything` reads it into an empty folder.

    Example: tracker export --to csv --all --out tables
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import progress_bar
    from tracker.home import home_from_environment
    from tracker.report.exchange.formats import Format
    from tracker.report.exchange.staging import staged

    chosen = _format(to)
    home = _simulated_home() if simulated else home_from_environment()
    days = _day(since), _day(until)
    given = bool(sessions), days != (None, None), all_sessions
    if chosen is Format.EVERYTHING:
        _refuse_choice(any(given), person)
    else:
        _check_choice(*given)
    with open_home_database(home) as database, progress_bar("exporting") as progress:
        if chosen is Format.EVERYTHING:
            from tracker.report.exchange.everything.writing import export_everything

            with staged(out, replace=replace, home=home.folder) as made:
                report = export_everything(database, home, made, progress)
            _tell(out, report, as_json=as_json, simulated=simulated)
            return
        from tracker.report.exchange.formats import exporter_of

        exporter = exporter_of(chosen)
        selection = _select(database, home, sessions or [], days, person)
        with staged(out, replace=replace, home=home.folder) as made:
            report = exporter(database, selection, made, progress)
    _tell(out, report, as_json=as_json, simulated=selection.simulated, deleted=selection.deleted)


def _simulated_home() -> "Home":
    from tracker.errors import UsageError
    from tracker.home import home_from_environment

    home = home_from_environment().simulated
    if not home.folder.exists():
        raise UsageError(
            "there are no simulated sessions that are kept apart",
            advice="Record one first: tracker record --simulated",
            path=str(home.folder),
        )
    return home


def _format(text: str) -> "Format":
    from tracker.errors import UsageError
    from tracker.report.exchange.formats import Format

    if text not in list(Format):
        raise UsageError(f"unknown format {text!r}", advice=f"Use one of: {', '.join(Format)}.", format=text)
    return Format(text)


def _day(given: str | None) -> date | None:
    from tracker.errors import UsageError

    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise UsageError(
            f"{given[:40]!r} is not a day", advice="Give year, month and day, as in 2026-11-17.", day=given
        ) from error


def _check_choice(named: bool, span: bool, everyone: bool) -> None:
    from tracker.errors import UsageError

    if named + span + everyone != 1:
        raise UsageError(
            "it is not clear which sessions are meant",
            advice="Give numbers of sessions, or --since and --until, or --all: one of the three.",
        )


def _refuse_choice(chosen: bool, person: str | None) -> None:
    from tracker.errors import UsageError

    if chosen or person is not None:
        raise UsageError(
            "`--to everything` takes no choice of sessions or person: it holds all of them",
            advice="Leave the choice out, or export to another format.",
        )


def _select(
    database: "Database",
    home: "Home",
    sessions: list[int],
    days: tuple[date | None, date | None],
    person_name: str | None,
) -> "Selection":
    from tracker.cli.person_option import person_of
    from tracker.report.exchange.selection import Days, choose_days, choose_sessions

    with database.write() as connection:
        person = person_of(connection, person_name)
        if sessions:
            return choose_sessions(connection, person, home.folder, sessions)
        return choose_days(connection, person, home.folder, Days(*days))


def _tell(
    out: Path,
    report: "ExportReport",
    *,
    as_json: bool,
    simulated: bool,
    deleted: tuple[int, ...] = (),
) -> None:
    from tracker.cli.output import SIMULATED, note, print_json, printable

    left_out = [(one.what, one.reason) for one in report.left_out]
    left_out += [(f"session {one}", "it is deleted") for one in deleted]
    if as_json:
        print_json(
            {
                "out": str(out),
                "simulated": simulated,
                "files": [one.as_posix() for one in report.files],
                "left_out": [{"what": what, "reason": reason} for what, reason in left_out],
                "warnings": list(report.warnings),
            }
        )
        return
    if simulated:
        note(SIMULATED)
    for what, reason in left_out[:_SHOWN]:
        note(printable(f"left out: {what}: {reason}"))
    if len(left_out) > _SHOWN:
        note(f"left out: {len(left_out) - _SHOWN} more; --json lists all")
    for warning in report.warnings:
        note(printable(f"note: {warning}"))
    files = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    typer.echo(f"Written: {out} ({files})")
