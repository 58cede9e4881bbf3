"""Who may take a duty over: present, free in that session, willing, and below what they take on at most."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotAllowed, NotFound, WrongState
from matcher.domain.lifecycle import CycleState, PairState, words
from matcher.domain.people import EnrolmentState, key
from matcher.domain.sentences import TranslatableText, say
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.store import tables
from matcher.store.rows import AS_IT_IS, portions

CHANGING = (CycleState.PUBLISHED, CycleState.RUNNING)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One duty of one session, in its group."""

    row: tables.Duty
    group: Group
    found: Published

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def holder(self) -> UUID:
        return self.row.person_id

    def held(self, now: datetime) -> bool:
        return self.group.starts[self.row.session] <= now

    def require_ahead(self, now: datetime) -> None:
        """Raises WrongState once the session has begun."""
        if self.held(now):
            number = self.row.session + 1
            raise WrongState(say("Session {number} has begun. Its duties stay as they were.", number=number))


@dataclass(frozen=True, kw_only=True)
class Load:
    """What somebody takes on in a cycle, what they take on at most, and which duties they never take."""

    taken: int = 0
    most: int | None = None
    declined: frozenset[str] = frozenset()
    active: bool = False


def turn_of(session: Session, duty_id: UUID) -> Turn:
    """The duty with its group, its cycle kept in its state. Raises NotFound, WrongState after the cycle."""
    cycle_id = session.scalars(
        select(func.coalesce(tables.Circle.cycle_id, tables.Pair.cycle_id))
        .select_from(tables.Duty)
        .outerjoin(tables.Circle, tables.Circle.id == tables.Duty.circle_id)
        .outerjoin(tables.Pair, tables.Pair.id == tables.Duty.pair_id)
        .where(tables.Duty.id == duty_id)
    ).first()
    if cycle_id is None:
        raise NotFound(say("There is no such duty."))
    cycle = session.get_one(tables.Cycle, cycle_id, with_for_update=AS_IT_IS, populate_existing=True)
    if CycleState(cycle.state) not in CHANGING:
        state = words(CycleState(cycle.state))
        raise WrongState(
            say("“{cycle}” is {state}. Its duties stay as they are.", cycle=cycle.name, state=state)
        )
    row = session.get_one(tables.Duty, duty_id, populate_existing=True)
    found = published(session, cycle_id, person=row.person_id)
    group = None
    if found is not None:
        of = row.circle_id or row.pair_id
        group = next((one for one in groups(session, found) if one.id == of), None)
    if found is None or group is None:
        raise NotFound(say("There is no such duty."))
    return Turn(row=row, group=group, found=found)


def hindrance(
    turn: Turn, person: UUID, load: Load, *, more: int, gives: UUID | None = None
) -> TranslatableText | None:
    """Why this person cannot take the duty over; None when they can. `more`: by how much their load grows;
    `gives`: a duty they hand over at the same time. A declined duty hinders nobody here: see `declines`."""
    session = turn.row.session
    if not load.active or person not in turn.group.present(session):
        return say("Only people who take part in that session can take it.")
    if turn.holder == person:
        return say("This duty is yours already.")
    busy = {row.person_id for row in turn.group.turns if row.session == session and row.id != gives}
    if person in busy:
        return say("There is another duty of yours in that session already.")
    if load.most is not None and load.taken + more > load.most:
        return say("You take on {most} at most, and that is reached.", most=load.most)
    return None


def declines(turn: Turn, load: Load) -> bool:
    """Whether this duty is one they said they never take."""
    return key(turn.row.duty) in load.declined


def other_turn(turn: Turn, duty_id: UUID) -> Turn:
    """Another duty of the same group. Raises NotFound."""
    row = next((one for one in turn.group.turns if one.id == duty_id), None)
    if row is None:
        raise NotFound(say("There is no such duty in your group."))
    return Turn(row=row, group=turn.group, found=turn.found)


