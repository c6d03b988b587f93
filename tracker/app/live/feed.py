"""Sends a page what changes in the session, as it happens and not more often than eyes can follow."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from tracker.app.engine.values import SessionNow, Stage
from tracker.app.live.message import (
    Message,
    changed,
    new_points,
    new_repetitions,
    run_name,
    sections,
)
from tracker.app.words import Words
from tracker.plan.catalogue import Catalogue

CLOSEST_S = 0.04
"""Between two messages to one page: 25 a second are enough for the eye."""


class Watched(Protocol):
    """Where a session runs."""

    @property
    def now(self) -> SessionNow:
        """The session at this moment."""
        ...

    def watch(self, watcher: Callable[[SessionNow], None]) -> Callable[[], None]:
        """Tell each change from now on; what is returned ends that."""
        ...


class LiveFeed:
    """What one page is sent.

    Args:
        send: takes a message at once.
        is_connected: false while nobody would get it; what changes then is sent anew afterwards.
    """

    def __init__(
        self,
        engine: Watched,
        words: Words,
        catalogue: Catalogue,
        send: Callable[[Message], None],
        is_connected: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._words = words
        self._catalogue = catalogue
        self._send_message = send
        self._is_connected = is_connected
        self._sent: Message = {}
        self._serial = 0
        self._newest_s: dict[str, float] = {}
        self._run = ""
        self._packet_ms: float | None = None
        self._last_s = 0.0
        self._waiting: asyncio.TimerHandle | None = None
        self._end: Callable[[], None] | None = None

    def begin(self) -> None:
        """Send all that there is, then what changes; may be called again, after a connection was lost."""
        if self._end is None:
            self._end = self._engine.watch(self._see)
        self._sent, self._serial, self._newest_s = {}, 0, {}
        self._see(self._engine.now)

    def end(self) -> None:
        """Send nothing more."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._end is not None:
            self._end()
            self._end = None

    def _see(self, now: SessionNow) -> None:
        self._packet_ms = _newest_packet_ms(now)
        if self._waiting is not None:
            return
        loop = asyncio.get_running_loop()
        wait_s = self._last_s + CLOSEST_S - loop.time()
        if wait_s <= 0.0:
            self._send()
        else:
            self._waiting = loop.call_later(wait_s, self._send)

    def _send(self) -> None:
        self._waiting = None
        self._last_s = asyncio.get_running_loop().time()
        if not self._is_connected():
            self._sent = {}
            return
        now = self._engine.now
        message = self._message(now)
        clock_s = _clock_s(now)
        if clock_s is not None:
            message["clock_s"] = clock_s
        if message:
            message["at_ms"] = self._packet_ms
            self._send_message(message)

    def _message(self, now: SessionNow) -> Message:
        is_whole = not self._sent
        if run_name(now) != self._run or is_whole:
            self._run, self._serial, self._newest_s = run_name(now), 0, {}
        whole = sections(self._words, self._catalogue, now)
        message = changed(self._sent, whole)
        self._sent = whole
        points = new_points(now, self._newest_s)
        if points:
            message["points"] = points
            self._newest_s.update({side: line[-1][0] for side, line in points.items()})
        closed = new_repetitions(self._words, now, self._serial)
        if closed:
            message["closed"] = closed
            self._serial = closed[-1]["serial"]
        if is_whole:
            message["whole"] = True
        return message


def _clock_s(now: SessionNow) -> float | None:
    """How late it is on the recording's time line, so that a trace moves on between packets too."""
    ages_s = [sensor.packet_age_s for sensor in now.sensors if sensor.packet_age_s is not None]
    return None if now.stage is not Stage.RUNNING or not ages_s else round(now.time_s + min(ages_s), 2)


def _newest_packet_ms(now: SessionNow) -> float | None:
    """When the newest packet arrived, by the computer's clock; None before the first."""
    ages_s = [sensor.packet_age_s for sensor in now.sensors if sensor.packet_age_s is not None]
    return None if not ages_s else round(1000 * (time.time() - min(ages_s)), 1)
