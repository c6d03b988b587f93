"""Recordings are analysed again: resumed after a kill, by several processes, and with files that fail."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from reanalysis_homes import FIRST, OLD_VERSION, OldHome, old_home, older, parameters, present
from sqlalchemy import text

from tracker.errors import LossError, UsageError
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.reanalysis import Due, Reanalysed, due_sessions, reanalyse
from tracker.session.reanalysis_recipe import PresentRecipe
from tracker.session.version import ANALYSIS_VERSION
from tracker.store.analyses import analyses_of, read_analysis, read_earlier_analysis
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.database import Database
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import get_or_create_person
from tracker.store.revisions import Field
from tracker.store.sessions import begin_session, read_session

ALIVE_S = 60.0


def due(place: OldHome, with_parameters: AnalysisParameters | None = None) -> Due:
    with place.database() as database, database.read() as connection:
        return due_sessions(connection, place.home, with_parameters or parameters())


def run(
    place: OldHome, *, jobs: int = 1, store: bool = True, only: Sequence[int] | None = None
) -> list[Reanalysed]:
    """Analyse again what is due, in the order of the sessions."""
    wanted = [one for one in due(place).sessions if only is None or one.session_id in only]
    with place.database() as database:
        found = list(reanalyse(database, wanted, parameters(), jobs=jobs, store=store))
    return sorted(found, key=lambda one: one.session_id)


def check_present(place: OldHome, numbers: Sequence[int]) -> None:
    """Every session's current analysis is what the present program makes of its recording."""
    with place.database() as database, database.read() as connection:
        for session_id, number in enumerate(numbers, 1):
            stored = read_analysis(connection, session_id)
            assert stored is not None
            expected = present(number)
            assert stored.analysis.version == ANALYSIS_VERSION
            assert stored.analysis.parameters == expected.parameters
            assert stored.analysis.sets[0].valid_reps == expected.sets[0].valid_reps == 2
            for one, other in zip(stored.analysis.rest_tests, expected.rest_tests, strict=True):
                # the store keeps degrees
                assert one.hip_rotation_rad == pytest.approx(other.hip_rotation_rad, rel=1e-14)


def analyses(place: OldHome, session_id: int) -> list[tuple[str, bool]]:
    with place.database() as database, database.read() as connection:
        return [(one.version, one.is_current) for one in analyses_of(connection, session_id)]


def test_every_recording_is_analysed_again_and_the_older_analysis_stays(tmp_path: Path) -> None:
    place = old_home(tmp_path)
    found = run(place)
    assert [one.session_id for one in found] == [1, 2, 3]
    for number, one in enumerate(found):
        assert one.after == present(number)
        assert one.before is not None
        assert one.before.version == OLD_VERSION
        assert analyses(place, one.session_id) == [(OLD_VERSION, False), (ANALYSIS_VERSION, True)]
    check_present(place, (0, 1, 2))
    with place.database() as database, database.read() as connection:
        first = analyses_of(connection, 1)[0]
        kept = read_earlier_analysis(connection, 1, first.analysis_id).analysis
    assert [one.valid_reps for one in kept.sets] == [one.valid_reps for one in older(present(0)).sets]


def test_what_is_up_to_date_is_left_out(tmp_path: Path) -> None:
    place = old_home(tmp_path)
    run(place, only=[2])
    left = due(place)
    assert ([one.session_id for one in left.sessions], left.up_to_date) == ([1, 3], (2,))
    run(place)
    assert due(place) == Due((), (1, 2, 3), ())
    assert run(place) == []


def test_other_parameters_are_a_reason_to_analyse_again_where_they_were_used() -> None:
    now = parameters()
    made = present(0)
    used = made.sets[0].exercise
    unused = next(name for name in now.exercises if name != used)

    def with_exercise(name: str) -> AnalysisParameters:
        rule = replace(now.exercises[name].rule, valid=0.123)
        changed = replace(now.exercises[name], rule=rule)
        return replace(now, exercises={**now.exercises, name: changed})

    others = (
        replace(now, motion=replace(now.motion, rest_test=replace(now.motion.rest_test, donning_sd_rad=0.1))),
        replace(now, backfill=replace(now.backfill, longest_s=1.0)),
        with_exercise(used),
        replace(now, exercises={name: one for name, one in now.exercises.items() if name != used}),
    )
    assert PresentRecipe(now).made(made.version, made.parameters)
    assert PresentRecipe(with_exercise(unused)).made(made.version, made.parameters)
    for other in others:
        assert not PresentRecipe(other).made(made.version, made.parameters)
    for version, stored in ((OLD_VERSION, made.parameters), (None, None), (made.version, "no JSON")):
        assert not PresentRecipe(now).made(version, stored)


