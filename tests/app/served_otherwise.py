"""The app as a process of its own, served otherwise than most tests need it."""

import queue
from pathlib import Path

from app_process import ServedApp


class PairedApp(ServedApp):
    """The app without simulation: it asks the safety questions; of sensors only paired ones would do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._command.append("--paired")


class LoggedApp(ServedApp):
    """The app with all that is logged, down to the finest, in a file.

    Attributes:
        log: the file; not in the home folder.
    """

    def __init__(self, folder: Path, log: Path, host: str) -> None:
        super().__init__(folder, host)
        self.log = log
        self._command += ["--log", str(log)]

    def output(self) -> list[str]:
        """The lines that it wrote to its standard output since it was ready."""
        lines = []
        while True:
            try:
                lines.append(self._lines.get_nowait())
            except queue.Empty:
                return lines
