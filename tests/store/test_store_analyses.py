"""Analyses come back as they were stored, on SQLite and on PostgreSQL."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import new_database
from sqlalchemy import func, select
from store_samples import STARTED_AT, analysis, begin, exercise_set

from tracker.model import Analysis, Side
from tracker.store.analyses import read_analysis, save_analysis
from tracker.store.database import Database, open_database
from tracker.store.sessions import (
    read_session,
)
from tracker.store.tables import AnalysisTable, RepetitionTable


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    location = tmp_path / "tracker.db" if request.param == "sqlite" else new_database()
    with open_database(location) as opened:
        yield opened


def flat(value: Analysis) -> list[float | str | None]:
    """All numbers and words of an analysis in order, for a comparison within rounding."""
    found: list[float | str | None] = []

    def walk(part: object) -> None:
        if isinstance(part, dict):
            part = tuple(part.values())
        if isinstance(part, (tuple, list)):
            for one in part:
                walk(one)
        elif part is None or isinstance(part, (float, int, str)):
            found.append(part)

    walk(dataclasses.asdict(value))
    return found


def test_an_analysis_comes_back_as_it_was_stored(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        analysis_id = save_analysis(connection, session_id, analysis(), STARTED_AT)
    with database.read() as connection:
        stored = read_analysis(connection, session_id)
    assert stored is not None
    assert (stored.analysis_id, stored.session_id, stored.is_current) == (analysis_id, session_id, True)
    assert stored.created_at == STARTED_AT
    assert flat(stored.analysis) == [
        pytest.approx(one, rel=1e-14) if isinstance(one, float) else one for one in flat(analysis())
    ]
    assert stored.analysis.sensors == analysis().sensors


def test_a_new_analysis_becomes_current_and_the_older_one_stays(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(version="1"))
    with database.write() as connection:
        save_analysis(
            connection, session_id, analysis(version="2", sets=(exercise_set("clamshell", Side.LEFT, 3),))
        )
    with database.read() as connection:
        stored = read_analysis(connection, session_id)
        versions = connection.execute(
            select(AnalysisTable.version, AnalysisTable.is_current).order_by(AnalysisTable.id)
        ).all()
        repetitions = connection.execute(select(func.count(RepetitionTable.id))).scalar_one()
        summary = read_session(connection, session_id)
    assert stored is not None
    assert stored.analysis.version == "2"
    assert [tuple(row) for row in versions] == [("1", False), ("2", True)]
    assert repetitions == 15 + 3
    assert (summary.analysis_version, summary.sets, summary.valid_reps) == ("2", 1, 3)


def test_an_analysis_that_cannot_be_stored_whole_is_not_stored_at_all(database: Database) -> None:
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, analysis(version="1"))
    broken = exercise_set("clamshell", Side.LEFT, 2)
    last = dataclasses.replace(broken.repetitions[1], rom_rad=float("nan"))
    sets = (dataclasses.replace(broken, repetitions=(broken.repetitions[0], last)),)
    with pytest.raises(ValueError, match="not a measured number"), database.write() as connection:
        save_analysis(connection, session_id, analysis(version="2", sets=sets))
    with database.read() as connection:
        stored = read_analysis(connection, session_id)
        count = connection.execute(select(func.count(AnalysisTable.id))).scalar_one()
    assert stored is not None
    assert (stored.analysis.version, count) == ("1", 1)


def test_an_analysis_without_results_is_stored_as_such(database: Database) -> None:
    empty = Analysis("1", "{}", 0.0, (), (), ())
    with database.write() as connection:
        session_id = begin(connection)
        save_analysis(connection, session_id, empty)
    with database.read() as connection:
        stored = read_analysis(connection, session_id)
    assert stored is not None
    assert stored.analysis == empty


def test_angles_are_stored_in_degrees(database: Database) -> None:
    with database.write() as connection:
        save_analysis(connection, begin(connection), analysis())
    with database.read() as connection:
        roms = (
            connection.execute(select(RepetitionTable.rom_deg).order_by(RepetitionTable.id)).scalars().all()
        )
    assert roms[:10] == pytest.approx([30.0] * 8 + [10.0] * 2)
