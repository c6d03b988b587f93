"""The sets of a session: counts as they stand, repetitions, corrections, and how each felt."""

import asyncio
from collections.abc import Sequence
from functools import partial

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from tracker.app.forms import Form, Sent, whole_number
from tracker.app.html import button, tag
from tracker.app.live.names import exercise_title, leg_name
from tracker.app.operations.session_corrections import SetSaid, correct_set
from tracker.app.pages.review.editing import Editing, reason_of
from tracker.app.pages.review.felt import show_set_felt
from tracker.app.pages.review.folded import Fill, folded
from tracker.app.pages.review.results import repetitions_html, seek_button, set_remarks
from tracker.app.words import Words
from tracker.model import ExerciseSet, Side
from tracker.plan.catalogue import Catalogue
from tracker.session.session_limits import MAX_REPS
from tracker.store.found_sets import FoundSet

_SHOWN_OPEN = 3
"""Sessions with more sets begin with one line for each."""


async def show_stored_sets(editing: Editing) -> None:
    """The sets of a stored session."""
    words, history, analysis = editing.words, editing.stored.history, editing.stored.analysis
    if not history.sets or analysis is None:
        return
    measured = {(one.start_s, one.side): one for one in analysis.sets}
    with tag("section", aria_label=words("Sets")):
        tag("h2", words("Sets"))
        numbers = tuple(dict.fromkeys(one.set_number for one in history.sets))
        for number in numbers:
            legs = [one for one in history.sets if one.set_number == number]
            done = [measured.get((one.start_s, one.side)) for one in legs]
            _stored_set(editing, legs, done, of=len(numbers))
            # A session that runs meanwhile is not held up by a page of many sets.
            await asyncio.sleep(0)


def show_measured_sets(words: Words, catalogue: Catalogue, sets: Sequence[ExerciseSet]) -> None:
    """The sets of a recording that is not stored."""
    if not sets:
        return
    begins_s = sorted({one.start_s for one in sets})
    with tag("section", aria_label=words("Sets")):
        tag("h2", words("Sets"))
        for number, start_s in enumerate(begins_s, start=1):
            legs = [one for one in sets if one.start_s == start_s]
            counts = [_counts(words, one.side, one.valid_reps, one.partial_reps) for one in legs]
            title = _title(words, catalogue, number, legs[0].exercise)
            fill = partial(_fill_measured, words, legs, counts)
            _folded_set(title, counts, fill, is_open=len(begins_s) <= _SHOWN_OPEN)


def _stored_set(editing: Editing, legs: list[FoundSet], measured: list[ExerciseSet | None], of: int) -> None:
    words, catalogue = editing.words, editing.view.site.place.catalogue
    counts = [_counts(words, one.side, one.counted_valid_reps, one.counted_partial_reps) for one in legs]
    title = _title(words, catalogue, legs[0].set_number, legs[0].counted_exercise)
    told = [*counts, *(words("left out") for one in legs[:1] if not one.counts)]
    fill = partial(_fill_stored, editing, legs, measured, counts)
    _folded_set(title, told, fill, is_open=of <= _SHOWN_OPEN)


def _folded_set(title: str, counts: Sequence[str], fill: Fill, *, is_open: bool) -> None:
    """A set in one line: of an hour nobody reads every set."""
    folded(title, fill, detail=" · ".join(counts), classes="review-set", is_open=is_open)


def _fill_measured(words: Words, legs: list[ExerciseSet], counts: list[str]) -> None:
    _to_picture(words, legs[0].start_s)
    for done, text in zip(legs, counts, strict=True):
        tag("p", text, classes=_leg_class(done.side))
        _measured(words, done)


def _fill_stored(
    editing: Editing, legs: list[FoundSet], measured: list[ExerciseSet | None], counts: list[str]
) -> None:
    words, catalogue = editing.words, editing.view.site.place.catalogue
    _to_picture(words, legs[0].start_s)
    for one, done, text in zip(legs, measured, counts, strict=True):
        with tag("div", classes="row"):
            tag("p", text, classes=_leg_class(one.side))
            _correction(editing, one)
        for corrected in _corrected(words, catalogue, one):
            tag("p", corrected, classes="care")
        if done is not None:
            _measured(words, done)
    show_set_felt(editing, legs[0].set_number)


def _title(words: Words, catalogue: Catalogue, number: int, exercise: str) -> str:
    title = exercise_title(words, catalogue, exercise)
    return words("Set {number}: {exercise}", number=number, exercise=title)


def _to_picture(words: Words, start_s: float) -> None:
    with tag("p"):
        tag("span", words("Begins at"))
        ui.html(seek_button(words, start_s).html, sanitize=False).classes("inline")


def _leg_class(side: Side | None) -> str:
    return "strong" if side is None else f"strong leg-{side.value}"


