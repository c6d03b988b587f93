"""Deletes a person in a process that is killed at a chosen place of it."""

import signal
import subprocess
import sys
from pathlib import Path

PLACES = ("rows", "commit", "files", "between files", "bytes", "note")
"""Before the rows, before they are committed, before the files, after the first one, and so on."""

_PROGRAM = """
import os, signal, sys
from pathlib import Path
from tracker.backup.opening import open_home_database
from tracker.home import Home
from tracker.session import person_deletion
from tracker.store.database import Database

def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

def and_die(real):
    def then(*arguments, **options):
        real(*arguments, **options)
        die()
    return then

if __name__ == "__main__":
    home, person_id, name, place = Home(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    with open_home_database(home) as database:
        match place:
            case "rows":
                person_deletion.delete_person_rows = die
            case "commit":
                person_deletion.delete_person_rows = and_die(person_deletion.delete_person_rows)
            case "files":
                person_deletion._remove_files = die
            case "between files":
                Path.unlink = and_die(Path.unlink)
            case "bytes":
                Database.erase_deleted = die
            case "note":
                person_deletion.remove_note = die
        person_deletion.delete_person(home, database, person_id, name)
"""


def killed_deletion(folder: Path, person_id: int, name: str, place: str = "files") -> None:
    """Begin to delete a person of a home folder, and be killed."""
    line = [sys.executable, "-c", _PROGRAM, str(folder), str(person_id), name, place]
    done = subprocess.run(line, check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
