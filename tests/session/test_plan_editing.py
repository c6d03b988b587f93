"""A plan is written anew while it is on: what was asked for stays, and what had grown stays grown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from plan_bench import CATALOGUE, FELT, LOAD_ALONE, START, PlanBench, at

from tracker.errors import SettingsError, TrackerError, UsageError
from tracker.plan.bands import BandLevel
from tracker.plan.growth import GrownPrescription, Strength
from tracker.plan.prescription import Range
from tracker.session.plan_editing import (
    PrescriptionEdit,
    edit_plan,
    edit_prescription,
    plan_mark,
    plan_text,
)
from tracker.session.plan_targets import keep_targets, prescribed_week, targets_for_day
from tracker.store.database import open_database
from tracker.store.plans import answer_verdict, changes_of, targets_of

RED = BandLevel("red", 125.0)
EDIT = PrescriptionEdit(
    name="seated",
    days_a_week=Range(2, 3),
    sets=Range(3, 3),
    reps=Range(8, 12),
    hold_s=None,
    rest_s=None,
    tempo=None,
    band=RED,
)
NOT_RESTED = replace(EDIT, rest_s=75.0)
MONDAY_AFTER = START + timedelta(days=7)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PlanBench]:
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        yield PlanBench.begun(connection)


def edit(bench: PlanBench, change: PrescriptionEdit, day: int = 7, mark: str | None = None) -> None:
    seen = plan_mark(bench.plan) if mark is None else mark
    edit_prescription(bench.connection, bench.person_id, START, change, seen, CATALOGUE, at(day))


def write(bench: PlanBench, text: str, day: int = 7) -> None:
    edit_plan(bench.connection, bench.person_id, START, text, plan_mark(bench.plan), CATALOGUE, at(day))


def grown(bench: PlanBench, name: str = "seated") -> GrownPrescription:
    one = bench.plan.grown().find(name)
    assert one is not None
    return one


def say_yes(bench: PlanBench) -> None:
    """A yes to the one proposal that waits, on the evening of the third day."""
    (waiting,) = bench.plan.waiting
    assert waiting.verdict_id is not None
    plan_id = bench.plan.stored.plan_id
    answer_verdict(bench.connection, plan_id, waiting.verdict_id, accept=True, at=at(2, 20))


def key_of(error: TrackerError) -> object:
    return error.data["key"]


def test_what_is_changed_holds_from_then_on_and_not_before(bench: PlanBench) -> None:
    first = bench.train(0)
    keep_targets(bench.connection, bench.person_id, first, CATALOGUE)
    kept = targets_of(bench.connection, [first])
    week = prescribed_week(bench.connection, bench.person_id, START, CATALOGUE)
    edit(bench, replace(EDIT, reps=Range(5, 6), sets=Range(2, 4), hold_s=2.0, tempo="2-2-3"))
    assert targets_of(bench.connection, [first]) == kept
    assert prescribed_week(bench.connection, bench.person_id, START, CATALOGUE) == week
    target = targets_for_day(bench.connection, bench.person_id, MONDAY_AFTER, CATALOGUE)[0]
    assert (target.reps_low, target.reps_high, target.sets) == (5, 6, 3)
    assert (target.hold_s, target.tempo) == (2.0, "2-2-3")


def test_the_text_changes_in_the_meant_lines_alone(bench: PlanBench) -> None:
    edit(bench, replace(NOT_RESTED, reps=Range(6, 6)))
    before, after = LOAD_ALONE.split("\n"), plan_text(bench.plan).split("\n")
    assert [line for line in after if line not in before] == ["reps = 6", "rest_s = 75.0"]
    assert [line for line in before if line not in after] == []


def test_a_band_that_had_grown_stays_unless_it_is_changed(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    say_yes(bench)
    more = BandLevel("red", 150.0)
    assert grown(bench).strength == Strength(3, more)
    write(bench, LOAD_ALONE.replace("reps = [8, 12]", "reps = [10, 15]"))
    assert grown(bench).strength == Strength(3, more)
    edit(bench, replace(EDIT, reps=Range(10, 15), band=RED))
    assert grown(bench).strength == Strength(3, RED)


def test_sets_keep_to_what_is_written(bench: PlanBench) -> None:
    edit(bench, replace(EDIT, sets=Range(1, 2)))
    assert grown(bench).strength.sets == 2
    edit(bench, replace(EDIT, sets=Range(4, 5)))
    assert grown(bench).strength.sets == 4


def test_of_two_pages_the_second_is_told_and_loses_nothing(bench: PlanBench) -> None:
    seen_by_both = plan_mark(bench.plan)
    edit(bench, NOT_RESTED, mark=seen_by_both)
    with pytest.raises(UsageError, match="changed meanwhile"):
        edit(bench, replace(EDIT, reps=Range(6, 8)), mark=seen_by_both)
    assert grown(bench).prescription.rest_s == 75.0
    assert grown(bench).prescription.reps == Range(8, 12)


def test_an_answer_between_seeing_and_changing_is_not_lost(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    mark = plan_mark(bench.plan)
    say_yes(bench)
    with pytest.raises(UsageError, match="changed meanwhile"):
        edit(bench, NOT_RESTED, mark=mark)


def test_a_proposal_about_what_is_changed_is_out_of_date(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    edit(bench, NOT_RESTED)
    assert bench.waiting == []
    assert [one.answer for one in changes_of(bench.connection, bench.plan.stored.plan_id)] == [
        "replaced",
        "accepted",
    ]


def test_a_proposal_about_another_exercise_waits_on(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    bridge = PrescriptionEdit("bridge", Range(3, 3), Range(2, 3), Range(8, 10), None, None, None, None)
    edit(bench, bridge)
    assert bench.waiting == [("seated", "harder")]


def test_no_step_up_rests_on_sessions_before_the_change(bench: PlanBench) -> None:
    bench.trained(0)
    edit(bench, NOT_RESTED, day=1)
    bench.trained(2)
    assert bench.waiting == []
    bench.trained(4)
    assert bench.waiting == [("seated", "harder")]


def test_an_exercise_that_was_left_out_stays_so(bench: PlanBench) -> None:
    bench.trained(0, felt=replace(FELT, pain_worst=6))
    say_yes(bench)
    edit(bench, NOT_RESTED)
    assert grown(bench).stopped
    write(bench, plan_text(bench.plan).replace("75.0", "80.0"), day=8)
    assert grown(bench).stopped


def test_an_exercise_can_be_added_and_taken_away(bench: PlanBench) -> None:
    begin, end = LOAD_ALONE.index("[phases.B.prescriptions.bridge]"), LOAD_ALONE.index("[phases.C]")
    bridge = LOAD_ALONE[begin:end]
    other = bridge.replace("bridge", "clam").replace('"clam"', '"clamshell"')
    exercise = next(name for name in CATALOGUE if "clam" in name)
    write(bench, LOAD_ALONE.replace(bridge, other.replace('"clamshell"', f'"{exercise}"')))
    assert [one.prescription.name for one in bench.plan.grown().prescriptions] == ["seated", "clam"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("reps = [8, 12]", "phases.B.prescriptions.seated.reps"),
        ('exercise = "seated_internal_rotation"', "phases.B.prescriptions.seated.exercise"),
    ],
)
def test_a_text_that_is_no_plan_changes_nothing(bench: PlanBench, text: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        write(bench, LOAD_ALONE.replace(text, text.split("=", maxsplit=1)[0] + '= "x"', 1))
    assert key_of(caught.value) == key
    assert plan_text(bench.plan) == LOAD_ALONE


def test_the_present_phase_must_stay(bench: PlanBench) -> None:
    with pytest.raises(SettingsError, match="the plan is in it now") as caught:
        write(bench, LOAD_ALONE.replace("phases.B", "phases.D"))
    assert key_of(caught.value) == "phases.B"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (replace(EDIT, sets=Range(3, 99)), "sets"),
        (replace(EDIT, days_a_week=Range(2, 6)), "hours_between"),
        (replace(EDIT, hold_s=-1.0), "hold_s"),
        (replace(EDIT, rest_s=1e9), "rest_s"),
        (replace(EDIT, tempo="fast"), "tempo"),
        (replace(EDIT, tempo='2"\nx = "-1-3'), "tempo"),
        (replace(EDIT, tempo="2-1-3", hold_s=2.0), "tempo"),
        (replace(EDIT, band=BandLevel("pink", 125.0)), "band.colour"),
        (replace(EDIT, band=BandLevel("red", 250.0)), "band.elongation_percent"),
        (replace(EDIT, reps=Range(0, 12)), "reps"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_key(
    bench: PlanBench, change: PrescriptionEdit, key: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        edit(bench, change)
    assert key_of(caught.value) == f"phases.B.prescriptions.seated.{key}"
    assert plan_text(bench.plan) == LOAD_ALONE


def test_nothing_different_is_told(bench: PlanBench) -> None:
    with pytest.raises(UsageError, match="nothing is different"):
        edit(bench, EDIT)
    with pytest.raises(UsageError, match="nothing is different"):
        write(bench, LOAD_ALONE)


def test_a_table_in_another_form_is_not_changed_line_by_line(bench: PlanBench) -> None:
    begin = LOAD_ALONE.index("[phases.B.prescriptions.bridge]")
    end = LOAD_ALONE.index("[phases.C]")
    inline = (
        '[phases.B.prescriptions]\nbridge = { exercise = "bridge", side = "both", target = "extension", '
        "sets = [2, 3], reps = [8, 12], days_a_week = 3 }\n\n"
    )
    write(bench, LOAD_ALONE[:begin] + inline + LOAD_ALONE[end:])
    bridge = PrescriptionEdit("bridge", Range(3, 3), Range(2, 3), Range(8, 10), None, None, None, None)
    with pytest.raises(SettingsError, match="cannot be changed here"):
        edit(bench, bridge)


def test_an_exercise_of_another_phase_is_refused(bench: PlanBench) -> None:
    with pytest.raises(UsageError, match="asks for no 'press' now"):
        edit(bench, replace(EDIT, name="press"))
