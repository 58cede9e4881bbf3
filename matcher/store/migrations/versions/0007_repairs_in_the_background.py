"""A repair is asked for, and a worker finds it."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = "id, cycle_id, number, cause, plan, hash, state, asked_at, asked_by, settled_at, settled_by"


def _repair(states: str) -> None:
    op.create_table(
        "repair",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", types.Data(), nullable=False),
        sa.Column("plan", types.Data(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("asked_by", types.Id(), nullable=True),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.Column("settled_by", types.Id(), nullable=True),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_repair_state_known")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_repair_asked_by")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_repair_cycle_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_repair_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_repair_cycle_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_repair_asked_by"), "repair", ["asked_by"])
    op.create_index(op.f("ix_repair_settled_by"), "repair", ["settled_by"])


def repair() -> None:
    _repair("'asked', 'proposed', 'applied', 'dropped', 'failed'")


def old_repair() -> None:
    _repair("'proposed', 'applied', 'dropped'")


def _rebuilt(create: Callable[[], None], where: str = "") -> None:
    """The table anew with its rows: SQLite changes no constraint."""
    op.execute(f"CREATE TABLE kept_rows AS SELECT {KEPT} FROM repair {where}")  # noqa: S608 (our words)
    op.drop_table("repair")
    create()
    op.execute(f"INSERT INTO repair ({KEPT}) SELECT {KEPT} FROM kept_rows")  # noqa: S608 (our words)
    op.drop_table("kept_rows")


def upgrade() -> None:
    _rebuilt(repair)


def downgrade() -> None:
    """Repairs that were only asked for, or failed, are lost."""
    _rebuilt(old_repair, "WHERE state NOT IN ('asked', 'failed')")
