"""MetaMotion's commands and answers: golden vectors, and what is refused."""

import contextlib
import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import FrameError, ProtocolError
from firmware_protocol.makers.metamotion_registers import (
    ACCELEROMETER_CHIPS,
    ACCELEROMETER_RANGES_G,
    GYROSCOPE_RANGES_DPS,
    SAMPLE_RATES_HZ,
    Answer,
    Battery,
    Chip,
    Module,
    ModuleInfo,
    battery_read,
    blink_commands,
    config_command,
    config_read,
    decode_answer,
    decode_battery,
    decode_info,
    info_read,
    is_samples,
    start_commands,
    stop_commands,
)

GOLDEN: dict[str, Any] = json.loads(
    resources.files("firmware_protocol.makers").joinpath("golden/metamotion.json").read_text(encoding="utf-8")
)


def cases(group: str, name: str = "name") -> list[Any]:
    return [pytest.param(vector, id=f"{vector[name]}{vector.get('chip', '')}") for vector in GOLDEN[group]]


@pytest.mark.parametrize("vector", cases("config_commands"))
def test_golden_config_commands(vector: dict[str, Any]) -> None:
    command = config_command(
        Chip(vector["chip"]), Module[vector["module"]], float(vector["rate_hz"]), float(vector["range"])
    )
    assert command.hex() == vector["hex"]


@pytest.mark.parametrize("chip", Chip)
def test_every_rate_and_range_that_is_offered_has_a_command_of_its_own(chip: Chip) -> None:
    choices = [(Module.ACCELEROMETER, range_g) for range_g in ACCELEROMETER_RANGES_G]
    choices += [(Module.GYROSCOPE, range_dps) for range_dps in GYROSCOPE_RANGES_DPS]
    commands = {
        config_command(chip, module, rate_hz, measured)
        for module, measured in choices
        for rate_hz in SAMPLE_RATES_HZ
    }
    assert len(commands) == len(choices) * len(SAMPLE_RATES_HZ)


@pytest.mark.parametrize(("rate_hz", "measured"), [(60.0, 4.0), (100.0, 3.0), (100.0, 2000.0)])
def test_what_the_chip_does_not_have_is_refused(rate_hz: float, measured: float) -> None:
    with pytest.raises(ProtocolError, match="BMI270 has no"):
        config_command(Chip.BMI270, Module.ACCELEROMETER, rate_hz, measured)


@pytest.mark.parametrize("vector", cases("start_commands", "chip"))
def test_golden_start(vector: dict[str, Any]) -> None:
    assert [command.hex() for command in start_commands(Chip(vector["chip"]))] == vector["hex"]


@pytest.mark.parametrize("vector", cases("stop_commands", "chip"))
def test_golden_stop(vector: dict[str, Any]) -> None:
    assert [command.hex() for command in stop_commands(Chip(vector["chip"]))] == vector["hex"]


def test_golden_blink() -> None:
    vector = GOLDEN["blink"]
    assert [command.hex() for command in blink_commands(vector["duration_s"])] == vector["hex"]


def test_blinking_is_of_the_length_that_a_byte_carries() -> None:
    assert blink_commands(0)[1][-1] == 1
    # 255 would blink for ever
    assert blink_commands(3600)[1][-1] == 254


def test_golden_battery() -> None:
    vector = GOLDEN["battery"]
    assert battery_read().hex() == vector["read"]
    answer = decode_answer(bytes.fromhex(vector["hex"]))
    assert answer == Answer(Module.SETTINGS, 0x0C, bytes.fromhex("633410"))
    assert decode_battery(answer) == Battery(vector["percent"], vector["voltage_mv"])


@pytest.mark.parametrize("data", [b"", b"\x63", b"\x63\x34", b"\x65\x34\x10"])
def test_a_battery_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode_battery(Answer(Module.SETTINGS, 0x0C, data))


@pytest.mark.parametrize("vector", cases("infos"))
def test_golden_infos(vector: dict[str, Any]) -> None:
    module = Module(int(vector["read"][:2], 16))
    assert info_read(module).hex() == vector["read"]
    answer = decode_answer(bytes.fromhex(vector["hex"]))
    assert answer is not None
    assert (answer.module, answer.register) == (module, 0)
    assert decode_info(answer) == ModuleInfo(vector["chip_number"], vector["revision"])


def test_chips_are_known_by_the_accelerometers_number() -> None:
    assert ACCELEROMETER_CHIPS == {1: Chip.BMI160, 4: Chip.BMI270}


def test_answers_are_told_from_samples() -> None:
    assert decode_answer(bytes.fromhex("0304" + "00" * 6)) is None
    assert is_samples(bytes.fromhex("0304" + "00" * 6))
    assert config_read(Module.GYROSCOPE).hex() == "1383"
    assert decode_answer(bytes.fromhex("13832801")) == Answer(0x13, 3, bytes((0x28, 1)))
    assert not is_samples(bytes.fromhex("13832801"))


@given(data=st.binary(max_size=24))
def test_any_bytes_are_an_answer_or_samples_or_neither(data: bytes) -> None:
    answer = decode_answer(data)
    assert not (answer is not None and is_samples(data))
    if answer is not None:
        decode_info(answer)
        with contextlib.suppress(FrameError):
            decode_battery(answer)