def test_a_look_ahead_stores_nothing(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0,))
    [found] = run(place, store=False)
    assert (found.after, analyses(place, 1)) == (present(0), [(OLD_VERSION, True)])
    assert [one.session_id for one in due(place).sessions] == [1]


def test_corrections_hold_for_the_new_analysis(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0,))
    side = present(0).sets[0].side
    with place.database() as database, database.write() as connection:
        edit_session(connection, 1, [FieldEdit(Field.VALID_REPS, "7", 1, side)], reason="seen")
    run(place)
    others = sum(one.valid_reps for one in present(0).sets[1:])
    with place.database() as database, database.read() as connection:
        assert read_session(connection, 1).valid_reps == 7 + others


@pytest.mark.slow
def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    numbers = (0, 1, 2, 3, 4)
    one, two = old_home(tmp_path / "one", numbers), old_home(tmp_path / "two", numbers)
    assert [(a.session_id, a.before, a.after) for a in run(one)] == [
        (b.session_id, b.before, b.after) for b in run(two, jobs=2)
    ]
    check_present(two, numbers)
    assert not multiprocessing.active_children()


def test_files_that_fail_are_named_and_keep_their_analysis(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0, 1, 2, 3, 4))
    missing, cut, damaged, other, _ = place.files
    missing.unlink()
    content = cut.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    content = damaged.read_bytes()
    middle = len(content) // 2
    damaged.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
    other.write_text("not a recording")
    found = run(place)
    assert [one.refused != "" for one in found] == [True, True, True, True, False]
    for one, word in zip(found[:4], ("does not exist", "is cut", "is damaged", str(other)), strict=True):
        assert word in one.refused
        assert one.after is None
        assert analyses(place, one.session_id) == [(OLD_VERSION, True)]
    assert found[4].after == present(4)
    # they are due still, and nothing else is
    assert [one.session_id for one in due(place).sessions] == [1, 2, 3, 4]


def test_sessions_without_a_finished_recording_are_left_alone(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0, 1))
    with place.database() as database, database.write() as connection:
        person = get_or_create_person(connection, time_zone="UTC")
        recording = begin_session(
            connection,
            person_id=person.person_id,
            started_at=FIRST + timedelta(days=9),
            time_zone="UTC",
            recording_path="recordings/now.mcap",
        )
        by_hand = add_session_by_hand(
            connection,
            person_id=person.person_id,
            started_at=FIRST,
            time_zone="UTC",
            minutes=9.0,
            done=[ManualSet("bridge", None, 1, 9)],
        )
        delete_session(connection, 1, reason="not me")
    found = due(place)
    assert ([one.session_id for one in found.sessions], found.being_recorded) == ([2], (recording,))
    with place.database() as database, database.read() as connection:
        for session_id, word in ((1, "was deleted"), (by_hand, "by hand"), (99, "no session 99")):
            with pytest.raises(UsageError, match=word):
                due_sessions(connection, place.home, parameters(), sessions=[session_id])


def test_two_at_once_store_each_session_once(tmp_path: Path) -> None:
    numbers = (0, 1, 2, 3)
    place = old_home(tmp_path, numbers)
    wanted = due(place).sessions

    def whole() -> list[Reanalysed]:
        with place.database() as database:
            return list(reanalyse(database, wanted, parameters(), jobs=1))

    with ThreadPoolExecutor(2) as pool:
        found = [one for each in (pool.submit(whole), pool.submit(whole)) for one in each.result(60)]
    stored = sorted(one.session_id for one in found if one.after is not None)
    assert stored == [1, 2, 3, 4]
    assert not any(one.refused for one in found)
    for session_id in stored:
        assert analyses(place, session_id) == [(OLD_VERSION, False), (ANALYSIS_VERSION, True)]
    check_present(place, numbers)


