"""The block-wise turning-point machine against a plain one, for any signal and any cutting."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_turning_points import plain_turning_points

from tracker.motion.signals.turning_points import Excursion, Point, Rise, TurningPointMachine

EVENTS = Rise | Excursion

steps = st.lists(st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]), max_size=80)
walks = st.one_of(
    steps.map(lambda taken: np.cumsum(taken).tolist()),
    st.lists(st.floats(-10.0, 10.0, width=32), max_size=80),
)


def fed(machine: TurningPointMachine, values: list[float], cuts: list[int]) -> list[EVENTS]:
    """What a machine finds in a signal that is cut at some places."""
    found: list[EVENTS] = []
    for start, stop in pairwise([0, *sorted(min(cut, len(values)) for cut in cuts), len(values)]):
        found += machine.feed(np.array(values[start:stop], dtype=np.float64))
    return found


@settings(deadline=None, max_examples=400)
@given(walks, st.sampled_from([0.5, 1.0, 1.5, 3.0]), st.booleans(), st.lists(st.integers(0, 80), max_size=8))
def test_finds_what_the_plain_machine_finds(
    values: list[float], prominence: float, either_way: bool, cuts: list[int]
) -> None:
    expected, sign = plain_turning_points(values, prominence, first_either_way=either_way)
    machine = TurningPointMachine(prominence, first_either_way=either_way)
    assert fed(machine, values, cuts) == expected
    assert machine.sign == sign
    assert machine.rising == (bool(expected) and isinstance(expected[-1], Rise))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 5000), max_size=6), st.booleans())
def test_long_signals_pass_its_search_window(seed: int, cuts: list[int], either_way: bool) -> None:
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0.0, 0.05, 5000)).tolist()
    expected, _ = plain_turning_points(values, 0.8, first_either_way=either_way)
    assert fed(TurningPointMachine(0.8, first_either_way=either_way), values, cuts) == expected


def test_of_equal_samples_the_first_is_the_turning_point() -> None:
    machine = TurningPointMachine(1.0)
    found = machine.feed(np.array([0.0, -1.0, -1.0, 0.0, 2.0, 2.0, 1.0]))
    assert found == [Rise(Point(1, -1.0), 3), Excursion(Point(1, -1.0), Point(4, 2.0), 6)]


def test_prominence_is_reached_exactly() -> None:
    assert TurningPointMachine(1.0).feed(np.array([0.0, 1.0, 0.0])) == [
        Rise(Point(0, 0.0), 1),
        Excursion(Point(0, 0.0), Point(1, 1.0), 2),
    ]
    assert TurningPointMachine(1.0).feed(np.array([0.0, 0.999, -0.0001])) == []


@pytest.mark.parametrize("drift_per_sample", [-0.02, 0.0, 0.02])
def test_drift_and_pauses_leave_the_count_alone(drift_per_sample: float) -> None:
    """Twelve waves of 30 over a drift of up to 24, with pauses between."""
    wave = np.concatenate([15 - 15 * np.cos(np.linspace(0, 2 * np.pi, 60)), np.zeros(40)])
    signal = np.tile(wave, 12) + drift_per_sample * np.arange(1200)
    found = TurningPointMachine(12.5).feed(signal)
    assert sum(isinstance(one, Excursion) for one in found) == 12
