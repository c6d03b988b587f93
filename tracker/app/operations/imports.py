"""Data from elsewhere: an archive of everything into an empty folder, tables as a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracker.app.engine.jobs import JobLine, Work
from tracker.app.operations.own_folder import OwnFolder
from tracker.app.recordings.dropped import DropFolder
from tracker.errors import ConflictError, UsageError
from tracker.model import Placement
from tracker.recording.csv_import import import_csv
from tracker.recording.files import move_to_free_name, storage_error
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit
from tracker.report.exchange.everything.reading import ImportReport, import_everything
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.replay import replay
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person

_READING_SHARE = 0.6
"""Of the time; measuring takes the rest."""

Unit = TypeVar("Unit", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class TablesAsked:
    """Tables of another program.

    Attributes:
        files: what was handed in, by placement.
        events: what says when sets and rest tests were; None where the whole is one set.
        exercise: of sets that have none; None where `events` says all, or nothing is a set.
        started_at: None takes the time at which the files were handed in.
    """

    files: Mapping[Placement, str]
    accelerometer: AccelerometerUnit
    gyroscope: GyroscopeUnit
    events: str | None = None
    exercise: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TablesKept:
    """The session that tables became."""

    session_id: int
    started_at: datetime
    duration_s: float


def tables_asked(
    files: Mapping[Placement, str],
    *,
    accelerometer_unit: str,
    gyroscope_unit: str,
    person: Person,
    events: str = "",
    exercise: str = "",
    started_at: str = "",
) -> TablesAsked:
    """What is asked for by texts.

    Args:
        files, events: tokens of what was handed in.
        started_at: as in 2026-11-28T18:30, by the person's clock; empty where it is not known.

    Raises:
        UsageError: no file, no such unit, no time.
    """
    given = {placement: token for placement, token in files.items() if token}
    if not given:
        raise UsageError("no file was given", advice="Choose the file of one sensor at least.")
    return TablesAsked(
        given,
        _unit(AccelerometerUnit, accelerometer_unit),
        _unit(GyroscopeUnit, gyroscope_unit),
        events or None,
        exercise or None,
        _instant(started_at, person),
    )


def tables_work(
    place: Workplace, database: Database, person: Person, uploads: DropFolder, asked: TablesAsked
) -> Work:
    """Makes a recording of tables, measures it and keeps it as a session; its result is `TablesKept`.

    The work raises:
        InputError: a table has a fault, or does not fit its units.
        UsageError: values that do not go together; no such exercise.
        StorageError, DatabaseError: it cannot be stored.
    """

    def work(line: JobLine) -> TablesKept:
        if asked.exercise is not None:
            place.catalogue.find(asked.exercise)
        line.say("importing")
        folder = OwnFolder(place.home.folder)
        try:
            return _kept(place, database, person, uploads, asked, folder, line)
        finally:
            folder.discard()

    return work


def everything_work(place: Workplace, uploads: DropFolder, token: str) -> Work:
    """Fills an empty home with an archive of everything; its result is an `ImportReport`.

    The work raises:
        InputError: the archive cannot be used; nothing was written.
        UsageError: there are data already.
        StorageError, DatabaseError: it cannot be written; the home is as empty as before.
    """

    def work(line: JobLine) -> ImportReport:
        line.say("importing")
        folder = OwnFolder(place.home.folder)
        try:
            return import_everything(folder.take(uploads, token), place.home, line.progress)
        finally:
            folder.discard()

    return work


def _kept(
    place: Workplace,
    database: Database,
    person: Person,
    uploads: DropFolder,
    asked: TablesAsked,
    folder: OwnFolder,
    line: JobLine,
) -> TablesKept:
    files = {
        placement: folder.take(uploads, token, f"{placement.value}.csv")
        for placement, token in asked.files.items()
    }
    events = None if asked.events is None else folder.take(uploads, asked.events, "events.csv")
    summary = import_csv(
        files,
        events,
        asked.accelerometer,
        asked.gyroscope,
        asked.exercise,
        folder.path / "imported.mcap",
        started_at=asked.started_at,
        known_exercises=frozenset(place.catalogue),
        progress=lambda share: line.progress(_READING_SHARE * share),
    )
    # Measured before it is among the recordings: what cannot be measured does not stay there.
    replay(summary.path, place.analysis)
    line.progress(0.8)
    place.home.create()
    out = recording_path(place.home, summary.started_at)
    try:
        move_to_free_name(summary.path, out)
    except FileExistsError:
        raise ConflictError(
            "there is a recording of that moment already", advice="Say when it began, or leave it out."
        ) from None
    except OSError as error:
        raise storage_error(out, error) from error
    session_id = keep_replay(database, place.home, replay(out, place.analysis), person_name=person.name)
    return TablesKept(session_id, summary.started_at, summary.duration_s)


def _unit(kind: type[Unit], text: str) -> Unit:
    if text not in list(kind):
        raise UsageError(f"unknown unit {text[:40]!r}", advice=f"Use one of: {', '.join(kind)}.")
    return kind(text)


def _instant(text: str, person: Person) -> datetime | None:
    if not text.strip():
        return None
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{text[:40]!r} is no time", advice="Give it as in 2026-11-28T18:30, or leave it empty."
        ) from None
    return told if told.tzinfo is not None else told.replace(tzinfo=ZoneInfo(person.time_zone))
