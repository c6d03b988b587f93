"""What the plan asked for on the day of a session, what was done of it, and what its rules said."""

from tracker.app.html import tag
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.pages.review.editing import Editing
from tracker.app.tables import show_table
from tracker.app.words import Words
from tracker.model import SetTarget
from tracker.report.session_history import DoneSet, done_for
from tracker.store.plans import RuleVerdict


def show_asked(editing: Editing) -> None:
    """Targets with what was done, and the verdicts of the rules."""
    words, stored = editing.words, editing.stored
    history, catalogue = stored.history, editing.view.site.place.catalogue
    if not history.targets and not stored.verdicts:
        return
    with tag("section", aria_label=words("The plan")):
        tag("h2", words("The plan"))
        if history.targets:
            rows = []
            for one in history.targets:
                done = done_for(history, one)
                rows.append(
                    (
                        exercise_title(words, catalogue, one.exercise),
                        leg_name(words, one.side.value),
                        _asked(words, one),
                        _done(words, (*done.counted, *done.told)),
                    )
                )
            heads = (
                words("Exercise"),
                words("Leg"),
                words("Asked for"),
                words("Valid repetitions, each set"),
            )
            show_table(heads, rows, label=words("What the plan asked for"), text_columns=(0, 1, 3))
        if stored.verdicts:
            tag("h3", words("What its rules said"))
            exercises = {one.prescription: one.exercise for one in history.targets}
            with tag("ul"):
                for verdict in stored.verdicts:
                    exercise = exercises.get(verdict.prescription)
                    name = verdict.prescription or words("The whole plan")
                    if exercise is not None:
                        name = exercise_title(words, catalogue, exercise)
                    with tag("li"):
                        tag("strong", name)
                        tag("span", f" {words.told(verdict.reason)}")
                        tag("span", f" {_answer(words, verdict)}", classes="soft")
            tag("a", words("To the plan"), href=editing.view.link("/plan"), classes="button")


def _asked(words: Words, target: SetTarget) -> str:
    low, high = target.reps_low, target.reps_high
    reps = words.number(low, 0) if low == high else f"{words.number(low, 0)}–{words.number(high, 0)}"
    if target.hold_s is None:
        return words("{sets} × {repetitions}", sets=target.sets, repetitions=reps)
    return words(
        "{sets} × {repetitions}, {seconds} s each",
        sets=target.sets,
        repetitions=reps,
        seconds=words.number(target.hold_s, 0),
    )


def _done(words: Words, done: tuple[DoneSet, ...]) -> str:
    of_leg: dict[str | None, list[str]] = {}
    for one in done:
        side = None if one.side is None else one.side.value
        of_leg.setdefault(side, []).append(words.number(one.reps, 0))
    texts = [
        words("{leg}: {repetitions}", leg=leg_name(words, side), repetitions=", ".join(reps))
        for side, reps in of_leg.items()
    ]
    return " · ".join(texts) or "–"


def _answer(words: Words, verdict: RuleVerdict) -> str:
    if verdict.change is None:
        return ""
    match verdict.answer:
        case "accepted":
            return words("You accepted it.")
        case "declined":
            return words("You declined it.")
        case "replaced":
            return words("A later session took its place.")
    return words("It waits for your answer.")
