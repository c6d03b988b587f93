"""The formats that sessions are exported to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Protocol

from tracker.report.exchange.selection import Selection
from tracker.store.database import Database

Progress = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not exported, and why, both in plain words."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did.

    Attributes:
        files: what was written, relative to the folder that was exported to; the file's own name where one
            file is all.
        left_out: what was not, and why.
        warnings: what the person should know about what was written, in plain words.
    """

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


class Exporter(Protocol):
    """Writes a selection to `out`, which is not there yet: a file or a folder, as the format has it.

    It may leave half of it where it raises: `out` is a temporary name that its caller makes the real one,
    or removes.

    Raises:
        StorageError: it cannot be written.
    """

    def __call__(
        self, database: Database, selection: Selection, out: Path, progress: Progress
    ) -> ExportReport:
        """Write and tell what was written."""
        ...


class Format(StrEnum):
    """What `--to` takes."""

    CSV = "csv"
    PARQUET = "parquet"
    BIDS_MOTION = "bids-motion"
    OPENSIM = "opensim"
    FHIR = "fhir"
    EVERYTHING = "everything"
    """One archive of the whole home, for `tracker import --everything`; it takes no selection."""


_EXPORTERS: dict[Format, tuple[str, str]] = {
    Format.CSV: ("csv_tables", "export_csv"),
    Format.PARQUET: ("parquet_tables", "export_parquet"),
    Format.BIDS_MOTION: ("bids", "export_bids_motion"),
    Format.OPENSIM: ("opensim", "export_opensim"),
    Format.FHIR: ("fhir", "export_fhir"),
}
"""Module of this package and function in it; imported when it is asked for: some need heavy packages."""


def exporter_of(chosen: Format) -> Exporter:
    """The function that writes a format; `EVERYTHING` has none of this kind."""
    module_name, function = _EXPORTERS[chosen]
    exporter: Exporter = getattr(import_module(f"{__package__}.{module_name}"), function)
    return exporter
