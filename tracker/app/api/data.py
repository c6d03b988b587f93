"""The data as a whole: files handed in, exports, backups, restoring, importing, analysing again."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import Field, StrictBool

from tracker.app.api.asked import Asked, Name, Number, PersonOf, SiteOf
from tracker.app.api.jobs import JobNow, job_now
from tracker.app.engine.jobs import JobKind
from tracker.app.operations.backups import backup_asked, backup_work, kept_backup, kept_backups
from tracker.app.operations.data_files import (
    DataFiles,
    DeletedSession,
    data_files,
    deleted_sessions,
    remove_recording,
)
from tracker.app.operations.exports import export_asked, export_work
from tracker.app.operations.imports import everything_work, tables_asked, tables_work
from tracker.app.operations.reanalysing import due_now, reanalysis_work
from tracker.app.operations.restoring import (
    BackupInside,
    let_go_of_files,
    look_work,
    refuse_while_busy,
    restore_work,
)
from tracker.app.operations.uploads import receive_upload
from tracker.errors import ConflictError, UsageError
from tracker.model import Placement
from tracker.recording.units import AccelerometerUnit, GyroscopeUnit
from tracker.report.exchange.formats import Format

router = APIRouter(tags=["data"])

_AS_IT_IS = "application/octet-stream"
_BINARY = {_AS_IT_IS: {"schema": {"type": "string", "format": "binary"}}}
_DayText = Annotated[str, Field(max_length=20)]
_Secret = Annotated[str, Field(max_length=1024)]
_Token = Annotated[str, Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that was handed in, and the token by which work takes it."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup in the program's own folder."""

    name: str
    kind: str
    made_at: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DueNow:
    """How many sessions the present program would analyse otherwise."""

    due: int
    up_to_date: int
    being_recorded: int


class ExportBody(Asked):
    """What to export: sessions of some days, both in it; everything takes no days."""

    format: Format
    first: _DayText = ""
    last: _DayText = ""


class BackupBody(Asked):
    """A backup; a passphrase encrypts it."""

    with_recordings: StrictBool = True
    passphrase: _Secret = ""


class LookBody(Asked):
    """A backup to be read through: the token of a file that was handed in, or the name of a kept one."""

    file: _Token | None = None
    kept: Name | None = None
    passphrase: _Secret = ""


class RestoreBody(Asked):
    """That it is meant: the backup that was read through takes the place of all data."""

    confirm: Literal["restore"]


class TablesBody(Asked):
    """Tables of another program: tokens of files by placement."""

    files: dict[Placement, _Token]
    accelerometer_unit: AccelerometerUnit
    gyroscope_unit: GyroscopeUnit
    events: _Token | None = None
    exercise: Name | None = None
    started_at: Annotated[str, Field(max_length=40)] = ""


class ArchiveBody(Asked):
    """The token of an archive of everything."""

    file: _Token


class ReanalysisBody(Asked):
    """Whether results are stored; else it is only looked what would come out."""

    store: StrictBool


@router.get("/data")
def see_data(site: SiteOf) -> DataFiles:
    """Where the data are, and how much room they take."""
    return data_files(site.place, site.database)


@router.get("/data/deleted")
def list_deleted(site: SiteOf, person: PersonOf) -> tuple[DeletedSession, ...]:
    """The person's sessions that were deleted."""
    return deleted_sessions(site.place, site.database, person)


@router.post("/sessions/{session}/remove-recording", status_code=204)
def remove_recording_for_good(session: Number, site: SiteOf, person: PersonOf) -> None:
    """Remove the recording's file of a deleted session for good."""
    remove_recording(site.place, site.database, person, session)


