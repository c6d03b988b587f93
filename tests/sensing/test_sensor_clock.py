"""From device ticks to host time: jitter, drift, late packets, wraps; times that only ever rise."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import FloatArray
from tracker.sensing.clock_model.clock import FrameTicks, SensorClock
from tracker.sensing.clock_model.parameters import ClockParameters

PARAMETERS = ClockParameters()
TICK_RATE_HZ = 1_000_000
INTERVAL_TICKS = 10_000
WRAP = 1 << 32
ORIGIN_NS = 3_000_000_000


class Stream:
    """Frames of a sensor whose clock runs by some ppm faster than the host's.

    Args:
        start_s: host time of its first sample, seconds since the origin.
    """

    def __init__(
        self, *, samples: int = 18, drift_ppm: float = 0.0, start_s: float = 0.5, start_tick: int = 0
    ) -> None:
        self._samples = samples
        self._interval_s = INTERVAL_TICKS / TICK_RATE_HZ / (1.0 + drift_ppm * 1e-6)
        self._start_s = start_s
        self._tick = start_tick
        self._index = 0

    def next(self, delay_s: float) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], int, FloatArray]:
        """Ticks of the next frame, when it arrived, and the true times of its samples."""
        steps = np.arange(self._samples, dtype=np.int64)
        true_s: FloatArray = self._start_s + (self._index + steps).astype(np.float64) * self._interval_s
        ticks = self._tick + steps * INTERVAL_TICKS
        self._index += self._samples
        self._tick = (self._tick + self._samples * INTERVAL_TICKS) % WRAP
        return ticks, ORIGIN_NS + round((true_s[-1] + delay_s) * 1e9), true_s

    def skip(self, frames: int) -> None:
        """Let frames pass that do not arrive."""
        self._index += frames * self._samples
        self._tick = (self._tick + frames * self._samples * INTERVAL_TICKS) % WRAP


def clock(parameters: ClockParameters = PARAMETERS) -> SensorClock:
    """A clock model of such a sensor."""
    return SensorClock(float(TICK_RATE_HZ), ORIGIN_NS, parameters)


def times_of(
    model: SensorClock, ticks: np.ndarray[tuple[int], np.dtype[np.int64]], received_ns: int
) -> FloatArray | None:
    """Times of one frame's samples; None where it is refused."""
    counts, stamps = np.array([len(ticks)], dtype=np.int64), np.array([received_ns], dtype=np.int64)
    times = model.sample_times(FrameTicks(ticks, counts, stamps))
    return None if times.refused else times.time_s


def check_times(found_s: FloatArray | None, true_s: FloatArray) -> None:
    """Times are the true ones; stamps are whole nanoseconds."""
    assert found_s is not None
    np.testing.assert_allclose(found_s, true_s, atol=2e-9)


