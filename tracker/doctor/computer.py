"""The computer itself: versions and clocks."""

import importlib.metadata
import os
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tracker import __version__
from tracker.doctor.findings import Finding, noted, ok
from tracker.local_time import local_time_zone

_COARSE_S = 0.002
"""Arrival stamps coarser than this blur the sensors' clocks: a sample takes 5 to 20 ms."""

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
"""Units of time, the largest first, with their seconds."""

_FIRST_YEAR = 2026
"""A clock before the program was made is wrong."""


def computer() -> Iterator[Finding]:
    """Findings of versions and clocks."""
    bleak = importlib.metadata.version("bleak")
    yield ok(
        "program",
        f"tracker {__version__}, bleak {bleak}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.release()}",
    )
    yield of_clock(datetime.now(UTC), time.get_clock_info("monotonic").resolution)
    yield of_time_zone(local_time_zone())


def of_clock(now: datetime, resolution_s: float) -> Finding:
    """Whether sessions get the right date, and samples stamps that are fine enough."""
    text = f"{now.astimezone():%Y-%m-%d %H:%M}, steps of {_step(resolution_s)}"
    if now.year < _FIRST_YEAR:
        return noted("clock", text, "Set the computer's clock: sessions would count for the wrong week.")
    if resolution_s > _COARSE_S:
        return noted("clock", text, "Use another computer: this one's clock is too coarse for sample times.")
    return ok("clock", text)


def _step(resolution_s: float) -> str:
    """A short time in the unit that needs no power of ten."""
    unit_s, unit = next((one for one in _UNITS if resolution_s >= 0.999 * one[0]), _UNITS[-1])
    return f"{resolution_s / unit_s:.3g} {unit}"


def of_time_zone(name: str) -> Finding:
    """Whether days and weeks begin at the person's midnights."""
    if name == "UTC" and not os.environ.get("TZ"):
        advice = "If you do not live by UTC, set the computer's time zone: weeks begin at midnight UTC."
        return noted("time zone", "UTC, or not known", advice)
    return ok("time zone", name)
