"""The rest test: resting hip rotation of one leg with its uncertainty, or a refusal with its reason."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.model import Posture, RelativeTo, RestTest, Side, TimedBlock
from tracker.motion.frames.alignment import Alignment, LongAxisFrom
from tracker.motion.frames.crosstalk import UP_OF_POSTURE, crosstalk_bound_rad
from tracker.motion.frames.hip_rotation import (
    TWIST_OF_POSTURE_RAD,
    elevation_rad,
    hip_rotation_rad,
    observability,
    pelvis_turn_rad,
    twist_rad,
    wrap_rad,
)
from tracker.motion.frames.posture import posture_of
from tracker.motion.parameters import RestTestParameters, StillnessParameters
from tracker.motion.rest.repeatability import Repeatability
from tracker.motion.rest.uncertainty import RestCircumstances, rest_uncertainty
from tracker.motion.stillness import StillStretch, has_outage, longest_still_stretch

NO_PELVIS_SAMPLES = "no samples of the pelvis"
"""Why a rest test is refused in which a pelvis sensor that is worn sent nothing."""

CONTRADICTION = "thigh and pelvis contradict each other; see which sensor is worn where"
"""Why a rest test is refused where no hip bends so."""

_PELVIS_SHARE = 0.5
"""Share of the thigh's still stretch for which the pelvis must have been seen still."""


@dataclass(frozen=True, slots=True)
class WornSensor:
    """The samples of one sensor during the phase, and what is known of it.

    Attributes:
        alignment: the one that holds for the samples.
        no_zero: why the alignment has no zero; None where no reference pose was tried.
        calibrated: whether its accelerometer was calibrated in six positions.
    """

    samples: TimedBlock
    alignment: Alignment
    no_zero: str | None = None
    calibrated: bool = False


@dataclass(frozen=True, slots=True)
class RestPhase:
    """What a rest test is measured on: a leg, when, and the sensors worn.

    Attributes:
        posture: how the body lies, as it was said.
    """

    side: Side
    start_s: float
    end_s: float
    thigh: WornSensor
    pelvis: WornSensor | None
    posture: Posture = Posture.SUPINE


@dataclass(frozen=True, slots=True)
class _Measured:
    """The leg over the still stretch.

    Attributes:
        pelvis_moved_rad: turn of the pelvis since its reference pose; None where none is worn.
    """

    rotation_rad: float
    posture: Posture
    circumstances: RestCircumstances
    pelvis_moved_rad: float | None


class _RefusedError(Exception):
    """The test cannot be measured; its text is the reason."""


def measure_rest(
    phase: RestPhase,
    parameters: RestTestParameters,
    stillness: StillnessParameters,
    repeatability: Repeatability,
) -> RestTest:
    """Resting hip rotation over the longest still stretch of the phase.

    Gravity alone gives the value, because the leg is still. Against the pelvis it holds in every posture,
    against the vertical in the one that was said.
    """
    relative_to = RelativeTo.PELVIS if phase.pelvis is not None else RelativeTo.VERTICAL
    alignment = phase.thigh.alignment
    stretch = longest_still_stretch(phase.thigh.samples, stillness)
    up = None if stretch is None else alignment.to_segment(stretch.up[np.newaxis, :])
    seen = None if up is None else float(observability(up)[0])
    ended_s = alignment.reference_end_s
    age_s = None if ended_s is None else phase.start_s - ended_s
    try:
        still = _still_thigh(phase, stretch, parameters, stillness)
        measured = _measure(phase, still, parameters, stillness)
    except _RefusedError as refusal:
        return RestTest(
            side=phase.side,
            start_s=phase.start_s,
            end_s=phase.end_s,
            hip_rotation_rad=None,
            uncertainty=None,
            relative_to=relative_to,
            observability=seen,
            posture=phase.posture,
            recipe=alignment.recipe,
            reference_age_s=age_s,
            refused=str(refusal),
        )
    return RestTest(
        side=phase.side,
        start_s=phase.start_s,
        end_s=phase.end_s,
        hip_rotation_rad=measured.rotation_rad,
        uncertainty=rest_uncertainty(measured.circumstances, parameters, repeatability),
        relative_to=relative_to,
        observability=seen,
        posture=measured.posture,
        recipe=alignment.recipe,
        reference_age_s=age_s,
        crosstalk_bound_rad=measured.circumstances.crosstalk_bound_rad,
        flags=_flags(phase, measured, age_s, parameters),
    )


def _still_thigh(
    phase: RestPhase,
    stretch: StillStretch | None,
    parameters: RestTestParameters,
    stillness: StillnessParameters,
) -> StillStretch:
    """The thigh's still stretch, if it is one of a thigh at rest with a zero."""
    samples = phase.thigh.samples
    if phase.posture in (Posture.STANDING, Posture.HOOK_LYING):
        raise _RefusedError(f"{phase.posture.value}: a rest test needs a level thigh")
    if not len(samples):
        raise _RefusedError("no samples of the thigh")
    # Up to half an epoch is lost to the epochs' grid at the ends of a phase.
    if stretch is None or stretch.duration_s < parameters.minimum_still_s - stillness.epoch_s / 2:
        reason = "samples are missing" if has_outage(samples, stillness) else "moving"
        raise _RefusedError(f"{reason}: not still for {parameters.minimum_still_s:g} s")
    if stretch.saturated:
        raise _RefusedError("the sensor was at the end of its range")
    if stretch.up_sd_rad > parameters.maximum_wander_rad:
        raise _RefusedError("moving: the leg drifted slowly")
    if not phase.thigh.alignment.has_zero:
        raise _RefusedError(_missing_zero(phase.thigh, "no reference pose"))
    return stretch


