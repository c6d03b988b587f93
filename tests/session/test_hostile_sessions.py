"""Sessions in which nothing is as it should be: they end, with numbers or reasons and never NaN."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from frame_bench import ORIGIN_NS, PARAMETERS, Item, Sender, analysed, identity
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocol import FrameFlag
from tracker.errors import UsageError
from tracker.model import Analysis, Edge, Notification, PhaseKind, PhaseMark, Placement, Repetition, Side
from tracker.session.analyser import SessionAnalyser

placements = st.lists(st.sampled_from(list(Placement)), min_size=1, max_size=3, unique=True)
marks = st.tuples(
    st.sampled_from(list(PhaseKind)),
    st.sampled_from(list(Edge)),
    st.sampled_from([None, *Side]),
    st.sampled_from([None, *sorted(PARAMETERS.exercises)]),
)


def movement(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """Counts of a sensor that lies still, turns, falls, is shaken or at the end of its range."""
    counts = np.zeros((count, 6))
    up = rng.normal(size=3)
    counts[:, :3] = 8192 * up / np.linalg.norm(up)
    match rng.integers(6):
        case 1:
            counts[:, 3:] = rng.normal(0.0, 6000.0, 3) * np.sin(np.arange(count) / rng.uniform(1, 9))[:, None]
        case 2:
            counts[:, :3] = 0.0
        case 3:
            counts += rng.normal(0.0, 3000.0, (count, 6))
        case 4:
            counts[:] = rng.choice([-32768, 32767], (count, 6))
        case _:
            counts += rng.normal(0.0, 2.0, (count, 6))
    clipped: np.ndarray[tuple[int, int], np.dtype[np.int16]] = np.clip(counts, -32768, 32767).astype(np.int16)
    return clipped


def numbers_of(rep: Repetition) -> list[float | None]:
    """All that was measured of a repetition."""
    form = rep.form
    return [
        rep.rom_rad,
        rep.rom_uncertainty_rad,
        rep.peak_velocity_rad_per_s,
        rep.mean_velocity_rad_per_s,
        rep.phase_rate_rad_per_s,
        rep.concentric_smoothness,
        rep.eccentric_smoothness,
        form.elevation_change_rad,
        form.heading_change_rad,
        form.rotation_change_rad,
        form.pelvis_turn_rad,
        form.pelvis_share,
    ]


def check(analysis: Analysis) -> None:
    """Every number is finite and every refusal has a reason."""
    for test in analysis.rest_tests:
        assert test.start_s <= test.end_s
        assert (test.hip_rotation_rad is None) is (test.refused is not None)
        for number in (test.hip_rotation_rad, test.uncertainty_rad, test.observability):
            assert number is None or math.isfinite(number)
    for done in analysis.sets:
        assert done.start_s <= done.end_s
        for one in done.repetitions:
            assert one.start_s <= one.peak_s <= one.end_s
            assert (one.rom_rad is None) is (one.peak_velocity_rad_per_s is None)
            for number in numbers_of(one):
                assert number is None or math.isfinite(number)


@settings(deadline=None, max_examples=80)
@given(placements, st.integers(0, 2**32 - 1), st.lists(st.one_of(st.none(), marks), max_size=80))
def test_any_stream_and_any_marks_end_in_a_result(
    worn: list[Placement], seed: int, steps: list[tuple[PhaseKind, Edge, Side | None, str | None] | None]
) -> None:
    rng = np.random.default_rng(seed)
    senders = {place: Sender(place, tick=int(rng.integers(2**32))) for place in worn}
    items: list[Item] = []
    newest_s = 0.0
    for step in steps:
        if step is not None:
            items.append(PhaseMark(newest_s, *step))
        for sender in senders.values():
            for _ in range(int(rng.integers(1, 6))):
                if rng.random() < 0.05:
                    sender.skip(int(rng.integers(1, 700)))
                samples = int(rng.integers(1, 40))
                flags = FrameFlag.TIME_JUMP if rng.random() < 0.02 else FrameFlag.NONE
                frame = sender.frame(
                    counts=movement(rng, samples), flags=flags, delay_s=float(rng.exponential(0.02))
                )
                items += [frame] * int(rng.choice([0, 1, 1, 1, 1, 2]))
                newest_s = max(newest_s, (frame.received_ns - ORIGIN_NS) * 1e-9 + 1.5)
    single = analysed(worn, items)
    check(single)
    assert analysed(worn, items, 50) == single


def test_an_unknown_exercise_is_a_usage_error_that_names_the_known_ones() -> None:
    analyser = SessionAnalyser((Placement.LEFT_THIGH,), ORIGIN_NS, PARAMETERS)
    with pytest.raises(UsageError) as caught:
        analyser.take_mark(PhaseMark(0.0, PhaseKind.SET, Edge.START, None, "juggling"))
    assert "juggling" in caught.value.message
    assert "supine_in_toeing" in caught.value.advice


def notifications(count: int, place: Placement = Placement.LEFT_THIGH) -> Sequence[Notification]:
    """Frames of a sensor that lies still."""
    sender = Sender(place)
    return [sender.frame() for _ in range(count)]


def test_the_parameters_of_a_result_name_the_exercises_that_were_used() -> None:
    """A set without a name is counted as the generic exercise."""
    analysis = analysed(
        (Placement.LEFT_THIGH,), [PhaseMark(0.0, PhaseKind.SET, Edge.START), *notifications(20)]
    )
    assert '"generic"' in analysis.parameters
    assert '"supine_in_toeing"' not in analysis.parameters
    assert analysis.sets[0].exercise == "generic"


def test_a_session_of_nothing_has_an_empty_result() -> None:
    analyser = SessionAnalyser(tuple(Placement), ORIGIN_NS, PARAMETERS)
    analyser.begin_sensor(Placement.PELVIS, identity(Placement.PELVIS))
    analyser.finish()
    result = analyser.analysis()
    assert (result.duration_s, result.rest_tests, result.sets) == (0.0, (), ())
    assert [one.samples for one in result.sensors] == [0]
