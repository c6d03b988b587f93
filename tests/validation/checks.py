"""What a validation scenario is: something tried, what was expected, what came out, how near is enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

GEOMETRY = "geometry"
"""Directions of gravity from rotation matrices, no samples."""
SIMULATED = "simulated rigid body"
FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: in words.
        expected, got, tolerance: as they are to be read, with units.
        passed: whether what came out is within the tolerance.
    """

    what: str
    expected: str
    got: str
    tolerance: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that is tried.

    Attributes:
        key: its number in the measurement basis, or a name.
        title: what is tried, in words.
        data: what it is tried on.
        run: tries it.
        missing: why it cannot be tried here; None where it can.
    """

    key: str
    title: str
    data: str
    run: Callable[[], Sequence[Check]]
    missing: str | None = None


def near(what: str, expected: float, got: float | None, tolerance: float, unit: str = "deg") -> Check:
    """A number within a tolerance of another."""
    passed = got is not None and abs(got - expected) <= tolerance
    return Check(what, _number(expected, unit), _number(got, unit), f"±{tolerance:g} {unit}", passed)


def at_most(what: str, limit: float, got: float, unit: str = "deg") -> Check:
    """A number that is not above a limit."""
    return Check(what, f"at most {limit:g} {unit}", _number(got, unit), "none", got <= limit)


def at_least(what: str, limit: float, got: float, unit: str = "deg") -> Check:
    """A number that is not below a limit."""
    return Check(what, f"at least {limit:g} {unit}", _number(got, unit), "none", got >= limit)


def within(what: str, low: float, high: float, got: float, unit: str) -> Check:
    """A number between two others, both included."""
    return Check(what, f"{low:g} to {high:g} {unit}", _number(got, unit), "none", low <= got <= high)


def same(what: str, expected: object, got: object) -> Check:
    """Exactly that."""
    return Check(what, str(expected), str(got), "exact", expected == got)


def holds(what: str, got: object, passed: bool) -> Check:
    """Something that is true or not."""
    return Check(what, "true", str(got), "exact", passed)


def _number(value: float | None, unit: str) -> str:
    return "none" if value is None else f"{value:.4g} {unit}"
