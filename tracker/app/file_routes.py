"""Files that a browser hands in and fetches."""

import asyncio
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from tracker.app.engine.jobs import JobKind
from tracker.app.operations.backups import kept_backup
from tracker.app.operations.made_file import MadeFile
from tracker.app.operations.uploads import receive_upload
from tracker.app.site import Site
from tracker.errors import InputError, TrackerError

UPLOADS_PATH = "/files/uploads"
MADE_PATH = "/files/made"
BACKUPS_PATH = "/files/backups"

_AS_IT_IS = "application/octet-stream"


def add_file_routes(app: FastAPI, site: Site) -> None:
    """Register the addresses of files; what they refuse is told in English, as by the API."""

    @app.post(UPLOADS_PATH, include_in_schema=False)
    async def hand_in(request: Request, name: Annotated[str, Query(max_length=300)] = "file") -> Response:
        try:
            file = await receive_upload(
                site.place,
                site.uploads,
                name,
                request.stream(),
                _length(request.headers.get("content-length")),
            )
        except TrackerError as error:
            return _refused(error, 413 if isinstance(error, InputError) else 507)
        return JSONResponse({"token": file.token, "name": file.name})

    @app.get(f"{MADE_PATH}/{{kind}}/{{number}}", include_in_schema=False)
    async def fetch_made(kind: str, number: int) -> Response:
        job = site.jobs.job(JobKind(kind)) if kind in list(JobKind) else None
        if job is None or job.number != number or not isinstance(job.result, MadeFile):
            return _refused(InputError("this file is not here any more", advice="Make it again."), 404)
        made = job.result
        if not await asyncio.to_thread(made.path.is_file):
            return _refused(InputError("this file is not here any more", advice="Make it again."), 404)
        return FileResponse(made.path, media_type=_AS_IT_IS, filename=made.name)

    @app.get(f"{BACKUPS_PATH}/{{name}}", include_in_schema=False)
    async def fetch_backup(name: str) -> Response:
        try:
            backup = await asyncio.to_thread(kept_backup, site.place, name)
        except TrackerError as error:
            return _refused(error, 404)
        return FileResponse(backup.path, media_type=_AS_IT_IS, filename=backup.path.name)


def _length(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None


def _refused(error: TrackerError, status: int) -> Response:
    told = {"message": error.message, "advice": error.advice, "kind": type(error).__name__}
    return JSONResponse({"error": told}, status_code=status)
