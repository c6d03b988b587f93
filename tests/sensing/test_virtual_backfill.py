"""A virtual sensor sends samples again that were lost: what it answers, and what then comes."""

from dataclasses import replace

import numpy as np
import pytest
from firmware_bench import MTU, SESSION, START, FirmwareBench, frames_of, indices
from hypothesis import given
from hypothesis import strategies as st
from virtual_bench import ONE_TO_ONE

from firmware_protocol import (
    AbortFetchAnswer,
    AbortFetchRequest,
    Feature,
    FetchAnswer,
    FetchRequest,
    FrameFlag,
    GetStatusAnswer,
    GetStatusRequest,
    Opcode,
    RefusedAnswer,
    ResumeAnswer,
    ResumeRequest,
    StartAnswer,
    Status,
    StopAnswer,
    StopRequest,
    decode_frame,
)
from firmware_protocol.stream import parse_header

RING = 1000
"""Samples that ten seconds at 100 Hz are."""


def refused(opcode: Opcode, request_id: int, status: Status, oldest: int | None = None) -> RefusedAnswer:
    return RefusedAnswer(opcode, request_id, status, oldest)


def test_a_range_comes_again_in_full_records_with_the_same_samples_and_ticks() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    frames = bench.stream()
    assert bench.ask(FetchRequest(2, 100, 150)) == FetchAnswer(2, 100, 150)
    records = bench.records()
    # 18 samples fit a record at MTU 247: 16 + 18 * 12 + 4 = 236 bytes
    assert [len(record) for record in records] == [236, 236, 16 + 14 * 12 + 4]
    again = frames_of(records)
    assert indices(again) == list(range(100, 150))
    assert [parse_header(frame)[2] for frame in again] == [0, 1, 2]
    sent = np.concatenate([decode_frame(frame, ONE_TO_ONE).accelerometer_m_per_s2 for frame in frames])
    got = np.concatenate([decode_frame(frame, ONE_TO_ONE).accelerometer_m_per_s2 for frame in again])
    np.testing.assert_array_equal(got, sent[100:150])
    ticks = np.concatenate([decode_frame(frame, ONE_TO_ONE).device_ticks for frame in again])
    np.testing.assert_array_equal(ticks, np.arange(100, 150) * 10_000)


def test_records_say_that_they_are_and_frames_of_stream_never_do() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 400))
    frames, records = bench.stream(), bench.records()
    assert not any(frame[1] & FrameFlag.BACKFILL for frame in frames)
    assert all(record[1] & FrameFlag.BACKFILL for record in records)
    # the jump of the first frame is told once: samples sent again do not begin anew
    assert frames[0][1] & FrameFlag.TIME_JUMP
    assert not any(record[1] & FrameFlag.TIME_JUMP for record in records)


@given(first=st.integers(0, 2100), span=st.integers(1, 2100), at_s=st.integers(1, 20))
def test_what_is_answered_is_what_comes(first: int, span: int, at_s: int) -> None:
    bench = FirmwareBench()
    bench.start(at_s=at_s)
    taken, end = 100 * at_s, first + span
    oldest = max(0, taken - RING)
    answer = bench.ask(FetchRequest(2, first, end))
    if end > taken:
        assert answer == refused(Opcode.FETCH, 2, Status.BAD_PARAMETER)
    elif end <= oldest:
        assert answer == refused(Opcode.FETCH, 2, Status.RANGE_GONE, oldest)
    else:
        assert answer == FetchAnswer(2, max(first, oldest), end)
        again = frames_of(bench.records())
        assert indices(again) == list(range(max(first, oldest), end))
    assert bench.records() == []


@pytest.mark.parametrize(("first", "end"), [(100, 100), (100, 99), (0, 501), (500, 501)])
def test_ranges_that_are_none_are_refused(first: int, end: int) -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(FetchRequest(2, first, end)) == refused(Opcode.FETCH, 2, Status.BAD_PARAMETER)


def test_what_was_before_the_beginning_is_gone() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(FetchRequest(2, 2**32 - 1, 0)) == refused(Opcode.FETCH, 2, Status.RANGE_GONE, 0)


