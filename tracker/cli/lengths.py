"""Lengths as people write them, with their unit: 30cm, 0.3m, 300mm."""

import re

from tracker.errors import UsageError
from tracker.session.own_bands import checked_length

_TEXT = re.compile(r"(\d{1,5}(?:[.,]\d{1,4})?)\s*(mm|cm|m)", re.ASCII)
_METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0}


def length_m(text: str) -> float:
    """A band's length in metres.

    Raises:
        UsageError: no number with its unit, or no length that a band can have.
    """
    match = _TEXT.fullmatch(text.strip().casefold())
    if match is None:
        raise UsageError(
            f"{text[:40]!r} is no length with its unit", advice="Give it as in 30cm, 0.3m or 300mm."
        )
    metres = round(float(match[1].replace(",", ".")) * _METRES[match[2]], 6)
    checked_length(metres)
    return metres
