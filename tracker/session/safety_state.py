"""Whether the safety questions are due, and whether their answers hold back the training."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.errors import RefusedError, UsageError
from tracker.model import SessionFelt
from tracker.plan.pain import asks_for_safety
from tracker.plan.safety import CLINICIAN_TEXT, EMERGENCY_TEXT
from tracker.store.felt import sessions_felt, sets_felt
from tracker.store.screenings import CLEARED, Screening, latest_screening, save_screening
from tracker.store.sessions import list_sessions
from tracker.store.values import Person, SessionSummary

DAYS_BETWEEN = 7
"""The questions are asked again on the seventh day after, by the person's own midnights."""

MAX_NOTE_CHARS = 500

_BEFORE = timedelta(hours=1)
"""Answers from so shortly before a session already know of the pain that it began with."""

_LONGEST_SESSION = timedelta(days=2)
"""No session and no morning after it lies further behind its beginning."""


class Occasion(StrEnum):
    """Why the questions are asked."""

    FIRST = "first"
    WEEKLY = "weekly"
    PAIN = "pain"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class SafetyState:
    """Where a person stands.

    Attributes:
        answered: the last round of answers; None where there is none.
        holding: what was said last; with a clearance after the answers it is that.
        due: why the questions are to be asked now; None where they are not.
    """

    answered: Screening | None
    holding: Screening | None
    due: Occasion | None

    @property
    def held_back(self) -> bool:
        """True where no training and no measurement may begin, whatever is due."""
        return self.holding is not None and (self.holding.flagged or self.holding.emergency)

    @property
    def emergency(self) -> bool:
        """True where an answer asks for emergency care and no later round of answers does not."""
        return self.holding is not None and self.holding.emergency


def safety_state(connection: Connection, person: Person, now: datetime) -> SafetyState:
    """Where a person stands at an instant."""
    answered = latest_screening(connection, person.person_id, answered=True)
    holding = latest_screening(connection, person.person_id)
    if answered is None:
        return SafetyState(None, holding, Occasion.FIRST)
    zone = ZoneInfo(person.time_zone)
    age_days = (now.astimezone(zone).date() - answered.asked_at.astimezone(zone).date()).days
    # Answers from the future are those of a clock that was wrong: nobody knows how old they are.
    if age_days >= DAYS_BETWEEN or answered.asked_at > now:
        return SafetyState(answered, holding, Occasion.WEEKLY)
    hurt = _hurt_since(connection, person, answered.asked_at)
    return SafetyState(answered, holding, Occasion.PAIN if hurt else None)


def refuse_held_back(state: SafetyState) -> None:
    """Raise where no training and no measurement may begin.

    Raises:
        RefusedError: the last answers stand against it.
    """
    if state.emergency:
        raise RefusedError(
            "your last answers to the safety questions can mean an emergency",
            advice=f"{EMERGENCY_TEXT} Answer anew when it is over: tracker safety",
        )
    if state.held_back:
        raise RefusedError(
            "an answer to the safety questions stands against training and measuring",
            advice=f'{CLINICIAN_TEXT} Then: tracker safety --cleared "by whom, when", or answer anew.',
        )


def clear_training(connection: Connection, person: Person, note: str, now: datetime) -> Screening:
    """Store that a clinician was asked and allows the training, as the person says.

    Raises:
        UsageError: nothing is to be cleared, or the note says nothing.
        RefusedError: the answers ask for emergency care: that nobody clears but new answers.
    """
    if not note.strip() or len(note) > MAX_NOTE_CHARS or not note.isprintable():
        raise UsageError(
            "the note does not say who allows the training",
            advice=f'Say by whom and when, in one line of up to {MAX_NOTE_CHARS} letters: "Dr X, 3 May".',
        )
    state = safety_state(connection, person, now)
    if state.emergency:
        raise RefusedError(
            "answers that can mean an emergency are not cleared by a note",
            advice=f"{EMERGENCY_TEXT} Answer anew when it is over: tracker safety",
        )
    if not state.held_back:
        raise UsageError("no answer stands against training", advice="`tracker safety` asks the questions.")
    cleared = Screening(now, CLEARED, {}, flagged=False, emergency=False, note=note.strip())
    save_screening(connection, person.person_id, cleared)
    return cleared


def _hurt_since(connection: Connection, person: Person, asked_at: datetime) -> bool:
    """True where pain that is so high was after the last answers."""
    since = asked_at - _LONGEST_SESSION
    sessions = list_sessions(connection, person.person_id, since=since)
    ids = [one.session_id for one in sessions]
    of_sets, of_sessions = sets_felt(connection, ids), sessions_felt(connection, ids)
    for session in sessions:
        felt = of_sessions.get(session.session_id, SessionFelt())
        sets = of_sets.get(session.session_id, {}).values()
        times = {
            session.started_at - _BEFORE: [felt.pain_before],
            session.ended_at or session.started_at: [felt.pain_worst, *(one.pain for one in sets)],
            _next_midnight(session, ZoneInfo(person.time_zone)): [felt.pain_next_morning],
        }
        if any(asks_for_safety(*pains) for at, pains in times.items() if at >= asked_at):
            return True
    return False


def _next_midnight(session: SessionSummary, zone: ZoneInfo) -> datetime:
    """When the day after a session begins."""
    day = session.started_at.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
