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

_PELVIS_SHARE = 0.5
"""Share of the thigh's still stretch for which the pelvis must have been seen still."""


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
    pelvis = _pelvis(phase.pelvis, stretch, parameters, stillness)
    if isinstance(pelvis, str):
        return refuse(pelvis)
    rotation = float(hip_rotation_rad(phase.side, twist_rad(seen), pelvis.twist_rad)[0])
    return RestTest(
        phase.side,
        phase.start_s,
        phase.end_s,
        rotation,
        _uncertainty_rad(rho, elevation, stretch, pelvis, parameters),
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


@dataclass(frozen=True, slots=True)
class _PelvisAtRest:
    """What the pelvis adds; no sensor adds nothing."""

    twist_rad: float = 0.0
    observability: float | None = None
    up_sd_rad: float = 0.0


def _pelvis(
    worn: WornSensor | None,
    stretch: StillStretch,
    parameters: RestTestParameters,
    stillness: StillnessParameters,
) -> _PelvisAtRest | str:
    """The pelvis over the thigh's still stretch, or why it cannot be told."""
    if worn is None:
        return _PelvisAtRest()
    start, stop = np.searchsorted(worn.samples.time_s, [stretch.start_s, stretch.end_s]).tolist()
    still = longest_still_stretch(worn.samples.part(start, stop), stillness)
    if still is None or still.duration_s < _PELVIS_SHARE * stretch.duration_s:
        return "moving: the pelvis was not still" if stop > start else "no samples of the pelvis"
    if still.saturated:
        return "the pelvis sensor was at the end of its range"
    if still.up_sd_rad > parameters.maximum_wander_rad:
        return "moving: the pelvis drifted slowly"
    if not worn.alignment.has_zero:
        return "no reference pose of the pelvis"
    up = worn.alignment.to_segment(still.up[np.newaxis, :])
    rho = float(observability(up)[0])
    if rho < parameters.refuse_observability:
        return "the pelvis is upright, where gravity does not show its turning"
    return _PelvisAtRest(float(twist_rad(up)[0]), rho, still.up_sd_rad)


def _uncertainty_rad(
    rho: float,
    elevation: float,
    stretch: StillStretch,
    pelvis: _PelvisAtRest,
    parameters: RestTestParameters,
) -> float:
    bias = math.asin(parameters.accelerometer_bias_m_per_s2 / STANDARD_GRAVITY_M_PER_S2)
    terms = [
        bias / rho,
        crosstalk_bound_rad(elevation, parameters.assumed_abduction_rad),
        _NORMAL_95 * parameters.reference_sd_rad,
        _NORMAL_95 * parameters.donning_sd_rad,
        _NORMAL_95 * stretch.up_sd_rad,
        _NORMAL_95 * pelvis.up_sd_rad,
    ]
    if pelvis.observability is not None:
        terms.append(bias / pelvis.observability)
    return math.sqrt(sum(term * term for term in terms))
