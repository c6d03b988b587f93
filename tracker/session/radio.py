"""The radio that sensors are searched on: the machine's own, or a virtual one with simulated sensors."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tracker.sensing.body.sessions import SimulatedSession, demo_session
from tracker.sensing.radio import Radio


@asynccontextmanager
async def any_radio(
    *, simulated: bool, make_body: Callable[[], SimulatedSession] = demo_session
) -> AsyncIterator[Radio]:
    """The system's radio, or one with three simulated sensors that are worn by a simulated body."""
    if not simulated:
        yield Radio()
        return
    check_virtual_radio()
    from tracker.session.simulation import simulated_stage

    async with simulated_stage(make_body()) as stage:
        yield stage.radio


def simulated_session() -> SimulatedSession:
    """The body that simulated sensors are worn by."""
    return demo_session()


def check_virtual_radio() -> None:
    """Refuse where the virtual radio's library is not installed, and keep its warnings to itself.

    Raises:
        UsageError: it is not installed.
    """
    import logging

    from tracker.sensing.virtual import require_virtual_radio

    require_virtual_radio()
    # It warns of handles of links that are already gone, which means nothing to a person.
    logging.getLogger("bumble").setLevel(logging.ERROR)
