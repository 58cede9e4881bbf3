"""Columns and constraints of what keeps two people apart, whatever the cycle.

As in tables.py. A row says that two people are kept apart: not why, not by whom, and not who asked for it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from matcher.store.tables import Base, own_id, refers_to, with_rules


class BlockedPair(Base):
    """Two people who never meet again by our doing; the lower id first, so that there is no direction."""

    __tablename__ = "blocked_pair"
    __table_args__ = with_rules(
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="no_direction"),
    )
    id: Mapped[UUID] = own_id()
    first_id: Mapped[UUID] = refers_to("person")
    second_id: Mapped[UUID] = refers_to("person", index=True)
    made_at: Mapped[datetime]
