"""`tracker backup` and `tracker restore` as a person meets them."""

import io
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from program import command, environment, tracker

from tracker.backup.manifest import MANIFEST, manifest_bytes, read_manifest
from tracker.backup.tar_stream import members

pytestmark = pytest.mark.slow

WORDS = "correct horse battery"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with an imported session, and the weekly backup that came with it."""
    folder = tmp_path_factory.mktemp("kept")
    csv = folder / "left.csv"
    rows = [f"{number / 100},0,0,9.81,0,0,0" for number in range(1500)]
    csv.write_text("time_s,ax,ay,az,gx,gy,gz\n" + "\n".join(rows) + "\n")
    out = folder / "home" / "recordings" / "left.mcap"
    out.parent.mkdir(parents=True)
    done = tracker(
        folder / "home", "import", "--left-thigh", csv, "--exercise", "generic", "--out", out, "--keep"
    )
    assert done.exit_code == 0, done.err
    # made without a word where nobody looks on
    assert (done.err, len(list((folder / "home" / "backups").iterdir()))) == ("", 1)
    return folder / "home"


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path / "home")


def sessions(home: Path) -> object:
    return tracker(home, "sessions", "--json").document["sessions"]


def test_back_up_and_restore(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    done = tracker(home, "backup", file)
    assert done.exit_code == 0, done.err
    assert f"Written and read back: {file}" in done.out
    assert "In it: 1 session, 1 recording" in done.out
    assert "not encrypted" in done.out
    tracker(home, "backup", file).check_error(6, "exists already", "--replace")
    document = tracker(home, "backup", file, "--replace", "--json").document
    assert (document["recordings"], document["encrypted"], document["rows"]["session"]) == (1, False, 1)
    tracker(home, "restore", file).check_error(2, "holds data already", "--into", "--replace")
    done = tracker(tmp_path / "new", "restore", file)
    assert done.exit_code == 0, done.err
    assert f"Restored to {tmp_path / 'new'}: 1 session" in done.out
    assert sessions(tmp_path / "new") == sessions(home)
    document = tracker(home, "restore", file, "--replace", "--json").document
    assert Path(document["set_aside"]).name.startswith("home.before-restore-")
    assert sessions(home) == sessions(Path(document["set_aside"]))


def test_what_a_backup_says_of_itself_does_not_steer_the_terminal(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    assert tracker(home, "backup", file).exit_code == 0
    data = file.read_bytes()
    (manifest,) = (read_manifest(one) for one in members(io.BytesIO(data).read) if one.name == MANIFEST)
    steering = "\x1b[2J" + manifest.created_at[len("\\u001b[2J") :]
    hostile = manifest_bytes(replace(manifest, created_at=steering))
    file.write_bytes(data.replace(manifest_bytes(manifest), hostile))
    done = tracker(home, "restore", file, "--into", tmp_path / "new")
    assert done.exit_code == 0, done.err
    assert "as of ?[2J" in done.out
    wrong = tracker(home, "restore", tmp_path / "\x1b[2J")
    assert wrong.exit_code == 3
    assert "?[2J does not exist" in wrong.err


def test_into_another_folder(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    tracker(home, "backup", file)
    done = tracker(home, "restore", file, "--into", tmp_path / "other")
    assert f"TRACKER_HOME={tmp_path / 'other'}" in done.out
    assert sessions(tmp_path / "other") == sessions(home)


def test_the_automatic_ones_are_listed_and_restore_without_touching_recordings(home: Path) -> None:
    (row,) = tracker(home, "backup", "--json").document["backups"]
    assert row["kind"] == "weekly"
    assert "weekly" in tracker(home, "backup").out
    done = tracker(home, "restore", row["path"], "--replace")
    assert "those that were in the folder are still there" in done.out
    assert len(list((home / "recordings").iterdir())) == 1


def test_settings_switch_the_weekly_one_off(home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "backups")
    (home / "settings.toml").write_text("[backup]\nautomatic = false\n")
    done = tracker(home, "recover", home / "recordings" / "left.mcap", "--out", tmp_path / "out.mcap")
    assert done.exit_code == 0, done.err
    assert tracker(home, "backup").out == ""
    (home / "settings.toml").write_text("[backup]\nweekly_kept = 0\n")
    tracker(home, "replay", tmp_path / "out.mcap").check_error(8, "backup.weekly_kept")
    (home / "settings.toml").unlink()
    done = tracker(home, "recover", home / "recordings" / "left.mcap", "--out", tmp_path / "again.mcap")
    assert done.exit_code == 0, done.err
    assert "weekly" in tracker(home, "backup").out


def test_a_weekly_backup_that_cannot_be_made_fails_nothing(home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "backups")
    (home / "backups").write_text("in the way")
    done = tracker(home, "recover", home / "recordings" / "left.mcap", "--out", tmp_path / "out.mcap")
    assert done.exit_code == 0
    assert done.err.splitlines()[0].startswith("The weekly backup could not be made: ")
    assert len(done.err.splitlines()) == 1


def test_help_and_errors_make_no_backup(home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "backups")
    assert tracker(home, "record", "--help").exit_code == 0
    tracker(home, "recover", tmp_path / "missing.mcap").check_error(3, "does not exist")
    assert not (home / "backups").exists()


def test_encrypted_with_the_passphrase_of_a_file(home: Path, tmp_path: Path) -> None:
    file, words, wrong = tmp_path / "backup.tar", tmp_path / "words", tmp_path / "wrong"
    words.write_text(WORDS + "\nthis line is none\n")
    wrong.write_text("wrong\n")
    done = tracker(home, "backup", file, "--passphrase-file", words)
    assert done.exit_code == 0, done.err
    assert "encrypted" in done.out
    assert WORDS not in done.out + done.err
    into = tmp_path / "other"
    refused = tracker(home, "restore", file, "--into", into, "--passphrase-file", wrong)
    refused.check_error(3, "the passphrase does not open this backup")
    tracker(home, "restore", file, "--into", into).check_error(2, "nobody can be asked", "--passphrase-file")
    assert not into.exists()
    done = tracker(home, "restore", file, "--into", into, "--passphrase-file", words)
    assert done.exit_code == 0, done.err
    assert sessions(into) == sessions(home)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix terminal")
def test_the_passphrase_is_asked_for_on_a_terminal_and_not_shown(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    code, shown = on_terminal(home, ["backup", str(file), "--encrypt"], WORDS, "another")
    assert (code, file.exists()) == (2, False)
    assert "the two passphrases differ" in shown
    code, shown = on_terminal(home, ["backup", str(file), "--encrypt"], WORDS, WORDS)
    assert code == 0, shown
    assert WORDS not in shown
    code, shown = on_terminal(home, ["restore", str(file), "--into", str(tmp_path / "other")], WORDS)
    assert code == 0, shown
    assert WORDS not in shown


def on_terminal(home: Path, arguments: list[str], *answers: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; its exit code and what was to be seen there."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        line = command(*arguments)
        os.execve(line[0], line, environment(home))  # noqa: S606
    shown, waiting = b"", list(answers)
    try:
        while data := os.read(terminal, 1000):
            shown += data
            if waiting and shown.endswith(b": ") and shown.count(b": ") > len(answers) - len(waiting):
                os.write(terminal, waiting.pop(0).encode() + b"\n")
    except OSError:
        # The other end is closed.
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode(errors="replace")


@pytest.mark.parametrize(
    ("content", "part"), [(None, "No such file"), (b"", "empty"), (b"\n", "empty"), (b"\xff\xfe", "no text")]
)
def test_a_passphrase_file_that_will_not_do(
    home: Path, tmp_path: Path, content: bytes | None, part: str
) -> None:
    words = tmp_path / "words"
    if content is not None:
        words.write_bytes(content)
    file = tmp_path / "backup.tar"
    tracker(home, "backup", file, "--passphrase-file", words).check_error(3, part)
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["backup", "--encrypt"], 2, "no file was given"),
        (["backup", "{tmp}/missing/backup.tar"], 6, "the folder does not exist"),
        (["backup", "{tmp}"], 6, "is a folder"),
        (["backup", "{tmp}/home/recordings/backup.tar"], 2, "among the recordings"),
        (["restore", "{tmp}/missing.tar", "--replace"], 3, "does not exist"),
        (["restore", "{tmp}/home/tracker.db", "--replace"], 3, "no whole backup"),
        (["restore", "{tmp}/home/recordings/left.mcap", "--replace"], 3, "no whole backup"),
    ],
)
def test_wrong_use(home: Path, tmp_path: Path, arguments: list[str], code: int, part: str) -> None:
    before = sessions(home)
    filled = [one.replace("{tmp}", str(tmp_path)) for one in arguments]
    tracker(home, *filled).check_error(code, part)
    assert sessions(home) == before
