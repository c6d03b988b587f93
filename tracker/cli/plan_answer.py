"""`tracker plan accept`, `decline` and `resume`: the person's say in what becomes different."""

from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption

_Number = Annotated[int, typer.Argument(help="Number of the proposal, as `tracker plan` shows it.")]


def accept(number: _Number, person: PersonOption = None) -> None:
    """Say yes to a change that a rule of the plan asks for.

    Example: tracker plan accept 12
    """
    _answer(number, person, accepted=True)


def decline(number: _Number, person: PersonOption = None) -> None:
    """Say no to a change that a rule of the plan asks for; it is not asked again until the next session.

    Example: tracker plan decline 12
    """
    _answer(number, person, accepted=False)


def resume(
    name: Annotated[
        str, typer.Argument(help="Name of the exercise in the plan, as `tracker plan` shows it.")
    ],
    person: PersonOption = None,
) -> None:
    """Take an exercise up again that was left out, one level below where it was.

    Example: tracker plan resume seated
    """
    from datetime import UTC, datetime

    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.planning import planner
    from tracker.session.plan_answers import take_up_again

    with open_home_database() as database, database.write() as connection:
        who = planner(connection, person)
        change = take_up_again(connection, who.person_id, who.today, name, datetime.now(UTC))
    at = "" if change.strength is None else f", with {change.strength.text}"
    note(f"{name} is asked for again{at}.")


def _answer(number: int, person: str | None, *, accepted: bool) -> None:
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.planning import planner
    from tracker.session.plan_answers import answer_proposal

    with open_home_database() as database, database.write() as connection:
        who = planner(connection, person)
        proposal = answer_proposal(connection, who.person_id, who.today, number, accept=accepted)
    done = "It holds from now on." if accepted else "Nothing changes; the next session is judged anew."
    note(f"{proposal.prescription or 'the plan'}: {proposal.reason}\n{done}")
