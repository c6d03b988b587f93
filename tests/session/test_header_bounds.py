"""Headers that say what no person and no sensor is: refused with the wrong key, never measured with."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from frame_bench import PARAMETERS
from hypothesis import given
from hypothesis import strategies as st
from pipeline_bench import MOTION
from test_personal import CALIBRATIONS, PERSON, check_refusal, recording_with

from tracker.errors import InputError
from tracker.model import AccelerometerCalibration
from tracker.motion.frames.alignment import Alignment, turn_between_rad
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.uncertainty import RestCircumstances, rest_uncertainty
from tracker.session.personal import (
    calibrations_from_json,
    calibrations_to_json,
    personal_from_json,
    personal_to_json,
)
from tracker.session.replay import replay

Place = tuple[str | int, ...]

LEFT_LEG: Place = ("person", "repeatability", "left")
[SENSOR_ID] = CALIBRATIONS
SENSOR: Place = ("sensors", SENSOR_ID)
NUMBERS = (0, -0.0, -1, -1e-3, 1e308, -1e308, 1e-320, 10**30, 10**400, 7.5)
ODD: tuple[object, ...] = (*NUMBERS, True, False, "1", "", None, [], {}, [1])
"""What may stand where a number, a text or a list belongs."""


def with_value(text: str, place: Place, value: object) -> str:
    """A JSON text with another value at a place."""
    whole = json.loads(text)
    inner: Any = whole
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return json.dumps(whole)


def places_of(value: object, above: Place = ()) -> list[Place]:
    """Where values stand in a JSON value, those within others too."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [place for key, one in inner for place in [(*above, key), *places_of(one, (*above, key))]]


PERSON_TEXT, SENSORS_TEXT = personal_to_json(PERSON), calibrations_to_json(CALIBRATIONS)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*LEFT_LEG, "donning_dof"), 0),
        ((*LEFT_LEG, "reference_dof"), -6.0),
        ((*LEFT_LEG, "reference_dof"), 1e-300),
        ((*LEFT_LEG, "donning_dof"), 1e308),
        ((*LEFT_LEG, "donning_sd_rad"), -0.05),
        ((*LEFT_LEG, "reference_sd_rad"), 1e308),
        ((*LEFT_LEG, "reference_sd_rad"), "0.05"),
        ((*LEFT_LEG, "reference_sd_rad"), True),
        (("person", "ranges", 0, "rom_rad"), 0.0),
        (("person", "ranges", 0, "rom_rad"), -0.5),
        (("person", "ranges", 0, "rom_rad"), 7.0),
        (("person", "ranges", 0, "shown"), -1),
        (("person", "ranges", 0, "shown"), 10**30),
        (("person", "ranges", 0, "shown"), True),
        (("person", "ranges", 0, "exercise"), 5),
        (("person", "fronts", "right_thigh"), [0, 0, 0]),
        (("person", "fronts", "right_thigh"), [1e308, 0, 0]),
        (("person", "fronts", "right_thigh"), [1, 1, 0]),
    ],
)
def test_what_no_person_is_gives_an_error_that_names_it(place: Place, value: object) -> None:
    with pytest.raises(InputError) as caught:
        personal_from_json(with_value(PERSON_TEXT, place, value))
    check_refusal(caught.value, ".".join(map(str, place)))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*SENSOR, "scale"), [1, -1, 1]),
        ((*SENSOR, "scale"), [1, 1, 0]),
        ((*SENSOR, "scale"), [1e308, 1, 1]),
        ((*SENSOR, "scale"), [1, True, 1]),
        ((*SENSOR, "offset_m_per_s2"), [0, 1e308, 0]),
        ((*SENSOR, "offset_m_per_s2"), ["0", 0, 0]),
        ((*SENSOR, "residual_m_per_s2"), -0.1),
        ((*SENSOR, "calibrated_on"), "yesterday"),
        ((*SENSOR, "calibrated_on"), "20261101"),
        ((*SENSOR, "sensor_id"), "another"),
    ],
)
def test_what_no_sensor_is_gives_an_error_that_names_it(place: Place, value: object) -> None:
    with pytest.raises(InputError) as caught:
        calibrations_from_json(with_value(SENSORS_TEXT, place, value))
    check_refusal(caught.value, ".".join(map(str, place)))


