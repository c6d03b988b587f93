"""The API on a home folder, without pages: asked in the same process."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from json_schema import check_answer

from tracker.app.api.routes import make_api
from tracker.app.engine.running import Engine
from tracker.app.site import Site
from tracker.home import Home
from tracker.session.workplace import workplace

Json: TypeAlias = Any
"""Whatever an answer holds."""


@asynccontextmanager
async def asked_api(folder: Path, *, simulated: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API; paths begin after `/api`. A fault of the program is told as its answer is.

    Each answer is held against what the API's document says of it.
    """
    place = workplace(Home(folder), simulated=simulated)
    with place.database() as database:
        site = Site(place, database, Engine(place, database, simulated=simulated), simulated)
        transport = httpx.ASGITransport(make_api(site), raise_app_exceptions=False)
        try:
            async with httpx.AsyncClient(
                transport=transport,
                base_url="http://127.0.0.1:8321",
                event_hooks={"response": [check_answer]},
            ) as client:
                yield client
        finally:
            await site.engine.close()
            await site.jobs.close()
            site.shelf.close()
            site.dropped.close()
            site.uploads.close()


def is_error(answer: httpx.Response) -> bool:
    """True where an answer has the one form of what goes wrong."""
    try:
        error = json.loads(answer.text, parse_constant=_refused)["error"]
    except (ValueError, KeyError, TypeError):
        return False
    return set(error) == {"message", "advice", "kind", "data"} and bool(error["message"] and error["advice"])


def _refused(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


async def found(client: httpx.AsyncClient, path: str, **query: str) -> Json:
    """What stands at an address."""
    answer = await client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def done(client: httpx.AsyncClient, path: str, body: object = None) -> Json:
    """What was done answers; None where it answers nothing."""
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def job_over(client: httpx.AsyncClient, kind: str) -> Json:
    """A job once it is no longer running."""
    while True:
        one = next(job for job in await found(client, "/jobs") if job["kind"] == kind)
        if one["state"] != "running":
            return one
        await asyncio.sleep(0.02)
