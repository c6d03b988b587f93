"""Weeks of sessions with known results."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.model import (
    Analysis,
    ExerciseSet,
    Posture,
    RelativeTo,
    Repetition,
    RestTest,
    RestUncertainty,
    SensorAlignment,
    Side,
)
from tracker.progress.iso_week import IsoWeek
from tracker.store.analyses import save_analysis
from tracker.store.database import Database
from tracker.store.persons import get_or_create_person
from tracker.store.sessions import begin_session, finish_session
from tracker.store.values import Person

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = IsoWeek.parse("2026-W47")


@dataclass(frozen=True)
class Diary:
    """Writes sessions of one person."""

    database: Database

    @property
    def person(self) -> Person:
        """The person who trains."""
        with self.database.write() as connection:
            return get_or_create_person(connection, time_zone=BERLIN.key)

    def add(
        self,
        started_at: datetime,
        *rest_tests: RestTest,
        sets: tuple[ExerciseSet, ...] = (),
        version: str | None = "1",
        parameters: str = "{}",
        simulated: bool = False,
        alignments: tuple[SensorAlignment, ...] = (),
        minutes: float = 10.0,
    ) -> int:
        """A session with the results of its analysis, none where the version is None; gives its id."""
        person = self.person
        with self.database.write() as connection:
            session_id = begin_session(
                connection,
                person_id=person.person_id,
                started_at=started_at,
                time_zone=BERLIN.key,
                recording_path=f"{started_at:%Y%m%dT%H%M%S}.mcap",
                simulated=simulated,
            )
            ended_at = started_at + timedelta(minutes=minutes)
            finish_session(connection, session_id, ended_at=ended_at, duration_s=600.0, size_bytes=1)
            if version is not None:
                result = Analysis(version, parameters, 600.0, (), rest_tests, sets, alignments=alignments)
                save_analysis(connection, session_id, result)
        return session_id


def on(day: int, hour: float = 18.0, week: IsoWeek = WEEK) -> datetime:
    """Local time on a day of the week, 0 Monday to 6 Sunday."""
    midnight = datetime.combine(week.monday + timedelta(days=day), datetime.min.time(), BERLIN)
    return midnight + timedelta(hours=hour)


def resting(
    side: Side,
    external_deg: float,
    uncertainty_deg: float = 3.0,
    relative_to: RelativeTo = RelativeTo.PELVIS,
    start_s: float = 0.0,
    posture: Posture = Posture.SUPINE,
) -> RestTest:
    """A rest test of a leg that lies turned outward by so much."""
    rotation_rad = -math.radians(external_deg)
    uncertainty = RestUncertainty(0.0, 0.0, 0.0, math.radians(uncertainty_deg), 0.0, 1.0)
    return RestTest(side, start_s, start_s + 5.0, rotation_rad, uncertainty, relative_to, 0.99, posture)


def both_legs(
    right_external_deg: float, left_external_deg: float, relative_to: RelativeTo = RelativeTo.PELVIS
) -> tuple[RestTest, RestTest]:
    """Rest tests of both legs in one donning."""
    return (
        resting(Side.RIGHT, right_external_deg, relative_to=relative_to),
        resting(Side.LEFT, left_external_deg, relative_to=relative_to),
    )


def refused(side: Side, reason: str) -> RestTest:
    """A rest test without a value."""
    return RestTest(side, 0.0, 5.0, None, None, RelativeTo.PELVIS, 0.3, refused=reason)


def training(exercise: str, side: Side | None, valid: int, partial: int = 0) -> ExerciseSet:
    """A set with so many valid and partial repetitions."""
    repetitions = tuple(
        Repetition(
            side, float(at), at + 0.5, at + 1.0, 0.5, 0.02, 1.0, 0.8, 0.5, 0.0, 0.5, 0.05, valid=at < valid
        )
        for at in range(valid + partial)
    )
    return ExerciseSet(exercise, side, 0.0, 60.0, repetitions)
