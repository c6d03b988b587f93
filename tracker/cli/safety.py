"""`tracker safety`: questions that tell when not to train."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.person_option import PersonOption

if TYPE_CHECKING:
    from tracker.plan.safety import SafetyQuestion
    from tracker.session.safety_state import SafetyState

_ANSWER = "Answer a question by its name; once for each. All are answered at once."
_NONE = "Answer no to all that are not answered by --answer."
_CLEARED = "Say by whom and when the training was allowed after a yes. An emergency is not cleared so."


def safety(
    answer: Annotated[list[str] | None, typer.Option(metavar="NAME=yes|no", help=_ANSWER)] = None,
    none: Annotated[bool, typer.Option("--none", help=_NONE)] = False,
    cleared: Annotated[str | None, typer.Option(metavar='"BY WHOM, WHEN"', help=_CLEARED)] = None,
    show: Annotated[bool, typer.Option("--show", help="Show where you stand, and ask nothing.")] = False,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer the safety questions: before the first session, every week, and after pain of 6 or more.

    After a yes no session begins before a clinician was asked. The questions diagnose nothing.

    Example: tracker safety --answer fall_or_injury=yes --none
    """
    from datetime import UTC, datetime

    from tracker.cli.asking import can_ask
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.person_option import person_of
    from tracker.cli.safety_questions import ask_safety
    from tracker.errors import UsageError
    from tracker.plan.safety import load_questions
    from tracker.session.safety_answers import keep_answers
    from tracker.session.safety_state import Occasion, clear_training, safety_state

    questions = load_questions()
    answers = _given(answer or [], none=none, questions=questions)
    if show and (answers or cleared is not None):
        raise UsageError("--show answers nothing", advice="Leave the one or the other out.")
    with open_home_database() as database:
        with database.write() as connection:
            whose = person_of(connection, person)
            due = safety_state(connection, whose, datetime.now(UTC)).due or Occasion.ASKED
        if answers:
            keep_answers(database, whose, due, questions, answers)
        elif cleared is None and not show and can_ask(as_json=as_json):
            ask_safety(database, whose, due)
        if cleared is not None:
            with database.write() as connection:
                clear_training(connection, whose, cleared, datetime.now(UTC))
        with database.read() as connection:
            state = safety_state(connection, whose, datetime.now(UTC))
    if as_json:
        print_json(_document(state, questions))
        return
    print_tables(*_lines(state, questions, asked=show or not answers))


def _given(pairs: list[str], *, none: bool, questions: "tuple[SafetyQuestion, ...]") -> dict[str, bool]:
    """The answers of the options; empty where there are none."""
    from tracker.errors import UsageError

    answers: dict[str, bool] = {}
    for pair in pairs:
        name, word = (part.strip() for part in pair.casefold().partition("=")[::2])
        if word not in ("yes", "no") or name in answers:
            raise UsageError(
                f"{pair[:60]!r} is no answer, or one to a question that has one already",
                advice="Give each as NAME=yes or NAME=no, for example fall_or_injury=no.",
            )
        answers[name] = word == "yes"
    if none:
        answers = {**{one.name: False for one in questions}, **answers}
    return answers


def _lines(state: "SafetyState", questions: "tuple[SafetyQuestion, ...]", *, asked: bool) -> list[str]:
    from tracker.plan.safety import CLINICIAN_TEXT, EMERGENCY_TEXT

    if state.answered is None:
        lines = ["The safety questions were never answered."]
    else:
        when = f"{state.answered.asked_at.astimezone():%Y-%m-%d %H:%M}"
        yes = [one.text for one in questions if state.answered.answers.get(one.name)]
        lines = [f"Answered {when}: {'no to all' if not yes else 'yes to'}", *(f"  {text}" for text in yes)]
    if state.emergency:
        lines.append(EMERGENCY_TEXT)
    elif state.held_back:
        lines += [CLINICIAN_TEXT, 'Then: tracker safety --cleared "by whom, when"']
    elif state.holding is not None and state.holding.note is not None:
        lines.append(f"Training allowed, as you say: {state.holding.note}")
    elif state.answered is not None:
        lines.append("Nothing in the answers stands against training. Stop at pain all the same.")
    if state.due is not None and asked:
        lines.append(f"They are due ({state.due.value}). The questions by name:")
        lines += [f"  {one.name}: {one.text}" for one in questions]
    return lines


def _document(state: "SafetyState", questions: "tuple[SafetyQuestion, ...]") -> dict[str, Any]:
    answered, holding = state.answered, state.holding
    return {
        "due": None if state.due is None else state.due.value,
        "may_train": state.due is None and not state.held_back,
        "emergency": state.emergency,
        "held_back": state.held_back,
        "answered_at": None if answered is None else answered.asked_at.isoformat(),
        "occasion": None if answered is None else answered.occasion,
        "answers": None if answered is None else dict(answered.answers),
        "cleared": None if holding is None else holding.note,
        "questions": [
            {"name": one.name, "question": one.text, "yes_means": one.yes_means.value} for one in questions
        ],
    }
