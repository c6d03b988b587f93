"""What follows on what a person says of a session: rules of pain, safety questions, the plan's proposals."""

from datetime import UTC, datetime

from tracker.plan.catalogue import Catalogue
from tracker.plan.pain import PainAdvice, advice_at_worst, advice_on_session
from tracker.session.felt_session import FeltSession
from tracker.session.plan_review import keep_targets, review_session
from tracker.session.safety_state import Occasion, safety_state
from tracker.store.database import Database
from tracker.store.plans import RuleVerdict
from tracker.store.values import Person, SessionState


def pain_advice(one: FeltSession) -> tuple[PainAdvice, ...]:
    """What the rules of pain say of a session and its sets."""
    of_sets = (
        advice_at_worst(said.pain, one.limits, f"set {number}")
        for number, said in sorted(one.sets.items())
        if said.pain is not None
    )
    return (*advice_on_session(one.felt, one.limits), *(advice for advice in of_sets if advice is not None))


def reviewed(
    database: Database, person: Person, one: FeltSession, catalogue: Catalogue
) -> tuple[RuleVerdict, ...]:
    """The plan's proposals after a session that wait for an answer; none where nothing was trained."""
    session = one.session
    if session.state is SessionState.RECORDING or not (session.sets or session.told_sets):
        return ()
    with database.write() as connection:
        keep_targets(connection, person.person_id, session.session_id, catalogue)
        verdicts = review_session(
            connection, person.person_id, session.session_id, catalogue, datetime.now(UTC)
        )
    return tuple(verdict for verdict in verdicts if verdict.change is not None and verdict.answer is None)


def is_safety_due_for_pain(database: Database, person: Person) -> bool:
    """True where pain is so high that the safety questions are asked again."""
    with database.read() as connection:
        return safety_state(connection, person, datetime.now(UTC)).due is Occasion.PAIN
