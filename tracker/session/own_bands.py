"""A band as its owner tells of it, checked, with the forces that its maker gives."""

from tracker.errors import UsageError
from tracker.model import Band
from tracker.plan.band_force import BandStrength, checked_strength, theraband_strength

_LONGEST_NAME = 32
"""What the store keeps of a colour."""

SHORTEST_M, LONGEST_M = 0.02, 10.0
"""A band is neither shorter nor longer: what is beyond has the wrong unit."""


def told_band(
    brand: str, colour: str, rest_length_m: float | None, told: BandStrength, *, is_loop: bool
) -> Band:
    """A band that is not stored yet; where its owner tells no forces, those of TheraBand's own table.

    Args:
        rest_length_m: of the slack band, a loop laid flat; None where it is not known.

    Raises:
        UsageError: no name, or a length or forces that no band has.
    """
    for what, text in (("brand", brand), ("colour", colour)):
        if not text.strip() or len(text) > _LONGEST_NAME or not text.isprintable():
            raise UsageError(
                f"{text[:40]!r} is no {what} of a band",
                advice=f"Give 1 to {_LONGEST_NAME} letters in one line.",
                field=what,
            )
    checked_length(rest_length_m)
    own = checked_strength(told.force_100_n, told.force_200_n)
    strength = own if own.force_100_n is not None else theraband_strength(brand, colour) or own
    return Band(
        None,
        brand.strip(),
        colour.strip(),
        rest_length_m,
        is_loop,
        strength.force_100_n,
        strength.force_200_n,
    )


def checked_length(length_m: float | None) -> None:
    """Refuse a length that no band has.

    Raises:
        UsageError: it is shorter than 2 cm or longer than 10 m.
    """
    if length_m is not None and not SHORTEST_M <= length_m <= LONGEST_M:
        raise UsageError(
            f"{100.0 * length_m:g} cm is no length of a band",
            advice="Give 2 cm to 10 m; look at the unit.",
            field="rest_length",
        )
