"""Random rest tests of random people: how often does the stated interval hold the true resting rotation?

A person repeats reference pose and relaxing, and straps the sensor on, with standard deviations that differ
from person to person: they are drawn from the distribution that the assumed ones stand for, a scaled inverse
chi-square with the assumption's weight as its degrees of freedom.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from motion_samples import Pose, block_of, end_to_end, noisy, random_rotation
from pipeline_bench import PELVIS, RIGHT, run_blocks
from scenario_bench import STANDING_POSE, marks_of

from tracker.model import THIGH_SIDES, FloatArray, PhaseKind, Placement, RestTest, Side, TimedBlock
from tracker.motion.parameters import RestTestParameters
from tracker.motion.person import PersonalRecord
from tracker.motion.rest.repeatability import own_repeatability
from tracker.motion.rest.resting import resting_rotation

PARAMETERS = RestTestParameters()
NORMAL_95 = 1.959964
REPEATS = 3
HOLD_S = 6.0
"""Of each pose, of which five seconds are still for certain."""


@dataclass(frozen=True, slots=True)
class Person:
    """What differs from person to person.

    Attributes:
        true_deg: hip rotation at rest, usually.
        reference_sd_deg, donning_sd_deg: how well they repeat a test, and strap on.
    """

    true_deg: float
    reference_sd_deg: float
    donning_sd_deg: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Person":
        """Someone."""
        weight = PARAMETERS.prior_tests
        spreads = np.sqrt(weight / rng.chisquare(weight, 2))
        return cls(
            true_deg=float(rng.uniform(-40.0, 5.0)),
            reference_sd_deg=math.degrees(PARAMETERS.reference_sd_rad) * float(spreads[0]),
            donning_sd_deg=math.degrees(PARAMETERS.donning_sd_rad) * float(spreads[1]),
        )


@dataclass(frozen=True, slots=True)
class Covered:
    """How many intervals held the true value.

    Attributes:
        half_width_deg: of the intervals, median.
    """

    inside: int
    tests: int
    half_width_deg: float

    @property
    def share(self) -> float:
        """Share of the intervals that held it."""
        return self.inside / self.tests


def coverage(number: int, repeats: int, *, own_donnings: int = 0, seed: int = 1) -> Covered:
    """Rest tests of so many people, each once.

    Args:
        repeats: tests of each donning; the median counts.
        own_donnings: earlier donnings of theirs that the assumption is updated with.
    """
    rng = np.random.default_rng(seed)
    inside, widths = 0, []
    for _ in range(number):
        person = Person.drawn(rng)
        earlier = [
            [_value_deg(person, one) for one in _donning(person, REPEATS, rng)] for _ in range(own_donnings)
        ]
        repeatability = own_repeatability(
            PARAMETERS, [[math.radians(one) for one in tests] for tests in earlier]
        )
        record = PersonalRecord(repeatability=dict.fromkeys(Side, repeatability))
        tests = _measured(person, _donning(person, repeats, rng), record, rng)
        resting = resting_rotation(tests, PARAMETERS).right
        if resting is None:
            raise ValueError(f"the tests were refused: {[test.refused for test in tests]}")
        inside += abs(math.degrees(resting.value_rad) - person.true_deg) <= math.degrees(
            resting.uncertainty_rad
        )
        widths.append(math.degrees(resting.uncertainty_rad))
    return Covered(inside, number, float(np.median(widths)))


def _donning(person: Person, repeats: int, rng: np.random.Generator) -> FloatArray:
    """How far the reference pose of each test of one donning is from patella up, degrees."""
    strapped = rng.normal(0.0, person.donning_sd_deg)
    return strapped + rng.normal(0.0, person.reference_sd_deg, repeats)


def _value_deg(person: Person, reference_deg: float) -> float:
    """What an ideal sensor shows."""
    return person.true_deg - reference_deg


def _measured(
    person: Person,
    references_deg: Sequence[float] | FloatArray,
    record: PersonalRecord,
    rng: np.random.Generator,
) -> list[RestTest]:
    """The tests of one donning by sensors with offsets and noise, on a leg that lies as it may."""
    raised = float(rng.uniform(-10.0, 10.0))
    at_rest = Pose(
        flexion_deg=raised,
        adduction_deg=float(rng.uniform(-15.0, 15.0)),
        internal_rotation_deg=person.true_deg,
    )
    poses = [STANDING_POSE]
    for reference_deg in references_deg:
        poses += [Pose(internal_rotation_deg=float(reference_deg)), at_rest]
    placements = (RIGHT, PELVIS) if rng.random() < 0.5 else (RIGHT,)
    blocks = {place: _worn(place, poses, rng) for place in placements}
    phases = [(0.5, HOLD_S - 0.2, PhaseKind.STANDING, None)]
    for number in range(1, len(poses)):
        start_s = number * HOLD_S
        kind = PhaseKind.REFERENCE if number % 2 else PhaseKind.REST
        phases.append((start_s + 0.2, start_s + HOLD_S - 0.1, kind, None))
    run = run_blocks(blocks, marks_of(*phases), person=record, chunk=1000)
    return list(run.pipeline.rest_tests)


def _worn(place: Placement, poses: Sequence[Pose], rng: np.random.Generator) -> TimedBlock:
    """A sensor of one specimen, strapped on any way, through still poses."""
    mounting = random_rotation(rng)
    offset = rng.normal(0.0, PARAMETERS.accelerometer_bias_m_per_s2 / NORMAL_95, 3)
    side = THIGH_SIDES.get(place)
    ups = [(pose.pelvis_up() if side is None else pose.thigh_up(side))[0] for pose in poses]
    still = end_to_end(
        *(
            block_of(up @ mounting, HOLD_S, start_s=HOLD_S * number, placement=place)
            for number, up in enumerate(ups)
        )
    )
    felt = noisy(still, rng)
    felt.accelerometer_m_per_s2[:] += offset
    return felt
