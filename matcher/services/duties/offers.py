"""Duties that change hands during a cycle: offered, taken, swapped, or given to a substitute.

A session that has begun stays as it was. Who gave and who took are told; nobody else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, say
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.duties import ledger, letters
from matcher.services.duties.turns import (
    Turn,
    declines,
    held_still,
    hindrance,
    loads,
    other_turn,
    require_able,
    require_swap,
    turn_of,
)
from matcher.services.groups.groups import groups
from matcher.services.groups.published import Published, published
from matcher.services.programme.programmes import require_organiser
from matcher.store import tables
from matcher.store.participant_tables import DutyOffer
from matcher.store.rows import people_by_id

OPEN, TAKEN, WITHDRAWN = "open", "taken", "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A duty somebody would give away, for whoever reads the page.

    session: from 1. asks: for the directed swap, the duty wanted in return, as (session from 1, duty).
    sentence: why the reader cannot take it, None when they can. declined: they once said they never take it,
    so they are asked whether they do this time.
    """

    id: UUID
    duty_id: UUID
    group_id: UUID
    session: int
    duty: str
    begins: datetime
    by: Person
    mine: bool
    asks: tuple[int, str] | None
    sentence: TranslatableText | None
    declined: bool


@dataclass(frozen=True, kw_only=True)
class Substitute:
    """Somebody who could take a duty over; what they take on so far decides the order, the least first."""

    person: Person
    taken: int
    declined: bool


def offer(
    session: Session, *, duty_id: UUID, by: UUID, now: datetime, in_return_for: UUID | None = None
) -> UUID:
    """Offer a duty to the others of the group, or to one of them for theirs; the offer's id. Twice is once.

    Raises WrongState once either session has begun, NotFound for a duty that is not theirs.
    """
    turn = turn_of(session, duty_id)
    if turn.holder != by:
        raise NotFound(say("There is no such duty of yours."))
    turn.require_ahead(now)
    if in_return_for is not None:
        require_swap(turn, other_turn(turn, in_return_for), now)
    open_ = select(DutyOffer).where(
        DutyOffer.duty_id == duty_id,
        DutyOffer.offered_by == by,
        DutyOffer.state == OPEN,
        DutyOffer.in_return_for == in_return_for if in_return_for else DutyOffer.in_return_for.is_(None),
    )
    before = session.scalars(open_).first()
    if before is not None:
        return before.id
    made = DutyOffer(duty_id=duty_id, in_return_for=in_return_for, offered_by=by, offered_at=now, state=OPEN)
    session.add(made)
    session.flush()
    audit.append(session, act="duty offered", about=duty_id, by=by, now=now, payload={"offer": str(made.id)})
    return made.id


def duty_of(session: Session, offer_id: UUID) -> UUID:
    """The duty an offer is about. Raises NotFound."""
    row = session.get(DutyOffer, offer_id)
    if row is None:
        raise NotFound(say("There is no such offer."))
    return row.duty_id


def withdraw(session: Session, *, offer_id: UUID, by: UUID, now: datetime) -> None:
    """Take an offer back; twice is once. Raises Changed, with who, when somebody took it; NotFound."""
    row = session.get(DutyOffer, offer_id, populate_existing=True)
    if row is None or row.offered_by != by:
        raise NotFound(say("There is no such offer of yours."))
    if _end(session, offer_id, WITHDRAWN, now=now):
        audit.append(session, act="offer withdrawn", about=row.duty_id, by=by, now=now)
        return
    session.refresh(row)
    if row.state == TAKEN:
        raise _taken(session, row)


