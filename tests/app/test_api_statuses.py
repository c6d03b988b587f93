"""What the status of an answer says: wrong, not there, not now; and what commands end with stays the same."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from asked_api import is_error
from history_home import write_history

from tracker import errors
from tracker.app.api.errors import STATUS_OF, kind_of, status_of
from tracker.errors import (
    ConflictError,
    DatabaseInUseError,
    InputError,
    MissingFileError,
    NotThereError,
    TrackerError,
    UsageError,
)
from tracker.store.failures import sqlite_failure

REASON = {"reason": "counted aloud"}
RANGES = {"days_a_week": {"low": 3, "high": 3}, "sets": {"low": 1, "high": 2}, "reps": {"low": 8, "high": 10}}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statuses")
    write_history(folder, weeks=1)
    return folder


NOT_THERE: tuple[tuple[str, str, object], ...] = (
    ("GET", "/sessions?person=99", None),
    ("POST", "/persons/99", {"name": "anna"}),
    ("POST", "/persons/99/default", None),
    ("GET", "/persons/99/delete", None),
    ("POST", "/persons/99/delete", {"name": "anna"}),
    ("GET", "/sessions/99", None),
    ("GET", "/sessions/1?analysis=99", None),
    ("GET", "/sessions/1?person=2", None),
    ("GET", "/sessions/99/after", None),
    ("GET", "/sessions/99/timeline", None),
    ("GET", "/sessions/99/courses?from_s=0&until_s=1", None),
    ("POST", "/sessions/99/felt", {"effort": 3}),
    ("POST", "/sessions/99/delete", REASON),
    ("POST", "/sessions/99/restore", REASON),
    ("POST", "/sessions/99/undo", REASON),
    ("POST", "/sessions/99/rest-tests", {**REASON, "counts": False}),
    ("POST", "/sessions/99/remove-recording", None),
    ("POST", "/sessions/1/sets/9/felt", {"effort": 3}),
    ("POST", "/sessions/1/sets/1/felt", {"band_id": 99}),
    ("POST", "/sessions/1/sets/9/correct", {**REASON, "side": "left", "valid_reps": 3}),
    ("POST", "/sessions/99/told/1/correct", {**REASON, "reps": 3}),
    ("POST", "/bands/99/retire", None),
    ("POST", "/plan/99/call-off", None),
    ("POST", "/plan/proposals/99/accept", None),
    ("POST", "/plan/proposals/99/decline", None),
    ("POST", "/plan/prescriptions/none/resume", None),
    ("POST", "/plan/end?person=2", {}),
    ("POST", "/plan/text?person=2", {"text": "", "mark": ""}),
    ("GET", "/plan/why?session=99", None),
    ("GET", "/plan/why?person=2", None),
    ("POST", "/sensors/pelvis/unpair", None),
    ("GET", "/recordings/none", None),
    ("GET", "/recordings/none/timeline", None),
    ("GET", "/recordings/none/courses?from_s=0&until_s=1", None),
    ("POST", "/recordings/none/keep", None),
    ("GET", "/backups/none", None),
    ("POST", "/restore/look", {"kept": "none"}),
    ("POST", "/restore/look", {"file": "none"}),
    ("POST", "/import/everything", {"file": "none"}),
    ("GET", "/jobs/export/1/file", None),
)


@pytest.mark.parametrize(("method", "path", "body"), NOT_THERE)
async def test_what_is_not_there(client: httpx.AsyncClient, method: str, path: str, body: object) -> None:
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, is_error(answer)) == (404, True), answer.text
    assert answer.json()["error"]["kind"] == "not_there"


async def test_a_prescription_that_is_not_there(client: httpx.AsyncClient) -> None:
    mark = (await client.get("/plan")).json()["mark"]
    answer = await client.post("/plan/prescriptions/none", json={"mark": mark, **RANGES})
    assert (answer.status_code, answer.json()["error"]["kind"]) == (404, "not_there")


async def test_a_recording_whose_file_is_gone(client: httpx.AsyncClient, home: Path) -> None:
    for file in (home / "simulated" / "recordings").glob("*.mcap"):
        file.unlink()
    answer = await client.get("/sessions/1/timeline")
    assert (answer.status_code, answer.json()["error"]["kind"]) == (404, "missing_file")


NOT_NOW: tuple[tuple[str, object], ...] = (
    ("/live/pause", None),
    ("/live/resume", None),
    ("/live/skip", None),
    ("/live/finish", None),
    ("/live/repeat-rest", None),
    ("/live/take-back", {}),
    ("/live/felt", {"set_number": 1, "pain": 2}),
    ("/persons", {"name": "Second person"}),
    ("/sessions/1/restore", REASON),
    ("/sessions/1/undo", REASON),
    ("/sessions/1/remove-recording", None),
    ("/plan/start", {}),
    ("/plan/text", {"text": "", "mark": "seen long ago"}),
    ("/plan/prescriptions/roll_in", {"mark": "seen long ago", **RANGES}),
    ("/restore", {"confirm": "restore"}),
)


@pytest.mark.parametrize(("path", "body"), NOT_NOW)
async def test_what_cannot_be_now(client: httpx.AsyncClient, path: str, body: object) -> None:
    answer = await client.post(path, json=body)
    assert (answer.status_code, is_error(answer)) == (409, True), answer.text
    assert answer.json()["error"]["kind"] == "conflict"


async def test_a_deleted_session_is_not_corrected(client: httpx.AsyncClient) -> None:
    assert (await client.post("/sessions/1/delete", json=REASON)).status_code == 200
    for path, body in (
        ("delete", REASON),
        ("felt", {"effort": 3}),
        ("rest-tests", {**REASON, "counts": False}),
    ):
        answer = await client.post(f"/sessions/1/{path}", json=body)
        assert (answer.status_code, answer.json()["error"]["kind"]) == (409, "conflict"), answer.text


async def test_a_recording_is_kept_once(client: httpx.AsyncClient, home: Path) -> None:
    path = next((home / "simulated" / "recordings").glob("*.mcap"))
    kind = {"content-type": "application/octet-stream"}
    token = (await client.post("/recordings", content=path.read_bytes(), headers=kind)).json()["token"]
    answer = await client.post(f"/recordings/{token}/keep")
    assert (answer.status_code, answer.json()["error"]["kind"]) == (409, "conflict")


async def test_what_makes_no_sense_stays_so(client: httpx.AsyncClient) -> None:
    """Whatever is asked for of what is there: its values are wrong, not its place."""
    for path, body in (
        ("/live/start", {"exercise": "no_such_exercise"}),
        ("/export", {"format": "csv", "first": "yesterday"}),
        ("/habits", {"day": "2999-01-01", "habits": []}),
    ):
        answer = await client.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["kind"]) == (400, "usage"), answer.text


def test_a_database_that_another_program_holds(tmp_path: Path) -> None:
    file = tmp_path / "tracker.db"
    with sqlite3.connect(file, timeout=0) as one, sqlite3.connect(file, timeout=0) as other:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as raised:
            other.execute("BEGIN EXCLUSIVE")
        one.rollback()
    one.close()
    other.close()
    found = sqlite_failure(raised.value, "tracker.db")
    assert isinstance(found, DatabaseInUseError)
    assert (status_of(found), kind_of(found), found.exit_code) == (409, "database_in_use", 7)


def _all_kinds(kind: type[TrackerError]) -> Iterator[type[TrackerError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _all_kinds(one)


def test_every_kind_of_error_has_a_status_that_the_readme_names() -> None:
    kinds = [one for one in _all_kinds(TrackerError) if one.__module__ == errors.__name__]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\d, ]+) \| (.*) \|$", readme, flags=re.MULTILINE))
    for kind in kinds:
        error = kind("it went wrong", advice="Try it again.")
        named = [row for row, text in rows.items() if f"`{kind_of(error)}`" in text]
        if kind.__name__ == "RecordingStoppedError":
            continue
        assert len(named) == 1, kind
        assert str(status_of(error)) in named[0], kind
    assert set(STATUS_OF) <= set(kinds)


def test_commands_end_with_the_same_code() -> None:
    for kind, before in (
        (NotThereError, UsageError),
        (ConflictError, UsageError),
        (MissingFileError, InputError),
        (DatabaseInUseError, errors.DatabaseError),
    ):
        assert issubclass(kind, before)
        assert kind.exit_code == before.exit_code


async def test_a_body_without_its_type_is_told_which_header_it_needs(client: httpx.AsyncClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/live/start", content='{"exercise": "bridge"}', headers=form)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (422, "request")
    assert "Content-Type: application/json" in answer.json()["error"]["advice"]
