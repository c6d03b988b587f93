"""`tracker reanalyze`: the present algorithms over all recordings."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.person_option import PersonOption
from tracker.cli.session_number import HIGHEST_NUMBER

if TYPE_CHECKING:
    from tracker.session.reanalysis import Due, Reanalysed


def reanalyze(
    sessions: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[SESSION]...",
            min=1,
            max=HIGHEST_NUMBER,
            help="Only these, by number; all where none is given.",
        ),
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="The sessions of all persons.")] = False,
    person: PersonOption = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="How many to measure at once; default: one for each processor."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change, and store nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Analyse recordings again with the present version and settings, and say what that changes.

    Older analyses are kept. Sessions that are up to date are left out, so after a stop it goes on where it
    was. Exits with 1 where a recording cannot be measured; its analysis stays as it is.

    Example: tracker reanalyze --dry-run
    """
    from tracker.cli.output import note, print_json, print_tables, progress_bar
    from tracker.cli.person_option import person_of
    from tracker.errors import LossError
    from tracker.progress.analysis_changes import analysis_changes
    from tracker.progress.reanalysis_summary import summarise, summary_object
    from tracker.report.reanalysis_tables import reanalysis_tables
    from tracker.session.measuring_pool import present_jobs
    from tracker.session.reanalysis import due_sessions, reanalyse
    from tracker.session.workplace import workplace

    place = workplace()
    with place.database() as database:
        with database.write() as connection:
            whose = None if everybody or sessions else person_of(connection, person).person_id
            due = due_sessions(
                connection, place.home, place.analysis, person_id=whose, sessions=sessions or None
            )
        changes, refused = [], []
        work = reanalyse(
            database, due.sessions, place.analysis, jobs=jobs or present_jobs(), store=not dry_run
        )
        with progress_bar("analysing again") as progress, closing(work) as results:
            try:
                for done, one in enumerate(results, 1):
                    progress(done / len(due.sessions))
                    if one.after is not None:
                        changes.append(analysis_changes(one.session_id, one.before, one.after))
                    elif one.refused:
                        refused.append(one)
            except (KeyboardInterrupt, SystemExit):
                share = f"{len(changes)} of {len(due.sessions)} sessions"
                kept = "looked at" if dry_run else "done and kept; the same command goes on"
                note(f"stopped: {share} are {kept}")
                raise
    elsewhere = len(due.sessions) - len(changes) - len(refused)
    summary = summarise(changes)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "analysed": len(changes),
                "analysed_elsewhere": elsewhere,
                **_left_object(due, refused),
                "changes": summary_object(summary),
            }
        )
    else:
        print_tables(*_head_lines(due, len(changes), elsewhere, dry_run=dry_run), *reanalysis_tables(summary))
        print_tables(*(f"Session {one.session_id}: {one.refused}" for one in refused))
    if refused:
        numbers = ", ".join(str(one.session_id) for one in refused)
        raise LossError(
            f"not every recording could be measured again: session {numbers}",
            advice="Their analyses stay. `tracker recover` saves what is whole of a damaged file.",
            sessions=[one.session_id for one in refused],
        )


def _head_lines(due: "Due", analysed: int, elsewhere: int, *, dry_run: bool) -> list[str]:
    if not due.sessions and not due.being_recorded:
        return ["Every session is up to date."]
    lines = [f"{analysed} sessions {'would be analysed' if dry_run else 'were analysed'} again."]
    if elsewhere:
        lines.append(f"{elsewhere} were analysed by another program meanwhile.")
    if due.up_to_date:
        lines.append(f"{len(due.up_to_date)} are up to date.")
    if due.being_recorded:
        lines.append(f"Left alone, being recorded: {', '.join(map(str, due.being_recorded))}")
    return lines


def _left_object(due: "Due", refused: "list[Reanalysed]") -> dict[str, object]:
    return {
        "up_to_date": len(due.up_to_date),
        "being_recorded": list(due.being_recorded),
        "not_measured": [
            {"session_id": one.session_id, "recording": str(one.file), "reason": one.refused}
            for one in refused
        ],
    }
