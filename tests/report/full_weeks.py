"""A person's weeks with all that a page can hold."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tracker.home import shipped_text
from tracker.model import (
    Analysis,
    Band,
    ExerciseSet,
    Form,
    Placement,
    ReferenceRange,
    RelativeTo,
    Repetition,
    RestTest,
    RestUncertainty,
    SensorQuality,
    SessionFelt,
    SetFelt,
    Side,
)
from tracker.plan.catalogue import load_catalogue
from tracker.plan.habits import HABITS
from tracker.session.plan_review import keep_targets, review_session
from tracker.store.analyses import save_analysis
from tracker.store.bands import add_band
from tracker.store.database import Database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.habits import HabitDay, save_habits
from tracker.store.manual_sets import ManualSet, add_session_by_hand
from tracker.store.persons import get_or_create_person
from tracker.store.plans import start_plan
from tracker.store.screenings import Screening, save_screening
from tracker.store.sessions import begin_session, finish_session
from tracker.store.values import Person

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 16, tzinfo=BERLIN)
"""Of the week 2026-W47."""

WEEKS = 8
EXERCISES = (
    "supine_roll_in",
    "hook_lying_knee_roll_in",
    "seated_internal_rotation",
    "reverse_clamshell",
    "supine_in_toeing",
)
_CATALOGUE = load_catalogue()


def write_full_weeks(
    database: Database,
    *,
    name: str = "me",
    exercises: tuple[str, ...] = EXERCISES,
    note: str = "The right hip felt stiff at first.",
    simulated: bool = False,
    weeks: int = WEEKS,
) -> Person:
    """Some weeks until that of `MONDAY`: plan, sessions with rest tests, bands, and all that can be said."""
    with database.write() as connection:
        person = get_or_create_person(connection, time_zone=BERLIN.key, name=name)
        book = _Book(connection, person, exercises, note, simulated)
        first = MONDAY - timedelta(weeks=weeks - 1)
        plan = shipped_text("plan.toml")
        start_plan(connection, person.person_id, "Internal rotation", plan, first.date(), None)
        for colour, force_n in (("yellow", 13.3), ("red", 16.5)):
            band = Band(None, "TheraBand", colour, 0.3, False, force_n, 1.45 * force_n)
            add_band(connection, person.person_id, band)
        for week in range(weeks):
            for day in (0, 2, 4):
                book.session(first + timedelta(weeks=week, days=day, hours=18), week)
        book.rest_of_week()
    return person


@dataclass(frozen=True)
class _Book:
    connection: Connection
    person: Person
    exercises: tuple[str, ...]
    note: str
    simulated: bool

    def session(self, began_at: datetime, week: int) -> None:
        """One evening with rest tests, two sets of each exercise and leg, and what was said of it."""
        session_id = begin_session(
            self.connection,
            person_id=self.person.person_id,
            started_at=began_at,
            time_zone=BERLIN.key,
            recording_path=f"{began_at:%Y%m%dT%H%M%S}.mcap",
            simulated=self.simulated,
        )
        ended_at = began_at + timedelta(minutes=35)
        finish_session(self.connection, session_id, ended_at=ended_at, duration_s=2100.0, size_bytes=1)
        keep_targets(self.connection, self.person.person_id, session_id, _CATALOGUE)
        save_analysis(self.connection, session_id, self._analysis(began_at, week))
        pain = 2 + (began_at.day % 3 == 0)
        save_session_felt(self.connection, session_id, SessionFelt(1, pain, 1, 6, self.note))
        for number in range(1, 2 * len(self.exercises) + 1):
            felt = SetFelt(pain=pain - 1, effort=6, band_id=1 + (week > 4), stretched_length_m=0.6)
            save_set_felt(self.connection, session_id, number, felt)
        if began_at >= MONDAY:
            review_session(self.connection, self.person.person_id, session_id, _CATALOGUE, ended_at)

    def rest_of_week(self) -> None:
        """Saturday by hand, habits of each day, the safety questions on Monday."""
        person_id = self.person.person_id
        add_session_by_hand(
            self.connection,
            person_id=person_id,
            started_at=MONDAY + timedelta(days=5, hours=9),
            time_zone=BERLIN.key,
            minutes=20,
            done=[ManualSet(self.exercises[0], Side.BOTH, 2, 10)],
        )
        days = [(MONDAY + timedelta(days=day)).date() for day in range(6)]
        said = [HabitDay(day, habit.name, "some", 45) for day in days for habit in HABITS]
        save_habits(self.connection, person_id, said)
        answers = {"sudden_short_turned_leg": False, "fever_or_hot_joint": False, "calf_swelling": True}
        asked_at = (MONDAY + timedelta(hours=17)).astimezone(UTC)
        save_screening(self.connection, person_id, Screening(asked_at, "weekly", answers, True, False))

    def _analysis(self, began_at: datetime, week: int) -> Analysis:
        day = float(began_at.toordinal())
        tests = [
            _rest_test(side, start_s, external_deg - 0.6 * week + 1.5 * math.sin(day * external_deg))
            for start_s in (0.0, 20.0)
            for side, external_deg in ((Side.LEFT, 18.0), (Side.RIGHT, 27.0))
        ]
        refused = RestTest(
            Side.LEFT, 40.0, 45.0, None, None, RelativeTo.PELVIS, 0.4, refused="the thigh was not level"
        )
        sets = tuple(
            _set(exercise, side, 100.0 * (2 * place + repeat), 25.0 + (side is Side.LEFT))
            for place, exercise in enumerate(self.exercises)
            for repeat in range(2)
            for side in (Side.LEFT, Side.RIGHT)
        )
        sensors = tuple(
            SensorQuality(placement, 100.0, 210_000, 0, (), 0, 0, calibrated_on="2026-09-01")
            for placement in Placement
        )
        return Analysis("3", "{}", 2100.0, sensors, (*tests, refused), sets)


def _rest_test(side: Side, start_s: float, external_deg: float) -> RestTest:
    donning = RestUncertainty(0.0, 0.0, math.radians(1.0), math.radians(2.0), 0.0, 2.0)
    rotation = -math.radians(external_deg)
    recipe = "standing+patella_up"
    return RestTest(side, start_s, start_s + 5.0, rotation, donning, RelativeTo.PELVIS, 0.99, recipe=recipe)


def _set(exercise: str, side: Side, start_s: float, rom_deg: float) -> ExerciseSet:
    """Ten repetitions that get smaller, the last one too small."""
    repetitions = tuple(
        Repetition(
            side=side,
            start_s=start_s + 6.0 * number,
            peak_s=start_s + 6.0 * number + 2.0,
            end_s=start_s + 6.0 * number + 5.0,
            rom_rad=math.radians(rom_deg - 0.4 * number if number < 9 else 8.0),
            rom_uncertainty_rad=0.02,
            peak_velocity_rad_per_s=0.6,
            mean_velocity_rad_per_s=0.3,
            concentric_s=2.0,
            hold_s=1.0,
            eccentric_s=2.6,
            phase_rate_rad_per_s=0.05,
            valid=number < 9,
            form=Form(pelvis_share=0.11),
        )
        for number in range(10)
    )
    reference = ReferenceRange(exercise, side, math.radians(26.0), 5)
    return ExerciseSet(exercise, side, start_s, start_s + 60.0, repetitions, reference)