@pytest.mark.parametrize("text", ["[]", "null", "5", '"person"', "true", "[{}]"])
def test_what_is_no_object_at_all_is_refused(text: str) -> None:
    for read, key in ((personal_from_json, "person"), (calibrations_from_json, "sensors")):
        with pytest.raises(InputError) as caught:
            read(text)
        check_refusal(caught.value, key)


def test_what_is_at_the_bounds_is_read() -> None:
    text = with_value(PERSON_TEXT, ("person", "ranges", 0, "rom_rad"), math.radians(360.0))
    text = with_value(text, (*LEFT_LEG, "donning_sd_rad"), 0)
    text = with_value(text, (*LEFT_LEG, "donning_dof"), 1e12)
    person = personal_from_json(text)
    assert person.ranges[0].rom_rad == 2.0 * math.pi
    check_person(person)


def check_person(person: PersonalRecord) -> None:
    """Everything that is made of a personal record is a number."""
    seen = RestCircumstances(0.99, 0.01, 0.001, 0.001, calibrated=False, pelvis_calibrated=True)
    for known in person.repeatability.values():
        assert math.isfinite(rest_uncertainty(seen, MOTION.rest_test, known).half_width_rad)
    for one in person.ranges:
        assert 0.0 < one.rom_rad < 7.0
    for front in person.fronts.values():
        turned = turn_between_rad(
            Alignment(front=np.array(front)), Alignment(front=np.array([0.6, 0.0, 0.8]))
        )
        assert turned is not None
        assert math.isfinite(turned)


def check_calibration(one: AccelerometerCalibration) -> None:
    """A reading of 1 g keeps its sign and stays within what an accelerometer shows."""
    for raw in (9.81, 0.0, -9.81):
        force = (np.array([raw] * 3) - np.array(one.offset_m_per_s2)) * np.array(one.scale)
        assert np.abs(force).max() < 50.0
    assert min(one.scale) > 0.0


@given(st.sampled_from(places_of(json.loads(PERSON_TEXT))), st.sampled_from(ODD) | st.floats())
def test_any_odd_value_in_a_record_is_harmless_or_refused(place: Place, value: object) -> None:
    try:
        found = personal_from_json(with_value(PERSON_TEXT, place, value))
    except InputError as error:
        check_refusal(error, "person")
    else:
        check_person(found)


@given(st.sampled_from(places_of(json.loads(SENSORS_TEXT))), st.sampled_from(ODD) | st.floats())
def test_any_odd_value_in_a_calibration_is_harmless_or_refused(place: Place, value: object) -> None:
    try:
        found = calibrations_from_json(with_value(SENSORS_TEXT, place, value))
    except InputError as error:
        check_refusal(error, "sensors")
    else:
        for one in found.values():
            check_calibration(one)


@given(st.text(max_size=300))
def test_a_key_of_any_length_and_letters_is_named_within_one_line(sensor_id: str) -> None:
    with pytest.raises(InputError) as caught:
        calibrations_from_json(json.dumps({"sensors": {sensor_id: {}}}))
    check_refusal(caught.value, "sensors")


def test_such_a_recording_is_refused_as_a_whole(tmp_path: Path) -> None:
    odd = {
        "settings_json": with_value(PERSON_TEXT, (*LEFT_LEG, "donning_dof"), 0),
        "calibration_json": with_value(SENSORS_TEXT, (*SENSOR, "scale"), [1, -1, 1]),
    }
    for name, text in odd.items():
        path = recording_with(tmp_path / f"{name}.mcap", **{name: text})
        with pytest.raises(InputError) as caught:
            replay(path, PARAMETERS)
        check_refusal(caught.value, "header")
