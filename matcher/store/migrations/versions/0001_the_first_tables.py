"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("by_id", types.Id(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", types.Id(), nullable=True),
        sa.Column("payload_hash", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_entry_about"), "audit_entry", ["about"])


def person() -> None:
    op.create_table(
        "person",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("languages", types.Data(), nullable=False),
        sa.Column("manager_id", types.Id(), nullable=True),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.CheckConstraint(
            "email = lower(email) AND length(email) BETWEEN 3 AND 254", name=op.f("ck_person_email_canonical")
        ),
        sa.CheckConstraint("grade BETWEEN 0 AND 100", name=op.f("ck_person_grade_range")),
        sa.CheckConstraint("length(department) <= 200", name=op.f("ck_person_department_length")),
        sa.CheckConstraint("length(function) <= 200", name=op.f("ck_person_function_length")),
        sa.CheckConstraint("length(name) <= 400", name=op.f("ck_person_name_length")),
        sa.CheckConstraint("length(site) <= 200", name=op.f("ck_person_site_length")),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_person_manager_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_manager_id"), "person", ["manager_id"])


def programme() -> None:
    op.create_table(
        "programme",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topics", types.Data(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_programme_name_length")),
        sa.CheckConstraint("length(slug) <= 60", name=op.f("ck_programme_slug_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
        sqlite_strict=True,
    )


def audit_payload() -> None:
    op.create_table(
        "audit_payload",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("payload", types.Data(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["audit_entry.number"], name=op.f("fk_audit_payload_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_payload")),
        sqlite_strict=True,
    )


def cycle() -> None:
    op.create_table(
        "cycle",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opens_on", types.DateColumn(), nullable=False),
        sa.Column("closes_on", types.DateColumn(), nullable=False),
        sa.Column("starts_on", types.DateColumn(), nullable=False),
        sa.Column("ends_on", types.DateColumn(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed', 'review', 'published', 'running', "
            "'completed', 'archived', 'cancelled')",
            name=op.f("ck_cycle_state_known"),
        ),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_cycle_name_length")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_cycle_sign_up_order")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_cycle_meeting_order")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cycle_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_cycle_programme_id_number")),
        sqlite_strict=True,
    )


def mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("ics", sa.LargeBinary(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("written_at", types.Moment(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_token", types.Id(), nullable=True),
        sa.Column("lease_until", types.Moment(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'handing_over', 'deferred', 'uncertain', 'sent', "
            "'failed', 'cancelled')",
            name=op.f("ck_mail_state_known"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint(
            "cycle_id",
            "person_id",
            "kind",
            "occurrence",
            name=op.f("uq_mail_cycle_id_person_id_kind_occurrence"),
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mail_person_id"), "mail", ["person_id"])
    op.create_index(op.f("ix_mail_state_due_at"), "mail", ["state", "due_at"])


def policy_version() -> None:
    op.create_table(
        "policy_version",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", types.Data(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_policy_version_created_by")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_policy_version_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_policy_version_programme_id_number")),
        sqlite_strict=True,
    )


def programme_role() -> None:
    op.create_table(
        "programme_role",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("given_at", types.Moment(), nullable=False),
        sa.CheckConstraint("role IN ('organiser', 'handler')", name=op.f("ck_programme_role_role_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_programme_role_person_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_role_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_role")),
        sa.UniqueConstraint(
            "programme_id", "person_id", "role", name=op.f("uq_programme_role_programme_id_person_id_role")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_programme_role_person_id"), "programme_role", ["person_id"])


def sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_secret_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"])


def sign_in_token() -> None:
    op.create_table(
        "sign_in_token",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=True),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("origin_hash", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("used_at", types.Moment(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_sign_in_token_tries_range")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_sign_in_token_address_hash_asked_at"), "sign_in_token", ["address_hash", "asked_at"]
    )
    op.create_index(op.f("ix_sign_in_token_origin_hash"), "sign_in_token", ["origin_hash"])
    op.create_index(op.f("ix_sign_in_token_person_id"), "sign_in_token", ["person_id"])


def circle() -> None:
    op.create_table(
        "circle",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.CheckConstraint("slot BETWEEN 0 AND 335", name=op.f("ck_circle_slot_range")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_circle_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_circle_cycle_id_number")),
        sqlite_strict=True,
    )


def credit() -> None:
    op.create_table(
        "credit",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("levels", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.CheckConstraint("levels BETWEEN 0 AND 2", name=op.f("ck_credit_levels_range")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_credit_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_credit_cycle_id_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_credit_person_id"), "credit", ["person_id"])


def enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answers", types.Data(), nullable=False),
        sa.Column("ref", types.Big(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", types.Moment(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'left')", name=op.f("ck_enrolment_state_known")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_enrolment_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_enrolment_cycle_id_person_id")),
        sa.UniqueConstraint("cycle_id", "ref", name=op.f("uq_enrolment_cycle_id_ref")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"])


def import_() -> None:
    op.create_table(
        "import",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False),
        sa.Column("files", types.Data(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("imported_at", types.Moment(), nullable=False),
        sa.Column("imported_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_import_cycle_id")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_import_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_import_cycle_id"), "import", ["cycle_id"])


def mail_event() -> None:
    op.create_table(
        "mail_event",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("mail_id", types.Id(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'handing_over', 'deferred', 'uncertain', 'sent', "
            "'failed', 'cancelled')",
            name=op.f("ck_mail_event_state_known"),
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_event_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mail_event_mail_id"), "mail_event", ["mail_id"])


def not_with() -> None:
    op.create_table(
        "not_with",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("other_id", types.Id(), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_not_with_somebody_else")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_not_with_cycle_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_not_with_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_not_with_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_with")),
        sa.UniqueConstraint(
            "cycle_id", "person_id", "other_id", name=op.f("uq_not_with_cycle_id_person_id_other_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_not_with_person_id"), "not_with", ["person_id"])


def pair() -> None:
    op.create_table(
        "pair",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("mentor_id", types.Id(), nullable=False),
        sa.Column("mentee_id", types.Id(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", types.Data(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'ended', 'completed')", name=op.f("ck_pair_state_known")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_pair_somebody_else")),
        sa.CheckConstraint("points BETWEEN 0 AND 10000", name=op.f("ck_pair_points_range")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_pair_cycle_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_pair_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_pair_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        sa.UniqueConstraint(
            "cycle_id", "mentee_id", "mentor_id", name=op.f("uq_pair_cycle_id_mentee_id_mentor_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pair_mentee_id"), "pair", ["mentee_id"])
    op.create_index(op.f("ix_pair_mentor_id"), "pair", ["mentor_id"])


def snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_snapshot_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_snapshot_cycle_id"), "snapshot", ["cycle_id"])


def waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sentences", types.Data(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_waiting_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("cycle_id", "person_id", "role", name=op.f("uq_waiting_cycle_id_person_id_role")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_waiting_person_id"), "waiting", ["person_id"])


def wish() -> None:
    op.create_table(
        "wish",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("other_id", types.Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_wish_somebody_else")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_wish_cycle_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_wish_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wish_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint(
            "cycle_id", "person_id", "other_id", name=op.f("uq_wish_cycle_id_person_id_other_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_wish_person_id"), "wish", ["person_id"])


def circle_member() -> None:
    op.create_table(
        "circle_member",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("circle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_circle_member_circle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_circle_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_member")),
        sa.UniqueConstraint("circle_id", "person_id", name=op.f("uq_circle_member_circle_id_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_circle_member_person_id"), "circle_member", ["person_id"])


def duty() -> None:
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


def solve_run() -> None:
    op.create_table(
        "solve_run",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("snapshot_id", types.Id(), nullable=False),
        sa.Column("policy_version_id", types.Id(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seed", types.Big(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_token", types.Id(), nullable=True),
        sa.Column("lease_until", types.Moment(), nullable=True),
        sa.Column("heartbeat_at", types.Moment(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("problem", sa.LargeBinary(), nullable=True),
        sa.Column("problem_hash", sa.Text(), nullable=False),
        sa.Column("queued_at", types.Moment(), nullable=False),
        sa.Column("queued_by", types.Id(), nullable=True),
        sa.Column("started_at", types.Moment(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_solve_run_state_known"),
        ),
        sa.CheckConstraint("attempts BETWEEN 0 AND 3", name=op.f("ck_solve_run_attempts_range")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_solve_run_cycle_id")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_solve_run_policy_version_id")
        ),
        sa.ForeignKeyConstraint(["queued_by"], ["person.id"], name=op.f("fk_solve_run_queued_by")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_solve_run_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solve_run")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_solve_run_cycle_id"), "solve_run", ["cycle_id"])
    op.create_index(op.f("ix_solve_run_state_lease_until"), "solve_run", ["state", "lease_until"])


def draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("report", types.Data(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_draft_cycle_id")),
        sa.ForeignKeyConstraint(["run_id"], ["solve_run.id"], name=op.f("fk_draft_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("run_id", name=op.f("uq_draft_run_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_draft_cycle_id"), "draft", ["cycle_id"])


def draft_circle() -> None:
    op.create_table(
        "draft_circle",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("members", types.Data(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_circle_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_circle")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_circle_draft_id_number")),
        sqlite_strict=True,
    )


def draft_duty() -> None:
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


def draft_pair() -> None:
    op.create_table(
        "draft_pair",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("mentor_id", types.Id(), nullable=False),
        sa.Column("mentee_id", types.Id(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", types.Data(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 10000", name=op.f("ck_draft_pair_points_range")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_pair_draft_id")),
        sa.ForeignKeyConstraint(["mentee_id"], ["person.id"], name=op.f("fk_draft_pair_mentee_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_draft_pair_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_pair")),
        sa.UniqueConstraint(
            "draft_id", "mentee_id", "mentor_id", name=op.f("uq_draft_pair_draft_id_mentee_id_mentor_id")
        ),
        sqlite_strict=True,
    )


def draft_waiting() -> None:
    op.create_table(
        "draft_waiting",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sentences", types.Data(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_waiting_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_waiting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_waiting")),
        sa.UniqueConstraint(
            "draft_id", "person_id", "role", name=op.f("uq_draft_waiting_draft_id_person_id_role")
        ),
        sqlite_strict=True,
    )


def publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("draft_id", types.Id(), nullable=False),
        sa.Column("draft_hash", sa.Text(), nullable=False),
        sa.Column("published_at", types.Moment(), nullable=False),
        sa.Column("published_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_publication_cycle_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_publication_draft_id")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_publication_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_publication_cycle_id")),
        sqlite_strict=True,
    )


def audit_is_append_only() -> None:
    """Rows of the audit log are never changed or removed, whoever asks the database."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'The audit log is append-only.'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END"
        )


TABLES = (
    audit_entry,
    person,
    programme,
    audit_payload,
    cycle,
    mail,
    policy_version,
    programme_role,
    sign_in,
    sign_in_token,
    circle,
    credit,
    enrolment,
    import_,
    mail_event,
    not_with,
    pair,
    snapshot,
    waiting,
    wish,
    circle_member,
    duty,
    solve_run,
    draft,
    draft_circle,
    draft_duty,
    draft_pair,
    draft_waiting,
    publication,
)
"""In an order in which every table finds those it refers to."""


def upgrade() -> None:
    for create in TABLES:
        create()
    audit_is_append_only()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__.rstrip("_"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
