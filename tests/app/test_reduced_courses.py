"""A thinned course keeps what a person looks for: extremes, turning points, and where nothing was seen."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.app.operations.reduced_courses import FEWEST_POINTS, ReducedCourse, reduced
from tracker.model import FloatArray, Side
from tracker.session.looked_courses import LegCourse

RATE_HZ = 100.0
ROUNDING = 0.005001


def course_of(value_deg: FloatArray, time_s: FloatArray | None = None) -> LegCourse:
    """A course at 100 Hz."""
    times = np.arange(len(value_deg)) / RATE_HZ if time_s is None else time_s
    return LegCourse(Side.LEFT, times, value_deg.astype(np.float32))


@st.composite
def courses(draw: st.DrawFn) -> LegCourse:
    """Courses with jumps, with stretches that cannot be seen, and with gaps."""
    count = draw(st.integers(1, 3000))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    value_deg = np.cumsum(rng.normal(0.0, 1.0, count)) + 40.0 * (rng.random(count) < 0.002)
    time_s = np.arange(count) / RATE_HZ
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, count - 1))
        value_deg[start : start + draw(st.integers(1, 200))] = np.nan
    for _ in range(draw(st.integers(0, 4))):
        time_s[draw(st.integers(0, count - 1)) :] += draw(st.floats(0.05, 30.0))
    return course_of(value_deg, time_s)


def shown(thinned: ReducedCourse) -> tuple[FloatArray, FloatArray]:
    """Times and values of the points, without the holes."""
    pairs = zip(thinned.time_s, thinned.hip_rotation_deg, strict=True)
    seen = [(at, value) for at, value in pairs if value is not None]
    return np.array([at for at, _ in seen]), np.array([value for _, value in seen])


@given(courses(), st.integers(FEWEST_POINTS, 400))
def test_extremes_stay_and_every_point_is_a_sample(course: LegCourse, points: int) -> None:
    times, values = shown(reduced(course, 0.0, 1e6, points))
    known = ~np.isnan(course.hip_rotation_deg)
    if not known.any():
        assert not len(values)
        return
    assert abs(values.max() - np.nanmax(course.hip_rotation_deg)) < ROUNDING
    assert abs(values.min() - np.nanmin(course.hip_rotation_deg)) < ROUNDING
    places = np.searchsorted(course.time_s, times - 1e-4)
    assert np.abs(course.time_s[places] - times).max() < 1e-3
    assert np.abs(course.hip_rotation_deg[places] - values).max() < ROUNDING
    # two points at each side of a break between two that were chosen, and the few that must stay
    assert len(values) <= 3 * (points + 4)


@given(courses(), st.integers(FEWEST_POINTS, 400))
def test_a_line_is_drawn_only_where_samples_follow_each_other(course: LegCourse, points: int) -> None:
    """Between two joined points there is no sample that cannot be seen, and no step without samples."""
    thinned = reduced(course, 0.0, 1e6, points)
    usual_s = float(np.median(np.diff(course.time_s))) if len(course.time_s) > 1 else 0.0
    for place in range(1, len(thinned.time_s)):
        before, after = thinned.hip_rotation_deg[place - 1 : place + 1]
        if before is None or after is None:
            continue
        first, last = np.searchsorted(course.time_s, np.array(thinned.time_s[place - 1 : place + 1]) - 1e-4)
        assert not np.isnan(course.hip_rotation_deg[first : last + 1]).any()
        assert np.diff(course.time_s[first : last + 1]).max() < 1.81 * usual_s


@given(courses(), st.integers(FEWEST_POINTS, 100))
def test_times_rise(course: LegCourse, points: int) -> None:
    assert (np.diff(reduced(course, 0.0, 1e6, points).time_s) >= 0.0).all()


@given(courses(), st.floats(0.0, 20.0), st.floats(0.1, 20.0))
def test_a_stretch_holds_its_own_samples_and_one_beside_each_end(
    course: LegCourse, from_s: float, seconds: float
) -> None:
    until_s = from_s + seconds
    times, _ = shown(reduced(course, from_s, until_s, 20_000))
    inside = (course.time_s >= from_s) & (course.time_s < until_s) & ~np.isnan(course.hip_rotation_deg)
    assert set(np.round(course.time_s[inside], 4)) <= set(times)
    assert (times < from_s - 1e-4).sum() <= 1
    assert (times >= until_s + 1e-4).sum() <= 1


def test_turning_points_that_are_marked_stay() -> None:
    """Of a hundred humps in few points the marked tops are all there."""
    time_s = np.arange(100_000) / RATE_HZ
    value_deg = 20.0 * np.sin(2.0 * np.pi * time_s / 10.0)
    tops_s = 2.5 + 10.0 * np.arange(100)
    times, values = shown(reduced(course_of(value_deg, time_s), 0.0, 1e6, 120, tuple(tops_s)))
    for top_s in tops_s:
        assert abs(values[np.abs(times - top_s).argmin()] - 20.0) < 0.02


def test_a_leg_that_is_never_seen_has_no_points() -> None:
    assert reduced(course_of(np.full(500, np.nan)), 0.0, 10.0, 100).time_s == ()
