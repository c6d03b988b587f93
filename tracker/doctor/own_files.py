"""The person's own files: folder, disk, settings, exercises, database."""

import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.backup.automatic import automatic_backups, is_due
from tracker.backup.opening import open_home_database
from tracker.doctor.findings import Finding, looked_at, noted, ok
from tracker.errors import StorageError
from tracker.home import HOME_VARIABLE, Home
from tracker.plan.catalogue import load_catalogue
from tracker.session.settings import load_settings
from tracker.store.sessions import count_sessions

_MB_AN_HOUR = 10.0
"""Of a recording of three sensors at 100 Hz."""

_ENOUGH_MB = 500.0
"""Some fifty hours of recording; a database and its log need some more."""

_LEAST_MB = 20.0
"""Below it a session of an hour does not fit."""

_LATE = 3
"""So many times the days between automatic backups: then they fail, or nobody trained."""


def own_files(home: Home) -> Iterator[Finding]:
    """Findings of all that the program keeps in its folder."""
    yield looked_at("folder", lambda: _folder(home))
    yield looked_at("disk", lambda: _disk(home.folder))
    yield looked_at("settings", lambda: _settings(home))
    yield looked_at("exercises", lambda: _exercises(home))
    yield looked_at("database", lambda: _database(home))
    yield looked_at("backup", lambda: _backup(home))


def _folder(home: Home) -> Finding:
    home.create()
    try:
        with tempfile.TemporaryFile(dir=home.recordings) as file:
            file.write(b"written")
    except OSError as error:
        raise StorageError(
            f"nothing can be written to {home.recordings}: {error.strerror}",
            advice=f"Check its permissions, or choose another folder with {HOME_VARIABLE}.",
            path=str(home.recordings),
        ) from error
    others = stat.S_IMODE(home.folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    if others and sys.platform != "win32":
        advice = f"Keep it to yourself: chmod 700 {home.folder}"
        return noted("folder", f"{home.folder}: others may read it", advice)
    return ok("folder", f"{home.folder}: can be written to")


def _disk(folder: Path) -> Finding:
    try:
        free_mb = shutil.disk_usage(folder).free / 1e6
    except OSError as error:
        raise StorageError(
            f"the disk of {folder} cannot be asked: {error.strerror}",
            advice=f"Choose another folder with {HOME_VARIABLE}.",
            path=str(folder),
        ) from error
    text = f"{free_mb:,.0f} MB free: {free_mb / _MB_AN_HOUR:,.0f} hours of three sensors"
    if free_mb < _LEAST_MB:
        raise StorageError(
            f"the disk is full: {free_mb:,.0f} MB free",
            advice="Make room; an hour of three sensors takes 10 MB.",
            free_mb=free_mb,
        )
    if free_mb < _ENOUGH_MB:
        return noted("disk", text, "Make room before long.")
    return ok("disk", text)


def _settings(home: Home) -> Finding:
    load_settings(home)
    own = home.settings.is_file()
    return ok("settings", f"{home.settings}: read" if own else "the shipped ones")


def _exercises(home: Home) -> Finding:
    known = len(load_catalogue(home).counting)
    own = f", with those of {home.exercises}" if home.exercises.is_file() else ""
    return ok("exercises", f"{known} known{own}")


def _database(home: Home) -> Finding:
    with open_home_database(home) as database:
        with database.read() as connection:
            sessions = count_sessions(connection)
        return ok("database", f"{database.name}: {sessions} session{'s' * (sessions != 1)}")


def _backup(home: Home) -> Finding:
    found = automatic_backups(home)
    if not found:
        return ok("backup", f"none in {home.backups} yet: the first one comes after a session")
    newest = f"the newest in {home.backups} is of {found[0].made_at.astimezone():%Y-%m-%d %H:%M}"
    parameters = load_settings(home).backup
    late = timedelta(days=_LATE * parameters.every_days)
    if parameters.automatic and is_due(home, parameters, datetime.now(UTC), older_than=late):
        return noted("backup", newest, "Copy everything to another disk: tracker backup FILE")
    return ok("backup", f"{newest}; whether there is one on another disk is not known")
