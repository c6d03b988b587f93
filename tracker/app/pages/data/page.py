"""The page of the data."""

import asyncio

from tracker.app.html import tag
from tracker.app.operations.backups import kept_backups
from tracker.app.operations.data_files import DataFiles, data_files, deleted_sessions
from tracker.app.operations.reanalysing import due_now
from tracker.app.pages.data.backup import show_backup
from tracker.app.pages.data.deleting import show_deleted
from tracker.app.pages.data.export import show_export
from tracker.app.pages.data.imports import show_imports
from tracker.app.pages.data.made import megabytes
from tracker.app.pages.data.reanalysis import show_reanalysis
from tracker.app.pages.data.restore import show_restore
from tracker.app.site import View


async def build(view: View) -> None:
    site = view.site
    kept = await asyncio.to_thread(kept_backups, site.place)
    due = await asyncio.to_thread(due_now, site.place, site.database)
    deleted = await asyncio.to_thread(deleted_sessions, site.place, site.database, view.person)
    files = await asyncio.to_thread(data_files, site.place, site.database)
    show_export(view)
    show_backup(view, kept)
    show_restore(view, kept)
    show_imports(view)
    show_reanalysis(view, due)
    show_deleted(view, deleted)
    _show_files(view, files)


def _show_files(view: View, files: DataFiles) -> None:
    words = view.words
    with tag("section", classes="card", aria_labelledby="files"):
        tag("h2", words("Where the files are"), id="files")
        tag("p", words("Nothing leaves this computer. The folder of the program:"))
        with tag("p"):
            tag("code", str(files.folder), dir="ltr")
        with tag("ul"):
            if files.database_bytes is None:
                tag("li", words("database: {name}", name=files.database))
            else:
                tag("li", words("database: {size}", size=megabytes(words, files.database_bytes)))
            tag(
                "li",
                words.plural(
                    "{count} recording: {size}",
                    "{count} recordings: {size}",
                    files.recordings,
                    size=megabytes(words, files.recordings_bytes),
                ),
            )
            tag(
                "li",
                words.plural(
                    "{count} automatic backup: {size}",
                    "{count} automatic backups: {size}",
                    files.backups,
                    size=megabytes(words, files.backups_bytes),
                ),
            )
            if files.free_bytes is not None:
                tag("li", words("free on the disk: {size}", size=megabytes(words, files.free_bytes)))
