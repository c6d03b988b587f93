"""The simulated chip: scale, bias, noise, saturation."""

import numpy as np
import numpy.typing as npt
import pytest
from body_poses import posed, twist_deg, up_of
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocol.stream import SATURATED_COUNTS, StreamScale
from tracker.model import FloatArray, Placement
from tracker.sensing.body import mems as mems_module
from tracker.sensing.body.angles import Posture
from tracker.sensing.body.kinematics import GRAVITY_M_PER_S2
from tracker.sensing.body.mems import NOISE_BLOCK, Counts, MemsModel, saturated, standard_noise
from tracker.sensing.body.timeline import Joint

SAMPLES = 60_000
ALL = np.arange(SAMPLES, dtype=np.int64)


def still(mems: MemsModel, up: FloatArray, indices: npt.NDArray[np.int64] = ALL) -> Counts:
    """Counts of a sensor at rest that feels 1 g along `up`."""
    force = np.tile(GRAVITY_M_PER_S2 * up, (len(indices), 1))
    return mems.to_counts(force, np.zeros((len(indices), 3)), indices)


def test_scale_is_that_of_the_wire() -> None:
    mems = MemsModel(accelerometer_range_g=8.0, gyroscope_range_dps=500.0)
    assert StreamScale.from_ranges(8.0, 500.0) == StreamScale(
        mems.accelerometer_step_m_per_s2, mems.gyroscope_step_rad_per_s
    )
    assert mems_module.SATURATED_COUNTS == SATURATED_COUNTS


def test_ideal_sensor_rounds_to_the_nearest_count() -> None:
    mems = MemsModel.ideal(4.0, 1000.0)
    force = np.array([[GRAVITY_M_PER_S2, -2 * GRAVITY_M_PER_S2, 0.6 * mems.accelerometer_step_m_per_s2]])
    rate = np.radians([[125.0, -250.0, 0.0]])
    counts = mems.to_counts(force, rate, np.zeros(1, dtype=np.int64))
    assert counts.tolist() == [[8192, -16384, 1, 4096, -8192, 0]]
    accelerometer, gyroscope = mems.to_si(counts)
    np.testing.assert_allclose(accelerometer[:, :2], force[:, :2])
    np.testing.assert_allclose(gyroscope, rate)


def test_beyond_the_range_counts_stay_at_its_end() -> None:
    mems = MemsModel.ideal(2.0, 125.0)
    force = GRAVITY_M_PER_S2 * np.array([[9.0, -9.0, 0.0], [1.9, 0.0, 0.0], [1.985, 0.0, 0.0]])
    rate = np.radians([[248.0, -248.0, 0.0], [0.0, 123.0, 0.0], [0.0, 0.0, 0.0]])
    counts = mems.to_counts(force, rate, np.arange(3, dtype=np.int64))
    assert counts.dtype == np.int16
    assert counts[0].tolist() == [32767, -32768, 0, 32767, -32768, 0]
    assert saturated(counts).tolist() == [True, False, True]


def test_noise_has_the_density_of_the_data_sheet() -> None:
    """SD is density times root bandwidth, and resolution adds its square over 12.

    The standard deviation of 60,000 samples scatters by 1 / sqrt(2 N) = 0.29 %; four times that is allowed.
    """
    mems = MemsModel(seed=3)
    accelerometer, gyroscope = mems.to_si(still(mems, np.array([0.0, 1.0, 0.0])))
    accelerometer_sd = np.hypot(
        70e-6 * np.sqrt(50.0) * GRAVITY_M_PER_S2, mems.accelerometer_step_m_per_s2 / 12**0.5
    )
    gyroscope_sd = np.hypot(np.radians(3.8e-3) * np.sqrt(50.0), mems.gyroscope_step_rad_per_s / 12**0.5)
    np.testing.assert_allclose(accelerometer.std(axis=0), accelerometer_sd, rtol=0.012)
    np.testing.assert_allclose(gyroscope.std(axis=0), gyroscope_sd, rtol=0.012)
    # and a mean of N samples scatters by SD / sqrt(N)
    error = accelerometer.mean(axis=0) - [0.0, GRAVITY_M_PER_S2, 0.0]
    assert np.abs(error).max() < 4 * accelerometer_sd / np.sqrt(SAMPLES)


