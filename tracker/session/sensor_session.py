"""A session with sensors, real or simulated: what it needs before it begins, how it is recorded and kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from tracker import __version__
from tracker.errors import TrackerError, UsageError
from tracker.local_time import local_time_zone
from tracker.model import PhaseKind, Placement, SensorIdentity, Side, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.source import SensorSource
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.guide import Conductor, Step
from tracker.session.keeping import StoreKeeper, recording_path
from tracker.session.live import LiveOutcome, LiveSession, View
from tracker.session.steered_guide import StepConductor
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.sensors import paired_sensors


@dataclass(frozen=True, slots=True)
class Stage:
    """Where sensors come from, and who leads through the session."""

    source: SensorSource
    make_conductor: Callable[[Callable[[], float]], Conductor]
    simulated: bool


StepMaker: TypeAlias = Callable[[frozenset[Placement]], tuple[Step, ...]]
"""The steps of a session for sensors that are worn at some places."""


@dataclass(frozen=True, slots=True)
class WornSession:
    """A session with real sensors that can begin: who is worn where, and what is asked for."""

    sensors: Mapping[Placement, SensorIdentity]
    steps: tuple[Step, ...]


def worn_session(database: Database, place: Workplace, steps_for: StepMaker) -> WornSession:
    """The paired sensors with the steps of a session.

    Raises:
        UsageError: no sensor is paired, or a step needs one that is not.
    """
    with database.read() as connection:
        sensors = paired_sensors(connection)
    if not sensors:
        raise UsageError(
            "no sensor is paired",
            advice="Say which sensor is worn where: tracker pair (or try it out: --simulated).",
        )
    steps = steps_for(frozenset(sensors))
    _check_worn(frozenset(sensors), place, steps)
    return WornSession(sensors, steps)


@asynccontextmanager
async def paired(
    place: Workplace, session: WornSession, guide: Conductor | None = None
) -> AsyncIterator[Stage]:
    """The sensors that were paired, and a guide: one through the steps where none is given."""
    source = BluetoothSource(
        {placement: identity.sensor_id for placement, identity in session.sensors.items()},
        place.settings.link,
    )

    def make_conductor(_now_s: Callable[[], float]) -> Conductor:
        return guide or StepConductor(session.steps, place.settings.guide)

    yield Stage(source, make_conductor, False)


def _check_worn(worn: frozenset[Placement], place: Workplace, steps: tuple[Step, ...]) -> None:
    """Refuse before anybody lies down for nothing: each step needs a sensor where it measures."""
    needed = {placement for step in steps for placement in _needed(place, step, worn)}
    missing = sorted(needed - worn, key=list(Placement).index)
    if missing:
        names = ", ".join(placement.value for placement in missing)
        raise UsageError(
            f"no sensor is paired at {names}",
            advice="Pair one there (tracker pair), or choose the side that wears one (--side).",
            missing=[placement.value for placement in missing],
        )


def _needed(place: Workplace, step: Step, worn: frozenset[Placement]) -> tuple[Placement, ...]:
    thighs = (step.side or Side.BOTH).thighs
    if step.kind in (PhaseKind.SET, PhaseKind.DEMONSTRATION):
        placements = place.catalogue.find(step.exercise or "").placements
        return tuple(one for one in placements if one in thighs or one is Placement.PELVIS)
    # One thigh is enough for a rest test: its own leg is measured.
    return () if worn & frozenset(thighs) else thighs


def live_session(stage: Stage, place: Workplace, keeper: StoreKeeper, view: View) -> LiveSession:
    """A session that can be run, with a new recording in the home folder.

    Raises:
        StorageError: the folder cannot be made.
    """
    place.home.create()

    def make_header(anchor: WallClockAnchor) -> RecordingHeader:
        return header_for(anchor, simulated=stage.simulated)

    def prepare(sensors: Mapping[Placement, SensorIdentity]) -> AnalysisParameters:
        return keeper.prepare(place.analysis, sensors, simulated=stage.simulated)

    path = recording_path(place.home, datetime.now(UTC))
    return LiveSession(stage.source, path, make_header, prepare, stage.make_conductor, keeper, view)


async def run_and_keep(session: LiveSession, keeper: StoreKeeper) -> LiveOutcome:
    """Run a session and keep it; what could be recorded is kept whatever happens."""
    outcome = await session.run()
    try:
        await asyncio.to_thread(keeper.finish, outcome)
    except TrackerError as error:
        # The result is shown all the same, and the recording is on the disk.
        return replace(outcome, failure=outcome.failure or error)
    return outcome


def header_for(anchor: WallClockAnchor, *, simulated: bool) -> RecordingHeader:
    """What a recording that begins now says of itself."""
    local = datetime.fromtimestamp(anchor.wall_ns // 1_000_000_000, UTC).astimezone()
    offset = local.utcoffset()
    return RecordingHeader(
        anchor=anchor,
        software_version=__version__,
        simulated=simulated,
        time_zone=local_time_zone(),
        utc_offset_s=0 if offset is None else int(offset.total_seconds()),
    )