def take(
    session: Session, *, offer_id: UUID, by: UUID, now: datetime, links: Links, willing: bool = False
) -> tables.Duty:
    """Take an offered duty; with a directed swap, one's own changes hands too. The duty, now theirs.

    `willing`: yes this time to a duty one has declined for the cycle. Of two who take at once one gets it.
    Raises Changed, saying who was first; WrongState with the reason; NotFound for people of other groups.
    """
    row = session.get(DutyOffer, offer_id, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no such offer."))
    turn = held_still(session, row.duty_id, by)
    if by not in turn.group.seats:
        raise NotFound(say("There is no such offer."))
    session.refresh(row)
    _require_open(session, row)
    turn.require_ahead(now)
    back = None if row.in_return_for is None else other_turn(turn, row.in_return_for)
    if back is not None:
        if back.holder != by:
            raise NotFound(say("There is no such offer."))
        require_swap(turn, back, now)
    require_able(session, turn, by, back=back, willing=willing)
    if not _end(session, offer_id, TAKEN, now=now, taken_by=by):
        session.refresh(row)
        _require_open(session, row)
    moves = [(turn, by)] if back is None else [(turn, by), (back, turn.holder)]
    _change_hands(session, moves, by=by, now=now, links=links)
    return session.get_one(tables.Duty, turn.id, populate_existing=True)


def substitute(
    session: Session,
    *,
    duty_id: UUID,
    person_id: UUID,
    by: UUID | None,
    now: datetime,
    links: Links,
    willing: bool = False,
) -> tables.Duty:
    """An organiser gives a duty to somebody else of the group, under the same rules as when it is taken."""
    turn = held_still(session, duty_id, person_id)
    require_organiser(session, turn.found.cycle.programme_id, by)
    turn.require_ahead(now)
    require_able(session, turn, person_id, back=None, willing=willing)
    _change_hands(session, [(turn, person_id)], by=by, now=now, links=links)
    return session.get_one(tables.Duty, duty_id, populate_existing=True)


def substitutes(session: Session, *, duty_id: UUID, by: UUID | None, now: datetime) -> tuple[Substitute, ...]:
    """Who could take this duty over, who takes on least first. For organisers and for the duty's holder."""
    turn = turn_of(session, duty_id)
    if by != turn.holder:
        require_organiser(session, turn.found.cycle.programme_id, by)
    if turn.held(now):
        return ()
    known = loads(session, turn.found.cycle.id, turn.group.seats)
    able = [
        Substitute(person=turn.found.people[person], taken=load.taken, declined=declines(turn, load))
        for person, load in known.items()
        if hindrance(turn, person, load, more=1) is None
    ]
    return tuple(sorted(able, key=lambda one: (one.declined, one.taken, one.person.name, one.person.id)))


def offers(
    session: Session, *, cycle_id: UUID, person_id: UUID, now: datetime, found: Published | None = None
) -> tuple[Offer, ...]:
    """The open offers in this person's pairs and circles, by session, their own among them.

    `found`: what was published, as far as it bears on the person, where it has been read already.
    """
    found = found or published(session, cycle_id, person=person_id)
    if found is None:
        return ()
    turns = {
        row.id: Turn(row=row, group=group, found=found)
        for group in groups(session, found)
        if person_id in group.seats
        for row in group.turns
    }
    asked = select(DutyOffer).where(DutyOffer.duty_id.in_(turns), DutyOffer.state == OPEN)
    rows = [
        row
        for row in session.scalars(asked)
        if not turns[row.duty_id].held(now) and _is_for(row, turns, person_id)
    ]
    load = loads(session, cycle_id, [person_id]).get(person_id)
    if load is None:
        return ()
    shown = []
    for row in rows:
        turn, back = turns[row.duty_id], turns[row.in_return_for] if row.in_return_for else None
        mine = row.offered_by == person_id
        shown.append(
            Offer(
                id=row.id,
                duty_id=turn.id,
                group_id=turn.group.id,
                session=turn.row.session + 1,
                duty=turn.row.duty,
                begins=turn.group.starts[turn.row.session],
                by=found.people[row.offered_by],
                mine=mine,
                asks=None if back is None else (back.row.session + 1, back.row.duty),
                sentence=None
                if mine
                else hindrance(
                    turn, person_id, load, more=int(back is None), gives=None if back is None else back.id
                ),
                declined=not mine and declines(turn, load),
            )
        )
    return tuple(sorted(shown, key=lambda one: (one.begins, one.duty, one.id)))


def _is_for(row: DutyOffer, turns: dict[UUID, Turn], person: UUID) -> bool:
    """Whether this person sees the offer: it is theirs, for everybody, or asks for a duty of theirs."""
    if row.in_return_for is None or row.offered_by == person:
        return row.in_return_for is None or row.in_return_for in turns
    return row.in_return_for in turns and turns[row.in_return_for].holder == person


def _require_open(session: Session, row: DutyOffer) -> None:
    if row.state == TAKEN:
        raise _taken(session, row)
    if row.state != OPEN:
        raise WrongState(say("This offer was withdrawn. Nothing has changed."))


def _taken(session: Session, row: DutyOffer) -> Changed:
    """Who was first."""
    assert row.taken_by is not None
    who = people_by_id(session, [row.taken_by])[row.taken_by].name
    said = say("{who} has taken this duty already. Nothing else has changed.", who=who)
    return Changed(said, who=who, when=row.ended_at)


def _end(
    session: Session, offer_id: UUID, state: str, *, now: datetime, taken_by: UUID | None = None
) -> bool:
    """The offer's only way out of `open`; False when somebody else was first."""
    ended = session.execute(
        update(DutyOffer)
        .where(DutyOffer.id == offer_id, DutyOffer.state == OPEN)
        .values(state=state, ended_at=now, taken_by=taken_by)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(ended, "rowcount", 0) == 1)


def _change_hands(
    session: Session, moves: list[tuple[Turn, UUID]], *, by: UUID | None, now: datetime, links: Links
) -> None:
    """Give each duty to its new holder, if nobody moved it meanwhile; end what else was offered of it."""
    before = {turn.id: turn.holder for turn, _ in moves}
    for turn, person in sorted(moves, key=lambda move: move[0].id):
        moved = session.execute(
            update(tables.Duty)
            .where(tables.Duty.id == turn.id, tables.Duty.person_id == before[turn.id])
            .values(person_id=person)
            .execution_options(synchronize_session=False)
        )
        if getattr(moved, "rowcount", 0) != 1:
            raise Changed(say("Somebody else holds this duty by now. Nothing has changed. Look again."))
        said = {"from": str(before[turn.id]), "to": str(person), "session": turn.row.session}
        audit.append(session, act="duty changed hands", about=turn.id, by=by, now=now, payload=said)
    duty, asked = DutyOffer.duty_id, DutyOffer.in_return_for
    session.execute(
        update(DutyOffer)
        .where(or_(duty.in_(before), asked.in_(before)), DutyOffer.state == OPEN)
        .values(state=WITHDRAWN, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    turn = moves[0][0]
    ledger.settle(session, turn.found.cycle.id, turn.group.seats)
    changed = {turn.id: (before[turn.id], person) for turn, person in moves}
    concerned = {person for both in changed.values() for person in both}
    letters.write(session, turn=turn, changed=changed, people=concerned, now=now, links=links)
