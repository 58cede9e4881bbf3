"""Read-only lists about check-ins, partings and requests for help, named after the question they answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, true, union
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.people import EnrolmentState
from matcher.store.participant_tables import CheckIn, CheckInInvitation
from matcher.store.tables import Circle, CircleMember, Cycle, EnrolmentRow, Pair, PersonRow, Programme

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
        select(PersonRow.id)
        .join(EnrolmentRow, (EnrolmentRow.person_id == PersonRow.id) & (EnrolmentRow.cycle_id == cycle_id))
        .where(
            PersonRow.id.in_(meeting),
            PersonRow.active.is_(true()),
            EnrolmentRow.state == EnrolmentState.ACTIVE.value,
        )
    )
    return tuple(session.scalars(found.order_by(PersonRow.id)))


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


@dataclass(frozen=True, kw_only=True)
class MyCycle:
    """A cycle somebody is or was in; `enrolled`: the state of their enrolment in it."""

    id: UUID
    programme_id: UUID
    slug: str
    programme: str
    name: str
    state: CycleState
    enrolled: EnrolmentState

    @property
    def under_way(self) -> bool:
        """Pairs and circles meet."""
        return self.state.value in UNDER_WAY

    @property
    def over(self) -> bool:
        """Nothing can be changed any more."""
        return self.state in (CycleState.COMPLETED, CycleState.ARCHIVED, CycleState.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class MyGroup:
    """A pair that goes on (`name` is the partner's), or a circle one sits in (`number` from 1)."""

    id: UUID
    name: str = ""
    number: int = 0


def my_cycle(session: Session, slug: str, person_id: UUID) -> MyCycle | None:
    """This person's cycle of the programme, also one they left: one under way before the newest."""
    found = (
        select(
            Cycle.id,
            Cycle.programme_id,
            Programme.slug,
            Programme.name.label("programme"),
            Cycle.name,
            Cycle.state,
            EnrolmentRow.state.label("enrolled"),
        )
        .join(Programme, Programme.id == Cycle.programme_id)
        .join(EnrolmentRow, EnrolmentRow.cycle_id == Cycle.id)
        .where(Programme.slug == slug, EnrolmentRow.person_id == person_id)
        .order_by(Cycle.state.in_(UNDER_WAY).desc(), Cycle.number.desc())
        .limit(1)
    )
    row = session.execute(found).first()
    if row is None:
        return None
    states = {"state": CycleState(row.state), "enrolled": EnrolmentState(row.enrolled)}
    return MyCycle(**{**row._mapping, **states})


def my_groups(session: Session, cycle_id: UUID, person_id: UUID) -> tuple[MyGroup, ...]:
    """The pairs that go on, by the partner's name, and the circles this person sits in."""
    mine = (Pair.mentor_id == person_id) | (Pair.mentee_id == person_id)
    other = or_(
        (Pair.mentor_id == person_id) & (PersonRow.id == Pair.mentee_id),
        (Pair.mentee_id == person_id) & (PersonRow.id == Pair.mentor_id),
    )
    pairs = (
        select(Pair.id, PersonRow.name)
        .join(PersonRow, other)
        .where(Pair.cycle_id == cycle_id, Pair.state == PairState.ACTIVE.value, mine)
        .order_by(PersonRow.name, Pair.id)
    )
    circles = (
        select(Circle.id, Circle.number)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(
            Circle.cycle_id == cycle_id,
            CircleMember.person_id == person_id,
            CircleMember.until_session.is_(None),
        )
        .order_by(Circle.number)
    )
    return (
        *(MyGroup(id=row.id, name=row.name) for row in session.execute(pairs)),
        *(MyGroup(id=row.id, number=row.number) for row in session.execute(circles)),
    )
