"""`tracker export` and `tracker import --everything` as a person runs them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from program import tracker
from sqlalchemy import update
from store_samples import STARTED_AT, analysis, begin

from tracker.store.analyses import save_analysis
from tracker.store.database import open_database
from tracker.store.sessions import finish_session
from tracker.store.tables import SessionTable


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sessions, one of them simulated and one deleted."""
    home = tmp_path_factory.mktemp("export") / "home"
    (home / "recordings").mkdir(parents=True)
    with open_database(home / "tracker.db") as database, database.write() as connection:
        for days in range(3):
            started_at = STARTED_AT + timedelta(days=days)
            session = begin(connection, started_at=started_at, simulated=days == 1)
            ended_at = started_at + timedelta(minutes=2)
            finish_session(connection, session, ended_at=ended_at, duration_s=125.0, size_bytes=4)
            save_analysis(connection, session, analysis())
            (home / f"recordings/{started_at:%Y%m%dT%H%M%S}.mcap").write_bytes(b"mcap")
        deleted = update(SessionTable).where(SessionTable.id == 3)
        connection.execute(deleted.values(deleted_at=STARTED_AT))
    return home


def test_tables_say_what_was_left_out_and_what_is_simulated(home: Path, tmp_path: Path) -> None:
    done = tracker(home, "export", "--to", "csv", "--all", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "SIMULATED" in done.err
    assert "session 3: it is deleted" in done.err
    assert (tmp_path / "out" / "sessions.csv").read_text(encoding="utf-8").count("\n") == 3


def test_the_result_as_json(home: Path, tmp_path: Path) -> None:
    done = tracker(home, "export", "--to", "csv", "1", "--out", tmp_path / "out", "--json")
    document = done.document
    assert document["simulated"] is False
    assert {"sessions.csv", "SCHEMA.md", "schema.json"} <= set(document["files"])
    assert "habits" in document["left_out"][0]["what"]


def test_days_are_given_as_days(home: Path, tmp_path: Path) -> None:
    span = ("--since", "2026-11-18", "--until", "2026-11-18")
    done = tracker(home, "export", "--to", "csv", *span, "--out", tmp_path / "out", "--json")
    assert done.document["simulated"] is True
    assert done.document["left_out"] == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "part"),
    [
        (("--to", "pdf", "--all"), 2, "unknown format"),
        (("--to", "csv"), 2, "which sessions"),
        (("--to", "csv", "--all", "--since", "2026-11-17"), 2, "which sessions"),
        (("--to", "csv", "77"), 2, "no session 77"),
        (("--to", "csv", "--since", "2026-02-30"), 2, "not a day"),
        (("--to", "csv", "--all", "--simulated"), 2, "kept apart"),
        (("--to", "everything", "--all"), 2, "no choice"),
    ],
)
def test_wrong_use_writes_nothing(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], exit_code: int, part: str
) -> None:
    out = tmp_path / "out"
    tracker(home, "export", *arguments, "--out", out).check_error(exit_code, part)
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_refused_without_replace(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    tracker(home, "export", "--to", "csv", "1", "--out", out).check_error(6, "exists")
    tracker(home, "export", "--to", "csv", "1", "--out", out, "--replace").check_error(6, "not replaced")
    assert list(out.iterdir()) == []


def test_everything_moves_to_another_folder_and_is_shown_there(home: Path, tmp_path: Path) -> None:
    archive, new = tmp_path / "all.zip", tmp_path / "new"
    done = tracker(home, "export", "--to", "everything", "--out", archive)
    assert done.exit_code == 0
    assert "1 of the sessions are simulated" in done.err
    came = tracker(new, "import", "--everything", archive, "--json").document
    assert came["files"] == [f"recordings/202611{day}T183000.mcap" for day in (17, 18, 19)]
    week = ("week", "--week", "2026-W47", "--json")
    shown, shown_there = tracker(home, *week).document, tracker(new, *week).document
    # When it was made differs; nothing else does.
    assert json.dumps(without_stamp(shown_there)) == json.dumps(without_stamp(shown))
    listed = tracker(home, "sessions", "--json").document
    assert tracker(new, "sessions", "--json").document == listed
    assert len(listed["sessions"]) == 2
    tracker(new, "import", "--everything", archive).check_error(2, "not empty")


def without_stamp(document: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in document.items() if key != "made_at"}


def test_wrong_use_of_an_archive_is_told(tmp_path: Path) -> None:
    none, new = tmp_path / "none.zip", tmp_path / "new"
    tracker(new, "import", "--everything", none).check_error(3, "does not exist")
    none.write_bytes(b"PK\x03\x04 not really")
    tracker(new, "import", "--everything", none).check_error(3, "no archive")
    tracker(new, "import", "--everything", none, "--keep").check_error(2, "no other option")
    tracker(new, "import").check_error(2, "--out")
    assert not new.exists()
