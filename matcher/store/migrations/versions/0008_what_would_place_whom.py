"""A draft says what would place each person left over, and its pairs are listed by points."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_draft_pair_draft_id_points"


def upgrade() -> None:
    op.add_column("draft_waiting", sa.Column("fix", types.Data(), nullable=False, server_default="{}"))
    op.create_index(op.f(INDEX), "draft_pair", ["draft_id", "points"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "draft_pair")
    op.drop_column("draft_waiting", "fix")
