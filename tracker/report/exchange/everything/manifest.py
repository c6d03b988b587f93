"""What an archive says of itself: versions, tables, and size and SHA-256 of every entry."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.report.exchange.everything.rows import MAX_INTEGER, CellKind
from tracker.report.exchange.formats import LeftOut

KIND = "hip-rotation-tracker everything"
ARCHIVE_VERSION = 1
"""Raised when an older program could not read the archive any more."""

MAX_BYTES = 64 << 20
"""More than a manifest of a hundred thousand recordings has."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """Size and hash of one entry, unpacked."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableFacts:
    """How many rows a table has, and the kinds of its columns by their names."""

    rows: int
    columns: Mapping[str, CellKind]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A recording that lay outside the home, at `path`."""

    recording_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that an archive says of itself.

    Attributes:
        schema_revision: of the database's tables.
        elsewhere: recordings from outside the home, by their entries.
        unfinished: ids of sessions that were being recorded: their recordings go as far as they had come.
        left_out: what is not in the archive, and why.
    """

    program_version: str
    analysis_version: str
    schema_revision: str
    tables: Mapping[str, TableFacts]
    entries: Mapping[str, Entry]
    elsewhere: Mapping[str, Elsewhere]
    unfinished: tuple[int, ...]
    left_out: tuple[LeftOut, ...]

    def to_json(self) -> bytes:
        """As it stands in the archive; names of files that are no text are escaped as JSON has it."""
        document = {
            "archive": KIND,
            "archive_version": ARCHIVE_VERSION,
            "program_version": self.program_version,
            "analysis_version": self.analysis_version,
            "schema_revision": self.schema_revision,
            "tables": {
                name: {"rows": one.rows, "columns": dict(one.columns)} for name, one in self.tables.items()
            },
            "entries": {
                name: {"bytes": one.size_bytes, "sha256": one.sha256} for name, one in self.entries.items()
            },
            "elsewhere": {
                name: {"recording_id": one.recording_id, "path": one.path}
                for name, one in self.elsewhere.items()
            },
            "unfinished_sessions": list(self.unfinished),
            "left_out": [{"what": one.what, "reason": one.reason} for one in self.left_out],
        }
        return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """The manifest that a text is.

        Raises:
            ValueError: it is none.
            NewerArchiveError: a newer program made it.
        """
        try:
            document = json.loads(text)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        fields = _object(document)
        if fields.get("archive") != KIND:
            raise ValueError("it is no manifest of this program")
        if _integer(fields.get("archive_version")) > ARCHIVE_VERSION:
            raise NewerArchiveError(_text(fields.get("program_version")))
        return cls(
            program_version=_text(fields.get("program_version")),
            analysis_version=_text(fields.get("analysis_version")),
            schema_revision=_text(fields.get("schema_revision")),
            tables={name: _table(one) for name, one in _object(fields.get("tables")).items()},
            entries={name: _entry(one) for name, one in _object(fields.get("entries")).items()},
            elsewhere={name: _elsewhere(one) for name, one in _object(fields.get("elsewhere")).items()},
            unfinished=tuple(map(_integer, _list(fields.get("unfinished_sessions")))),
            left_out=tuple(map(_left_out, _list(fields.get("left_out")))),
        )


class NewerArchiveError(ValueError):
    """A newer version of the program made the archive; its text is that version."""


def _table(value: object) -> TableFacts:
    fields = _object(value)
    columns = {name: CellKind(_text(kind)) for name, kind in _object(fields.get("columns")).items()}
    return TableFacts(_integer(fields.get("rows")), columns)


def _entry(value: object) -> Entry:
    fields = _object(value)
    digest = _text(fields.get("sha256"))
    if not _HASH.fullmatch(digest):
        raise ValueError("a hash is none")
    return Entry(_integer(fields.get("bytes")), digest)


def _elsewhere(value: object) -> Elsewhere:
    fields = _object(value)
    return Elsewhere(_integer(fields.get("recording_id")), _text(fields.get("path")))


def _left_out(value: object) -> LeftOut:
    fields = _object(value)
    return LeftOut(_text(fields.get("what")), _text(fields.get("reason")))


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_INTEGER:
        raise ValueError("a number is missing")
    return value
