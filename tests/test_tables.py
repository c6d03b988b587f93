"""From tables that people write to parameters: units, and errors that name file and key."""

import math
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SettingsError
from tracker.model import Posture, ReferenceRecipe
from tracker.motion.exercise import CountingRule, FormLimits, HoldRule, PairRule, PoseGate, SelfFoundAxis
from tracker.motion.parameters import (
    AlignmentParameters,
    OrientationParameters,
    RangeErrorParameters,
    RestTestParameters,
    StillnessParameters,
)
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.sensing.parameters import Encryption, LinkParameters
from tracker.session.guide import GuideParameters
from tracker.tables import key_of, parameters_from, parse_toml

ALL_PARAMETERS: list[type[Any]] = [
    AlignmentParameters,
    ClockParameters,
    CountingRule,
    GuideParameters,
    LinkParameters,
    OrientationParameters,
    PoseGate,
    RestTestParameters,
    SelfFoundAxis,
    StillnessParameters,
    RangeErrorParameters,
    FormLimits,
    HoldRule,
    PairRule,
]


WORDS: dict[tuple[type[Any], str], tuple[object, object]] = {
    (LinkParameters, "encrypt"): ("always", Encryption.ALWAYS),
    (AlignmentParameters, "reference_recipe"): ("foot_block", ReferenceRecipe.FOOT_BLOCK),
    (AlignmentParameters, "housing_arrow"): ("-z", "-z"),
    (PoseGate, "postures"): (["prone", "seated"], (Posture.PRONE, Posture.SEATED)),
    (FormLimits, "strict"): (["pelvis_turn"], ("pelvis_turn",)),
}
"""Parameters that are words: how they are written, and what becomes of them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Parameters of all kinds.

    Attributes:
        share: between 0 and 1, neither included.
    """

    tilt_rad: float = 0.5
    turn_rad_per_s: float = 1.0
    wait_s: float = 2.0
    count: int = 3
    share: float = field(default=0.5, metadata={"above": 0.0, "below": 1.0})


def read(table: dict[str, object]) -> Sample:
    """A table of a file."""
    return parameters_from(Sample, table, "sample", "mine.toml")


def refusal(table: dict[str, object]) -> SettingsError:
    """The error that a table gives."""
    with pytest.raises(SettingsError) as caught:
        read(table)
    assert caught.value.message.startswith("mine.toml: ")
    assert caught.value.data["source"] == "mine.toml"
    assert "\n" not in caught.value.message + caught.value.advice
    return caught.value


def test_people_write_degrees_and_code_reads_radians() -> None:
    found = read({"tilt_deg": 90, "turn_deg_per_s": 180.0, "wait_s": 1, "count": 4})
    assert found == Sample(math.pi / 2, math.pi, 1.0, 4)


def test_what_is_not_written_keeps_its_default_to_the_last_bit() -> None:
    for kind in ALL_PARAMETERS:
        assert parameters_from(kind, {}, "a", "b") == kind()


@given(st.floats(0.0, 1e6))
def test_any_angle_is_converted_once(angle_deg: float) -> None:
    assert read({"tilt_deg": angle_deg}).tilt_rad == math.radians(angle_deg)


@pytest.mark.parametrize(
    ("name", "key"),
    [("a_rad", "a_deg"), ("a_rad_per_s", "a_deg_per_s"), ("a_s", "a_s"), ("radius", "radius")],
)
def test_keys_carry_their_unit(name: str, key: str) -> None:
    assert key_of(name) == key


@pytest.mark.parametrize("key", ["tilt_rad", "tilt", "turn_rad_per_s", "TILT_DEG", "anything"])
def test_an_unknown_key_is_named_with_its_file(key: str) -> None:
    error = refusal({key: 1.0})
    assert error.message == f"mine.toml: there is no setting sample.{key}"
    assert f"sample.{key}" in error.advice


@pytest.mark.parametrize("key", ["tilt_deg", "wait_s", "count"])
@pytest.mark.parametrize(
    "value", ["5", "wide", True, None, [1.0], {}, float("nan"), float("inf"), -float("inf"), -1]
)
def test_a_wrong_value_is_named_with_its_file(key: str, value: object) -> None:
    error = refusal({"share": 0.25, key: value})
    assert error.message.startswith(f"mine.toml: sample.{key}: ")
    assert error.data["key"] == f"sample.{key}"


@pytest.mark.parametrize(
    ("value", "good"), [(0, False), (1e-9, True), (0.999, True), (1, False), (2.0, False)]
)
def test_a_field_may_set_limits(value: float, good: bool) -> None:
    if good:
        assert read({"share": value}).share == value
    else:
        assert "sample.share" in refusal({"share": value}).message


def test_whole_numbers_stay_whole() -> None:
    assert refusal({"count": 2.5}).data["key"] == "sample.count"


@pytest.mark.parametrize("kind", ALL_PARAMETERS, ids=lambda kind: kind.__name__)
def test_every_parameter_can_be_set_by_its_key(kind: type[Any]) -> None:
    assert is_dataclass(kind)
    for one in fields(kind):
        default = getattr(kind(), one.name)
        in_degrees = key_of(one.name) != one.name
        if (kind, one.name) in WORDS:
            written, more = WORDS[kind, one.name]
        elif isinstance(default, bool):
            # A number, which other values of this test are, is no yes or no.
            written = more = not default
        else:
            more = default + 1 if isinstance(default, int) else 1.1 * (default or 0.5)
            written, more = math.degrees(more) if in_degrees else more, pytest.approx(more)
        changed = parameters_from(kind, {key_of(one.name): written}, "a", "b")
        assert getattr(changed, one.name) == more, one.name


@pytest.mark.parametrize("kind_and_name", WORDS, ids=lambda one: one[1])
@pytest.mark.parametrize("value", ["nonsense", ["nonsense"], 3, True])
def test_a_word_that_is_none_of_those_known_is_refused(
    kind_and_name: tuple[type[Any], str], value: object
) -> None:
    kind, name = kind_and_name
    with pytest.raises(SettingsError) as caught:
        parameters_from(kind, {name: value}, "table", "mine.toml")
    assert f"table.{name}" in caught.value.message


def test_a_signed_number_may_be_negative() -> None:
    gate = parameters_from(PoseGate, {"minimum_elevation_deg": -90.0}, "gate", "mine.toml")
    assert gate.lowest_elevation_rad == pytest.approx(-math.pi / 2)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (OrientationParameters, "tau_accelerometer_s"),
        (StillnessParameters, "epoch_s"),
        (CountingRule, "prominence"),
        (CountingRule, "reference_rom_deg"),
        (SelfFoundAxis, "minimum_range_deg"),
        (ClockParameters, "slew"),
    ],
)
def test_a_zero_that_would_stop_the_program_or_count_noise_is_refused(kind: type[Any], key: str) -> None:
    """The orientation filter would end the process at a time constant of zero."""
    with pytest.raises(SettingsError) as caught:
        parameters_from(kind, {key: 0}, "table", "mine.toml")
    assert f"table.{key}" in caught.value.message


def test_text_that_is_no_toml_is_refused_with_file_and_line() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_toml("[a]\nb = = 3\n", "mine.toml")
    assert "mine.toml" in caught.value.message
    assert "line 2" in caught.value.message


def test_only_dataclasses_have_tables() -> None:
    with pytest.raises(TypeError, match="no dataclass"):
        parameters_from(int, {}, "a", "b")
