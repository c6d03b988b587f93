"""A database whose file is replaced while the program goes on."""

import threading
from pathlib import Path

import pytest

from tracker.errors import DatabaseError
from tracker.store.database import open_database
from tracker.store.database_users import DatabaseUsers
from tracker.store.persons import add_person, list_persons

ENDS_S = 10.0


def test_after_it_the_file_at_the_same_place_is_met(tmp_path: Path) -> None:
    with open_database(tmp_path / "other.db") as other, other.write() as connection:
        add_person(connection, "restored", time_zone="UTC")
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            add_person(connection, "before", time_zone="UTC")
        with database.kept_closed():
            (tmp_path / "other.db").replace(tmp_path / "tracker.db")
        with database.read() as connection:
            assert [one.name for one in list_persons(connection)] == ["restored"]


def test_who_comes_meanwhile_waits_and_meets_what_is_new(tmp_path: Path) -> None:
    with open_database(tmp_path / "other.db") as other, other.write() as connection:
        add_person(connection, "restored", time_zone="UTC")
    met: list[str] = []
    with open_database(tmp_path / "tracker.db") as database:

        def look() -> None:
            with database.read() as connection:
                met.extend(one.name for one in list_persons(connection))

        with database.kept_closed():
            looking = threading.Thread(target=look)
            looking.start()
            looking.join(0.05)
            assert met == []
            assert looking.is_alive()
            (tmp_path / "other.db").replace(tmp_path / "tracker.db")
        looking.join(ENDS_S)
    assert met == ["restored"]


def test_a_transaction_within_another_never_waits_for_who_waits_for_it(tmp_path: Path) -> None:
    closed = threading.Event()
    with open_database(tmp_path / "tracker.db") as database:

        def close() -> None:
            with database.kept_closed():
                closed.set()

        with database.read():
            closing = threading.Thread(target=close)
            closing.start()
            closing.join(0.05)
            with database.read() as connection:
                assert list_persons(connection) == ()
            assert not closed.is_set()
        closing.join(ENDS_S)
    assert closed.is_set()


def test_what_does_not_end_is_told_and_holds_back_nobody() -> None:
    users = DatabaseUsers()
    refused: list[DatabaseError] = []

    def hold() -> None:
        try:
            with users.none("it", 0.02):
                raise AssertionError("it is used")
        except DatabaseError as error:
            refused.append(error)

    with users.one():
        holding = threading.Thread(target=hold)
        holding.start()
        holding.join(ENDS_S)
    assert [one.message for one in refused] == ["the database it is in use"]
    with users.one(), pytest.raises(DatabaseError), users.none("it", 0.0):
        raise AssertionError("its own use is one, too")
