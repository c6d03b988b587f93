"""A server that refuses, waits or goes away: one line that says so."""

import pytest
from postgres_server import new_database
from sqlalchemy import text

from tracker.errors import DatabaseError
from tracker.store.database import open_database


def as_user(address: str, user: str) -> str:
    return address.replace("tester", user)


def test_an_unknown_user_is_named_and_the_password_is_not() -> None:
    with pytest.raises(DatabaseError, match=r'cannot be reached.*"stranger"') as refusal:
        open_database(as_user(new_database(), "stranger:secret"))
    assert "\n" not in refusal.value.message
    assert "secret" not in refusal.value.message + str(refusal.value.data)


def test_missing_rights_are_named() -> None:
    address = new_database()
    with open_database(address) as database:
        with database.write() as connection:
            connection.execute(text("CREATE ROLE poor LOGIN"))
        with pytest.raises(DatabaseError, match="forbids this"):
            open_database(as_user(address, "poor"))


def test_a_lock_is_waited_for_and_then_named() -> None:
    address = new_database()
    with (
        open_database(address) as database,
        open_database(address, busy_timeout_s=0.1) as waiting,
        database.write() as connection,
    ):
        connection.execute(text("LOCK TABLE person"))
        with pytest.raises(DatabaseError, match="locked by another program"), waiting.write() as other:
            other.execute(text("SELECT * FROM person"))


def test_a_connection_that_the_server_ends_is_named_and_the_next_one_works() -> None:
    with open_database(new_database()) as database:
        with pytest.raises(DatabaseError, match="ended the connection"), database.read() as connection:
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar()
            with database.write() as other:
                other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
            connection.execute(text("SELECT 1"))
        with database.read() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
