"""How surely a sensor's drift is known, how late its frames arrived, how many samples were sent again.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_A_SENSOR = ("drift_uncertainty_ppm", "clock_residual_s")


def upgrade() -> None:
    for name in _OF_A_SENSOR:
        op.add_column("analysis_sensor", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("analysis_sensor", sa.Column("backfilled", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("analysis_sensor") as table:
        table.drop_column("backfilled")
        for name in _OF_A_SENSOR:
            table.drop_column(name)
