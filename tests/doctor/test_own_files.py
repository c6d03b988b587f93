"""The person's own files, right and wrong."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tracker.backup.automatic import WEEKLY, automatic_name
from tracker.doctor.findings import Finding, State, exit_code_of
from tracker.doctor.own_files import own_files
from tracker.home import Home


class Usage(NamedTuple):
    """What a disk says of itself."""

    total: int
    used: int
    free: int


def findings(home: Home) -> dict[str, Finding]:
    """The findings by name."""
    return {one.name: one for one in own_files(home)}


def test_a_new_home_is_made_and_all_is_well(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    found = findings(home)
    assert list(found) == ["folder", "disk", "settings", "exercises", "database", "backup"]
    assert {one.state for one in found.values()} == {State.OK}
    assert "0 sessions" in found["database"].text
    assert home.recordings.is_dir()
    # a look leaves nothing behind
    assert list(home.recordings.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions otherwise")
def test_a_folder_that_others_may_read_is_noted(tmp_path: Path) -> None:
    home = Home(tmp_path / "open")
    home.create()
    home.folder.chmod(0o755)
    found = findings(home)["folder"]
    assert (found.state, found.advice) == (
        State.NOTE,
        f"Keep it to yourself: chmod 700 {home.folder}",
    )


def test_a_folder_that_cannot_be_made_is_wrong_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    found = findings(Home(tmp_path / "file" / "home"))
    assert (found["folder"].state, found["folder"].exit_code) == (State.WRONG, 6)
    assert len(found) == 6
    assert exit_code_of(found.values()) == 6


@pytest.mark.parametrize(
    ("free_mb", "state"), [(19.0, State.WRONG), (21.0, State.NOTE), (499.0, State.NOTE), (501.0, State.OK)]
)
def test_room_for_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: float, state: State
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 0, round(free_mb * 1e6)))
    found = findings(Home(tmp_path))["disk"]
    assert found.state is state
    assert f"{free_mb:.0f} MB free" in found.text
    assert (found.advice is None) is (state is State.OK)


def test_wrong_settings_and_exercises_are_named_with_their_key(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.settings.write_text("[guide]\nsettle_s = 'long'\n")
    home.exercises.write_text("[own]\nsignal = 'elevation'\n")
    found = findings(home)
    for name, key in (("settings", "guide.settle_s"), ("exercises", "own")):
        assert (found[name].state, found[name].exit_code) == (State.WRONG, 8)
        assert key in found[name].text
        assert found[name].advice
    assert found["database"].state is State.OK


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").write_bytes(b"no database, but long enough to be taken for one " * 100)
    found = findings(Home(tmp_path))["database"]
    assert (found.state, found.exit_code) == (State.WRONG, 7)


def test_the_newest_backup_is_told_and_a_late_one_noted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert "none in" in findings(home)["backup"].text
    home.backups.mkdir()
    (home.backups / automatic_name(WEEKLY, datetime(2020, 5, 1, 12, tzinfo=UTC))).write_bytes(b"")
    late = findings(home)["backup"]
    assert (late.state, late.advice) == (State.NOTE, "Copy everything to another disk: tracker backup FILE")
    assert "2020-05-01" in late.text
    home.settings.write_text("[backup]\nautomatic = false\n")
    assert findings(home)["backup"].state is State.OK
    home.settings.unlink()
    (home.backups / automatic_name(WEEKLY, datetime.now(UTC))).write_bytes(b"")
    assert findings(home)["backup"].state is State.OK
