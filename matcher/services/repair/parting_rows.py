"""Rows about who meets whom now, and who waits, in one cycle."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import PairState
from matcher.domain.people import EnrolmentState, Role
from matcher.domain.sentences import TranslatableText
from matcher.store.tables import Circle, CircleMember, EnrolmentRow, Pair, WaitlistRow


def groups_of(session: Session, cycle_id: UUID, person_id: UUID) -> tuple[UUID, ...]:
    """The pairs and circles in which this person meets now, in a steady order."""
    mine = (Pair.mentor_id == person_id) | (Pair.mentee_id == person_id)
    pairs = select(Pair.id).where(Pair.cycle_id == cycle_id, Pair.state == PairState.ACTIVE.value, mine)
    return (*sorted(session.scalars(pairs)), *seats_of(session, cycle_id, person_id))


def seats_of(session: Session, cycle_id: UUID, person_id: UUID) -> tuple[UUID, ...]:
    """The circles in which this person sits now."""
    seats = (
        select(Circle.id)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(
            Circle.cycle_id == cycle_id,
            CircleMember.person_id == person_id,
            CircleMember.until_session.is_(None),
        )
    )
    return tuple(sorted(session.scalars(seats)))


def seat(session: Session, circle_id: UUID, person_id: UUID) -> CircleMember:
    """The seat of somebody in a circle, to be changed."""
    mine = select(CircleMember).where(
        CircleMember.circle_id == circle_id, CircleMember.person_id == person_id
    )
    return session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


def is_active(session: Session, cycle_id: UUID, person_id: UUID) -> bool:
    """Whether somebody takes part: neither paused nor left."""
    state = select(EnrolmentRow.state).where(
        EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id == person_id
    )
    return session.scalar(state) == EnrolmentState.ACTIVE.value


def roles_held(session: Session, cycle_id: UUID, person_id: UUID) -> set[Role]:
    """The roles in which this person meets somebody now."""
    active = select(Pair.mentor_id, Pair.mentee_id).where(
        Pair.cycle_id == cycle_id,
        Pair.state == PairState.ACTIVE.value,
        (Pair.mentor_id == person_id) | (Pair.mentee_id == person_id),
    )
    held = {Role.PEER} if seats_of(session, cycle_id, person_id) else set()
    for mentor, _ in session.execute(active):
        held.add(Role.MENTOR if mentor == person_id else Role.MENTEE)
    return held


def wait(
    session: Session, cycle_id: UUID, person_id: UUID, role: Role, sentences: tuple[TranslatableText, ...]
) -> None:
    """A place on the waitlist with these sentences; whoever waits in this role already keeps theirs."""
    row = _waiting(session, cycle_id, person_id, role)
    if row is None:
        row = WaitlistRow(cycle_id=cycle_id, person_id=person_id, role=role.value)
        session.add(row)
    elif row.settled_at is None:
        return
    row.sentences, row.settled_at = list(sentences), None
    session.flush()


def unwait(
    session: Session, cycle_id: UUID, person_id: UUID, role: Role, sentences: tuple[TranslatableText, ...]
) -> None:
    """Give up a place, if it was given with these sentences."""
    row = _waiting(session, cycle_id, person_id, role)
    if row is not None and row.settled_at is None and tuple(row.sentences) == sentences:
        session.delete(row)
        session.flush()


def wait_no_more(session: Session, cycle_id: UUID, person_id: UUID, now: datetime) -> None:
    """Leave the waitlist in every role."""
    session.execute(
        update(WaitlistRow)
        .where(
            WaitlistRow.cycle_id == cycle_id,
            WaitlistRow.person_id == person_id,
            WaitlistRow.settled_at.is_(None),
        )
        .values(settled_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _waiting(session: Session, cycle_id: UUID, person_id: UUID, role: Role) -> WaitlistRow | None:
    mine = select(WaitlistRow).where(
        WaitlistRow.cycle_id == cycle_id, WaitlistRow.person_id == person_id, WaitlistRow.role == role.value
    )
    return session.scalars(mine).first()
