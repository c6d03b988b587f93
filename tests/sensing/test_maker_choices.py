"""Of the rates and ranges that a sensor offers, the one that comes closest to what is wanted."""

import pytest

from tracker.sensing.drivers.choices import nearest_rate_hz, range_for


@pytest.mark.parametrize(
    ("wanted_hz", "expected_hz"), [(100, 104), (70, 52), (78, 104), (1, 26), (1000, 416), (52, 52)]
)
def test_nearest_rate(wanted_hz: float, expected_hz: float) -> None:
    # 78 lies in the middle of 52 and 104
    assert nearest_rate_hz(wanted_hz, {26, 52, 104, 208, 416}) == expected_hz


@pytest.mark.parametrize(("wanted", "expected"), [(4, 4), (3, 4), (16, 16), (17, 16), (0.5, 2)])
def test_range_reaches_as_far_as_is_wanted(wanted: float, expected: float) -> None:
    assert range_for(wanted, (2, 16, 8, 4)) == expected
