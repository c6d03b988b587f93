"""What requests have in common: the site, whose data is meant, and numbers that a database can look for."""

from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from tracker.app.cookies import PERSON_COOKIE
from tracker.app.site import Site
from tracker.errors import NotThereError
from tracker.local_time import local_time_zone
from tracker.session.session_limits import MAX_REPS
from tracker.store.persons import list_persons, person_meant
from tracker.store.revisions import MAX_REASON_CHARS
from tracker.store.values import Person

HIGHEST_NUMBER = 2**31 - 1

Document: TypeAlias = dict[str, Any]
"""An object of plain values; `answers` says what the document tells of it."""

Number = Annotated[int, Path(ge=1, le=HIGHEST_NUMBER)]
Scale = Annotated[StrictInt, Field(ge=0, le=10)]
Count = Annotated[StrictInt, Field(ge=0, le=MAX_REPS)]
Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(max_length=200)]
Day = Annotated[str, Query(max_length=20, description="As in 2026-11-28.")]


class Asked(BaseModel):
    """A body: a key that is not known is refused, since it may be one that is meant otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Reason(Asked):
    """Why something is corrected; it is kept with the correction."""

    reason: Annotated[str, Field(min_length=1, max_length=MAX_REASON_CHARS)]


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(site_of)]


def person_of(
    request: Request,
    site: SiteOf,
    person: Annotated[
        int | None,
        Query(ge=1, le=HIGHEST_NUMBER, description="Number of the person; the default one if left out."),
    ] = None,
) -> Person:
    """Whose data is meant; a browser means the person that it was set to.

    Raises:
        UsageError: no such person.
    """
    chosen = request.cookies.get(PERSON_COOKIE) if person is None else str(person)
    with site.database.write() as connection:
        for one in list_persons(connection):
            if str(one.person_id) == chosen:
                return one
        if person is None:
            return person_meant(connection, None, time_zone=local_time_zone())
    raise NotThereError(f"there is no person {person}", advice="Ask for /api/persons.", person=person)


PersonOf = Annotated[Person, Depends(person_of)]
