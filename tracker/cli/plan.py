"""`tracker plan`: what the plan asks for, and why it does or does not change."""

from typing import Annotated

import typer

from tracker.cli import plan_answer, plan_begin
from tracker.cli.person_option import PersonOption
from tracker.cli.session_number import HIGHEST_NUMBER

plan = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

_NO_PLAN = (
    "No plan is on. Begin the shipped one: tracker plan start. Agree on it with a physiotherapist first."
)

_JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@plan.callback()
def show(
    context: typer.Context,
    person: PersonOption = None,
    as_json: _JsonOption = False,
) -> None:
    """Show the plan: this week's exercises, what waits for your yes, and why its rules did or did not act.

    Example: tracker plan
    """
    if context.invoked_subcommand is not None:
        _refuse_options_before(context, context.invoked_subcommand)
        return
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.planning import planner
    from tracker.report.plan_tables import plan_object, plan_tables
    from tracker.session.plan_view import plan_view
    from tracker.session.workplace import workplace

    place = workplace()
    with place.database() as database, database.write() as connection:
        who = planner(connection, person)
        view = plan_view(connection, who.person_id, who.today, place.catalogue)
    if as_json:
        print_json({"plan": None} if view is None else plan_object(view))
    elif view is None:
        typer.echo(_NO_PLAN)
    else:
        print_tables(*plan_tables(view, place.catalogue))


def today(person: PersonOption = None, as_json: _JsonOption = False) -> None:
    """Show what the plan asks for today.

    Example: tracker plan today
    """
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.planning import planner
    from tracker.report.plan_tables import target_object, today_tables, verdict_object
    from tracker.session.plan_state import person_plan
    from tracker.session.plan_targets import targets_for_day
    from tracker.session.workplace import workplace

    place = workplace()
    with place.database() as database, database.write() as connection:
        who = planner(connection, person)
        current = person_plan(connection, who.person_id, who.today)
        targets = targets_for_day(connection, who.person_id, who.today, place.catalogue)
    waiting = () if current is None else current.waiting
    if as_json:
        print_json(
            {
                "day": who.today.isoformat(),
                "plan": None if current is None else current.stored.name,
                "today": [target_object(one) for one in targets],
                "waiting": [verdict_object(one) for one in waiting],
            }
        )
    elif current is None:
        typer.echo(_NO_PLAN)
    else:
        print_tables(*today_tables(who.today, targets, waiting, place.catalogue))


def why(
    session: Annotated[
        int | None, typer.Argument(max=HIGHEST_NUMBER, help="Number of a session; the last one if not given.")
    ] = None,
    person: PersonOption = None,
    as_json: _JsonOption = False,
) -> None:
    """Show what each rule of the plan said after a session, and why.

    Example: tracker plan why 12
    """
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.planning import planner, session_meant
    from tracker.report.plan_tables import verdict_object, verdict_parts
    from tracker.session.workplace import workplace
    from tracker.store.plans import latest_verdicts

    place = workplace()
    with place.database() as database, database.write() as connection:
        who = planner(connection, person)
        plan_id, session_id = session_meant(connection, who, session)
        verdicts = latest_verdicts(connection, plan_id, session_id)
    if as_json:
        print_json({"session_id": session_id, "verdicts": [verdict_object(one) for one in verdicts]})
    elif not verdicts:
        typer.echo(f"The rules judged nothing of session {session_id}: tracker plan review {session_id}")
    else:
        print_tables(*verdict_parts(session_id, verdicts))


def review(
    session: Annotated[
        int | None, typer.Argument(max=HIGHEST_NUMBER, help="Number of a session; the last one if not given.")
    ] = None,
    person: PersonOption = None,
    as_json: _JsonOption = False,
) -> None:
    """Let the rules of the plan judge a session again; what was answered is not asked again.

    Example: tracker plan review 12
    """
    from datetime import UTC, datetime

    from tracker.cli.output import print_json, print_tables
    from tracker.cli.planning import planner, session_meant
    from tracker.report.plan_tables import verdict_object, verdict_parts, waiting_parts
    from tracker.session.plan_review import review_session
    from tracker.session.plan_state import person_plan
    from tracker.session.workplace import workplace

    place = workplace()
    with place.database() as database, database.write() as connection:
        who = planner(connection, person)
        _, session_id = session_meant(connection, who, session)
        verdicts = review_session(connection, who.person_id, session_id, place.catalogue, datetime.now(UTC))
        current = person_plan(connection, who.person_id, who.today)
    own = [one for one in verdicts if one.session_id == session_id]
    if as_json:
        print_json({"session_id": session_id, "verdicts": [verdict_object(one) for one in verdicts]})
    elif not own:
        typer.echo(f"Session {session_id} has no set of an exercise that the plan asked for.")
    else:
        waiting = () if current is None else current.waiting
        print_tables(*verdict_parts(session_id, own), *waiting_parts(waiting))


def _refuse_options_before(context: typer.Context, subcommand: str) -> None:
    """A person named before the subcommand would be passed over, and another one's plan be changed."""
    from tracker.errors import UsageError

    sources = map(context.get_parameter_source, context.params)
    if any(source is not None and source.name == "COMMANDLINE" for source in sources):
        raise UsageError(
            f"options of `tracker plan {subcommand}` stand after its name",
            advice=f"For example: tracker plan {subcommand} --person NAME",
        )


for _name, _command in (
    ("today", today),
    ("why", why),
    ("review", review),
    ("start", plan_begin.start),
    ("end", plan_begin.end),
    ("write", plan_begin.write),
    ("accept", plan_answer.accept),
    ("decline", plan_answer.decline),
    ("resume", plan_answer.resume),
):
    plan.command(_name)(_command)
