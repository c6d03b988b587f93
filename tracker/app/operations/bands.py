"""The bands of a person: seen, added, put away."""

from typing import TYPE_CHECKING

from tracker.model import Band
from tracker.plan.band_force import THERABAND_POUNDS, BandStrength
from tracker.report.band_table import ESTIMATE_TEXT, LEVER_TEXT, band_object
from tracker.session.own_bands import told_band
from tracker.store.bands import add_band, bands_of, retire_band
from tracker.store.database import Database
from tracker.store.values import Person

if TYPE_CHECKING:
    from tracker.report.objects.said import BandsObject

NOTES = (ESTIMATE_TEXT, LEVER_TEXT)
NOTHING_TOLD = BandStrength(None, None)
KNOWN_BRAND = "TheraBand"
KNOWN_COLOURS = tuple(THERABAND_POUNDS)


def bands_shown(database: Database, person: Person) -> tuple[Band, ...]:
    """All bands of a person, those put away too."""
    with database.read() as connection:
        return bands_of(connection, person.person_id)


def add_own_band(
    database: Database,
    person: Person,
    brand: str,
    colour: str,
    rest_length_m: float | None = None,
    strength: BandStrength = NOTHING_TOLD,
    *,
    is_loop: bool,
) -> int:
    """Store a band; returns its number. Forces that are not told are TheraBand's where it is one.

    Raises:
        UsageError: no name, or a length or forces that no band has.
    """
    band = told_band(brand, colour, rest_length_m, strength, is_loop=is_loop)
    with database.write() as connection:
        return add_band(connection, person.person_id, band)


def put_band_away(database: Database, person: Person, number: int) -> None:
    """Put a band away, worn out or lost; what was done with it stays.

    Raises:
        UsageError: the person has no such band.
    """
    with database.write() as connection:
        retire_band(connection, person.person_id, number)


def bands_document(bands: tuple[Band, ...]) -> "BandsObject":
    """As `tracker bands --json` prints it."""
    return {"bands": [band_object(one) for one in bands], "notes": list(NOTES)}
