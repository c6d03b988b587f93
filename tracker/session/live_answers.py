"""What a person says while a session runs: how a set felt, and that a repetition was none.

The store knows a session's sets only after its end. Until then the answers stand in the recording, as events
that name a set by the time of the mark that began it; a session that was killed has them from there.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

from tracker.errors import UsageError
from tracker.model import Side
from tracker.recording.events import RecordingEvent

SET_FELT_EVENT = "set_felt"
TAKEN_BACK_EVENT = "taken_back"

HIGHEST = 10
"""Pain and effort are from 0 to this."""


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """How a set felt; None where nothing is said, which leaves what was said before.

    Attributes:
        set_start_s: time of the mark that began the set, on the recording's time line.
        pain: at worst in the set, 0 none to 10.
        effort: rate of perceived exertion, 0 none to 10.
    """

    set_start_s: float
    pain: int | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A repetition that was counted as valid was none.

    Attributes:
        side: the leg that it was counted of; None where the set has no side.
    """

    set_start_s: float
    side: Side | None


LiveAnswer: TypeAlias = SetAnswer | TakenBack


@dataclass(frozen=True, slots=True)
class LiveAnswers:
    """All that was said during a session, in its order."""

    entries: tuple[LiveAnswer, ...] = ()

    def and_also(self, answer: LiveAnswer) -> "LiveAnswers":
        """These and one more."""
        return LiveAnswers((*self.entries, answer))

    def of_sets(self) -> tuple[SetAnswer, ...]:
        """What was said last of each set, one answer each, in order of the sets."""
        said: dict[float, SetAnswer] = {}
        for one in self.entries:
            if isinstance(one, SetAnswer):
                before = said.get(one.set_start_s, one)
                pain = before.pain if one.pain is None else one.pain
                effort = before.effort if one.effort is None else one.effort
                said[one.set_start_s] = SetAnswer(one.set_start_s, pain, effort)
        return tuple(said[start_s] for start_s in sorted(said))

    def taken_back(self, set_start_s: float, side: Side | None) -> int:
        """How many repetitions of one leg in one set were taken back."""
        return self.entries.count(TakenBack(set_start_s, side))


NO_ANSWERS = LiveAnswers()


def checked_answer(answer: SetAnswer) -> SetAnswer:
    """The answer, if it can be.

    Raises:
        UsageError: pain or effort is not a whole number from 0 to 10.
    """
    for name, value in (("pain", answer.pain), ("effort", answer.effort)):
        # Pages send JSON, whose numbers need not be whole.
        if value is not None and (type(value) is not int or not 0 <= value <= HIGHEST):
            raise UsageError(
                f"{name} is from 0 to {HIGHEST}", advice="0 is none, 10 the most there is.", value=value
            )
    return answer


def event_of(answer: LiveAnswer) -> tuple[str, dict[str, object]]:
    """Kind and data of the event that keeps an answer in the recording."""
    if isinstance(answer, TakenBack):
        side = None if answer.side is None else answer.side.value
        return TAKEN_BACK_EVENT, {"set_start_s": answer.set_start_s, "side": side}
    return SET_FELT_EVENT, {
        "set_start_s": answer.set_start_s,
        "pain": answer.pain,
        "effort": answer.effort,
    }


def answer_of(event: RecordingEvent) -> LiveAnswer | None:
    """The answer that an event keeps; None where it keeps none, or nothing that can be."""
    if event.kind not in (SET_FELT_EVENT, TAKEN_BACK_EVENT):
        return None
    start_s, side = _seconds(event.data.get("set_start_s")), event.data.get("side")
    if start_s is None:
        return None
    if event.kind == SET_FELT_EVENT:
        return SetAnswer(start_s, _scale(event.data.get("pain")), _scale(event.data.get("effort")))
    if side is None or side in list(Side):
        return TakenBack(start_s, None if side is None else Side(str(side)))
    return None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None


def _scale(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= HIGHEST else None
