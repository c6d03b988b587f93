"""What a person reads while a session goes on."""

from dataclasses import dataclass

from tracker.model import PhaseKind


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the person is doing or is asked to do next.

    Attributes:
        running: true while the phase is on; false while it is announced.
        seconds_left: to the beginning or the end of the phase; None where that is open.
    """

    text: str
    kind: PhaseKind | None = None
    running: bool = False
    seconds_left: float | None = None
