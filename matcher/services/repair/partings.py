"""Partings: "this is not working", pausing, leaving and coming back. No blame: no reason is asked or kept.

A parting is a row; whoever wants somebody else stands on the waitlist as well, and the organisers' next
repair takes up both. Until somebody is placed anew because of it, it can be taken back for two days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.during.parting import Afterwards, may_take_back, until
from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import CycleState, PairState, move, words
from matcher.domain.people import Person, Role
from matcher.domain.sentences import say
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.during.care_lists import UNDER_WAY
from matcher.services.duties import offers
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.services.repair.parting_letters import (
    PartingPost,
    for_the_partner,
    for_who_parts,
    left_behind,
    looking,
)
from matcher.services.repair.parting_rows import (
    groups_of,
    is_active,
    roles_held,
    seat,
    unwait,
    wait,
    wait_no_more,
)
from matcher.services.sign_up import enrolment
from matcher.store.participant_tables import Parting
from matcher.store.rows import people_by_id, to_change
from matcher.store.tables import Circle, CircleMember, Cycle, Pair

NO_GROUP = say("There is no such pair or circle of yours.")


@dataclass(frozen=True, kw_only=True)
class _Leaf:
    """One act in one group: who parts, when, and with what in mind."""

    session: Session
    found: Published
    group: Group
    me: UUID
    now: datetime
    links: Links

    @property
    def post(self) -> PartingPost:
        return PartingPost(
            session=self.session, found=self.found, group=self.group, now=self.now, links=self.links
        )

    def person(self, person_id: UUID) -> Person:
        return self.found.people[person_id]


@dataclass(frozen=True, kw_only=True)
class Returnable:
    """A parting that can be taken back until then: from a partner, by name, or from a circle."""

    id: UUID
    name: str
    circle: int
    until: datetime


def part(
    session: Session, *, group_id: UUID, person_id: UUID, afterwards: Afterwards, now: datetime, links: Links
) -> None:
    """End one's own pair, or leave one's circle, and say what one would like then. No reason.

    The others are told by mail that it has ended and what happens next, and nothing else. Raises NotFound
    for a pair or circle that is not one's own, WrongState when it has ended or the cycle is not under way.
    """
    cycle = _cycle_of(session, group_id, person_id)
    if afterwards is Afterwards.LEAVE:
        leave(session, cycle_id=cycle.id, person_id=person_id, by=person_id, now=now, links=links)
        return
    _part(session, cycle, group_id, person_id, afterwards, now=now, links=links)
    if afterwards is Afterwards.PAUSE:
        enrolment.pause(session, cycle_id=cycle.id, person_id=person_id, by=person_id, now=now)


def take_back(
    session: Session, *, cycle_id: UUID, parting_id: UUID, person_id: UUID, now: datetime, links: Links
) -> None:
    """Take a parting of this cycle back: the pair or seat is as it was, the others are told.

    Raises NotFound for another's or another cycle's, WrongState when it is too late or the partner has left
    meanwhile.
    """
    row = _own(session, parting_id, person_id)
    if row.cycle_id != cycle_id:
        raise NotFound(NO_GROUP)
    if not _can_be_taken_back(session, row, now):
        raise WrongState(
            say("This can no longer be taken back. Nothing has changed: what was said then still holds.")
        )
    if row.wish != Afterwards.REMATCH:
        enrolment.resume(session, cycle_id=row.cycle_id, person_id=person_id, by=person_id, now=now)
    _take_back(session, row, now=now, links=links)


def leave(
    session: Session, *, cycle_id: UUID, person_id: UUID, by: UUID | None, now: datetime, links: Links
) -> None:
    """Leave the cycle, whatever its state, without a reason: pairs end, the seat in a circle is given up."""
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    if cycle.state in UNDER_WAY:
        for group_id in groups_of(session, cycle_id, person_id):
            _part(session, cycle, group_id, person_id, Afterwards.LEAVE, now=now, links=links)
        wait_no_more(session, cycle_id, person_id, now)
    enrolment.leave(session, cycle_id=cycle_id, person_id=person_id, by=by, now=now)


def come_back(session: Session, *, cycle_id: UUID, person_id: UUID, now: datetime, links: Links) -> bool:
    """Take part again after a pause or after leaving. Whether everything is as it was before.

    What can be taken back of the partings is; for what cannot, one waits for somebody else.
    """
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    enrolment.resume(session, cycle_id=cycle_id, person_id=person_id, by=person_id, now=now)
    if cycle.state not in UNDER_WAY:
        return True
    left = (Afterwards.LEAVE.value, Afterwards.PAUSE.value)
    mine = select(Parting).where(Parting.cycle_id == cycle_id, Parting.person_id == person_id)
    rows = session.scalars(mine.where(Parting.wish.in_(left), Parting.undone_at.is_(None))).all()
    kept = [row for row in rows if not _can_be_taken_back(session, row, now)]
    for row in rows:
        if row not in kept and row.wish == Afterwards.LEAVE:
            _take_back(session, row, now=now, links=links)
    known = enrolment.of(session, cycle_id, person_id)
    held = roles_held(session, cycle_id, person_id)
    alone = [role for role in (known.answers.roles if known else ()) if role not in held]
    for role in alone:
        wait(session, cycle_id, person_id, role, looking(role))
    return not alone


def pause(session: Session, *, cycle_id: UUID, person_id: UUID, now: datetime) -> None:
    """Nobody new is planned for this person until they say so; what they have stays."""
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    enrolment.pause(session, cycle_id=cycle_id, person_id=person_id, by=person_id, now=now)
    if cycle.state in UNDER_WAY:
        wait_no_more(session, cycle_id, person_id, now)


def can_be_taken_back(
    session: Session, cycle_id: UUID, person_id: UUID, now: datetime
) -> tuple[Returnable, ...]:
    """The partings of this person that can still be taken back, but for those of leaving: one comes back."""
    mine = select(Parting).where(Parting.cycle_id == cycle_id, Parting.person_id == person_id)
    rows = session.scalars(mine.where(Parting.wish != Afterwards.LEAVE.value).order_by(Parting.said_at)).all()
    return tuple(_returnable(session, row) for row in rows if _can_be_taken_back(session, row, now))


def _part(
    session: Session,
    cycle: Cycle,
    group_id: UUID,
    person_id: UUID,
    afterwards: Afterwards,
    *,
    now: datetime,
    links: Links,
) -> None:
    if cycle.state not in UNDER_WAY:
        state = words(CycleState(cycle.state))
        raise WrongState(
            say("“{cycle}” is {state}: there is nothing to end in it.", cycle=cycle.name, state=state)
        )
    found = published(session, cycle.id, person=person_id)
    group = _group(session, found, group_id)
    if found is None or group is None or not group.sits(person_id):
        raise WrongState(say("These sessions have ended already. Nothing was changed."))
    leaf = _Leaf(session=session, found=found, group=group, me=person_id, now=now, links=links)
    session.add(
        Parting(
            id=uuid4(),
            cycle_id=cycle.id,
            person_id=person_id,
            pair_id=None if group.is_circle else group_id,
            circle_id=group_id if group.is_circle else None,
            wish=afterwards.value,
            said_at=now,
        )
    )
    end = _leave_circle if group.is_circle else _end_pair
    role = end(leaf, afterwards)
    if afterwards is Afterwards.REMATCH:
        wait(session, cycle.id, person_id, role, looking(role))
    act = "circle left" if group.is_circle else "pair ended"
    audit.append(session, act=act, about=group_id, by=person_id, now=now)


def _end_pair(leaf: _Leaf, afterwards: Afterwards) -> Role:
    """End the pair, tell both; the role of who parts. A mentee whose mentor goes is looked for at once."""
    pair = to_change(leaf.session, Pair, leaf.group.id, "pair")
    pair.state, pair.ended_at = move(PairState(pair.state), PairState.ENDED).value, leaf.now
    leaf.session.flush()
    mine, theirs, other_id = (
        (Role.MENTEE, Role.MENTOR, pair.mentor_id)
        if pair.mentee_id == leaf.me
        else (Role.MENTOR, Role.MENTEE, pair.mentee_id)
    )
    me, other = leaf.person(leaf.me), leaf.person(other_id)
    looked_for = theirs is Role.MENTEE and is_active(leaf.session, pair.cycle_id, other_id)
    if looked_for:
        wait(leaf.session, pair.cycle_id, other_id, theirs, looking(theirs))
    happens = for_who_parts(me, afterwards, mine, leaf.now)
    leaf.post.parted(me, whom=other.name, happens=happens)
    leaf.post.parted(other, whom=me.name, happens=for_the_partner(theirs, looked_for=looked_for))
    return mine


def _leave_circle(leaf: _Leaf, afterwards: Afterwards) -> Role:
    """Give up the seat from the next session on, hand the duties on where somebody can take them."""
    mine = seat(leaf.session, leaf.group.id, leaf.me)
    ahead = max(leaf.group.held(leaf.now), mine.from_session)
    _hand_on(leaf, ahead)
    mine.until_session = ahead
    leaf.session.flush()
    me = leaf.person(leaf.me)
    staying = [person for person in leaf.group.seats if leaf.group.sits(person) and person != leaf.me]
    happens = for_who_parts(me, afterwards, Role.PEER, leaf.now)
    leaf.post.parted(me, whom=leaf.post.circle_name, happens=happens)
    for person in sorted(staying):
        leaf.post.circle_changed(leaf.person(person), happens=left_behind(me.name, len(staying)))
    return Role.PEER


def _hand_on(leaf: _Leaf, ahead: int) -> None:
    """The turns ahead to whoever takes on least and never declined them; the others wait for the repair."""
    for turn in leaf.group.turns:
        if turn.person_id != leaf.me or turn.session < ahead:
            continue
        able = offers.substitutes(leaf.session, duty_id=turn.id, by=leaf.me, now=leaf.now)
        willing = next((one for one in able if not one.declined), None)
        if willing is not None:
            offers.substitute(
                leaf.session,
                duty_id=turn.id,
                person_id=willing.person.id,
                by=None,
                now=leaf.now,
                links=leaf.links,
            )


def _take_back(session: Session, row: Parting, *, now: datetime, links: Links) -> None:
    row.undone_at = now
    if row.pair_id is not None:
        pair = to_change(session, Pair, row.pair_id, "pair")
        pair.state, pair.ended_at = move(PairState(pair.state), PairState.ACTIVE).value, None
    elif row.circle_id is not None:
        seat(session, row.circle_id, row.person_id).until_session = None
    session.flush()
    found = published(session, row.cycle_id, person=row.person_id)
    group_id = row.pair_id or row.circle_id
    group = _group(session, found, group_id)
    if found is None or group is None:
        raise NotFound(NO_GROUP)
    leaf = _Leaf(session=session, found=found, group=group, me=row.person_id, now=now, links=links)
    _tell_of_return(leaf)
    for person, role in _roles_in(session, group):
        unwait(session, row.cycle_id, person, role, looking(role))
    act = "return to a circle" if group.is_circle else "pair goes on"
    audit.append(session, act=act, about=group_id, by=row.person_id, now=now)


def _tell_of_return(leaf: _Leaf) -> None:
    me = leaf.person(leaf.me)
    others = [leaf.person(each) for each in sorted(leaf.group.seats) if each != leaf.me]
    if leaf.group.is_circle:
        leaf.post.undone(me, whom=leaf.post.circle_name)
        for other in others:
            if leaf.group.sits(other.id):
                back = say("{name} is back in your circle.", name=me.name)
                leaf.post.circle_changed(other, happens=(back,))
        return
    for to, whom in ((me, others[0]), (others[0], me)):
        leaf.post.undone(to, whom=whom.name)


def _can_be_taken_back(session: Session, row: Parting, now: datetime) -> bool:
    if not may_take_back(said_at=row.said_at, undone_at=row.undone_at, settled_at=row.settled_at, now=now):
        return False
    if row.pair_id is None:
        return True
    pair = session.get_one(Pair, row.pair_id, populate_existing=True)
    other = pair.mentor_id if pair.mentee_id == row.person_id else pair.mentee_id
    return pair.state == PairState.ENDED and is_active(session, row.cycle_id, other)


def _group(session: Session, found: Published | None, group_id: UUID | None) -> Group | None:
    """The group as it stands now; None when it has ended."""
    every = groups(session, found) if found is not None else ()
    return next((one for one in every if one.id == group_id), None)


def _returnable(session: Session, row: Parting) -> Returnable:
    name, number = "", 0
    if row.pair_id is not None:
        pair = session.get_one(Pair, row.pair_id)
        other = pair.mentor_id if pair.mentee_id == row.person_id else pair.mentee_id
        name = people_by_id(session, [other])[other].name
    elif row.circle_id is not None:
        number = session.get_one(Circle, row.circle_id).number
    return Returnable(id=row.id, name=name, circle=number, until=until(row.said_at))


def _roles_in(session: Session, group: Group) -> Iterator[tuple[UUID, Role]]:
    """Everybody in it with the role they have there."""
    pair = None if group.is_circle else session.get_one(Pair, group.id)
    for person in group.seats:
        yield person, Role.PEER if pair is None else Role.MENTEE if person == pair.mentee_id else Role.MENTOR


def _cycle_of(session: Session, group_id: UUID, person_id: UUID) -> Cycle:
    """The cycle of one's own pair or circle, locked. Raises NotFound."""
    mine = (Pair.mentor_id == person_id) | (Pair.mentee_id == person_id)
    sits = (CircleMember.circle_id == Circle.id) & (CircleMember.person_id == person_id)
    cycle_id = session.scalar(select(Pair.cycle_id).where(Pair.id == group_id, mine)) or session.scalar(
        select(Circle.cycle_id).join(CircleMember, sits).where(Circle.id == group_id)
    )
    if cycle_id is None:
        raise NotFound(NO_GROUP)
    return to_change(session, Cycle, cycles.of(session, cycle_id).id, "cycle")


def _own(session: Session, parting_id: UUID, person_id: UUID) -> Parting:
    row = session.get(Parting, parting_id)
    if row is None or row.person_id != person_id:
        raise NotFound(NO_GROUP)
    to_change(session, Cycle, row.cycle_id, "cycle")
    return to_change(session, Parting, parting_id, "parting")
