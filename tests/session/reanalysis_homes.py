"""Homes with small simulated sessions that an older version analysed."""

import functools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tracker.home import Home
from tracker.model import Analysis, Placement, RestTest
from tracker.plan.catalogue import load_catalogue
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.keeping import keep_replay, recording_path
from tracker.session.replay import Replay, replay
from tracker.session.settings import load_settings
from tracker.session.simulation import write_simulated_recording
from tracker.store.database import Database, open_database

FIRST = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)
OLD_VERSION = "0"


@functools.cache
def parameters() -> AnalysisParameters:
    """The shipped ones."""
    settings = load_settings()
    return AnalysisParameters(settings.motion, settings.clock, load_catalogue().counting)


def small_session(number: int) -> SimulatedSession:
    """One rest test and two repetitions with the thighs' sensors, 18 s; each number is another person."""
    rng = np.random.default_rng(number)
    script = ScriptBuilder().stand(1.5).lie_down(1.0).reference(1.5)
    script.relax(left_rad=-0.3 - 0.02 * number, right_rad=-0.4, duration_s=0.5).rest(6.0)
    script.repetitions([0.5, 0.5], [Tempo(0.8, 0.2, 0.8, 0.2)] * 2, still_before_s=1.3)
    placements = (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)
    return SimulatedSession(
        script.build(),
        {place: random_mounting(place, rng) for place in placements},
        {place: MemsModel.drawn(rng) for place in placements},
    )


@functools.cache
def small_recording(number: int) -> tuple[bytes, Replay]:
    """A recording of such a session, and what the present program makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.mcap"
        write_simulated_recording(small_session(number), path, FIRST + timedelta(days=number))
        return path.read_bytes(), replay(path, parameters())


def present(number: int) -> Analysis:
    """What the present program makes of such a session."""
    return small_recording(number)[1].analysis


def older(analysis: Analysis) -> Analysis:
    """The same as an older version might have found it: rested otherwise, a repetition fewer in each set."""
    return replace(
        analysis,
        version=OLD_VERSION,
        rest_tests=tuple(
            replace(
                one, hip_rotation_rad=None if one.hip_rotation_rad is None else one.hip_rotation_rad - 0.01
            )
            for one in analysis.rest_tests
        ),
        sets=tuple(replace(one, repetitions=one.repetitions[1:]) for one in analysis.sets),
    )


def _turned(one: RestTest) -> RestTest:
    rotation_rad = one.hip_rotation_rad
    return replace(one, hip_rotation_rad=None if rotation_rad is None else rotation_rad - 0.01)


@dataclass(frozen=True)
class OldHome:
    """A home whose sessions were analysed by an older version.

    Attributes:
        files: the recording of each session, by its number from 0; session ids count from 1.
    """

    home: Home
    files: tuple[Path, ...]

    def database(self) -> Database:
        """Its database, to be closed."""
        return open_database(self.home.database)


def old_home(folder: Path, numbers: Sequence[int] = (0, 1, 2)) -> OldHome:
    """A home with so many small sessions."""
    home = Home(folder)
    home.create()
    files = []
    with open_database(home.database) as database:
        for day, number in enumerate(numbers):
            content, found = small_recording(number)
            path = recording_path(home, FIRST + timedelta(days=day))
            path.write_bytes(content)
            keep_replay(database, home, replace(found, path=path, analysis=older(found.analysis)))
            files.append(path)
    return OldHome(home, tuple(files))