def followed(stream: Stream, delays_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Times by the model, and how late they are against the true ones, for frames with these delays."""
    model, times, errors = clock(), [], []
    for delay_s in delays_s:
        ticks, received_ns, true_s = stream.next(float(delay_s))
        found = times_of(model, ticks, received_ns)
        assert found is not None
        times.append(found)
        errors.append(found - true_s)
    return np.concatenate(times), np.concatenate(errors)


def test_without_delay_times_are_exact() -> None:
    _, errors_s = followed(Stream(), np.zeros(500))
    # stamps are whole nanoseconds
    assert np.abs(errors_s).max() < 2e-9


@pytest.mark.parametrize("drift_ppm", [-100.0, -20.0, 0.0, 20.0, 100.0])
def test_jitter_and_drift_leave_a_millisecond(drift_ppm: float) -> None:
    """Delays of 0.5 ms at least, 4.76 +- 2.32 ms as published for arrival times, over ten minutes.

    Once settled, the envelope lies between the least delay and what it creeps up by until the next frame
    that comes nearly as early: the least of 50 such delays is below 1.5 ms, and 50 frames are 9 s. For the
    slowest sensor the drift eats half of the creep's 200 ppm.
    """
    rng = np.random.default_rng(1)
    delays_s = np.maximum(0.0005, rng.normal(0.00476, 0.00232, 3333))
    _, errors_s = followed(Stream(drift_ppm=drift_ppm), delays_s)
    settled = errors_s[60 * 100 :]
    assert settled.min() > 0.0005 - 0.0012
    assert settled.max() < 0.0015 + 9.0 * (PARAMETERS.creep + 100e-6)


def test_two_sensors_that_drift_apart_stay_together() -> None:
    """+50 and -50 ppm are 60 ms after ten minutes; 20 ms would cost a degree in the hip angle."""
    rng = np.random.default_rng(2)
    ends_s = [
        followed(Stream(drift_ppm=drift_ppm), rng.uniform(0.001, 0.009, 3333))[1][-1]
        for drift_ppm in (50.0, -50.0)
    ]
    assert abs(ends_s[0] - ends_s[1]) < 0.005


@pytest.mark.parametrize("samples", [1, 7, 18, 41, 255])
@pytest.mark.parametrize(
    ("late_s", "share"),
    [(0.05, PARAMETERS.slew), (0.3, PARAMETERS.start_slew), (1.0, PARAMETERS.start_slew)],
)
def test_a_late_first_packet_is_worked_off_without_a_step_back(
    samples: int, late_s: float, share: float
) -> None:
    """By at most 5 % of the time that passes, however many samples a frame has; by half of it where it was
    held up by more than a tenth of a second. A tenth may be left, made up for at 5 %."""
    needed_s = late_s / share + (PARAMETERS.stall_s / PARAMETERS.slew if late_s > PARAMETERS.stall_s else 0.0)
    frames = int((needed_s + 5.0) * 100 / samples) + 2
    delays_s = np.zeros(frames)
    delays_s[0] = late_s
    times_s, errors_s = followed(Stream(samples=samples), delays_s)
    steps_s = np.diff(times_s)
    # that share less than the interval, and no step at the frames' ends
    assert steps_s.min() > 0.01 * (1.0 - share) - 1e-9
    assert steps_s.max() < 0.0100 + 1e-9
    assert errors_s[0] == pytest.approx(late_s, abs=1e-6)
    # the change of a frame is spread over its samples: two frames more
    settled = np.arange(len(errors_s)) > (needed_s + 0.1) * 100 + 2 * samples
    assert np.abs(errors_s[settled]).max() < 1e-6


def test_a_stall_of_the_radio_changes_nothing_but_the_creep() -> None:
    """Two seconds of frames that arrive together, the last one hardly late."""
    delays_s = np.zeros(200)
    delays_s[100:111] = 0.18 * np.arange(10, -1, -1)
    _, errors_s = followed(Stream(), delays_s)
    assert np.abs(errors_s).max() <= 2.0 * PARAMETERS.creep + 1e-6


def test_ticks_that_wrap_go_on() -> None:
    stream = Stream(start_tick=WRAP - 25 * INTERVAL_TICKS)
    times_s, errors_s = followed(stream, np.zeros(10))
    assert np.abs(errors_s).max() < 2e-9
    np.testing.assert_allclose(np.diff(times_s), 0.01, atol=1e-9)


def test_lost_frames_leave_their_time_open() -> None:
    stream, model = Stream(), clock()
    for skipped in (0, 3, 0, 200):
        stream.skip(skipped)
        ticks, received_ns, true_s = stream.next(0.0)
        check_times(times_of(model, ticks, received_ns), true_s)


def test_a_frame_from_the_past_is_refused_and_leaves_no_trace() -> None:
    """Its ticks would otherwise be taken for a wrap: more than an hour in the future."""
    stream, model = Stream(start_tick=50 * INTERVAL_TICKS), clock()
    first_ticks, first_ns, _ = stream.next(0.0)
    times_of(model, first_ticks, first_ns)
    for back in (-50, -1, 1):
        past = np.array([first_ticks[0] + back, first_ticks[0] + back + 2])
        assert times_of(model, past, first_ns + 1_000_000) is None
    ticks, received_ns, true_s = stream.next(0.0)
    check_times(times_of(model, ticks, received_ns), true_s)


def test_times_begin_after_what_was_given_out_before() -> None:
    ticks, received_ns, true_s = Stream().next(0.0)
    late = SensorClock(float(TICK_RATE_HZ), ORIGIN_NS, PARAMETERS, after_s=float(true_s[0]))
    assert times_of(late, ticks, received_ns) is None
    free = SensorClock(float(TICK_RATE_HZ), ORIGIN_NS, PARAMETERS, after_s=float(true_s[0]) - 0.001)
    assert times_of(free, ticks, received_ns) is not None


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.integers(0, WRAP - 1), st.integers(1, 65_535), st.integers(1, 60), st.integers(0, 10**12)
        ),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 10**9),
)
def test_whatever_comes_the_times_given_out_only_rise(
    frames: list[tuple[int, int, int, int]], tick_rate_hz: int
) -> None:
    model, given_s = SensorClock(float(tick_rate_hz), 0, PARAMETERS), []
    for first_tick, interval_ticks, samples, received_ns in frames:
        ticks = first_tick + interval_ticks * np.arange(samples, dtype=np.int64)
        found = times_of(model, ticks, received_ns)
        if found is not None:
            given_s.append(found)
    times_s = np.concatenate(given_s)
    assert np.isfinite(times_s).all()
    # frames follow each other strictly; within one, steps finer than a double's rounding may vanish
    assert (np.diff(times_s) >= 0).all()
    assert all(before[-1] < after[0] for before, after in pairwise(given_s))


@pytest.mark.parametrize("drift_ppm", [-40_000.0, 40_000.0])
def test_ticks_of_a_bad_oscillator_are_counted_at_the_pace_that_arrivals_show(drift_ppm: float) -> None:
    """4 % are far more than crystals; after the judgement the envelope works off what it lagged behind.

    Earliest arrivals are off by some ms in 20 s, half a thousandth of the pace; the envelope's own share of
    200 ppm keeps up with the rest.
    """
    rng = np.random.default_rng(5)
    stream = Stream(drift_ppm=drift_ppm)
    model = clock()
    errors_s = []
    for delay_s in rng.uniform(0.001, 0.008, 600):
        ticks, received_ns, true_s = stream.next(float(delay_s))
        found_s = times_of(model, ticks, received_ns)
        assert found_s is not None
        errors_s.append(found_s - true_s)
    assert model.pace == pytest.approx(1.0 / (1.0 + drift_ppm * 1e-6), rel=5e-4)
    lagged_s = abs(drift_ppm) * 1e-6 * PARAMETERS.pace_after_s
    settled_s = PARAMETERS.pace_after_s + lagged_s / PARAMETERS.slew + 2.0
    assert np.abs(np.concatenate(errors_s)[round(settled_s * 100) :]).max() < 0.012


def test_a_crystal_s_drift_is_no_wrong_pace() -> None:
    model, stream = clock(), Stream(drift_ppm=100.0)
    for _ in range(200):
        ticks, received_ns, _ = stream.next(0.0)
        times_of(model, ticks, received_ns)
    assert model.pace == 1.0


def judged_at_s(
    drift_ppm: float, delay_s: Callable[[float], float], duration_s: float = 60.0, loss: float = 0.0
) -> tuple[SensorClock, list[float], FloatArray]:
    """A clock after frames with delays by their time; when its pace changed; its times less the true ones.

    Args:
        loss: share of the frames that do not arrive.
    """
    model, stream, rng = clock(), Stream(drift_ppm=drift_ppm, start_s=0.0), np.random.default_rng(12)
    changed_s, errors_s, arrived_ns = [], [], 0
    for _ in range(round(duration_s / 0.18)):
        ticks, on_time_ns, true_s = stream.next(0.0)
        if rng.random() < loss:
            continue
        # frames do not overtake each other
        arrived_ns = max(arrived_ns + 1, on_time_ns + round(delay_s(float(true_s[-1])) * 1e9))
        pace = model.pace
        found_s = times_of(model, ticks, arrived_ns)
        assert found_s is not None
        errors_s.append(found_s - true_s)
        changed_s += [float(true_s[-1])] if model.pace != pace else []
    return model, changed_s, np.concatenate(errors_s)


def jittered(seed: int = 3) -> Callable[[float], float]:
    """Delays of 1 to 5 ms."""
    rng = np.random.default_rng(seed)
    return lambda _: float(rng.uniform(0.001, 0.005))


LATE_STARTS: dict[str, Callable[[float], float]] = {
    "late for 6 s": lambda now_s: 0.3 if now_s < 5.9 else 0.0,
    "1 s of frames, worked off in 7 s": lambda now_s: max(0.0, 1.0 - now_s / 7.0),
    "0.3 s worked off in 8 s": lambda now_s: 0.3 * max(0.0, 1.0 - now_s / 8.0),
    "0.25 s worked off in 12 s": lambda now_s: 0.25 * max(0.0, 1.0 - now_s / 12.0),
    "nothing for 8 s": lambda now_s: max(0.0, 8.0 - now_s),
    "nothing for 14 s": lambda now_s: max(0.0, 14.0 - now_s),
    "nothing from 12 s to 22 s": lambda now_s: max(0.0, 22.0 - now_s) if now_s > 12.0 else 0.0,
}


@pytest.mark.parametrize("late_s", LATE_STARTS.values(), ids=list(LATE_STARTS))
@pytest.mark.parametrize("drift_ppm", [20.0, -40_000.0, 40_000.0])
def test_a_link_that_starts_late_does_not_fool_the_judgement(
    drift_ppm: float, late_s: Callable[[float], float]
) -> None:
    """A right clock keeps its pace; a wrong one is found once the halves of 20 s agree, 20 s later at most.

    Slopes of the halves may differ by half of the share that is told, so that is the most they are off by.
    """
    jitter_s = jittered()
    model, changed_s, _ = judged_at_s(drift_ppm, lambda now_s: jitter_s(now_s) + late_s(now_s))
    share = drift_ppm * 1e-6
    if abs(share) < PARAMETERS.notice_share:
        assert (model.pace, changed_s) == (1.0, [])
    else:
        assert model.pace == pytest.approx(1.0 / (1.0 + share), abs=0.5 * PARAMETERS.notice_share)
        assert changed_s[0] < 2.0 * PARAMETERS.pace_after_s + 2.0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("drift_ppm", [0.0, -100.0, -40_000.0, 40_000.0, 80_000.0])
def test_jitter_and_losses_do_not_put_off_the_judgement(drift_ppm: float, seed: int) -> None:
    """4 ms of jitter, a tenth of the frames lost: judged by one of the first frames after 20 s of ticks.

    The line below 100 arrivals errs by 0.02 % at most: 4 ms over the whole 20 s.
    """
    model, changed_s, _ = judged_at_s(drift_ppm, jittered(seed), loss=0.1)
    share = drift_ppm * 1e-6
    if abs(share) < PARAMETERS.notice_share:
        assert (model.pace, changed_s) == (1.0, [])
    else:
        [at_s] = changed_s
        assert at_s * (1.0 + share) == pytest.approx(PARAMETERS.pace_after_s + 0.3, abs=0.4)
        assert model.pace == pytest.approx(1.0 / (1.0 + share), rel=2e-4)


def test_lateness_that_fell_all_the_while_is_found_out_and_its_pace_taken_back() -> None:
    """Nothing tells 0.3 s worked off in 20 s from a clock that is 1.5 % fast before the next 20 s do.

    0.3 s too short by then, made up for at 5 %: 6 s later the times are right.
    """
    jitter_s = jittered()
    model, changed_s, errors_s = judged_at_s(
        0.0, lambda now_s: jitter_s(now_s) + 0.3 * max(0.0, 1.0 - now_s / 20.0)
    )
    assert changed_s == pytest.approx([20.2, 40.4], abs=0.4)
    assert [one.factor for one in model.paces] == pytest.approx([1.0 / 1.015, 1.0], abs=2e-4)
    assert np.abs(errors_s[4900:]).max() < 0.008


def test_frames_that_stay_away_while_the_pace_would_be_judged_only_put_it_off() -> None:
    model, stream = clock(), Stream(drift_ppm=-40_000.0)
    for number in range(150):
        if number == 50:
            stream.skip(70)
        ticks, received_ns, _ = stream.next(0.0)
        times_of(model, ticks, received_ns)
    assert model.pace == pytest.approx(1.0 / 0.96, rel=1e-4)


def test_a_frame_that_is_refused_does_not_bring_the_judgement() -> None:
    """Ticks from the past look far ahead, past the 20 s: they must neither judge nor put it off."""
    model, stream = clock(), Stream(drift_ppm=40_000.0, start_tick=50 * INTERVAL_TICKS)
    for number in range(150):
        ticks, received_ns, _ = stream.next(0.0)
        assert times_of(model, ticks, received_ns) is not None
        if number == 105:
            assert times_of(model, ticks - 1, received_ns) is None
            assert model.pace == 1.0
    assert model.pace == pytest.approx(1.0 / 1.04, rel=1e-4)


def test_no_oscillator_is_wrong_by_a_quarter() -> None:
    model, _, _ = judged_at_s(250_000.0, jittered())
    assert model.pace == 1.0
    assert model.drift is not None
    assert model.drift.drift_ppm == pytest.approx(250_000.0, rel=0.01)


def test_a_wrong_pace_tells_since_when_it_is_corrected_and_from_when_times_are_right() -> None:
    """4 % of 20 s are made up for at 5 %; the first frame was on time, and the creep made up for 4 ms."""
    model, [at_s], errors_s = judged_at_s(-40_000.0, lambda _: 0.0)
    [pace] = model.paces
    lag_s = 0.04 * at_s
    assert pace.since_s == pytest.approx(at_s - lag_s, abs=0.04 * 0.18 + 0.005)
    assert pace.settled_s is not None
    assert pace.settled_s == pytest.approx(at_s + lag_s / PARAMETERS.slew, abs=0.5)
    assert np.abs(errors_s[round(pace.settled_s * 96) + 18 :]).max() < 0.001


def test_after_a_restart_the_pace_is_known_from_the_first_frame_on() -> None:
    before, _, _ = judged_at_s(-40_000.0, lambda _: 0.0)
    anew = SensorClock(float(TICK_RATE_HZ), ORIGIN_NS, PARAMETERS, paces=before.paces)
    stream = Stream(drift_ppm=-40_000.0, start_s=70.0)
    for _ in range(50):
        ticks, received_ns, true_s = stream.next(0.0)
        found_s = times_of(anew, ticks, received_ns)
        assert found_s is not None
        np.testing.assert_allclose(found_s, true_s, atol=1e-4)
    assert anew.paces == before.paces


def test_what_warmth_changes_in_a_bad_oscillator_is_followed() -> None:
    """By 0.25 % in five minutes, five degrees at 500 ppm a degree: less than the creep while none is taken
    anew, and 0.2 % less than the pace at most."""
    model, rng, now_s, tick, worst_s = clock(), np.random.default_rng(6), 0.0, 0, 0.0
    while now_s < 400.0:
        warm = min(1.0, max(0.0, now_s - 60.0) / 300.0)
        interval_s = 0.01 / (0.96 - 0.0025 * warm)
        ticks = tick + np.arange(18, dtype=np.int64) * INTERVAL_TICKS
        last_s = now_s + 17 * interval_s
        found_s = times_of(model, ticks, ORIGIN_NS + round((last_s + rng.uniform(0.001, 0.005)) * 1e9))
        assert found_s is not None
        if now_s > 45.0:
            worst_s = max(worst_s, abs(float(found_s[-1]) - last_s))
        tick, now_s = tick + 18 * INTERVAL_TICKS, now_s + 18 * interval_s
    # the jitter, and the creep until the next frame that is hardly late
    assert worst_s < 0.012


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 399), max_size=8).map(sorted), st.sampled_from([0.0, 0.3, 2.0]))
def test_frames_together_or_one_by_one_are_judged_alike(cuts: list[int], late_s: float) -> None:
    """Also where the judgement is put off, or taken back."""
    stream = Stream(drift_ppm=30_000.0)
    sent = [stream.next(0.001 + late_s * max(0.0, 1.0 - number * 0.18 / 19.0)) for number in range(400)]
    one_by_one, together = clock(), clock()
    single = [times_of(one_by_one, ticks, received_ns) for ticks, received_ns, _ in sent]
    joined: list[FloatArray] = []
    for start, stop in pairwise([0, *cuts, 400]):
        part = sent[start:stop]
        while part:
            times = together.sample_times(
                FrameTicks(
                    np.concatenate([ticks for ticks, _, _ in part]),
                    np.array([len(ticks) for ticks, _, _ in part], dtype=np.int64),
                    np.array([received_ns for _, received_ns, _ in part], dtype=np.int64),
                )
            )
            assert times.frames
            joined.append(times.time_s)
            part = part[times.frames :]
    alone = [one for one in single if one is not None]
    np.testing.assert_array_equal(np.concatenate(joined), np.concatenate(alone))
    assert together.paces == one_by_one.paces
