"""The four things that can be said of a change. None of them says why, nor whether it matters."""

from enum import StrEnum


class Verdict(StrEnum):
    """What can be said of a change; nothing else is ever said of one."""

    CHANGED = "changed"
    PROBABLY = "probably changed"
    NO_CHANGE = "no change beyond error"
    NOT_ENOUGH_DATA = "not enough data"


def verdict_text(verdict: Verdict, error_deg: float | None = None, reason: str = "") -> str:
    """A verdict in words, with the error that a change is held against or with what is lacking.

    Args:
        error_deg: what a change must exceed; of `NO_CHANGE` alone.
        reason: of `NOT_ENOUGH_DATA` alone.
    """
    if verdict is Verdict.NO_CHANGE and error_deg is not None:
        return f"{verdict} (±{error_deg:.1f}°)"
    if verdict is Verdict.NOT_ENOUGH_DATA and reason:
        return f"{verdict}: {reason}"
    return verdict.value
