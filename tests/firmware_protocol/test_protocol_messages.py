"""Capabilities, control point and status: round trips, limits, what later versions may add."""

import math
from dataclasses import FrozenInstanceError, fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import answers, capabilities, requests, statuses

from firmware_protocol import (
    AnyAnswer,
    Capabilities,
    FrameError,
    IdentifyRequest,
    PingRequest,
    ProtocolError,
    RefusedAnswer,
    Request,
    SensorState,
    SensorStatus,
    StartAnswer,
    StartRequest,
    Status,
    StopRequest,
    StreamScale,
    decode_answer,
    decode_capabilities,
    decode_request,
    decode_status,
    encode_answer,
    encode_capabilities,
    encode_request,
    encode_status,
)
from firmware_protocol.capabilities import MANDATORY_TAGS

SENSOR = Capabilities(
    device_id=bytes(range(8)),
    firmware="test 1.0.0",
    tick_rate_hz=1_000_000,
    sample_rates_hz=(50.0, 100.0),
    accelerometer_ranges_g=(4, 16),
    gyroscope_ranges_dps=(1000, 2000),
    accelerometer_range_g=16,
    gyroscope_range_dps=2000,
)
STATUS = SensorStatus(
    state=SensorState.IDLE, session=0, ticks_now=0, next_sample_index=0, oldest_sample_index=0
)


def entries_of(data: bytes) -> dict[int, bytes]:
    """The characteristic's entries by tag, each with its tag and length."""
    entries, offset = {}, 0
    while offset < len(data):
        end = offset + 2 + data[offset + 1]
        entries[data[offset]] = data[offset:end]
        offset = end
    return entries


@given(value=capabilities())
def test_capabilities_round_trip(value: Capabilities) -> None:
    assert decode_capabilities(encode_capabilities(value)) == value


@given(value=requests())
def test_requests_round_trip(value: Request) -> None:
    assert decode_request(encode_request(value)) == value


@given(value=answers())
def test_answers_round_trip(value: AnyAnswer) -> None:
    assert decode_answer(encode_answer(value)) == value


@given(value=statuses())
def test_status_round_trip(value: SensorStatus) -> None:
    assert decode_status(encode_status(value)) == value


@given(value=capabilities(), order=st.randoms(use_true_random=False), extra=st.binary(max_size=20))
def test_entries_in_any_order_with_unknown_ones_mean_the_same(
    value: Capabilities, order: Random, extra: bytes
) -> None:
    entries = [*entries_of(encode_capabilities(value)).values(), bytes((0xF0, len(extra))) + extra]
    order.shuffle(entries)
    assert decode_capabilities(b"".join(entries)) == value


@pytest.mark.parametrize("tag", MANDATORY_TAGS)
def test_a_missing_mandatory_entry_is_named(tag: int) -> None:
    entries = entries_of(encode_capabilities(SENSOR))
    del entries[tag]
    with pytest.raises(FrameError, match="mandatory") as caught:
        decode_capabilities(b"".join(entries.values()))
    assert caught.value.field == MANDATORY_TAGS[MANDATORY_TAGS.index(tag)].name.lower()


@given(value=capabilities())
def test_capabilities_cut_within_an_entry_are_refused(value: Capabilities) -> None:
    data = encode_capabilities(value)
    for length in range(len(data)):
        try:
            shorter = decode_capabilities(data[:length])
        except ProtocolError:
            continue
        # Without its optional entries at the end the rest is still whole.
        assert replace(shorter, **_optional(value)) == value


def _optional(value: Capabilities) -> dict[str, Any]:
    names = ("ring_buffer_samples", "layouts", "features", "placement")
    return {name: getattr(value, name) for name in names}


@pytest.mark.parametrize(
    "change",
    [
        {"device_id": b"short"},
        {"firmware": ""},
        {"firmware": "x" * 65},
        {"tick_rate_hz": 0},
        {"sample_rates_hz": ()},
        {"sample_rates_hz": (0.0,)},
        {"accelerometer_ranges_g": ()},
        {"gyroscope_ranges_dps": (0, 2000)},
        {"accelerometer_range_g": 8},
        {"gyroscope_range_dps": 250},
        {"layouts": ()},
        {"protocol_major": 2},
    ],
)
def test_capabilities_that_make_no_sense_cannot_be_made(change: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError) as caught:
        replace(SENSOR, **change)
    assert caught.value.advice


