"""`tracker record` and `tracker rest`: a session with sensors."""

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.person_option import PersonOption

if TYPE_CHECKING:
    from tracker.model import Placement
    from tracker.session.guide import Step
    from tracker.session.workplace import Workplace

_SIMULATED = "Record three simulated sensors in one fixed session instead; the result is marked as simulated."
_REFERENCE = "How the reference pose is made neutral: patella_up, foot_block or hanging_shank."
_PLAN = "Do what your plan asks for today, one exercise after the other, in place of --exercise."
_REPEATS = "How often reference pose and rest test are done; the middle value counts."
_KNEE_LIFT = "Lift the knees first, or none: shows swapped or upside-down sensors. Default: one of two."


def record(
    context: typer.Context,
    exercise: Annotated[str, typer.Option(help="Exercise of the set.")] = "supine_in_toeing",
    side: Annotated[str, typer.Option(help="left, right or both.")] = "both",
    reps: Annotated[int | None, typer.Option(min=1, help="End the set after so many valid ones.")] = None,
    sets: Annotated[int, typer.Option(min=1, max=20, help="Number of sets.")] = 1,
    plan: Annotated[bool, typer.Option("--plan", help=_PLAN)] = False,
    demonstrate: Annotated[
        bool, typer.Option(help="Show three repetitions first: your own range, which sets are held against.")
    ] = False,
    rest_test: Annotated[bool, typer.Option(help="Begin with reference pose and rest test.")] = True,
    reference: Annotated[str | None, typer.Option(help=_REFERENCE)] = None,
    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None,
    knee_lift: Annotated[bool | None, typer.Option(help=_KNEE_LIFT)] = None,
    person: PersonOption = None,
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Record a session with the paired sensors: rest test, then sets. Ctrl-C saves what there is.

    Before it the safety questions are asked where they are due, after it how it felt.

    Example: tracker record --exercise supine_in_toeing --reps 10 --sets 3
    """
    from tracker.cli.recorded_session import run_session
    from tracker.session.asked_session import AskedSession, asked_steps, recipe_named, side_named
    from tracker.session.workplace import workplace

    if simulated:
        _refuse_other_options(context)
    if plan:
        _refuse_beside_plan(context)
    place = workplace(simulated=simulated)
    place.catalogue.find(exercise)
    asked = AskedSession(
        exercise=None if plan else exercise,
        side=side_named(side),
        repetitions=reps,
        sets=sets,
        demonstrate=demonstrate,
        rest_test=rest_test,
        recipe=recipe_named(reference),
        repeats=repeats,
        knee_lift=knee_lift,
    )

    def steps(worn: "frozenset[Placement]") -> "tuple[Step, ...]":
        todays = _todays_steps(place, person, worn, demonstrate=demonstrate) if plan else ()
        return asked_steps(asked, worn, place, todays)

    run_session(place, steps, person, simulated=simulated, as_json=as_json)


def rest(
    context: typer.Context,
    reference: Annotated[str | None, typer.Option(help=_REFERENCE)] = None,
    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None,
    knee_lift: Annotated[bool | None, typer.Option(help=_KNEE_LIFT)] = None,
    person: PersonOption = None,
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Measure the resting hip rotation alone: stand, then reference pose and rest test three times.

    Example: tracker rest --reference foot_block
    """
    from tracker.cli.recorded_session import run_session
    from tracker.session.asked_session import AskedSession, asked_steps, recipe_named
    from tracker.session.workplace import workplace

    if simulated:
        _refuse_other_options(context)
    place = workplace(simulated=simulated)
    asked = AskedSession(recipe=recipe_named(reference), repeats=repeats, knee_lift=knee_lift)

    def steps(worn: "frozenset[Placement]") -> "tuple[Step, ...]":
        return asked_steps(asked, worn, place)

    run_session(place, steps, person, simulated=simulated, as_json=as_json, rest_only=True)


def _refuse_other_options(context: typer.Context) -> None:
    """The simulated body plays one fixed session: what asks for another one would be ignored silently."""
    asked = _asked_for(context, but=("simulated", "as_json"))
    if asked:
        from tracker.errors import UsageError

        raise UsageError(
            f"--simulated plays one fixed session: {', '.join(asked)} cannot be had with it",
            advice="Leave the one or the other out.",
            options=asked,
        )


def _refuse_beside_plan(context: typer.Context) -> None:
    """The plan says which sets are done."""
    own = ("exercise", "side", "reps", "sets")
    asked = _asked_for(context, but=tuple(name for name in context.params if name not in own))
    if asked:
        from tracker.errors import UsageError

        raise UsageError(
            f"--plan says which sets are done: {', '.join(asked)} cannot be had with it",
            advice="Leave the one or the other out.",
            options=asked,
        )


def _asked_for(context: typer.Context, *, but: tuple[str, ...]) -> list[str]:
    """The options that were given on the command line, as they were written."""
    asked = []
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in but or source is None or source.name != "COMMANDLINE":
            continue
        is_off = context.params[parameter.name] is False
        asked.append(parameter.secondary_opts[0] if is_off else parameter.opts[0])
    return asked


def _todays_steps(
    place: "Workplace", person_name: str | None, worn: "frozenset[Placement]", *, demonstrate: bool
) -> "tuple[Step, ...]":
    """What the plan asks for today; what no worn sensor can count is named."""
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.session.asked_session import todays_steps

    with place.database() as database, database.write() as connection:
        person = person_of(connection, person_name)
        todays = todays_steps(connection, person, worn, place, demonstrate=demonstrate)
    for target in todays.left_out:
        note(
            f"{target.exercise} is left out: no sensor is paired where it is counted. Do it without, and "
            "tell it: tracker sessions add"
        )
    return todays.steps
