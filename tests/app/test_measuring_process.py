"""The process that measures recordings: what it gives and refuses, and what happens when it is killed."""

import asyncio
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.app.recordings import measurer as measuring
from tracker.app.recordings import shelf as shelves
from tracker.app.recordings.measurer import Measurer
from tracker.app.recordings.shelf import Shelf
from tracker.errors import InputError, LossError
from tracker.home import Home
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.looked_courses import SoFar
from tracker.session.looked_through import look_through
from tracker.session.workplace import workplace

RECORDINGS = Path(__file__).parents[2] / "recordings"
SIMULATED = RECORDINGS / "simulated_session.mcap"
REAL = tuple(sorted((RECORDINGS / "spar_band_internal_rotation").glob("*.mcap")))
LONGEST_WAIT_S = 60.0


@pytest.fixture(scope="module")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> AnalysisParameters:
    """The shipped ones."""
    return workplace(Home(tmp_path_factory.mktemp("home"))).analysis


@pytest.fixture(scope="module")
def measurer() -> Iterator[Measurer]:
    """One process for all tests that leave it alive."""
    one = Measurer()
    yield one
    one.close()


def nothing(_: SoFar) -> None:
    """Nobody looks on."""


def test_it_gives_what_is_measured_here(measurer: Measurer, parameters: AnalysisParameters) -> None:
    for path in (SIMULATED, REAL[0]):
        found = measurer.measure(path, parameters, nothing)
        here = look_through(path, parameters)
        assert found.replay == here.replay
        assert found.closings == here.closings
        assert [len(one.time_s) for one in found.courses] == [len(one.time_s) for one in here.courses]


@pytest.mark.parametrize(
    "content",
    [b"", b"a text", b"\x89MCAP0\r\n", b"\x89MCAP0\r\n" + bytes(range(256)) * 40, bytes(100_000)],
    ids=["empty", "text", "magic alone", "magic and noise", "zeros"],
)
def test_what_is_no_recording_is_refused_in_words(
    content: bytes, tmp_path: Path, measurer: Measurer, parameters: AnalysisParameters
) -> None:
    file = tmp_path / "hostile.mcap"
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        measurer.measure(file, parameters, nothing)
    assert refused.value.message
    assert refused.value.advice
    assert measurer.measure(SIMULATED, parameters, nothing).closings, "the process goes on afterwards"


def test_work_that_nobody_wants_any_more_is_given_up(parameters: AnalysisParameters) -> None:
    measurer = Measurer()
    try:
        with pytest.raises(InputError, match="not measured to its end"):
            measurer.measure(SIMULATED, parameters, nothing, lambda: False)
        assert measurer.measure(SIMULATED, parameters, nothing).closings
    finally:
        measurer.close()


def test_a_process_that_was_killed_is_told_and_followed_by_another(parameters: AnalysisParameters) -> None:
    measurer = Measurer()
    try:
        measurer.warm_up()
        process = measurer._process
        assert process is not None
        assert process.pid is not None
        # Stopped, it cannot answer before it is killed; the question wakes who kills it.
        os.kill(process.pid, signal.SIGSTOP)
        asked = threading.Event()

        def kill(pid: int) -> None:
            asked.wait(LONGEST_WAIT_S)
            os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill, args=(process.pid,))
        killer.start()

        def is_wanted() -> bool:
            asked.set()
            return True

        with pytest.raises(LossError, match="ended from outside"):
            measurer.measure(SIMULATED, parameters, nothing, is_wanted)
        killer.join()
        assert measurer.measure(SIMULATED, parameters, nothing).closings
    finally:
        measurer.close()


def test_what_takes_for_ever_is_ended(
    parameters: AnalysisParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "LONGEST_WORK_S", 0.0)
    measurer = Measurer()
    try:
        measurer.warm_up()
        process = measurer._process
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(InputError, match="takes too long"):
            measurer.measure(SIMULATED, parameters, nothing)
        assert measurer._process is None
    finally:
        measurer.close()


