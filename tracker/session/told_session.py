"""A session that was done without sensors, as the person tells of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import UsageError
from tracker.local_time import past_instant
from tracker.model import SessionFelt, Side
from tracker.plan.catalogue import Catalogue
from tracker.session.plan_targets import keep_targets
from tracker.store.felt import save_session_felt
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.values import Person

_MAX_NOTES_CHARS = 2000

_SIDES: dict[str | None, tuple[Side | None, ...]] = {
    None: (None,),
    "left": (Side.LEFT,),
    "right": (Side.RIGHT,),
    "both": (Side.LEFT, Side.RIGHT),
}


def sets_of_sides(
    exercise: str, side: str | None, sets: int, reps: int, hold_s: float | None
) -> list[ManualSet]:
    """Sets of one exercise; of both legs a row for each, as sensors count them.

    Args:
        side: `left`, `right`, `both`, or None of an exercise without sides.
        hold_s: 0 or None for not held.

    Raises:
        UsageError: another word for a side.
    """
    if side not in _SIDES:
        raise UsageError(f"{side!r} is no side", advice="Say left, right or both.", side=side)
    return [ManualSet(exercise, one, sets, reps, hold_s or None) for one in _SIDES[side]]


def add_told(
    connection: Connection,
    person: Person,
    catalogue: Catalogue,
    started_at: str,
    minutes: float,
    told: Sequence[ManualSet],
    notes: str | None,
) -> int:
    """Store a session that was done without sensors, with what the plan asked for that day; its number.

    Args:
        started_at: as the person writes it, in their own time zone.

    Raises:
        UsageError: an exercise is not known; it begins or ends in the future, or was told already; the notes
            are too long.
    """
    for one in told:
        catalogue.find(one.exercise)
    if notes is not None and len(notes) > _MAX_NOTES_CHARS:
        raise UsageError("the notes are too long", advice=f"Say it in {_MAX_NOTES_CHARS} letters.")
    now = datetime.now(UTC)
    began = past_instant(started_at, ZoneInfo(person.time_zone), now)
    check_end(began, minutes, now)
    number = add_session_by_hand(
        connection,
        person_id=person.person_id,
        started_at=began,
        time_zone=person.time_zone,
        minutes=minutes,
        done=told,
    )
    if notes:
        save_session_felt(connection, number, SessionFelt(notes=notes))
    keep_targets(connection, person.person_id, number, catalogue)
    return number


def check_end(started_at: datetime, minutes: float, now: datetime) -> None:
    """Refuse a session that goes on.

    Raises:
        UsageError: it would end in the future, or lasts no time.
    """
    if minutes <= 0.0:
        raise UsageError("a session takes longer than no time", advice="Give its minutes.", minutes=minutes)
    refuse_future_end(started_at + timedelta(minutes=minutes), now)


def refuse_future_end(ends_at: datetime, now: datetime) -> None:
    """Refuse an end that has not come.

    Raises:
        UsageError: it has not.
    """
    if ends_at > now:
        raise UsageError(
            f"it would end in the future, at {ends_at.astimezone():%Y-%m-%d %H:%M}",
            advice="Give an earlier time or fewer minutes.",
            ends_at=ends_at.isoformat(),
        )
