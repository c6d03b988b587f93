"""The bands of a person as a table and for programs; every force is an estimate and says so."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType

from tracker.model import Band
from tracker.plan.band_force import (
    LEVERS_M,
    THIGHS_TEXT,
    BandStrength,
    estimated_force_n,
    estimated_torque_nm,
)
from tracker.report.terminal import plain_table

if TYPE_CHECKING:
    from tracker.report.objects.said import BandObject

ESTIMATE_TEXT = (
    "Forces are estimates from the maker's figures, which independent measurements found too high. Colours "
    "mean other forces with other makers: compare only sets with the same band."
)
LEVER_TEXT = (
    "Turning moments at 100 % are estimates too: lever 0.38 m assumed at the ankles (knees bent), 0.18 m at "
    f"the forefeet (legs straight); round the thighs there is none: it {THIGHS_TEXT}."
)
_UNKNOWN = "–"


def bands_table(bands: Iterable[Band]) -> RenderableType:
    """A line for each band."""
    table = plain_table(
        "Bands (forces and moments are estimates)",
        "no.",
        "brand",
        "colour",
        "kind",
        "rest length",
        "at 100 %",
        "at 200 %",
        "ankles",
        "forefeet",
        "thighs",
        "",
    )
    for band in bands:
        at_100, at_200 = _force_n(band, 100.0), _force_n(band, 200.0)
        moments = [_moment(at_100, place) for place in LEVERS_M]
        table.add_row(
            str(band.band_id),
            band.brand,
            band.colour,
            "loop" if band.is_loop else "strip",
            _UNKNOWN if band.rest_length_m is None else f"{100 * band.rest_length_m:g} cm",
            _newtons(at_100),
            _newtons(at_200),
            *moments,
            "put away" if band.retired else "",
        )
    return table


def band_object(band: Band) -> "BandObject":
    """One band for programs."""
    at_100 = _force_n(band, 100.0)
    return {
        "band_id": band.band_id,
        "brand": band.brand,
        "colour": band.colour,
        "loop": band.is_loop,
        "rest_length_m": band.rest_length_m,
        "strand_force_100_n": band.force_100_n,
        "strand_force_200_n": band.force_200_n,
        "estimated_force_100_n": at_100,
        "estimated_force_200_n": _force_n(band, 200.0),
        "estimated_torque_100_nm": {
            place: None if at_100 is None else estimated_torque_nm(at_100, place) for place in LEVERS_M
        },
        "retired": band.retired,
    }


def _force_n(band: Band, elongation: float) -> float | None:
    strength = BandStrength(band.force_100_n, band.force_200_n)
    return estimated_force_n(strength, elongation, is_loop=band.is_loop)


def _moment(force_n: float | None, place: str) -> str:
    if LEVERS_M[place] == 0.0:
        return "none"
    return _UNKNOWN if force_n is None else f"~{estimated_torque_nm(force_n, place):.1f} Nm"


def _newtons(force_n: float | None) -> str:
    return _UNKNOWN if force_n is None else f"~{force_n:.0f} N"
