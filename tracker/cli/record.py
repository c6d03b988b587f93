"""`tracker record` and `tracker rest`: a session with sensors."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.cli.workplace import Workplace
    from tracker.session.guide import Step

_SIMULATED = "Record three simulated sensors instead; the result is marked as simulated."


def record(
    exercise: Annotated[str, typer.Option(help="Exercise of the set.")] = "supine_in_toeing",
    side: Annotated[str, typer.Option(help="left, right or both.")] = "both",
    reps: Annotated[int | None, typer.Option(min=1, help="End the set after so many valid ones.")] = None,
    sets: Annotated[int, typer.Option(min=1, max=20, help="Number of sets.")] = 1,
    rest_test: Annotated[bool, typer.Option(help="Begin with reference pose and rest test.")] = True,
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Record a session with the paired sensors: rest test, then sets. Ctrl-C saves what there is.

    Example: tracker record --exercise supine_in_toeing --reps 10 --sets 3
    """
    from tracker.cli.workplace import workplace
    from tracker.errors import UsageError
    from tracker.model import Side
    from tracker.session.guide import rest_test_steps, set_step

    place = workplace(simulated=simulated)
    entry = place.catalogue.find(exercise)
    if side not in list(Side):
        raise UsageError(f"unknown side {side!r}", advice="Use left, right or both.", side=side)
    guide = place.settings.guide
    steps = rest_test_steps(guide) if rest_test else ()
    steps += (set_step(exercise, f"{entry.start_pose} {entry.movement}", Side(side), reps, guide),) * sets
    _run(place, steps, simulated=simulated, as_json=as_json)


def rest(
    simulated: Annotated[bool, typer.Option(help=_SIMULATED)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as one JSON object.")] = False,
) -> None:
    """Measure the resting hip rotation alone: stand, reference pose, rest test.

    Example: tracker rest
    """
    from tracker.cli.workplace import workplace
    from tracker.session.guide import rest_test_steps

    place = workplace(simulated=simulated)
    _run(place, rest_test_steps(place.settings.guide), simulated=simulated, as_json=as_json, rest_only=True)


def _run(
    place: "Workplace", steps: "tuple[Step, ...]", *, simulated: bool, as_json: bool, rest_only: bool = False
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
