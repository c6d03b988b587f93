"""Simulated sessions whose cost is measured, and their samples."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tracker.model import Placement, TimedBlock
from tracker.recording.items import RecordingItem
from tracker.recording.reader import Recording, read_recording
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.builder import ScriptBuilder, Tempo
from tracker.sensing.body.feed import simulate_block
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.script import BodyScript
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.session.simulation import write_simulated_recording

THIGHS = (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)
RATE_HZ = 100.0
PAUSE_S = 60.0
REPEATS = 3
CEASELESS = 200


def plan_script(rounds: int = 1) -> BodyScript:
    """A day of a plan: three rest tests, five sets of 10 or 12 with a minute between, ten minutes in all.

    Args:
        rounds: how often the sets are done.
    """
    script = ScriptBuilder().stand(4.0).lie_down(2.0)
    for _ in range(REPEATS):
        script.reference(4.0).relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0).rest(7.0)
        script.relax(left_rad=0.0, right_rad=0.0, duration_s=1.0)
    script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0)
    sets = (
        ("supine_roll_in", 12, Tempo(2.0, 1.0, 2.0, 1.0)),
        ("supine_roll_in", 12, Tempo(2.0, 1.0, 2.0, 1.0)),
        ("supine_in_toeing", 10, Tempo(1.5, 0.5, 1.5, 0.5)),
        ("supine_in_toeing", 10, Tempo(1.5, 0.5, 1.5, 0.5)),
        ("supine_in_toeing", 10, Tempo(1.5, 0.5, 1.5, 0.5)),
    )
    for exercise, count, tempo in sets * rounds:
        script.hold(PAUSE_S)
        script.repetitions([0.5] * count, tempo, exercise=exercise, still_before_s=2.0, still_after_s=1.0)
    return script.build()


def ceaseless_script() -> BodyScript:
    """The worst case: one set of 200 quick repetitions without a pause, some ten minutes."""
    script = ScriptBuilder().stand(4.0).lie_down(2.0).reference(5.0)
    script.relax(left_rad=-0.3, right_rad=-0.4, duration_s=1.0).rest(8.0)
    script.repetitions([0.5] * CEASELESS, Tempo(1.0, 0.3, 1.0, 0.6), still_before_s=2.0, still_after_s=1.0)
    return script.build()


def quick_script() -> BodyScript:
    """Fifty repetitions of 30 degrees in half a second a way: the sensor feels its own acceleration."""
    script = ScriptBuilder(Posture.SUPINE).hold(10.0)
    return script.repetitions([float(np.radians(30.0))] * 50, Tempo(0.5, 0.2, 0.5, 0.5)).build()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session as it lies in a file and as it is.

    Attributes:
        items: what is in the file, in its order.
    """

    session: SimulatedSession
    path: Path
    recording: Recording
    items: tuple[RecordingItem, ...]

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.session.script.duration_s

    def blocks(self) -> list[TimedBlock]:
        """All samples of each sensor."""
        return [simulate_block(self.session.feed(placement)) for placement in self.session.mountings]


def recorded(script: BodyScript, placements: tuple[Placement, ...], path: Path) -> Recorded:
    """A script with one specimen of a sensor on each placement, written to a file."""
    rng = np.random.default_rng(1)
    session = SimulatedSession(
        script,
        {placement: random_mounting(placement, rng) for placement in placements},
        {placement: MemsModel.drawn(rng) for placement in placements},
    )
    write_simulated_recording(session, path, datetime.now(UTC))
    recording = read_recording(path)
    return Recorded(session, path, recording, tuple(recording.items()))