def test_noise_is_white_and_every_axis_and_seed_its_own() -> None:
    noise = standard_noise(1, ALL)
    limit = 4.5 / np.sqrt(SAMPLES)
    for lag in (1, 2, NOISE_BLOCK - 1, NOISE_BLOCK, NOISE_BLOCK + 1):
        assert np.abs((noise[lag:] * noise[:-lag]).mean(axis=0)).max() < 1.01 * limit
    between_axes = np.corrcoef(noise, rowvar=False) - np.eye(6)
    assert np.abs(between_axes).max() < limit
    for other in (standard_noise(2, ALL), standard_noise(2**62 + 1, ALL)):
        assert np.abs((noise * other).mean(axis=0)).max() < limit


def test_bandwidth_scales_the_noise_by_its_root() -> None:
    narrow, wide = MemsModel(bandwidth_hz=25.0), MemsModel(bandwidth_hz=100.0)
    assert wide.accelerometer_noise_m_per_s2 == pytest.approx(2 * narrow.accelerometer_noise_m_per_s2)
    assert wide.gyroscope_noise_rad_per_s == pytest.approx(2 * narrow.gyroscope_noise_rad_per_s)


@settings(deadline=None)
@given(
    st.integers(0, 2**40), st.lists(st.integers(0, 700), min_size=1, max_size=20), st.integers(0, 2**63 - 1)
)
def test_noise_depends_on_the_sample_number_alone(base: int, offsets: list[int], seed: int) -> None:
    indices = base + np.array(offsets, dtype=np.int64)
    whole = standard_noise(seed, base + np.arange(701, dtype=np.int64))
    np.testing.assert_array_equal(standard_noise(seed, indices), whole[offsets])


def test_no_samples_make_no_noise() -> None:
    assert standard_noise(0, np.zeros(0, dtype=np.int64)).shape == (0, 6)


def test_twist_of_a_noisier_chip_at_rest() -> None:
    """160 ug per root Hz: 0.064 degrees a sample; a mean of 500 samples scatters by that over root 500."""
    mems = MemsModel(accelerometer_noise_ug=160.0, seed=11)
    up = up_of(posed(Posture.SUPINE, {Joint.RIGHT_ROTATION: -25.0}), Placement.RIGHT_THIGH)
    accelerometer, _ = mems.to_si(still(mems, up))
    twists = np.degrees(np.arctan2(accelerometer[:, 2], accelerometer[:, 0]))
    assert twists.std() == pytest.approx(0.064, abs=0.01)
    windows = accelerometer.reshape(-1, 500, 3).mean(axis=1)
    means = np.degrees(np.arctan2(windows[:, 2], windows[:, 0]))
    # 120 windows: their standard deviation scatters by 6.5 %
    assert means.std() == pytest.approx(0.0647 / np.sqrt(500), rel=0.25)
    assert np.abs(means + 25.0).max() < 0.02


@pytest.mark.parametrize(("bias_mg", "error"), [((0, 0, 20), 1.05), ((20, 0, 20), 1.51)])
def test_bias_turns_the_twist(bias_mg: tuple[float, float, float], error: float) -> None:
    x, y, z = (1e-3 * GRAVITY_M_PER_S2 * one for one in bias_mg)
    mems = MemsModel(0.0, 0.0, accelerometer_bias_m_per_s2=(x, y, z))
    up = up_of(posed(Posture.SUPINE, {Joint.RIGHT_ROTATION: -25.0}), Placement.RIGHT_THIGH)
    accelerometer, _ = mems.to_si(still(mems, up, np.zeros(1, dtype=np.int64)))
    assert twist_deg(accelerometer[0]) + 25.0 == pytest.approx(error, abs=0.02)


def test_drawn_specimens_differ_and_come_again_from_their_seed() -> None:
    rng = np.random.default_rng(5)
    specimens = [MemsModel.drawn(rng) for _ in range(400)]
    assert specimens[0] == MemsModel.drawn(np.random.default_rng(5))
    assert len({specimen.seed for specimen in specimens}) == 400
    mg = np.array([one.accelerometer_bias_m_per_s2 for one in specimens]) / GRAVITY_M_PER_S2 * 1e3
    dps = np.degrees([one.gyroscope_bias_rad_per_s for one in specimens])
    # 1,200 draws: the standard deviation scatters by 2 %
    assert mg.std() == pytest.approx(5.0, rel=0.08)
    assert dps.std() == pytest.approx(0.3, rel=0.08)
