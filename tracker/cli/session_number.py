"""Numbers of sessions as arguments."""

from typing import Annotated

import typer

HIGHEST_NUMBER = 2**31 - 1
"""What a row's number can be; a database takes no other one to look for."""

SessionNumber = Annotated[
    int,
    typer.Argument(
        metavar="SESSION", min=1, max=HIGHEST_NUMBER, help="Its number, as `tracker sessions` lists it."
    ),
]
