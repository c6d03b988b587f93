"""A whole session by the API alone, on simulated sensors: begun, followed, steered, stopped, seen again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from asked_api import is_error
from json_schema import check_answer, document, misfits
from served_here import served_here

from tracker.app.access.connections import MOST_OF_ONE_ADDRESS
from tracker.app.access.guard import Access, Guard
from tracker.app.access.hosts import AllowedHosts
from tracker.app.api.routes import make_api
from tracker.app.engine.running import Engine
from tracker.app.engine.streams import Streams
from tracker.app.site import Site
from tracker.home import Home
from tracker.session.workplace import workplace

Json: TypeAlias = Any

GUIDE = """
[guide]
prepare_s = 2.0
standing_s = 2.0
reference_s = 2.0
settle_s = 2.5
settle_again_s = 2.5
rest_s = 6.0
rest_repeats = 1
set_finish_s = 1.0
finish_wait_s = 60.0
"""
ONE_SET = {"exercise": "supine_in_toeing", "rest_test": False, "knee_lift": False, "pain_before": 1}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    home = Home(tmp_path)
    home.create()
    home.settings.write_text(GUIDE)
    place = workplace(home, simulated=True)
    with place.database() as database:
        site = Site(place, database, Engine(place, database, simulated=True), simulated=True)
        async with (
            served_here(Guard(make_api(site), Access(AllowedHosts("127.0.0.1")))) as port,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}",
                timeout=30.0,
                event_hooks={"response": [check_answer]},
                trust_env=False,
            ) as client,
        ):
            yield client
            await site.engine.close()
        site.shelf.close()


async def followed(client: httpx.AsyncClient, until: Callable[[Json], bool], **query: str) -> Json:
    """The session as soon as an event says that something is so."""
    async with client.stream("GET", "/live/events", params=query) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                now = json.loads(line.removeprefix("data: "))
                assert list(misfits(document()["components"]["schemas"]["SessionNow"], now)) == []
                if until(now):
                    return now
    raise AssertionError("the stream ended")


async def flood(port: int, over: asyncio.Event) -> int:
    """Junk, silence and connections that are given up, as many as there can be; how many there were."""
    junk = (b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"", b"POST /live/stop HTTP/1.1\r\n")
    loop, count = asyncio.get_running_loop(), 0
    kept: list[asyncio.Transport] = []
    while not over.is_set():
        transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
        transport.write(junk[count % len(junk)])
        kept.append(transport)
        count += 1
        if len(kept) > MOST_OF_ONE_ADDRESS // 2:
            kept.pop(0).abort()
        await asyncio.sleep(0.005)
    for transport in kept:
        transport.abort()
    return count


async def done(client: httpx.AsyncClient, path: str, body: Json = None) -> Json:
    answer = await client.post(f"/live/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
async def test_a_whole_session(client: httpx.AsyncClient) -> None:
    assert (await client.get("/live")).json()["stage"] == "idle"
    started = await done(client, "start", ONE_SET)
    assert started["stage"] in {"connecting", "running"} and started["simulated"]
    again = await client.post("/live/start", json=ONE_SET)
    assert again.status_code == 409 and is_error(again)
    now = await followed(client, lambda now: bool(now["legs"]) and now["legs"][0]["valid"] >= 2)
    assert now["traces"] == []
    assert now["step"]["exercise"] == "supine_in_toeing"
    side, valid = now["legs"][0]["side"], now["legs"][0]["valid"]
    await done(client, "take-back", {"side": side})
    await followed(client, lambda now: now["legs"][0]["valid"] < valid, traces="true")
    await done(client, "felt", {"set_number": 1, "pain": 2, "effort": 5})
    await done(client, "pause")
    await followed(client, lambda now: now["step"] is not None and now["step"]["paused"])
    await done(client, "resume")
    await done(client, "stop")
    over = await followed(client, lambda now: now["stage"] == "over")
    assert over["failure"] is None
    session = (await client.get(f"/sessions/{over['session_id']}")).json()
    assert session["session"]["simulated"]
    assert session["felt"]["pain_before"] == 1
    assert session["sets_felt"]["1"]["pain"] == 2
    assert session["revisions"]
    assert (await done(client, "dismiss"))["stage"] == "idle"


@pytest.mark.slow
async def test_a_flood_of_connections_ends_no_session(client: httpx.AsyncClient) -> None:
    over = asyncio.Event()
    flooding = asyncio.create_task(flood(client.base_url.port or 0, over))
    await done(client, "start", ONE_SET)
    now = await followed(client, lambda now: bool(now["legs"]) and now["legs"][0]["valid"] >= 3)
    over.set()
    assert await flooding > 100
    assert {one["state"] for one in now["sensors"]} == {"streaming"}
    assert all(one["loss"] == 0.0 for one in now["sensors"])
    await done(client, "stop")
    stopped = await followed(client, lambda now: now["stage"] == "over")
    assert stopped["failure"] is None


async def test_what_cannot_begin_is_told_and_leaves_nothing(client: httpx.AsyncClient) -> None:
    for body in ({"exercise": "no_such_exercise"}, {"rest_test": False}):
        answer = await client.post("/live/start", json=body)
        assert answer.status_code == 400 and is_error(answer), answer.text
        assert (await client.get("/live")).json()["stage"] == "idle"
    for wrong in ({"sets": 0}, {"side": "up"}, {"pain_before": 11}, {"exercise": 1}, {"unknown": 1}):
        answer = await client.post("/live/start", json=wrong)
        assert answer.status_code == 422 and is_error(answer)


async def test_streams_end_with_those_who_follow(client: httpx.AsyncClient) -> None:
    for _ in range(40):
        now = await followed(client, bool)
        assert now["stage"] == "idle"


async def test_streams_end_with_the_program(tmp_path: Path) -> None:
    """Else ending it would wait for whoever follows."""
    place = workplace(Home(tmp_path), simulated=True)
    with place.database() as database:
        engine, streams = Engine(place, database, simulated=True), Streams()
        seen = []
        async for now in streams.follow(engine, 60.0):
            seen.append(now)
            streams.close()
        await engine.close()
    assert len(seen) == 1
