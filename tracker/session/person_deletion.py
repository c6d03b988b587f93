"""Deletes a person with all their data for good.

First a note of what goes, then all rows in one transaction, then the recordings, then the bytes that the
database's file still has of the rows, then the note. A process that is killed in between leaves the note
behind, and the same deletion asked for again goes on from it.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from tracker.backup.kept_copies import delete_leftovers, kept_copies
from tracker.errors import ConflictError, DatabaseError, NotThereError, StorageError, UsageError
from tracker.home import Home
from tracker.recording.files import sync_folder
from tracker.recording.held import held_by_others
from tracker.session.begun_deletion import BegunDeletion, notes, remove_note, write_note
from tracker.session.person_files import PersonFiles, own_file, person_files
from tracker.store.database import Database
from tracker.store.person_rows import (
    PersonRows,
    delete_person_rows,
    is_the_default,
    recording_paths,
    rows_of_person,
    session_being_recorded,
)
from tracker.store.persons import list_persons
from tracker.store.values import Person


@dataclass(frozen=True, slots=True)
class PersonData:
    """All that would go with a person, and what would stay.

    Attributes:
        copies: backups and folders that were set aside, which may hold the person and are not changed.
    """

    person: Person
    rows: PersonRows
    files: PersonFiles
    copies: tuple[Path, ...]


def person_data(home: Home, database: Database, person_id: int) -> PersonData:
    """Look at what would go; nothing is changed.

    Raises:
        NotThereError: nobody has that number.
        ConflictError: the person is the only or the default one; a session is being recorded; another process
            has one of the recordings open.
    """
    with database.read() as connection:
        return _looked_at(home, connection, person_id)


def unfinished_deletions(home: Home, database: Database) -> tuple[BegunDeletion, ...]:
    """Deletions whose rows are gone and whose files may not be; they are finished by being asked for again.

    Raises:
        StorageError: a note cannot be read.
    """
    begun = notes(home, _name_in_notes(home, database))
    if not begun:
        return ()
    with database.read() as connection:
        present = {one.person_id for one in list_persons(connection)}
    return tuple(one for one in begun if one.person_id not in present)


def delete_person(home: Home, database: Database, person_id: int, name_again: str) -> PersonData:
    """Delete a person for good: what went, and what stays.

    Args:
        name_again: the person's name, typed once more by who asks for it.

    Raises:
        UsageError: it is another name: nothing was changed.
        NotThereError, ConflictError: as `person_data`: nothing was changed.
        StorageError, DatabaseError: it could not be done, or not to its end: to ask again goes on with it.
    """
    with database.write() as connection:
        found = _looked_at(home, connection, person_id)
        check_name(found.person.name, name_again)
        folder = Path(home.recordings).resolve()
        begun = BegunDeletion(
            person_id=person_id,
            name=found.person.name,
            database=_name_in_notes(home, database),
            files=tuple(file.relative_to(folder).as_posix() for file in found.files.own),
        )
        write_note(home, begun)
        delete_person_rows(connection, person_id)
    finish_deletion(home, database, begun)
    return found


def finish_deletion(home: Home, database: Database, begun: BegunDeletion) -> int:
    """Bring a deletion to its end whose rows are gone; how many files were removed.

    Raises:
        ConflictError: a session is being recorded.
        StorageError, DatabaseError: it cannot be brought to its end; to do it again goes on with it.
    """
    try:
        with database.read() as connection:
            _refuse_while_recorded(connection)
        removed = _remove_files(home, database, begun)
        database.erase_deleted()
        delete_leftovers(home)
        remove_note(home, begun)
    except (UsageError, StorageError, DatabaseError) as error:
        raise type(error)(
            f"{begun.name} is deleted, but not all of it is gone from the disk yet: {error.message}",
            advice=f"{error.advice} Then delete {begun.name} once more: it goes on from here.",
            **error.data,
        ) from error
    return removed


def check_name(name: str, name_again: str) -> None:
    """See that the person who is meant is the one who was typed.

    Raises:
        UsageError: it is another name.
    """
    if name_again.strip() != name.strip():
        raise UsageError(
            f"the name that was typed is not {name!r}: nothing was deleted",
            advice="Type the name as it is written.",
            person=name,
        )


def _looked_at(home: Home, connection: Connection, person_id: int) -> PersonData:
    persons = list_persons(connection)
    person = next((one for one in persons if one.person_id == person_id), None)
    if person is None:
        raise NotThereError(
            f"there is no person {person_id}", advice="`tracker persons` lists them.", person_id=person_id
        )
    _refuse_needed(home, connection, person, alone=len(persons) == 1)
    files = person_files(home, recording_paths(connection, person_id))
    held = held_by_others(files.own)
    if held:
        raise ConflictError(
            f"another process has a recording of {person.name} open: {held[0].name}",
            advice="Wait until it is done with it, or end it, then try again.",
            path=str(held[0]),
        )
    return PersonData(person, rows_of_person(connection, person_id), files, kept_copies(home))


def _refuse_needed(home: Home, connection: Connection, person: Person, *, alone: bool) -> None:
    if alone:
        raise ConflictError(
            f"{person.name} is the only person here",
            advice=f"To remove all data, remove the program's folder: {home.folder}",
            person=person.name,
        )
    if is_the_default(connection, person):
        raise ConflictError(
            f"{person.name} is the default person, who is meant where nobody is named",
            advice="Make another one the default first: tracker persons change NAME --default",
            person=person.name,
        )
    _refuse_while_recorded(connection)


def _refuse_while_recorded(connection: Connection) -> None:
    """Of anybody: to write the database's file anew could keep that session from being stored in time."""
    session_id = session_being_recorded(connection)
    if session_id is not None:
        raise ConflictError(
            f"session {session_id} is being recorded",
            advice="End the recording first, then try again.",
            session_id=session_id,
        )


def _remove_files(home: Home, database: Database, begun: BegunDeletion) -> int:
    """Remove the files of a note, whatever may have been written into it: only recordings of nobody's."""
    with database.read() as connection:
        paths = recording_paths(connection, begun.person_id)
    # Also the person's own: a backup that was restored meanwhile has brought them back.
    kept = {file for path in (*paths.own, *paths.others) if (file := own_file(home, path)) is not None}
    removed: list[Path] = []
    for name in begun.files:
        file = own_file(home, home.recordings / name)
        if file is None or file in kept:
            continue
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"{file} cannot be removed: {error.strerror}",
                advice="Check the permissions of its folder.",
                path=str(file),
            ) from error
        removed.append(file)
    for file in {file.parent: file for file in removed}.values():
        sync_folder(file)
    return len(removed)


def _name_in_notes(home: Home, database: Database) -> str:
    """Of a database on a server its address, without password; empty for the folder's own file."""
    return "" if home.database_url is None else database.name
