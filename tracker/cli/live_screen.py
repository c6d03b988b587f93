"""Shows a running session: a picture in place where there is a terminal, else a line for each news."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.live import Live

from tracker.cli.output import console, is_terminal
from tracker.report.live_view import live_view, rest_line
from tracker.session.status import SessionStatus

_REFRESH_HZ = 8.0


class LiveScreen:
    """A view for a live or replayed session; a context manager.

    Args:
        live: false where the age of a packet means nothing, as in a replay.
        quiet: show nothing, as where a program reads the result.
    """

    def __init__(self, *, simulated: bool, live: bool = True, quiet: bool = False) -> None:
        self._simulated = simulated
        self._is_live = live
        self._quiet = quiet
        self._console = console()
        self._live: Live | None = None
        self._told: set[str] = set()
        self._prompt = ""
        self._drawn_s = 0.0

    def __enter__(self) -> Self:
        if not self._quiet and is_terminal() and not self._console.is_dumb_terminal:
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, text: str) -> None:
        """Print a line above the picture."""
        if not self._quiet:
            with self._going_on_without():
                self._console.print(text)

    @contextmanager
    def _going_on_without(self) -> Iterator[None]:
        """An output that is full, closed or gone ends the picture, never the session."""
        try:
            yield
        except (OSError, UnicodeError, SystemExit):
            self._quiet = True

    def show(self, status: SessionStatus) -> None:
        """Show the status now, as often as eyes can follow."""
        if not self._quiet:
            with self._going_on_without():
                self._draw(status)

    def _draw(self, status: SessionStatus) -> None:
        if self._live is None:
            self._tell_news(status)
            return
        now_s = time.monotonic()
        if now_s - self._drawn_s >= 1.0 / _REFRESH_HZ:
            self._drawn_s = now_s
            now_ns = time.monotonic_ns() if self._is_live else None
            view = live_view(status, simulated=self._simulated, columns=self._console.width, now_ns=now_ns)
            self._live.update(view, refresh=True)

    def _tell_news(self, status: SessionStatus) -> None:
        announced = status.prompt.seconds_left is not None and not status.prompt.running
        prompt = f"Next: {status.prompt.text}" if announced else status.prompt.text
        if prompt != self._prompt:
            self._prompt = prompt
            self._console.print(prompt)
        for test in status.rest_tests:
            line = rest_line(test.side.value, test.hip_rotation_rad, test.uncertainty_rad, test.refused)
            self._tell(line, f"{test.start_s}{line}")
        for count in status.counts:
            if count.valid + count.partial:
                line = f"{count.side or 'movement'}: {count.valid} valid, {count.partial} partial"
                self._tell(line, f"{len(status.sets)}{line}")
        for text in status.notes:
            self._tell(f"note: {text}")

    def _tell(self, line: str, key: str | None = None) -> None:
        if (key or line) not in self._told:
            self._told.add(key or line)
            self._console.print(line)
