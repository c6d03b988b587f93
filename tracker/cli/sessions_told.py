"""What a person tells of a session without sensors, from options and from short texts."""

import re
from collections.abc import Sequence

from tracker.errors import UsageError
from tracker.session.session_limits import MAX_HOLD_S, MAX_REPS, MAX_SETS
from tracker.session.told_session import sets_of_sides
from tracker.store.manual_sets import ManualSet

_SHORT = re.compile(
    r"(?P<exercise>\S+)(?:\s+(?P<side>left|right|both))?"
    r"\s+(?P<sets>\d{1,4})\s*[x×]\s*(?P<reps>\d{1,5})(?:\s+(?P<hold>\d{1,4}(?:\.\d{1,3})?)\s*s)?"
)


def told_by_options(
    exercise: str | None,
    side: str | None,
    sets: int,
    reps: int | None,
    hold_s: float | None,
    done: Sequence[str],
) -> list[ManualSet]:
    """All that was done, in the order told; of both legs a row for each, as sensors count them.

    Raises:
        UsageError: nothing was done, or a text is of another form.
    """
    told: list[ManualSet] = []
    if exercise is not None:
        if reps is None:
            raise UsageError("how many repetitions?", advice="Give --reps, those of each set.")
        told += sets_of_sides(exercise, side, sets, reps, hold_s)
    elif (side, reps, hold_s) != (None, None, None):
        raise UsageError("which exercise was it?", advice="Give --exercise; `tracker exercises` lists them.")
    for text in done:
        told += _from_short(text)
    if not told:
        raise UsageError("nothing was done", advice="Give --exercise with --reps, or --done.")
    return told


def _from_short(text: str) -> list[ManualSet]:
    found = _SHORT.fullmatch(text.strip())
    sets, reps = (0, 0) if found is None else (int(found["sets"]), int(found["reps"]))
    if found is None or not sets or not reps:
        raise UsageError(
            f"{text[:60]!r} does not say what was done",
            advice='Write it like "bridge both 3x10", with a hold "pelvic_neutral_isometric 2x5 20s".',
            text=text,
        )
    hold_s = None if found["hold"] is None else float(found["hold"])
    if sets > MAX_SETS or reps > MAX_REPS or (hold_s or 0.0) > MAX_HOLD_S:
        raise UsageError(
            f"{text[:60]!r} is more than anybody does in a session",
            advice=f"At most {MAX_SETS} sets, {MAX_REPS} repetitions, {MAX_HOLD_S} s are taken.",
            text=text,
        )
    return sets_of_sides(found["exercise"], found["side"], sets, reps, hold_s)
