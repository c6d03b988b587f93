"""What came out of long work, by its kind."""

from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.answers.of_sensors import RadioAnswer
from tracker.app.api.asked import Document
from tracker.app.operations.imports import TablesKept
from tracker.app.operations.reanalysing import ReanalysisDone


class MadeFileAnswer(TypedDict):
    """A file that was made: an export or a backup.

    Attributes:
        left_out: what is not in it, and why.
        notes: what to know of it.
        encrypted: only whoever has the passphrase can read it.
        simulated: no person and no sensor was measured.
        file: the address to fetch it from.
    """

    name: str
    size_bytes: int
    left_out: list[str]
    notes: list[str]
    encrypted: bool
    simulated: bool
    file: str


class BackupInsideAnswer(TypedDict):
    """What a backup holds, once all of it was read.

    Attributes:
        created_at: ISO 8601.
        version: of the program that made it.
        sessions, persons, recordings: how many of each.
        with_recordings: false where recordings were left out.
    """

    name: str
    created_at: str
    version: str
    persons: int
    sessions: int
    recordings: int
    with_recordings: bool


class RestoredAnswer(TypedDict):
    """What was restored.

    Attributes:
        sessions: how many.
        folder: where the data are.
        set_aside: where what was there before is; null where nothing was.
        migrated: the backup was of an older version.
        settings_differ: settings or exercises are others, and hold once the program is started again.
    """

    sessions: int
    folder: str
    set_aside: str | None
    migrated: bool
    settings_differ: bool


class ImportedAnswer(TypedDict):
    """What came in of an archive.

    Attributes:
        rows: of the database.
        files: recordings and settings.
        interrupted: sessions that were being recorded when the archive was made.
        left_out: what was not in the archive, and why.
    """

    rows: int
    files: list[str]
    interrupted: list[int]
    left_out: list[str]


JobResult: TypeAlias = (
    MadeFileAnswer
    | BackupInsideAnswer
    | RestoredAnswer
    | ImportedAnswer
    | Annotated[Document, As(TablesKept)]
    | Annotated[Document, As(ReanalysisDone)]
    | RadioAnswer
)
