"""What was deleted: bringing it back, or removing its recording for good."""

import asyncio
from collections.abc import Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments

from tracker.app.forms import FieldError, Form, Sent
from tracker.app.frame import show_error
from tracker.app.html import button, tag
from tracker.app.operations.data_files import DeletedSession, bring_back, remove_recording
from tracker.app.pages.data.made import megabytes
from tracker.app.site import View
from tracker.errors import TrackerError


def show_deleted(view: View, deleted: Sequence[DeletedSession]) -> None:
    """The deleted sessions of the person."""
    words = view.words
    with tag("section", classes="card", aria_labelledby="delete"):
        tag("h2", words("Delete"), id="delete")
        with tag("p"):
            tag("a", words("Delete a session on its page in Review."), href=view.link("/review"))
        with tag("p"):
            tag("a", words("Delete a person with all data on the page Persons."), href=view.link("/persons"))
        tag(
            "p",
            words(
                "A deleted session counts no more, but stays here and can be brought back. "
                "Its recording can be removed for good; backups that hold it are not changed."
            ),
        )
        if not deleted:
            tag("p", words("No session of {name} is deleted.", name=view.person.name))
        for one in deleted:
            _show_one(view, one)
        tag(
            "p",
            words(
                "To remove all data of all persons, remove the program's folder, which stands below. "
                "Keep a backup first, if you may want them again."
            ),
            classes="soft",
        )


def _show_one(view: View, one: DeletedSession) -> None:
    words, session_id = view.words, one.session.session_id
    when = words.moment(one.session.started_at)

    async def back(_event: GenericEventArguments) -> None:
        try:
            await asyncio.to_thread(
                bring_back, view.site.database, view.person, session_id, "brought back on the page Data"
            )
        except TrackerError as error:
            with card:
                show_error(words, error)
            return
        ui.navigate.to(view.link(view.path))

    async def remove(sent: Sent) -> None:
        if sent.get("word", "").strip().casefold() != words("remove").casefold():
            raise FieldError("word", words("Type the word {word}.", word=words("remove")))
        await asyncio.to_thread(
            remove_recording, view.site.place, view.site.database, view.person, session_id
        )
        ui.navigate.to(view.link(view.path))

    with tag("div", classes="deleted") as card:
        with tag("p", classes="row"):
            tag("span", words("Session {session} of {moment}", session=str(session_id), moment=when))
            button(
                words("Bring it back"),
                back,
                aria_label=words("Bring back the session of {moment}", moment=when),
            )
        if one.recording_bytes is None:
            tag("p", words("Its recording is not in the program's folder."), classes="soft")
            return
        with tag("details"):
            tag(
                "summary",
                words("Remove its recording for good ({size})", size=megabytes(words, one.recording_bytes)),
            )
            with Form(
                words, remove, action=words("Remove it for good"), name=f"remove-{session_id}", main=False
            ) as form:
                form.field(
                    "word",
                    words("Type the word {word} to go on", word=words("remove")),
                    autocomplete="off",
                    autocapitalize="none",
                )
