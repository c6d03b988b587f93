"""Files that are handed in for work that follows: kept until it begins, a few at a time."""

import asyncio
from collections.abc import AsyncIterable

from tracker.app.recordings.dropped import DropFolder, DroppedFile, too_large
from tracker.session.workplace import Workplace

_MEGABYTE = 1_000_000
_GATHERED_BYTES = 1 << 20
"""Bytes that are written at once: each write takes its way through a thread."""


async def receive_upload(
    place: Workplace,
    uploads: DropFolder,
    name: str,
    body: AsyncIterable[bytes],
    announced_bytes: int | None = None,
) -> DroppedFile:
    """Take in a file as `take_in` does; the oldest gives way to it where there are too many."""
    file = await take_in(place, uploads, name, body, announced_bytes)
    for old in uploads.too_many():
        await asyncio.to_thread(uploads.remove, old.token)
    return file


async def take_in(
    place: Workplace,
    folder: DropFolder,
    name: str,
    body: AsyncIterable[bytes],
    announced_bytes: int | None,
) -> DroppedFile:
    """Take in a file as it comes; of one that does not come whole nothing is left.

    Args:
        announced_bytes: its size where the sender says it: what is too large is refused at once.

    Raises:
        InputError: it is empty or too large.
        StorageError: it cannot be written.
    """
    limit_bytes = round(place.settings.page.upload_mb * _MEGABYTE)
    if announced_bytes is not None and announced_bytes > limit_bytes:
        raise too_large(name, limit_bytes)
    receiving = await asyncio.to_thread(folder.begin, place.home.folder, name, limit_bytes)
    with receiving:
        gathered = bytearray()
        async for data in body:
            gathered += data
            if len(gathered) >= _GATHERED_BYTES:
                await asyncio.to_thread(receiving.take, bytes(gathered))
                gathered.clear()
        await asyncio.to_thread(receiving.take, bytes(gathered))
        return folder.add(receiving)
