"""Full disks and killed processes, real ones: nothing half is left at any place that counts."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_samples import all_rows, files_below, fill_home, no_progress

from tracker.errors import StorageError
from tracker.home import Home
from tracker.report.exchange.everything.reading import import_everything
from tracker.report.exchange.everything.writing import export_everything
from tracker.store.database import open_database

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]

EXPORTER = """
    import os, resource, signal, sys
    from pathlib import Path
    from exchange_samples import everything_of_me, no_progress
    from tracker.errors import StorageError
    from tracker.home import Home
    from tracker.report.exchange.everything.writing import export_everything
    from tracker.report.exchange.formats import Format, exporter_of
    from tracker.report.exchange.staging import staged
    from tracker.store.database import open_database

    folder, out, form, limit_bytes, end = sys.argv[1:]
    home = Home(Path(folder))

    def progress(share):
        if end == "kill" and share > 0.2:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_database(home.database) as database:
        selection = everything_of_me(database, home)
        if int(limit_bytes):
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit_bytes), int(limit_bytes)))
        try:
            with staged(Path(out)) as made:
                if form == "everything":
                    export_everything(database, home, made, progress)
                else:
                    exporter_of(Format(form))(database, selection, made, progress)
        except StorageError as error:
            print(error.message)
"""

IMPORTER = """
    import os, signal, sys
    from pathlib import Path
    from tracker.home import Home
    from tracker.report.exchange.everything.reading import import_everything

    archive, folder, when = sys.argv[1:]
    renamed = 0

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def progress(share):
        if when == "checking" and share > 0.2 or when == "unpacking" and share > 0.7:
            die()

    def hook(event, arguments):
        global renamed
        if event == "os.rename" and ".importing-" in str(arguments[0]):
            renamed += 1
            if when == "placing" and renamed == 3:
                die()

    sys.addaudithook(hook)
    import_everything(Path(archive), Home(Path(folder)), progress)
    print("done")
"""


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A script in a Python process of its own."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "store", Path(__file__).parent)))
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("faults") / "home")
    home.create()
    with open_database(home.database) as database:
        fill_home(home, database)
    return home


@pytest.fixture(scope="module")
def archive(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "all.zip"
    with open_database(home.database) as database:
        export_everything(database, home, path, no_progress)
    return path


@pytest.mark.parametrize("form", ["csv", "parquet", "everything"])
@pytest.mark.parametrize("limit_bytes", [1, 2_000])
def test_where_no_more_can_be_written_nothing_is_left(
    home: Home, tmp_path: Path, form: str, limit_bytes: int
) -> None:
    done = run(EXPORTER, home.folder, tmp_path / "out", form, str(limit_bytes), "")
    assert "no larger file is allowed" in done.stdout, done.stderr
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB; skips the test where none may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no program to mount a disk")
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("form", ["csv", "parquet", "everything"])
def test_a_full_disk_leaves_nothing(home: Home, small_disk: Path, form: str) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(bytes(240 << 10))
    done = run(EXPORTER, home.folder, small_disk / "out", form, "0", "")
    assert "the disk is full" in done.stdout, done.stderr
    assert list(small_disk.iterdir()) == [filler]


def test_an_import_onto_a_full_disk_leaves_an_empty_home(archive: Path, small_disk: Path) -> None:
    # Room for what the archive says, but not for a database beside it.
    with pytest.raises(Exception, match="full") as raised:
        import_everything(archive, Home(small_disk / "home"), no_progress)
    assert type(raised.value).__module__ == "tracker.errors"
    left = [name for name in files_below(small_disk) if "tracker.db" not in name]
    assert left == []


@pytest.mark.parametrize("form", ["csv", "parquet", "everything"])
def test_a_killed_export_leaves_nothing_at_its_name_and_can_be_done_again(
    home: Home, tmp_path: Path, form: str
) -> None:
    killed = run(EXPORTER, home.folder, tmp_path / "out", form, "0", "kill")
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    # What it had begun lies in a folder of its own that only its owner can enter.
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o700]
    assert run(EXPORTER, home.folder, tmp_path / "out", form, "0", "").returncode == 0
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("when", ["checking", "unpacking", "placing"])
def test_an_import_that_was_killed_can_be_done_again(
    archive: Path, home: Home, tmp_path: Path, when: str
) -> None:
    new = Home(tmp_path / "new")
    killed = run(IMPORTER, archive, new.folder, when)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if new.folder.exists():
        with open_database(new.database) as database:
            assert not any(all_rows(database).values())
    assert run(IMPORTER, archive, new.folder, "never").stdout == "done\n"
    with open_database(new.database) as imported, open_database(home.database) as original:
        assert all_rows(imported) == all_rows(original)
    own = {name for name in files_below(home.folder) if "tracker.db" not in name}
    assert {name for name in files_below(new.folder) if "tracker.db" not in name} == own
    assert not list(new.folder.glob(".importing-*"))


def test_an_import_that_cannot_place_its_files_takes_them_back(archive: Path, tmp_path: Path) -> None:
    new = Home(tmp_path / "new")
    new.create()
    # A folder stands where a recording is to go.
    (new.recordings / "2-0.mcap").mkdir()
    with pytest.raises(StorageError):
        import_everything(archive, new, no_progress)
    assert [name for name in files_below(new.folder) if "tracker.db" not in name] == []
    with open_database(new.database) as database:
        assert not any(all_rows(database).values())


def test_two_imports_at_once_leave_one(archive: Path, home: Home, tmp_path: Path) -> None:
    new = Home(tmp_path / "new")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "store", Path(__file__).parent)))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(IMPORTER), str(archive), str(new.folder), "never"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=60) for process in started]
    assert sorted(out for out, _ in outputs) == ["", "done\n"], outputs
    refused = next(error for out, error in outputs if not out)
    assert "is not empty" in refused
    with open_database(new.database) as imported, open_database(home.database) as original:
        assert all_rows(imported) == all_rows(original)