def require_swap(turn: Turn, back: Turn, now: datetime) -> None:
    """Both sessions lie ahead, two people are concerned, and each can come to the other's session."""
    back.require_ahead(now)
    if back.holder == turn.holder:
        raise WrongState(say("Both duties are yours. Choose one of somebody else."))
    if turn.holder not in turn.group.present(back.row.session):
        raise WrongState(say("You do not take part in session {number}.", number=back.row.session + 1))
    busy = {
        row.person_id for row in turn.group.turns if row.session == back.row.session and row.id != turn.id
    }
    if turn.holder in busy:
        raise WrongState(
            say("There is another duty in session {number} already.", number=back.row.session + 1)
        )


def held_still(session: Session, duty_id: UUID, person: UUID) -> Turn:
    """The duty as it is while nobody else changes what this person or its holder takes on."""
    turn = turn_of(session, duty_id)
    loads(session, turn.found.cycle.id, {person, turn.holder}, lock=True)
    # What was read before the lock may be of yesterday.
    return turn_of(session, duty_id)


def require_able(session: Session, turn: Turn, person: UUID, *, back: Turn | None, willing: bool) -> None:
    """Raises WrongState or NotAllowed with the reason."""
    load = loads(session, turn.found.cycle.id, {person}).get(person)
    if load is None:
        raise WrongState(say("Only people who take part in that session can take it."))
    more, gives = (1, None) if back is None else (0, back.id)
    why = hindrance(turn, person, load, more=more, gives=gives)
    if why is not None:
        raise WrongState(why)
    if declines(turn, load) and not willing:
        raise NotAllowed(
            say("You said that you never take “{duty}”. Say yes once more to take it.", duty=turn.row.duty)
        )


def loads(
    session: Session, cycle_id: UUID, people: Collection[UUID], *, lock: bool = False
) -> Mapping[UUID, Load]:
    """What these people take on, each mentor, mentee, circle and duty counting one. `lock`: nobody changes it
    before the transaction ends, always in the same order."""
    enrolment = tables.EnrolmentRow
    asked = select(enrolment).where(enrolment.cycle_id == cycle_id, enrolment.person_id.in_(sorted(people)))
    if lock:
        asked = asked.with_for_update(key_share=True)
    rows = session.scalars(
        asked.order_by(enrolment.person_id).execution_options(populate_existing=True)
    ).all()
    taken = taken_on(session, cycle_id, people)
    return {
        row.person_id: Load(
            taken=taken.get(row.person_id, 0),
            most=row.answers.get("most_load"),
            declined=frozenset(key(duty) for duty in row.answers["duties_declined"]),
            active=row.state == EnrolmentState.ACTIVE.value,
        )
        for row in rows
    }


def taken_on(session: Session, cycle_id: UUID, people: Collection[UUID]) -> dict[UUID, int]:
    """Pairs, seats and duties of these people in a cycle, counted together."""
    pair, circle, member, duty = tables.Pair, tables.Circle, tables.CircleMember, tables.Duty
    count: dict[UUID, int] = {}
    for some in portions(sorted(people)):
        active = (pair.cycle_id == cycle_id) & (pair.state != PairState.ENDED.value)
        for asked in (
            select(pair.mentee_id).where(active, pair.mentee_id.in_(some)),
            select(pair.mentor_id).where(active, pair.mentor_id.in_(some)),
            select(member.person_id)
            .join(circle, circle.id == member.circle_id)
            .where(circle.cycle_id == cycle_id, member.until_session.is_(None), member.person_id.in_(some)),
            select(duty.person_id)
            .outerjoin(circle, circle.id == duty.circle_id)
            .outerjoin(pair, pair.id == duty.pair_id)
            .where(or_(circle.cycle_id == cycle_id, active), duty.person_id.in_(some)),
        ):
            for person in session.scalars(asked):
                count[person] = count.get(person, 0) + 1
    return count
