"""Exports as one file: sessions in a form that other software reads, or everything there is."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.app.engine.jobs import JobLine, Work
from tracker.app.operations.made_file import MadeFile, zipped
from tracker.app.operations.own_folder import OwnFolder
from tracker.errors import UsageError
from tracker.recording.files import storage_error
from tracker.report.exchange.formats import ExportReport, Format, exporter_of
from tracker.report.exchange.selection import Days, Selection, choose_days
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person

_ZIPPING_SHARE = 0.1
"""Of the time."""


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """What to export; `everything` takes no days.

    Attributes:
        days: of the person's time zone, both ends in it.
    """

    format: Format
    days: Days


def export_asked(format_name: str, first: str = "", last: str = "") -> ExportAsked:
    """What is asked for by texts.

    Args:
        first, last: as in 2026-11-28; open where empty.

    Raises:
        UsageError: no such format, no day, or a span that ends before it begins.
    """
    if format_name not in list(Format):
        raise UsageError(f"unknown format {format_name[:40]!r}", advice=f"Use one of: {', '.join(Format)}.")
    chosen, days = Format(format_name), Days(_day(first), _day(last))
    if chosen is Format.EVERYTHING and days != Days():
        raise UsageError(
            "the archive of everything takes no choice of days: it holds all of them",
            advice="Leave the days empty, or choose another format.",
        )
    return ExportAsked(chosen, days)


def export_work(
    place: Workplace, database: Database, person: Person, asked: ExportAsked, *, simulated: bool = False
) -> Work:
    """Makes the file; its result is a `MadeFile`.

    Args:
        simulated: all that is in this home is.

    The work raises:
        UsageError: there is no session in that time.
        StorageError, DatabaseError: it cannot be written or read.
    """

    def work(line: JobLine) -> MadeFile:
        folder = OwnFolder(place.home.folder)
        try:
            made = _made(place, database, person, asked, folder, line)
            return replace(made, simulated=made.simulated or simulated)
        except OSError as error:
            folder.discard()
            raise storage_error(folder.path, error) from error
        except BaseException:
            folder.discard()
            raise

    return work


def _made(
    place: Workplace,
    database: Database,
    person: Person,
    asked: ExportAsked,
    folder: OwnFolder,
    line: JobLine,
) -> MadeFile:
    today = datetime.now(UTC).astimezone(ZoneInfo(person.time_zone)).date()
    out = folder.path / f"hip-rotation-{asked.format}-{today.isoformat()}"
    deleted: tuple[int, ...] = ()
    simulated = False
    line.say("exporting")
    if asked.format is Format.EVERYTHING:
        from tracker.report.exchange.everything.writing import export_everything

        out = out.with_suffix(".zip")
        report = export_everything(database, place.home, out, line.progress)
    else:
        selection = _selection(place, database, person, asked.days)
        deleted, simulated = selection.deleted, selection.simulated
        report = exporter_of(asked.format)(
            database, selection, out, lambda share: line.progress((1.0 - _ZIPPING_SHARE) * share)
        )
        out = _one_file(out, asked.format, line)
    return MadeFile(
        folder,
        out,
        out.name,
        out.stat().st_size,
        left_out=_left_out(report, deleted),
        notes=report.warnings,
        simulated=simulated,
    )


def _selection(place: Workplace, database: Database, person: Person, days: Days) -> Selection:
    with database.read() as connection:
        return choose_days(connection, person, place.home.folder, days)


def _one_file(made: Path, chosen: Format, line: JobLine) -> Path:
    if made.is_dir():
        archive = made.with_name(f"{made.name}.zip")
        zipped(made, archive, lambda share: line.progress(1.0 - _ZIPPING_SHARE * (1.0 - share)))
        return archive
    named = made.with_name(f"{made.name}{'.json' if chosen is Format.FHIR else ''}")
    return made.rename(named)


def _left_out(report: ExportReport, deleted: tuple[int, ...]) -> tuple[str, ...]:
    return (
        *(f"{one.what}: {one.reason}" for one in report.left_out),
        *(f"session {one}: it is deleted" for one in deleted),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no day", advice="Give it as in 2026-11-28.") from None
