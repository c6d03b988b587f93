"""What may still hold data that were deleted: automatic backups, and what a restore set aside."""

import contextlib
import glob
from pathlib import Path

from tracker.backup.automatic import automatic_backups
from tracker.backup.publishing import delete_forgotten
from tracker.backup.staging import delete_forgotten_stages
from tracker.home import Home

_SET_ASIDE = ".before-restore-"


def kept_copies(home: Home) -> tuple[Path, ...]:
    """Backups in the folder of backups, then folders that were set aside. Copies elsewhere are not known."""
    folder = home.folder.resolve()
    aside: list[Path] = []
    with contextlib.suppress(OSError):
        aside = sorted(folder.parent.glob(glob.escape(folder.name + _SET_ASIDE) + "*"))
    return (*(one.path for one in automatic_backups(home)), *aside)


def delete_leftovers(home: Home) -> None:
    """Delete what killed backups and restores left: parts of what the folder holds."""
    delete_forgotten(home.folder)
    delete_forgotten(home.backups)
    delete_forgotten_stages(home.folder.resolve())
