"""Recordings over time, for programs and for the picture on the page; recordings that are handed in."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.answers.of_recordings import CoursesAnswer, TimelineAnswer
from tracker.app.api.asked import Number, PersonOf, SiteOf
from tracker.app.operations.dropped_recordings import keep, open_dropped, plain_error, receive, remove
from tracker.app.operations.reduced_courses import FEWEST_POINTS, MOST_POINTS
from tracker.app.operations.review import (
    ShownRecording,
    courses_document,
    open_session,
    read_review,
    timeline_document,
)
from tracker.app.recordings.dropped import DroppedFile
from tracker.app.recordings.measurer import LONGEST_WORK_S
from tracker.app.site import Site
from tracker.errors import TrackerError
from tracker.report.objects.measured import ReplayObject
from tracker.report.replay_document import replay_document
from tracker.store.values import Person

USUAL_POINTS = 1500
"""As many as a laptop's screen has columns."""

MEASURED_WITHIN_S = LONGEST_WORK_S
"""An answer waits as long as measuring may take."""

router = APIRouter(tags=["recordings"])

Points = Annotated[int, Query(ge=FEWEST_POINTS, le=MOST_POINTS, description="About so many points a leg.")]
Seconds = Annotated[float, Query(ge=0.0, le=1e6, allow_inf_nan=False)]


Token = Annotated[str, Path(max_length=100)]

_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_BODY = {"requestBody": {"required": True, "content": _FILE}}
_Answers: TypeAlias = dict[int | str, dict[str, Any]]
_TIMELINE: _Answers = {200: {"model": TimelineAnswer}}
_COURSES: _Answers = {200: {"model": CoursesAnswer}}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A recording that was handed in, and the token that it is asked for with."""

    token: str
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The session that a recording became."""

    session_id: int


@router.get("/sessions/{session}/timeline", response_class=Response, responses=_TIMELINE)
async def see_session_timeline(
    session: Number, site: SiteOf, person: PersonOf, points: Points = USUAL_POINTS
) -> Response:
    """A session's recording over time.

    Phases, sets, repetitions with the moment each was counted, gaps, notices, and both legs' hip
    rotation in about so many points. `complete` is false while it is being measured: ask again then.
    """
    return _json(await timeline_document(await _of_session(site, person, session), points))


@router.get("/sessions/{session}/courses", response_class=Response, responses=_COURSES)
async def see_session_courses(
    session: Number,
    site: SiteOf,
    person: PersonOf,
    from_s: Seconds,
    until_s: Seconds,
    points: Points = USUAL_POINTS,
) -> Response:
    """Both legs' hip rotation in a stretch of a session.

    Null where nothing is to be joined: samples are missing, or the rotation cannot be seen.
    """
    shown = await _of_session(site, person, session)
    return _json(await courses_document(shown, from_s, until_s, points))


@router.post("/recordings", status_code=201, openapi_extra=_BODY)
async def hand_in_recording(
    request: Request, site: SiteOf, name: Annotated[str, Query(max_length=300)] = "recording.mcap"
) -> HandedIn:
    """Hand in a recording to look through: the file itself is the body.

    It is measured and not kept, unless `keep` is asked for; it is gone when the program ends.
    """
    # A page tells the size of a file that is too large to be sent at all.
    announced = request.headers.get("x-file-bytes", request.headers.get("content-length", ""))
    size = int(announced) if announced.isascii() and announced.isdigit() else None
    file = await receive(site.place, site.dropped, site.shelf, name, request.stream(), size)
    return HandedIn(file.token, file.name)


@router.get("/recordings/{token}")
async def see_recording(token: Token, site: SiteOf) -> Annotated[ReplayObject, AS_IT_IS]:
    """What a recording that was handed in holds, as `tracker replay --json`; waits until it is measured."""
    file, shown = await _handed_in(site, token)
    await shown.opened.over(MEASURED_WITHIN_S)
    try:
        document = await asyncio.to_thread(replay_document, shown.opened.result().replay)
    except TrackerError as error:
        raise plain_error(error, file) from error
    document["recording"]["path"] = file.name
    return document


@router.get("/recordings/{token}/timeline", response_class=Response, responses=_TIMELINE)
async def see_recording_timeline(token: Token, site: SiteOf, points: Points = USUAL_POINTS) -> Response:
    """A recording that was handed in over time, as of a session."""
    file, shown = await _handed_in(site, token)
    try:
        return _json(await timeline_document(shown, points))
    except TrackerError as error:
        raise plain_error(error, file) from error


@router.get("/recordings/{token}/courses", response_class=Response, responses=_COURSES)
async def see_recording_courses(
    token: Token, site: SiteOf, from_s: Seconds, until_s: Seconds, points: Points = USUAL_POINTS
) -> Response:
    """Both legs' hip rotation in a stretch of it, as of a session."""
    file, shown = await _handed_in(site, token)
    try:
        return _json(await courses_document(shown, from_s, until_s, points))
    except TrackerError as error:
        raise plain_error(error, file) from error


@router.post("/recordings/{token}/keep", status_code=201)
async def keep_recording(token: Token, site: SiteOf, person: PersonOf) -> Kept:
    """Keep it as a session of the person: it counts in weeks and trend."""
    file, shown = await _handed_in(site, token)
    await shown.opened.over(MEASURED_WITHIN_S)
    number = await keep(site.place, site.database, person, site.dropped, site.shelf, file, shown)
    return Kept(number)


@router.delete("/recordings/{token}", status_code=204)
async def remove_recording(token: Token, site: SiteOf) -> None:
    """Remove it, and what was measured of it."""
    await remove(site.dropped, site.shelf, token)


async def _of_session(site: Site, person: Person, session: int) -> ShownRecording:
    stored = await asyncio.to_thread(read_review, site.database, person, session)
    return await open_session(site.shelf, site.place, stored)


async def _handed_in(site: Site, token: str) -> tuple[DroppedFile, ShownRecording]:
    file = site.dropped.find(token)
    try:
        return file, await open_dropped(site.shelf, site.place, file)
    except TrackerError as error:
        raise plain_error(error, file) from error


def _json(document: bytes) -> Response:
    return Response(document, media_type="application/json")
