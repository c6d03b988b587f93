"""A person's day and what may be begun, as page and programs ask for them, on a real database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plan_bench import SEATED, ZONE, PlanBench, at, sets_of

from tracker.app.operations.after_session import after_session
from tracker.app.operations.proposals import answer_to, proposals_among
from tracker.app.operations.safety import answer_safety, clear_safety, safety_now
from tracker.app.operations.session_start import pain_now, start_choices
from tracker.app.operations.today import today_of
from tracker.errors import RefusedError, UsageError
from tracker.home import Home
from tracker.model import Placement, SensorIdentity, SessionFelt, Side
from tracker.plan.growth import ChangeKind
from tracker.plan.safety import EMERGENCY_TEXT, YesMeans, load_questions
from tracker.session.safety_state import Occasion
from tracker.session.saying_felt import say_felt
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database
from tracker.store.persons import get_or_create_person
from tracker.store.sensors import pair_sensor
from tracker.store.values import Person

NO_TO_ALL = {question.name: False for question in load_questions()}


@dataclass(frozen=True)
class Bench:
    """A home with one person."""

    place: Workplace
    database: Database
    person: Person

    def pair(self, *placements: Placement) -> None:
        with self.database.write() as connection:
            for number, placement in enumerate(placements):
                sensor = SensorIdentity(f"id-{number}", f"00:0{number}", f"HIP-{number}", "hip-imu", b"")
                pair_sensor(connection, sensor, placement)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    place = workplace(Home(tmp_path))
    with place.database() as database:
        with database.write() as connection:
            person = get_or_create_person(connection, time_zone=ZONE)
        yield Bench(place, database, person)


def test_without_a_plan_a_day_asks_for_nothing(bench: Bench) -> None:
    today = today_of(bench.place, bench.database, bench.person)
    assert (today.plan, today.week, today.targets, today.waiting) == (None, None, (), ())
    assert (today.sessions_today, today.morning_after, today.sensors_paired) == ((), None, 0)


def test_each_target_has_the_last_time_that_it_was_done_beside_it(bench: Bench) -> None:
    with bench.database.write() as connection:
        plan = PlanBench.begun(connection)
        plan.train(0, sets_of("seated_internal_rotation", 8, 9))
        plan.train(2, sets_of("seated_internal_rotation", 10))
        plan.train(3, sets_of("bridge", 7))
    today = today_of(bench.place, bench.database, bench.person, at(4))
    assert (today.plan, today.week, today.phase) == ("Load alone", 1, "Load")
    by_exercise = {one.target.exercise: one for one in today.targets}
    seated = by_exercise["seated_internal_rotation"].last
    assert seated is not None
    assert seated.day == at(2).date()
    assert [(one.side, one.valid_reps) for one in seated.sets] == [(Side.LEFT, 10), (Side.RIGHT, 10)]
    assert by_exercise["seated_internal_rotation"].title == "Seated internal rotation against a band"


def test_what_was_done_two_months_ago_is_no_last_time(bench: Bench) -> None:
    with bench.database.write() as connection:
        PlanBench.begun(connection).train(0, sets_of("bridge", 7))
    today = today_of(bench.place, bench.database, bench.person, at(70))
    assert [one.last for one in today.targets if one.target.exercise == "bridge"] in ([None], [])


def test_the_morning_after_is_asked_for_until_it_is_told(bench: Bench) -> None:
    with bench.database.write() as connection:
        session_id = PlanBench.begun(connection).train(0)
    asked = today_of(bench.place, bench.database, bench.person, at(1, 6)).morning_after
    assert asked is not None
    assert asked.session_id == session_id
    assert today_of(bench.place, bench.database, bench.person, at(2, 6)).morning_after is None
    say_felt(bench.database, bench.person, session_id, {"pain_next_morning": 1})
    assert today_of(bench.place, bench.database, bench.person, at(1, 6)).morning_after is None


def test_a_session_late_in_the_evening_belongs_to_the_person_s_own_day(bench: Bench) -> None:
    with bench.database.write() as connection:
        PlanBench.begun(connection).train(0)
    # 23:30 in UTC is the next day in Berlin.
    assert len(today_of(bench.place, bench.database, bench.person, at(0, 20)).sessions_today) == 1
    late = at(0, 23) + timedelta(minutes=30)
    assert today_of(bench.place, bench.database, bench.person, late).sessions_today == ()


def test_proposals_wait_until_they_are_answered(bench: Bench) -> None:
    with bench.database.write() as connection:
        plan = PlanBench.begun(connection)
        plan.trained(0)
        plan.trained(2)
        found = proposals_among(connection, bench.person, plan.plan.waiting)
    [one] = [one for one in found if one.prescription == "seated"]
    assert (one.exercise, one.kind) == ("seated_internal_rotation", ChangeKind.HARDER)
    answer_to(bench.database, bench.person, one.number, accept=True)
    waiting = today_of(bench.place, bench.database, bench.person, at(4)).waiting
    assert one.number not in [other.number for other in waiting]
    with pytest.raises(UsageError):
        answer_to(bench.database, bench.person, one.number, accept=True)


def test_the_questions_come_first_until_they_are_answered(bench: Bench) -> None:
    first = safety_now(bench.database, bench.person)
    assert (first.due, first.may_train, first.text) == (Occasion.FIRST, False, None)
    answer_safety(bench.database, bench.person, NO_TO_ALL)
    after = safety_now(bench.database, bench.person)
    assert (after.due, after.may_train) == (None, True)
    assert after.answered is not None
    assert after.answered.occasion == Occasion.FIRST


def test_an_answer_that_asks_for_a_clinician_holds_back_until_one_allows_it(bench: Bench) -> None:
    name = next(one.name for one in load_questions() if one.yes_means is YesMeans.CLINICIAN)
    answer_safety(bench.database, bench.person, {**NO_TO_ALL, name: True})
    assert safety_now(bench.database, bench.person).held_back
    with pytest.raises(UsageError):
        clear_safety(bench.database, bench.person, "  ")
    clear_safety(bench.database, bench.person, "Dr X, 3 May")
    cleared = safety_now(bench.database, bench.person)
    assert (cleared.may_train, cleared.cleared) == (True, "Dr X, 3 May")


def test_an_emergency_ends_the_questions_and_no_note_clears_it(bench: Bench) -> None:
    first = load_questions()[0]
    assert first.yes_means is YesMeans.EMERGENCY
    verdict = answer_safety(bench.database, bench.person, {first.name: True})
    assert verdict.emergency
    assert safety_now(bench.database, bench.person).text == EMERGENCY_TEXT
    with pytest.raises(RefusedError):
        clear_safety(bench.database, bench.person, "Dr X, 3 May")


@pytest.mark.parametrize("answers", [{}, {"no_such_question": False}])
def test_missing_and_unknown_answers_keep_nothing(bench: Bench, answers: dict[str, bool]) -> None:
    with pytest.raises(UsageError):
        answer_safety(bench.database, bench.person, answers)
    assert safety_now(bench.database, bench.person).answered is None


def test_what_no_worn_sensor_can_count_is_left_out_and_told(bench: Bench) -> None:
    with bench.database.write() as connection:
        PlanBench.begun(connection)
    bench.pair(Placement.LEFT_THIGH)
    choices = start_choices(bench.place, bench.database, bench.person)
    assert set(choices.countable).isdisjoint(choices.left_out)
    assert list(choices.worn or {}) == [Placement.LEFT_THIGH]
    missing = {one.name: one.missing for one in choices.exercises}
    assert missing["hip_hike"] == (Placement.PELVIS,)
    assert missing["supine_roll_in"] == ()
    assert missing["generic"] == ()


def test_without_sensors_every_exercise_says_what_it_lacks(bench: Bench) -> None:
    choices = start_choices(bench.place, bench.database, bench.person)
    assert choices.worn == {}
    lacking = {one.name for one in choices.exercises if one.missing}
    assert lacking == {one.name for one in choices.exercises} - {"generic"}


def test_simulated_sensors_are_worn_everywhere(bench: Bench) -> None:
    choices = start_choices(bench.place, bench.database, bench.person, simulated=True)
    assert choices.worn is None
    assert all(not one.missing for one in choices.exercises)


@pytest.mark.parametrize(("pain", "advised"), [(0, False), (3, False), (4, True), (10, True)])
def test_pain_before_a_session_is_advised_on_by_the_rules_of_pain(
    bench: Bench, pain: int, advised: bool
) -> None:
    answer_safety(bench.database, bench.person, NO_TO_ALL)
    assert (pain_now(bench.database, bench.person, pain).advice is not None) is advised


@pytest.mark.parametrize(
    "said",
    [
        {"pain_worst": 11},
        {"pain_worst": -1},
        {"pain_worst": True},
        {"effort": 2.5},
        {"effort": "5"},
        {"notes": "a" * 2001},
        {"notes": "\x1b[31m"},
        {"notes": 3},
    ],
)
def test_what_cannot_be_said_of_a_session_is_refused(bench: Bench, said: dict[str, object]) -> None:
    with bench.database.write() as connection:
        session_id = PlanBench.begun(connection).train(0, felt=None)
    with pytest.raises(UsageError):
        say_felt(bench.database, bench.person, session_id, said)  # type: ignore[arg-type]
    felt = say_felt(bench.database, bench.person, session_id, {}).felt
    assert felt == SessionFelt()


def test_a_field_that_there_is_not_is_refused(bench: Bench) -> None:
    with bench.database.write() as connection:
        session_id = PlanBench.begun(connection).train(0)
    with pytest.raises(UsageError):
        say_felt(bench.database, bench.person, session_id, {"colour": "red"})
    with pytest.raises(UsageError):
        say_felt(bench.database, bench.person, session_id, {"pain_worst": 1}, set_number=1)


def test_after_a_session_stand_its_sets_the_advice_and_the_proposals(bench: Bench) -> None:
    answer_safety(bench.database, bench.person, NO_TO_ALL)
    with bench.database.write() as connection:
        plan = PlanBench.begun(connection)
        plan.trained(0)
        last = plan.train(2, SEATED)
    after = after_session(bench.place, bench.database, bench.person, last)
    assert {one.counted_valid_reps for one in after.sets} == {12}
    assert [one.kind for one in after.proposals if one.prescription == "seated"] == [ChangeKind.HARDER]
    assert (after.advice, after.resting, after.rest_tests) == ((), (), ())
    say_felt(bench.database, bench.person, last, {"pain_worst": 5})
    assert after_session(bench.place, bench.database, bench.person, last).advice != ()


def test_pain_of_six_in_a_session_of_now_asks_the_questions_again(bench: Bench) -> None:
    answer_safety(bench.database, bench.person, NO_TO_ALL)
    with bench.database.write() as connection:
        plan = PlanBench.begun(connection)
        days = (datetime.now(UTC) - at(0)).days + 1
        session_id = plan.train(days)
    say_felt(bench.database, bench.person, session_id, {"pain_worst": 6})
    assert after_session(bench.place, bench.database, bench.person, session_id).safety_due
