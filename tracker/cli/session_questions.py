"""The short questions before and after a session with real sensors. Ctrl-C in them loses nothing."""

import typer

from tracker.cli.asking import ask, can_ask, scale_value
from tracker.cli.felt_values import asked, fields_after
from tracker.cli.output import note
from tracker.cli.proposals import proposal_lines
from tracker.cli.safety_questions import ask_safety, check_safety
from tracker.plan.catalogue import Catalogue
from tracker.plan.pain import advice_at_worst, asks_for_safety
from tracker.plan.pain_limits import PainLimits
from tracker.session.after_session import is_safety_due_for_pain, pain_advice, reviewed
from tracker.session.felt_session import Said, felt_session, say_of_session
from tracker.session.safety_state import Occasion
from tracker.store.database import Database
from tracker.store.values import Person


def before_session(database: Database, person: Person, *, as_json: bool) -> Said:
    """The safety questions where they are due, and the pain now: what later pain is held against.

    Returns:
        What was said, to be stored once there is a session.

    Raises:
        RefusedError: the safety questions stand against the session.
        KeyboardInterrupt: the person broke off.
    """
    check_safety(database, person, as_json=as_json)
    if not can_ask(as_json=as_json):
        return {}
    try:
        pain = ask("Pain now, 0 none to 10 (Enter leaves it out)", scale_value)
    except typer.Abort:
        note("\nNothing was recorded.")
        raise KeyboardInterrupt from None
    if pain is None:
        return {}
    if asks_for_safety(pain):
        check_safety(database, person, as_json=as_json, pain_now=True)
    advice = advice_at_worst(pain, PainLimits(), "the leg before the session")
    if advice is not None:
        note(advice.text)
    return {"pain_before": pain}


def after_session(
    database: Database,
    person: Person,
    session_id: int,
    catalogue: Catalogue,
    said: Said,
    *,
    as_json: bool,
    trained: bool,
) -> None:
    """Store what was said before a session, ask how it felt, and show what the plan's rules say.

    Args:
        said: from `before_session`.
        trained: there were sets, so that there is effort, and something for the plan to say.

    Raises:
        DatabaseError: it could not be stored; the session is.
    """
    if said:
        _keep(database, person, session_id, said)
    asks = can_ask(as_json=as_json)
    if asks:
        note("How it felt, 0 to 10. Enter leaves one out, Ctrl-C all; change it any time: tracker feel")
        answers = asked(fields_after(trained=trained))
        if answers:
            _keep(database, person, session_id, answers)
    with database.read() as connection:
        one = felt_session(connection, person.person_id, session_id)
    if trained:
        for line in proposal_lines(reviewed(database, person, one, catalogue)):
            note(line)
    for advice in pain_advice(one):
        note(advice.text)
    if not is_safety_due_for_pain(database, person):
        return
    if asks:
        ask_safety(database, person, Occasion.PAIN)
    else:
        note("After pain of 6 or more the safety questions come first: tracker safety")


def _keep(database: Database, person: Person, session_id: int, said: Said) -> None:
    with database.write() as connection:
        say_of_session(connection, felt_session(connection, person.person_id, session_id), said)
