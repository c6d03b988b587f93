"""The migrations make the tables that the program speaks of, and queries find their way by index."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres_server import new_database
from sqlalchemy import Connection, Select, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from store_samples import STARTED_AT, analysis, begin

from tracker.errors import DatabaseError
from tracker.store.analyses import save_analysis
from tracker.store.database import Database, open_database
from tracker.store.schema import HEAD, REVISIONS, alembic_config, stored_revision
from tracker.store.spans import (
    alignment_query,
    rest_test_query,
    session_query,
    sessions_within,
    set_query,
    told_query,
)
from tracker.store.tables import Table


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "tracker.db") if request.param == "sqlite" else new_database()


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    with open_database(location) as opened:
        yield opened


def test_the_known_revisions_are_those_of_the_scripts(database: Database) -> None:
    with database.read() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
        assert stored_revision(connection, database.name) == HEAD
    assert tuple(one.revision for one in scripts.walk_revisions())[::-1] == REVISIONS


def test_migrated_tables_equal_the_models(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_down_to_nothing_and_up_again(location: str) -> None:
    with open_database(location) as database, database.migrate() as connection:
        command.downgrade(alembic_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with open_database(location) as database:
        with database.write() as connection:
            save_analysis(connection, begin(connection), analysis())
        with database.read() as connection:
            assert stored_revision(connection, database.name) == HEAD


def test_a_newer_version_s_database_is_refused_and_left_alone(location: str) -> None:
    with open_database(location) as database:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            session_id = begin(connection)
        with pytest.raises(DatabaseError, match="newer version") as refusal:
            open_database(location)
        with database.read() as connection:
            assert connection.execute(text("SELECT id FROM session")).scalars().all() == [session_id]
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    assert "\n" not in refusal.value.message
    assert "newest version" in refusal.value.advice


def test_another_program_s_database_is_refused(location: str) -> None:
    with open_database(location) as database, database.migrate() as connection:
        command.downgrade(alembic_config(connection), "base")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE TABLE bookmarks (id INTEGER)"))
    with pytest.raises(DatabaseError, match="another program"):
        open_database(location)


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(DatabaseError) as refusal, database.write() as connection:
        connection.execute(
            text("INSERT INTO recording (session_id, path) VALUES (:id, :path)"), {"id": 5, "path": "x"}
        )
    assert isinstance(refusal.value.__cause__, IntegrityError)


def test_a_deleted_session_leaves_nothing_behind(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis())
        connection.execute(text("DELETE FROM session WHERE id = :id"), {"id": session_id})
        for table in ("recording", "analysis", "analysis_sensor", "exercise_set", "repetition", "rest_test"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608


def query_plan(connection: Connection, query: Select[*tuple[object, ...]]) -> list[str]:
    compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]


@pytest.mark.parametrize("analyzed", [False, True])
def test_a_week_is_found_by_index(tmp_path: Path, analyzed: bool) -> None:
    within = sessions_within(1, STARTED_AT, STARTED_AT + timedelta(days=7))
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            for day in range(60):
                session_id = begin(connection, started_at=STARTED_AT + timedelta(days=day))
                save_analysis(connection, session_id, analysis())
            if analyzed:
                connection.execute(text("ANALYZE"))
        with database.read() as connection:
            plans = {
                name: query_plan(connection, query)
                for name, query in {
                    "sessions": session_query(within),
                    "sets": set_query(within),
                    "rest tests": rest_test_query(within),
                    "alignments": alignment_query(within),
                    "told sets": told_query(within),
                }.items()
            }
    for name, plan in plans.items():
        assert not [step for step in plan if step.startswith("SCAN")], (name, plan)
        assert any("session USING INDEX ix_session_week" in step for step in plan), (name, plan)
    assert any("exercise_set USING COVERING INDEX ix_exercise_set_week" in step for step in plans["sets"]), (
        plans
    )


def test_opening_a_known_database_does_not_import_alembic(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    open_database(path).close()
    program = (
        "import sys; from tracker.store.database import open_database\n"
        f"open_database({str(path)!r}).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_values_need_no_database_library() -> None:
    program = (
        "import sys, tracker.store, tracker.store.values, tracker.store.recorder\n"
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
