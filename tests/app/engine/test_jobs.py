"""Long work of pages: one of a kind, told as it goes, stopped when wanted, let go when it is old."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from data_homes import ENDS_S, over

from tracker.app.engine.jobs import Job, JobBoard, JobKind, JobLine, JobState
from tracker.errors import UsageError


@dataclass(slots=True)
class Held:
    """A result with something to let go."""

    let_go: list[bool] = field(default_factory=list)

    def discard(self) -> None:
        self.let_go.append(True)


@pytest.fixture
async def board() -> AsyncIterator[JobBoard]:
    board = JobBoard()
    yield board
    await board.close()


async def test_every_page_is_told_how_far_it_is_and_what_came_out(board: JobBoard) -> None:
    seen: list[Job | None] = []
    board.watch(lambda job, _kind: seen.append(job))

    def work(line: JobLine) -> str:
        line.say("counting")
        for number in range(1, 5):
            line.progress(number / 4)
        return "four"

    board.start(JobKind.EXPORT, work)
    done = await over(board, JobKind.EXPORT)
    assert (done.state, done.result, done.share, done.text) == (JobState.DONE, "four", 1.0, "counting")
    shares = [job.share for job in seen if job is not None and job.share is not None]
    assert shares == sorted(shares)
    assert 0.25 in shares


async def test_finer_steps_than_can_be_seen_are_not_told(board: JobBoard) -> None:
    told: list[float | None] = []
    board.watch(lambda job, _kind: told.append(None if job is None else job.share))

    def work(line: JobLine) -> None:
        for number in range(10_000):
            line.progress(number / 10_000)

    board.start(JobKind.EXPORT, work)
    await over(board, JobKind.EXPORT)
    assert len(told) < 200


async def test_a_second_one_of_its_kind_is_refused_and_others_are_not(board: JobBoard) -> None:
    go_on = threading.Event()
    board.start(JobKind.BACKUP, lambda _line: go_on.wait(ENDS_S))
    with pytest.raises(UsageError, match="being done already"):
        board.start(JobKind.BACKUP, lambda _line: None)
    board.start(JobKind.EXPORT, lambda _line: None)
    await over(board, JobKind.EXPORT)
    go_on.set()
    assert (await over(board, JobKind.BACKUP)).result is True


@pytest.mark.parametrize("alone", [JobKind.RESTORE, JobKind.IMPORT])
async def test_nothing_works_on_data_that_are_replaced(board: JobBoard, alone: JobKind) -> None:
    go_on = threading.Event()
    board.start(alone, lambda _line: go_on.wait(ENDS_S))
    with pytest.raises(UsageError, match="something else"):
        board.start(JobKind.EXPORT, lambda _line: None)
    go_on.set()
    await over(board, alone)
    go_on.clear()
    board.start(JobKind.EXPORT, lambda _line: go_on.wait(ENDS_S))
    with pytest.raises(UsageError, match="something else"):
        board.start(alone, lambda _line: None)
    go_on.set()


async def test_there_is_one_radio(board: JobBoard) -> None:
    async def listen(_line: JobLine) -> None:
        await asyncio.sleep(ENDS_S)

    board.start_async(JobKind.SCAN, listen)
    with pytest.raises(UsageError, match="being done already"):
        board.start_async(JobKind.RADIO, listen)
    board.cancel(JobKind.SCAN)
    assert (await over(board, JobKind.SCAN)).state is JobState.CANCELLED


async def test_work_in_a_thread_ends_at_its_next_word_and_cleans_up(board: JobBoard) -> None:
    begun, cleaned = threading.Event(), threading.Event()

    def work(line: JobLine) -> None:
        try:
            while True:
                begun.set()
                line.progress(0.5)
        finally:
            cleaned.set()

    board.start(JobKind.EXPORT, work)
    await asyncio.to_thread(begun.wait, ENDS_S)
    board.cancel(JobKind.EXPORT)
    assert (await over(board, JobKind.EXPORT)).state is JobState.CANCELLED
    assert cleaned.is_set()


async def test_what_is_cancelled_before_its_first_step_is_over_too(board: JobBoard) -> None:
    async def never(_line: JobLine) -> None:
        raise AssertionError("it was cancelled")

    board.start_async(JobKind.SCAN, never)
    board.cancel(JobKind.SCAN)
    assert (await over(board, JobKind.SCAN)).state is JobState.CANCELLED


async def test_an_error_is_told_in_words_and_a_fault_as_one(board: JobBoard) -> None:
    def refuse(_line: JobLine) -> None:
        raise UsageError("there is no session", advice="Record one.")

    def fail(_line: JobLine) -> None:
        raise ZeroDivisionError

    board.start(JobKind.EXPORT, refuse)
    refused = await over(board, JobKind.EXPORT)
    assert refused.state is JobState.FAILED
    assert refused.failure is not None
    assert (refused.failure.message, refused.failure.advice) == ("there is no session", "Record one.")
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: faults.append(context["exception"])
    )
    board.start(JobKind.BACKUP, fail)
    failed = await over(board, JobKind.BACKUP)
    assert failed.failure is not None
    assert "mistake" in failed.failure.message
    assert isinstance(faults[0], ZeroDivisionError)


async def test_a_result_is_let_go_when_it_is_dismissed_replaced_or_the_program_ends(board: JobBoard) -> None:
    first, second, third = Held(), Held(), Held()
    board.start(JobKind.EXPORT, lambda _line: first)
    await over(board, JobKind.EXPORT)
    board.start(JobKind.EXPORT, lambda _line: second)
    assert first.let_go
    await over(board, JobKind.EXPORT)
    board.dismiss(JobKind.EXPORT)
    assert second.let_go
    assert board.job(JobKind.EXPORT) is None
    board.start(JobKind.EXPORT, lambda _line: third)
    await over(board, JobKind.EXPORT)
    await board.close()
    assert third.let_go
    assert board.jobs == ()


async def test_work_takes_none_of_the_threads_that_a_session_writes_in(board: JobBoard) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    begun, go_on = asyncio.Event(), threading.Event()

    def work(_line: JobLine) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(ENDS_S)

    board.start(JobKind.BACKUP, work)
    await begun.wait()
    async with asyncio.timeout(ENDS_S):
        assert await asyncio.to_thread(lambda: not go_on.is_set())
    go_on.set()
    await over(board, JobKind.BACKUP)


async def test_work_that_stands_still_does_not_hold_up_the_loop(board: JobBoard) -> None:
    go_on = threading.Event()
    board.start(JobKind.EXPORT, lambda _line: go_on.wait(ENDS_S))
    turns = 0
    for _ in range(50):
        await asyncio.sleep(0)
        turns += 1
    job = board.job(JobKind.EXPORT)
    assert turns == 50
    assert job is not None
    assert job.is_running
    go_on.set()
    await over(board, JobKind.EXPORT)
