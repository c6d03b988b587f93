"""The copies that the program makes by itself in the folder `backups`: when, and which are kept."""

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.backup.parameters import BackupParameters
from tracker.backup.publishing import delete_forgotten
from tracker.home import Home

WEEKLY = "weekly"
BEFORE_MIGRATION = "before-migration"

_STAMP = "%Y-%m-%dT%H-%M-%SZ"
_NAME = re.compile(
    r"(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-[0-9]{4})?-(?P<stamp>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.tar"
)


@dataclass(frozen=True, slots=True)
class AutomaticBackup:
    """A file of the folder of backups.

    Attributes:
        kind: `weekly`, `before-migration` or `before-restore`.
    """

    path: Path
    kind: str
    made_at: datetime
    size_bytes: int


def automatic_name(kind: str, made_at: datetime) -> str:
    """The name of a backup; it sorts by time within its kind."""
    return f"{kind}-{made_at.astimezone(UTC):{_STAMP}}.tar"


def automatic_backups(home: Home) -> tuple[AutomaticBackup, ...]:
    """All of them, the newest first; what has another kind of name is somebody else's."""
    found = []
    with contextlib.suppress(OSError):
        for path in home.backups.iterdir():
            if (match := _NAME.fullmatch(path.name)) is None:
                continue
            with contextlib.suppress(ValueError, OSError):
                made_at = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
                found.append(AutomaticBackup(path, match["kind"], made_at, path.stat().st_size))
    return tuple(sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True))


def is_due(
    home: Home, parameters: BackupParameters, now: datetime, *, older_than: timedelta | None = None
) -> bool:
    """Whether the newest weekly backup is too old, or none is there. One from the future does not count.

    Args:
        older_than: what is too old; the days between backups where None.
    """
    if not parameters.automatic:
        return False
    limit = now - (timedelta(days=parameters.every_days) if older_than is None else older_than)
    return not any(one.kind == WEEKLY and limit < one.made_at <= now for one in automatic_backups(home))


def kept_of(made_at: Iterable[datetime], parameters: BackupParameters) -> frozenset[datetime]:
    """Which weekly backups stay: the newest ones, the newest of some months, and the newest of each year."""
    newest_first = sorted(set(made_at), reverse=True)
    months = _newest_of(newest_first, lambda one: (one.year, one.month))
    years = _newest_of(newest_first, lambda one: one.year)
    return frozenset([*newest_first[: parameters.weekly_kept], *months[: parameters.monthly_kept], *years])


def _newest_of(newest_first: list[datetime], span: Callable[[datetime], object]) -> list[datetime]:
    newest: dict[object, datetime] = {}
    for one in newest_first:
        newest.setdefault(span(one), one)
    return list(newest.values())


def thin_out_weekly(home: Home, parameters: BackupParameters) -> None:
    """Delete weekly backups that are kept no longer, and what killed processes left there."""
    weekly = [one for one in automatic_backups(home) if one.kind == WEEKLY]
    kept = kept_of((one.made_at for one in weekly), parameters)
    _delete(one.path for one in weekly if one.made_at not in kept)
    delete_forgotten(home.backups)


def thin_out(home: Home, kind: str, kept: int) -> None:
    """Delete all backups of a kind but the newest ones."""
    _delete(one.path for one in [one for one in automatic_backups(home) if one.kind == kind][kept:])


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        # Another process may have been first.
        with contextlib.suppress(OSError):
            path.unlink()
