"""`tracker record` and `tracker rest`: a session with sensors."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.cli.recording import StepMaker
    from tracker.cli.workplace import Workplace
    from tracker.model import Placement, ReferenceRecipe, Side
    from tracker.session.guide import GuideParameters

_SIMULATED = "Record three simulated sensors in one fixed session instead; the result is marked as simulated."
_REFERENCE = "How the reference pose is made neutral: patella_up, foot_block or hanging_shank."
_REPEATS = "How often reference pose and rest test are done; the middle value counts."
_KNEE_LIFT = "Lift the knees first, or none: shows swapped or upside-down sensors. Default: one of two."


def record(
    context: typer.Context,
    exercise: Annotated[str, typer.Option(help="Exercise of the set.")] = "supine_in_toeing",
    side: Annotated[str, typer.Option(help="left, right or both.")] = "both",
    reps: Annotated[int | None, typer.Option(min=1, help="End the set after so many valid ones.")] = None,
    sets: Annotated[int, typer.Option(min=1, max=20, help="Number of sets.")] = 1,
    demonstrate: Annotated[
        bool, typer.Option(help="Show three repetitions first: your own range, which sets are held against.")
    ] = False,
    rest_test: Annotated[bool, typer.Option(help="Begin with reference pose and rest test.")] = True,
    reference: Annotated[str | None, typer.Option(help=_REFERENCE)] = None,
    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None,
    knee_lift: Annotated[bool | None, typer.Option(help=_KNEE_LIFT)] = None,
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Record a session with the paired sensors: rest test, then sets. Ctrl-C saves what there is.

    Example: tracker record --exercise supine_in_toeing --reps 10 --sets 3
    """
    from tracker.cli.workplace import workplace
    from tracker.errors import UsageError
    from tracker.model import Placement, Side
    from tracker.session.guide import Step, demonstration_step, knee_lift_steps, rest_test_steps, set_step

    if simulated:
        _refuse_other_options(context)
    place = workplace(simulated=simulated)
    entry = place.catalogue.find(exercise)
    if side not in list(Side):
        raise UsageError(f"unknown side {side!r}", advice="Use left, right or both.", side=side)
    recipe, guide, leg = _recipe(reference, place), place.settings.guide, Side(side)
    text = f"{entry.start_pose} {entry.movement}"

    def steps(worn: frozenset[Placement]) -> tuple[Step, ...]:
        made = list(knee_lift_steps(_lifted(knee_lift, worn, leg), guide))
        if rest_test:
            times = _repeats(repeats, guide)
            made += rest_test_steps(guide, recipe, times, pelvis_worn=Placement.PELVIS in worn)
        if demonstrate:
            made.append(demonstration_step(exercise, text, leg, guide))
        return (*made, *(set_step(exercise, text, leg, reps, guide),) * sets)

    _run(place, steps, simulated=simulated, as_json=as_json)


def rest(
    context: typer.Context,
    reference: Annotated[str | None, typer.Option(help=_REFERENCE)] = None,
    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None,
    knee_lift: Annotated[bool | None, typer.Option(help=_KNEE_LIFT)] = None,
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Measure the resting hip rotation alone: stand, then reference pose and rest test three times.

    Example: tracker rest --reference foot_block
    """
    from tracker.cli.workplace import workplace
    from tracker.model import Placement, Side
    from tracker.session.guide import Step, knee_lift_steps, rest_test_steps

    if simulated:
        _refuse_other_options(context)
    place = workplace(simulated=simulated)
    recipe, guide = _recipe(reference, place), place.settings.guide

    def steps(worn: frozenset[Placement]) -> tuple[Step, ...]:
        lifts = knee_lift_steps(_lifted(knee_lift, worn, Side.BOTH), guide)
        times = _repeats(repeats, guide)
        return (*lifts, *rest_test_steps(guide, recipe, times, pelvis_worn=Placement.PELVIS in worn))

    _run(place, steps, simulated=simulated, as_json=as_json, rest_only=True)


def _refuse_other_options(context: typer.Context) -> None:
    """The simulated body plays one fixed session: what asks for another one would be ignored silently."""
    from tracker.errors import UsageError

    asked = []
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in ("simulated", "as_json") or source is None or source.name != "COMMANDLINE":
            continue
        is_off = context.params[parameter.name] is False
        asked.append(parameter.secondary_opts[0] if is_off else parameter.opts[0])
    if asked:
        raise UsageError(
            f"--simulated plays one fixed session: {', '.join(asked)} cannot be had with it",
            advice="Leave the one or the other out.",
            options=asked,
        )


def _recipe(name: str | None, place: "Workplace") -> "ReferenceRecipe":
    from tracker.errors import UsageError
    from tracker.model import ReferenceRecipe
    from tracker.session.guide import THIGH_RECIPES

    if name is None:
        return place.settings.motion.alignment.reference_recipe
    if name not in THIGH_RECIPES:
        known = ", ".join(THIGH_RECIPES)
        raise UsageError(f"unknown reference pose {name!r}", advice=f"Use one of: {known}.", reference=name)
    return ReferenceRecipe(name)


def _repeats(asked: int | None, guide: "GuideParameters") -> int:
    return guide.rest_repeats if asked is None else asked


def _lifted(asked: bool | None, worn: "frozenset[Placement]", side: "Side") -> "list[Side]":
    """The knees to lift: where nothing is asked for, one that tells whether left and right are swapped."""
    from tracker.model import THIGH_SIDES, Side

    if asked is None:
        thighs = [placement for placement in Side.BOTH.thighs if placement in worn]
        return [THIGH_SIDES[thighs[0]]] if len(thighs) > 1 else []
    return [THIGH_SIDES[placement] for placement in side.thighs if asked and placement in worn]


def _run(
    place: "Workplace", steps: "StepMaker", *, simulated: bool, as_json: bool, rest_only: bool = False
) -> None:
    import asyncio

    from tracker.cli.live_screen import LiveScreen
    from tracker.cli.output import SIMULATED, note, print_json, print_tables
    from tracker.cli.recording import paired, record_on
    from tracker.cli.recording import simulated as simulated_sensors
    from tracker.cli.results import analysis_tables
    from tracker.recording.damage import Damage
    from tracker.report.replay_document import replay_document
    from tracker.sensing.body.sessions import rest_session
    from tracker.session.keeping import StoreKeeper
    from tracker.session.live import LiveOutcome
    from tracker.session.replay import Replay

    async def run() -> LiveOutcome:
        body = rest_session() if rest_only else None
        stage_of = simulated_sensors(place, body) if simulated else paired(place, steps)
        with place.database() as database, LiveScreen(simulated=simulated, quiet=as_json) as screen:
            async with stage_of as stage:
                return await record_on(stage, place, screen, StoreKeeper(database, place.home))

    if simulated:
        note(f"{SIMULATED} It is kept apart, in {place.home.folder}.")
    outcome = asyncio.run(run())
    result = Replay(outcome.header, outcome.path, outcome.analysis, outcome.parameters, Damage())
    if as_json:
        print_json(replay_document(result))
    else:
        print_tables("", *analysis_tables(result), f"Replay it: tracker replay {outcome.path}")
    if outcome.failure is not None:
        raise outcome.failure
