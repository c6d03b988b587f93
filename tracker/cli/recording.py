"""Recording a session from the command line: Ctrl-C at any moment saves what there is."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

from tracker.cli.live_screen import LiveScreen
from tracker.sensing.bluetooth_source import BluetoothSource
from tracker.sensing.body.sessions import SimulatedSession
from tracker.session.keeping import StoreKeeper
from tracker.session.live import LiveOutcome
from tracker.session.radio import check_virtual_radio, simulated_session
from tracker.session.sensor_session import Stage, live_session, run_and_keep
from tracker.session.workplace import Workplace

_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_BOUNCE_S = 1.0


@asynccontextmanager
async def simulated(place: Workplace, session: SimulatedSession | None = None) -> AsyncIterator[Stage]:
    """Three simulated sensors on a virtual radio, reached through the same client as real ones."""
    check_virtual_radio()
    from tracker.session.simulation import simulated_stage

    async with simulated_stage(session or simulated_session()) as stage:
        source = BluetoothSource(stage.addresses, place.settings.link, stage.radio)
        yield Stage(source, stage.make_conductor, True)


async def record_on(stage: Stage, place: Workplace, screen: LiveScreen, keeper: StoreKeeper) -> LiveOutcome:
    """Record one session and keep it; what could be recorded is kept whatever happens."""
    session = live_session(stage, place, keeper, screen.show)
    screen.say("Searching for the sensors and connecting them ...")
    with stopping_on_interrupt(session.stop):
        return await run_and_keep(session, keeper)


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
