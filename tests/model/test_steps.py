"""Steps between neighbouring values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import steps_after


@given(st.floats(-1e6, 1e6), st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_the_first_step_is_from_the_value_before(before: float, values: list[float]) -> None:
    found = steps_after(before, np.array(values, dtype=np.float64))
    np.testing.assert_array_equal(found, np.diff(np.array(values, dtype=np.float64), prepend=before))


@pytest.mark.parametrize("values", [[], [7], [3, 9, 4_294_967_295]])
def test_whole_numbers_stay_whole(values: list[int]) -> None:
    found = steps_after(5, np.array(values, dtype=np.int64))
    assert found.dtype == np.int64
    assert found.tolist() == [after - before for before, after in zip([5, *values], values, strict=False)]
