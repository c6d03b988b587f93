"""Results as rows of the tables, and back. Angles are degrees there and radians here."""

import json
import math
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from tracker.model import (
    ExerciseSet,
    Form,
    Gap,
    Notice,
    NoticeKind,
    Placement,
    ReferenceRange,
    Repetition,
    RestTest,
    SensorAlignment,
    SensorQuality,
    Side,
)
from tracker.store.rest_rows import (
    ALIGNMENT_COLUMNS,
    REST_TEST_COLUMNS,
    alignment_of_values,
    rest_test_of_values,
)

AnyRow = Row[*tuple[Any, ...]]

_REST_TEST = attrgetter(*(column.key for column in REST_TEST_COLUMNS))
_ALIGNMENT = attrgetter(*(column.key for column in ALIGNMENT_COLUMNS))


def sensor_row(analysis_id: int, sensor: SensorQuality) -> dict[str, Any]:
    """A row of `analysis_sensor`."""
    gaps = [[_finite(gap.start_s), _finite(gap.end_s), int(gap.missing), gap.cause] for gap in sensor.gaps]
    return {
        "analysis_id": analysis_id,
        "placement": sensor.placement.value,
        "rate_hz": _finite(sensor.rate_hz),
        "samples": int(sensor.samples),
        "missing": int(sensor.missing),
        "saturated": int(sensor.saturated),
        "bad_frames": int(sensor.bad_frames),
        "duplicates": int(sensor.duplicates),
        "gaps": json.dumps(gaps),
        "drift_ppm": _known(sensor.drift_ppm),
        "drift_uncertainty_ppm": _known(sensor.drift_uncertainty_ppm),
        "clock_residual_s": _known(sensor.clock_residual_s),
        "calibrated_on": sensor.calibrated_on,
        "backfilled": int(sensor.backfilled),
    }


def sensor_of(row: AnyRow) -> SensorQuality:
    """The account of a sensor."""
    return SensorQuality(
        placement=Placement(row.placement),
        rate_hz=row.rate_hz,
        samples=row.samples,
        missing=row.missing,
        gaps=tuple(Gap(*gap) for gap in json.loads(row.gaps)),
        saturated=row.saturated,
        bad_frames=row.bad_frames,
        duplicates=row.duplicates,
        drift_ppm=row.drift_ppm,
        drift_uncertainty_ppm=row.drift_uncertainty_ppm,
        clock_residual_s=row.clock_residual_s,
        calibrated_on=row.calibrated_on,
        backfilled=row.backfilled or 0,
    )


def rest_test_row(analysis_id: int, test: RestTest) -> dict[str, Any]:
    """A row of `rest_test`."""
    terms = test.uncertainty
    return {
        "analysis_id": analysis_id,
        "side": test.side.value,
        "start_s": _finite(test.start_s),
        "end_s": _finite(test.end_s),
        "hip_rotation_deg": _degrees(test.hip_rotation_rad),
        "uncertainty_deg": _degrees(test.uncertainty_rad),
        "relative_to": test.relative_to.value,
        "observability": _known(test.observability),
        "flags": json.dumps(test.flags),
        "refused": test.refused,
        "posture": test.posture.value,
        "recipe": test.recipe,
        "reference_age_s": _known(test.reference_age_s),
        "crosstalk_bound_deg": _degrees(test.crosstalk_bound_rad),
        "sensor_sd_deg": None if terms is None else _degrees(terms.sensor_rad),
        "crosstalk_sd_deg": None if terms is None else _degrees(terms.crosstalk_rad),
        "reference_sd_deg": None if terms is None else _degrees(terms.reference_rad),
        "donning_sd_deg": None if terms is None else _degrees(terms.donning_rad),
        "wander_sd_deg": None if terms is None else _degrees(terms.wander_rad),
        "pelvis_sd_deg": None if terms is None else _degrees(terms.pelvis_rad),
        "coverage": None if terms is None else _finite(terms.coverage),
    }


def rest_test_of(row: AnyRow) -> RestTest:
    """A rest test."""
    return rest_test_of_values(_REST_TEST(row))


def set_row(analysis_id: int, one: ExerciseSet, set_number: int) -> dict[str, Any]:
    """A row of `exercise_set`.

    Args:
        set_number: which set of the session, from 1; that of both legs of one set is the same.
    """
    reference = one.reference
    return {
        "analysis_id": analysis_id,
        "exercise": one.exercise,
        "side": None if one.side is None else one.side.value,
        "start_s": _finite(one.start_s),
        "end_s": _finite(one.end_s),
        "valid_reps": one.valid_reps,
        "partial_reps": one.partial_reps,
        "flags": json.dumps(one.flags),
        "reference_rom_deg": None if reference is None else _degrees(reference.rom_rad),
        "reference_shown": None if reference is None else reference.shown,
        "set_number": set_number,
    }


def set_of(row: AnyRow, repetitions: Sequence[Repetition]) -> ExerciseSet:
    """A set with its repetitions."""
    side, reference = _side(row.side), None
    if row.reference_rom_deg is not None:
        rom_rad = math.radians(row.reference_rom_deg)
        reference = ReferenceRange(row.exercise, side, rom_rad, row.reference_shown or 0)
    return ExerciseSet(
        exercise=row.exercise,
        side=side,
        start_s=row.start_s,
        end_s=row.end_s,
        repetitions=tuple(repetitions),
        reference=reference,
        flags=tuple(json.loads(row.flags)),
    )


