"""An offer can name the duty it asks for in return."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = "id, duty_id, offered_by, offered_at, state, taken_by, ended_at"


def _duty_offer(*more: sa.Column[None] | sa.Constraint) -> None:
    op.create_table(
        "duty_offer",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("duty_id", types.Id(), nullable=False),
        sa.Column("offered_by", types.Id(), nullable=False),
        sa.Column("offered_at", types.Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", types.Id(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'taken', 'withdrawn')", name=op.f("ck_duty_offer_state_known")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_offer_duty_id")),
        sa.ForeignKeyConstraint(["offered_by"], ["person.id"], name=op.f("fk_duty_offer_offered_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_duty_offer_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_offer")),
        *more,
        sqlite_strict=True,
    )
    for column in ("duty_id", "offered_by", "taken_by"):
        op.create_index(op.f(f"ix_duty_offer_{column}"), "duty_offer", [column])


def duty_offer() -> None:
    _duty_offer(
        sa.Column("in_return_for", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(["in_return_for"], ["duty.id"], name=op.f("fk_duty_offer_in_return_for")),
    )
    op.create_index(op.f("ix_duty_offer_in_return_for"), "duty_offer", ["in_return_for"])


def _rebuilt(create: Callable[[], None]) -> None:
    """The table anew with its rows: SQLite adds no column that refers to another table."""
    op.execute(f"CREATE TABLE kept_rows AS SELECT {KEPT} FROM duty_offer")  # noqa: S608 (our words)
    op.drop_table("duty_offer")
    create()
    op.execute(f"INSERT INTO duty_offer ({KEPT}) SELECT {KEPT} FROM kept_rows")  # noqa: S608 (our words)
    op.drop_table("kept_rows")


def upgrade() -> None:
    _rebuilt(duty_offer)


def downgrade() -> None:
    """Offers stay; what they asked for in return is lost."""
    _rebuilt(_duty_offer)
