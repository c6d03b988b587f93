"""Writes all data of a home into one archive; the same data give the same bytes."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Table, func, select

from tracker import __version__
from tracker.home import Home
from tracker.recording.files import first_bytes
from tracker.report.exchange.everything.contents import Contents, StoredRecording, contents_of
from tracker.report.exchange.everything.description import README_TEXT, schema_text
from tracker.report.exchange.everything.manifest import Entry, Manifest, TableFacts
from tracker.report.exchange.everything.names import MANIFEST, README, SCHEMA, rows_entry
from tracker.report.exchange.everything.rows import kinds_of, row_to_line, stored_tables
from tracker.report.exchange.formats import ExportReport, LeftOut, Progress
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.database import Database
from tracker.store.schema import stored_revision
from tracker.store.tables import RecordingTable, SessionTable
from tracker.store.values import SessionState

_ROWS_AT_ONCE = 1000
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that it does not tell when the archive was made."""
_UNIX = 3
_OWNER_ONLY = 0o100600 << 16
_SIMULATED = select(func.count()).select_from(SessionTable).where(SessionTable.simulated.is_(True))


def export_everything(database: Database, home: Home, out: Path, progress: Progress) -> ExportReport:
    """Write the archive `out`, which is not there yet.

    Rows are those of one moment. Of a session that is being recorded the archive has what was written by
    then.

    Raises:
        StorageError, DatabaseError: something cannot be read or written.
    """
    with _ArchiveWriter(out) as archive:
        archive.write(README, (README_TEXT.encode(),))
        with database.read() as connection:
            tables = stored_tables(connection)
            revision = stored_revision(connection, database.name) or ""
            recordings, unfinished = _recordings(connection)
            simulated = connection.execute(_SIMULATED).scalar_one()
            facts = _write_database(archive, connection, tables)
        contents = contents_of(home, recordings)
        left_out = (*contents.left_out, *_write_files(archive, contents, progress))
        manifest = Manifest(
            program_version=__version__,
            analysis_version=ANALYSIS_VERSION,
            schema_revision=revision,
            tables=facts,
            entries=dict(archive.entries),
            elsewhere={entry: one for entry, one in contents.elsewhere.items() if entry in archive.entries},
            unfinished=unfinished,
            left_out=left_out,
        )
        archive.write(MANIFEST, (manifest.to_json(),))
    return ExportReport((Path(out.name),), left_out, tuple(_warnings(unfinished, simulated)))


def _warnings(unfinished: Iterable[int], simulated: int) -> Iterator[str]:
    for one in unfinished:
        yield f"session {one} is not finished: the archive has its recording as far as it had come"
    if simulated:
        yield f"{simulated} of the sessions are simulated, and marked as such"


def _recordings(connection: Connection) -> tuple[tuple[StoredRecording, ...], tuple[int, ...]]:
    """Where recordings lie, and the sessions that are being recorded."""
    query = (
        select(RecordingTable.id, RecordingTable.session_id, RecordingTable.path, SessionTable.state)
        .join(SessionTable, SessionTable.id == RecordingTable.session_id)
        .order_by(RecordingTable.id)
    )
    rows = connection.execute(query).all()
    recordings = tuple(StoredRecording(row.id, row.session_id, row.path) for row in rows)
    going_on = SessionState.RECORDING.value
    return recordings, tuple(sorted(row.session_id for row in rows if row.state == going_on))


def _write_database(
    archive: "_ArchiveWriter", connection: Connection, tables: Iterable[Table]
) -> dict[str, TableFacts]:
    facts: dict[str, TableFacts] = {}

    def lines(table: Table) -> Iterator[bytes]:
        kinds = kinds_of(table)
        query = select(table).order_by(*table.primary_key.columns)
        count = 0
        for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query).mappings():
            yield row_to_line(kinds, {column.name: row[column] for column in table.columns})
            count += 1
        facts[table.name] = TableFacts(count, kinds)

    known = tuple(tables)
    texts: dict[str, Iterable[bytes]] = {rows_entry(table.name): lines(table) for table in known}
    texts[SCHEMA] = (schema_text(known),)
    for entry in sorted(texts):
        archive.write(entry, texts[entry])
    return {name: facts[name] for name in sorted(facts)}


def _write_files(archive: "_ArchiveWriter", contents: Contents, progress: Progress) -> Iterator[LeftOut]:
    """Write the files; yields those that must not be read."""
    sizes = {entry: file.stat().st_size for entry, file in contents.files.items()}
    total, done = sum(sizes.values()) or 1, 0
    for entry in sorted(contents.files):
        file = contents.files[entry]
        try:
            opened = file.open("rb")
        except OSError as error:
            yield LeftOut(str(file), f"it cannot be read: {error.strerror or error}")
            continue
        with opened:
            # A recording may grow meanwhile: what was written by now is taken.
            archive.write(entry, first_bytes(opened, file, os.fstat(opened.fileno()).st_size))
        done += sizes[entry]
        progress(done / total)


class _ArchiveWriter:
    """A zip file of entries that are written one after the other, with their sizes and hashes."""

    def __init__(self, out: Path) -> None:
        self._zip = zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.entries: dict[str, Entry] = {}

    def __enter__(self) -> "_ArchiveWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._zip.close()
        except (OSError, ValueError):
            # What went wrong first is what counts; the half archive is removed.
            if error is None:
                raise

    def write(self, entry: str, blocks: Iterable[bytes]) -> None:
        """Write one entry; recordings are packed already and stand as they are."""
        info = zipfile.ZipInfo(entry, _FIXED_TIME)
        info.compress_type = zipfile.ZIP_STORED if entry.endswith(".mcap") else zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = _UNIX, _OWNER_ONLY
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as file:
            for block in blocks:
                file.write(block)
                digest.update(block)
                size += len(block)
        self.entries[entry] = Entry(size, digest.hexdigest())
