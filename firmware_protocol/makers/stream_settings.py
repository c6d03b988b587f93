"""How a maker's sensor was set when it streamed: what its bytes alone do not tell, kept with them."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Final, Self

from firmware_protocol.errors import ProtocolError

_ADVICE: Final = "Record with a sensor whose settings this program knows, or update the program."
_LARGEST_BYTES: Final = 4096
_SMALLEST_NUMBER: Final = 1e-3
_LARGEST_NUMBER: Final = 1e6


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Rate and ranges in force, and which sensor it is.

    Attributes:
        rate_hz: samples a second, nominal.
        accelerometer_range_g: largest acceleration that is measured, plus and minus.
        gyroscope_range_dps: largest rate that is measured, degrees a second, plus and minus.
        model: as the sensor says; empty where it does not.
        firmware: version, as the sensor says; empty where it does not.
    """

    rate_hz: float
    accelerometer_range_g: float
    gyroscope_range_dps: float
    model: str = ""
    firmware: str = ""

    def __post_init__(self) -> None:
        """Refuses numbers that no sensor has.

        Raises:
            ProtocolError: a rate or range that is not a number from a thousandth to below a million.
        """
        for name in ("rate_hz", "accelerometer_range_g", "gyroscope_range_dps"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not _is_plausible(value):
                raise ProtocolError(f"{name} = {value!r} is no {name}", advice=_ADVICE)
        for name in ("model", "firmware"):
            if not isinstance(getattr(self, name), str):
                raise ProtocolError(f"{name} is no text", advice=_ADVICE)

    def encode(self) -> bytes:
        """As bytes, to keep with the notifications."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """From bytes; entries that are not known are skipped.

        Raises:
            ProtocolError: they are no settings.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        try:
            entries = json.loads(data) if len(data) <= _LARGEST_BYTES else None
        except (ValueError, RecursionError):
            entries = None
        if not isinstance(entries, dict):
            raise ProtocolError("the stream's settings cannot be read", advice=_ADVICE)
        try:
            return cls(**{key: value for key, value in entries.items() if key in known})
        except TypeError:
            raise ProtocolError("the stream's settings lack a rate or a range", advice=_ADVICE) from None


def _is_plausible(value: float) -> bool:
    return _SMALLEST_NUMBER <= value < _LARGEST_NUMBER
