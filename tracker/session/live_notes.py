"""Events that wait to be written into a recording: noted at any time, written in order by the next step."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import ConflictError, UsageError
from tracker.recording.events import MARK, SESSION_EVENT, encode_event

_MOST_WAITING = 256
"""A step writes them all, several times a second: more than these come from no person."""


@dataclass(frozen=True, slots=True)
class LiveNote:
    """One event; `at_ns` is the host monotonic clock when it was said."""

    kind: str
    at_ns: int
    data: Mapping[str, object]


class LiveNotes:
    """What waits; from the event loop only."""

    def __init__(self) -> None:
        self._waiting: list[LiveNote] = []
        self._closed = False

    def add(self, kind: str, data: Mapping[str, object]) -> None:
        """Let the next step write an event.

        Raises:
            UsageError: the recording is over, or far too many wait.
            ValueError: it is no JSON, too long, or of a kind that is not for notes.
        """
        if kind in (MARK, SESSION_EVENT) or "type" in data:
            raise ValueError(f"a note must not be of the kind {kind!r} or have a value named 'type'")
        if self._closed:
            raise ConflictError(
                "the recording is over", advice="Say it of the stored session: `tracker feel`, or its page."
            )
        if len(self._waiting) >= _MOST_WAITING:
            raise UsageError("too much at once", advice="Wait a second, and try again.")
        encode_event(kind, data)
        self._waiting.append(LiveNote(kind, time.monotonic_ns(), dict(data)))

    def take(self) -> list[LiveNote]:
        """What waits, in its order; nothing of it waits any more."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def close(self) -> list[LiveNote]:
        """The last ones: none can be added after."""
        self._closed = True
        return self.take()
