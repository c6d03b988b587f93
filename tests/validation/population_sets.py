"""Random sets of one leg over a bad link: are they counted exactly, and how well are range and times met?"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from frame_bench import Air, Item, analysed, sent
from pipeline_bench import LEFT, PELVIS, RIGHT, lying
from scenario_bench import rad

from tracker.model import ExerciseSet, Notification, PhaseKind, PhaseMark, Repetition, Side
from tracker.motion.exercise import CountingRule
from tracker.sensing.body.builder import ScriptBuilder
from tracker.sensing.body.mems import MemsModel
from tracker.sensing.body.sessions import SimulatedSession, random_mounting
from tracker.sensing.body.timeline import Joint

EXERCISE = "supine_in_toeing"
RULE = CountingRule()
SHORTEST_S, LONGEST_S = 0.4, 4.0
LONGEST_HOLD_S = 8.0
SLOW_DEG_PER_S = 0.5
"""The start pose creeps more slowly than what counts as moving (3 deg/s)."""


@dataclass(frozen=True, slots=True)
class TrueMovement:
    """One scripted movement there and back.

    Attributes:
        start_s, end_s: when its speed crosses the limit that phases are cut at.
        rom_rad: from where it begins to its highest point.
        valid: a full one, not a partial one.
    """

    start_s: float
    end_s: float
    rom_rad: float
    valid: bool


@dataclass(frozen=True, slots=True)
class RandomSet:
    """What was scripted, and what came of it."""

    true: tuple[TrueMovement, ...]
    found: ExerciseSet

    @property
    def off(self) -> int:
        """Valid repetitions counted less those scripted."""
        return self.found.valid_reps - sum(one.valid for one in self.true)

    def matched(self) -> Iterator[tuple[TrueMovement, Repetition]]:
        """Valid movements with the valid repetitions at their time."""
        for one in self.true:
            middle_s = 0.5 * (one.start_s + one.end_s)
            for rep in self.found.repetitions:
                if one.valid and rep.valid and rep.start_s < middle_s < rep.end_s:
                    yield one, rep


class _Mover:
    """Writes one leg's movements into a script."""

    def __init__(self, script: ScriptBuilder, side: Side, rest_rad: float, rng: np.random.Generator) -> None:
        self.script, self._rng = script, rng
        self._joint = Joint.LEFT_ROTATION.on(side)
        self.base_rad = rest_rad

    def go(self, angle_rad: float, duration_s: float) -> None:
        """Bring the leg to an angle above its start pose."""
        self.script.move(duration_s, {self._joint: self.base_rad + angle_rad})

    def phase_s(self) -> float:
        """A duration, as many short ones as long ones."""
        return float(np.exp(self._rng.uniform(math.log(SHORTEST_S), math.log(LONGEST_S))))

    def repetition(self, rom_rad: float, *, valid: bool) -> TrueMovement:
        """There, perhaps with a dip at the top or a long hold, and back."""
        rng, begin_s, there_s = self._rng, self.script.now_s, self.phase_s()
        fastest = limit = max(RULE.phase_rate_rad_per_s, RULE.phase_rate_share * 1.875 * rom_rad / there_s)
        self.go(rom_rad, there_s)
        if rng.random() < 0.2:
            self.go(rom_rad * float(rng.uniform(0.65, 0.9)), max(0.5, 0.5 * there_s))
            self.go(rom_rad, max(0.5, 0.5 * there_s))
        long = rng.random() < 0.2
        self.script.hold(float(rng.uniform(0.0, LONGEST_HOLD_S if long else 1.0)))
        back_s = self.phase_s()
        self.go(0.0, back_s)
        end_s = self.script.now_s
        return TrueMovement(
            begin_s + _lead_s(rom_rad, there_s, limit),
            end_s - _lead_s(rom_rad, back_s, fastest),
            rom_rad,
            valid,
        )

    def pause(self) -> None:
        """Up to four seconds, in which the start pose creeps by what is too slow for a movement."""
        pause_s = float(self._rng.uniform(0.0, 4.0))
        if pause_s > 0.5 and self._rng.random() < 0.5:
            self.base_rad += float(self._rng.uniform(-1.0, 1.0)) * rad(SLOW_DEG_PER_S) * pause_s / 1.875
            self.go(0.0, pause_s)
        else:
            self.script.hold(pause_s)


