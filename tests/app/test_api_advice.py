"""What goes wrong is told in words that make sense to who writes a program: no commands, no pages."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from asked_api import asked_api
from history_home import copied_home, write_history
from json_schema import SENDS_ELSEWHERE, Json

from tracker.app.api.advice import for_programs
from tracker.app.api.routes import make_api
from tracker.app.engine.running import Engine
from tracker.app.engine.values import Failure
from tracker.app.site import Site
from tracker.home import Home
from tracker.session.workplace import workplace

Asked: TypeAlias = tuple[str, str, object, str]

REASON = {"reason": "counted aloud"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("advice")
    write_history(folder, weeks=1)
    return folder


ADVISED: tuple[Asked, ...] = (
    ("GET", "/sessions/99", None, "GET /api/sessions lists them."),
    ("GET", "/sessions/1?analysis=99", None, "GET /api/sessions/1 lists its analyses."),
    ("POST", "/sessions/1/sets/9/felt", {"effort": 3}, "GET /api/sessions/1 lists them."),
    ("POST", "/sessions/1/restore", REASON, "GET /api/data/deleted lists those that were."),
    ("POST", "/sessions/1/remove-recording", None, "POST /api/sessions/NUMBER/delete"),
    ("POST", "/bands/99/retire", None, "GET /api/bands lists them."),
    ("POST", "/plan/end?person=2", {}, "Begin one: POST /api/plan/start."),
    ("POST", "/plan/start", {}, "End it (POST /api/plan/end), or give `replace`"),
    ("POST", "/plan/proposals/99/accept", None, "GET /api/plan shows those that do."),
    ("GET", "/plan/why?person=2", None, "Record one: POST /api/live/start."),
    ("GET", "/recordings/none", None, "POST /api/recordings"),
    ("POST", "/live/pause", None, "Start one: POST /api/live/start."),
    ("POST", "/safety", {"answers": {}}, "GET /api/safety has them"),
    ("POST", "/export?person=2", {"format": "csv", "first": "today"}, "Give it as in 2026-11-28."),
)


@pytest.mark.parametrize(("method", "path", "body", "advice"), ADVISED)
async def test_advice_names_what_to_ask_for(
    client: httpx.AsyncClient, method: str, path: str, body: object, advice: str
) -> None:
    """That none of any answer names a command is held against each of them: `asked_api`."""
    answer = await client.request(method, path, json=body)
    assert answer.is_error
    assert advice in answer.json()["error"]["advice"]


async def test_a_page_is_told_what_it_has_words_for(client: httpx.AsyncClient) -> None:
    """It says in its own language what the program says on a terminal."""
    asked = await client.get("/recordings/none", headers={"X-Asked-By": "page"})
    assert asked.json()["error"]["advice"] == "Drop it onto the page once more."


async def test_a_session_that_cannot_begin(filled: Path, tmp_path: Path) -> None:
    """Its sensors are paired by the API, and safety questions answered by it."""
    async with asked_api(copied_home(filled, tmp_path)) as client:
        unanswered = await client.post("/live/start", json={})
        assert "POST /api/safety takes the answers" in unanswered.json()["error"]["advice"]
        questions = (await client.get("/safety")).json()["questions"]
        answers = {one["name"]: False for one in questions}
        asking = next(one["name"] for one in questions if one["yes_means"] == "clinician")
        await client.post("/safety", json={"answers": {**answers, asking: True}})
        held_back = await client.post("/live/start", json={})
        assert "POST /api/safety/clear" in held_back.json()["error"]["advice"]
        await client.post("/safety", json={"answers": answers})
        unpaired = await client.post("/live/start", json={})
        assert "POST /api/sensors/pair" in unpaired.json()["error"]["advice"]


async def test_work_that_fails(client: httpx.AsyncClient) -> None:
    heard = (await over(client, "/sensors/scan", "scan"))["result"]["sensors"]
    twice = {"left_thigh": heard[0]["address"], "right_thigh": heard[0]["name"]}
    job = await over(client, "/sensors/pair", "radio", {"sensors": twice})
    assert job["state"] == "failed"
    assert "POST /api/sensors/scan" in job["failure"]["advice"]


async def test_what_a_look_at_this_computer_finds(filled: Path, tmp_path: Path) -> None:
    """Whatever it is: no computer has all there is to find."""
    async with asked_api(copied_home(filled, tmp_path)) as client:
        findings = (await over(client, "/sensors/check", "radio"))["result"]["findings"]
    assert findings
    for one in findings:
        assert not SENDS_ELSEWHERE.search(f"{one['text']} {one['advice']}"), one


async def test_a_session_that_failed(tmp_path: Path) -> None:
    place = workplace(Home(tmp_path), simulated=True)
    with place.database() as database:
        engine = Engine(place, database, simulated=True)
        site = Site(place, database, engine, simulated=True)
        told = Failure(
            "there is no adapter", "Plug in a Bluetooth LE adapter; `tracker demo` works without one."
        )
        engine._show(replace(engine.now, failure=told))
        transport = httpx.ASGITransport(make_api(site))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8321") as client:
            failure = (await client.get("/live")).json()["failure"]
        await engine.close()
    assert failure["message"] == "there is no adapter"
    assert not SENDS_ELSEWHERE.search(failure["advice"])


async def over(client: httpx.AsyncClient, path: str, kind: str, body: object = None) -> Json:
    """Work that was begun, once it is no longer running."""
    assert (await client.post(path, json=body)).status_code == 202
    while True:
        one = next(job for job in (await client.get("/jobs")).json() if job["kind"] == kind)
        if one["state"] != "running":
            return one
        await asyncio.sleep(0.02)


def test_values_stay_as_they_are() -> None:
    """What a page would write as its language does."""
    said = "There is: o'Neil_2, -3.50. Add one with: tracker persons add NAME"
    assert for_programs(said) == "There is: o'Neil_2, -3.50. Add one: POST /api/persons."
    for text in ("Give it as in 2026-11-28.", "left_thigh", "", "nothing that is known {here}"):
        assert for_programs(text) == text
