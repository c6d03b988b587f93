"""What was told of a session that was done without sensors, and its corrections."""

from tracker.app.forms import FieldError, Form, Sent, number_or_none, whole_number
from tracker.app.html import tag
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.operations.session_corrections import ToldSaid, correct_told
from tracker.app.pages.review.editing import Editing, reason_of
from tracker.app.pages.review.folded import folded
from tracker.app.tables import show_table
from tracker.session.session_limits import MAX_HOLD_S, MAX_REPS, MAX_SETS
from tracker.store.manual_sets import ManualSet


def show_told_sets(editing: Editing) -> None:
    """The table of what was told, and a form for each line of it."""
    words, history = editing.words, editing.stored.history
    if not history.told:
        return
    catalogue = editing.view.site.place.catalogue
    with tag("section", aria_label=words("Done without sensors")):
        tag("h2", words("Done without sensors"))
        rows = [
            (
                exercise_title(words, catalogue, one.exercise),
                leg_name(words, None if one.side is None else one.side.value),
                words.number(one.sets, 0),
                words.number(one.reps, 0),
                "–" if one.hold_s is None else words("{value} s", value=words.number(one.hold_s, 0)),
            )
            for one in history.told
        ]
        heads = (words("Exercise"), words("Leg"), words("Sets"), words("Repetitions of each"), words("Held"))
        show_table(heads, rows, label=words("Done without sensors"), text_columns=(0, 1))
        if history.session.deleted_at is None:
            for number, one in enumerate(history.told, start=1):
                _form(editing, number, one)


def _form(editing: Editing, number: int, one: ManualSet) -> None:
    words, view = editing.words, editing.view
    catalogue = view.site.place.catalogue

    async def send(sent: Sent) -> None:
        hold_s = number_or_none(words, sent, "hold") or 0.0
        if hold_s > MAX_HOLD_S:
            raise FieldError("hold", words("Write a number, or leave it empty."))
        said = ToldSaid(
            number,
            exercise=sent["exercise"] if sent["exercise"] != one.exercise else None,
            sets=whole_number(words, sent, "sets", least=1),
            reps=whole_number(words, sent, "reps", least=1),
            hold_s=hold_s,
        )
        await editing.keep(
            words("The correction is kept."),
            correct_told,
            view.site.database,
            view.person,
            editing.session_id,
            said,
            reason_of(words, sent),
            catalogue,
        )

    def fill() -> None:
        with Form(words, send, action=words("Keep the correction"), name=f"told-{number}") as form:
            titles = sorted((exercise_title(words, catalogue, known), known) for known in catalogue)
            if one.exercise not in catalogue:
                titles.insert(0, (one.exercise, one.exercise))
            form.choice("exercise", words("Exercise"), [(key, text) for text, key in titles], one.exercise)
            form.field("sets", words("Sets"), str(one.sets), kind="number", min=1, max=MAX_SETS)
            form.field(
                "reps", words("Repetitions of each"), str(one.reps), kind="number", min=1, max=MAX_REPS
            )
            hold = "" if one.hold_s is None else f"{one.hold_s:g}"
            form.field(
                "hold", words("Seconds each was held"), hold, kind="number", min=0, max=MAX_HOLD_S, step="any"
            )
            form.field("reason", words("Why"), hint=words("In one line; it is kept with the correction."))

    title = exercise_title(words, catalogue, one.exercise)
    folded(words("Correct: {exercise}", exercise=title), fill)
