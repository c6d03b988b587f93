"""What a plan's rules say after sessions in a real database, and what becomes of the answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from plan_bench import CATALOGUE, FELT, LOAD_ALONE, SEATED, START, ZONE, PlanBench, at, sets_of

from tracker.errors import SettingsError, UsageError
from tracker.model import Band, SetFelt, Side
from tracker.plan.bands import BandLevel
from tracker.plan.growth import Strength
from tracker.session.plan_answers import answer_proposal, begin_plan, finish_plan, take_up_again
from tracker.session.plan_targets import keep_targets, prescribed_week, targets_for_day
from tracker.session.plan_view import plan_view
from tracker.store.bands import add_band
from tracker.store.corrections import FieldEdit, delete_session, edit_session
from tracker.store.database import open_database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.plans import answer_verdict, changes_of, plan_on, targets_of, verdicts_of
from tracker.store.revisions import Field

DAY_AFTER = START + timedelta(days=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PlanBench]:
    with open_database(tmp_path / "tracker.db") as database, database.write() as connection:
        yield PlanBench.begun(connection)


def answer(bench: PlanBench, day: int, *, accept: bool) -> None:
    """A yes or no to the one proposal that waits, on a day after the session."""
    (waiting,) = bench.plan.waiting
    assert waiting.verdict_id is not None
    answer_verdict(
        bench.connection, bench.plan.stored.plan_id, waiting.verdict_id, accept=accept, at=at(day, 20)
    )


def strength(bench: PlanBench) -> Strength:
    """How hard the seated exercise is now."""
    one = bench.plan.grown().find("seated")
    assert one is not None
    return one.strength


def test_two_good_sessions_ask_for_more_and_wait(bench: PlanBench) -> None:
    bench.trained(0)
    assert bench.waiting == []
    bench.trained(2)
    assert bench.waiting == [("seated", "harder")]
    assert strength(bench) == Strength(3, BandLevel("red", 125.0))


def test_a_yes_makes_it_harder_and_the_count_begins_anew(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    answer(bench, 2, accept=True)
    assert strength(bench) == Strength(3, BandLevel("red", 150.0))
    bench.trained(4)
    assert bench.waiting == []
    bench.trained(6)
    answer(bench, 6, accept=True)
    assert strength(bench) == Strength(3, BandLevel("red", 175.0))


def test_a_no_is_not_asked_again_until_the_next_session(bench: PlanBench) -> None:
    bench.trained(0)
    second = bench.trained(2)
    answer(bench, 2, accept=False)
    bench.review(second, 3)
    assert bench.waiting == []
    assert strength(bench) == Strength(3, BandLevel("red", 125.0))
    bench.trained(4)
    assert bench.waiting == [("seated", "harder")]


def test_judging_a_session_again_stores_nothing_new(bench: PlanBench) -> None:
    bench.trained(0)
    second = bench.trained(2)
    plan_id = bench.plan.stored.plan_id
    before = verdicts_of(bench.connection, plan_id)
    assert bench.review(second, 3) == bench.review(second, 4)
    assert verdicts_of(bench.connection, plan_id) == before


def test_pain_takes_the_place_of_what_waited(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    bench.trained(4, felt=replace(FELT, pain_worst=6))
    assert bench.waiting == [("seated", "stop")]
    answers = [one.answer for one in changes_of(bench.connection, bench.plan.stored.plan_id)]
    assert answers == ["replaced", None]


def test_a_stop_waits_also_after_a_good_session_and_nothing_grows(bench: PlanBench) -> None:
    bench.trained(0, felt=replace(FELT, pain_worst=6))
    for day in (2, 4, 6):
        bench.trained(day)
    assert bench.waiting == [("seated", "stop")]


def test_a_worse_session_takes_growth_back(bench: PlanBench) -> None:
    bench.trained(0)
    bench.trained(2)
    bench.trained(4, sets_of("seated_internal_rotation", 12, 12, 10))
    assert bench.waiting == []


def test_pain_of_the_next_morning_asks_to_go_down_even_after_a_yes(bench: PlanBench) -> None:
    bench.trained(0)
    second = bench.trained(2)
    answer(bench, 2, accept=True)
    save_session_felt(bench.connection, second, replace(FELT, pain_next_morning=3))
    bench.review(second, 3)
    assert bench.waiting == [("seated", "easier")]


def test_a_correction_is_judged_again_with_the_session_that_rests_on_it(bench: PlanBench) -> None:
    first = bench.trained(0, sets_of("seated_internal_rotation", 12, 12, 11))
    bench.trained(2)
    assert bench.waiting == []
    for side in (Side.LEFT, Side.RIGHT):
        edit = FieldEdit(Field.VALID_REPS, "12", 3, side)
        edit_session(bench.connection, first, [edit], reason="one was not counted")
    bench.review(first, 3)
    assert bench.waiting == [("seated", "harder")]


def test_a_deleted_session_is_not_judged_and_counts_for_nothing(bench: PlanBench) -> None:
    first = bench.trained(0)
    delete_session(bench.connection, first, reason="it was somebody else")
    assert bench.review(first) == ()
    bench.trained(2)
    assert bench.waiting == []


def test_a_session_without_the_plan_s_exercises_says_nothing(bench: PlanBench) -> None:
    assert bench.review(bench.train(0, sets_of("heel_slide", 12))) == ()


def test_a_session_before_the_plan_says_nothing(bench: PlanBench) -> None:
    assert bench.review(bench.train(-1)) == ()


def test_simulated_sessions_are_judged_apart_and_say_so(bench: PlanBench) -> None:
    bench.trained(0)
    simulated = bench.train(2, simulated=True)
    verdicts = bench.review(simulated)
    assert bench.waiting == []
    assert all(one.reason.endswith("(SIMULATED)") and one.inputs["simulated"] for one in verdicts)


def test_another_band_than_asked_for_does_not_grow(bench: PlanBench) -> None:
    yellow = add_band(bench.connection, bench.person_id, Band(None, "own", "yellow", None, False, None, None))
    bench.trained(0)
    second = bench.train(2)
    save_set_felt(bench.connection, second, 1, SetFelt(band_id=yellow))
    said = {one.rule: one.reason for one in bench.review(second) if one.prescription == "seated"}
    assert "done with yellow, and red is asked for" in said["double_progression"]


def test_pain_of_one_exercise_leaves_the_other_alone(bench: PlanBench) -> None:
    both = (*SEATED, *sets_of("bridge", 12, 12, first=4))
    session = bench.train(0, both, replace(FELT, pain_worst=4))
    for number in (1, 2, 3, 4, 5):
        save_set_felt(bench.connection, session, number, SetFelt(pain=1 if number < 4 else 4))
    bench.review(session)
    assert bench.waiting == [("bridge", "easier")]


def test_pain_told_of_a_set_by_hand_is_pain_of_its_exercise(bench: PlanBench) -> None:
    done = [ManualSet("bridge", Side.BOTH, 2, 10), ManualSet("seated_internal_rotation", Side.LEFT, 3, 12)]
    told = add_session_by_hand(
        bench.connection,
        person_id=bench.person_id,
        started_at=at(0),
        time_zone=ZONE,
        minutes=20.0,
        done=done,
    )
    for number in range(1, 6):
        save_set_felt(bench.connection, told, number, SetFelt(pain=5 if number == 3 else 0))
    bench.review(told)
    assert bench.waiting == [("seated", "stop")]


def test_the_next_phase_begins_with_a_yes(bench: PlanBench) -> None:
    both = (*SEATED, *sets_of("bridge", 10, 10, first=4))
    low = replace(FELT, effort=7)
    for day in (4, 7):
        bench.trained(day, both, low)
    assert bench.waiting == [("", "phase")]
    answer(bench, 7, accept=True)
    grown = bench.plan.grown()
    assert (grown.phase.name, [one.prescription.name for one in grown.prescriptions]) == ("C", ["press"])
    # An exercise of the phase before is nothing that the plan asks for any more.
    assert bench.review(bench.train(9)) == ()


def test_left_out_and_taken_up_again_one_level_lower(bench: PlanBench) -> None:
    bench.trained(0, felt=replace(FELT, pain_worst=5))
    answer(bench, 0, accept=True)
    today = START + timedelta(days=3)
    asked = targets_for_day(bench.connection, bench.person_id, today, CATALOGUE)
    assert [one.prescription for one in asked] == ["bridge"]
    with pytest.raises(UsageError, match="not left out") as refused:
        take_up_again(bench.connection, bench.person_id, today, "bridge", at(3))
    assert "seated" in refused.value.advice
    take_up_again(bench.connection, bench.person_id, today, "seated", at(3, 6))
    assert strength(bench) == Strength(3, BandLevel("red", 100.0))
    asked = targets_for_day(bench.connection, bench.person_id, today, CATALOGUE)
    assert {one.prescription for one in asked} == {"seated", "bridge"}


def test_a_yes_takes_other_proposals_for_the_exercise_away(bench: PlanBench) -> None:
    first = bench.trained(0, felt=replace(FELT, pain_worst=4))
    save_session_felt(bench.connection, first, replace(FELT, pain_worst=6))
    bench.review(first, 1)
    assert bench.waiting == [("seated", "stop")]
    (waiting,) = bench.plan.waiting
    assert waiting.verdict_id is not None
    answer_proposal(bench.connection, bench.person_id, START, waiting.verdict_id, accept=True)
    with pytest.raises(UsageError, match="no proposal"):
        answer_proposal(bench.connection, bench.person_id, START, waiting.verdict_id, accept=False)
    assert bench.waiting == []


def test_days_off_are_told_by_what_was_done(bench: PlanBench) -> None:
    def asked(day: int) -> set[str]:
        found = targets_for_day(bench.connection, bench.person_id, START + timedelta(days=day), CATALOGUE)
        return {one.prescription for one in found}

    assert asked(0) == {"seated", "bridge"}
    bench.train(0)
    assert asked(0) == {"seated", "bridge"}
    assert asked(1) == {"bridge"}
    assert asked(2) == {"seated", "bridge"}
    assert asked(-1) == set()


def test_a_day_is_that_of_the_person_s_own_zone(bench: PlanBench) -> None:
    """23:30 in UTC is the next day in Berlin, in November."""
    session = bench.train(0)
    edit = FieldEdit(Field.STARTED_AT, at(0, 23).replace(minute=30).isoformat())
    edit_session(bench.connection, session, [edit], reason="a wrong clock")
    asked = targets_for_day(bench.connection, bench.person_id, START + timedelta(days=2), CATALOGUE)
    assert "seated" not in {one.prescription for one in asked}


def test_what_was_asked_for_is_kept_beside_a_session_once(bench: PlanBench) -> None:
    bench.trained(0)
    second = bench.trained(2)
    targets = keep_targets(bench.connection, bench.person_id, second, CATALOGUE)
    assert [(one.prescription, one.elongation_percent) for one in targets] == [
        ("seated", 125.0),
        ("bridge", None),
    ]
    answer(bench, 2, accept=True)
    assert keep_targets(bench.connection, bench.person_id, second, CATALOGUE) == targets
    assert targets_of(bench.connection, [second]) == {second: targets}


def test_a_week_is_what_the_plan_asked_for_then(bench: PlanBench) -> None:
    week = prescribed_week(bench.connection, bench.person_id, START, CATALOGUE)
    assert week is not None
    assert (week.phase, week.week, week.sessions_low, week.sessions_high, week.days) == ("B", 0, 3, 3, 7)
    # 2 legs x 3 sets x 8 on 2 days, and 2 legs x 2 sets x 8 on 3 days.
    assert week.valid_reps_low == 2 * 3 * 8 * 2 + 2 * 2 * 8 * 3
    bench.trained(0)
    bench.trained(2)
    answer(bench, 8, accept=True)
    then = prescribed_week(bench.connection, bench.person_id, START, CATALOGUE)
    assert then == week
    later = prescribed_week(bench.connection, bench.person_id, START + timedelta(weeks=1), CATALOGUE)
    assert later is not None and later.targets[0].elongation_percent == 150.0
    before = START - timedelta(weeks=1)
    assert prescribed_week(bench.connection, bench.person_id, before, CATALOGUE) is None


def test_a_hold_is_held_as_the_catalogue_says_where_the_plan_does_not(bench: PlanBench) -> None:
    finish_plan(bench.connection, bench.person_id, START, START)
    begin(
        bench,
        f'name = "Held"\n[phases.C{LOAD_ALONE.partition("[phases.C")[2]}'.replace(
            "from_week = 1", "from_week = 0"
        ),
        DAY_AFTER,
    )
    (press,) = targets_for_day(bench.connection, bench.person_id, DAY_AFTER, CATALOGUE)
    assert press.hold_s == 5.0
    view = plan_view(bench.connection, bench.person_id, DAY_AFTER, CATALOGUE)
    assert view is not None
    assert (view.asked.phase, view.week, view.asked.days) == ("C", 0, 6)


def begin(bench: PlanBench, text: str, day: date, **more: object) -> int:
    """Begin another plan."""
    return begin_plan(
        bench.connection,
        bench.person_id,
        text,
        "own",
        CATALOGUE,
        today=START,
        starts_on=day,
        **more,  # type: ignore[arg-type]
    )


def test_a_plan_does_not_begin_while_another_is_on(bench: PlanBench) -> None:
    day = START + timedelta(days=5)
    with pytest.raises(UsageError, match="'Load alone' is on then"):
        begin(bench, LOAD_ALONE, day)
    number = begin(bench, LOAD_ALONE, day, name="second", replace=True)
    before, after = (plan_on(bench.connection, bench.person_id, one) for one in (START, day))
    assert before is not None and before.ends_on == day - timedelta(days=1)
    assert after is not None and (after.plan_id, after.name) == (number, "second")


def test_a_plan_of_the_same_day_is_called_off(bench: PlanBench) -> None:
    number = begin(bench, LOAD_ALONE, START, name="second", replace=True)
    on = plan_on(bench.connection, bench.person_id, START)
    assert on is not None and on.plan_id == number
    assert plan_on(bench.connection, bench.person_id, START - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("day", "more", "what"),
    [
        (START, {"ends_on": START - timedelta(days=1), "replace": True}, "before it starts"),
        (START + timedelta(days=367), {"replace": True}, "more than a year ahead"),
        (START, {"name": "two\nlines", "replace": True}, "no name"),
    ],
)
def test_wrong_dates_and_names_are_refused(
    bench: PlanBench, day: date, more: dict[str, object], what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        begin(bench, LOAD_ALONE, day, **more)


def test_a_wrong_plan_changes_nothing(bench: PlanBench) -> None:
    with pytest.raises(SettingsError, match=r"own: phases\.B\.prescriptions\.seated\.sets"):
        begin(bench, LOAD_ALONE.replace("sets = 3", "sets = 0"), START, replace=True)
    on = plan_on(bench.connection, bench.person_id, START)
    assert on is not None and on.ends_on is None


def test_a_plan_ends_on_a_day_that_can_be(bench: PlanBench) -> None:
    today = START + timedelta(days=10)
    for day in (START - timedelta(days=1), today + timedelta(days=400)):
        with pytest.raises(UsageError, match="cannot end"):
            finish_plan(bench.connection, bench.person_id, today, day)
    finish_plan(bench.connection, bench.person_id, today, today)
    assert plan_on(bench.connection, bench.person_id, today + timedelta(days=1)) is None
    with pytest.raises(UsageError, match="no plan is on"):
        finish_plan(bench.connection, bench.person_id, today + timedelta(days=1), today)
