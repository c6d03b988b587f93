"""Opening what the home folder holds."""

from tracker.home import Home, home_from_environment
from tracker.store.database import Database, open_database


def open_home_database(home: Home | None = None) -> Database:
    """The database of a home folder, that of the environment where none is given; a context manager."""
    home = home or home_from_environment()
    home.create()
    return open_database(home.database)
