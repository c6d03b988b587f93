"""What a session takes over from the earlier ones, as the recording keeps it."""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from tracker.errors import InputError
from tracker.model import AccelerometerCalibration
from tracker.motion.person import PersonalRecord

_PERSON = "person"
_SENSORS = "sensors"

Value = TypeVar("Value")


def personal_to_json(person: PersonalRecord) -> str:
    """The record as the JSON object that a recording's settings hold; angles in radians, as the keys say."""
    return _dump(_PERSON, TypeAdapter(PersonalRecord).dump_python(person, mode="json"))


def personal_from_json(text: str) -> PersonalRecord:
    """The record that a recording's settings hold; an empty one where they hold none.

    Raises:
        InputError: it is of another form.
    """
    return _load(text, _PERSON, TypeAdapter(PersonalRecord))


def calibrations_to_json(calibrations: Mapping[str, AccelerometerCalibration]) -> str:
    """Calibrations by sensor id as the JSON object that a recording keeps."""
    adapter = TypeAdapter(dict[str, AccelerometerCalibration])
    return _dump(_SENSORS, adapter.dump_python(dict(calibrations), mode="json"))


def calibrations_from_json(text: str) -> dict[str, AccelerometerCalibration]:
    """Calibrations by sensor id that a recording keeps.

    Raises:
        InputError: they are of another form.
    """
    return _load(text, _SENSORS, TypeAdapter(dict[str, AccelerometerCalibration]))


def _dump(key: str, value: object) -> str:
    return json.dumps({key: value}, sort_keys=True, allow_nan=False)


def _load(text: str, key: str, adapter: TypeAdapter[Value]) -> Value:
    try:
        whole: dict[str, Any] = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        return adapter.validate_python(whole.get(key, {}))
    except (ValidationError, ValueError, RecursionError) as error:
        raise InputError(
            f"the recording's header cannot be read: {key} is of another form",
            advice="It was written by another version of this program; update the program.",
            key=key,
        ) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number
