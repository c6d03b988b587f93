"""Runs the installed program as a person does, with a home folder of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 120.0
_DROPPED = ("PYTHONDONTWRITEBYTECODE", "TRACKER_DATABASE", "TRACKER_PERSON")
"""The first would make every start compile every module again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind on its two outputs."""

    exit_code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the JSON object that it must be."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    def check_error(self, exit_code: int, *parts: str) -> None:
        """It ended with one line that says what is wrong, one with an advice, and no traceback."""
        assert self.exit_code == exit_code, self.out + self.err
        lines = [line for line in self.err.splitlines() if not line.startswith("SIMULATED")]
        assert len(lines) == 2, self.err
        assert lines[0].startswith("error: ")
        assert lines[1].startswith("  ")
        for part in parts:
            assert part in self.err, self.err


def environment(home: Path) -> dict[str, str]:
    """This environment with a home folder for the program."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    return {**kept, "TRACKER_HOME": str(home), "TZ": "Europe/Berlin"}


def command(*arguments: str | Path) -> list[str]:
    """The command line of the program."""
    return [sys.executable, "-m", "tracker", *map(str, arguments)]


def tracker(home: Path, *arguments: str | Path, stdin: str = "") -> Outcome:
    """Run one command to its end."""
    done = subprocess.run(
        command(*arguments),
        env=environment(home),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
