"""CSV files of other programs as text: their encoding, their header, where a fault is."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tracker.errors import InputError
from tracker.recording.files import open_input

_MAX_HEADER_CHARS = 10_000
_SHOWN_CHARS = 40
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)

_COMMAS_AND_POINTS = "Save it with commas between the values and decimal points in the numbers."


@dataclass(frozen=True, slots=True)
class CsvFault:
    """Where in a file something is wrong; makes the error that says so."""

    path: Path
    line: int | None = None
    column: str | None = None

    def error(self, what: str, advice: str) -> InputError:
        """The error for a person: file, line and column, then what is wrong there."""
        place = str(self.path)
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        return InputError(
            f"{place}: {what}", advice=advice, path=str(self.path), line=self.line, column=self.column
        )


@contextmanager
def open_csv(path: Path) -> Iterator[tuple[TextIO, io.BufferedReader, int]]:
    """A file as UTF-8 text, with its bytes beneath and its size; a byte order mark is skipped.

    Raises:
        InputError: it cannot be read; or, while it is read, it is no UTF-8.
    """
    binary, size = open_input(path)
    with binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline=None) as text:
        try:
            yield text, binary, size
        except UnicodeDecodeError as error:
            raise _not_utf8(path) from error
        except OSError as error:
            raise CsvFault(path).error(
                f"it cannot be read to its end ({error.strerror or error})", "Copy it to another disk first."
            ) from error


def _not_utf8(path: Path) -> InputError:
    advice = "Save it as CSV in UTF-8."
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return CsvFault(path).error("it is UTF-16 text and not UTF-8", advice)
            try:
                line.decode()
            except UnicodeDecodeError:
                return CsvFault(path, number).error("this is no UTF-8 text", advice)
    return CsvFault(path).error("it is no UTF-8 text", advice)


def read_header(
    text: TextIO, path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, int]:
    """Read the line of column names; returns the place of each column. Any order will do.

    Args:
        columns: those that must be there.
        optional: those that may be there besides.

    Raises:
        InputError: the file is empty, or a column is missing, unknown or twice there.
    """
    line = text.readline(_MAX_HEADER_CHARS)
    wanted = ",".join(columns) + (f"; it may have {','.join(optional)} besides" if optional else "")
    if not line.strip():
        what = "the first line has no column names" if line else "the file is empty"
        raise CsvFault(path).error(what, f"The first line must be {wanted}.")
    names = [name.strip() for name in split_line(line, CsvFault(path, 1))]
    if len(names) == 1 and (";" in line or "\t" in line):
        between = "semicolons" if ";" in line else "tabs"
        raise CsvFault(path, 1).error(f"there are {between} between the columns", _COMMAS_AND_POINTS)
    missing = [name for name in columns if name not in names]
    extra = [name for name in names if name not in columns and name not in optional]
    twice = sorted({name for name in names if name not in extra and names.count(name) > 1})
    faults = [
        f"{what} {', '.join(_shown(name) for name in found[:10])}"
        for what, found in (("missing:", missing), ("not expected:", extra), ("more than once:", twice))
        if found
    ]
    if faults:
        raise CsvFault(path, 1).error(
            f"the columns are not as they must be ({'; '.join(faults)})", f"The first line must be {wanted}."
        )
    return {name: place for place, name in enumerate(names)}


def split_line(line: str, fault: CsvFault) -> list[str]:
    """The values of a line.

    Raises:
        InputError: quotation marks that do not fit.
    """
    try:
        return next(csv.reader([line.rstrip("\n")], strict=True, skipinitialspace=True), [])
    except csv.Error as error:
        raise fault.error(f"it cannot be taken apart ({error})", "Check the quotation marks.") from error


def check_width(values: Sequence[str], line: str, expected: int, fault: CsvFault) -> None:
    """Refuse a line with another number of values than there are columns.

    Raises:
        InputError: with the advice that fits the likely cause.
    """
    if len(values) == expected:
        return
    advice = "Every line must have one value in each column."
    if ";" in line or len(values) == 2 * expected:
        advice = _COMMAS_AND_POINTS
    raise fault.error(f"there are {len(values)} values in place of {expected}", advice)


def parse_number(text: str, fault: CsvFault) -> float:
    """A finite number.

    Raises:
        InputError: it is empty, text, or not finite.
    """
    value = text.strip()
    if _NUMBER.fullmatch(value):
        number = float(value)
        if abs(number) != float("inf"):
            return number
    if not value:
        raise fault.error("the value is missing", "Every line must have one value in each column.")
    if _NUMBER.fullmatch(value) or _NOT_FINITE.fullmatch(value):
        raise fault.error(f"{_shown(value)} is not a finite number", "Leave lines without a measurement out.")
    advice = _COMMAS_AND_POINTS if "," in value else "Only numbers may stand here, without units."
    raise fault.error(f"{_shown(value)} is not a number", advice)


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN_CHARS else value[:_SHOWN_CHARS] + "...")
