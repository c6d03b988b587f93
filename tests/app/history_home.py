"""A home folder with weeks of simulated history: a plan, its sessions, how they felt, two persons."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from tracker.home import Home
from tracker.local_time import local_time_zone
from tracker.model import SessionFelt, SetFelt
from tracker.plan.plan_table import FILE_NAME, shipped_plan_text
from tracker.sensing.body.sessions import history_session
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.plan_answers import begin_plan
from tracker.session.replay import replay
from tracker.session.simulation import write_simulated_recording
from tracker.session.workplace import Workplace, workplace
from tracker.store.database import Database
from tracker.store.felt import save_session_felt, save_set_felt
from tracker.store.persons import add_person, person_meant

WEEKS = 6
DAYS_OF_WEEK = (0, 2, 4)
OTHER_PERSON = "Second person"
_SEED = 6


def write_history(folder: Path, weeks: int = WEEKS) -> None:
    """Fill the home for simulated sessions within a home folder; all of it is marked as simulated."""
    home = Home(folder)
    home.create()
    place = workplace(home, simulated=True)
    now = datetime.now().astimezone()
    with place.database() as database:
        with database.write() as connection:
            person = person_meant(connection, None, time_zone=local_time_zone())
            add_person(connection, OTHER_PERSON, time_zone=person.time_zone)
            begin_plan(
                connection,
                person.person_id,
                shipped_plan_text(),
                FILE_NAME,
                place.catalogue,
                today=now.date(),
                starts_on=begins_on(now, weeks),
            )
        _write_sessions(place, database, now, weeks)


def _monday(now: datetime, weeks_ago: int) -> datetime:
    """The evening of the Monday of so many weeks ago."""
    monday = now - timedelta(weeks=weeks_ago, days=now.weekday())
    return monday.replace(hour=18, minute=0, second=0, microsecond=0)


def begins_on(now: datetime, weeks: int) -> date:
    """When the plan begins: with the first session."""
    return _monday(now, weeks).date()


def copied_home(history: Path, folder: Path, settings: str = "") -> Path:
    """A home folder of one's own with a history that was written before."""
    shutil.copytree(history, folder, dirs_exist_ok=True)
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return folder


def _write_sessions(place: Workplace, database: Database, now: datetime, weeks: int) -> None:
    rng = np.random.default_rng(_SEED)
    for number, started_at in evenings(now, weeks):
        partial = (4,) if rng.random() < 0.4 else ()
        session = history_session(
            number,
            rng,
            float(np.radians(-18.0)),
            float(np.radians(-30.0)),
            repetitions=int(rng.integers(6, 11)),
            partial_places=partial,
        )
        path = recording_path(place.home, started_at)
        write_simulated_recording(session, path, started_at)
        session_id = keep_replay(database, place.home, replay(path, place.analysis))
        pain, effort = int(rng.integers(0, 4)), int(rng.integers(4, 8))
        with database.write() as connection:
            save_session_felt(
                connection, session_id, SessionFelt(pain_before=1, pain_worst=pain, effort=effort)
            )
            save_set_felt(connection, session_id, 1, SetFelt(pain=pain, effort=effort))


def evenings(now: datetime, weeks: int) -> Iterator[tuple[int, datetime]]:
    """Three evenings in each of the weeks before this one, and those of this week that have passed."""
    for number in range(weeks + 1):
        for day in DAYS_OF_WEEK:
            started_at = _monday(now, weeks - number) + timedelta(days=day)
            if started_at.date() < now.date():
                yield number, started_at
