"""`--person`: whose sessions a command means."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.store.values import Person

PERSON_VARIABLE = "TRACKER_PERSON"

PersonOption = Annotated[
    str | None,
    typer.Option(
        "--person",
        metavar="NAME",
        envvar=PERSON_VARIABLE,
        show_envvar=False,
        help="Whose it is; the default person where not given.",
    ),
]


def person_of(connection: "Connection", name: str | None) -> "Person":
    """The person that a command means; the default one is made where there is none yet.

    Raises:
        UsageError: nobody has that name.
    """
    from tracker.local_time import local_time_zone
    from tracker.store.persons import person_meant

    return person_meant(connection, name, time_zone=local_time_zone())
