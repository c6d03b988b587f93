"""Asking the safety questions, and what stands before every session with real sensors."""

from datetime import UTC, datetime

import typer

from tracker.cli.asking import ask_yes_no, can_ask
from tracker.cli.output import note
from tracker.errors import RefusedError
from tracker.plan.safety import SafetyQuestion, SafetyVerdict, YesMeans, load_questions
from tracker.session.safety_answers import due_now, keep_answers
from tracker.session.safety_state import Occasion, refuse_held_back, safety_state
from tracker.store.database import Database
from tracker.store.values import Person

_WHY = {
    Occasion.FIRST: "Before the first session: questions that tell when not to train.",
    Occasion.WEEKLY: "A week has gone by: questions that tell when not to train.",
    Occasion.PAIN: "After pain of 6 or more: questions that tell when not to train.",
    Occasion.ASKED: "Questions that tell when not to train.",
}


def check_safety(
    database: Database, person: Person, *, as_json: bool = False, pain_now: bool = False
) -> None:
    """Let nobody train or measure whom the safety questions hold back; ask them where they are due.

    Args:
        pain_now: pain is so high that they are due whenever they were asked last, but just now.

    Raises:
        RefusedError: an answer stands against it, or the questions are due and nobody can be asked.
        KeyboardInterrupt: the person broke off.
    """
    with database.read() as connection:
        state = safety_state(connection, person, datetime.now(UTC))
    due = due_now(state, datetime.now(UTC), pain_now=pain_now)
    if due is None:
        refuse_held_back(state)
        return
    if not can_ask(as_json=as_json):
        # What holds back goes first: answers anew are all that helps in an emergency.
        refuse_held_back(state)
        raise RefusedError(
            "the safety questions are to be answered first",
            advice="Answer them: tracker safety (no to all of them: tracker safety --none).",
            due=due.value,
        )
    ask_safety(database, person, due)
    with database.read() as connection:
        refuse_held_back(safety_state(connection, person, datetime.now(UTC)))


def ask_safety(database: Database, person: Person, occasion: Occasion) -> SafetyVerdict:
    """Ask on a terminal and store the answers; a yes that asks for emergency care ends the questions.

    Raises:
        KeyboardInterrupt: the person broke off; nothing is stored then.
    """
    questions = load_questions()
    note(f"{_WHY[occasion]} They replace no examination. Ctrl-C breaks off.")
    try:
        answers = _asked(questions)
    except typer.Abort:
        note("\nThe questions were not answered; nothing was stored.")
        raise KeyboardInterrupt from None
    return keep_answers(database, person, occasion, questions, answers)


def _asked(questions: tuple[SafetyQuestion, ...]) -> dict[str, bool]:
    answers: dict[str, bool] = {}
    for number, question in enumerate(questions, start=1):
        answers[question.name] = ask_yes_no(f"{number}/{len(questions)} {question.text}")
        if answers[question.name] and question.yes_means is YesMeans.EMERGENCY:
            break
    return answers
