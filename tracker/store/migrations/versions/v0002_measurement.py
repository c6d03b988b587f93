"""What a measurement is made of: alignments, calibrations, own ranges, notices, and the terms of each number.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REPETITION = (
    "rom_uncertainty_deg",
    "mean_velocity_deg_per_s",
    "phase_rate_deg_per_s",
    "concentric_smoothness",
    "eccentric_smoothness",
    "elevation_change_deg",
    "heading_change_deg",
    "rotation_change_deg",
    "pelvis_turn_deg",
    "pelvis_share",
)
_REST_TEST = (
    "reference_age_s",
    "crosstalk_bound_deg",
    "sensor_sd_deg",
    "crosstalk_sd_deg",
    "reference_sd_deg",
    "donning_sd_deg",
    "wander_sd_deg",
    "pelvis_sd_deg",
    "coverage",
)


def _of_analysis(table: str, *columns: sa.Column[object]) -> None:
    """Create a table whose rows belong to an analysis."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("analysis_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis.id"], name=op.f(f"fk_{table}_analysis_id_analysis"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_analysis_id"), table, ["analysis_id"], unique=False)


def upgrade() -> None:
    op.create_table(
        "sensor_calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sensor_id", sa.Integer(), nullable=False),
        sa.Column("calibrated_on", sa.String(length=10), nullable=False),
        sa.Column("offset_x_m_per_s2", sa.Double(), nullable=False),
        sa.Column("offset_y_m_per_s2", sa.Double(), nullable=False),
        sa.Column("offset_z_m_per_s2", sa.Double(), nullable=False),
        sa.Column("scale_x", sa.Double(), nullable=False),
        sa.Column("scale_y", sa.Double(), nullable=False),
        sa.Column("scale_z", sa.Double(), nullable=False),
        sa.Column("residual_m_per_s2", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sensor_id"],
            ["sensor.id"],
            name=op.f("fk_sensor_calibration_sensor_id_sensor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor_calibration")),
    )
    op.create_index(op.f("ix_sensor_calibration_sensor_id"), "sensor_calibration", ["sensor_id"], unique=False)
    _of_analysis(
        "sensor_alignment",
        sa.Column("placement", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=True),
        sa.Column("since_s", sa.Double(), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        *(sa.Column(f"{axis}_{name}", sa.Double()) for axis in ("long_axis", "front") for name in "xyz"),
    )
    _of_analysis(
        "shown_range",
        sa.Column("exercise", sa.String(length=100), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=True),
        sa.Column("rom_deg", sa.Double(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
    )
    _of_analysis(
        "notice",
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("placement", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.add_column("analysis_sensor", sa.Column("drift_ppm", sa.Double(), nullable=True))
    op.add_column("analysis_sensor", sa.Column("calibrated_on", sa.String(length=10), nullable=True))
    op.add_column("exercise_set", sa.Column("reference_rom_deg", sa.Double(), nullable=True))
    op.add_column("exercise_set", sa.Column("reference_shown", sa.Integer(), nullable=True))
    op.add_column("rest_test", sa.Column("posture", sa.String(length=32), nullable=True))
    op.add_column("rest_test", sa.Column("recipe", sa.String(length=64), nullable=True))
    for name in _REST_TEST:
        op.add_column("rest_test", sa.Column(name, sa.Double(), nullable=True))
    # SQLite cannot change a column: it makes the table anew.
    with op.batch_alter_table("repetition") as table:
        table.alter_column("rom_deg", existing_type=sa.Double(), nullable=True)
        table.alter_column("peak_velocity_deg_per_s", existing_type=sa.Double(), nullable=True)
        for name in _REPETITION:
            table.add_column(sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM repetition WHERE rom_deg IS NULL OR peak_velocity_deg_per_s IS NULL")
    with op.batch_alter_table("repetition") as table:
        for name in _REPETITION:
            table.drop_column(name)
        table.alter_column("rom_deg", existing_type=sa.Double(), nullable=False)
        table.alter_column("peak_velocity_deg_per_s", existing_type=sa.Double(), nullable=False)
    with op.batch_alter_table("rest_test") as table:
        for name in ("posture", "recipe", *_REST_TEST):
            table.drop_column(name)
    with op.batch_alter_table("exercise_set") as table:
        table.drop_column("reference_rom_deg")
        table.drop_column("reference_shown")
    with op.batch_alter_table("analysis_sensor") as table:
        table.drop_column("drift_ppm")
        table.drop_column("calibrated_on")
    for name in ("notice", "shown_range", "sensor_alignment"):
        op.drop_index(op.f(f"ix_{name}_analysis_id"), table_name=name)
        op.drop_table(name)
    op.drop_index(op.f("ix_sensor_calibration_sensor_id"), table_name="sensor_calibration")
    op.drop_table("sensor_calibration")
