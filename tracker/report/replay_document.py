"""The analysis of a recording as one JSON object. Outside programs rely on its keys."""

import json
import math
from typing import TYPE_CHECKING

from tracker.model import (
    ExerciseSet,
    Notice,
    ReferenceRange,
    Repetition,
    RestTest,
    RestUncertainty,
    SensorAlignment,
    SensorQuality,
    Side,
)
from tracker.motion.grading.fatigue import SetTrend, set_trend
from tracker.motion.grading.pairing import Bilateral, RepetitionPair, bilateral, both_legs
from tracker.motion.rest.resting import RestingRotation, RestingValue, main_rotation, resting_rotations
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.replay import Replay

if TYPE_CHECKING:
    from tracker.report.objects.counted import (
        BothLegsObject,
        MeasuredSetObject,
        PairObject,
        RangeObject,
        RepetitionObject,
        SetTrendObject,
    )
    from tracker.report.objects.measured import (
        AlignmentObject,
        DonningObject,
        NoticeObject,
        ReplayObject,
        RestingValueObject,
        RestTestObject,
        SensorObject,
        UncertaintyObject,
    )


def replay_document(replay: Replay) -> "ReplayObject":
    """The object that `tracker replay FILE --json` prints; times are seconds from the recording's start."""
    analysis, parameters = replay.analysis, replay.parameters
    motion = parameters.motion
    rotations = resting_rotations(
        analysis.rest_tests, analysis.alignments, motion.rest_test, motion.alignment
    )
    return {
        "recording": {
            "path": str(replay.path),
            "started_at": replay.header.started_at.isoformat(),
            "duration_s": analysis.duration_s,
            "simulated": replay.header.simulated,
            "complete": replay.damage.whole,
            "sensors": [sensor_object(sensor) for sensor in analysis.sensors],
        },
        "analysis": {
            "version": analysis.version,
            "parameters": json.loads(analysis.parameters),
        },
        "alignments": [_alignment(one) for one in analysis.alignments],
        "rest_tests": [rest_test_object(test) for test in analysis.rest_tests],
        "resting": {
            **_resting(main_rotation(rotations)),
            "donnings": [_resting(one) for one in rotations],
        },
        "ranges": [_range(one) for one in analysis.ranges],
        "sets": [_set(done) for done in analysis.sets],
        "both_legs": _both_legs(analysis.sets, parameters),
        "notices": [notice_object(one) for one in analysis.notices],
    }


def sensor_object(sensor: SensorQuality) -> "SensorObject":
    """What came from one sensor."""
    return {
        "placement": sensor.placement.value,
        "rate_hz": sensor.rate_hz,
        "samples": sensor.samples,
        "missing": sensor.missing,
        "backfilled": sensor.backfilled,
        "gaps": [[gap.start_s, gap.end_s] for gap in sensor.gaps],
        "saturated": sensor.saturated,
        "bad_frames": sensor.bad_frames,
        "duplicates": sensor.duplicates,
        "drift_ppm": sensor.drift_ppm,
        "drift_uncertainty_ppm": sensor.drift_uncertainty_ppm,
        "clock_residual_s": sensor.clock_residual_s,
        "calibrated_on": sensor.calibrated_on,
    }


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else math.degrees(angle_rad)


def _name(side: Side | None) -> str | None:
    return None if side is None else side.value


def _alignment(one: SensorAlignment) -> "AlignmentObject":
    return {
        "placement": one.placement.value,
        "side": _name(one.side),
        "since_s": one.since_s,
        "recipe": one.recipe,
        "long_axis": one.long_axis,
        "front": one.front,
    }


def rest_test_object(test: RestTest) -> "RestTestObject":
    """One rest test, refused or not."""
    return {
        "side": test.side.value,
        "start_s": test.start_s,
        "end_s": test.end_s,
        "hip_rotation_deg": _degrees(test.hip_rotation_rad),
        "uncertainty_deg": _degrees(test.uncertainty_rad),
        "uncertainty_terms": _terms(test.uncertainty),
        "relative_to": test.relative_to.value,
        "observability": test.observability,
        "posture": test.posture.value,
        "recipe": test.recipe,
        "reference_age_s": test.reference_age_s,
        "crosstalk_bound_deg": _degrees(test.crosstalk_bound_rad),
        "flags": list(test.flags),
        "refused": test.refused,
    }


def _terms(terms: RestUncertainty | None) -> "UncertaintyObject | None":
    if terms is None:
        return None
    return {
        "sensor_sd_deg": math.degrees(terms.sensor_rad),
        "crosstalk_sd_deg": math.degrees(terms.crosstalk_rad),
        "reference_sd_deg": math.degrees(terms.reference_rad),
        "donning_sd_deg": math.degrees(terms.donning_rad),
        "wander_sd_deg": math.degrees(terms.wander_rad),
        "coverage": terms.coverage,
    }


