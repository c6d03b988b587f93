"""Runs the program on a pseudo terminal, as a person does who answers its questions."""

import contextlib
import os
import select
import subprocess
import sys
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

from program import TIMEOUT_S, command, environment

CTRL_C = "\x03"


@dataclass
class Terminal:
    """A program that runs on a terminal of its own; a context manager that ends it.

    Attributes:
        shown: all that it has shown so far.
    """

    process: "subprocess.Popen[bytes]"
    master: int
    shown: str = ""
    _seen: int = field(default=0)

    @classmethod
    def begin(cls, home: Path, *arguments: str | Path) -> "Terminal":
        """Start a command of the program."""
        return cls.run(home, command(*arguments))

    @classmethod
    def script(cls, home: Path, text: str) -> "Terminal":
        """Start some lines of Python."""
        return cls.run(home, [sys.executable, "-c", text])

    @classmethod
    def run(cls, home: Path, line: list[str]) -> "Terminal":
        """Start a command line; Ctrl-C on its terminal reaches it as a signal."""
        master, slave = os.openpty()
        termios.tcsetwinsize(slave, (50, 160))
        process = subprocess.Popen(
            # A session of its own, whose first terminal becomes the one that Ctrl-C comes from.
            [sys.executable, "-c", _ON_ITS_TERMINAL, *line],
            env={**environment(home), "TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        return cls(process, master)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def answer(self, question: str, text: str) -> None:
        """Wait until something new is shown, and type; a line ends with a carriage return."""
        deadline = time.monotonic() + TIMEOUT_S
        while (at := self.shown.find(question, self._seen)) < 0:
            assert self._read(deadline), f"{question!r} was not shown:\n{self.shown}"
        self._seen = at + len(question)
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + TIMEOUT_S
        while self._read(deadline):
            pass
        return self.process.wait(timeout=TIMEOUT_S)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0.0, deadline - time.monotonic()))
        data = b""
        # Linux gives an error where the other end is closed.
        with contextlib.suppress(OSError):
            data = os.read(self.master, 65536) if ready else b""
        self.shown += data.decode(errors="replace")
        return bool(data)


_ON_ITS_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
