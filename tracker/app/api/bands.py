"""The bands of a person."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter
from pydantic import Field, StrictBool

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.asked import Asked, Name, Number, PersonOf, SiteOf
from tracker.app.operations.bands import add_own_band, bands_document, bands_shown, put_band_away
from tracker.plan.band_force import BandStrength
from tracker.report.objects.said import BandsObject

router = APIRouter(prefix="/bands", tags=["bands"])

_Bands: TypeAlias = Annotated[BandsObject, AS_IT_IS]
_Newtons = Annotated[float, Field(gt=0.0, le=10_000.0)]


class BandBody(Asked):
    """A band; forces are those of one strand, at 100 and 200 % elongation."""

    brand: Name
    colour: Name
    loop: StrictBool
    rest_length_m: Annotated[float, Field(gt=0.0, le=10.0)] | None = None
    force_100_n: _Newtons | None = None
    force_200_n: _Newtons | None = None


@router.get("")
def list_bands(site: SiteOf, person: PersonOf) -> _Bands:
    """All of them with their estimated forces, as `tracker bands --json`."""
    return bands_document(bands_shown(site.database, person))


@router.post("")
def add_band(body: BandBody, site: SiteOf, person: PersonOf) -> _Bands:
    """Add one; forces that are not told are TheraBand's where it is one."""
    strength = BandStrength(body.force_100_n, body.force_200_n)
    add_own_band(
        site.database, person, body.brand, body.colour, body.rest_length_m, strength, is_loop=body.loop
    )
    return bands_document(bands_shown(site.database, person))


@router.post("/{band}/retire")
def retire_band(band: Number, site: SiteOf, person: PersonOf) -> _Bands:
    """Put one away; what was done with it stays."""
    put_band_away(site.database, person, band)
    return bands_document(bands_shown(site.database, person))
