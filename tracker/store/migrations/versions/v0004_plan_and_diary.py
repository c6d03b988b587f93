"""Plan, how it felt, habits, screening, bands, corrections, sessions without sensors, a default person.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WEEK_INDEX = "ix_exercise_set_week"
_OLD_WEEK = ["analysis_id", "exercise", "side", "valid_reps", "partial_reps"]
_NEW_WEEK = ["analysis_id", "exercise", "side", "set_number", "valid_reps", "partial_reps"]

_INDEXES = (
    ("session_revision", "session_id"),
    ("manual_set", "session_id"),
    ("band", "person_id"),
    ("set_felt", "band_id"),
    ("plan", "person_id"),
    ("rule_verdict", "plan_id"),
    ("rule_verdict", "session_id"),
    ("session_target", "session_id"),
    ("session_target", "plan_id"),
)
_TABLES = (
    "session_revision",
    "set_correction",
    "manual_set",
    "session_felt",
    "set_felt",
    "band",
    "rule_verdict",
    "session_target",
    "plan",
    "habit_day",
    "screening",
)
"""In an order in which they can be dropped."""


def _create(name: str, *columns: "sa.Column[object]", key: tuple[str, ...] = ("id",)) -> None:
    """Create a table with foreign keys for its columns `..._id`; rows go with what they belong to."""
    number = [sa.Column("id", sa.Integer(), nullable=False)] if key == ("id",) else []
    owners = [one.name.removesuffix("_id") for one in columns if one.name.endswith("_id")]
    keys = [
        sa.ForeignKeyConstraint(
            [f"{owner}_id"],
            [f"{owner}.id"],
            name=op.f(f"fk_{name}_{owner}_id_{owner}"),
            ondelete=None if owner == "band" else "CASCADE",
        )
        for owner in owners
    ]
    op.create_table(name, *number, *columns, *keys, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _number(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.Double(), nullable=True)


def _flag(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.Boolean(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("is_default", sa.Boolean(), nullable=True))
        table.create_unique_constraint(op.f("uq_person_is_default"), ["is_default"])
    # A default on the server fills the rows that are there, and is taken away again.
    for name in ("by_hand", "rest_left_out"):
        op.add_column("session", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("session", _time("deleted_at", nullable=True))
    op.add_column("exercise_set", sa.Column("set_number", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE exercise_set SET set_number = (SELECT count(DISTINCT earlier.start_s) FROM exercise_set AS earlier "
        "WHERE earlier.analysis_id = exercise_set.analysis_id AND earlier.start_s <= exercise_set.start_s)"
    )
    op.drop_index(_WEEK_INDEX, table_name="exercise_set")
    with op.batch_alter_table("session") as table:
        for name in ("by_hand", "rest_left_out"):
            table.alter_column(name, existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("exercise_set") as table:
        table.alter_column("set_number", existing_type=sa.Integer(), nullable=False)
    op.create_index(_WEEK_INDEX, "exercise_set", _NEW_WEEK, unique=False)
    _create_corrections()
    _create_plan()
    _create_diary()
    for name, column in _INDEXES:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)
    op.create_index("ix_screening_latest", "screening", ["person_id", "asked_at"], unique=False)


def _create_corrections() -> None:
    _create(
        "session_revision",
        _int("session_id"),
        _time("made_at"),
        _text("action", 16),
        _text("field", 64, nullable=True),
        _int("set_number", nullable=True),
        _text("side", 8, nullable=True),
        _text("before", nullable=True),
        _text("after", nullable=True),
        _text("reason"),
    )
    _create(
        "set_correction",
        _int("session_id"),
        _int("set_number"),
        _text("side", 8),
        _text("exercise", 100, nullable=True),
        _int("valid_reps", nullable=True),
        _int("partial_reps", nullable=True),
        _flag("left_out"),
        key=("session_id", "set_number", "side"),
    )
    _create(
        "manual_set",
        _int("session_id"),
        _text("exercise", 100),
        _text("side", 8, nullable=True),
        _int("sets"),
        _int("reps"),
        _number("hold_s"),
    )


def _create_plan() -> None:
    _create(
        "plan",
        _int("person_id"),
        _text("name", 200),
        _text("toml"),
        _text("starts_on", 10),
        _text("ends_on", 10, nullable=True),
        _time("created_at"),
    )
    _create(
        "rule_verdict",
        _int("plan_id"),
        _int("session_id", nullable=True),
        _text("prescription", 100),
        _text("rule", 64),
        _flag("acts"),
        _text("reason"),
        _text("inputs"),
        _text("change", nullable=True),
        _time("made_at"),
        _text("answer", 16, nullable=True),
        _time("answered_at", nullable=True),
    )
    _create(
        "session_target",
        _int("session_id"),
        _int("plan_id"),
        _text("prescription", 100),
        _text("phase", 32),
        _text("exercise", 100),
        _text("side", 8),
        _int("sets"),
        _int("reps_low"),
        _int("reps_high"),
        _number("hold_s"),
        _number("rest_s"),
        _text("tempo", 32, nullable=True),
        _text("band_placement", 100, nullable=True),
        _text("band_colour", 32, nullable=True),
        _number("elongation_percent"),
    )


def _create_diary() -> None:
    _create(
        "band",
        _int("person_id"),
        _text("brand", 100),
        _text("colour", 32),
        _number("rest_length_m"),
        _flag("is_loop"),
        _number("force_100_n"),
        _number("force_200_n"),
        _time("added_at"),
        _time("retired_at", nullable=True),
    )
    pains = (_int(name, nullable=True) for name in ("pain_before", "pain_worst", "pain_next_morning", "effort"))
    _create("session_felt", _int("session_id"), *pains, _text("notes", nullable=True), key=("session_id",))
    _create(
        "set_felt",
        _int("session_id"),
        _int("set_number"),
        _int("pain", nullable=True),
        _int("effort", nullable=True),
        _text("notes", nullable=True),
        _int("band_id", nullable=True),
        _number("stretched_length_m"),
        key=("session_id", "set_number"),
    )
    _create(
        "habit_day",
        _int("person_id"),
        _text("day", 10),
        _text("habit", 64),
        _text("amount", 16),
        _int("minutes", nullable=True),
        key=("person_id", "day", "habit"),
    )
    _create(
        "screening",
        _int("person_id"),
        _time("asked_at"),
        _text("occasion", 16),
        _text("answers"),
        _flag("flagged"),
        _flag("emergency"),
        _text("note", nullable=True),
    )


def downgrade() -> None:
    op.drop_index("ix_screening_latest", table_name="screening")
    for name, column in reversed(_INDEXES):
        op.drop_index(op.f(f"ix_{name}_{column}"), table_name=name)
    for name in _TABLES:
        op.drop_table(name)
    # The first schemas know no session without a recording.
    op.execute("DELETE FROM session WHERE by_hand")
    op.drop_index(_WEEK_INDEX, table_name="exercise_set")
    with op.batch_alter_table("exercise_set") as table:
        table.drop_column("set_number")
    op.create_index(_WEEK_INDEX, "exercise_set", _OLD_WEEK, unique=False)
    with op.batch_alter_table("session") as table:
        for name in ("by_hand", "deleted_at", "rest_left_out"):
            table.drop_column(name)
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("uq_person_is_default"), type_="unique")
        table.drop_column("is_default")