@router.post("/files", status_code=201, openapi_extra={"requestBody": {"required": True, "content": _BINARY}})
async def hand_in_file(
    request: Request, site: SiteOf, name: Annotated[str, Query(max_length=300)] = "file"
) -> HandedIn:
    """Hand in a file for work that follows: the file itself is the body."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isascii() and announced.isdigit() else None
    file = await receive_upload(site.place, site.uploads, name, request.stream(), size)
    return HandedIn(file.token, file.name)


@router.post("/export", status_code=202)
async def start_export(body: ExportBody, site: SiteOf, person: PersonOf) -> JobNow:
    """Make a file of sessions in a form that other software reads; see `/api/jobs`."""
    asked = export_asked(body.format.value, body.first, body.last)
    work = export_work(site.place, site.database, person, asked, simulated=site.simulated)
    return job_now(site.jobs.start(JobKind.EXPORT, work))


@router.get("/backups")
def list_backups(site: SiteOf) -> tuple[KeptBackup, ...]:
    """Those that were made by themselves, the newest first."""
    found = kept_backups(site.place)
    return tuple(KeptBackup(one.path.name, one.kind, one.made_at, one.size_bytes) for one in found)


@router.get("/backups/{name}", response_class=FileResponse, responses={200: {"content": _BINARY}})
def fetch_backup(name: Annotated[str, Path(max_length=200)], site: SiteOf) -> FileResponse:
    """The file of one of them."""
    backup = kept_backup(site.place, name)
    return FileResponse(backup.path, media_type=_AS_IT_IS, filename=backup.path.name)


@router.post("/backup", status_code=202)
async def start_backup(body: BackupBody, site: SiteOf) -> JobNow:
    """Make a backup, and read it back; see `/api/jobs`."""
    asked = backup_asked(
        with_recordings=body.with_recordings, passphrase=body.passphrase, again=body.passphrase
    )
    work = backup_work(site.place, site.database, asked, simulated=site.simulated)
    return job_now(site.jobs.start(JobKind.BACKUP, work))


@router.post("/restore/look", status_code=202)
async def look_into_backup(body: LookBody, site: SiteOf) -> JobNow:
    """Read a backup through, and say what is in it; nothing is changed."""
    refuse_while_busy(site.engine.is_busy)
    if (body.file is None) == (body.kept is None):
        raise UsageError("one backup is to be named", advice="Give file or kept.")
    if body.file is not None:
        file = site.uploads.find(body.file)
        return job_now(site.jobs.start(JobKind.LOOK, look_work(file.path, file.name, body.passphrase)))
    chosen = await asyncio.to_thread(kept_backup, site.place, body.kept or "")
    work = look_work(chosen.path, chosen.path.name, body.passphrase)
    return job_now(site.jobs.start(JobKind.LOOK, work))


@router.post("/restore", status_code=202)
async def start_restore(body: RestoreBody, site: SiteOf) -> JobNow:  # noqa: ARG001 - that it is there is all
    """Put the backup that was read through in place of all data; those are set aside."""
    looked = site.jobs.job(JobKind.LOOK)
    if looked is None or not isinstance(looked.result, BackupInside):
        raise ConflictError("no backup was read through", advice="Ask for /api/restore/look first.")
    home = site.place.home.folder
    work = restore_work(
        site.place,
        site.database,
        looked.result,
        lambda: site.engine.is_busy,
        lambda: let_go_of_files(home, site.uploads, site.dropped),
        simulated=site.simulated,
    )
    return job_now(site.jobs.start(JobKind.RESTORE, work))


@router.post("/import/tables", status_code=202)
async def import_tables(body: TablesBody, site: SiteOf, person: PersonOf) -> JobNow:
    """Make a session of tables of another program; see `/api/jobs`."""
    # They are measured within this program, beside a session that would have to share its time.
    refuse_while_busy(site.engine.is_busy)
    asked = tables_asked(
        body.files,
        accelerometer_unit=body.accelerometer_unit.value,
        gyroscope_unit=body.gyroscope_unit.value,
        person=person,
        events=body.events or "",
        exercise=body.exercise or "",
        started_at=body.started_at,
    )
    work = tables_work(site.place, site.database, person, site.uploads, asked)
    return job_now(site.jobs.start(JobKind.CSV, work))


@router.post("/import/everything", status_code=202)
async def import_archive(body: ArchiveBody, site: SiteOf) -> JobNow:
    """Fill an empty home with an archive of everything; see `/api/jobs`."""
    refuse_while_busy(site.engine.is_busy)
    site.uploads.find(body.file)
    return job_now(site.jobs.start(JobKind.IMPORT, everything_work(site.place, site.uploads, body.file)))


@router.get("/reanalysis")
def see_due(site: SiteOf) -> DueNow:
    """Which sessions the present program would analyse otherwise."""
    due = due_now(site.place, site.database)
    return DueNow(len(due.sessions), len(due.up_to_date), len(due.being_recorded))


@router.post("/reanalysis", status_code=202)
async def start_reanalysis(body: ReanalysisBody, site: SiteOf) -> JobNow:
    """Analyse them again; see `/api/jobs`."""
    work = reanalysis_work(site.place, site.database, store=body.store)
    return job_now(site.jobs.start(JobKind.REANALYSIS, work))
