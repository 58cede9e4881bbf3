"""Read-only lists about check-ins, partings and requests for help, named after the question they answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, true, union
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.people import EnrolmentState
from matcher.store.care_tables import CheckIn, CheckInInvitation
from matcher.store.queries import portions
from matcher.store.tables import Circle, CircleMember, Cycle, Enrolment, Pair, Person, Programme

UNDER_WAY = (CycleState.PUBLISHED.value, CycleState.RUNNING.value)


@dataclass(frozen=True, kw_only=True)
class RoundLine:
    """One round of the check-in: how many were asked, and its result as stored once it has closed."""

    id: UUID
    number: int
    opens_at: datetime
    closes_at: datetime
    asked: int
    result: dict[str, object] | None


def who_meets(session: Session, cycle_id: UUID) -> tuple[UUID, ...]:
    """Active people with a pair that goes on or a seat in a circle, by id."""
    pairs = (Pair.cycle_id == cycle_id, Pair.state == PairState.ACTIVE.value)
    seats = (
        select(CircleMember.person_id)
        .join(Circle, Circle.id == CircleMember.circle_id)
        .where(Circle.cycle_id == cycle_id, CircleMember.until_session.is_(None))
    )
    meeting = union(select(Pair.mentor_id).where(*pairs), select(Pair.mentee_id).where(*pairs), seats)
    found = (
        select(Person.id)
        .join(Enrolment, (Enrolment.person_id == Person.id) & (Enrolment.cycle_id == cycle_id))
        .where(
            Person.id.in_(meeting),
            Person.active.is_(true()),
            Enrolment.state == EnrolmentState.ACTIVE.value,
        )
    )
    return tuple(session.scalars(found.order_by(Person.id)))


def under_way(session: Session, today: date) -> Iterator[tuple[Cycle, Programme, int]]:
    """Every cycle whose sessions have begun, its programme, and how many check-ins it has had."""
    rounds = select(func.count()).where(CheckIn.cycle_id == Cycle.id).correlate(Cycle).scalar_subquery()
    found = (
        select(Cycle, Programme, rounds)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Cycle.state.in_(UNDER_WAY), Cycle.starts_on <= today)
        .order_by(Cycle.id)
    )
    return iter([(cycle, programme, had) for cycle, programme, had in session.execute(found)])


def rounds(session: Session, cycle_id: UUID) -> tuple[RoundLine, ...]:
    """The check-ins of a cycle, the first one first."""
    asked = (
        select(func.count())
        .where(CheckInInvitation.check_in_id == CheckIn.id)
        .correlate(CheckIn)
        .scalar_subquery()
    )
    found = select(CheckIn, asked).where(CheckIn.cycle_id == cycle_id).order_by(CheckIn.number)
    return tuple(
        RoundLine(
            id=row.id,
            number=row.number,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            asked=count,
            result=row.result,
        )
        for row, count in session.execute(found)
    )


def companions(session: Session, cycle_id: UUID, person_id: UUID) -> tuple[UUID, ...]:
    """Everybody who is or was in a pair or circle with this person in this cycle, by id."""
    mine = or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id)
    pairs = session.execute(select(Pair.mentor_id, Pair.mentee_id).where(Pair.cycle_id == cycle_id, mine))
    found = {each for both in pairs for each in both}
    circles = (
        select(Circle.id)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(Circle.cycle_id == cycle_id, CircleMember.person_id == person_id)
    )
    seats = select(CircleMember.person_id).where(CircleMember.circle_id.in_(circles))
    return tuple(sorted({*found, *session.scalars(seats)} - {person_id}))


def active_people(session: Session, ids: tuple[UUID, ...]) -> dict[UUID, Person]:
    """Those of these people whose account is open."""
    return {
        row.id: row
        for some in portions(ids)
        for row in session.scalars(select(Person).where(Person.id.in_(some), Person.active.is_(true())))
    }
