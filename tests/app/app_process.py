"""The app as a process of its own, as a person starts it, with a line to its simulated sensors."""

import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

SCRIPT = Path(__file__).parent / "served_app.py"
ANSWER_LIMIT_S = 300.0
"""A process that says nothing for longer hangs."""


class ServedApp:
    """The app on a home folder, on a free port; a context manager.

    Attributes:
        folder: as given.
        address: without a slash at its end; known once it is entered.

    Args:
        folder: home folder, which may hold settings and a history.
        host: what it is served at.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder = folder
        self.address = ""
        self._command = [sys.executable, str(SCRIPT), str(folder), host]
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed at the exit
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, text=True
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        try:
            word, _, address = self._line().partition(" ")
        except BaseException:
            self._end()
            raise
        if word != "ready":
            raise RuntimeError(f"the app did not start: {word} {address} {self._end()}")
        self.address = address.rstrip("/")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        complaints = self._end()
        if error is None and complaints:
            raise RuntimeError(f"the app complained: {complaints}")

    def complaints(self) -> str:
        """What it wrote to its standard error: nothing, where all went well."""
        self._complaints.seek(0)
        return self._complaints.read().strip()

    @property
    def pid(self) -> int:
        """Its process."""
        if self._process is None:
            raise RuntimeError("the app is not started")
        return self._process.pid

    def lose(self, placement: str, away_s: float) -> None:
        """Break the link of a sensor for some seconds."""
        self._tell(f"lose {placement} {away_s}")

    def restless(self, rests: int) -> None:
        """Spoil so many of the rest tests that come."""
        self._tell(f"restless {rests}")

    def _end(self) -> str:
        """End the process; what it had to complain of."""
        if self._process is not None and self._reader is not None:
            self._process.terminate()
            self._process.wait(timeout=ANSWER_LIMIT_S)
            self._reader.join()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        complaints = self.complaints()
        self._complaints.close()
        return complaints

    def _tell(self, command: str) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the app is not started")
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        answer = self._line()
        if answer != "done":
            raise RuntimeError(f"{command}: {answer} {self.complaints()}")

    def _line(self) -> str:
        try:
            return self._lines.get(timeout=ANSWER_LIMIT_S)
        except queue.Empty:
            raise RuntimeError(f"the app said nothing for {ANSWER_LIMIT_S:g} s") from None

    def _read(self, process: "subprocess.Popen[str]") -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self._lines.put(line.strip())
        self._lines.put("ended")
