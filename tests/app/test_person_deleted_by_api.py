"""A person is deleted by a program: what goes is told, the name is wanted, and nothing runs beside it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from asked_api import asked_api, is_error
from killed_deletions import killed_deletion
from shared_homes import ANNA, copied, secret_of, shared_home

from tracker.app.engine.jobs import JobBoard
from tracker.app.engine.running import Engine
from tracker.app.operations.deleting_persons import Deleting
from tracker.app.recordings.shelf import Shelf
from tracker.home import Home
from tracker.session.workplace import workplace

MINE, HERS = 1, 2
"""Numbers of the two persons."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return shared_home(tmp_path_factory.mktemp("filled") / "home")


@pytest.fixture
def home(filled: Home, tmp_path: Path) -> Home:
    return copied(filled, tmp_path / "home")


@pytest.fixture
async def client(home: Home) -> AsyncIterator[httpx.AsyncClient]:
    async with asked_api(home.folder) as client:
        yield client


async def names(client: httpx.AsyncClient) -> list[str]:
    return [one["person"]["name"] for one in (await client.get("/persons")).json()]


def recordings_in(home: Home) -> list[str]:
    return sorted(path.name for path in home.recordings.iterdir())


async def refused(client: httpx.AsyncClient, person_id: int, name: str) -> tuple[int, str]:
    """The status and the message of a deletion that is refused."""
    answer = await client.post(f"/persons/{person_id}/delete", json={"name": name})
    assert is_error(answer), answer.text
    return answer.status_code, answer.json()["error"]["message"]


async def test_what_goes_is_told_and_goes_when_the_name_is_given(
    client: httpx.AsyncClient, home: Home
) -> None:
    weekly = home.backups / "weekly-2026-11-22T18-00-00Z.tar"
    home.backups.mkdir()
    weekly.write_bytes(b"")
    told: dict[str, Any] = (await client.get(f"/persons/{HERS}/delete")).json()
    assert told["person"]["name"] == ANNA
    assert told["rows"] == {
        "sessions": 4,
        "deleted_sessions": 1,
        "rest_tests": 6,
        "plans": 1,
        "bands": 3,
        "notes": 7,
        "habit_days": 1,
        "screenings": 1,
    }
    assert told["recordings"] == 3 and told["recordings_bytes"] > 0
    assert (told["left"], told["unclaimed"], told["copies"]) == ([], 0, [str(weekly)])
    assert (await refused(client, HERS, "Anna"))[0] == 400
    assert len(recordings_in(home)) == 6
    gone = await client.post(f"/persons/{HERS}/delete", json={"name": ANNA})
    assert gone.json() == {
        "person_id": HERS,
        "name": ANNA,
        "recordings": 3,
        "went_on": False,
        "copies": [str(weekly)],
    }
    assert await names(client) == ["me"]
    assert recordings_in(home) == ["1-0.mcap", "1-1.mcap", "1-2.mcap"]
    assert not any(
        secret_of(ANNA).encode() in path.read_bytes() for path in home.folder.iterdir() if path.is_file()
    )
    for answer in (
        await client.get("/sessions", params={"person": str(HERS)}),
        await client.get(f"/sessions/{HERS}"),
        await client.get(f"/persons/{HERS}/delete"),
        await client.post(f"/persons/{HERS}/delete", json={"name": ANNA}),
    ):
        assert is_error(answer) and answer.status_code in (400, 404)
    # A browser that was set to the person shows the default one.
    client.cookies.set("tracker_person", str(HERS))
    assert len((await client.get("/sessions")).json()["sessions"]) == 3


async def test_the_default_person_stays(client: httpx.AsyncClient) -> None:
    assert await refused(client, MINE, "me") == (
        409,
        "me is the default person, who is meant where nobody is named",
    )
    assert (await client.get(f"/persons/{MINE}/delete")).status_code == 409
    assert await names(client) == ["me", ANNA]


async def test_a_running_session_stands_against_it_whoever_s_it_is(home: Home, tmp_path: Path) -> None:
    simulated = tmp_path / "outer"
    copied(home, simulated / "simulated")
    async with asked_api(simulated, simulated=True) as client:
        begun = await client.post("/live/start", json={"rest_test": True})
        assert begun.is_success, begun.text
        status, message = await refused(client, HERS, ANNA)
        assert (status, message) == (409, "a session runs")
        assert await names(client) == ["me", ANNA]


async def test_one_that_was_killed_goes_on(client: httpx.AsyncClient, home: Home) -> None:
    killed_deletion(home.folder, HERS, ANNA)
    assert await names(client) == ["me"]
    assert (await refused(client, HERS, "me"))[0] == 400
    gone = await client.post(f"/persons/{HERS}/delete", json={"name": ANNA})
    assert (gone.json()["went_on"], gone.json()["recordings"]) == (True, 3)
    assert recordings_in(home) == ["1-0.mcap", "1-1.mcap", "1-2.mcap"]


async def test_what_was_measured_is_forgotten_also_where_the_folder_is_a_link(
    home: Home, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(home.folder)
    place, shelf, jobs = workplace(Home(linked)), Shelf(), JobBoard()
    try:
        with place.database() as database:
            opened = await shelf.open(linked / "recordings" / "2-0.mcap", place.analysis)
            assert await opened.over(60.0)
            await Deleting(place, database, Engine(place, database), jobs, shelf).delete(HERS, ANNA)
        assert not opened.wanted
    finally:
        await jobs.close()
        shelf.close()
