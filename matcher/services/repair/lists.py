"""Who left and who came since a plan was published, asked without reading the plan."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from matcher.domain.lifecycle import PairState
from matcher.domain.people import EnrolmentState, Role
from matcher.store.rows import portions
from matcher.store.tables import Circle, CircleMember, EnrolmentRow, Pair, PersonRow

HERE = (EnrolmentState.ACTIVE.value, EnrolmentState.PAUSED.value)


def no_longer_here(session: Session, cycle_id: UUID) -> frozenset[UUID]:
    """Those with a partner or a seat who take part no more."""
    gone: set[UUID] = set()
    for side in (Pair.mentor_id, Pair.mentee_id):
        mine = and_(Pair.cycle_id == cycle_id, Pair.state != PairState.ENDED.value)
        gone |= set(session.scalars(_without_part(side, cycle_id).where(mine)))
    seated = _without_part(CircleMember.person_id, cycle_id).join(Circle, Circle.id == CircleMember.circle_id)
    there = and_(Circle.cycle_id == cycle_id, CircleMember.until_session.is_(None))
    return frozenset(gone | set(session.scalars(seated.where(there))))


def _without_part(column: InstrumentedAttribute[UUID], cycle_id: UUID) -> Select[UUID]:
    """The few inactive people are listed once; a sign-up is looked up for each row."""
    inactive = select(PersonRow.id).where(PersonRow.active.is_not(true()))
    takes_part = (
        select(EnrolmentRow.id)
        .where(
            EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id == column, EnrolmentRow.state.in_(HERE)
        )
        .correlate(column.class_)
    )
    return select(column).where(or_(column.in_(inactive), ~takes_part.exists()))


def came_after(session: Session, cycle_id: UUID, published_at: datetime) -> frozenset[UUID]:
    """Those who signed up after the publication, take part, and have nobody in some role of theirs."""
    late = (
        select(EnrolmentRow.person_id, EnrolmentRow.answers)
        .join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
        .where(
            EnrolmentRow.cycle_id == cycle_id,
            EnrolmentRow.enrolled_at > published_at,
            EnrolmentRow.state == EnrolmentState.ACTIVE.value,
            PersonRow.active.is_(true()),
        )
    )
    roles = {person: answers["roles"] for person, answers in session.execute(late)}
    placed = {(person, role) for role in Role for person in _placed(session, cycle_id, role, sorted(roles))}
    return frozenset(
        person
        for person, wanted in roles.items()
        if any((person, Role(role)) not in placed for role in wanted)
    )


def _placed(session: Session, cycle_id: UUID, role: Role, people: list[UUID]) -> Iterable[UUID]:
    for some in portions(people):
        if role is Role.PEER:
            seats = select(CircleMember.person_id).join(Circle, Circle.id == CircleMember.circle_id)
            here = and_(Circle.cycle_id == cycle_id, CircleMember.until_session.is_(None))
            yield from session.scalars(seats.where(here, CircleMember.person_id.in_(some)))
            continue
        mine, other = Pair.mentor_id, Pair.mentee_id
        if role is Role.MENTEE:
            mine, other = other, mine
        partner = aliased(EnrolmentRow)
        pairs = (
            select(mine)
            .join(partner, and_(partner.person_id == other, partner.cycle_id == cycle_id))
            .join(PersonRow, PersonRow.id == other)
            .where(
                Pair.cycle_id == cycle_id,
                Pair.state != PairState.ENDED.value,
                partner.state.in_(HERE),
                PersonRow.active.is_(true()),
                mine.in_(some),
            )
        )
        yield from session.scalars(pairs)
