"""Which of the rates and ranges that a maker's sensor offers comes closest to what is wanted."""

from collections.abc import Collection


def nearest_rate_hz(wanted_hz: float, offered_hz: Collection[float]) -> float:
    """The nearest rate; of two that are as near, the higher one. `offered_hz` must not be empty."""
    return min(offered_hz, key=lambda rate_hz: (abs(rate_hz - wanted_hz), -rate_hz))


def range_for(wanted: float, offered: Collection[float]) -> float:
    """The smallest range that reaches as far as is wanted, else the largest; `offered` must not be empty."""
    return min((one for one in offered if one >= wanted), default=max(offered))
