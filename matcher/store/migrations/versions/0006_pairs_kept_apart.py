"""Pairs kept apart, whatever the cycle."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "blocked_pair",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("first_id", types.Id(), nullable=False),
        sa.Column("second_id", types.Id(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_blocked_pair_no_direction")),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_blocked_pair_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_blocked_pair_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_blocked_pair_first_id_second_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_blocked_pair_second_id"), "blocked_pair", ["second_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_blocked_pair_second_id"), table_name="blocked_pair")
    op.drop_table("blocked_pair")
