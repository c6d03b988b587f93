"""Serves the real app on simulated sensors, for tests; told by lines on its standard input what goes wrong.

    served_app.py FOLDER [HOST] [--paired] [--log FILE]

With --paired it is as without simulation: safety questions are asked, and only paired sensors would be used.
With --log everything down to the finest that is logged goes to a file.

    lose PLACEMENT SECONDS    the link of that sensor breaks, and it is heard again after so long
    restless COUNT            so many of the rest tests that come are spoilt by moving

Every command is answered by `done` or `failed: why` in a line. It ends with its standard input.
"""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tracker.app.access.passphrase import PassphraseFile
from tracker.app.engine.running import Engine
from tracker.app.engine.watched_guide import WatchedGuide
from tracker.app.server import LOCAL_HOST, Address, serve
from tracker.app.site import Site
from tracker.errors import TrackerError
from tracker.home import Home
from tracker.model import Placement
from tracker.sensing.body.following import FollowingBody
from tracker.session.radio import check_virtual_radio
from tracker.session.sensor_session import Stage, WornSession
from tracker.session.simulated_following import FollowingStage, following_stage
from tracker.session.workplace import Workplace, workplace


class Stages:
    """Makes the stage of each session, and remembers the one that is on."""

    def __init__(self) -> None:
        self._on: FollowingStage | None = None
        self._restless = 0

    @asynccontextmanager
    async def __call__(
        self, place: Workplace, session: WornSession, guide: WatchedGuide, *, simulated: bool
    ) -> AsyncIterator[Stage]:
        """The stage of a session on a body that follows."""
        if not (simulated and session.steps):
            raise ValueError("only simulated sessions can be served here")
        body = FollowingBody(restless_rests=self._restless)
        self._restless = 0
        async with following_stage(place, lambda _now_s: guide, guide.steered.position, body) as stage:
            self._on = stage
            try:
                yield stage
            finally:
                self._on = None

    async def lose(self, placement: str, away_s: str) -> None:
        """Break the link of a sensor."""
        if self._on is None:
            raise ValueError("no session runs")
        await self._on.sensors[Placement(placement)].leave(float(away_s))

    async def restless(self, count: str) -> None:
        """Spoil rest tests of the session that is on, or of the next one."""
        if self._on is None:
            self._restless = int(count)
        else:
            self._on.body.restless_rests = int(count)


async def obey(stages: Stages) -> None:
    """Follow commands until there are no more."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    commands: dict[str, Callable[..., Awaitable[None]]] = {"lose": stages.lose, "restless": stages.restless}
    while line := await reader.readline():
        name, *values = line.decode().split()
        try:
            await commands[name](*values)
        except (KeyError, TypeError, ValueError) as error:
            say(f"failed: {error!r}")
        else:
            say("done")


def say(line: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def run(folder: Path, host: str, *, simulated: bool) -> None:
    """Serve until the standard input ends."""
    check_virtual_radio()
    place, stages = workplace(Home(folder), simulated=simulated), Stages()
    with place.database() as database:
        engine = Engine(place, database, simulated=simulated, make_stage=stages)
        site = Site(place, database, engine, simulated=simulated)
        passphrase = PassphraseFile(Home(folder))
        serving = asyncio.create_task(
            serve(site, Address(host, 0), passphrase, lambda address: say(f"ready {address}"))
        )
        obeying = asyncio.create_task(obey(stages))
        await asyncio.wait({serving, obeying}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            # whoever started this is gone: as if it were told to end
            signal.raise_signal(signal.SIGTERM)
        await serving


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("host", nargs="?", default=LOCAL_HOST)
    parser.add_argument("--paired", action="store_true")
    parser.add_argument("--log", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    options = asked()
    if options.log is not None:
        logging.basicConfig(filename=options.log, level=logging.DEBUG)
    try:
        asyncio.run(run(options.folder, options.host, simulated=not options.paired))
    except TrackerError as failure:
        say(f"failed: {failure.message}")
        sys.exit(1)
