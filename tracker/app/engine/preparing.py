"""What is looked up before a session begins; what stands against it is refused here."""

from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.app.engine.request import SessionRequest
from tracker.errors import NotThereError, RefusedError
from tracker.model import Placement
from tracker.plan.pain import asks_for_safety
from tracker.session.asked_session import asked_steps, todays_steps
from tracker.session.guide import Step
from tracker.session.safety_answers import due_now
from tracker.session.safety_state import refuse_held_back, safety_state
from tracker.session.sensor_session import WornSession, worn_session
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.persons import list_persons
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class Prepared:
    """A session that can begin."""

    person: Person
    worn: WornSession


def prepare(place: Workplace, database: Database, request: SessionRequest, *, simulated: bool) -> Prepared:
    """Look up whose session it is, which sensors are worn, and what is done.

    Raises:
        RefusedError: the safety questions stand against it, or are to be answered first.
        UsageError: no such person, no sensor paired, or nothing to do.
    """
    person = _person(database, request.person_id)
    if not simulated:
        _check_safety(database, person, request)

    def steps(worn: frozenset[Placement]) -> tuple[Step, ...]:
        todays: tuple[Step, ...] = ()
        if request.plan:
            with database.write() as connection:
                demonstrate = request.asked.demonstrate
                todays = todays_steps(connection, person, worn, place, demonstrate=demonstrate).steps
        return asked_steps(request.asked, worn, place, todays)

    if simulated:
        return Prepared(person, WornSession({}, steps(frozenset(Placement))))
    return Prepared(person, worn_session(database, place, steps))


def _person(database: Database, person_id: int) -> Person:
    with database.read() as connection:
        for person in list_persons(connection):
            if person.person_id == person_id:
                return person
    raise NotThereError(f"there is no person {person_id}", advice="Choose a person.", person_id=person_id)


def _check_safety(database: Database, person: Person, request: SessionRequest) -> None:
    with database.read() as connection:
        now = datetime.now(UTC)
        state = safety_state(connection, person, now)
    refuse_held_back(state)
    pain_now = request.pain_before is not None and asks_for_safety(request.pain_before)
    due = due_now(state, now, pain_now=pain_now)
    if due is not None:
        raise RefusedError(
            "the safety questions are to be answered first",
            advice="Answer them: tracker safety (no to all of them: tracker safety --none).",
            due=due.value,
        )
