"""A set that was paused and went on counts once in a week, with all that was done of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from week_samples import BERLIN, WEEK, Diary, on, training

from tracker.model import GOES_ON, Side
from tracker.progress.adherence import adherence_of
from tracker.store.corrections import FieldEdit, edit_session
from tracker.store.database import Database, open_database
from tracker.store.revisions import Field
from tracker.store.spans import week_rows

EXERCISE = "supine_in_toeing"
LEGS = (Side.LEFT, Side.RIGHT)
PARTS = ((10, False), (4, False), (3, True), (3, True), (10, False))
"""Valid repetitions of each part, and whether it goes on: three sets of ten, one of them paused twice."""


def paused_session(database: Database) -> int:
    """A session with these parts, both legs at once."""
    sets = tuple(
        replace(
            training(EXERCISE, side, reps),
            start_s=100.0 * number,
            end_s=100.0 * number + 60.0,
            flags=(GOES_ON,) if goes_on else (),
        )
        for number, (reps, goes_on) in enumerate(PARTS, start=1)
        for side in LEGS
    )
    return Diary(database).add(on(1), sets=sets)


def counted(database: Database) -> tuple[int, int]:
    """Sets of both legs and their valid repetitions in the week."""
    with database.read() as connection:
        person = Diary(database).person
        rows = week_rows(connection, person.person_id, *WEEK.span(BERLIN))
    (done,) = adherence_of(rows, None).exercises
    return done.sets, done.valid_reps


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [((), (6, 60)), ((2,), (6, 52)), ((2, 3), (6, 46)), ((3,), (8, 54)), ((2, 3, 4), (4, 40))],
)
def test_a_week_counts_a_paused_set_once(
    tmp_path: Path, left_out: tuple[int, ...], expected: tuple[int, int]
) -> None:
    """What goes on with a part that was left out stands alone."""
    with open_database(tmp_path / "tracker.db") as database:
        session_id = paused_session(database)
        edits = [FieldEdit(Field.LEFT_OUT, "yes", number, side) for number in left_out for side in LEGS]
        if edits:
            with database.write() as connection:
                edit_session(connection, session_id, edits, reason="it was none")
        assert counted(database) == expected
