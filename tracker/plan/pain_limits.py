"""From which pain on an exercise is made easier, and from which it is stopped. Pain is 0 none to 10."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PainLimits:
    """Limits of pain, stricter than published ones (go on to 3, adapt at 4 and 5, stop from 6).

    Attributes:
        continue_up_to: up to this an exercise goes on as it is; above it, it is made easier.
        stop_from: from this on it is stopped.
    """

    continue_up_to: int = 3
    stop_from: int = 5