def _lead_s(rom_rad: float, duration_s: float, limit_rad_per_s: float) -> float:
    """How long a minimum-jerk move is slower than a limit at either end."""
    share = min(1.0, limit_rad_per_s / (1.875 * rom_rad / duration_s))
    # Speed over its peak is 16 (s - s^2)^2.
    return duration_s * (0.5 - math.sqrt(0.25 - 0.25 * math.sqrt(share)))


def random_set(seed: int) -> RandomSet:
    """One random set, simulated, sent and analysed."""
    rng = np.random.default_rng(seed)
    side = Side.RIGHT if rng.random() < 0.5 else Side.LEFT
    thigh = RIGHT if side is Side.RIGHT else LEFT
    script = lying(2.5, 2.5)
    rest_rad = -rad(float(rng.uniform(5.0, 35.0)))
    mover = _Mover(script, side, rest_rad, rng)
    mover.go(0.0, 1.0)
    own_rad = rad(float(rng.uniform(10.0, 45.0)))
    start_s = script.hold(1.5).now_s
    for _ in range(3):
        mover.repetition(own_rad * float(rng.uniform(0.95, 1.05)), valid=True)
        script.hold(0.5)
    script.label(PhaseKind.DEMONSTRATION, start_s - 1.5, side, EXERCISE).hold(0.5)
    true = _set(mover, side, own_rad, rng)
    placements = (thigh, PELVIS) if rng.random() < 0.5 else (thigh,)
    rate_hz = float(rng.choice([50.0, 100.0, 200.0]))
    session = SimulatedSession(
        script.build(),
        {place: random_mounting(place, rng) for place in placements},
        {place: MemsModel.drawn(rng, rate_hz / 2.0) for place in placements},
    )
    analysis = analysed(placements, _over_the_air(session, rate_hz, rng), gather=500)
    [found] = [done for done in analysis.sets if done.side is side]
    return RandomSet(tuple(true), found)


def _set(mover: _Mover, side: Side, own_rad: float, rng: np.random.Generator) -> list[TrueMovement]:
    """One to twenty movements, one in eight of them partial."""
    start_s = mover.script.now_s
    mover.script.hold(float(rng.uniform(1.5, 2.5)))
    true = []
    for _ in range(int(rng.integers(1, 21))):
        valid = bool(rng.random() < 0.875)
        share = rng.uniform(0.85, 1.15) if valid else rng.uniform(0.3, 0.5)
        true.append(mover.repetition(own_rad * float(share), valid=valid))
        mover.pause()
    mover.script.hold(1.0).label(PhaseKind.SET, start_s, side, EXERCISE)
    return true


def _over_the_air(session: SimulatedSession, rate_hz: float, rng: np.random.Generator) -> Sequence[Item]:
    """What arrives: frames up to 30 ms late, up to one in ten lost once the set is on."""
    air = {
        place: Air(
            jitter_s=0.030,
            seed=int(rng.integers(2**31)),
            drift_ppm=float(rng.uniform(-100.0, 100.0)),
        )
        for place in session.mountings
    }
    share = float(rng.uniform(0.0, 0.10))
    kept: list[Item] = []
    in_set = False
    for item in sent(session, air, rate_hz, samples=int(rng.choice([8, 18]))):
        in_set = in_set or (isinstance(item, PhaseMark) and item.kind is PhaseKind.SET)
        if not (isinstance(item, Notification) and in_set and rng.random() < share):
            kept.append(item)
    return kept
