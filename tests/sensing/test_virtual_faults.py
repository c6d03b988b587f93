"""How a virtual sensor misbehaves, without a radio."""

import numpy as np
import pytest
from firmware_bench import MTU, SESSION, START, FirmwareBench, frames_of, indices
from hypothesis import given
from hypothesis import strategies as st
from virtual_bench import ONE_TO_ONE

from firmware_protocol import (
    AbortFetchRequest,
    Feature,
    FetchRequest,
    FrameFlag,
    GetStatusRequest,
    IdentifyRequest,
    Opcode,
    PingAnswer,
    PingRequest,
    PowerFlag,
    RefusedAnswer,
    Request,
    ResumeRequest,
    SensorState,
    StartAnswer,
    StartRequest,
    Status,
    StopAnswer,
    StopRequest,
    decode_frame,
)
from tracker.sensing.virtual.faults import FaultScript, RateChange
from tracker.sensing.virtual.feed import TickClock
from tracker.sensing.virtual.firmware import Firmware

REQUESTS: list[Request] = [
    GetStatusRequest(9),
    StopRequest(9),
    PingRequest(9, 5),
    ResumeRequest(9, SESSION, 0),
    FetchRequest(9, 0, 1),
    AbortFetchRequest(9),
    IdentifyRequest(9, 1),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.opcode.name)
def test_any_request_can_be_refused(request_: Request) -> None:
    bench = FirmwareBench(FaultScript(refuses={request_.opcode: Status.STORAGE_FAILURE}))
    bench.start(at_s=1.0)
    expected = RefusedAnswer(request_.opcode, 9, Status.STORAGE_FAILURE)
    assert bench.ask(request_) == expected
    # nothing of what was asked for is done
    assert bench.firmware.status().state is SensorState.STREAMING
    assert bench.records() == []


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.opcode.name)
def test_any_request_can_be_left_without_an_answer(request_: Request) -> None:
    bench = FirmwareBench(FaultScript(mute=frozenset({request_.opcode})))
    bench.start(at_s=1.0)
    answer = bench.ask(request_)
    assert answer is not None
    assert bench.firmware.as_sent(answer) is None
    started = bench.ask(START)
    assert started is not None
    assert bench.firmware.as_sent(started) == started


def test_stop_without_an_answer_stops_all_the_same() -> None:
    bench = FirmwareBench(FaultScript(mute=frozenset({Opcode.STOP})))
    bench.start(at_s=1.0)
    assert isinstance(bench.ask(StopRequest(2)), StopAnswer)
    assert bench.firmware.status().state is SensorState.IDLE


@given(request_id=st.integers(0, 255))
def test_answers_can_have_the_id_of_another_request(request_id: int) -> None:
    bench = FirmwareBench(FaultScript(wrong_ids=frozenset({Opcode.PING})))
    answer = bench.ask(PingRequest(request_id, 5))
    assert isinstance(answer, PingAnswer)
    sent = bench.firmware.as_sent(answer)
    assert sent is not None
    assert sent.request_id != request_id
    assert 0 <= sent.request_id <= 255


@pytest.mark.parametrize("status", [Status.OK, Status.RANGE_GONE])
def test_a_request_is_not_refused_with_what_is_no_refusal(status: Status) -> None:
    with pytest.raises(ValueError, match="PING"):
        FaultScript(refuses={Opcode.PING: status})


def test_a_feature_can_be_claimed_that_is_not_there() -> None:
    bench = FirmwareBench(FaultScript(claims=Feature.RESUME_AND_FETCH), ring_buffer_s=0.0)
    assert bench.firmware.capabilities.features & Feature.RESUME_AND_FETCH
    bench.start(at_s=1.0)
    assert bench.ask(FetchRequest(2, 0, 1)) == RefusedAnswer(Opcode.FETCH, 2, Status.BAD_OPCODE)


def test_a_rate_can_be_claimed_that_is_refused() -> None:
    bench = FirmwareBench(FaultScript(claims_rates_hz=(400.0,)))
    assert bench.firmware.capabilities.sample_rates_hz == (100.0, 400.0)
    start = StartRequest(2, SESSION, 400.0, 4, 1000)
    assert bench.ask(start) == RefusedAnswer(Opcode.START, 2, Status.BAD_PARAMETER)


def test_start_needs_the_smallest_mtu_that_carries_seven_samples() -> None:
    assert FirmwareBench().ask(START, mtu=102) == RefusedAnswer(Opcode.START, 1, Status.MTU_TOO_SMALL)
    bench = FirmwareBench()
    assert isinstance(bench.ask(START, mtu=103), StartAnswer)
    bench.clock.at_s = 1.0
    assert [len(frame) for frame in bench.stream()] == [16 + 7 * 12] * 14


