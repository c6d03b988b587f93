"""What a session takes over from the earlier ones, as the recording keeps it."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from tracker.errors import InputError
from tracker.model import AccelerometerCalibration
from tracker.motion.person import PersonalRecord
from tracker.session.header_bounds import Fault, calibration_faults, person_faults

_PERSON = "person"
_SENSORS = "sensors"
_SHOWN_KEY_CHARS = 80

Value = TypeVar("Value")


def personal_to_json(person: PersonalRecord) -> str:
    """The record as the JSON object that a recording's settings hold; angles in radians, as the keys say."""
    return _dump(_PERSON, TypeAdapter(PersonalRecord).dump_python(person, mode="json"))


def personal_from_json(text: str) -> PersonalRecord:
    """The record that a recording's settings hold; an empty one where they hold none.

    Raises:
        InputError: it is of another form, or a value in it cannot be; the error names the key.
    """
    return _load(text, _PERSON, TypeAdapter(PersonalRecord), person_faults)


def calibrations_to_json(calibrations: Mapping[str, AccelerometerCalibration]) -> str:
    """Calibrations by sensor id as the JSON object that a recording keeps."""
    adapter = TypeAdapter(dict[str, AccelerometerCalibration])
    return _dump(_SENSORS, adapter.dump_python(dict(calibrations), mode="json"))


def calibrations_from_json(text: str) -> dict[str, AccelerometerCalibration]:
    """Calibrations by sensor id that a recording keeps.

    Raises:
        InputError: they are of another form, or a value in them cannot be; the error names the key.
    """
    return _load(text, _SENSORS, TypeAdapter(dict[str, AccelerometerCalibration]), calibration_faults)


def _dump(key: str, value: object) -> str:
    return json.dumps({key: value}, sort_keys=True, allow_nan=False)


def _load(
    text: str, key: str, adapter: TypeAdapter[Value], faults: Callable[[Value], Iterator[Fault]]
) -> Value:
    try:
        whole: object = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if not isinstance(whole, dict):
            raise _unreadable(key, "is not in a JSON object")
        # Strict: a text or a true for a number is a mistake; as JSON: a list for a tuple is none.
        value = adapter.validate_json(json.dumps(whole.get(key, {})), strict=True)
    except ValidationError as error:
        place = ".".join([key, *map(str, error.errors(include_url=False, include_context=False)[0]["loc"])])
        raise _unreadable(place, "is of another form") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(key, "is of another form") from error
    for place, what in faults(value):
        raise _unreadable(f"{key}.{place}", what)
    return value


def _unreadable(key: str, what: str) -> InputError:
    shown = "".join(letter if letter.isprintable() else "?" for letter in key[:_SHOWN_KEY_CHARS])
    return InputError(
        f"the recording's header cannot be read: {shown} {what}",
        advice="Another version of this program wrote it, or it was changed since: update the program, "
        "or import the samples anew.",
        key=key,
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number
