"""Fixtures of a home with a week of simulated sessions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_homes import default_of, place_in
from history_home import write_history

from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person


@pytest.fixture(scope="session")
def week_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with some simulated sessions; to be copied."""
    folder = tmp_path_factory.mktemp("week")
    write_history(folder, 1)
    return folder


@pytest.fixture
def place(week_home: Path, tmp_path: Path) -> Workplace:
    """A home of one's own with some simulated sessions."""
    shutil.copytree(week_home, tmp_path / "home")
    return place_in(tmp_path / "home")


@pytest.fixture
def database(place: Workplace) -> Iterator[Database]:
    with place.database() as database:
        yield database


@pytest.fixture
def person(database: Database) -> Person:
    return default_of(database)
