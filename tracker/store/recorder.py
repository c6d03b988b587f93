"""Who writes a session: tells a session being recorded from one whose recorder was killed."""

import json
import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recorder:
    """A process that writes a session.

    Attributes:
        host: name of the machine; another machine's processes cannot be looked at.
        pid: process number.
        birth: what tells this process from a later one with the same number: the machine's boot and the
            tick at which the process began. Empty where the system does not say.
    """

    host: str
    pid: int
    birth: str

    @classmethod
    def current(cls) -> "Recorder":
        """The process that asks."""
        pid = os.getpid()
        return cls(platform.node(), pid, _birth(pid))

    @classmethod
    def from_text(cls, text: str) -> "Recorder":
        """The recorder that `text` was made of.

        Raises:
            ValueError: not a text of this class.
        """
        try:
            fields = json.loads(text)
            return cls(str(fields["host"]), int(fields["pid"]), str(fields["birth"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a recorder: {text!r}") from error

    @property
    def text(self) -> str:
        """As the database keeps it."""
        return json.dumps(asdict(self), sort_keys=True)

    def is_alive(self) -> bool | None:
        """True while the process runs, False once it has ended, None where this cannot be known."""
        if self.host != platform.node():
            return None
        if self.birth:
            return _birth(self.pid) == self.birth
        # On Windows signal 0 is Ctrl-C and would be delivered.
        if os.name != "posix":
            return None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def _birth(pid: int) -> str:
    """Boot and start tick of a running process; empty where there is none, or no /proc."""
    with suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        # The process name stands in brackets and may hold spaces and brackets itself. After it come the
        # state and, as the twentieth field, the start tick.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        if fields[0] != "Z":
            return f"{boot}:{fields[19]}"
    return ""
