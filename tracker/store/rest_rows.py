"""Rest tests and alignments from rows: by the order of their columns.

Years of sessions have tens of thousands of such rows, and by name reading one takes four times as long.
"""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from math import radians
from typing import Any

from tracker.model import Placement, Posture, RelativeTo, RestTest, RestUncertainty, SensorAlignment, Side
from tracker.motion.parameters import NORMAL_95
from tracker.store.tables import RestTestTable, SensorAlignmentTable

REST_TEST_COLUMNS = (
    RestTestTable.side,
    RestTestTable.start_s,
    RestTestTable.end_s,
    RestTestTable.hip_rotation_deg,
    RestTestTable.uncertainty_deg,
    RestTestTable.relative_to,
    RestTestTable.observability,
    RestTestTable.flags,
    RestTestTable.refused,
    RestTestTable.posture,
    RestTestTable.recipe,
    RestTestTable.reference_age_s,
    RestTestTable.crosstalk_bound_deg,
    RestTestTable.sensor_sd_deg,
    RestTestTable.crosstalk_sd_deg,
    RestTestTable.reference_sd_deg,
    RestTestTable.donning_sd_deg,
    RestTestTable.wander_sd_deg,
    RestTestTable.pelvis_sd_deg,
    RestTestTable.coverage,
)
_BEFORE_PARTS = 13

ALIGNMENT_COLUMNS = (
    SensorAlignmentTable.placement,
    SensorAlignmentTable.side,
    SensorAlignmentTable.since_s,
    SensorAlignmentTable.recipe,
    SensorAlignmentTable.long_axis_x,
    SensorAlignmentTable.long_axis_y,
    SensorAlignmentTable.long_axis_z,
    SensorAlignmentTable.front_x,
    SensorAlignmentTable.front_y,
    SensorAlignmentTable.front_z,
)

# A look-up of a member takes a third of the time that its enum takes to find it.
_side, _placement, _relative_to, _posture = cache(Side), cache(Placement), cache(RelativeTo), cache(Posture)


def rest_test_of_values(values: Sequence[Any]) -> RestTest:
    """A rest test from the values of `REST_TEST_COLUMNS`."""
    (
        side,
        start_s,
        end_s,
        rotation_deg,
        uncertainty_deg,
        relative_to,
        observability,
        flags,
        refused,
        posture,
        recipe,
        reference_age_s,
        crosstalk_bound_deg,
    ) = values[:_BEFORE_PARTS]
    return RestTest(
        _side(side),
        start_s,
        end_s,
        None if rotation_deg is None else radians(rotation_deg),
        _uncertainty(uncertainty_deg, values[_BEFORE_PARTS:]),
        _relative_to(relative_to),
        observability,
        _posture(posture or Posture.SUPINE),
        recipe or "",
        reference_age_s,
        None if crosstalk_bound_deg is None else radians(crosstalk_bound_deg),
        _flags(flags),
        refused,
    )


def alignment_of_values(values: Sequence[Any]) -> SensorAlignment:
    """Where a segment's axes lie in its sensor, from the values of `ALIGNMENT_COLUMNS`."""
    placement, side, since_s, recipe, long_x, long_y, long_z, front_x, front_y, front_z = values
    return SensorAlignment(
        _placement(placement),
        None if side is None else _side(side),
        since_s,
        recipe,
        _axis(long_x, long_y, long_z),
        _axis(front_x, front_y, front_z),
    )


def _uncertainty(half_width_deg: float | None, parts: Sequence[Any]) -> RestUncertainty | None:
    """What the uncertainty of a stored rest test is made of; None where it was refused.

    Analyses of version 1 kept the half width alone: it stands here as if strapping on were all of it, so
    that repeats do not make it smaller.
    """
    if half_width_deg is None:
        return None
    sensor_deg, crosstalk_deg, reference_deg, donning_deg, wander_deg, pelvis_deg, coverage = parts
    if coverage is None:
        return RestUncertainty(0.0, 0.0, 0.0, radians(half_width_deg) / NORMAL_95, 0.0, NORMAL_95)
    return RestUncertainty(
        radians(sensor_deg),
        radians(crosstalk_deg),
        radians(reference_deg),
        radians(donning_deg),
        radians(wander_deg),
        coverage,
        radians(pelvis_deg),
    )


@lru_cache(maxsize=256)
def _flags(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _axis(x: float | None, y: float | None, z: float | None) -> tuple[float, float, float] | None:
    return None if x is None or y is None or z is None else (x, y, z)
