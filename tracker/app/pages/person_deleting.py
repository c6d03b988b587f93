"""Deleting a person for good: what goes is shown in a dialog, and the name is to be typed."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from nicegui import Client, ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from tracker.app.forms import FieldError, Form, Sent
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.deleting_persons import Deleting
from tracker.app.operations.persons import PersonLine
from tracker.app.pages.data.made import megabytes
from tracker.app.site import View
from tracker.app.words import Words
from tracker.errors import TrackerError
from tracker.session.begun_deletion import BegunDeletion
from tracker.session.person_deletion import PersonData

_DELETED = "deleted"
"""In the address: whose deletion is done. The number, as the name is gone from everywhere."""

_CLOSE = "(event) => event.target.closest('dialog').close()"


def deleting_of(view: View) -> Deleting:
    """All of the program that knows of a person."""
    site = view.site
    return Deleting(site.place, site.database, site.engine, site.jobs, site.shelf)


def show_done(view: View, there: Collection[int]) -> None:
    """That a deletion is done, where the page was loaded anew after it.

    Args:
        there: numbers of all persons, also of those whose deletion is not finished: of these nothing is said.
    """
    gone = view.query.get(_DELETED, "")
    if not (gone.isascii() and gone.isdigit()) or gone in map(str, there):
        return
    text = view.words("The person was deleted: results and recordings are gone from this computer.")
    done = tag("p", text, role="status", tabindex=-1, classes="done good strong")
    # The button that was pressed is gone: keyboards and readers go on from here.
    ui.run_javascript(f"getHtmlElement({done.id})?.focus()")


def show_deleting(view: View, line: PersonLine) -> None:
    """The button that asks for a person's deletion, with its dialog; why the default person has none."""
    words, person = view.words, line.person
    if line.is_default:
        text = words("The default person cannot be deleted. Make another one the default first.")
        tag("p", text, classes="soft")
        return
    own = f"delete-{person.person_id}"

    async def ask(_event: GenericEventArguments) -> None:
        faults.clear()
        try:
            data = await asyncio.to_thread(deleting_of(view).looked_at, person.person_id)
        except TrackerError as error:
            with faults:
                show_error(words, error)
            return
        dialog.clear()
        with dialog:
            _show_dialog(view, data, own)
        ui.run_javascript(f"document.getElementById({own!r})?.showModal()")

    with tag("p"):
        button(words("Delete {name} …", name=person.name), ask)
    faults = tag("div")
    dialog = tag("dialog", classes="card", id=own, aria_labelledby=f"{own}-title")


def show_unfinished(view: View, unfinished: Sequence[BegunDeletion]) -> None:
    """Deletions that did not come to their end, each with the button that finishes it."""
    words = view.words
    for begun in unfinished:
        with tag("section", classes="card", aria_labelledby=f"unfinished-{begun.person_id}"):
            tag(
                "h2",
                words("The deletion of {name} is not finished", name=begun.name),
                id=f"unfinished-{begun.person_id}",
            )
            tag("p", words("The results are gone; of the recordings some may still be there."))
            faults = tag("div")
            go_on = partial(_go_on, view, begun, faults)
            button(words("Finish it"), go_on, classes="main-action")


def _show_dialog(view: View, data: PersonData, own: str) -> None:
    words, name = view.words, data.person.name

    async def send(sent: Sent) -> None:
        typed = sent.get("name", "")
        if typed.strip() != name.strip():
            raise FieldError("name", words("Type the name {name}.", name=name))
        await deleting_of(view).delete(data.person.person_id, typed)
        _load_all_anew(view, data.person.person_id)

    tag("h2", words("Delete {name} for good?", name=name), id=f"{own}-title")
    tag("p", words("This goes, and nobody can bring it back:"))
    with tag("ul"):
        for text in _what_goes(words, data):
            tag("li", text)
    for text in _what_stays(words, data):
        tag("p", text, classes="soft")
    if data.copies:
        tag("p", words("Copies that were made before may still hold {name}, and are not changed:", name=name))
        with tag("ul"):
            for path in data.copies:
                with tag("li"):
                    tag("code", str(path), dir="ltr")
    tag("p", words("Backups and exports that you keep elsewhere may hold {name}, too.", name=name))
    with Form(words, send, action=words("Delete for good"), name=f"{own}-form", main=False) as form:
        label = words("Type the name {name} to go on", name=name)
        form.field("name", label, autocomplete="off", autocapitalize="none", maxlength=100)
    tag("button", words("Keep {name}", name=name), type="button").on("click", js_handler=_CLOSE)


def _what_goes(words: Words, data: PersonData) -> Iterator[str]:
    rows, files = data.rows, data.files
    yield words.plural("{count} session", "{count} sessions", rows.sessions)
    yield words.plural("{count} rest test", "{count} rest tests", rows.rest_tests)
    yield words.plural("{count} plan", "{count} plans", rows.plans)
    yield words.plural("{count} band", "{count} bands", rows.bands)
    yield words.plural("{count} note", "{count} notes", rows.notes)
    yield words.plural("{count} answer on habits", "{count} answers on habits", rows.habit_days)
    yield words.plural(
        "{count} answer to the safety questions", "{count} answers to the safety questions", rows.screenings
    )
    size = megabytes(words, files.size_bytes)
    yield words.plural("{count} recording: {size}", "{count} recordings: {size}", len(files.own), size=size)


def _what_stays(words: Words, data: PersonData) -> Iterator[str]:
    yield words("Sensors, their calibrations and the settings belong to this computer, and stay.")
    for path in data.files.left:
        yield words("This recording is not in the program's folder alone, and stays: {path}", path=path)
    if data.files.unclaimed:
        yield words.plural(
            "{count} file among the recordings belongs to no session, and stays.",
            "{count} files among the recordings belong to no session, and stay.",
            data.files.unclaimed,
        )


async def _go_on(
    view: View, begun: BegunDeletion, faults: TextElement, _event: GenericEventArguments
) -> None:
    faults.clear()
    try:
        await deleting_of(view).delete(begun.person_id, begun.name)
    except TrackerError as error:
        with faults:
            show_error(view.words, error)
        return
    _load_all_anew(view, begun.person_id)


def _load_all_anew(view: View, gone_id: int) -> None:
    """Pages that are open elsewhere may show the person; the own one tells that it is done."""
    own = ui.context.client
    for client in tuple(Client.instances.values()):
        if client.has_socket_connection and client is not own:
            with client:
                ui.navigate.reload()
    ui.navigate.to(view.link(f"{view.path}?{_DELETED}={gone_id}"))
