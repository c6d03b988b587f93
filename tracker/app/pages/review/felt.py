"""How a session and its sets felt: shown, and said anew."""

import asyncio

from tracker.app.forms import Form, Sent
from tracker.app.html import tag
from tracker.app.operations.session_corrections import judge_again
from tracker.app.pages.review.editing import Editing
from tracker.app.pages.review.folded import folded
from tracker.app.words import Words
from tracker.model import SessionFelt, SetFelt
from tracker.plan.pain import HIGHEST, LOWEST
from tracker.session.felt_session import Said
from tracker.session.saying_felt import LONGEST_NOTE_CHARS, say_felt


def show_felt(editing: Editing) -> None:
    """How the whole session felt."""
    words, history = editing.words, editing.stored.history
    felt = history.felt or SessionFelt()
    with tag("section", aria_label=words("How it felt")):
        tag("h2", words("How it felt"))
        tag("p", " · ".join(_session_texts(words, felt)) or words("Nothing was said."))
        if felt.notes:
            tag("p", felt.notes, classes="notes", dir="auto")
        if history.session.deleted_at is not None:
            return

        async def send(sent: Sent) -> None:
            scales = ("pain_before", "pain_worst", "pain_next_morning", "effort")
            said: Said = {name: _scale_value(sent, name) for name in scales}
            said["notes"] = sent.get("notes", "").replace("\r\n", "\n").strip() or None
            await _keep(editing, said)

        def fill() -> None:
            with Form(words, send, action=words("Keep"), name="felt", classes="grid") as form:
                _scale(form, words, "pain_before", words("Pain before"), felt.pain_before)
                _scale(form, words, "pain_worst", words("Pain at worst"), felt.pain_worst)
                _scale(
                    form, words, "pain_next_morning", words("Pain the next morning"), felt.pain_next_morning
                )
                _scale(form, words, "effort", words("Effort"), felt.effort)
                _notes(words, felt.notes)

        folded(words("Say it anew"), fill)


def show_set_felt(editing: Editing, number: int) -> None:
    """How a set felt, and with which band it was done."""
    words, history = editing.words, editing.stored.history
    felt = history.sets_felt.get(number, SetFelt())
    texts = _set_texts(words, felt)
    band = None if felt.band_id is None else history.bands.get(felt.band_id)
    if band is not None:
        texts.append(words("Band: {brand} {colour}", brand=band.brand, colour=words.told(band.colour)))
    if texts:
        tag("p", " · ".join(texts))
    if felt.notes:
        tag("p", felt.notes, classes="notes", dir="auto")
    if history.session.deleted_at is not None:
        return

    async def send(sent: Sent) -> None:
        said: Said = {name: _scale_value(sent, name) for name in ("pain", "effort")}
        said["notes"] = sent.get("notes", "").replace("\r\n", "\n").strip() or None
        await _keep(editing, said, number)

    def fill() -> None:
        with Form(words, send, action=words("Keep"), name=f"felt-{number}", classes="grid") as form:
            _scale(form, words, "pain", words("Pain at worst"), felt.pain)
            _scale(form, words, "effort", words("Effort"), felt.effort)
            _notes(words, felt.notes)

    folded(words("How set {number} felt", number=number), fill)


def _session_texts(words: Words, felt: SessionFelt) -> list[str]:
    said = (
        (words("pain before"), felt.pain_before),
        (words("pain at worst"), felt.pain_worst),
        (words("pain the next morning"), felt.pain_next_morning),
        (words("effort"), felt.effort),
    )
    return [_of_ten(words, name, value) for name, value in said if value is not None]


def _set_texts(words: Words, felt: SetFelt) -> list[str]:
    said = ((words("pain at worst"), felt.pain), (words("effort"), felt.effort))
    return [_of_ten(words, name, value) for name, value in said if value is not None]


def _of_ten(words: Words, name: str, value: int) -> str:
    return words("{what}: {value} of 10", what=name, value=value)


def _scale(form: Form, words: Words, name: str, label: str, chosen: int | None) -> None:
    options = [("", "–"), *((str(value), words.number(value, 0)) for value in range(LOWEST, HIGHEST + 1))]
    form.choice(name, label, options, "" if chosen is None else str(chosen))


def _notes(words: Words, text: str | None) -> None:
    with tag("div", classes="field"), tag("label"):
        tag("span", words("Notes"))
        tag("textarea", text or "", rows=3, maxlength=LONGEST_NOTE_CHARS, dir="auto").props["name"] = "notes"


def _scale_value(sent: Sent, name: str) -> int | None:
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


async def _keep(editing: Editing, said: Said, number: int | None = None) -> None:
    site, person = editing.view.site, editing.view.person

    def change() -> None:
        say_felt(site.database, person, editing.session_id, said, number)
        judge_again(site.database, person, editing.session_id, site.place.catalogue)

    await asyncio.to_thread(change)
    await editing.refresh(editing.words("Kept."))