def _resting(resting: RestingRotation) -> "DonningObject":
    return {
        "donning": resting.donning,
        "posture": None if resting.posture is None else resting.posture.value,
        "relative_to": None if resting.relative_to is None else resting.relative_to.value,
        "left": _resting_value(resting.left),
        "right": _resting_value(resting.right),
        "difference": _resting_value(resting.difference),
        "mean": _resting_value(resting.mean),
        "repeat": [side.value for side in resting.repeat],
    }


def _resting_value(value: RestingValue | None) -> "RestingValueObject | None":
    if value is None:
        return None
    return {
        "value_deg": math.degrees(value.value_rad),
        "uncertainty_deg": math.degrees(value.uncertainty_rad),
        "tests": value.tests,
        "spread_deg": math.degrees(value.spread_rad),
    }


def _range(one: ReferenceRange) -> "RangeObject":
    return {
        "exercise": one.exercise,
        "side": _name(one.side),
        "rom_deg": math.degrees(one.rom_rad),
        "shown": one.shown,
    }


def _set(done: ExerciseSet) -> "MeasuredSetObject":
    reference = done.reference
    return {
        "exercise": done.exercise,
        "side": _name(done.side),
        "start_s": done.start_s,
        "end_s": done.end_s,
        "valid_reps": done.valid_reps,
        "partial_reps": done.partial_reps,
        "reference_rom_deg": None if reference is None else math.degrees(reference.rom_rad),
        "reference_shown": None if reference is None else reference.shown,
        "flags": list(done.flags),
        "trend": _trend(set_trend(done)),
        "reps": [_repetition(rep) for rep in done.repetitions],
    }


def _trend(trend: SetTrend | None) -> "SetTrendObject | None":
    if trend is None:
        return None
    return {
        "rom_loss_percent": trend.rom_loss_percent,
        "velocity_loss_percent": trend.velocity_loss_percent,
        "rom_slope_percent": trend.rom_slope_percent,
        "duration_slope_percent": trend.duration_slope_percent,
        "duration_cv_percent": trend.duration_cv_percent,
    }


def _repetition(rep: Repetition) -> "RepetitionObject":
    form = rep.form
    return {
        "start_s": rep.start_s,
        "peak_s": rep.peak_s,
        "end_s": rep.end_s,
        "rom_deg": _degrees(rep.rom_rad),
        "rom_uncertainty_deg": _degrees(rep.rom_uncertainty_rad),
        "peak_velocity_deg_per_s": _degrees(rep.peak_velocity_rad_per_s),
        "mean_velocity_deg_per_s": _degrees(rep.mean_velocity_rad_per_s),
        "concentric_s": rep.concentric_s,
        "hold_s": rep.hold_s,
        "eccentric_s": rep.eccentric_s,
        "phase_rate_deg_per_s": math.degrees(rep.phase_rate_rad_per_s),
        "concentric_smoothness": rep.concentric_smoothness,
        "eccentric_smoothness": rep.eccentric_smoothness,
        "elevation_change_deg": _degrees(form.elevation_change_rad),
        "heading_change_deg": _degrees(form.heading_change_rad),
        "rotation_change_deg": _degrees(form.rotation_change_rad),
        "pelvis_turn_deg": _degrees(form.pelvis_turn_rad),
        "pelvis_share": form.pelvis_share,
        "valid": rep.valid,
        "flags": list(rep.flags),
    }


def _both_legs(sets: tuple[ExerciseSet, ...], parameters: AnalysisParameters) -> "list[BothLegsObject]":
    found = []
    for left, right in both_legs(sets):
        rule = parameters.exercises[left.exercise].pair
        if rule is not None:
            found.append(_bilateral(left, bilateral(left, right, rule)))
    return found


def _bilateral(left: ExerciseSet, both: Bilateral) -> "BothLegsObject":
    return {
        "exercise": left.exercise,
        "start_s": left.start_s,
        "pairs": [_pair(pair) for pair in both.pairs],
        "left_alone": list(both.left_alone),
        "right_alone": list(both.right_alone),
        "rom_difference_deg": _degrees(both.rom_difference_rad),
        "symmetry_percent": both.symmetry_percent,
    }


def _pair(pair: RepetitionPair) -> "PairObject":
    return {
        "left": pair.left,
        "right": pair.right,
        "lag_s": pair.lag_s,
        "rom_ratio": pair.rom_ratio,
        "flags": list(pair.flags),
    }


def notice_object(one: Notice) -> "NoticeObject":
    """What may fool the numbers."""
    return {
        "time_s": one.time_s,
        "kind": one.kind.value,
        "placement": None if one.placement is None else one.placement.value,
        "text": one.text,
    }