def repetition_row(set_id: int, rep: Repetition) -> dict[str, Any]:
    """A row of `repetition`."""
    return {
        "set_id": set_id,
        "side": None if rep.side is None else rep.side.value,
        "start_s": _finite(rep.start_s),
        "peak_s": _finite(rep.peak_s),
        "end_s": _finite(rep.end_s),
        "rom_deg": _degrees(rep.rom_rad),
        "rom_uncertainty_deg": _degrees(rep.rom_uncertainty_rad),
        "peak_velocity_deg_per_s": _degrees(rep.peak_velocity_rad_per_s),
        "mean_velocity_deg_per_s": _degrees(rep.mean_velocity_rad_per_s),
        "concentric_s": _finite(rep.concentric_s),
        "hold_s": _finite(rep.hold_s),
        "eccentric_s": _finite(rep.eccentric_s),
        "phase_rate_deg_per_s": _degrees(rep.phase_rate_rad_per_s),
        "concentric_smoothness": _known(rep.concentric_smoothness),
        "eccentric_smoothness": _known(rep.eccentric_smoothness),
        "elevation_change_deg": _degrees(rep.form.elevation_change_rad),
        "heading_change_deg": _degrees(rep.form.heading_change_rad),
        "rotation_change_deg": _degrees(rep.form.rotation_change_rad),
        "pelvis_turn_deg": _degrees(rep.form.pelvis_turn_rad),
        "pelvis_share": _known(rep.form.pelvis_share),
        "valid": bool(rep.valid),
        "flags": json.dumps(rep.flags),
    }


def repetition_of(row: AnyRow) -> Repetition:
    """A repetition; those of version 1 know no threshold of their phases: it stands as zero."""
    return Repetition(
        side=_side(row.side),
        start_s=row.start_s,
        peak_s=row.peak_s,
        end_s=row.end_s,
        rom_rad=_radians(row.rom_deg),
        rom_uncertainty_rad=_radians(row.rom_uncertainty_deg),
        peak_velocity_rad_per_s=_radians(row.peak_velocity_deg_per_s),
        mean_velocity_rad_per_s=_radians(row.mean_velocity_deg_per_s),
        concentric_s=row.concentric_s,
        hold_s=row.hold_s,
        eccentric_s=row.eccentric_s,
        phase_rate_rad_per_s=_radians(row.phase_rate_deg_per_s) or 0.0,
        valid=row.valid,
        concentric_smoothness=row.concentric_smoothness,
        eccentric_smoothness=row.eccentric_smoothness,
        form=Form(
            elevation_change_rad=_radians(row.elevation_change_deg),
            heading_change_rad=_radians(row.heading_change_deg),
            rotation_change_rad=_radians(row.rotation_change_deg),
            pelvis_turn_rad=_radians(row.pelvis_turn_deg),
            pelvis_share=row.pelvis_share,
        ),
        flags=tuple(json.loads(row.flags)),
    )


def range_row(analysis_id: int, one: ReferenceRange) -> dict[str, Any]:
    """A row of `shown_range`."""
    return {
        "analysis_id": analysis_id,
        "exercise": one.exercise,
        "side": None if one.side is None else one.side.value,
        "rom_deg": _degrees(one.rom_rad),
        "shown": one.shown,
    }


def range_of(row: AnyRow) -> ReferenceRange:
    """A person's own range."""
    return ReferenceRange(row.exercise, _side(row.side), math.radians(row.rom_deg), row.shown)


def alignment_row(analysis_id: int, one: SensorAlignment) -> dict[str, Any]:
    """A row of `sensor_alignment`."""
    axes = {"long_axis": one.long_axis, "front": one.front}
    return {
        "analysis_id": analysis_id,
        "placement": one.placement.value,
        "side": None if one.side is None else one.side.value,
        "since_s": _finite(one.since_s),
        "recipe": one.recipe,
    } | {
        f"{axis}_{name}": None if vector is None else _finite(vector[place])
        for axis, vector in axes.items()
        for place, name in enumerate("xyz")
    }


def alignment_of(row: AnyRow) -> SensorAlignment:
    """Where a segment's axes lie in its sensor."""
    return alignment_of_values(_ALIGNMENT(row))


def notice_row(analysis_id: int, one: Notice) -> dict[str, Any]:
    """A row of `notice`."""
    return {
        "analysis_id": analysis_id,
        "time_s": _finite(one.time_s),
        "kind": one.kind.value,
        "placement": None if one.placement is None else one.placement.value,
        "text": one.text,
    }


def notice_of(row: AnyRow) -> Notice:
    """What may fool the numbers."""
    placement = None if row.placement is None else Placement(row.placement)
    return Notice(row.time_s, NoticeKind(row.kind), placement, row.text)


def _side(value: str | None) -> Side | None:
    return None if value is None else Side(value)


def _finite(value: float) -> float:
    """A plain float; SQLite would turn NaN into NULL without a word."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a measured number")
    return number


def _known(value: float | None) -> float | None:
    return None if value is None else _finite(value)


def _degrees(angle_rad: float | None) -> float | None:
    return None if angle_rad is None else math.degrees(_finite(angle_rad))


def _radians(angle_deg: float | None) -> float | None:
    return None if angle_deg is None else math.radians(angle_deg)
