"""`tracker sessions edit`: correct what a session says; each change is a revision with its reason."""

from typing import Annotated

import typer

from tracker.cli.session_number import SessionNumber
from tracker.session.session_limits import MAX_HOLD_S, MAX_MINUTES, MAX_REPS, MAX_SETS


def edit(
    number: SessionNumber,
    reason: Annotated[str, typer.Option(help="Why, in one line; it is kept with the correction.")],
    started_at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="When it began, like 2026-11-24T18:30.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="IANA name of the zone it took place in, for example Europe/Berlin.")
    ] = None,
    person_to: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose it is: move it to this person.")
    ] = None,
    rest_left_out: Annotated[
        bool | None,
        typer.Option("--leave-out-rest-tests/--count-rest-tests", help="Whether its rest tests count."),
    ] = None,
    set_number: Annotated[
        int | None,
        typer.Option("--set", min=1, help="The set that is meant, as `tracker sessions show` numbers it."),
    ] = None,
    leg: Annotated[
        str | None,
        typer.Option(
            metavar="left|right", help="Which leg of the set is meant; by hand: which leg it was done with."
        ),
    ] = None,
    exercise: Annotated[str | None, typer.Option(help="The exercise that the set was.")] = None,
    valid_reps: Annotated[
        int | None, typer.Option(min=0, max=MAX_REPS, help="Its valid repetitions.")
    ] = None,
    partial_reps: Annotated[
        int | None, typer.Option(min=0, max=MAX_REPS, help="Its partial repetitions.")
    ] = None,
    left_out: Annotated[
        bool | None, typer.Option("--leave-out/--count", help="Whether the set counts.")
    ] = None,
    as_found: Annotated[
        bool, typer.Option("--as-found", help="Take the corrections of the set back.")
    ] = False,
    sets: Annotated[int | None, typer.Option(min=1, max=MAX_SETS, help="By hand: how many sets.")] = None,
    reps: Annotated[
        int | None, typer.Option(min=1, max=MAX_REPS, help="By hand: repetitions of each set.")
    ] = None,
    hold: Annotated[
        float | None,
        typer.Option(min=0, max=MAX_HOLD_S, help="By hand: seconds each was held; 0 for not held."),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, max=MAX_MINUTES, help="By hand: how long the session took.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what was before the last revision.")
    ] = False,
) -> None:
    """Correct a session. Recording and analyses stay as they are; every correction is kept with its reason.

    Corrections hold for later analyses too. A set done without sensors is meant by its number.

    Example: tracker sessions edit 12 --set 2 --leg left --valid-reps 10 --reason "counted aloud"
    """
    from tracker.cli.sessions_edits import SessionWishes, SetWishes, change_session

    wishes = SessionWishes(started_at, time_zone, person_to, rest_left_out, minutes)
    of_set = SetWishes(
        set_number, leg, exercise, valid_reps, partial_reps, left_out, as_found, sets, reps, hold
    )
    change_session(number, wishes, of_set, reason=reason, undo=undo)
