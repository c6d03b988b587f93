"""Who trains here."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from tracker.app.api.asked import Asked, Name, Number, SiteOf
from tracker.app.operations.deleting_persons import Deleting, PersonGone
from tracker.app.operations.persons import (
    PersonLine,
    changed_person,
    default_person,
    new_person,
    person_lines,
)
from tracker.app.site import Site
from tracker.store.person_rows import PersonRows
from tracker.store.values import Person

router = APIRouter(prefix="/persons", tags=["persons"])


class NewBody(Asked):
    """A person to be added; the time zone is an IANA name, this computer's where empty."""

    name: Name
    time_zone: Name = ""


class ChangeBody(Asked):
    """What is otherwise of a person; null leaves as it is."""

    name: Name | None = None
    time_zone: Name | None = None


class DeleteBody(Asked):
    """That it is meant: the person's name, as it is written."""

    name: Name


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """All that would be deleted with a person, and what would stay.

    Attributes:
        recordings, recordings_bytes: files, copies of recordings among them, and their size.
        left: recordings that stay: they lie elsewhere, or are another person's too.
        unclaimed: files among the recordings that belong to no session, and stay.
        copies: backups and folders that were set aside, which may hold the person, and stay.
    """

    person: Person
    rows: PersonRows
    recordings: int
    recordings_bytes: int
    left: tuple[str, ...]
    unclaimed: int
    copies: tuple[Path, ...]


@router.get("")
def list_persons(site: SiteOf) -> tuple[PersonLine, ...]:
    """Each of them at a glance: last session, this week, how the legs rested, what waits."""
    return person_lines(site.place, site.database, simulated=site.simulated)


@router.post("", status_code=201)
def add_person(body: NewBody, site: SiteOf) -> Person:
    """Add a person."""
    return new_person(site.database, body.name, body.time_zone)


@router.post("/{person_id}")
def change_person(person_id: Number, body: ChangeBody, site: SiteOf) -> Person:
    """Rename a person, or change the time zone."""
    return changed_person(site.database, person_id, name=body.name, time_zone=body.time_zone)


@router.post("/{person_id}/default")
def make_default(person_id: Number, site: SiteOf) -> Person:
    """Mean this person where nobody is chosen."""
    return default_person(site.database, person_id)


@router.get("/{person_id}/delete")
def see_what_goes(person_id: Number, site: SiteOf) -> WhatGoes:
    """What would be deleted with a person; nothing is changed."""
    found = _deleting(site).looked_at(person_id)
    return WhatGoes(
        person=found.person,
        rows=found.rows,
        recordings=len(found.files.own),
        recordings_bytes=found.files.size_bytes,
        left=found.files.left,
        unclaimed=found.files.unclaimed,
        copies=found.copies,
    )


@router.post("/{person_id}/delete")
async def delete_person(person_id: Number, body: DeleteBody, site: SiteOf) -> PersonGone:
    """Delete a person with all sessions, results, notes and recordings, for good; asked again it goes on."""
    return await _deleting(site).delete(person_id, body.name)


def _deleting(site: Site) -> Deleting:
    return Deleting(site.place, site.database, site.engine, site.jobs, site.shelf)
