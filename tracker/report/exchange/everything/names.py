"""Names of the archive's entries, and where their files go in a home."""

from pathlib import PurePosixPath

MANIFEST = "manifest.json"
README = "README.md"
SCHEMA = "database/schema.json"

_DATABASE = "database/"
_HOME = "home/"
_ELSEWHERE = "elsewhere/"
_RECORDINGS = "recordings"
_ROWS_SUFFIX = ".jsonl"
_TOML_SUFFIX = ".toml"
_BAD_CHARACTERS = frozenset('\\:*?"<>|')
"""Windows keeps no file with them in its name, and takes some of them for a way out of the folder."""


def rows_entry(table: str) -> str:
    """The entry with a table's rows."""
    return f"{_DATABASE}{table}{_ROWS_SUFFIX}"


def table_of_entry(entry: str) -> str | None:
    """The table whose rows an entry has; None for other entries."""
    if entry.startswith(_DATABASE) and entry.endswith(_ROWS_SUFFIX):
        return entry[len(_DATABASE) : -len(_ROWS_SUFFIX)]
    return None


def home_entry(relative: PurePosixPath) -> str | None:
    """The entry of a file of the home; None for one that does not belong into an archive."""
    entry = f"{_HOME}{relative.as_posix()}"
    return entry if file_of_entry(entry) is not None else None


def elsewhere_entry(recording_id: int) -> str:
    """The entry of a recording that lies outside the home."""
    return f"{_ELSEWHERE}{recording_id}.mcap"


def file_of_entry(entry: str) -> PurePosixPath | None:
    """Where the file of an entry goes, relative to the home; None where an entry has no place in it.

    Recordings go into their folder, settings (TOML) beside it; nothing goes anywhere else.
    """
    if entry.startswith(_ELSEWHERE):
        entry = f"{_HOME}{_RECORDINGS}/{entry}"
    if not entry.startswith(_HOME):
        return None
    parts = entry[len(_HOME) :].split("/")
    if not all(map(_is_plain, parts)):
        return None
    if parts[0] == _RECORDINGS and len(parts) > 1:
        return PurePosixPath(*parts)
    if len(parts) == 1 and parts[0].endswith(_TOML_SUFFIX):
        return PurePosixPath(parts[0])
    return None


def _is_plain(name: str) -> bool:
    """True for a name that is one, and the same, in every system's folders."""
    return (
        bool(name)
        and not name.startswith(".")
        and not name.endswith((".", " "))
        and name.isprintable()
        and not _BAD_CHARACTERS.intersection(name)
    )
