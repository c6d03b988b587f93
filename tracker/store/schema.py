"""Brings a database's tables to this version of the program, and refuses those of a newer one."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table

from tracker.errors import DatabaseError
from tracker.store.dialects import dangling_tables, lock_schema

if TYPE_CHECKING:
    from alembic.config import Config

# Known here too, since asking alembic costs a third of a second; a test compares with the scripts.
REVISIONS = ("0001", "0002", "0003", "0004")
HEAD = REVISIONS[-1]

_SCRIPTS = Path(__file__).parent / "migrations"
STAMP = table("alembic_version", column("version_num"))
"""Where alembic keeps the revision."""


def stored_revision(connection: Connection, name: str) -> str | None:
    """The revision of the tables; None in an empty database.

    Raises:
        DatabaseError: the tables are another program's, or made by a newer version of this one.
    """
    tables = inspect(connection).get_table_names()
    if STAMP.name not in tables:
        if tables:
            raise DatabaseError(
                f"the database {name} belongs to another program",
                advice="Give another file, or an empty database.",
                database=name,
                tables=sorted(tables),
            )
        return None
    revision: str | None = connection.execute(select(STAMP.c.version_num)).scalar()
    if revision is not None and revision not in REVISIONS:
        raise DatabaseError(
            f"the database {name} was made by a newer version of this program",
            advice="Install the newest version, or give another database; this one was left untouched.",
            database=name,
            revision=revision,
        )
    return revision


def upgrade(
    connection: Connection, name: str, revision: str = HEAD, *, protect: Callable[[str], None] | None = None
) -> None:
    """Create or change the tables within the transaction of `Database.migrate`: all of it, or nothing.

    Args:
        protect: called with the old revision before tables that hold anything are changed; what it raises
            leaves them unchanged.

    Raises:
        DatabaseError: as `stored_revision`.
    """
    lock_schema(connection)
    # Another process may have been first while this one waited for the lock.
    stored = stored_revision(connection, name)
    if stored == revision:
        return
    if protect is not None and stored is not None:
        protect(stored)
    from alembic import command

    command.upgrade(alembic_config(connection), revision)


def refuse_dangling_rows(connection: Connection, name: str) -> None:
    """Refuse tables whose rows refer to rows that are not there.

    Raises:
        DatabaseError: names the tables.
    """
    if tables := dangling_tables(connection):
        raise DatabaseError(
            f"the database {name} is damaged: rows of {', '.join(tables)} belong to nothing",
            advice="Nothing was changed. Restore a copy, or give another database and replay the recordings.",
            database=name,
            tables=tables,
        )


def alembic_config(connection: Connection) -> "Config":
    """How alembic finds the scripts and uses a connection of `Database.migrate`; needs no ini file."""
    from alembic.config import Config

    config = Config()
    # Alembic interpolates its options, so that a percent sign must be doubled.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
