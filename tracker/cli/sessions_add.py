"""`tracker sessions add`: a session that was done without sensors."""

from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption
from tracker.session.session_limits import MAX_HOLD_S, MAX_MINUTES, MAX_REPS, MAX_SETS


def add(
    started_at: Annotated[str, typer.Option(metavar="WHEN", help="When it began, like 2026-11-24T18:30.")],
    minutes: Annotated[float, typer.Option(min=0, max=MAX_MINUTES, help="How long it took.")],
    exercise: Annotated[
        str | None, typer.Option(help="What was done; `tracker exercises` lists them.")
    ] = None,
    side: Annotated[
        str | None, typer.Option(metavar="left|right|both", help="With which leg; with both: each in turn.")
    ] = None,
    sets: Annotated[int, typer.Option(min=1, max=MAX_SETS, help="How many sets, of each leg.")] = 1,
    reps: Annotated[
        int | None, typer.Option(min=1, max=MAX_REPS, help="Repetitions, or holds, of each set.")
    ] = None,
    hold: Annotated[
        float | None, typer.Option(min=0, max=MAX_HOLD_S, help="Seconds that each was held.")
    ] = None,
    done: Annotated[
        list[str] | None,
        typer.Option(
            help="Another exercise in short: NAME, leg, SETSxREPS and the hold, such as "
            '"pelvic_neutral_isometric 2x5 20s". Give it as often as needed.'
        ),
    ] = None,
    notes: Annotated[str | None, typer.Option(help="What there is to say about it.")] = None,
    person: PersonOption = None,
) -> None:
    """Add a session that was done without sensors. It is marked as by hand wherever it is shown.

    Example: tracker sessions add --exercise reverse_clamshell --side left --sets 3 --reps 10 \
--started-at 2026-11-24T18:30 --minutes 20
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.cli.sessions_told import told_by_options
    from tracker.home import home_from_environment
    from tracker.plan.catalogue import load_catalogue
    from tracker.session.told_session import add_told

    told = told_by_options(exercise, side, sets, reps, hold, done or [])
    with open_home_database() as database, database.write() as connection:
        whose = person_of(connection, person)
        catalogue = load_catalogue(home_from_environment())
        number = add_told(connection, whose, catalogue, started_at, minutes, told, notes)
    note(f"Kept as session {number}, by hand. Say how it felt: tracker feel {number}")
