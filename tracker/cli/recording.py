"""Recording a session from the command line: Ctrl-C at any moment saves what there is."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from tracker import __version__
from tracker.cli.live_screen import LiveScreen
from tracker.cli.radio import check_virtual_radio, simulated_session
from tracker.cli.workplace import Workplace
from tracker.errors import TrackerError, UsageError
from tracker.local_time import local_time_zone
from tracker.model import PhaseKind, Placement, SensorIdentity, Side, WallClockAnchor
from tracker.recording.header import RecordingHeader
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.sessions import SimulatedSession
from tracker.sensing.source import SensorSource
from tracker.session.analyser import AnalysisParameters
from tracker.session.guide import Conductor, Step, StepConductor
from tracker.session.keeping import StoreKeeper, recording_path
from tracker.session.live import LiveOutcome, LiveSession
from tracker.store.sensors import paired_sensors

_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_BOUNCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where sensors come from, and who leads through the session."""

    source: SensorSource
    make_conductor: Callable[[Callable[[], float]], Conductor]
    simulated: bool


@asynccontextmanager
async def simulated(place: Workplace, session: SimulatedSession | None = None) -> AsyncIterator[Stage]:
    """Three simulated sensors on a virtual radio, reached through the same client as real ones."""
    check_virtual_radio()
    from tracker.session.simulation import simulated_stage

    async with simulated_stage(session or simulated_session()) as stage:
        source = BluetoothSource(stage.addresses, place.settings.link, stage.radio)
        yield Stage(source, stage.make_conductor, True)


StepMaker: TypeAlias = Callable[[frozenset[Placement]], tuple[Step, ...]]
"""The steps of a session for sensors that are worn at some places."""


@asynccontextmanager
async def paired(place: Workplace, steps_for: StepMaker) -> AsyncIterator[Stage]:
    """The sensors that were paired, and a guide through the steps."""
    with place.database() as database, database.read() as connection:
        sensors = paired_sensors(connection)
    if not sensors:
        raise UsageError(
            "no sensor is paired",
            advice="Say which sensor is worn where: tracker pair (or try it out: --simulated).",
        )
    steps = steps_for(frozenset(sensors))
    _check_worn(frozenset(sensors), place, steps)
    source = BluetoothSource(
        {placement: identity.sensor_id for placement, identity in sensors.items()}, place.settings.link
    )

    def make_conductor(_now_s: Callable[[], float]) -> Conductor:
        return StepConductor(steps, place.settings.guide)

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


async def record_on(stage: Stage, place: Workplace, screen: LiveScreen, keeper: StoreKeeper) -> LiveOutcome:
    """Record one session and keep it; what could be recorded is kept whatever happens."""
    place.home.create()
    path = recording_path(place.home, datetime.now(UTC))

    def make_header(anchor: WallClockAnchor) -> RecordingHeader:
        return header_for(anchor, simulated=stage.simulated)

    def prepare(sensors: Mapping[Placement, SensorIdentity]) -> AnalysisParameters:
        return keeper.prepare(place.analysis, sensors, simulated=stage.simulated)

    session = LiveSession(stage.source, path, make_header, prepare, stage.make_conductor, keeper, screen.show)
    screen.say("Searching for the sensors and connecting them ...")
    with stopping_on_interrupt(session.stop):
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


@contextlib.contextmanager
def stopping_on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, a polite kill and a closed window end the session properly.

    One more a second later breaks off; what comes sooner is a bouncing key or a wrapper that passes it on.
    """
    loop = asyncio.get_running_loop()
    caught: list[signal.Signals] = []
    first_s: float | None = None

    def on_signal(number: signal.Signals) -> None:
        nonlocal first_s
        if first_s is None:
            first_s = loop.time()
            stop()
        elif loop.time() - first_s > _BOUNCE_S:
            loop.remove_signal_handler(number)
            signal.raise_signal(number)

    for number in _STOPPING:
        # Windows has no such handlers; there Ctrl-C raises KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, on_signal, number)
            caught.append(number)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
