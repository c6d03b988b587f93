"""Deleting a person for good, while pages are open."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tracker.app.engine.jobs import JobBoard, JobKind
from tracker.app.engine.running import Engine
from tracker.app.operations.restoring import refuse_while_busy
from tracker.app.recordings.shelf import Shelf
from tracker.backup.kept_copies import kept_copies
from tracker.errors import ConflictError
from tracker.session.begun_deletion import BegunDeletion
from tracker.session.person_deletion import (
    PersonData,
    check_name,
    delete_person,
    finish_deletion,
    person_data,
    unfinished_deletions,
)
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.person_rows import recording_paths

_BESIDE_IT = frozenset({JobKind.LOOK, JobKind.SCAN, JobKind.RADIO})
"""Work that neither reads nor writes what a person has."""

_MADE_BEFORE = (JobKind.EXPORT, JobKind.BACKUP)
"""Files that wait to be fetched, and may hold the person."""


@dataclass(frozen=True, slots=True)
class PersonGone:
    """A person who was deleted.

    Attributes:
        recordings: how many files were removed.
        went_on: an earlier deletion that had not come to its end was finished.
        copies: backups and folders that were set aside, which may still hold the person.
    """

    person_id: int
    name: str
    recordings: int
    went_on: bool
    copies: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Deleting:
    """All of the program that knows of a person."""

    place: Workplace
    database: Database
    engine: Engine
    jobs: JobBoard
    shelf: Shelf

    def looked_at(self, person_id: int) -> PersonData:
        """What would go; blocks.

        Raises:
            NotThereError, ConflictError: as `person_data`.
        """
        return person_data(self.place.home, self.database, person_id)

    def unfinished(self) -> tuple[BegunDeletion, ...]:
        """Deletions that have not come to their end; blocks.

        Raises:
            StorageError: what tells of them cannot be read.
        """
        return unfinished_deletions(self.place.home, self.database)

    async def delete(self, person_id: int, name_again: str) -> PersonGone:
        """Delete a person for good, or bring to its end what was begun; to be called in the event loop.

        Args:
            name_again: the person's name, as it was typed.

        Raises:
            UsageError: it is another name.
            NotThereError: nobody has that number.
            ConflictError: as `person_data`; a session runs, or other work with the data.
            StorageError, DatabaseError: not all could be done; to ask again goes on.
        """
        refuse_while_busy(self.engine.is_busy)
        self._refuse_beside_work()
        for file in await asyncio.to_thread(self._recordings, person_id):
            self.shelf.forget(file)
        gone = await asyncio.to_thread(self._delete, person_id, name_again)
        if self.engine.now.person_id == person_id:
            self.engine.dismiss()
        for kind in _MADE_BEFORE:
            self.jobs.dismiss(kind)
        return gone

    def _refuse_beside_work(self) -> None:
        if any(job.is_running and job.kind not in _BESIDE_IT for job in self.jobs.jobs):
            raise ConflictError(
                "something else is being done with the data", advice="Wait until it is done, or stop it."
            )

    def _recordings(self, person_id: int) -> tuple[Path, ...]:
        """By the names that they are opened by, whatever links lead there."""
        with self.database.read() as connection:
            paths = recording_paths(connection, person_id)
        return tuple(self.place.home.folder / path for path in paths.own)

    def _delete(self, person_id: int, name_again: str) -> PersonGone:
        home = self.place.home
        for begun in self.unfinished():
            if begun.person_id == person_id:
                check_name(begun.name, name_again)
                removed = finish_deletion(home, self.database, begun)
                return PersonGone(person_id, begun.name, removed, True, kept_copies(home))
        done = delete_person(home, self.database, person_id, name_again)
        return PersonGone(person_id, done.person.name, len(done.files.own), False, done.copies)
