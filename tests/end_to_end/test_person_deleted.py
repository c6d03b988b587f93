"""`tracker persons delete`: what it shows and asks, and that afterwards the person never was."""

import json
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from program import environment, tracker
from terminal import Terminal

pytestmark = pytest.mark.slow

NOTE = "zwickt-in-der-leiste"
RECORDINGS = {"": "mine.mcap", "anna": "hers.mcap"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an imported session of the default person, and one of anna, felt and backed up."""
    home = tmp_path_factory.mktemp("clinic") / "home"
    home.mkdir()
    samples = (f"{number / 50:.2f},0,0,9.81,0,0,0" for number in range(500))
    table = home.parent / "still.csv"
    table.write_text("\n".join(["time_s,ax,ay,az,gx,gy,gz", *samples]), encoding="utf-8")
    assert tracker(home, "persons", "add", "anna").exit_code == 0
    for name, file in RECORDINGS.items():
        whose = ("--person", name) if name else ()
        asked: list[str | Path] = ["import", "--left-thigh", table, "--exercise", "generic", "--keep"]
        asked += ["--out", home / "recordings" / file, "--started-at", "2026-11-22T18:00:00", *whose]
        done = tracker(home, *asked)
        assert done.exit_code == 0, done.err
        felt = tracker(home, "feel", "--pain", "2", "--notes", f"{NOTE} {name}", "--json", *whose)
        assert felt.exit_code == 0, felt.err
    assert backups_in(home)
    return home


def backups_in(home: Path) -> list[str]:
    """The weekly one that was made with the first session."""
    return [str(path) for path in sorted((home / "backups").glob("weekly-*.tar"))]


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "home")
    return tmp_path / "home"


def names_of(home: Path) -> list[str]:
    return [one["name"] for one in tracker(home, "persons", "--json").document["persons"]]


def recordings_in(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "recordings").iterdir())


def seen(home: Path) -> dict[str, object]:
    """What commands show of whoever is meant where nobody is named; what tells the time left out."""
    commands = (("sessions",), ("sessions", "show", "1"), ("week", "--week", "2026-W47"), ("trend",))
    documents: dict[str, object] = {}
    for command in commands:
        document = tracker(home, *command, "--json").document
        document.pop("made_at", None)
        documents[" ".join(command)] = document
    return documents


def test_afterwards_the_person_never_was(home: Path, tmp_path: Path) -> None:
    before = seen(home)
    kept = tmp_path / "hers.mcap"
    shutil.copy(home / "recordings" / "hers.mcap", kept)
    done = tracker(home, "persons", "delete", "anna", "--name-again", "anna")
    assert done.exit_code == 0, done.err
    assert all(path in done.out for path in backups_in(home))
    assert "deleted for good" in done.err
    assert seen(home) == before
    assert (names_of(home), recordings_in(home)) == (["me"], ["mine.mcap"])
    assert tracker(home, "reanalyze", "--all", "--dry-run", "--json").document["up_to_date"] == 1
    for command in (("sessions",), ("week",), ("trend",), ("feel",), ("reanalyze",), ("plan",)):
        tracker(home, *command, "--person", "anna").check_error(2, "there is no person 'anna'")
    tracker(home, "sessions", "show", "2").check_error(2, "no session 2")
    tracker(home, "recover", home / "recordings" / "hers.mcap").check_error(3, "does not exist")
    # One that was kept elsewhere is nobody's.
    assert tracker(home, "recover", kept, "--json").document["session_id"] is None
    assert tracker(home, "recover", home / "recordings" / "mine.mcap", "--json").document["session_id"] == 1
    (home / "recordings" / "mine.recovered.mcap").unlink()
    _check_copies(home, tmp_path)


def _check_copies(home: Path, tmp_path: Path) -> None:
    archive, backup = tmp_path / "all.zip", tmp_path / "all.tar"
    assert tracker(home, "export", "--to", "everything", "--out", archive).exit_code == 0
    with zipfile.ZipFile(archive) as opened:
        inside = b"".join(opened.read(name) for name in opened.namelist())
    assert NOTE.encode() in inside and f"{NOTE} anna".encode() not in inside and b"hers" not in inside
    assert tracker(home, "backup", backup, "--json").document["rows"]["person"] == 1
    with tarfile.open(backup) as opened_tar:
        assert [name for name in opened_tar.getnames() if name.endswith(".mcap")] == ["recordings/mine.mcap"]
    restored = tmp_path / "restored"
    assert tracker(home, "restore", backup, "--into", restored).exit_code == 0
    for folder in (home, restored):
        for path in folder.iterdir():
            assert not path.is_file() or f"{NOTE} anna".encode() not in path.read_bytes(), path


def test_what_goes_is_shown_first_and_the_name_is_wanted(home: Path) -> None:
    with Terminal.begin(home, "persons", "delete", "anna") as terminal:
        terminal.answer("Type the name", "ana\r")
        assert terminal.end() == 2
    assert "nothing was deleted" in terminal.shown
    assert terminal.shown.index("rest tests") < terminal.shown.index("Type the name")
    assert (names_of(home), len(recordings_in(home))) == (["anna", "me"], 2)
    with Terminal.begin(home, "persons", "delete", "anna") as terminal:
        terminal.answer("Type the name", "anna\r")
        assert terminal.end() == 0
    assert (names_of(home), recordings_in(home)) == (["me"], ["mine.mcap"])


def test_programs_look_first_and_give_the_name(home: Path) -> None:
    looked = tracker(home, "persons", "delete", "anna", "--dry-run", "--json").document
    assert (looked["deleted"], looked["rows"]["sessions"], looked["rows"]["notes"]) == (False, 1, 1)
    size = (home / "recordings" / "hers.mcap").stat().st_size
    assert looked["recordings"] == {"files": 1, "size_bytes": size, "left": [], "unclaimed": 0}
    assert looked["backups"] == backups_in(home)
    refused = tracker(home, "persons", "delete", "anna", "--json")
    refused.check_error(2, "nothing was deleted", "--name-again")
    assert refused.out == ""
    tracker(home, "persons", "delete", "anna", "--json", "--name-again", "me").check_error(2, "nothing was")
    assert names_of(home) == ["anna", "me"]
    done = tracker(home, "persons", "delete", "anna", "--json", "--name-again", "anna")
    assert done.document == {**looked, "deleted": True}


def test_who_is_needed_or_unknown_is_refused(home: Path) -> None:
    tracker(home, "persons", "delete", "me", "--name-again", "me").check_error(2, "default", "--default")
    tracker(home, "persons", "delete", "bea", "--name-again", "bea").check_error(2, "'bea'", "anna, me")
    assert tracker(home, "persons", "change", "anna", "--default").exit_code == 0
    assert tracker(home, "persons", "delete", "me", "--name-again", "me").exit_code == 0
    tracker(home, "persons", "delete", "anna", "--name-again", "anna").check_error(2, "only", str(home))


KILLED = """
import os, signal, sys
from tracker.session import person_deletion

def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    person_deletion._remove_files = die
    from tracker.cli.main import app
    app(["persons", "delete", "anna", "--name-again", "anna"])
"""


def test_one_that_was_killed_is_told_and_goes_on(home: Path) -> None:
    own = environment(home)
    done = subprocess.run([sys.executable, "-c", KILLED], env=own, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert recordings_in(home) == ["hers.mcap", "mine.mcap"]
    listed = tracker(home, "persons", "--json").document
    assert (listed["unfinished_deletions"], len(listed["persons"])) == (["anna"], 1)
    assert "tracker persons delete anna" in tracker(home, "persons").err
    # Whoever comes to the same name meanwhile is somebody else, and stays.
    assert tracker(home, "persons", "add", "anna").exit_code == 0
    assert not tracker(home, "persons", "delete", "anna", "--dry-run", "--json").document["deleted"]
    gone = tracker(home, "persons", "delete", "anna", "--json").document
    assert (gone["deleted"], gone["went_on"], gone["recordings"]["files"]) == (True, True, 1)
    assert (names_of(home), recordings_in(home)) == (["anna", "me"], ["mine.mcap"])
    assert json.loads(tracker(home, "persons", "--json").out)["unfinished_deletions"] == []
