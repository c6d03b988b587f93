"""One session from the safety questions before it to the plan's proposals after it.

Nothing is asked before recording and analysis are stored, and no answer can undo them.
"""

import asyncio

from tracker.cli.live_screen import LiveScreen
from tracker.cli.output import SIMULATED, note, print_json, print_tables
from tracker.cli.person_option import person_of
from tracker.cli.recording import record_on
from tracker.cli.recording import simulated as simulated_sensors
from tracker.cli.results import analysis_tables
from tracker.cli.session_questions import after_session, before_session
from tracker.recording.damage import Damage
from tracker.report.replay_document import replay_document
from tracker.sensing.body.sessions import rest_session
from tracker.session.keeping import StoreKeeper
from tracker.session.live import LiveOutcome
from tracker.session.replay import Replay
from tracker.session.sensor_session import StepMaker, WornSession, paired, worn_session
from tracker.session.workplace import Workplace
from tracker.store.database import Database


def run_session(
    place: Workplace,
    steps: StepMaker,
    person_name: str | None,
    *,
    simulated: bool,
    as_json: bool,
    rest_only: bool = False,
) -> None:
    """Record, keep and show one session; with real sensors also ask before and after it.

    Args:
        rest_only: nothing is trained: nobody is asked how hard it was, and the plan says nothing.

    Raises:
        RefusedError: the safety questions stand against it.
        TrackerError: it could not be recorded, or not to its end.
    """
    with place.database() as database:
        if simulated:
            _run_simulated(database, place, as_json=as_json, rest_only=rest_only)
        else:
            _run_real(database, place, steps, person_name, as_json=as_json, rest_only=rest_only)


def _run_simulated(database: Database, place: Workplace, *, as_json: bool, rest_only: bool) -> None:
    note(f"{SIMULATED} It is kept apart, in {place.home.folder}.")
    keeper = StoreKeeper(database, place.home)

    async def run() -> LiveOutcome:
        body = rest_session() if rest_only else None
        with LiveScreen(simulated=True, quiet=as_json) as screen:
            async with simulated_sensors(place, body) as stage:
                return await record_on(stage, place, screen, keeper)

    outcome = asyncio.run(run())
    _show(outcome, as_json=as_json)
    if outcome.failure is not None:
        raise outcome.failure


def _run_real(
    database: Database,
    place: Workplace,
    steps: StepMaker,
    person_name: str | None,
    *,
    as_json: bool,
    rest_only: bool,
) -> None:
    with database.write() as connection:
        person = person_of(connection, person_name)
    session = worn_session(database, place, steps)
    said = before_session(database, person, as_json=as_json)
    keeper = StoreKeeper(database, place.home, person.name)
    outcome = asyncio.run(_recorded(place, session, keeper, quiet=as_json))
    _show(outcome, as_json=as_json)
    if outcome.failure is not None:
        raise outcome.failure
    if keeper.session_id is not None:
        after_session(
            database, person, keeper.session_id, place.catalogue, said, as_json=as_json, trained=not rest_only
        )


async def _recorded(
    place: Workplace, session: WornSession, keeper: StoreKeeper, *, quiet: bool
) -> LiveOutcome:
    with LiveScreen(simulated=False, quiet=quiet) as screen:
        async with paired(place, session) as stage:
            return await record_on(stage, place, screen, keeper)


def _show(outcome: LiveOutcome, *, as_json: bool) -> None:
    result = Replay(outcome.header, outcome.path, outcome.analysis, outcome.parameters, Damage())
    if as_json:
        print_json(replay_document(result))
    else:
        print_tables("", *analysis_tables(result), f"Replay it: tracker replay {outcome.path}")