@pytest.mark.parametrize(
    "change",
    [
        {"sample_rates_hz": (33.333,)},
        {"sample_rates_hz": (6553.6,)},
        {"sample_rates_hz": (math.inf,)},
        {"tick_rate_hz": 1 << 32},
        {"sample_rates_hz": tuple(float(rate) for rate in range(1, 129))},
        {"layouts": (1,) * 255, "accelerometer_ranges_g": (16,) * 255},
    ],
)
def test_capabilities_that_do_not_fit_the_wire_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        encode_capabilities(replace(SENSOR, **change))


def test_scale_is_that_of_the_ranges_in_force() -> None:
    assert SENSOR.scale == StreamScale.from_ranges(16, 2000)
    assert replace(SENSOR, accelerometer_range_g=4).scale == StreamScale.from_ranges(4, 2000)


@pytest.mark.parametrize(
    "request_made",
    [
        StopRequest(256),
        StopRequest(-1),
        IdentifyRequest(0, 256),
        PingRequest(0, 1 << 64),
        StartRequest(0, 1, 100.05, 16, 2000),
        StartRequest(0, 1, math.nan, 16, 2000),
        StartRequest(0, 1, -1.0, 16, 2000),
        StartRequest(0, 1 << 32, 100.0, 16, 2000),
        StartRequest(0, 1, 100.0, 16, 2000, layout=None),  # type: ignore[arg-type]
    ],
)
def test_requests_that_do_not_fit_the_wire_are_refused(request_made: Request) -> None:
    with pytest.raises(ProtocolError) as caught:
        encode_request(request_made)
    assert caught.value.advice


@pytest.mark.parametrize(
    "answer",
    [
        RefusedAnswer(2, 0, Status.OK),
        RefusedAnswer(0x80, 0, Status.BUSY),
        RefusedAnswer(2, 0, 256),
        RefusedAnswer(2, 0, Status.BUSY, oldest_sample_index=5),
        RefusedAnswer(2, 0, Status.RANGE_GONE),
        StartAnswer(0, 1, 0, 100.0005),
    ],
)
def test_answers_that_make_no_sense_are_refused(answer: AnyAnswer) -> None:
    with pytest.raises(ProtocolError):
        encode_answer(answer)


@pytest.mark.parametrize(
    "change", [{"battery_percent": 255}, {"temperature_deg_c": -327.68}, {"temperature_deg_c": 400.0}]
)
def test_a_value_that_would_read_as_unknown_or_as_another_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        encode_status(replace(STATUS, **change))


@given(value=requests())
def test_a_request_of_another_length_is_refused(value: Request) -> None:
    data = encode_request(value)
    for wrong in [*(data[:length] for length in range(len(data))), data + b"\x00"]:
        with pytest.raises(FrameError) as caught:
            decode_request(wrong)
        assert caught.value.field == "length"


@given(value=answers(), more=st.binary(min_size=1, max_size=8))
def test_a_longer_answer_of_a_later_version_is_understood(value: AnyAnswer, more: bytes) -> None:
    assert decode_answer(encode_answer(value) + more) == value


@given(value=answers())
def test_a_cut_answer_is_refused(value: AnyAnswer) -> None:
    data = encode_answer(value)
    for length in range(len(data)):
        with pytest.raises(FrameError):
            decode_answer(data[:length])


@given(value=statuses(), more=st.binary(min_size=1, max_size=8))
def test_a_longer_status_of_a_later_version_is_understood(value: SensorStatus, more: bytes) -> None:
    data = encode_status(value)
    assert decode_status(data + more) == value
    for length in range(len(data)):
        with pytest.raises(FrameError):
            decode_status(data[:length])


def test_messages_do_not_change() -> None:
    for message in (SENSOR, STATUS, StopRequest(1), RefusedAnswer(1, 2, Status.BUSY)):
        for field in fields(message):
            with pytest.raises(FrozenInstanceError):
                setattr(message, field.name, 5)
