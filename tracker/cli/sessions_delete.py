"""`tracker sessions delete` and `restore`: a session counts no more, or again; nothing is removed."""

from typing import Annotated

import typer

from tracker.cli.session_number import SessionNumber


def delete(
    number: SessionNumber,
    reason: Annotated[str, typer.Option(help="Why, in one line.")],
) -> None:
    """Let a session count no more. Its recording and results stay, and it can be restored.

    Example: tracker sessions delete 12 --reason "the sensors lay on the table"
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.store.corrections import delete_session

    with open_home_database() as database, database.write() as connection:
        delete_session(connection, number, reason=reason)
    note(f"Session {number} does not count any more. Bring it back: tracker sessions restore {number}")


def restore(
    number: SessionNumber,
    reason: Annotated[str, typer.Option(help="Why, in one line.")] = "it counts after all",
) -> None:
    """Let a deleted session count again, as it was corrected before.

    Example: tracker sessions restore 12
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.store.corrections import restore_session

    with open_home_database() as database, database.write() as connection:
        restore_session(connection, number, reason=reason)
    note(f"Session {number} counts again.")
