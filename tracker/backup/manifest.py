"""What a backup says of itself."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from tracker.backup.tar_stream import Member, refuse
from tracker.errors import InputError

FORMAT: Final = 1
ABOUT: Final = "about.json"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "tracker.db.zst"
KEY: Final = "key.age"
PAYLOAD: Final = "payload.tar.age"
RECORDINGS: Final = "recordings/"

_MAX_ABOUT_BYTES = 1 << 12
_MAX_MANIFEST_BYTES = 1 << 27
"""Some 150 bytes a recording: a million of them."""


@dataclass(frozen=True, slots=True)
class About:
    """The first that is read of a backup."""

    format: int = FORMAT
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One member.

    Attributes:
        closed: false for a recording that was being written, or whose recorder was killed.
        was: for a recording from outside the folder, the path where it lay.
    """

    name: str
    size: int
    sha256: str
    closed: bool = True
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The last that is read of a backup.

    Attributes:
        program: version that made it.
        created_at: UTC, ISO 8601.
        with_recordings: false where recordings were left out.
        revision: the database's schema.
        counts: rows of each table.
        database_size, database_sha256: of the unpacked database.
        entries: all members before this one, in their order.
    """

    program: str
    created_at: str
    with_recordings: bool
    revision: str | None
    counts: dict[str, int]
    database_size: int
    database_sha256: str
    entries: tuple[Entry, ...]

    @property
    def recordings(self) -> tuple[Entry, ...]:
        """Those members that are recordings."""
        return tuple(entry for entry in self.entries if entry.name.startswith(RECORDINGS))


def about_bytes(about: About) -> bytes:
    """As it stands in the file."""
    return _json_bytes(asdict(about))


def manifest_bytes(manifest: Manifest) -> bytes:
    """As it stands in the file: with a hash of itself, since nothing after it could hold one."""
    document = asdict(manifest)
    return _json_bytes({**document, "sha256": hashlib.sha256(_json_bytes(document)).hexdigest()})


def read_about(member: Member) -> About:
    """The first member of a backup.

    Raises:
        InputError: it is none, or of a newer version.
    """
    if member.name != ABOUT or member.size > _MAX_ABOUT_BYTES:
        refuse("it begins with something else")
    data = member.read()
    if (made_as := _from_json(_Format, data).format) > FORMAT:
        raise InputError(
            "this backup was made by a newer version of this program",
            advice="Install the newest version; nothing was changed.",
            format=made_as,
        )
    about = _from_json(About, data)
    if about_bytes(about) != data:
        refuse("it is damaged")
    return about


def read_manifest(member: Member) -> Manifest:
    """The last member of a backup.

    Raises:
        InputError: it is damaged.
    """
    if member.size > _MAX_MANIFEST_BYTES:
        refuse("its list of contents is too long")
    data = member.read()
    manifest = _from_json(Manifest, data)
    # Its own hash is compared with it: it is made anew here.
    if manifest_bytes(manifest) != data:
        refuse("it is damaged")
    return manifest


def _json_bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


@dataclass(frozen=True, slots=True)
class _Format:
    """What any version of the program can read of a backup."""

    format: int


_Kind = TypeVar("_Kind", _Format, About, Manifest)


def _from_json(kind: type[_Kind], data: bytes) -> _Kind:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(data)
    except (ValidationError, ValueError):
        refuse("it is damaged")
