"""The rest test: resting hip rotation of one leg with its uncertainty, or a refusal with its reason."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import FloatArray, RelativeTo, RestTest, Side, TimedBlock
from tracker.motion.alignment import Alignment
from tracker.motion.hip_rotation import (
    crosstalk_bound_rad,
    elevation_rad,
    hip_rotation_rad,
    observability,
    twist_rad,
)
from tracker.motion.parameters import STANDARD_GRAVITY_M_PER_S2, RestTestParameters, StillnessParameters
from tracker.motion.stillness import StillStretch, has_outage, longest_still_stretch

_NORMAL_95 = 1.959964
"""Half width of the 95 % interval of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class WornSensor:
    """The samples of one sensor during the phase, and the alignment that holds for them."""

    samples: TimedBlock
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class RestPhase:
    """What a rest test is measured on: a leg, when, and the sensors worn.

    Attributes:
        reference_refused: why the last reference pose was not taken, where it was not.
    """

    side: Side
    start_s: float
    end_s: float
    thigh: WornSensor
    pelvis: WornSensor | None
    reference_refused: str | None = None


def measure_rest(
    phase: RestPhase, parameters: RestTestParameters, stillness: StillnessParameters
) -> RestTest:
    """Resting hip rotation over the longest still stretch of the phase.

    Gravity alone gives the value, because the leg is still; the uncertainty is that of section 1.6 of the
    measurement basis: sensor offset over observability, cross-talk of ab-/adduction, reference pose,
    donning and wander, added in squares, as half width of the 95 % interval.
    """
    relative_to = RelativeTo.PELVIS if phase.pelvis is not None else RelativeTo.VERTICAL
    stretch = longest_still_stretch(phase.thigh.samples, stillness)
    seen = _up_at(stretch, phase.thigh.alignment)
    rho = None if seen is None else float(observability(seen)[0])

    def refuse(reason: str) -> RestTest:
        return RestTest(phase.side, phase.start_s, phase.end_s, None, None, relative_to, rho, (), reason)

    if not len(phase.thigh.samples):
        return refuse("no samples of the thigh")
    if stretch is None or seen is None or rho is None or _too_short(stretch, parameters, stillness):
        missing = has_outage(phase.thigh.samples, stillness)
        reason = "samples are missing" if missing else "moving"
        return refuse(f"{reason}: not still for {parameters.minimum_still_s:g} s")
    if stretch.saturated:
        return refuse("the sensor was at the end of its range")
    if stretch.up_sd_rad > parameters.maximum_wander_rad:
        return refuse("moving: the leg drifted slowly")
    if not phase.thigh.alignment.has_zero:
        because = f": {phase.reference_refused}" if phase.reference_refused else ""
        return refuse(f"no reference pose{because}")
    if rho < parameters.refuse_observability:
        return refuse("the thigh is near vertical, where gravity does not show rotation")
    elevation = float(elevation_rad(seen)[0])
    if rho < parameters.minimum_observability or abs(elevation) > parameters.maximum_elevation_rad:
        return refuse(
            f"leg raised by {abs(math.degrees(elevation)):.0f} deg; lie with the legs straight and flat"
        )
    pelvis_twist, pelvis_rho, refused = _pelvis(phase, stretch, parameters, stillness)
    if refused is not None:
        return refuse(refused)
    rotation = float(hip_rotation_rad(phase.side, twist_rad(seen), pelvis_twist)[0])
    return RestTest(
        phase.side,
        phase.start_s,
        phase.end_s,
        rotation,
        _uncertainty_rad(rho, pelvis_rho, elevation, stretch, parameters),
        relative_to,
        rho,
        _flags(phase),
    )


def _flags(phase: RestPhase) -> tuple[str, ...]:
    flags = []
    if phase.pelvis is None:
        flags.append("pelvis not measured")
    if phase.thigh.alignment.standing is None:
        flags.append("long axis from the housing")
    return tuple(flags)


def _up_at(stretch: StillStretch | None, alignment: Alignment) -> FloatArray | None:
    return None if stretch is None else alignment.to_segment(stretch.up[np.newaxis, :])


def _too_short(stretch: StillStretch, parameters: RestTestParameters, stillness: StillnessParameters) -> bool:
    # Up to half an epoch is lost to the epochs' grid at the ends of a phase.
    return stretch.duration_s < parameters.minimum_still_s - stillness.epoch_s / 2


def _pelvis(
    phase: RestPhase, stretch: StillStretch, parameters: RestTestParameters, stillness: StillnessParameters
) -> tuple[float, float | None, str | None]:
    """Twist and observability of the pelvis over the thigh's still stretch, or why there is none."""
    if phase.pelvis is None:
        return 0.0, None, None
    samples = phase.pelvis.samples
    start, stop = np.searchsorted(samples.time_s, [stretch.start_s, stretch.end_s]).tolist()
    still = longest_still_stretch(samples.part(start, stop), stillness)
    if still is None or still.duration_s < 0.5 * stretch.duration_s:
        return 0.0, None, "moving: the pelvis was not still" if stop > start else "no samples of the pelvis"
    if not phase.pelvis.alignment.has_zero:
        return 0.0, None, "no reference pose of the pelvis"
    up = phase.pelvis.alignment.to_segment(still.up[np.newaxis, :])
    rho = float(observability(up)[0])
    if rho < parameters.refuse_observability:
        return 0.0, rho, "the pelvis is upright, where gravity does not show its turning"
    return float(twist_rad(up)[0]), rho, None


def _uncertainty_rad(
    rho: float,
    pelvis_rho: float | None,
    elevation: float,
    stretch: StillStretch,
    parameters: RestTestParameters,
) -> float:
    bias = math.asin(parameters.accelerometer_bias_m_per_s2 / STANDARD_GRAVITY_M_PER_S2)
    terms = [
        bias / rho,
        crosstalk_bound_rad(elevation, parameters.assumed_abduction_rad),
        _NORMAL_95 * parameters.reference_sd_rad,
        _NORMAL_95 * parameters.donning_sd_rad,
        _NORMAL_95 * stretch.up_sd_rad,
    ]
    if pelvis_rho is not None:
        terms.append(bias / pelvis_rho)
    return math.sqrt(sum(term * term for term in terms))