def test_what_is_closed_while_its_work_is_given_up_ends(
    parameters: AnalysisParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    measurer = Measurer()
    measurer.warm_up()
    process = measurer._process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    gives_up, closes = threading.Event(), threading.Event()
    refused: list[InputError] = []
    answers = iter([True, False])

    def is_wanted() -> bool:
        wanted = next(answers)
        if not wanted:
            gives_up.set()
            closes.wait(LONGEST_WAIT_S)
        return wanted

    def give_up() -> None:
        with pytest.raises(InputError) as caught:
            measurer.measure(SIMULATED, parameters, nothing, is_wanted)
        refused.append(caught.value)

    worker = threading.Thread(target=give_up)
    end = process.terminate

    def end_late() -> None:
        closes.set()
        # long enough for the other one, where nothing makes it wait for this
        worker.join(1.0)
        end()

    monkeypatch.setattr(process, "terminate", end_late)
    worker.start()
    assert gives_up.wait(LONGEST_WAIT_S)
    measurer.close()
    worker.join(LONGEST_WAIT_S)
    assert [one.message for one in refused] == [f"{SIMULATED} was not measured to its end"]
    assert measurer._process is None


async def test_a_shelf_measures_a_file_once(parameters: AnalysisParameters) -> None:
    shelf = Shelf()
    try:
        one, same = await asyncio.gather(shelf.open(SIMULATED, parameters), shelf.open(SIMULATED, parameters))
        assert one is same
        assert await one.over(LONGEST_WAIT_S)
        assert await shelf.open(SIMULATED, parameters) is one
        assert one.result().closings
        assert await shelf.open(SIMULATED, parameters, analysis_id=5) is not one, "other parameters"
    finally:
        shelf.close()


async def test_a_file_that_changed_is_measured_again(tmp_path: Path, parameters: AnalysisParameters) -> None:
    file = tmp_path / "one.mcap"
    shutil.copy(REAL[0], file)
    shelf = Shelf()
    try:
        first = await shelf.open(file, parameters)
        assert await first.over(LONGEST_WAIT_S)
        shutil.copy(REAL[1], file)
        second = await shelf.open(file, parameters)
        assert await second.over(LONGEST_WAIT_S)
        assert second.result().replay.analysis != first.result().replay.analysis
    finally:
        shelf.close()


async def test_a_refused_file_is_tried_again_when_it_is_opened_again(
    tmp_path: Path, parameters: AnalysisParameters
) -> None:
    file = tmp_path / "wrong.mcap"
    file.write_bytes(b"no recording")
    shelf = Shelf()
    try:
        one = await shelf.open(file, parameters)
        assert await one.over(LONGEST_WAIT_S)
        with pytest.raises(InputError):
            one.result()
        assert await shelf.open(file, parameters) is not one
        with pytest.raises(InputError, match="cannot be opened"):
            await shelf.open(tmp_path / "missing.mcap", parameters)
    finally:
        shelf.close()


async def test_few_recordings_are_kept_those_looked_at_last(
    parameters: AnalysisParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "KEPT", 2)
    shelf = Shelf()
    try:
        first, second = [await shelf.open(path, parameters) for path in REAL[:2]]
        assert await shelf.open(REAL[0], parameters) is first
        await shelf.open(REAL[2], parameters)
        assert not second.wanted
        assert first.wanted
        assert await shelf.open(REAL[1], parameters) is not second
    finally:
        shelf.close()


async def test_the_event_loop_goes_on_while_a_recording_is_measured(parameters: AnalysisParameters) -> None:
    """Turns of the loop are counted, not timed: a call that blocks would leave none."""
    shelf = Shelf()
    try:
        one = await shelf.open(SIMULATED, parameters)
        turns = 0
        while not one.is_over and turns < 100:
            await asyncio.sleep(0)
            turns += 1
        assert turns == 100
    finally:
        shelf.close()
