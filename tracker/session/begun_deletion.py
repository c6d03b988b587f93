"""The note of a deletion that was begun: with it, what a killed process left is brought to its end."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from tracker.errors import StorageError
from tracker.home import Home
from tracker.recording.files import OWNER_ONLY, storage_error, sync_folder

_PREFIX = ".deleting-person-"
_NAME = re.compile(rf"{re.escape(_PREFIX)}\d+\.json")


@dataclass(frozen=True, slots=True)
class BegunDeletion:
    """A person whose rows go, or are gone, and whose files follow.

    Attributes:
        database: its name, so that the note says nothing of another one that is used with the same folder.
        files: paths within the program's folder.
    """

    person_id: int
    name: str
    database: str
    files: tuple[str, ...]


def write_note(home: Home, begun: BegunDeletion) -> None:
    """Put a note onto the disk, in place of an older one of the same person.

    Raises:
        StorageError: it cannot be written.
    """
    path = _path(home, begun.person_id)
    part = path.with_suffix(".part")
    try:
        with open(part, "w", encoding="utf-8", opener=_for_owner) as file:
            json.dump(asdict(begun), file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    sync_folder(path)


def notes(home: Home, database: str) -> tuple[BegunDeletion, ...]:
    """The notes of a database, by the persons' numbers; they stay as long as not all is gone.

    Raises:
        StorageError: one cannot be read.
    """
    try:
        paths = [path for path in home.folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return ()
    # Another process may have come to the end meanwhile.
    found = [one for path in paths if (one := _read(path)) is not None]
    return tuple(sorted((one for one in found if one.database == database), key=lambda one: one.person_id))


def remove_note(home: Home, begun: BegunDeletion) -> None:
    """All is gone.

    Raises:
        StorageError: the note cannot be removed.
    """
    path = _path(home, begun.person_id)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(path, error) from error
    sync_folder(path)


def _path(home: Home, person_id: int) -> Path:
    return home.folder / f"{_PREFIX}{person_id}.json"


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)


def _read(path: Path) -> BegunDeletion | None:
    try:
        text = path.read_text(encoding="utf-8")
        fields = json.loads(text)
        files = tuple(str(one) for one in fields["files"])
        return BegunDeletion(int(fields["person_id"]), str(fields["name"]), str(fields["database"]), files)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}", advice="Check its permissions.", path=str(path)
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StorageError(
            f"{path} is damaged: it tells which recordings of a deleted person remain",
            advice="Remove that file, and the recordings that belong to no session.",
            path=str(path),
        ) from error
