"""What a table of an export consists of: the one definition behind its files and their description."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select

from tracker.report.exchange.selection import Days, Selection

Value = int | float | bool | str | datetime | date | tuple[str, ...] | None
AnySelect = Select[*tuple[Any, ...]]

# The databases take some ten thousand values in one query; a session has some hundred rows.
_SESSIONS_AT_ONCE = 500


class Kind(StrEnum):
    """Type of a column."""

    INTEGER = "integer"
    NUMBER = "number"
    """Double precision."""
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    """An instant, UTC."""
    DAY = "day"
    """A day of the calendar."""
    WORDS = "words"
    """A list of words."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: ends with the unit where there is one.
        unit: SI or `deg`; None where it has none.
        missing: what it means where nothing stands there; None: something always does.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class TidyTable:
    """One table: a row for each thing, a column for each property.

    Attributes:
        name: of its file, without suffix.
        meaning: what one row is.
        of_sessions: query of the rows of some sessions, by their ids; its columns are named as here.
        of_person: query of the rows that belong to the person and not to a session.
        by_days: the rows of the person belong to days: there are none where sessions were named one by one.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    of_sessions: Callable[[Sequence[int]], AnySelect] | None = None
    of_person: Callable[["PersonScope"], AnySelect] | None = None
    by_days: bool = True

    def rows(self, connection: Connection, selection: Selection) -> Iterator[tuple[Value, ...]]:
        """The rows of a selection, values in the order of the columns."""
        for query in self._queries(selection):
            found = connection.execute(query)
            place_of = {name: place for place, name in enumerate(found.keys())}
            parts = [(place_of[column.name], _VALUE_OF[column.kind]) for column in self.columns]
            for row in found:
                yield tuple(
                    None if (stored := row[place]) is None else value_of(stored) for place, value_of in parts
                )

    def _queries(self, selection: Selection) -> Iterator[AnySelect]:
        ids = selection.session_ids
        if self.of_sessions is not None:
            for first in range(0, len(ids), _SESSIONS_AT_ONCE):
                yield self.of_sessions(ids[first : first + _SESSIONS_AT_ONCE])
        if self.of_person is not None and (selection.days is not None or not self.by_days):
            yield self.of_person(PersonScope.of(selection))


@dataclass(frozen=True, slots=True)
class PersonScope:
    """What of a person belongs to an export besides the sessions.

    Attributes:
        first, last: days; open where None.
        since, until: the same as instants.
        simulated: all of the sessions are simulated, and so is what stands beside them.
    """

    person_id: int
    first: date | None
    last: date | None
    since: datetime | None
    until: datetime | None
    simulated: bool

    @classmethod
    def of(cls, selection: Selection) -> "PersonScope":
        """Open where sessions were named one by one."""
        person, days = selection.person, selection.days or Days()
        since, until = days.instants(ZoneInfo(person.time_zone))
        simulated = bool(selection.sessions) and all(one.simulated for one in selection.sessions)
        return cls(person.person_id, days.first, days.last, since, until, simulated)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _words(text: str) -> tuple[str, ...]:
    return tuple(str(word) for word in json.loads(text))


_VALUE_OF: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.BOOLEAN: bool,
    Kind.TEXT: str,
    Kind.TIME: _utc,
    Kind.DAY: date.fromisoformat,
    Kind.WORDS: _words,
}
"""What the database gave, as the column's kind; of some million values, so by no longer way."""
