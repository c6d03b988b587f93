"""Files handed in and fetched: what is too large, empty, wrongly named or gone is told and leaves nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from data_homes import leftovers, over
from fastapi import FastAPI

from tracker.app.engine.jobs import JobKind
from tracker.app.engine.running import Engine
from tracker.app.file_routes import add_file_routes
from tracker.app.operations.made_file import MadeFile
from tracker.app.operations.own_folder import OwnFolder
from tracker.app.site import Site
from tracker.errors import UsageError
from tracker.session.workplace import Workplace
from tracker.store.database import Database

UPLOADS = "/files/uploads"
LIMIT_MB = 0.05


@pytest.fixture
async def site(place: Workplace, database: Database) -> AsyncIterator[Site]:
    page = replace(place.settings.page, upload_mb=LIMIT_MB)
    small = replace(place, settings=replace(place.settings, page=page))
    site = Site(small, database, Engine(small, database, simulated=True), simulated=True)
    yield site
    await site.jobs.close()
    site.uploads.close()
    site.shelf.close()


@pytest.fixture
async def browser_of(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_file_routes(app, site)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def test_a_file_is_kept_for_its_owner_under_a_name_of_its_own(
    browser_of: httpx.AsyncClient, site: Site
) -> None:
    answer = await browser_of.post(UPLOADS, params={"name": "../../etc/backup.tar"}, content=b"content")
    assert answer.status_code == 200
    file = site.uploads.find(answer.json()["token"])
    assert file.name == "backup.tar"
    assert file.path.read_bytes() == b"content"
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.path.resolve().is_relative_to(site.place.home.folder.resolve())


async def test_of_many_files_the_oldest_give_way(browser_of: httpx.AsyncClient, site: Site) -> None:
    tokens = [(await browser_of.post(UPLOADS, content=b"x")).json()["token"] for _ in range(12)]
    known = [token for token in tokens if _is_there(site, token)]
    assert known == tokens[-len(known) :]
    assert 1 <= len(known) < 12


@pytest.mark.parametrize("announced", [True, False])
async def test_what_is_too_large_or_empty_is_told_and_leaves_nothing(
    announced: bool, browser_of: httpx.AsyncClient, site: Site
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(10_000)

    content = bytes(1_000_000) if announced else pieces()
    large = await browser_of.post(UPLOADS, params={"name": "large.tar"}, content=content)
    assert large.status_code == 413
    assert "large.tar is larger than" in large.json()["error"]["message"]
    assert (await browser_of.post(UPLOADS, content=b"")).status_code == 413
    assert leftovers(site.place) == []


async def test_only_what_was_made_is_fetched(browser_of: httpx.AsyncClient, site: Site) -> None:
    folder = OwnFolder(site.place.home.folder)
    path = folder.path / "made.zip"
    path.write_bytes(b"made")
    job = site.jobs.start(JobKind.EXPORT, lambda _line: MadeFile(folder, path, "made.zip", 4))
    await over(site.jobs, JobKind.EXPORT)
    fetched = await browser_of.get(f"/files/made/export/{job.number}")
    assert (fetched.content, fetched.headers["content-disposition"]) == (
        b"made",
        'attachment; filename="made.zip"',
    )
    for other in (f"export/{job.number + 1}", f"backup/{job.number}", f"holiday/{job.number}", "export/x"):
        assert (await browser_of.get(f"/files/made/{other}")).status_code in (404, 422)
    folder.discard()
    assert (await browser_of.get(f"/files/made/export/{job.number}")).status_code == 404


@pytest.mark.parametrize("name", ["..%2Ftracker.db", "%2Fetc%2Fpasswd", "tracker.db", "weekly.tar", "%00"])
async def test_no_other_file_is_fetched_for_a_backup(name: str, browser_of: httpx.AsyncClient) -> None:
    assert (await browser_of.get(f"/files/backups/{name}")).status_code == 404


def _is_there(site: Site, token: str) -> bool:
    try:
        return site.uploads.find(token).path.is_file()
    except UsageError:
        return False