def _measure(
    phase: RestPhase,
    stretch: StillStretch,
    parameters: RestTestParameters,
    stillness: StillnessParameters,
) -> _Measured:
    up = phase.thigh.alignment.to_segment(stretch.up[np.newaxis, :])
    seen, elevation = float(observability(up)[0]), float(elevation_rad(up)[0])
    if seen < parameters.refuse_observability:
        raise _RefusedError("the thigh is near vertical, where gravity does not show rotation")
    if seen < parameters.minimum_observability or abs(elevation) > parameters.maximum_elevation_rad:
        raise _RefusedError(
            f"leg raised by {abs(math.degrees(elevation)):.0f} deg; lie with the legs straight and flat"
        )
    pelvis = _still_pelvis(phase, stretch, parameters, stillness)
    posture, moved, neutral = phase.posture, None, np.array([TWIST_OF_POSTURE_RAD[phase.posture]])
    pelvis_up = np.array([UP_OF_POSTURE[phase.posture]])
    if phase.pelvis is not None and pelvis is not None:
        pelvis_up = phase.pelvis.alignment.to_segment(pelvis.up[np.newaxis, :])
        posture, neutral = posture_of(pelvis_up[0], up[0]), pelvis_turn_rad(pelvis_up, up)
        moved = float(wrap_rad(neutral - TWIST_OF_POSTURE_RAD.get(posture, 0.0))[0])
    crosstalk = crosstalk_bound_rad(pelvis_up[0], up[0], parameters.assumed_abduction_rad)
    if crosstalk is None:
        raise _RefusedError(CONTRADICTION)
    rotation = float(hip_rotation_rad(phase.side, twist_rad(up), neutral)[0])
    if abs(rotation) > parameters.maximum_rotation_rad:
        raise _RefusedError(
            f"the thigh is turned by {abs(math.degrees(rotation)):.0f} deg: not lying {posture.value}"
        )
    circumstances = RestCircumstances(
        observability=seen,
        crosstalk_bound_rad=crosstalk,
        up_sd_rad=stretch.up_sd_rad,
        pelvis_up_sd_rad=None if pelvis is None else pelvis.up_sd_rad,
        calibrated=phase.thigh.calibrated,
        pelvis_calibrated=phase.pelvis is not None and phase.pelvis.calibrated,
    )
    return _Measured(rotation, posture, circumstances, moved)


def _still_pelvis(
    phase: RestPhase,
    stretch: StillStretch,
    parameters: RestTestParameters,
    stillness: StillnessParameters,
) -> StillStretch | None:
    """The pelvis over the thigh's still stretch; None where none is worn."""
    worn = phase.pelvis
    if worn is None:
        return None
    start, stop = np.searchsorted(worn.samples.time_s, [stretch.start_s, stretch.end_s]).tolist()
    still = longest_still_stretch(worn.samples.part(start, stop), stillness)
    if still is None or still.duration_s < _PELVIS_SHARE * stretch.duration_s:
        raise _RefusedError("moving: the pelvis was not still" if stop > start else NO_PELVIS_SAMPLES)
    if still.saturated:
        raise _RefusedError("the pelvis sensor was at the end of its range")
    if still.up_sd_rad > parameters.maximum_wander_rad:
        raise _RefusedError("moving: the pelvis drifted slowly")
    if not worn.alignment.has_zero:
        raise _RefusedError(_missing_zero(worn, "no reference pose of the pelvis"))
    return still


def _missing_zero(worn: WornSensor, what: str) -> str:
    return what if worn.no_zero is None else f"{what}: {worn.no_zero}"


def _flags(
    phase: RestPhase, measured: _Measured, age_s: float | None, parameters: RestTestParameters
) -> tuple[str, ...]:
    flags = []
    if phase.pelvis is None:
        flags.append("pelvis not measured")
    if phase.thigh.alignment.long_axis_from is LongAxisFrom.HOUSING:
        flags.append("long axis from the housing")
    if measured.pelvis_moved_rad is not None and abs(measured.pelvis_moved_rad) > parameters.pelvis_roll_rad:
        flags.append(f"pelvis rolled by {math.degrees(abs(measured.pelvis_moved_rad)):.0f} deg")
    if age_s is not None and age_s > parameters.reference_age_s:
        flags.append(f"reference pose {age_s / 60:.0f} min old")
    if phase.pelvis is not None and measured.posture is not phase.posture:
        flags.append(f"posture {measured.posture.value}, not {phase.posture.value}")
    return tuple(flags)
