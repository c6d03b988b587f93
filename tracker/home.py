"""The folder that everything the program writes goes to, and the defaults that ship with it."""

import importlib.resources
import os
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import StorageError

HOME_VARIABLE = "TRACKER_HOME"
DATABASE_VARIABLE = "TRACKER_DATABASE"
PAGE_PASSPHRASE = "page_passphrase"  # noqa: S105 - the name of a file
"""Name of the file that keeps the hash of the page's passphrase: of this computer, and in no backup."""

_DEFAULT_HOME = "~/.tracker"
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """One folder with database, recordings and settings.

    Attributes:
        folder: absolute path; only its owner can read it.
        database_url: address of a database elsewhere; None keeps it in the folder.
    """

    folder: Path
    database_url: str | None = None

    @property
    def database(self) -> Path | str:
        """The database: a file in the folder, or an address."""
        return self.database_url or self.folder / "tracker.db"

    @property
    def recordings(self) -> Path:
        """The folder of recordings."""
        return self.folder / "recordings"

    @property
    def settings(self) -> Path:
        """The person's own settings; the file may be missing."""
        return self.folder / "settings.toml"

    @property
    def exercises(self) -> Path:
        """The person's own exercises; the file may be missing."""
        return self.folder / "exercises.toml"

    @property
    def backups(self) -> Path:
        """The folder of automatic backups; it may be missing."""
        return self.folder / "backups"

    @property
    def simulated(self) -> "Home":
        """A home of its own within this one for simulated sessions: they never mix with a person's."""
        return Home(self.folder / "simulated")

    def create(self) -> None:
        """Make the folders where they are missing.

        Raises:
            StorageError: they cannot be made.
        """
        try:
            self.folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            self.recordings.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"the folder {self.folder} cannot be made: {error.strerror}",
                advice=f"Choose another folder with the environment variable {HOME_VARIABLE}.",
                path=str(self.folder),
            ) from error


def home_from_environment() -> Home:
    """The folder that TRACKER_HOME names, else `.tracker` in the user's home folder.

    TRACKER_DATABASE names a database elsewhere, for example postgresql://user@host/name.
    """
    folder = Path(os.environ.get(HOME_VARIABLE) or _DEFAULT_HOME).expanduser().absolute()
    return Home(folder, os.environ.get(DATABASE_VARIABLE) or None)


def shipped_text(name: str) -> str:
    """A shipped default, for example `exercises.toml`: from the installed package, else the source tree."""
    installed = importlib.resources.files("tracker") / "_shipped_config" / name
    if installed.is_file():
        return installed.read_text(encoding="utf-8")
    return (Path(__file__).parent.parent / "config" / name).read_text(encoding="utf-8")


def own_text(path: Path) -> str | None:
    """A person's own settings file; None where there is none.

    Raises:
        StorageError: it is there but cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"{path} cannot be read: {error}", advice="Check the file and its permissions.", path=str(path)
        ) from error
