"""What the uncertainty of a resting hip rotation is built from."""

import math
from dataclasses import dataclass

from tracker.model import RestUncertainty
from tracker.motion.parameters import NORMAL_95, STANDARD_GRAVITY_M_PER_S2, RestTestParameters
from tracker.motion.rest.repeatability import Repeatability, coverage_factor

_UNIFORM = math.sqrt(3.0)
"""Bound of a uniform distribution in its standard deviations."""


@dataclass(frozen=True, slots=True)
class RestCircumstances:
    """What the uncertainty of one test depends on.

    Attributes:
        observability: of the thigh at rest.
        crosstalk_bound_rad: what ab-/adduction within its bound adds to the value at most.
        up_sd_rad: spread of gravity's direction in the thigh over the still stretch.
        pelvis_up_sd_rad: the same in the pelvis; None where none is worn.
        calibrated, pelvis_calibrated: whether the sensors' accelerometers are calibrated.
    """

    observability: float
    crosstalk_bound_rad: float
    up_sd_rad: float
    pelvis_up_sd_rad: float | None
    calibrated: bool
    pelvis_calibrated: bool


def rest_uncertainty(
    circumstances: RestCircumstances, parameters: RestTestParameters, repeatability: Repeatability
) -> RestUncertainty:
    """All terms as standard uncertainties; soft tissue is in none of them.

    An offset b of the accelerometer across gravity turns the value by b / (g observability); the pelvis's
    does so too, as it is the thigh's tilt that both directions of up are projected by. So does a wandering
    of these directions: one of s across the long axis turns the twist by s / observability. The bound of
    the cross-talk is taken for that of a uniform distribution.
    """
    seen = circumstances.observability
    thigh, pelvis = _bias_sd_rad(circumstances.calibrated, parameters) / seen, 0.0
    wander = [circumstances.up_sd_rad]
    if circumstances.pelvis_up_sd_rad is not None:
        pelvis = _bias_sd_rad(circumstances.pelvis_calibrated, parameters) / seen
        wander.append(circumstances.pelvis_up_sd_rad)
    sensor, wandered = math.hypot(thigh, pelvis), math.hypot(*wander) / seen
    crosstalk = circumstances.crosstalk_bound_rad / _UNIFORM
    coverage = coverage_factor(
        [
            (sensor, math.inf),
            (crosstalk, math.inf),
            (wandered, math.inf),
            (repeatability.reference_sd_rad, repeatability.reference_dof),
            (repeatability.donning_sd_rad, repeatability.donning_dof),
        ]
    )
    return RestUncertainty(
        sensor_rad=sensor,
        crosstalk_rad=crosstalk,
        reference_rad=repeatability.reference_sd_rad,
        donning_rad=repeatability.donning_sd_rad,
        wander_rad=wandered,
        coverage=coverage,
        pelvis_rad=pelvis,
    )


def _bias_sd_rad(calibrated: bool, parameters: RestTestParameters) -> float:
    bound = parameters.calibrated_bias_m_per_s2 if calibrated else parameters.accelerometer_bias_m_per_s2
    return math.asin(bound / STANDARD_GRAVITY_M_PER_S2) / NORMAL_95
