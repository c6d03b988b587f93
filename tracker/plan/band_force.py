"""What a band pulls with, and how far that turns the hip: estimates from what its maker says.

Independent measurements found makers' forces too high, and colours mean other forces with other makers. So
these numbers compare a person's own sets with each other, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import UsageError

NEWTONS_PER_POUND = 4.4482216152605

THERABAND_POUNDS: Mapping[str, tuple[float, float]] = {
    "yellow": (3.0, 4.3),
    "red": (3.7, 5.5),
    "green": (4.6, 6.7),
    "blue": (5.8, 8.6),
    "black": (7.3, 10.2),
    "silver": (10.2, 15.3),
    "gold": (14.2, 21.3),
}
"""One strand at 100 and 200 % elongation, in pounds of force, as TheraBand's sellers print the maker's table
(donsnotes.com, medwest.ca). From the weakest to the strongest."""

THERABAND_SOURCE = "TheraBand's own table of forces at 100 and 200 % elongation"
HIGHEST_ELONGATION_PERCENT = 200.0
"""Nothing is known beyond."""

_STRONGEST_N = 1000.0
"""No band that people train with pulls more."""

LEVERS_M: Mapping[str, float] = {"ankles": 0.38, "forefeet": 0.18, "thighs": 0.0}
"""Assumed levers about the thigh's long axis: at the ankle of a knee bent to 90 degrees, at the forefoot of a
straight leg; a band round the thighs pulls the knees together and has none."""

THIGHS_TEXT = "loads abduction, not internal rotation"


@dataclass(frozen=True, slots=True)
class BandStrength:
    """What a maker says of one strand, in newtons at 100 and 200 % elongation; None where it says nothing."""

    force_100_n: float | None
    force_200_n: float | None


def theraband_strength(brand: str, colour: str) -> BandStrength | None:
    """The shipped forces of a colour; None for another brand: its colours mean other forces."""
    letters = "".join(char for char in brand.casefold() if char.isalnum())
    pounds = THERABAND_POUNDS.get(colour.strip().casefold()) if letters == "theraband" else None
    if pounds is None:
        return None
    at_100, at_200 = pounds
    return BandStrength(at_100 * NEWTONS_PER_POUND, at_200 * NEWTONS_PER_POUND)


def elongation_percent(rest_length_m: float, stretched_length_m: float) -> float:
    """How much longer a band is than at rest: (L - L0) / L0 * 100.

    Raises:
        ValueError: a length is not above zero.
    """
    if not rest_length_m > 0.0 or not stretched_length_m > 0.0:
        raise ValueError("lengths are above zero")
    return (stretched_length_m - rest_length_m) / rest_length_m * 100.0


def estimated_force_n(strength: BandStrength, elongation: float, *, is_loop: bool) -> float | None:
    """Estimated pull, on straight lines from 0 through the two forces; both strands of a loop pull.

    Args:
        elongation: in percent.

    Returns:
        Newtons; None where the maker says nothing: slack, beyond 200 %, or a force that is not known.
    """
    if not 0.0 <= elongation <= HIGHEST_ELONGATION_PERCENT or strength.force_100_n is None:
        return None
    if elongation <= 100.0:
        one_strand_n = strength.force_100_n * elongation / 100.0
    elif strength.force_200_n is None:
        return None
    else:
        rise_n = strength.force_200_n - strength.force_100_n
        one_strand_n = strength.force_100_n + rise_n * (elongation - 100.0) / 100.0
    return 2.0 * one_strand_n if is_loop else one_strand_n


def estimated_torque_nm(force_n: float, placement: str) -> float:
    """Estimated turning moment about the thigh's long axis, where the band pulls square to the lever.

    Args:
        placement: a key of `LEVERS_M`.

    Raises:
        KeyError: no lever is assumed there.
    """
    return force_n * LEVERS_M[placement]


def checked_strength(force_100_n: float | None, force_200_n: float | None) -> BandStrength:
    """What a person reads on a band's leaflet.

    Raises:
        UsageError: forces that no band has: none or beyond 1000 N, less at 200 % than at 100 %, or only the
            second one.
    """
    for force_n in (force_100_n, force_200_n):
        if force_n is not None and not 0.0 < force_n <= _STRONGEST_N:
            raise UsageError(
                f"{force_n:g} N is no pull of a band",
                advice=f"Give newtons, above 0 and up to {_STRONGEST_N:g}; a pound of force is 4.45 N.",
                force_n=force_n,
            )
    if force_200_n is not None and (force_100_n is None or force_200_n < force_100_n):
        raise UsageError(
            "the force at 200 % does not fit the one at 100 %",
            advice="Give both; a band that is stretched further pulls more.",
        )
    return BandStrength(force_100_n, force_200_n)
