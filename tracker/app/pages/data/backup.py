"""Backups: one as a file to be kept elsewhere, and those that were made by themselves."""

from collections.abc import Sequence

from tracker.app.engine.jobs import JobKind
from tracker.app.file_routes import BACKUPS_PATH
from tracker.app.forms import Form, Sent
from tracker.app.html import tag
from tracker.app.operations.backups import backup_asked, backup_work
from tracker.app.pages.data.made import megabytes, show_made
from tracker.app.pages.job_card import JobCard
from tracker.app.site import View
from tracker.app.words import Words
from tracker.backup.automatic import AutomaticBackup


def show_backup(view: View, kept: Sequence[AutomaticBackup]) -> None:
    """The form, the backup that goes on or is done, and the list of the program's own."""
    site, words = view.site, view.words

    async def send(sent: Sent) -> None:
        asked = backup_asked(
            with_recordings="recordings" in sent,
            passphrase=sent.get("passphrase", ""),
            again=sent.get("again", ""),
        )
        work = backup_work(site.place, site.database, asked, simulated=site.simulated)
        site.jobs.start(JobKind.BACKUP, work)

    with tag("section", classes="card", aria_labelledby="backup"):
        tag("h2", words("Backup"), id="backup")
        tag(
            "p",
            words(
                "Sessions, results, recordings and settings of all persons in one file. "
                "Keep it on another disk."
            ),
        )
        with Form(words, send, action=words("Make a backup"), name="backup-form") as form:
            form.tick("recordings", words("With recordings"), ticked=True)
            form.field(
                "passphrase",
                words("Passphrase, if it shall be encrypted"),
                kind="password",
                hint=words(
                    "Without it, whoever has the file can read it. A lost passphrase cannot be got back."
                ),
                autocomplete="new-password",
            )
            form.field(
                "again", words("The passphrase once more"), kind="password", autocomplete="new-password"
            )
        JobCard(view, JobKind.BACKUP, words("The backup is being made."), lambda job: show_made(view, job))
        tag("h3", words("Automatic backups"))
        _show_kept(words, kept, simulated=site.simulated)


def kind_text(words: Words, kind: str) -> str:
    """Why a backup was made."""
    match kind:
        case "weekly":
            return words("weekly")
        case "before-migration":
            return words("before the tables were changed")
        case "before-restore":
            return words("before a restore")
    return kind


def _show_kept(words: Words, kept: Sequence[AutomaticBackup], *, simulated: bool) -> None:
    if not kept:
        none_after_simulated = words("None: after simulated sessions none is made.")
        tag(
            "p",
            none_after_simulated if simulated else words("None yet; the first one is made after a session."),
        )
        return
    with tag("ul", classes="plain"):
        for one in kept:
            with tag("li", classes="row"):
                tag("span", words.moment(one.made_at))
                tag("span", kind_text(words, one.kind))
                tag(
                    "a",
                    words("Download ({size})", size=megabytes(words, one.size_bytes)),
                    href=f"{BACKUPS_PATH}/{one.path.name}",
                    download=one.path.name,
                    aria_label=words("Download the backup of {moment}", moment=words.moment(one.made_at)),
                )
    tag(
        "p",
        words(
            "They lie on the same disk, without recordings: they help against mistakes, "
            "not against a broken disk."
        ),
        classes="soft",
    )
