"""A backup becomes the data of the program: what is in it is shown first, and a word is to be typed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from tracker.app.engine.jobs import Job, JobKind
from tracker.app.forms import FieldError, Form, Sent
from tracker.app.html import tag
from tracker.app.operations.backups import kept_backup
from tracker.app.operations.restoring import (
    BackupInside,
    RestoredNow,
    let_go_of_files,
    look_work,
    refuse_while_busy,
    restore_work,
)
from tracker.app.pages.data.backup import kind_text
from tracker.app.pages.file_field import file_field
from tracker.app.pages.job_card import JobCard
from tracker.app.site import View
from tracker.app.words import Words
from tracker.backup.automatic import AutomaticBackup
from tracker.errors import UsageError


def show_restore(view: View, kept: Sequence[AutomaticBackup]) -> None:
    """Choosing a backup, what is in it, and the restore that goes on or is done."""
    site, words = view.site, view.words

    async def look(sent: Sent) -> None:
        refuse_while_busy(site.engine.is_busy)
        token, name, passphrase = sent.get("file", ""), sent.get("kept", ""), sent.get("passphrase", "")
        if token:
            file = site.uploads.find(token)
            site.jobs.start(JobKind.LOOK, look_work(file.path, file.name, passphrase))
        elif name:
            chosen = await asyncio.to_thread(kept_backup, site.place, name)
            site.jobs.start(JobKind.LOOK, look_work(chosen.path, name, passphrase))
        else:
            raise UsageError("no backup was chosen", advice="Choose a file, or one of the list.")

    with tag("section", classes="card", aria_labelledby="restore"):
        tag("h2", words("Restore"), id="restore")
        tag(
            "p",
            words(
                "A backup takes the place of all data that are here now. Those are set aside in a folder of "
                "their own, never deleted. First you see what is in it."
            ),
        )
        with Form(words, look, action=words("See what is in it"), name="restore-form", main=False) as form:
            file_field(words, "restore-form", "file", words("File of a backup"), accept=".tar")
            options = [("", words("– none –"))]
            for one in kept:
                text = words(
                    "{moment}, {kind}", moment=words.moment(one.made_at), kind=kind_text(words, one.kind)
                )
                options.append((one.path.name, text))
            form.choice("kept", words("Or one that was made by itself"), options, "")
            form.field(
                "passphrase", words("Passphrase, if it is encrypted"), kind="password", autocomplete="off"
            )
        JobCard(view, JobKind.LOOK, words("The backup is being read."), lambda job: _show_inside(view, job))
        JobCard(
            view, JobKind.RESTORE, words("The backup is being restored."), lambda job: _show_done(view, job)
        )


def _show_inside(view: View, job: Job) -> None:
    site, words, inside = view.site, view.words, job.result
    if not isinstance(inside, BackupInside):
        return
    word = words("restore")

    async def restore(sent: Sent) -> None:
        if sent.get("word", "").strip().casefold() != word.casefold():
            raise FieldError("word", words("Type the word {word}.", word=word))
        work = restore_work(
            site.place,
            site.database,
            inside,
            lambda: site.engine.is_busy,
            lambda: let_go_of_files(site.place.home.folder, site.uploads, site.dropped),
            simulated=site.simulated,
        )
        site.jobs.start(JobKind.RESTORE, work)

    manifest = inside.manifest
    tag("p", words("{name} is whole. In it:", name=inside.name), classes="strong")
    with tag("ul"):
        tag(
            "li",
            words(
                "made on {moment} by version {version}",
                moment=_moment(words, manifest.created_at),
                version=manifest.program,
            ),
        )
        tag("li", words.plural("{count} person", "{count} persons", inside.persons))
        tag("li", words.plural("{count} session", "{count} sessions", inside.sessions))
        if manifest.with_recordings:
            tag("li", words.plural("{count} recording", "{count} recordings", inside.recordings))
        else:
            tag("li", words("no recordings; those that are here now stay"))
    tag("p", words("Pages that are open wait for a moment, and are loaded anew."))
    with Form(words, restore, action=words("Put it in place of what is here"), name="restore-word") as form:
        form.field(
            "word",
            words("Type the word {word} to go on", word=word),
            autocomplete="off",
            autocapitalize="none",
        )


def _moment(words: Words, text: str) -> str:
    try:
        return words.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _show_done(view: View, job: Job) -> None:
    words, done = view.words, job.result
    if not isinstance(done, RestoredNow):
        return
    sessions = done.manifest.counts.get("session", 0)
    tag(
        "p",
        words.plural("Restored: {count} session.", "Restored: {count} sessions.", sessions),
        classes="strong",
    )
    if done.set_aside is not None:
        tag("p", words("What was there before lies in {folder}", folder=str(done.set_aside)))
    if done.migrated:
        tag("p", words("The backup was of an older version; its database was brought to this one."))
    if done.settings_differ:
        tag("p", words("Its settings and exercises hold once the program is started again."), classes="care")
