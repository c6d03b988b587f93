"""Recordings that are dropped onto the page: taken in, looked through, kept as a session if asked."""

import asyncio
from collections.abc import AsyncIterable
from datetime import UTC, timedelta
from pathlib import Path

from tracker.app.operations.review import ShownRecording, open_file
from tracker.app.operations.uploads import take_in
from tracker.app.recordings.dropped import DropFolder, DroppedFile
from tracker.app.recordings.shelf import Shelf
from tracker.errors import ConflictError, InputError, StorageError, TrackerError
from tracker.recording.files import move_to_free_name, storage_error
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.looked_courses import LookedThrough
from tracker.session.replay import Replay
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.sessions import list_sessions
from tracker.store.values import Person

_SAME_START = timedelta(seconds=1)
"""Nobody begins two sessions within a second: starts as near as that are of one recording."""


async def receive(
    place: Workplace,
    dropped: DropFolder,
    shelf: Shelf,
    name: str,
    body: AsyncIterable[bytes],
    announced_bytes: int | None = None,
) -> DroppedFile:
    """Take in a recording as `take_in` does; the oldest gives way to it where there are too many."""
    file = await take_in(place, dropped, name, body, announced_bytes)
    for old in dropped.too_many():
        await _let_go(dropped, shelf, old)
    return file


async def open_dropped(shelf: Shelf, place: Workplace, file: DroppedFile) -> ShownRecording:
    """Have a dropped recording measured; returns at once.

    Raises:
        InputError: it is gone.
    """
    return await open_file(shelf, place, file.path)


async def remove(dropped: DropFolder, shelf: Shelf, token: str) -> None:
    """Remove a dropped recording and what was measured of it.

    Raises:
        UsageError: it is not here.
    """
    await _let_go(dropped, shelf, dropped.find(token))


async def keep(
    place: Workplace,
    database: Database,
    person: Person,
    dropped: DropFolder,
    shelf: Shelf,
    file: DroppedFile,
    shown: ShownRecording,
) -> int:
    """Keep a dropped recording as a session of a person; its number. It is no dropped one any more.

    Raises:
        UsageError: a session that began at that moment is there already.
        InputError: it is not whole, or was not measured.
        StorageError: it cannot be moved to the recordings.
    """
    number = await asyncio.to_thread(_keep, place, database, person, file, shown.opened.result())
    await remove(dropped, shelf, file.token)
    return number


def plain_error(error: TrackerError, file: DroppedFile) -> TrackerError:
    """The same error with the file called by the name that the person knows it by."""
    named = error.message.replace(str(file.path), file.name)
    return InputError(named, advice=error.advice)


async def _let_go(dropped: DropFolder, shelf: Shelf, file: DroppedFile) -> None:
    """Remove a file that is here, or was: of two that come in at once, each sees the same one give way."""
    shelf.forget(file.path)
    await asyncio.to_thread(dropped.remove, file.token)


def _keep(
    place: Workplace, database: Database, person: Person, file: DroppedFile, looked: LookedThrough
) -> int:
    replay = looked.replay
    if replay.damage.cut or replay.damage.lost:
        raise InputError(
            f"{file.name} is not whole, and is not kept",
            advice="`tracker recover` makes a whole recording of what can be read.",
        )
    _refuse_known(database, person, replay)
    place.home.create()
    target = recording_path(place.home, replay.header.started_at)
    _move(file.path, target)
    moved = Replay(replay.header, target, replay.analysis, replay.parameters, replay.damage, replay.answers)
    return keep_replay(database, place.home, moved, person_name=person.name)


def _refuse_known(database: Database, person: Person, replay: Replay) -> None:
    began = replay.header.started_at.astimezone(UTC)
    with database.read() as connection:
        near = list_sessions(
            connection, person.person_id, since=began - _SAME_START, until=began + _SAME_START
        )
    if near:
        raise ConflictError(
            f"session {near[0].session_id} began at that moment: this is its recording",
            advice="Nothing is kept twice. Look at that session.",
            session_id=near[0].session_id,
        )


def _move(source: Path, target: Path) -> None:
    try:
        move_to_free_name(source, target)
    except FileExistsError:
        raise StorageError(
            f"a recording of this name is there already: {target.name}",
            advice="It is among your recordings; `tracker replay` measures it.",
            path=str(target),
        ) from None
    except OSError as error:
        raise storage_error(target, error) from error
