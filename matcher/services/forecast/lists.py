"""What organisers ask before anything is matched: who signed up when, and whether that has changed."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.store.safety_tables import BlockedPair
from matcher.store.tables import EnrolmentRow, NotWith, Pair, PersonRow


def people(session: Session, cycle_id: UUID) -> int:
    """How many have signed up for the cycle, those who left again counted too."""
    return session.scalar(select(func.count()).where(EnrolmentRow.cycle_id == cycle_id)) or 0


def crowd_mark(session: Session, cycle_id: UUID) -> tuple[Any, ...]:
    """Changes whenever anybody's sign-up, person, confidences or earlier pairs do; cheap to ask."""
    here = EnrolmentRow.cycle_id == cycle_id
    asked = (
        select(func.count()).where(here),
        select(func.sum(EnrolmentRow.version)).where(here),
        select(func.max(EnrolmentRow.changed_at)).where(here),
        select(func.count()).select_from(PersonRow).where(PersonRow.active),
        select(func.sum(PersonRow.version)),
        select(func.count()).select_from(NotWith).where(NotWith.cycle_id == cycle_id),
        select(func.count()).select_from(BlockedPair),
        select(func.count()).select_from(Pair),
    )
    return tuple(session.execute(select(*(one.scalar_subquery() for one in asked))).one())


def sign_ups_by_day(session: Session, cycle_id: UUID, zone: str) -> tuple[tuple[date, int], ...]:
    """How many signed up on each day of that zone, those who left again counted too."""
    moments = session.scalars(select(EnrolmentRow.enrolled_at).where(EnrolmentRow.cycle_id == cycle_id))
    days = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    return tuple(sorted(days.items()))
