"""A set that was paused and went on is one set for the plan: neither more than was done, nor less."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from plan_bench import CATALOGUE, ZONE, PlanBench, counted_set, sets_of

from tracker.app.operations.session_list import sessions_page
from tracker.model import GOES_ON, Band, ExerciseSet, SessionFelt, SetFelt, Side
from tracker.plan.observed import ObservedSession, sets_of_leg
from tracker.session.plan_observation import observed_sessions
from tracker.store.bands import add_band
from tracker.store.corrections import FieldEdit, edit_session
from tracker.store.database import open_database
from tracker.store.felt import save_set_felt
from tracker.store.persons import get_or_create_person
from tracker.store.plan_sets import PlanSession
from tracker.store.revisions import Field
from tracker.store.sessions import read_session

EXERCISE = "seated_internal_rotation"
LEGS = (Side.LEFT, Side.RIGHT)
BROKEN_OFF = (4, -8, 12, 12)
"""Repetitions of each part; below zero: that many, of a set that goes on."""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PlanBench]:
    """A plan that asks for three sets of up to twelve."""
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        yield PlanBench.begun(connection)


def parts(*valid: int) -> tuple[ExerciseSet, ...]:
    """Sets of both legs; those that go on are below zero."""
    return tuple(
        replace(counted_set(EXERCISE, side, number, abs(reps)), flags=(GOES_ON,) if reps < 0 else ())
        for number, reps in enumerate(valid, start=1)
        for side in LEGS
    )


def observed(bench: PlanBench, session_id: int) -> ObservedSession:
    """What the rules look at."""
    session = read_session(bench.connection, session_id)
    seen = PlanSession(session_id, session.started_at, simulated=False)
    grown = next(one for one in bench.plan.grown().prescriptions if one.prescription.exercise == EXERCISE)
    found = observed_sessions(bench.connection, bench.person_id, [seen], [grown.prescription])
    return found[grown.prescription.name][0]


def counted(session: ObservedSession) -> list[list[int]]:
    """Valid repetitions of the sets of each leg."""
    return [[one.valid_reps for one in sets_of_leg(session.sets, leg)] for leg in LEGS]


@pytest.mark.parametrize(
    ("valid", "whole"),
    [
        (BROKEN_OFF, [12, 12, 12]),
        ((12, 4, -5, -3, 12), [12, 12, 12]),
        ((4, -8, 12), [12, 12]),
        # paused before the first repetition
        ((0, -12, 12), [12, 12]),
        # broken off, and never taken up again
        ((12, 4), [12, 4]),
    ],
)
def test_the_parts_of_a_paused_set_are_one_set(
    bench: PlanBench, valid: tuple[int, ...], whole: list[int]
) -> None:
    assert counted(observed(bench, bench.train(0, parts(*valid)))) == [whole, whole]


def test_three_sets_with_a_pause_in_one_are_three_and_make_the_exercise_grow_as_three_do(
    bench: PlanBench,
) -> None:
    for day in (0, 2, 4):
        bench.trained(day, parts(*BROKEN_OFF))
    paused = bench.waiting
    assert ("seated", "harder") in paused


def test_two_sets_with_a_pause_in_one_are_not_told_as_three(bench: PlanBench) -> None:
    verdicts = bench.review(bench.train(0, parts(4, -8, 12)))
    reasons = [one.reason for one in verdicts]
    assert [one for one in reasons if "2 of 3 sets were done" in one], reasons


def test_what_was_said_of_either_part_is_said_of_the_set(bench: PlanBench) -> None:
    session_id = bench.train(0, parts(*BROKEN_OFF), felt=None)
    for number, felt in enumerate(
        (SetFelt(pain=1), SetFelt(pain=3, effort=6), SetFelt(pain=0), SetFelt(pain=2)), start=1
    ):
        save_set_felt(bench.connection, session_id, number, felt)
    first, *_ = sets_of_leg(observed(bench, session_id).sets, Side.LEFT)
    assert (first.pain, first.effort, len(first.pelvis_shares)) == (3, 6, 12)


def test_a_set_whose_pain_was_told_after_the_pause_alone_is_told_of(bench: PlanBench) -> None:
    session_id = bench.train(0, parts(*BROKEN_OFF), felt=SessionFelt())
    for number in (2, 3, 4):
        save_set_felt(bench.connection, session_id, number, SetFelt(pain=1))
    assert observed(bench, session_id).pain_is_known


def test_another_band_after_the_pause_is_another_set(bench: PlanBench) -> None:
    session_id = bench.train(0, parts(4, -8))
    for number, colour in ((1, "red"), (2, "green")):
        band = Band(None, "TheraBand", colour, 0.3, is_loop=True, force_100_n=20.0, force_200_n=30.0)
        band_id = add_band(bench.connection, bench.person_id, band)
        save_set_felt(bench.connection, session_id, number, SetFelt(band_id=band_id))
    session = observed(bench, session_id)
    assert counted(session) == [[4, 8]] * 2
    assert session.band_colours == {"red", "green"}


@pytest.mark.parametrize(
    ("field", "value", "sets"), [(Field.LEFT_OUT, "yes", 4), (Field.EXERCISE, "supine_in_toeing", 6)]
)
def test_what_follows_a_part_that_counts_no_more_stands_alone(
    bench: PlanBench, field: Field, value: str, sets: int
) -> None:
    session_id = bench.train(0, parts(4, -8, 12))
    edits = [FieldEdit(field, value, 1, leg) for leg in LEGS]
    edit_session(bench.connection, session_id, edits, reason="it was none")
    assert counted(observed(bench, session_id)) == [[8, 12]] * 2
    assert read_session(bench.connection, session_id).sets == sets


def test_a_leg_that_rested_does_not_change_the_others_sets(bench: PlanBench) -> None:
    left = tuple(one for one in parts(4, -8) if one.side is Side.LEFT)
    right = tuple(replace(one, repetitions=()) for one in parts(4, -8) if one.side is Side.RIGHT)
    session = observed(bench, bench.train(0, left + right))
    assert [one.valid_reps for one in session.done] == [12]


def test_lists_of_sessions_count_it_once(tmp_path: Path) -> None:
    with open_database(tmp_path / "tracker.db") as database:
        with database.write() as connection:
            bench = PlanBench.begun(connection)
            session_id = bench.train(0, parts(*BROKEN_OFF))
            whole_id = bench.train(1, sets_of(EXERCISE, 12, 12, 12))
            listed = [read_session(connection, one) for one in (session_id, whole_id)]
            assert [(one.sets, one.valid_reps) for one in listed] == [(6, 72)] * 2
            person = get_or_create_person(connection, time_zone=ZONE)
        page = sessions_page(database, person, CATALOGUE)
    done = [one for session in page.sessions for one in session.done]
    assert [(one.sets, one.valid_reps) for one in done] == [(3, 72)] * 2
