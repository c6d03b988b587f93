"""A person in a plan with sessions in a real database, for tests of what the rules say after each."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from tracker.model import Analysis, ExerciseSet, Form, Repetition, SessionFelt, Side
from tracker.plan.catalogue import load_catalogue
from tracker.session.plan_answers import begin_plan
from tracker.session.plan_review import review_session
from tracker.session.plan_state import PersonPlan, person_plan
from tracker.store.analyses import save_analysis
from tracker.store.felt import save_session_felt
from tracker.store.persons import get_or_create_person
from tracker.store.plans import RuleVerdict
from tracker.store.sessions import begin_session, finish_session

CATALOGUE = load_catalogue()
START = date(2026, 11, 2)
"""A Monday."""
ZONE = "Europe/Berlin"
FELT = SessionFelt(pain_before=0, pain_worst=1, effort=5)
LOAD_ALONE = """
name = "Load alone"

[phases.B]
title = "Load"
from_week = 0
until_week = 6

[phases.B.prescriptions.seated]
exercise = "seated_internal_rotation"
side = "both"
target = "internal_rotation"
sets = 3
reps = [8, 12]
days_a_week = [2, 3]
hours_between = 48
band = { placement = "ankles", colour = "red", elongation_percent = 125.0, loads = "internal_rotation" }

[phases.B.prescriptions.bridge]
exercise = "bridge"
side = "both"
target = "extension"
sets = [2, 3]
reps = [8, 12]
days_a_week = 3

[phases.C]
title = "Integration"
from_week = 1
until_week = 8

[phases.C.prescriptions.press]
exercise = "pelvic_neutral_isometric"
side = "both"
target = "internal_rotation"
sets = 2
reps = 10
days_a_week = [4, 6]
"""


def counted_set(
    exercise: str, side: Side, number: int, valid: int, partial: int = 0, pelvis_share: float | None = 0.1
) -> ExerciseSet:
    """One leg of a set that was counted."""
    one = Repetition(
        side=side,
        start_s=0.0,
        peak_s=1.5,
        end_s=3.5,
        rom_rad=math.radians(30),
        rom_uncertainty_rad=math.radians(1),
        peak_velocity_rad_per_s=1.0,
        mean_velocity_rad_per_s=0.7,
        concentric_s=1.5,
        hold_s=0.5,
        eccentric_s=1.5,
        phase_rate_rad_per_s=math.radians(3),
        valid=True,
        form=Form(pelvis_share=pelvis_share),
    )
    start_s = 100.0 * number
    done = [
        replace(one, start_s=start_s + 5 * count, valid=count < valid) for count in range(valid + partial)
    ]
    return ExerciseSet(exercise, side, start_s, start_s + 90.0, tuple(done))


def sets_of(exercise: str, *valid: int, partial: int = 0, first: int = 1) -> tuple[ExerciseSet, ...]:
    """Sets with both legs at once."""
    return tuple(
        counted_set(exercise, side, number, reps, partial)
        for number, reps in enumerate(valid, start=first)
        for side in (Side.LEFT, Side.RIGHT)
    )


SEATED = sets_of("seated_internal_rotation", 12, 12, 12)
"""All sets of the seated exercise at the top of their range."""


@dataclass(frozen=True)
class PlanBench:
    """One person in a plan that began on START."""

    connection: Connection
    person_id: int

    @staticmethod
    def begun(connection: Connection, text: str = LOAD_ALONE) -> "PlanBench":
        """A person who begins a plan."""
        person = get_or_create_person(connection, time_zone=ZONE)
        begin_plan(connection, person.person_id, text, "own", CATALOGUE, today=START, starts_on=START)
        return PlanBench(connection, person.person_id)

    def train(
        self,
        day: int,
        sets: tuple[ExerciseSet, ...] = SEATED,
        felt: SessionFelt | None = FELT,
        *,
        simulated: bool = False,
    ) -> int:
        """A session so many days after the plan began, at six in the evening in UTC."""
        began_at = at(day)
        session_id = begin_session(
            self.connection,
            person_id=self.person_id,
            started_at=began_at,
            time_zone=ZONE,
            recording_path=f"recordings/{began_at:%Y%m%dT%H%M%S}-{simulated}.mcap",
            simulated=simulated,
        )
        ended_at = began_at + timedelta(minutes=10)
        finish_session(self.connection, session_id, ended_at=ended_at, duration_s=600.0, size_bytes=1000)
        save_analysis(self.connection, session_id, Analysis("1", "{}", 600.0, (), (), sets))
        if felt is not None:
            save_session_felt(self.connection, session_id, felt)
        return session_id

    def review(self, session_id: int, day: int = 0) -> tuple[RuleVerdict, ...]:
        """What the rules say of a session, said on a day."""
        return review_session(self.connection, self.person_id, session_id, CATALOGUE, at(day))

    def trained(self, day: int, sets: tuple[ExerciseSet, ...] = SEATED, felt: SessionFelt = FELT) -> int:
        """A session that the rules have judged."""
        session_id = self.train(day, sets, felt)
        self.review(session_id, day)
        return session_id

    @property
    def plan(self) -> PersonPlan:
        """The plan as it is now."""
        plan = person_plan(self.connection, self.person_id, START)
        if plan is None:
            raise LookupError("the plan has gone")
        return plan

    @property
    def waiting(self) -> list[tuple[str, str]]:
        """Prescription and kind of the proposals that wait."""
        return [(one.prescription, (one.change or {})["kind"]) for one in self.plan.waiting]


def at(day: int, hour: int = 18) -> datetime:
    """An instant so many days after the plan began."""
    return datetime(START.year, START.month, START.day, hour, tzinfo=UTC) + timedelta(days=day)
