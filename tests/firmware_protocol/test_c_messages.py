"""Capabilities, Status and control point of the encoder in C against the Python code, byte for byte."""

from dataclasses import replace
from typing import Any

import pytest
from c_messages import (
    ALL_FEATURES,
    NEEDED_FEATURES,
    answer_numbers,
    capability_numbers,
    counts_of,
    expect,
    parsed,
)
from c_targets import Encoder, need_a_target
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import U8, U16, answers, capabilities, requests, statuses
from test_protocol_golden import VECTORS, cases

import firmware_protocol as protocol
from firmware_protocol import AnyAnswer, Capabilities, Opcode, Request, SensorStatus, Status
from firmware_protocol.control_answers import ANSWER_TYPES
from firmware_protocol.control_requests import StartRequest

need_a_target()

SENSOR = Capabilities(
    device_id=bytes(range(8)),
    firmware="hip-imu 1.0",
    tick_rate_hz=1_000_000,
    sample_rates_hz=(100.0, 200.0),
    accelerometer_ranges_g=(8, 16),
    gyroscope_ranges_dps=(1000, 2000),
    accelerometer_range_g=16,
    gyroscope_range_dps=2000,
)
WITHOUT_ARGUMENTS = (Opcode.ABORT_FETCH, Opcode.IDENTIFY, Opcode.SET_PLACEMENT)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS["capabilities"] if vector["exact"]])
def test_golden_capabilities(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    expect(encoder, "capabilities", capability_numbers(protocol.decode_capabilities(data)), data)


@pytest.mark.parametrize("vector", cases("statuses"))
def test_golden_statuses(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    numbers = counts_of(SensorStatus.wire[1:], protocol.decode_status(data))
    expect(encoder, "status", numbers, data)


@pytest.mark.parametrize("vector", cases("answers"))
def test_golden_answers(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    expect(encoder, "answer", answer_numbers(protocol.decode_answer(data)), data)


@pytest.mark.parametrize("vector", [*cases("requests"), *cases("bad_requests")])
def test_golden_requests(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    assert encoder.ask("parse", ALL_FEATURES, len(data), *data) == parsed(data)


@pytest.mark.parametrize("vector", [vector for vector in VECTORS["bad_requests"] if vector["refusal"]])
def test_golden_refusals(encoder: Encoder, vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    status, opcode, request_id = map(int, encoder.ask("parse", ALL_FEATURES, len(data), *data).split())
    expect(encoder, "answer", [opcode, request_id, status], bytes.fromhex(vector["refusal"]))


def of_this_version(value: Capabilities) -> Capabilities:
    """The encoder states one version and its one layout."""
    return replace(value, protocol_minor=protocol.PROTOCOL_MINOR, layouts=(protocol.Layout.SIX_AXIS_INT16,))


@given(value=capabilities().map(of_this_version))
def test_random_capabilities(encoder: Encoder, value: Capabilities) -> None:
    expect(encoder, "capabilities", capability_numbers(value), protocol.encode_capabilities(value))


def test_capabilities_of_512_bytes_go_and_longer_ones_do_not(encoder: Encoder) -> None:
    longest = replace(SENSOR, firmware="x" * 64, sample_rates_hz=(1.0,) * 127)
    left = 512 - len(protocol.encode_capabilities(longest))
    full = replace(longest, accelerometer_ranges_g=(8, 16) + (4,) * left)
    data = protocol.encode_capabilities(full)
    assert len(data) == 512
    expect(encoder, "capabilities", capability_numbers(full), data)
    beyond = replace(full, accelerometer_ranges_g=(*full.accelerometer_ranges_g, 2))
    assert encoder.ask("capabilities", 1000, *capability_numbers(beyond)) == "-"


@pytest.mark.parametrize(
    "change",
    [
        {"firmware": ""},
        {"firmware": "x" * 65},
        {"tick_rate_hz": 0},
        {"sample_rates_hz": ()},
        {"sample_rates_hz": (100.0, 0.0)},
        {"sample_rates_hz": (1.0,) * 128},
        {"accelerometer_ranges_g": ()},
        {"accelerometer_ranges_g": (16, 0)},
        {"accelerometer_ranges_g": (16,) * 256},
        {"gyroscope_ranges_dps": ()},
        {"gyroscope_ranges_dps": (0, 2000)},
        {"gyroscope_ranges_dps": (2000,) * 128},
        {"accelerometer_range_g": 4},
        {"gyroscope_range_dps": 250},
        {"placement": 4},
        {"placement": 255},
    ],
)
def test_capabilities_that_the_protocol_has_not_are_refused(encoder: Encoder, change: dict[str, Any]) -> None:
    assert encoder.ask("capabilities", 600, *capability_numbers(SENSOR)) != "-"
    assert encoder.ask("capabilities", 600, *capability_numbers(unchecked(SENSOR, change))) == "-"


def unchecked(sound: Capabilities, change: dict[str, Any]) -> Capabilities:
    """Capabilities with a change that their constructor would refuse."""
    changed = replace(sound)
    for name, value in change.items():
        object.__setattr__(changed, name, value)
    return changed


@given(value=statuses())
def test_random_statuses(encoder: Encoder, value: SensorStatus) -> None:
    numbers = counts_of(SensorStatus.wire[1:], value)
    expect(encoder, "status", numbers, protocol.encode_status(value))


@pytest.mark.parametrize("state", [4, 5, 255])
def test_a_state_that_the_protocol_has_not_is_refused(encoder: Encoder, state: int) -> None:
    zeros = [0] * 9
    assert encoder.ask("status", 100, 3, *zeros) != "-"
    assert encoder.ask("status", 100, state, *zeros) == "-"
    assert encoder.ask("answer", 100, Opcode.GET_STATUS, 1, Status.OK, 3, *zeros) != "-"
    assert encoder.ask("answer", 100, Opcode.GET_STATUS, 1, Status.OK, state, *zeros) == "-"


@given(value=answers())
def test_random_answers(encoder: Encoder, value: AnyAnswer) -> None:
    expect(encoder, "answer", answer_numbers(value), protocol.encode_answer(value))


def test_a_refusal_has_a_reason_and_the_opcode_of_a_request(encoder: Encoder) -> None:
    for opcode, status in ((2, Status.OK), (2, Status.RANGE_GONE), (0x80, Status.BUSY), (0xFF, Status.BUSY)):
        assert encoder.ask("refuse", 100, opcode, status) == "-"
    assert encoder.ask("refuse", 100, 2, Status.BUSY) == "820005"


def test_range_gone_answers_what_asks_for_samples(encoder: Encoder) -> None:
    for opcode in range(256):
        answered = encoder.ask("answer", 100, opcode, 1, Status.RANGE_GONE, 7)
        asks_for_samples = opcode in (Opcode.RESUME, Opcode.FETCH)
        assert answered == (f"{opcode | 0x80:02x}010807000000" if asks_for_samples else "-")


def test_an_answer_without_arguments_is_for_opcodes_that_have_none(encoder: Encoder) -> None:
    done = {opcode for opcode, kind in ANSWER_TYPES.items() if not kind.wire}
    assert done == set(WITHOUT_ARGUMENTS)
    for opcode in range(256):
        answered = encoder.ask("done", 100, opcode, 9)
        assert answered == (f"{opcode | 0x80:02x}0900" if opcode in done else "-")


@given(value=requests(), features=st.integers(0, U16))
def test_random_requests(encoder: Encoder, value: Request, features: int) -> None:
    data = protocol.encode_request(value)
    assert encoder.ask("parse", features, len(data), *data) == parsed(data, features)


@given(
    value=requests(),
    place=st.integers(0, 20),
    byte=st.integers(0, U8),
    length=st.integers(0, 20),
    features=st.one_of(st.just(ALL_FEATURES), st.integers(0, 0x3F)),
)
def test_requests_changed_and_cut(
    encoder: Encoder, value: Request, place: int, byte: int, length: int, features: int
) -> None:
    changed = bytearray(protocol.encode_request(value))
    changed[place % len(changed)] = byte
    for data in (bytes(changed), bytes(changed[:length]), bytes(changed) + bytes(length)):
        assert encoder.ask("parse", features, len(data), *data) == parsed(data, features)


@given(data=st.binary(max_size=40), features=st.integers(0, U16))
def test_rubbish_is_refused_as_the_python_code_does(encoder: Encoder, data: bytes, features: int) -> None:
    assert encoder.ask("parse", features, len(data), *data) == parsed(data, features)


@pytest.mark.parametrize("opcode", Opcode)
def test_an_opcode_without_its_feature_is_unknown(encoder: Encoder, opcode: Opcode) -> None:
    """The table of the document, which no Python code has."""
    needed = int(NEEDED_FEATURES[opcode])
    answered = encoder.ask("parse", ALL_FEATURES & ~needed, 2, opcode, 1)
    if needed:
        assert answered == f"{int(Status.BAD_OPCODE)} {int(opcode)} 1"
    assert encoder.ask("parse", needed, 2, opcode, 1) != f"{int(Status.BAD_OPCODE)} {int(opcode)} 1"


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({}, True),
        ({"sample_rate_hz": 200.0, "accelerometer_range_g": 8, "gyroscope_range_dps": 1000}, True),
        ({"sample_rate_hz": 100.1}, False),
        ({"accelerometer_range_g": 4}, False),
        ({"gyroscope_range_dps": 500}, False),
        ({"session": 0}, False),
    ],
)
def test_a_start_is_offered_with_what_the_capabilities_have(
    encoder: Encoder, change: dict[str, Any], offered: bool
) -> None:
    start = replace(StartRequest(1, 5, 100.0, 16, 2000), **change)
    numbers = counts_of(StartRequest.wire, start)
    assert encoder.ask("offered", *numbers, *capability_numbers(SENSOR)) == str(int(offered))
    assert encoder.ask("offered", 2, *numbers[1:], *capability_numbers(SENSOR)) == "0"
