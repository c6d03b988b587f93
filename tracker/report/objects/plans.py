"""What a plan's rules say."""

from typing import Any, NotRequired

from typing_extensions import TypedDict


class ChangeObject(TypedDict):
    """A change of a plan; what it does not change is missing.

    Attributes:
        kind: what becomes different.
        prescription: its name in the plan; empty where the whole plan is meant.
        phase: the one that begins.
        text: the whole plan from then on.
        sets, band_colour, elongation_percent: how hard the prescription becomes; null without a band.
    """

    kind: str
    prescription: str
    phase: NotRequired[str]
    text: NotRequired[str]
    sets: NotRequired[int]
    band_colour: NotRequired[str | None]
    elongation_percent: NotRequired[float | None]


class VerdictObject(TypedDict):
    """What one rule said of one prescription after a session.

    Attributes:
        number: by which a proposal is answered; null while it is not stored.
        session_id: the session that it was said after; null where there was none.
        prescription: its name in the plan; null where the whole plan is meant.
        acts: the rule asks for a change.
        reason: why it does or does not, in plain words.
        inputs: what the rule looked at, by names of its own.
        change: what would become different; null where it does not act.
        answer: `accepted`, `declined` or `replaced`; null while it waits, or nothing is to be answered.
    """

    number: int | None
    session_id: int | None
    prescription: str | None
    rule: str
    acts: bool
    reason: str
    inputs: dict[str, Any]
    change: ChangeObject | None
    answer: str | None


class VerdictsObject(TypedDict):
    """What each rule said after a session."""

    session_id: int
    verdicts: list[VerdictObject]
