"""The employee's side."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from matcher.store import types

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def form_draft() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("typed", types.Data(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_form_draft_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_form_draft_cycle_id_person_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_form_draft_person_id"), "form_draft", ["person_id"])


def consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_at", types.Moment(), nullable=False),
        sa.Column("withdrawn_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_consent_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "cycle_id", "person_id", "purpose", name=op.f("uq_consent_cycle_id_person_id_purpose")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"])


def private_note() -> None:
    op.create_table(
        "private_note",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("pair_id", types.Id(), nullable=True),
        sa.Column("circle_id", types.Id(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=False),
        sa.CheckConstraint(
            "(pair_id IS NULL) <> (circle_id IS NULL)", name=op.f("ck_private_note_one_group")
        ),
        sa.CheckConstraint("length(text) <= 20000", name=op.f("ck_private_note_text_length")),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_private_note_circle_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_private_note_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_private_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_note")),
        sa.UniqueConstraint("person_id", "circle_id", name=op.f("uq_private_note_person_id_circle_id")),
        sa.UniqueConstraint("person_id", "pair_id", name=op.f("uq_private_note_person_id_pair_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_private_note_circle_id"), "private_note", ["circle_id"])
    op.create_index(op.f("ix_private_note_pair_id"), "private_note", ["pair_id"])


def goal() -> None:
    op.create_table(
        "goal",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("pair_id", types.Id(), nullable=True),
        sa.Column("circle_id", types.Id(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", types.Id(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("reached_at", types.Moment(), nullable=True),
        sa.Column("removed_at", types.Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(pair_id IS NULL) <> (circle_id IS NULL)", name=op.f("ck_goal_one_group")),
        sa.CheckConstraint("length(text) <= 4000", name=op.f("ck_goal_text_length")),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_goal_circle_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_goal_made_by")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_goal_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_goal_circle_id"), "goal", ["circle_id"])
    op.create_index(op.f("ix_goal_made_by"), "goal", ["made_by"])
    op.create_index(op.f("ix_goal_pair_id"), "goal", ["pair_id"])


def goal_step() -> None:
    op.create_table(
        "goal_step",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("goal_id", types.Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_at", types.Moment(), nullable=True),
        sa.Column("done_by", types.Id(), nullable=True),
        sa.CheckConstraint("length(text) <= 4000", name=op.f("ck_goal_step_text_length")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_goal_step_done_by")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_step_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_step")),
        sa.UniqueConstraint("goal_id", "place", name=op.f("uq_goal_step_goal_id_place")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_goal_step_done_by"), "goal_step", ["done_by"])


def duty_offer() -> None:
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
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_duty_offer_duty_id"), "duty_offer", ["duty_id"])
    op.create_index(op.f("ix_duty_offer_offered_by"), "duty_offer", ["offered_by"])
    op.create_index(op.f("ix_duty_offer_taken_by"), "duty_offer", ["taken_by"])


def check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opens_at", types.Moment(), nullable=False),
        sa.Column("closes_at", types.Moment(), nullable=False),
        sa.Column("result", types.Data(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_check_in_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_check_in_cycle_id_number")),
        sqlite_strict=True,
    )


def check_in_invitation() -> None:
    op.create_table(
        "check_in_invitation",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("check_in_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("answered", types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_invitation_check_in_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_check_in_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_invitation")),
        sa.UniqueConstraint(
            "check_in_id", "person_id", name=op.f("uq_check_in_invitation_check_in_id_person_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_check_in_invitation_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_check_in_invitation_person_id"), "check_in_invitation", ["person_id"])


def check_in_answer() -> None:
    op.create_table(
        "check_in_answer",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("check_in_id", types.Id(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("met IN ('yes', 'planned', 'no')", name=op.f("ck_check_in_answer_met_known")),
        sa.CheckConstraint("helpful BETWEEN 1 AND 5", name=op.f("ck_check_in_answer_helpful_range")),
        sa.CheckConstraint("length(comment) <= 4000", name=op.f("ck_check_in_answer_comment_length")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_answer_check_in_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_answer")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_check_in_answer_check_in_id"), "check_in_answer", ["check_in_id"])


def parting() -> None:
    op.create_table(
        "parting",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("pair_id", types.Id(), nullable=True),
        sa.Column("circle_id", types.Id(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("said_at", types.Moment(), nullable=False),
        sa.Column("undone_at", types.Moment(), nullable=True),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.CheckConstraint("wish IN ('rematch', 'leave', 'pause')", name=op.f("ck_parting_wish_known")),
        sa.CheckConstraint("(pair_id IS NULL) <> (circle_id IS NULL)", name=op.f("ck_parting_one_group")),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name=op.f("fk_parting_circle_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_parting_cycle_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_parting_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_parting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parting")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_parting_circle_id"), "parting", ["circle_id"])
    op.create_index(op.f("ix_parting_cycle_id"), "parting", ["cycle_id"])
    op.create_index(op.f("ix_parting_pair_id"), "parting", ["pair_id"])
    op.create_index(op.f("ix_parting_person_id"), "parting", ["person_id"])


def escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("programme_id", types.Id(), nullable=False),
        sa.Column("cycle_id", types.Id(), nullable=True),
        sa.Column("asked_by", types.Id(), nullable=False),
        sa.Column("handler_id", types.Id(), nullable=False),
        sa.Column("concerns", types.Data(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_escalation_state_known")),
        sa.CheckConstraint("asked_by <> handler_id", name=op.f("ck_escalation_somebody_else")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_escalation_asked_by")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_escalation_cycle_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_escalation_handler_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_escalation_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_escalation_asked_by"), "escalation", ["asked_by"])
    op.create_index(op.f("ix_escalation_handler_id"), "escalation", ["handler_id"])
    op.create_index(op.f("ix_escalation_programme_id"), "escalation", ["programme_id"])


def escalation_message() -> None:
    op.create_table(
        "escalation_message",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("escalation_id", types.Id(), nullable=False),
        sa.Column("by_id", types.Id(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.CheckConstraint("length(text) <= 4000", name=op.f("ck_escalation_message_text_length")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_escalation_message_by_id")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_message_escalation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_message")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_escalation_message_by_id"), "escalation_message", ["by_id"])
    op.create_index(op.f("ix_escalation_message_escalation_id"), "escalation_message", ["escalation_id"])


def calendar_feed() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"])


def erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("erased_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )


TABLES = (
    form_draft,
    consent,
    private_note,
    goal,
    goal_step,
    duty_offer,
    check_in,
    check_in_invitation,
    check_in_answer,
    parting,
    escalation,
    escalation_message,
    calendar_feed,
    erasure,
)
"""In an order in which every table finds those it refers to."""


def upgrade() -> None:
    for create in TABLES:
        create()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)
