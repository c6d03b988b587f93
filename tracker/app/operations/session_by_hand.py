"""A session that was done without sensors, told afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.errors import UsageError
from tracker.plan.catalogue import Catalogue
from tracker.session.told_session import add_told, sets_of_sides
from tracker.store.database import Database
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class DoneByHand:
    """What was done of one exercise.

    Attributes:
        side: `left`, `right`, `both` (each in turn), or None of an exercise without sides.
        sets: of each leg.
        hold_s: how long each repetition was held; None for not held.
    """

    exercise: str
    sets: int
    reps: int
    side: str | None = None
    hold_s: float | None = None


def add_by_hand(
    database: Database,
    person: Person,
    catalogue: Catalogue,
    started_at: str,
    minutes: float,
    done: Sequence[DoneByHand],
    notes: str | None = None,
) -> int:
    """Store it; its number. It is marked as by hand wherever it is shown.

    Args:
        started_at: as in 2026-11-28T18:30, by the person's clock.

    Raises:
        UsageError: nothing was done; an exercise is not known; it begins or ends in the future, or was told
            already.
    """
    if not done:
        raise UsageError("nothing was done", advice="Tell at least one exercise.")
    told = [
        row for one in done for row in sets_of_sides(one.exercise, one.side, one.sets, one.reps, one.hold_s)
    ]
    with database.write() as connection:
        return add_told(connection, person, catalogue, started_at, minutes, told, notes)