@pytest.mark.slow
def test_what_another_one_stored_while_this_one_measured_stays(tmp_path: Path) -> None:
    """All are handed out to be measured when the first result comes; then another one is faster."""
    place = old_home(tmp_path, (0, 1, 2))
    with place.database() as database, closing(_work(place, database)) as work:
        mine = next(work).session_id
        others = {1, 2, 3} - {mine}
        assert {one.session_id for one in run(place)} == others
        assert {(one.session_id, one.after) for one in work} == {(other, None) for other in others}
    for session_id in (1, 2, 3):
        assert analyses(place, session_id) == [(OLD_VERSION, False), (ANALYSIS_VERSION, True)]


def _work(place: OldHome, database: Database) -> Generator[Reanalysed, None, None]:
    return reanalyse(database, due(place).sessions, parameters(), jobs=2)


@pytest.mark.slow
def test_a_measuring_process_that_is_killed_is_told_and_what_is_done_is_kept(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0, 1, 2, 0, 1, 2, 0, 1))
    with place.database() as database:
        work = reanalyse(database, due(place).sessions, parameters(), jobs=2)
        done = [next(work).session_id]
        for child in multiprocessing.active_children():
            child.kill()
        with pytest.raises(LossError, match="ended from outside"):
            # One by one: what came before the error counts.
            for one in work:
                done.append(one.session_id)  # noqa: PERF401
    left = {one.session_id for one in due(place).sessions}
    assert left == set(range(1, 9)) - set(done)
    assert left
    assert not multiprocessing.active_children()


PROGRAM = f"""
import signal
import sys
from pathlib import Path
# as in a terminal, also where the tests themselves run in the background of a shell, which ignores it
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {str(Path(__file__).parent)!r})
from reanalysis_homes import parameters
from tracker.home import Home
from tracker.session.reanalysis import due_sessions, reanalyse
from tracker.store.database import open_database

if __name__ == "__main__":
    home = Home(Path(sys.argv[1]))
    with open_database(home.database) as database:
        with database.read() as connection:
            due = due_sessions(connection, home, parameters()).sessions
        for one in reanalyse(database, due, parameters(), jobs=2):
            print("stored", one.session_id, flush=True)
            input()
"""


def begun(folder: Path, place: OldHome) -> "subprocess.Popen[str]":
    """A run in a process of its own that waits after its first result."""
    program = folder / "run.py"
    program.write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(program), str(place.home.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if process.stdout is None:
        raise ValueError("no output to read")
    assert process.stdout.readline().startswith("stored")
    return process


def children(pid: int) -> list[int]:
    """Handles of the measuring processes, which tell when they have ended."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [os.pidfd_open(int(one)) for one in listed]


def all_ended(handles: Sequence[int]) -> bool:
    """Wait until every process has ended."""
    ended = [bool(select.select([one], [], [], ALIVE_S)[0]) for one in handles]
    for one in handles:
        os.close(one)
    return all(ended)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to see other processes end")
@pytest.mark.parametrize("killed_by", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on_where_it_stopped(tmp_path: Path, killed_by: signal.Signals) -> None:
    numbers = (0, 1, 2, 0, 1, 2)
    place = old_home(tmp_path / "home", numbers)
    with begun(tmp_path, place) as process:
        handles = children(process.pid)
        if killed_by is signal.SIGINT:
            # as Ctrl-C does: every process of the terminal gets it
            os.killpg(process.pid, killed_by)
        else:
            process.kill()
        _, said = process.communicate(timeout=ALIVE_S)
    assert len(handles) >= 2
    assert all_ended(handles)
    # only the first process speaks of it
    assert said.count("KeyboardInterrupt") == (killed_by is signal.SIGINT), said
    left = due(place)
    assert len(left.up_to_date) >= 1
    assert len(left.sessions) >= 1
    with place.database() as database, database.read() as connection:
        count = connection.execute(text("SELECT count(*) FROM analysis")).scalar()
    assert count == len(numbers) + len(left.up_to_date)
    assert {one.session_id for one in run(place)} == {one.session_id for one in left.sessions}
    check_present(place, numbers)
