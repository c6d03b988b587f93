"""What was corrected, when and why; undo, delete and restore; the analyses of a session."""

from collections.abc import Callable, Sequence

from tracker.app.forms import Form, Sent
from tracker.app.html import tag
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.operations.session_corrections import count_rest_tests, delete, restore, undo_correction
from tracker.app.pages.review.editing import Editing, reason_of
from tracker.app.pages.review.folded import folded
from tracker.app.tables import show_table
from tracker.app.words import Words
from tracker.plan.catalogue import Catalogue
from tracker.report.session_history import shown_value
from tracker.store.database import Database
from tracker.store.revisions import Action, Change, Field, Revision
from tracker.store.values import Person


def show_corrections(editing: Editing) -> None:
    """The revisions of a session, and what can be done with the whole of it."""
    words, history = editing.words, editing.stored.history
    with tag("section", aria_label=words("Corrections")):
        tag("h2", words("Corrections"))
        if not history.revisions:
            tag("p", words("Nothing was corrected."))
        else:
            rows = [
                (
                    words.moment(one.made_at),
                    _action(words, one.action),
                    " · ".join(_change(editing, change) for change in one.changes),
                    words.told(one.reason),
                )
                for one in history.revisions
            ]
            heads = (words("When"), words("What"), words("Change"), words("Why"))
            show_table(heads, rows, label=words("Corrections"), text_columns=(0, 1, 2, 3))
        if history.session.deleted_at is not None:
            _ask(editing, words("Restore this session"), words("It counts again."), "restore", restore)
            return
        if history.revisions and history.revisions[-1].changes:
            _ask(
                editing,
                words("Undo the last correction"),
                words("The last correction is undone."),
                "undo",
                undo_correction,
            )
        if history.session.rest_tests:
            _rest_tests(editing)
        _ask(
            editing,
            words("Delete this session"),
            words("It does not count any more."),
            "delete",
            delete,
            words("It counts no more in weeks and trend. Its recording stays, and it can be restored."),
            danger=True,
        )


def show_analyses(editing: Editing) -> None:
    """Each analysis with what it came to, and which one counts."""
    words, history = editing.words, editing.stored.history
    if not history.analyses:
        return

    def fill() -> None:
        heads = (
            words("Version"),
            words("Made"),
            words("Sets"),
            words("Valid"),
            words("Partial"),
            words("Rest tests"),
            words("Refused"),
            words("Counts"),
        )
        rows = [
            (
                one.version,
                words.moment(one.created_at),
                words.number(one.sets, 0),
                words.number(one.valid_reps, 0),
                words.number(one.partial_reps, 0),
                words.number(one.rest_tests, 0),
                words.number(one.refused_rest_tests, 0),
                words("yes") if one.is_current else words("no"),
            )
            for one in history.analyses
        ]
        show_table(heads, rows, label=words("Analyses of this recording"), text_columns=(0, 1, 7))

    folded(words("Analyses of this recording"), fill)


def _ask(
    editing: Editing,
    action: str,
    told: str,
    name: str,
    change: Callable[[Database, Person, int, str, Catalogue], Revision],
    hint: str = "",
    *,
    danger: bool = False,
) -> None:
    words, view = editing.words, editing.view

    async def send(sent: Sent) -> None:
        reason = reason_of(words, sent)
        await editing.keep(
            told,
            change,
            view.site.database,
            view.person,
            editing.session_id,
            reason,
            view.site.place.catalogue,
        )

    def fill() -> None:
        with Form(words, send, action=action, name=name, main=not danger) as form:
            if hint:
                tag("p", hint)
            form.field("reason", words("Why"), hint=words("In one line; it is kept with the correction."))

    folded(action, fill, bad=danger)


def _rest_tests(editing: Editing) -> None:
    words, view = editing.words, editing.view
    left_out = editing.stored.history.session.rest_left_out
    action = words("Let the rest tests count") if left_out else words("Leave the rest tests out")

    async def send(sent: Sent) -> None:
        await editing.keep(
            words("The correction is kept."),
            count_rest_tests,
            view.site.database,
            view.person,
            editing.session_id,
            counts=left_out,
            reason=reason_of(words, sent),
            catalogue=view.site.place.catalogue,
        )

    def fill() -> None:
        with Form(words, send, action=action, name="rest-tests") as form:
            form.field("reason", words("Why"), hint=words("In one line; it is kept with the correction."))

    folded(action, fill)


def _action(words: Words, action: Action) -> str:
    match action:
        case Action.ADD:
            return words("added")
        case Action.EDIT:
            return words("corrected")
        case Action.DELETE:
            return words("deleted")
        case Action.RESTORE:
            return words("restored")
        case Action.UNDO:
            return words("undone")


def _change(editing: Editing, change: Change) -> str:
    words = editing.words
    parts: Sequence[str] = (
        *(() if change.set_number is None else (words("Set {number}", number=change.set_number),)),
        *(() if change.side is None else (leg_name(words, change.side.value),)),
    )
    before, after = (_value(editing, change, value) for value in (change.before, change.after))
    text = words("{field}: {before} → {after}", field=_field(words, change.field), before=before, after=after)
    return ", ".join((*parts, text))


def _value(editing: Editing, change: Change, value: str | None) -> str:
    words = editing.words
    shown = shown_value(editing.stored.history, change, value)
    if value is None:
        return words("as found") if shown == "as found" else words("no")
    if shown == "yes":
        return words("yes")
    if change.field is Field.EXERCISE:
        return exercise_title(words, editing.view.site.place.catalogue, value)
    return leg_name(words, value) if change.field is Field.SIDE else shown


def _field(words: Words, field: Field) -> str:
    match field:
        case Field.STARTED_AT:
            return words("Began")
        case Field.TIME_ZONE:
            return words("Time zone")
        case Field.PERSON:
            return words("Person")
        case Field.REST_LEFT_OUT:
            return words("Rest tests left out")
        case Field.DELETED_AT:
            return words("Deleted")
        case Field.EXERCISE:
            return words("Exercise")
        case Field.VALID_REPS:
            return words("Valid repetitions")
        case Field.PARTIAL_REPS:
            return words("Partial repetitions")
        case Field.LEFT_OUT:
            return words("Left out")
        case Field.SIDE:
            return words("Leg")
        case Field.SETS:
            return words("Sets")
        case Field.REPS:
            return words("Repetitions of each")
        case Field.HOLD_S:
            return words("Seconds each was held")
        case Field.MINUTES:
            return words("Minutes")
