"""Several processes on one database: first opening at once, writing at once, killed while writing."""

import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import pytest
from postgres_server import new_database
from sqlalchemy import text
from store_samples import analysis, begin

from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.database import open_database
from tracker.store.dialects import use_write_ahead_log
from tracker.store.persons import find_person
from tracker.store.recorder import Recorder
from tracker.store.sessions import list_sessions, mark_interrupted, read_session
from tracker.store.values import SessionState

PRELUDE = f"""
import os, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from sqlalchemy import text
from store_samples import analysis, begin
from tracker.store.analyses import save_analysis
from tracker.store.database import open_database
location = sys.argv[1]
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "home" / "tracker.db") if request.param == "sqlite" else new_database()


def start(program: str, location: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(program), location]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_for(process: subprocess.Popen[str], word: str) -> str:
    """The rest of the line that begins with `word`."""
    if process.stdout is None:
        raise ValueError("no output to read")
    line = process.stdout.readline()
    assert line.startswith(word), line
    return line.removeprefix(word).strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def together(program: str, location: str, count: int) -> None:
    """Run the program in several processes that all begin at the same instant."""
    with ExitStack() as running:
        waiting = f"print('ready', flush=True); input()\n{program}"
        processes = [running.enter_context(start(waiting, location)) for _ in range(count)]
        for process in processes:
            wait_for(process, "ready")
        for process in processes:
            if process.stdin is not None:
                process.stdin.write("go\n")
                process.stdin.flush()
        for process in processes:
            output, _ = process.communicate(timeout=60)
            assert process.returncode == 0, output


def test_a_first_opening_by_several_at_once(location: str) -> None:
    together("open_database(location).close()", location, 4)
    with open_database(location) as database, database.write() as connection:
        save_analysis(connection, begin(connection), analysis())


def test_the_switch_to_the_write_ahead_log_by_several_at_once(tmp_path: Path) -> None:
    """SQLite gives up at once here now and then, whatever its busy timeout: about one in thirty."""
    count, rounds = 6, 40
    together_now = Barrier(count)

    def switch(path: Path) -> None:
        together_now.wait(timeout=10)
        use_write_ahead_log(path, 5.0)

    with ThreadPoolExecutor(count) as pool:
        for number in range(rounds):
            list(pool.map(switch, [tmp_path / f"{number}.db"] * count))


def test_writers_at_once_wait_for_each_other(location: str) -> None:
    open_database(location).close()
    program = """
with open_database(location) as database:
    for _ in range(10):
        with database.write() as connection:
            save_analysis(connection, begin(connection), analysis())
"""
    together(program, location, 3)
    with open_database(location) as database, database.read() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            for table in ("person", "session", "exercise_set", "repetition")
        ]
    assert counts == [1, 30, 60, 450]


def test_a_second_opening_in_the_same_process_keeps_the_first_one_s_lock(tmp_path: Path) -> None:
    """Closing any handle of a file drops all locks of the process on it: so it must not be opened aside."""
    path = tmp_path / "tracker.db"
    writes = """
    from tracker.errors import DatabaseError
    with open_database(location, busy_timeout_s=0.05) as database:
        try:
            with database.write() as connection:
                begin(connection)
        except DatabaseError:
            print("locked", flush=True)
        else:
            print("written", flush=True)
    """
    with open_database(path) as first, first.read() as connection:
        connection.execute(text("SELECT count(*) FROM session"))
        open_database(path).close()
        with first.write(), start(writes, str(path)) as process:
            wait_for(process, "locked")
            process.communicate(timeout=60)


def test_one_analysis_stays_current_when_two_are_stored_at_once(location: str) -> None:
    with open_database(location) as database:
        with database.write() as connection:
            session_id = begin(connection)

        def store_second() -> None:
            with database.write() as other:
                save_analysis(other, session_id, analysis(version="second"))

        with ThreadPoolExecutor(1) as pool:
            with database.write() as connection:
                save_analysis(connection, session_id, analysis(version="first"))
                second = pool.submit(store_second)
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.3)
            second.result(timeout=10)
        with database.read() as connection:
            stored = read_analysis(connection, session_id)
            count = connection.execute(text("SELECT count(*) FROM analysis")).scalar()
    assert stored is not None
    assert (stored.analysis.version, count) == ("second", 2)


def test_a_writer_killed_in_the_middle_leaves_nothing_half_written(location: str) -> None:
    with open_database(location) as database, database.write() as connection:
        kept = begin(connection)
        save_analysis(connection, kept, analysis())
    process = start(
        """
        with open_database(location) as database, database.write() as connection:
            save_analysis(connection, begin(connection), analysis())
            print("written", flush=True)
            time.sleep(60)
        """,
        location,
    )
    wait_for(process, "written")
    kill(process)
    with open_database(location) as database:
        with database.read() as connection:
            person = find_person(connection)
            assert person is not None
            assert [one.session_id for one in list_sessions(connection, person.person_id)] == [kept]
            repetitions = connection.execute(text("SELECT count(*) FROM repetition")).scalar()
        with database.write() as connection:
            save_analysis(connection, begin(connection), analysis())
    assert repetitions == 15


def test_a_migration_killed_in_the_middle_is_done_again(location: str) -> None:
    process = start(
        """
        from tracker.store import database as module
        migrate = module.upgrade
        def slow(connection, name, **options):
            migrate(connection, name, **options)
            print("migrated", flush=True)
            time.sleep(60)
        module.upgrade = slow
        open_database(location)
        """,
        location,
    )
    wait_for(process, "migrated")
    kill(process)
    with open_database(location) as database, database.write() as connection:
        save_analysis(connection, begin(connection), analysis())


def test_a_session_whose_recorder_was_killed_is_shown_as_interrupted(location: str) -> None:
    process = start(
        """
        with open_database(location) as database:
            with database.write() as connection:
                session_id = begin(connection)
            print("began", session_id, flush=True)
            time.sleep(60)
        """,
        location,
    )
    session_id = int(wait_for(process, "began"))
    with open_database(location) as database:
        with database.write() as connection:
            assert read_session(connection, session_id).state is SessionState.RECORDING
            assert mark_interrupted(connection) == ()
        kill(process)
        with database.write() as connection:
            assert read_session(connection, session_id).state is SessionState.INTERRUPTED
            assert mark_interrupted(connection) == (session_id,)
            assert read_session(connection, session_id).state is SessionState.INTERRUPTED


def test_a_recorder_knows_itself_and_its_words() -> None:
    me = Recorder.current()
    assert me.is_alive()
    assert Recorder.from_text(me.text) == me
    for words in ("", "{}", "[1]", "not JSON", '{"host": "a", "pid": "x", "birth": ""}'):
        with pytest.raises(ValueError, match=r"."):
            Recorder.from_text(words)


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    me = Recorder.current()
    assert Recorder(me.host, me.pid, "another boot:1").is_alive() is False
    assert Recorder("another machine", me.pid, me.birth).is_alive() is None


def test_where_the_system_does_not_tell_a_process_s_birth_its_number_must_do() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        other = Recorder(Recorder.current().host, process.pid, "")
        assert other.is_alive() is True
    assert other.is_alive() is False
