"""Columns and constraints of the employee's side: what a person types, notes, answers, asks for and leaves.

As in tables.py. What is told in confidence has a table of its own, so that a query for anything else cannot
carry it along.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.store.tables import Base, at_most, between, one_of, own_id, refers_to, with_rules
from matcher.store.types import Id

MOST_TEXT = 4_000


def one_group() -> CheckConstraint:
    """The row belongs to a pair or to a circle, never to both or neither."""
    return CheckConstraint("(pair_id IS NULL) <> (circle_id IS NULL)", name="one_group")


class FormDraft(Base):
    """A form somebody has begun, as typed: field name → texts."""

    __tablename__ = "form_draft"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "person_id"))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    typed: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class Consent(Base):
    """A yes to one optional purpose in one cycle; withdrawn singly."""

    __tablename__ = "consent"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "person_id", "purpose"))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    purpose: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PrivateNote(Base):
    """What somebody writes for themselves about a pair or circle; nobody else reads it."""

    __tablename__ = "private_note"
    __table_args__ = with_rules(
        UniqueConstraint("person_id", "pair_id"),
        UniqueConstraint("person_id", "circle_id"),
        one_group(),
        at_most("text", 20_000),
    )
    id: Mapped[UUID] = own_id()
    person_id: Mapped[UUID] = refers_to("person")
    pair_id: Mapped[UUID | None] = refers_to("pair", index=True)
    circle_id: Mapped[UUID | None] = refers_to("circle", index=True)
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class GoalRow(Base):
    """A goal shared by a pair or circle."""

    __tablename__ = "goal"
    __table_args__ = with_rules(one_group(), at_most("text", MOST_TEXT))
    id: Mapped[UUID] = own_id()
    pair_id: Mapped[UUID | None] = refers_to("pair", index=True)
    circle_id: Mapped[UUID | None] = refers_to("circle", index=True)
    text: Mapped[str]
    made_by: Mapped[UUID] = refers_to("person", index=True)
    made_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class GoalStep(Base):
    """A small step towards a goal; steps keep the order in which they were written."""

    __tablename__ = "goal_step"
    __table_args__ = with_rules(UniqueConstraint("goal_id", "place"), at_most("text", MOST_TEXT))
    id: Mapped[UUID] = own_id()
    goal_id: Mapped[UUID] = refers_to("goal")
    place: Mapped[int]
    text: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = refers_to("person", index=True)


class DutyOffer(Base):
    """A duty its holder would give away, to anybody or for another's: open, then taken or withdrawn."""

    __tablename__ = "duty_offer"
    __table_args__ = with_rules(one_of("state", ("open", "taken", "withdrawn")))
    id: Mapped[UUID] = own_id()
    duty_id: Mapped[UUID] = refers_to("duty", index=True)
    # "Mine for yours": only who holds that duty can take this one, and both change hands.
    in_return_for: Mapped[UUID | None] = refers_to("duty", index=True)
    offered_by: Mapped[UUID] = refers_to("person", index=True)
    offered_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    taken_by: Mapped[UUID | None] = refers_to("person", index=True)
    ended_at: Mapped[datetime | None]


class CheckIn(Base):
    """One round of the short survey. `result` is the aggregate, written once when the round closes."""

    __tablename__ = "check_in"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "number"))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    number: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]


class CheckInInvitation(Base):
    """Who was asked, and whether they took part: never what they said."""

    __tablename__ = "check_in_invitation"
    __table_args__ = with_rules(UniqueConstraint("check_in_id", "person_id"))
    id: Mapped[UUID] = own_id()
    check_in_id: Mapped[UUID] = refers_to("check_in")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    answered: Mapped[bool] = mapped_column(default=False)


class CheckInAnswer(Base):
    """What somebody said: no person, no time, and no row number that would tell the order."""

    __tablename__ = "check_in_answer"
    __table_args__ = (
        one_of("met", ("yes", "planned", "no")),
        between("helpful", 1, 5),
        at_most("comment", MOST_TEXT),
        Index(None, "check_in_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )
    id: Mapped[UUID] = own_id()
    check_in_id: Mapped[UUID] = refers_to("check_in")
    met: Mapped[str]
    helpful: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")


class Parting(Base):
    """ "This is not working", or somebody leaving a pair or circle. No reason is kept: none is asked."""

    __tablename__ = "parting"
    __table_args__ = with_rules(one_group(), one_of("wish", ("rematch", "leave", "pause")))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    person_id: Mapped[UUID] = refers_to("person", index=True)
    pair_id: Mapped[UUID | None] = refers_to("pair", index=True)
    circle_id: Mapped[UUID | None] = refers_to("circle", index=True)
    wish: Mapped[str]
    said_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Escalation(Base):
    """A confidential request for help. Only who asked and the chosen handler ever read it."""

    __tablename__ = "escalation"
    __table_args__ = with_rules(
        one_of("state", ("open", "answered", "closed")),
        CheckConstraint("asked_by <> handler_id", name="somebody_else"),
    )
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme", index=True)
    cycle_id: Mapped[UUID | None] = refers_to("cycle")
    asked_by: Mapped[UUID] = refers_to("person", index=True)
    handler_id: Mapped[UUID] = refers_to("person", index=True)
    # The ids of people it is about: a handler among them never learns of it.
    concerns: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="open")
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class EscalationMessage(Base):
    """One message of the thread between who asked and the handler."""

    __tablename__ = "escalation_message"
    __table_args__ = with_rules(at_most("text", MOST_TEXT))
    id: Mapped[UUID] = own_id()
    escalation_id: Mapped[UUID] = refers_to("escalation", index=True)
    by_id: Mapped[UUID] = refers_to("person", index=True)
    text: Mapped[str]
    at: Mapped[datetime]


class CalendarFeed(Base):
    """The secret address of somebody's calendar; a new one ends the old one."""

    __tablename__ = "calendar_feed"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    person_id: Mapped[UUID] = refers_to("person", index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Erasure(Base):
    """Whom we forgot: the id they had, which refers to nothing now, so that a restored copy forgets too."""

    __tablename__ = "erasure"
    __table_args__ = with_rules()
    person_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    erased_at: Mapped[datetime]
