"""The mails of a cycle are counted by state without reading them: a page asks every two seconds."""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_mail_cycle_id_state_kind"


def upgrade() -> None:
    op.create_index(op.f(INDEX), "mail", ["cycle_id", "state", "kind"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "mail")
