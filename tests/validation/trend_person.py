"""A simulated person who measures three times a week for twelve weeks, through the whole program.

Each session is a recording of three sensors strapped on anew, replayed and kept as any other. What the
rigid body does not have is put into its angles: strapping on anew turns what is measured by 3 degrees
standard deviation in each leg, and each repeat's reference pose is off by 1 degree.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np

from tracker.home import Home
from tracker.model import Placement
from tracker.progress.trend.resting_trend import resting_trend
from tracker.progress.trend.values import RestingTrend
from tracker.progress.verdict import Verdict
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.replay import replay
from tracker.session.settings import load_settings
from tracker.session.simulation import write_simulated_recording
from tracker.store.database import open_database
from tracker.store.persons import find_person

WEEKS = 12
MONDAY = datetime(2024, 1, 8, 18, tzinfo=UTC)
TRAINING_DAYS = (0, 2, 4)
DONNING_SD_DEG, REFERENCE_SD_DEG = 3.0, 1.0
EXTERNAL_DEG = {"left": 18.0, "right": 28.0}
REPEATS = 3


JUDGED_AFTER = (2, 5, 6, 8, 12)
"""Weeks."""

PersonsVerdicts: TypeAlias = dict[tuple[int, str], Verdict]
"""By the week after which it was asked for, and by the angle."""


def verdicts_of_person(external_deg_per_week: float, seed: int) -> PersonsVerdicts:
    """What is said of each angle of one person, week by week."""
    with TemporaryDirectory() as folder:
        trends = trends_of_person(Path(folder), external_deg_per_week, seed, JUDGED_AFTER)
    return {(week, one.name): one.verdict for week, trend in trends.items() for one in trend.quantities}


def trends_of_person(
    folder: Path, external_deg_per_week: float, seed: int, judged_after: Sequence[int]
) -> dict[int, RestingTrend]:
    """Twelve weeks of a person whose resting external rotation changes by so much a week in both legs.

    Below zero the legs lie less turned out week by week: `left` and `right`, positive inward, then rise, and
    `mean`, positive outward, falls.

    Args:
        judged_after: at the ends of which weeks the trend is asked for.
    """
    rng = np.random.default_rng(seed)
    settings = load_settings()
    shipped = AnalysisParameters(settings.motion, settings.clock, {})
    home = Home(folder)
    home.create()
    with open_database(home.database) as database:
        for week in range(WEEKS):
            for day in TRAINING_DAYS:
                started_at = MONDAY + timedelta(weeks=week, days=day)
                external = {
                    leg: angle + external_deg_per_week * (week + day / 7.0)
                    for leg, angle in EXTERNAL_DEG.items()
                }
                path = recording_path(home, started_at)
                write_simulated_recording(rest_tests(rng, **external), path, started_at)
                keep_replay(database, home, replay(path, shipped))
        with database.read() as connection:
            person = find_person(connection)
        if person is None:
            raise ValueError("no session was kept")
        return {
            week: resting_trend(database, person, since=MONDAY.date(), until=sunday(week))
            for week in judged_after
        }


def sunday(week: int) -> date:
    """The last day of a week, from 1."""
    return MONDAY.date() + timedelta(days=7 * week - 1)


def rest_tests(rng: np.random.Generator, left: float, right: float) -> SimulatedSession:
    """About half a minute: stand, lie down, then reference pose and rest test three times.

    Args:
        left, right: external rotation at rest in degrees, as it really is.
    """
    turned_deg = -np.array([left, right]) + rng.normal(0.0, DONNING_SD_DEG, 2)
    left_rad, right_rad = np.radians(turned_deg).tolist()
    script = ScriptBuilder().stand(2.5).lie_down(1.5)
    for _ in range(REPEATS):
        off_left_rad, off_right_rad = np.radians(rng.normal(0.0, REFERENCE_SD_DEG, 2)).tolist()
        script.relax(off_left_rad, off_right_rad, 0.8).reference(2.5)
        script.relax(left_rad, right_rad, 0.8).rest(6.0)
    return SimulatedSession(
        script.build(),
        {placement: random_mounting(placement, rng) for placement in Placement},
        {placement: MemsModel.drawn(rng) for placement in Placement},
    )