def test_one_range_at_a_time_until_its_last_record_has_left() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 18))
    busy = refused(Opcode.FETCH, 3, Status.BUSY)
    assert bench.ask(FetchRequest(3, 0, 18)) == busy
    assert bench.firmware.take_record(MTU) is not None
    assert bench.ask(FetchRequest(3, 0, 18)) == busy
    assert bench.firmware.take_record(MTU) is None
    assert bench.ask(FetchRequest(3, 0, 18)) == FetchAnswer(3, 0, 18)


def test_sending_again_is_called_off() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(AbortFetchRequest(2)) == AbortFetchAnswer(2)
    bench.ask(FetchRequest(3, 0, 400))
    bench.firmware.take_record(MTU)
    assert bench.ask(AbortFetchRequest(4)) == AbortFetchAnswer(4)
    assert bench.records() == []
    assert bench.ask(FetchRequest(5, 0, 400)) == FetchAnswer(5, 0, 400)


def test_a_broken_link_ends_what_was_asked_for() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 400))
    bench.firmware.lose_link()
    assert bench.records() == []


def test_what_is_overwritten_before_it_was_sent_is_left_out() -> None:
    bench = FirmwareBench()
    bench.start(at_s=10.0)
    bench.ask(FetchRequest(2, 0, 100))
    assert indices(frames_of(bench.records()[:1])) == list(range(18))
    bench.ask(FetchRequest(3, 0, 100))
    bench.clock.at_s = 10.5
    again = frames_of(bench.records())
    assert indices(again) == list(range(50, 100))


def test_the_tail_can_be_fetched_after_stop_until_another_session_starts() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.stream()
    stopped = bench.ask(StopRequest(2))
    # 26 whole frames of 19 samples fit into 500
    assert stopped == StopAnswer(2, 26 * 19 - 1)
    bench.clock.at_s = 60.0
    assert bench.ask(FetchRequest(3, 400, 494)) == FetchAnswer(3, 400, 494)
    assert len(indices(frames_of(bench.records()))) == 94
    assert bench.ask(FetchRequest(4, 400, 495)) == refused(Opcode.FETCH, 4, Status.BAD_PARAMETER)
    assert isinstance(bench.ask(replace(START, session=8)), StartAnswer)
    assert bench.ask(FetchRequest(5, 0, 1)) == refused(Opcode.FETCH, 5, Status.BAD_PARAMETER)


def test_what_was_taken_without_a_link_can_be_fetched_after_stop() -> None:
    bench = FirmwareBench()
    bench.start(at_s=2.0)
    bench.stream()
    bench.firmware.lose_link()
    bench.clock.at_s = 5.0
    assert bench.ask(StopRequest(2)) == StopAnswer(2, 499)
    bench.clock.at_s = 60.0
    assert bench.ask(FetchRequest(3, 190, 500)) == FetchAnswer(3, 190, 500)
    assert indices(frames_of(bench.records())) == list(range(190, 500))


def test_another_session_ends_what_was_asked_for() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 400))
    bench.ask(replace(START, session=8))
    assert bench.records() == []


def test_the_same_session_again_does_not_end_it() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    bench.ask(FetchRequest(2, 0, 400))
    bench.ask(START)
    assert len(indices(frames_of(bench.records()))) == 400


def test_resume_sends_all_that_is_lacking_up_to_now() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(ResumeRequest(2, SESSION, 300)) == ResumeAnswer(2, 300)
    assert indices(frames_of(bench.records())) == list(range(300, 500))
    bench.clock.at_s = 15.0
    assert bench.ask(ResumeRequest(3, SESSION, 300)) == ResumeAnswer(3, 500)
    bench.records()
    assert bench.ask(ResumeRequest(4, SESSION, 1500)) == ResumeAnswer(4, 1500)
    assert bench.records() == []


def test_the_stream_goes_on_where_resume_ends() -> None:
    bench = FirmwareBench()
    bench.start(at_s=2.0)
    bench.stream()
    bench.firmware.lose_link()
    bench.clock.at_s = 5.003
    assert bench.ask(ResumeRequest(2, SESSION, 190)) == ResumeAnswer(2, 190)
    bench.clock.at_s = 6.0
    # sample 500 is taken at 5.00 s
    assert indices(frames_of(bench.records())) == list(range(190, 501))
    assert indices(bench.stream())[0] == 501


