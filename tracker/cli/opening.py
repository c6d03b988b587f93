"""Opening what the home folder holds."""

from tracker.backup.opening import open_home_database as open_of
from tracker.home import Home, home_from_environment
from tracker.store.database import Database


def open_home_database(home: Home | None = None) -> Database:
    """The database of a home folder, that of the environment where none is given; a context manager."""
    home = home or home_from_environment()
    home.create()
    return open_of(home)
