"""What a recording's header may say of a person and of sensors; beyond it neither can be."""

import math
from collections.abc import Iterator, Mapping
from datetime import date

from tracker.model import AccelerometerCalibration
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2
from tracker.motion.person import Axis, PersonalRecord
from tracker.motion.rest.repeatability import Repeatability

Fault = tuple[str, str]
"""A key, with those above it, and what its value must be."""

_SD_RAD = (0.0, 2.0 * math.pi)
_DEGREES_OF_FREEDOM = (0.01, 1e12)
"""Below a half Student's t counts all alike; no person comes near the other end."""
_ROM_RAD = (1e-4, 2.0 * math.pi + 1e-6)
"""A full turn is the largest range that any exercise may have."""
_SHOWN = (0, 1000)
_UNIT_LENGTH = (0.999, 1.001)
_OFFSET_M_PER_S2 = (-STANDARD_GRAVITY_M_PER_S2, STANDARD_GRAVITY_M_PER_S2)
_SCALE = (0.5, 2.0)
"""Many times what a calibration accepts, whatever a person has set: beyond it values are no measurement."""
_RESIDUAL_M_PER_S2 = (0.0, STANDARD_GRAVITY_M_PER_S2)


def person_faults(person: PersonalRecord) -> Iterator[Fault]:
    """Values of a personal record that cannot be."""
    for side, known in person.repeatability.items():
        yield from _repeatability_faults(f"repeatability.{side.value}", known)
    for number, shown in enumerate(person.ranges):
        yield from _outside(f"ranges.{number}.rom_rad", shown.rom_rad, _ROM_RAD)
        yield from _outside(f"ranges.{number}.shown", shown.shown, _SHOWN)
    for placement, front in person.fronts.items():
        yield from _front_faults(f"fronts.{placement.value}", front)


def calibration_faults(sensors: Mapping[str, AccelerometerCalibration]) -> Iterator[Fault]:
    """Values of calibrations that cannot be; their keys are sensor ids."""
    for sensor_id, one in sensors.items():
        if one.sensor_id != sensor_id:
            yield f"{sensor_id}.sensor_id", "must be the sensor's own"
        if not _is_date(one.calibrated_on):
            yield f"{sensor_id}.calibrated_on", "must be a date like 2026-11-01"
        for axis, offset, scale in zip("xyz", one.offset_m_per_s2, one.scale, strict=True):
            yield from _outside(f"{sensor_id}.offset_m_per_s2.{axis}", offset, _OFFSET_M_PER_S2)
            yield from _outside(f"{sensor_id}.scale.{axis}", scale, _SCALE)
        yield from _outside(f"{sensor_id}.residual_m_per_s2", one.residual_m_per_s2, _RESIDUAL_M_PER_S2)


def _repeatability_faults(key: str, known: Repeatability) -> Iterator[Fault]:
    yield from _outside(f"{key}.reference_sd_rad", known.reference_sd_rad, _SD_RAD)
    yield from _outside(f"{key}.reference_dof", known.reference_dof, _DEGREES_OF_FREEDOM)
    yield from _outside(f"{key}.donning_sd_rad", known.donning_sd_rad, _SD_RAD)
    yield from _outside(f"{key}.donning_dof", known.donning_dof, _DEGREES_OF_FREEDOM)


def _front_faults(key: str, front: Axis) -> Iterator[Fault]:
    least, most = _UNIT_LENGTH
    if not least <= math.hypot(*front) <= most:
        yield key, "must be a direction of length 1"


def _outside(key: str, value: float, bounds: tuple[float, float]) -> Iterator[Fault]:
    least, most = bounds
    if not least <= value <= most:
        yield key, f"must be between {least:.4g} and {most:.4g}"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
