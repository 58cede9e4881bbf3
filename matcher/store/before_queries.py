"""What organisers ask before anything is matched: who signed up when, what they seek and offer."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.people import EnrolmentState, Role
from matcher.domain.supply import SignedUp
from matcher.store.safety_tables import BlockedPair
from matcher.store.tables import Enrolment, NotWith, Pair, Person


def people(session: Session, cycle_id: UUID) -> int:
    """How many have signed up for the cycle, those who left again counted too."""
    return session.scalar(select(func.count()).where(Enrolment.cycle_id == cycle_id)) or 0


def crowd_mark(session: Session, cycle_id: UUID) -> tuple[Any, ...]:
    """Changes whenever anybody's sign-up, person, confidences or earlier pairs do; cheap to ask."""
    here = Enrolment.cycle_id == cycle_id
    asked = (
        select(func.count()).where(here),
        select(func.sum(Enrolment.version)).where(here),
        select(func.max(Enrolment.changed_at)).where(here),
        select(func.count()).select_from(Person).where(Person.active),
        select(func.sum(Person.version)),
        select(func.count()).select_from(NotWith).where(NotWith.cycle_id == cycle_id),
        select(func.count()).select_from(BlockedPair),
        select(func.count()).select_from(Pair),
    )
    return tuple(session.execute(select(*(one.scalar_subquery() for one in asked))).one())


def sign_ups_by_day(session: Session, cycle_id: UUID, zone: str) -> tuple[tuple[date, int], ...]:
    """How many signed up on each day of that zone, those who left again counted too."""
    moments = session.scalars(select(Enrolment.enrolled_at).where(Enrolment.cycle_id == cycle_id))
    days = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    return tuple(sorted(days.items()))


def signed_up(session: Session, cycle_id: UUID, *, circles: bool) -> tuple[SignedUp, ...]:
    """Everybody active in the cycle, without names. circles: whether the programme has any."""
    rows = session.execute(
        select(Enrolment.answers, Person.function, Person.languages)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cycle_id == cycle_id,
            Enrolment.state == EnrolmentState.ACTIVE.value,
            Person.active,
        )
    )
    return tuple(
        SignedUp(
            roles=frozenset(Role(role) for role in answers["roles"]),
            places=_places(answers, circles=circles),
            offered=tuple(answers["topics_offered"]),
            sought=tuple(answers["topics_sought"]),
            function=function,
            languages=tuple(languages),
            bits=int(answers["week"], 16),
        )
        for answers, function, languages in rows
    )


def _places(answers: Mapping[str, Any], *, circles: bool) -> int:
    """As `Answers.places`, of answers as they are stored."""
    most = answers.get("most_load")
    capacity: int = answers["capacity"]
    if most is None:
        return capacity
    asked = answers.get("mentors_wanted", 1) if Role.MENTEE.value in answers["roles"] else 0
    return max(0, min(capacity, int(most) - asked - (circles and Role.PEER.value in answers["roles"])))
