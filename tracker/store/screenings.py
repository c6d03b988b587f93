"""Answers to the questions that tell when not to train."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from tracker.store.analysis_rows import AnyRow
from tracker.store.tables import ScreeningTable

CLEARED = "cleared"
"""Occasion of a row that holds no answers: a clinician was asked about the ones before."""


@dataclass(frozen=True, slots=True)
class Screening:
    """One round of questions, or what was said after one.

    Attributes:
        occasion: why they were asked: `first`, `weekly`, `pain`, or `asked` by the person; `cleared` where
            nothing was asked and the person says that a clinician allows the training.
        answers: by the question's name, true for yes; those that were asked.
        flagged: an answer speaks for asking a clinician first.
        emergency: an answer speaks for emergency care.
        note: who cleared it and when, in the person's words; None for a round of questions.
    """

    asked_at: datetime
    occasion: str
    answers: Mapping[str, bool]
    flagged: bool
    emergency: bool
    note: str | None = None


def save_screening(connection: Connection, person_id: int, screening: Screening) -> None:
    """Store a round of answers; earlier ones stay."""
    row = {
        "person_id": person_id,
        "asked_at": screening.asked_at,
        "occasion": screening.occasion,
        "answers": json.dumps(dict(screening.answers), sort_keys=True),
        "flagged": screening.flagged,
        "emergency": screening.emergency,
        "note": screening.note,
    }
    connection.execute(insert(ScreeningTable), row)


def screenings_between(
    connection: Connection, person_id: int, start: datetime, end: datetime
) -> tuple[Screening, ...]:
    """The rounds within [start, end), the earliest first."""
    within = (ScreeningTable.asked_at >= start, ScreeningTable.asked_at < end)
    query = select(ScreeningTable.__table__).where(ScreeningTable.person_id == person_id, *within)
    found = connection.execute(query.order_by(ScreeningTable.asked_at, ScreeningTable.id))
    return tuple(map(_screening, found))


def latest_screening(connection: Connection, person_id: int, *, answered: bool = False) -> Screening | None:
    """The last round; None where the questions were never asked.

    Args:
        answered: the last one with answers, whatever was said after it.
    """
    query = select(ScreeningTable.__table__).where(ScreeningTable.person_id == person_id)
    if answered:
        query = query.where(ScreeningTable.occasion != CLEARED)
    # What was said last holds, also where the clock was set back in between.
    row = connection.execute(query.order_by(ScreeningTable.id.desc()).limit(1)).one_or_none()
    return None if row is None else _screening(row)


def _screening(row: AnyRow) -> Screening:
    return Screening(
        row.asked_at, row.occasion, json.loads(row.answers), row.flagged, row.emergency, row.note
    )