def _counts(words: Words, side: Side | None, valid: int, partial_reps: int) -> str:
    return words(
        "{leg}: {valid}, {partial}",
        leg=leg_name(words, None if side is None else side.value),
        valid=words.plural("{count} valid repetition", "{count} valid repetitions", valid),
        partial=words.plural("{count} partial", "{count} partial", partial_reps),
    )


def _corrected(words: Words, catalogue: Catalogue, one: FoundSet) -> list[str]:
    """What a person said otherwise than it was counted."""
    texts = []
    if not one.counts:
        texts.append(words("Left out: this set does not count."))
    if (one.valid_reps, one.partial_reps) != (one.counted_valid_reps, one.counted_partial_reps):
        texts.append(
            words(
                "Corrected. The sensors counted {valid} valid and {partial} partial.",
                valid=one.valid_reps,
                partial=one.partial_reps,
            )
        )
    if one.exercise != one.counted_exercise:
        title = exercise_title(words, catalogue, one.exercise)
        texts.append(words("Corrected. It was recorded as {exercise}.", exercise=title))
    return texts


def _measured(words: Words, done: ExerciseSet) -> None:
    for remark in set_remarks(words, done):
        tag("p", remark, classes="soft")
    if not done.repetitions:
        return
    name = leg_name(words, None if done.side is None else done.side.value)
    title = words.plural(
        "{leg}: {count} repetition", "{leg}: {count} repetitions", len(done.repetitions), leg=name
    )
    folded(title, lambda: ui.html(repetitions_html(words, done), sanitize=False))


def _correction(editing: Editing, one: FoundSet) -> None:
    """The button that opens the form of a correction below it."""
    words = editing.words
    if editing.stored.history.session.deleted_at is not None:
        return
    leg = leg_name(words, None if one.side is None else one.side.value)

    def toggle(_event: object) -> None:
        if place.default_slot.children:
            place.clear()
            opener.props["aria-expanded"] = "false"
        else:
            with place:
                _form(editing, one)
            opener.props["aria-expanded"] = "true"

    told = words("Set {number}, {leg}: counted wrongly?", number=one.set_number, leg=leg)
    opener: TextElement = button(words("Counted wrongly?"), toggle, aria_label=told, aria_expanded="false")
    place = tag("div", classes="correction")


def _form(editing: Editing, one: FoundSet) -> None:
    words, view = editing.words, editing.view
    catalogue = view.site.place.catalogue

    async def send(sent: Sent) -> None:
        said = SetSaid(
            one.set_number,
            one.side,
            exercise=sent["exercise"] if sent["exercise"] != one.counted_exercise else None,
            valid_reps=_changed(words, sent, "valid", one.counted_valid_reps),
            partial_reps=_changed(words, sent, "partial", one.counted_partial_reps),
            left_out=None if ("left_out" in sent) != one.counts else "left_out" in sent,
        )
        await _keep(editing, said, reason_of(words, sent))

    async def as_found(sent: Sent) -> None:
        said = SetSaid(one.set_number, one.side, as_found=True)
        await _keep(editing, said, reason_of(words, sent))

    name = f"set-{one.set_number}-{one.side or 'both'}"
    with Form(words, send, action=words("Keep the correction"), name=name, classes="card") as form:
        tag("p", words("What the sensors counted stays as it is; the correction is kept beside it."))
        form.field(
            "valid",
            words("Valid repetitions"),
            str(one.counted_valid_reps),
            kind="number",
            min=0,
            max=MAX_REPS,
            inputmode="numeric",
        )
        form.field(
            "partial",
            words("Partial repetitions"),
            str(one.counted_partial_reps),
            kind="number",
            min=0,
            max=MAX_REPS,
            inputmode="numeric",
        )
        titles = sorted((exercise_title(words, catalogue, known), known) for known in catalogue)
        if one.counted_exercise not in catalogue:
            titles.insert(0, (one.counted_exercise, one.counted_exercise))
        form.choice(
            "exercise", words("Exercise"), [(key, title) for title, key in titles], one.counted_exercise
        )
        form.tick("left_out", words("Leave this set out: it does not count"), ticked=not one.counts)
        form.field("reason", words("Why"), hint=words("In one line; it is kept with the correction."))
    if one.correction is not None:
        with Form(
            words, as_found, action=words("As the sensors counted"), name=f"{name}-found", main=False
        ) as back:
            back.field("reason", words("Why take the correction back"))


def _changed(words: Words, sent: Sent, field: str, now: int) -> int | None:
    value = whole_number(words, sent, field)
    return None if value == now else value


async def _keep(editing: Editing, said: SetSaid, reason: str) -> None:
    view = editing.view
    await editing.keep(
        editing.words("The correction is kept."),
        correct_set,
        view.site.database,
        view.person,
        editing.session_id,
        said,
        reason,
        view.site.place.catalogue,
    )
