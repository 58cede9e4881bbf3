"""Columns and constraints of the organiser's desk: changes by hand, sign-offs, mail texts, uploads, repairs.

As in tables.py.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matcher.store.tables import Base, at_most, one_of, own_id, refers_to, with_rules


class ManualChange(Base):
    """What an organiser changed by hand, and why; the next run takes all that are not undone."""

    __tablename__ = "manual_change"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "number"),
        one_of("kind", ("pin", "forbid", "capacity", "weight", "rule")),
        at_most("reason", 2_000),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    number: Mapped[int]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    reason: Mapped[str]
    price: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by: Mapped[UUID | None] = refers_to("person", index=True)
    made_at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = refers_to("person", index=True)
    undone_at: Mapped[datetime | None]


class SignOff(Base):
    """A second organiser's yes to a draft, under the hash they saw."""

    __tablename__ = "sign_off"
    __table_args__ = with_rules(UniqueConstraint("draft_id", "person_id"))
    id: Mapped[UUID] = own_id()
    draft_id: Mapped[UUID] = refers_to("draft")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    hash: Mapped[str]
    signed_at: Mapped[datetime]


class MailText(Base):
    """A programme's own words at the head of a mail, by kind and language."""

    __tablename__ = "mail_text"
    __table_args__ = with_rules(
        UniqueConstraint("programme_id", "kind", "locale"), at_most("subject", 200), at_most("words", 4_000)
    )
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme")
    kind: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    subject: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = refers_to("person", index=True)


class SavedMapping(Base):
    """Which column of a file is which answer, kept by name for the next file of that shape."""

    __tablename__ = "saved_mapping"
    __table_args__ = with_rules(UniqueConstraint("programme_id", "name"), at_most("name", 200))
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme")
    name: Mapped[str]
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Upload(Base):
    """A file that was sent and not yet imported; removed when it is imported, dropped or a day old."""

    __tablename__ = "upload"
    __table_args__ = with_rules(at_most("name", 400))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    person_id: Mapped[UUID] = refers_to("person", index=True)
    name: Mapped[str]
    content: Mapped[bytes]
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sent_at: Mapped[datetime]


class Repair(Base):
    """The smallest change of a published plan after somebody left or joined late.

    Asked for, then proposed by a worker or failed with a sentence, then applied or dropped by an organiser.
    """

    __tablename__ = "repair"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "number"),
        one_of("state", ("asked", "proposed", "applied", "dropped", "failed")),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    number: Mapped[int]
    cause: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    hash: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = refers_to("person", index=True)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = refers_to("person", index=True)