def test_resume_on_a_link_that_streams_leaves_its_frames_whole() -> None:
    bench = FirmwareBench()
    bench.start(at_s=2.0)
    before = bench.stream()
    assert bench.ask(ResumeRequest(2, SESSION, 0)) == ResumeAnswer(2, 0)
    bench.clock.at_s = 3.0
    samples = indices(before + bench.stream())
    assert samples == list(range(len(samples)))


def test_resume_is_refused_for_another_session_and_for_the_future() -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(ResumeRequest(2, SESSION + 1, 0)) == refused(Opcode.RESUME, 2, Status.WRONG_STATE)
    assert bench.ask(ResumeRequest(3, SESSION, 501)) == refused(Opcode.RESUME, 3, Status.BAD_PARAMETER)
    bench.ask(ResumeRequest(4, SESSION, 0))
    assert bench.ask(ResumeRequest(5, SESSION, 0)) == refused(Opcode.RESUME, 5, Status.BUSY)


@pytest.mark.parametrize("request_", [FetchRequest(2, 0, 1), ResumeRequest(2, SESSION, 0)])
def test_without_a_session_there_is_nothing_to_send_again(
    request_: FetchRequest | ResumeRequest,
) -> None:
    bench = FirmwareBench()
    assert bench.ask(request_) == refused(request_.opcode, 2, Status.WRONG_STATE)


@pytest.mark.parametrize("request_", [FetchRequest(2, 0, 1), ResumeRequest(2, SESSION, 0)])
def test_a_link_too_narrow_for_a_frame_is_too_narrow_for_a_record(
    request_: FetchRequest | ResumeRequest,
) -> None:
    bench = FirmwareBench()
    bench.start(at_s=5.0)
    assert bench.ask(request_, mtu=23) == refused(request_.opcode, 2, Status.MTU_TOO_SMALL)


@pytest.mark.parametrize(
    "request_", [FetchRequest(2, 0, 1), ResumeRequest(2, SESSION, 0), AbortFetchRequest(2)]
)
def test_a_sensor_without_memory_knows_no_such_request(
    request_: FetchRequest | ResumeRequest | AbortFetchRequest,
) -> None:
    bench = FirmwareBench(ring_buffer_s=0.0)
    bench.start(at_s=5.0)
    assert not bench.firmware.capabilities.features & Feature.RESUME_AND_FETCH
    assert bench.ask(request_) == refused(request_.opcode, 2, Status.BAD_OPCODE)


def test_status_tells_the_oldest_sample_that_can_be_fetched() -> None:
    bench = FirmwareBench()
    assert bench.firmware.capabilities.ring_buffer_samples == RING
    bench.start(at_s=5.0)
    status = bench.firmware.status()
    assert (status.oldest_sample_index, status.next_sample_index) == (0, 500)
    bench.clock.at_s = 12.0
    answer = bench.ask(GetStatusRequest(2))
    assert isinstance(answer, GetStatusAnswer)
    assert (answer.oldest_sample_index, answer.next_sample_index) == (200, 1200)
    # the oldest one is there, the one before it is not
    assert bench.ask(FetchRequest(3, 200, 201)) == FetchAnswer(3, 200, 201)
    bench.records()
    assert bench.ask(FetchRequest(4, 199, 200)) == refused(Opcode.FETCH, 4, Status.RANGE_GONE, 200)


def test_a_sensor_without_memory_has_no_oldest_sample() -> None:
    bench = FirmwareBench(ring_buffer_s=0.0)
    bench.start(at_s=5.0)
    status = bench.firmware.status()
    assert status.oldest_sample_index == status.next_sample_index == 500


def test_samples_that_can_still_be_fetched_are_not_lost_in_the_sensor() -> None:
    """Nothing could be sent for 20 s; the last ten of them are in memory."""
    bench = FirmwareBench()
    bench.start(at_s=20.0)
    late = bench.firmware.take_frame(bench.session).payload
    assert parse_header(late)[3] == 2000 - 19
    assert bench.firmware.status().dropped_samples == 1000
    assert late[1] & FrameFlag.OVERFLOW
    wide = FirmwareBench(ring_buffer_s=60.0)
    wide.start(at_s=20.0)
    late = wide.firmware.take_frame(wide.session).payload
    assert parse_header(late)[3] == 2000 - 19
    assert wide.firmware.status().dropped_samples == 0
    assert not late[1] & FrameFlag.OVERFLOW
