"""Duties of pairs, imports that can be taken back, and columns for forms, runs and endings."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADDED: tuple[tuple[str, str, sa.types.TypeEngine[Any], str | None], ...] = (
    ("person", "locale", sa.Text(), None),
    ("programme", "about", sa.Text(), ""),
    ("programme", "form", types.Data(), "{}"),
    ("programme", "settings", types.Data(), "{}"),
    ("sign_in", "device", sa.Text(), ""),
    ("solve_run", "changes", types.Data(), "{}"),
    ("solve_run", "course", types.Data(), "{}"),
    ("solve_run", "label", sa.Text(), ""),
    ("pair", "made_at", types.Moment(), None),
    ("pair", "ended_at", types.Moment(), None),
    ("circle_member", "from_session", sa.Integer(), "0"),
    ("circle_member", "until_session", sa.Integer(), None),
    ("waiting", "settled_at", types.Moment(), None),
)
"""Table, column, type, and what the rows of before hold in it (None: nothing)."""


def duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("circle_id", types.Id(), nullable=True),
        sa.Column("pair_id", types.Id(), nullable=True),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.CheckConstraint("(pair_id IS NULL) <> (circle_id IS NULL)", name=op.f("ck_duty_one_group")),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_duty_circle_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_duty_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("circle_id", "session", "duty", name=op.f("uq_duty_circle_id_session_duty")),
        sa.UniqueConstraint("pair_id", "session", "duty", name=op.f("uq_duty_pair_id_session_duty")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_duty_person_id"), "duty", ["person_id"])


def old_duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("circle_id", types.Id(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_duty_circle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("circle_id", "session", "duty", name=op.f("uq_duty_circle_id_session_duty")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_duty_person_id"), "duty", ["person_id"])


def draft_duty() -> None:
    op.create_table(
        "draft_duty",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("circle", sa.Integer(), nullable=True),
        sa.Column("mentor_id", types.Id(), nullable=True),
        sa.Column("mentee_id", types.Id(), nullable=True),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.CheckConstraint(
            "(circle IS NULL) <> (mentor_id IS NULL) AND (mentor_id IS NULL) = (mentee_id IS NULL)",
            name=op.f("ck_draft_duty_one_group"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_duty_draft_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_draft_duty_mentor_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_draft_duty_mentee_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_duty")),
        sa.UniqueConstraint(
            "draft_id", "circle", "session", "duty", name=op.f("uq_draft_duty_draft_id_circle_session_duty")
        ),
        sa.UniqueConstraint(
            "draft_id",
            "mentee_id",
            "mentor_id",
            "session",
            "duty",
            name=op.f("uq_draft_duty_draft_id_mentee_id_mentor_id_session_duty"),
        ),
        sqlite_strict=True,
    )


def old_draft_duty() -> None:
    op.create_table(
        "draft_duty",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("circle", sa.Integer(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_duty_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_duty")),
        sa.UniqueConstraint(
            "draft_id", "circle", "session", "duty", name=op.f("uq_draft_duty_draft_id_circle_session_duty")
        ),
        sqlite_strict=True,
    )


IMPORTED = ("id", "cycle_id", "file_hash", "files", "rows", "added", "changed", "imported_at", "imported_by")


def _import_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False),
        sa.Column("files", types.Data(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("imported_at", types.Moment(), nullable=False),
        sa.Column("imported_by", types.Id(), nullable=True),
    ]


def _import_rules() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_import_cycle_id")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_import_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    ]


def import_() -> None:
    op.create_table(
        "import",
        *_import_columns(),
        sa.Column("before", types.Data(), nullable=False, server_default="{}"),
        sa.Column("undone_at", types.Moment(), nullable=True),
        sa.Column("undone_by", types.Id(), nullable=True),
        *_import_rules(),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_import_undone_by")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_import_cycle_id"), "import", ["cycle_id"])


def old_import() -> None:
    op.create_table("import", *_import_columns(), *_import_rules(), sqlite_strict=True)
    op.create_index(op.f("ix_import_cycle_id"), "import", ["cycle_id"])


DUTY = ("id", "circle_id", "session", "duty", "person_id")
DRAFT_DUTY = ("id", "draft_id", "circle", "session", "duty", "person_id")


def rebuilt(table: str, create: Callable[[], None], kept: tuple[str, ...], where: str = "") -> None:
    """Make a table anew with its rows: SQLite cannot change a column, and both databases go one way."""
    columns = ", ".join(kept)
    op.execute(f'CREATE TABLE kept_rows AS SELECT {columns} FROM "{table}" {where}')  # noqa: S608 (our words)
    op.drop_table(table)
    create()
    op.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM kept_rows')  # noqa: S608 (our words)
    op.drop_table("kept_rows")


def upgrade() -> None:
    for table, name, kind, before in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=before is None, server_default=before))
    rebuilt("duty", duty, DUTY)
    rebuilt("draft_duty", draft_duty, DRAFT_DUTY)
    rebuilt("import", import_, IMPORTED)


def downgrade() -> None:
    """Duties of pairs are lost: there was no place for them before."""
    rebuilt("import", old_import, IMPORTED)
    rebuilt("draft_duty", old_draft_duty, DRAFT_DUTY, "WHERE circle IS NOT NULL")
    rebuilt("duty", old_duty, DUTY, "WHERE circle_id IS NOT NULL")
    for table, name, _, _ in reversed(ADDED):
        op.drop_column(table, name)
