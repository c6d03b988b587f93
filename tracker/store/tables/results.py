"""What analyses found."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.tables.base import Table


class AnalysisTable(Table):
    """One run of one version of the algorithms over a recording; older runs stay."""

    __tablename__ = "analysis"
    __table_args__ = (Index("ix_analysis_current", "recording_id", "is_current"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[str]
    created_at: Mapped[datetime]
    is_current: Mapped[bool]
    duration_s: Mapped[float]


class AnalysisSensorTable(Table):
    """What an analysis found to have come from one sensor; `gaps` is JSON."""

    __tablename__ = "analysis_sensor"

    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), primary_key=True)
    placement: Mapped[str] = mapped_column(String(32), primary_key=True)
    rate_hz: Mapped[float]
    samples: Mapped[int]
    missing: Mapped[int]
    saturated: Mapped[int]
    bad_frames: Mapped[int]
    duplicates: Mapped[int]
    gaps: Mapped[str]
    drift_ppm: Mapped[float | None]
    drift_uncertainty_ppm: Mapped[float | None]
    clock_residual_s: Mapped[float | None]
    calibrated_on: Mapped[str | None] = mapped_column(String(10))
    backfilled: Mapped[int | None]


class SensorAlignmentTable(Table):
    """Where a segment's axes lie in its sensor, from a time on; unit vectors, null where not known."""

    __tablename__ = "sensor_alignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    placement: Mapped[str] = mapped_column(String(32))
    side: Mapped[str | None] = mapped_column(String(8))
    since_s: Mapped[float]
    recipe: Mapped[str] = mapped_column(String(64))
    long_axis_x: Mapped[float | None]
    long_axis_y: Mapped[float | None]
    long_axis_z: Mapped[float | None]
    front_x: Mapped[float | None]
    front_y: Mapped[float | None]
    front_z: Mapped[float | None]


class ShownRangeTable(Table):
    """A person's own range of motion, from the repetitions that they showed."""

    __tablename__ = "shown_range"

    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    exercise: Mapped[str] = mapped_column(String(100))
    side: Mapped[str | None] = mapped_column(String(8))
    rom_deg: Mapped[float]
    shown: Mapped[int]


class NoticeTable(Table):
    """What may fool the numbers of an analysis."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    time_s: Mapped[float]
    kind: Mapped[str] = mapped_column(String(32))
    placement: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str]


class ExerciseSetTable(Table):
    """One set. The counts stand here too, so that a week need not look at repetitions."""

    __tablename__ = "exercise_set"
    __table_args__ = (
        Index(
            "ix_exercise_set_week",
            "analysis_id",
            "exercise",
            "side",
            "set_number",
            "valid_reps",
            "partial_reps",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"))
    exercise: Mapped[str] = mapped_column(String(100))
    side: Mapped[str | None] = mapped_column(String(8))
    start_s: Mapped[float]
    end_s: Mapped[float]
    valid_reps: Mapped[int]
    partial_reps: Mapped[int]
    flags: Mapped[str]
    reference_rom_deg: Mapped[float | None]
    reference_shown: Mapped[int | None]
    set_number: Mapped[int]
    """Which set of the session, from 1; both legs of one set have the same."""


class RepetitionTable(Table):
    """One repetition; `flags` is a JSON list. What was withheld or not seen is null."""

    __tablename__ = "repetition"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("exercise_set.id", ondelete="CASCADE"), index=True)
    side: Mapped[str | None] = mapped_column(String(8))
    start_s: Mapped[float]
    peak_s: Mapped[float]
    end_s: Mapped[float]
    rom_deg: Mapped[float | None]
    peak_velocity_deg_per_s: Mapped[float | None]
    concentric_s: Mapped[float]
    hold_s: Mapped[float]
    eccentric_s: Mapped[float]
    valid: Mapped[bool]
    flags: Mapped[str]
    rom_uncertainty_deg: Mapped[float | None]
    mean_velocity_deg_per_s: Mapped[float | None]
    phase_rate_deg_per_s: Mapped[float | None]
    concentric_smoothness: Mapped[float | None]
    eccentric_smoothness: Mapped[float | None]
    elevation_change_deg: Mapped[float | None]
    heading_change_deg: Mapped[float | None]
    rotation_change_deg: Mapped[float | None]
    pelvis_turn_deg: Mapped[float | None]
    pelvis_share: Mapped[float | None]


class RestTestTable(Table):
    """One rest test, refused ones too; `flags` is a JSON list.

    `uncertainty_deg` is the half width of the 95 % interval, the columns `..._sd_deg` what it is made of.
    """

    __tablename__ = "rest_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analysis.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(8))
    start_s: Mapped[float]
    end_s: Mapped[float]
    hip_rotation_deg: Mapped[float | None]
    uncertainty_deg: Mapped[float | None]
    relative_to: Mapped[str] = mapped_column(String(16))
    observability: Mapped[float | None]
    flags: Mapped[str]
    refused: Mapped[str | None]
    posture: Mapped[str | None] = mapped_column(String(32))
    recipe: Mapped[str | None] = mapped_column(String(64))
    reference_age_s: Mapped[float | None]
    crosstalk_bound_deg: Mapped[float | None]
    sensor_sd_deg: Mapped[float | None]
    crosstalk_sd_deg: Mapped[float | None]
    reference_sd_deg: Mapped[float | None]
    donning_sd_deg: Mapped[float | None]
    wander_sd_deg: Mapped[float | None]
    pelvis_sd_deg: Mapped[float | None]
    """What of `sensor_sd_deg` is the pelvis sensor's."""
    coverage: Mapped[float | None]
