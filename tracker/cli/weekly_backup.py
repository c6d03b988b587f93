"""The weekly backup, after commands that write: it can delay nothing and fail nothing then."""

import sys

from tracker.errors import LossError, TrackerError

WRITING = frozenset(
    {"record", "rest", "import", "recover", "reanalyze", "sessions", "feel", "habits", "plan", "bands"}
    | {"pair", "calibrate-sensor", "safety", "persons"}
)
"""Commands after which it is looked whether a backup is due."""


def back_up_after() -> None:
    """Make the weekly backup of the home folder if it is due; what goes wrong is said, and no more."""
    if not isinstance(sys.exception(), LossError | None):
        # Help was asked for, nothing was done, or somebody wants to leave.
        return
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    from tracker.backup.weekly import back_up_when_due
    from tracker.cli.output import note
    from tracker.home import home_from_environment
    from tracker.session.settings import load_settings

    home = home_from_environment()
    try:
        written = back_up_when_due(home, load_settings(home).backup)
    except (TrackerError, SQLAlchemyError, sqlite3.Error, OSError, MemoryError) as error:
        note(f"The weekly backup could not be made: {error}")
        return
    except KeyboardInterrupt:
        # What the command did is done: whoever does not want to wait has not interrupted that.
        note("The weekly backup was left out; it is made after the next session.")
        return
    if written is not None and sys.stderr.isatty():
        note(f"Weekly backup, without recordings: {written.path}")
