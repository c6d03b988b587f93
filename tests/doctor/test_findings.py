"""What a look says, and the exit code of many."""

from tracker.doctor.findings import Finding, State, exit_code_of, looked_at, noted, ok, wrong
from tracker.errors import DatabaseError, StorageError


def test_an_error_is_what_is_wrong_with_its_advice_and_exit_code() -> None:
    def look() -> Finding:
        raise StorageError("the disk is full", advice="Make room.")

    found = looked_at("disk", look)
    assert found == Finding("disk", State.WRONG, "the disk is full", "Make room.", 6)


def test_the_exit_code_is_that_of_the_first_that_is_wrong() -> None:
    fine, note = ok("program", "1"), noted("disk", "small", "Make room.")
    disk = wrong("disk", StorageError("full", advice="Make room."))
    database = wrong("database", DatabaseError("damaged", advice="Restore it."))
    assert exit_code_of([fine, note]) == 0
    assert exit_code_of([fine, note, disk, database]) == 6
    assert exit_code_of([database, disk]) == 7
