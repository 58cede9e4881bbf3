"""The organiser's desk."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def manual_change() -> None:
    op.create_table(
        "manual_change",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", types.Data(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("price", types.Data(), nullable=False),
        sa.Column("made_by", types.Id(), nullable=True),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("undone_by", types.Id(), nullable=True),
        sa.Column("undone_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('pin', 'forbid', 'capacity', 'weight', 'rule')",
            name=op.f("ck_manual_change_kind_known"),
        ),
        sa.CheckConstraint("length(reason) <= 2000", name=op.f("ck_manual_change_reason_length")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_manual_change_cycle_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_manual_change_made_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_manual_change_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_change")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_manual_change_cycle_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_manual_change_made_by"), "manual_change", ["made_by"])
    op.create_index(op.f("ix_manual_change_undone_by"), "manual_change", ["undone_by"])


def sign_off() -> None:
    op.create_table(
        "sign_off",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signed_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_sign_off_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_off_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("draft_id", "person_id", name=op.f("uq_sign_off_draft_id_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_off_person_id"), "sign_off", ["person_id"])


def mail_text() -> None:
    op.create_table(
        "mail_text",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=False),
        sa.Column("changed_by", types.Id(), nullable=True),
        sa.CheckConstraint("length(subject) <= 200", name=op.f("ck_mail_text_subject_length")),
        sa.CheckConstraint("length(words) <= 4000", name=op.f("ck_mail_text_words_length")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_mail_text_changed_by")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_mail_text_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint(
            "programme_id", "kind", "locale", name=op.f("uq_mail_text_programme_id_kind_locale")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mail_text_changed_by"), "mail_text", ["changed_by"])


def saved_mapping() -> None:
    op.create_table(
        "saved_mapping",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", types.Data(), nullable=False),
        sa.Column("saved_at", types.Moment(), nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_saved_mapping_name_length")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_saved_mapping_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_saved_mapping_programme_id_name")),
        sqlite_strict=True,
    )


def upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", types.Data(), nullable=False),
        sa.Column("sent_at", types.Moment(), nullable=False),
        sa.CheckConstraint("length(name) <= 400", name=op.f("ck_upload_name_length")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_upload_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_upload_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_upload_cycle_id"), "upload", ["cycle_id"])
    op.create_index(op.f("ix_upload_person_id"), "upload", ["person_id"])


def repair() -> None:
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
        sa.CheckConstraint("state IN ('proposed', 'applied', 'dropped')", name=op.f("ck_repair_state_known")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_repair_asked_by")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_repair_cycle_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_repair_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_repair_cycle_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_repair_asked_by"), "repair", ["asked_by"])
    op.create_index(op.f("ix_repair_settled_by"), "repair", ["settled_by"])


TABLES = (
    manual_change,
    sign_off,
    mail_text,
    saved_mapping,
    upload,
    repair,
)
"""In an order in which every table finds those it refers to."""


def upgrade() -> None:
    for create in TABLES:
        create()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)