def test_a_battery_falls_evenly_to_nothing() -> None:
    bench = FirmwareBench(FaultScript(battery_empty_at_s=100.0), battery_percent=80)
    bench.start()
    told = []
    for at_s in (0.0, 25.0, 50.0, 95.0, 100.0, 200.0):
        bench.clock.at_s = at_s
        status = bench.firmware.status()
        told.append((status.battery_percent, bool(status.power & PowerFlag.BATTERY_LOW)))
    assert told == [(80, False), (60, False), (40, False), (4, True), (0, True), (0, True)]


@pytest.mark.parametrize("drift_ppm", [-100.0, 0.0, 100.0])
def test_a_clock_that_drifts_takes_more_or_fewer_samples_in_true_time(drift_ppm: float) -> None:
    bench = FirmwareBench(clock=TickClock(drift_ppm=drift_ppm))
    bench.start(at_s=1000.0)
    status = bench.firmware.status()
    # 100 ppm of 100,000 samples are 10 of them; by its own ticks each takes 10 ms
    assert status.next_sample_index == pytest.approx(100_000 + drift_ppm / 10, abs=1)
    assert status.ticks_now == pytest.approx(1e9 * (1 + drift_ppm * 1e-6), abs=2)


def test_a_rate_that_changes_in_mid_stream_shows_in_ticks_and_interval() -> None:
    """100 Hz for 2 s, then 50 Hz: 200 samples, then 50 a second."""
    bench = FirmwareBench(FaultScript(rate_change=RateChange(2.0, 50.0)), ring_buffer_s=60.0)
    bench.start(at_s=6.0)
    blocks = [decode_frame(frame, ONE_TO_ONE) for frame in bench.stream()]
    assert bench.firmware.status().next_sample_index == 200 + 200
    ticks = np.concatenate([block.device_ticks for block in blocks])
    assert set(np.diff(ticks[:200])) == {10_000}
    assert set(np.diff(ticks[200:])) == {20_000}
    assert {block.interval_ticks for block in blocks} == {10_000, 20_000}
    # a frame states one interval: none has samples of both
    assert 200 in [block.first_sample_index for block in blocks]
    bench.ask(FetchRequest(2, 190, 210))
    again = [decode_frame(frame, ONE_TO_ONE) for frame in frames_of(bench.records())]
    assert [block.first_sample_index for block in again] == [190, 200]
    np.testing.assert_array_equal(np.concatenate([block.device_ticks for block in again]), ticks[190:210])


def test_frames_after_a_change_of_rate_are_complete_when_their_last_sample_is() -> None:
    bench = FirmwareBench(FaultScript(rate_change=RateChange(2.0, 50.0)))
    bench.start()
    due_s = []
    for _ in range(13):
        due_s.append(bench.firmware.next_frame_at_s(bench.session))
        bench.clock.at_s = due_s[-1]
        bench.firmware.take_frame(bench.session)
    # ten frames of 19, one of 10 up to sample 199 at 1.99 s, then 19 samples of 20 ms from 2 s on
    assert due_s[9:] == pytest.approx([1.89, 1.99, 2.0 + 18 * 0.02, 2.0 + 37 * 0.02], abs=1e-9)


def test_silence_holds_for_records_too() -> None:
    bench = FirmwareBench(FaultScript(silent_s=((1.0, 2.0),)))
    bench.start(at_s=1.5)
    bench.ask(FetchRequest(2, 0, 36))
    first = bench.firmware.take_record(MTU)
    bench.clock.at_s = 2.0
    second = bench.firmware.take_record(MTU)
    assert first is not None
    assert second is not None
    assert (first.copies, second.copies) == (0, 1)


def test_a_sensor_that_was_switched_off_and_on_knows_nothing_of_before() -> None:
    before, after = FirmwareBench(), FirmwareBench()
    before.start(at_s=5.0)
    before.stream()
    again = Firmware(after.settings, after.feed, before.clock, restarts=1)
    status = again.status()
    assert (status.restarts, status.session, status.ticks_now) == (1, 0, 0)
    after.firmware, after.clock = again, before.clock
    assert after.ask(FetchRequest(2, 0, 1)) == RefusedAnswer(Opcode.FETCH, 2, Status.WRONG_STATE)
    after.start(at_s=6.0)
    frame = after.stream()[0]
    assert frame[1] & FrameFlag.TIME_JUMP
    assert indices([frame])[0] == 0
    # sampled from 5 s of the motion on, when its ticks were 0
    assert decode_frame(frame, ONE_TO_ONE).device_ticks[0] == 0
