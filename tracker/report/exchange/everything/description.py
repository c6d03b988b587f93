"""What an archive tells a reader without this program: how to read it, and every table and column."""

import inspect
import json
from collections.abc import Iterable

from sqlalchemy import Table

from tracker import __version__
from tracker.report.exchange.everything.rows import kinds_of
from tracker.store.tables import Table as OwnTable

README_TEXT = f"""\
# All data of one hip-rotation-tracker

Made by hip-rotation-tracker {__version__}. `tracker import --everything` reads it into an empty folder.
Without the program:

- `database/TABLE.jsonl`: the rows of a table, one JSON object a line; `database/schema.json` describes them.
  Angles are degrees, the unit is in the column's name. Numbers read as double precision are exact; `"nan"`,
  `"inf"` and `"-inf"` stand for what JSON has no word for. Times are ISO 8601 in UTC. Bytes are base64.
- `home/recordings/`: the raw recordings, MCAP files (mcap.dev).
- `home/*.toml`: settings, exercises and plans of the person.
- `elsewhere/`: recordings that lay outside the program's folder; `manifest.json` tells where.
- `manifest.json`: versions, counts of rows, size and SHA-256 of every entry, what is not here and why.

Sessions with `simulated` true come from virtual sensors; those with a `deleted_at` were deleted.
"""


def schema_text(tables: Iterable[Table]) -> bytes:
    """Describes tables and columns as JSON."""
    meanings = {
        mapper.local_table.name: inspect.cleandoc(mapper.class_.__doc__ or "")  # type: ignore[attr-defined]
        for mapper in OwnTable.registry.mappers
    }
    document = {
        "tables": {
            table.name: {
                "meaning": meanings.get(table.name, ""),
                "columns": [
                    {
                        "name": column.name,
                        "type": kinds_of(table)[column.name].value,
                        "nullable": bool(column.nullable),
                        "primary_key": column.primary_key,
                        "refers_to": sorted(key.target_fullname for key in column.foreign_keys),
                    }
                    for column in table.columns
                ],
            }
            for table in sorted(tables, key=lambda one: one.name)
        }
    }
    return json.dumps(document, indent=1).encode() + b"\n"
