"""The bands that a person has."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from tracker.errors import NotThereError
from tracker.model import Band
from tracker.store.tables import BandTable


def add_band(connection: Connection, person_id: int, band: Band) -> int:
    """Store a new band; returns its id."""
    row = {
        "person_id": person_id,
        "brand": band.brand,
        "colour": band.colour,
        "rest_length_m": band.rest_length_m,
        "is_loop": band.is_loop,
        "force_100_n": band.force_100_n,
        "force_200_n": band.force_200_n,
        "added_at": datetime.now(UTC),
    }
    return connection.execute(insert(BandTable).returning(BandTable.id), row).scalar_one()


def bands_of(connection: Connection, person_id: int) -> tuple[Band, ...]:
    """All bands of a person, those put away too, in the order in which they came."""
    query = select(BandTable.__table__).where(BandTable.person_id == person_id).order_by(BandTable.id)
    return tuple(
        Band(
            band_id=row.id,
            brand=row.brand,
            colour=row.colour,
            rest_length_m=row.rest_length_m,
            is_loop=row.is_loop,
            force_100_n=row.force_100_n,
            force_200_n=row.force_200_n,
            retired=row.retired_at is not None,
        )
        for row in connection.execute(query)
    )


def retire_band(connection: Connection, person_id: int, band_id: int) -> None:
    """Put a band away; what was done with it stays.

    Raises:
        UsageError: the person has no such band.
    """
    own = update(BandTable).where(BandTable.id == band_id, BandTable.person_id == person_id)
    if connection.execute(own.values(retired_at=datetime.now(UTC))).rowcount == 0:
        raise NotThereError(
            f"there is no band {band_id}", advice="`tracker bands` lists them.", band_id=band_id
        )
