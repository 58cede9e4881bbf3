"""What a programme's earlier cycles leave behind: who met whom, who sat together, credits and balances."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from matcher.domain.facts import Couple, couple
from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Answers, EnrolmentState, Profile
from matcher.store.rows import PERSON, person_of
from matcher.store.safety_tables import BlockedPair
from matcher.store.tables import (
    Circle,
    CircleMember,
    Credit,
    Cycle,
    EnrolmentRow,
    NotWith,
    Pair,
    PersonRow,
    Wish,
)

HAPPENED = (CycleState.PUBLISHED, CycleState.RUNNING, CycleState.COMPLETED, CycleState.ARCHIVED)


@dataclass(frozen=True, kw_only=True)
class CarriedOver:
    """What one person carries over: credit 0..2 and the balance of duties."""

    credit: int = 0
    balance: int = 0


def snapshot_of(
    session: Session, cycle: Cycle, states: Collection[EnrolmentState] = (EnrolmentState.ACTIVE,)
) -> Snapshot:
    """Everything a run of this cycle may know, read in a fixed number of queries whatever the size.

    states: whose sign-ups count.
    """
    ago = cycles_ago(session, cycle)
    carried = carried_over(session, ago)
    wishes = _named(session, Wish, cycle.id)
    not_with = with_those_kept_apart(session, _named(session, NotWith, cycle.id))
    enrolled = (
        select(EnrolmentRow.ref, EnrolmentRow.answers, *PERSON)
        .join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
        .where(
            EnrolmentRow.cycle_id == cycle.id,
            EnrolmentRow.state.in_([state.value for state in states]),
            PersonRow.active.is_(true()),
        )
        .order_by(EnrolmentRow.ref)
    )
    nothing = CarriedOver()
    members = tuple(
        Member(
            ref=ref,
            profile=Profile(
                person=(person := person_of(columns)),
                answers=Answers.from_data(
                    answers, wishes=wishes.get(person.id, ()), not_with=not_with.get(person.id, ())
                ),
            ),
            credit=carried.get(person.id, nothing).credit,
            balance=carried.get(person.id, nothing).balance,
        )
        for ref, answers, *columns in session.execute(enrolled)
    )
    return Snapshot(
        cycle=cycle.id,
        members=members,
        met=met(session, ago),
        sat=sat(session, ago),
        managers=managers(session),
    )


def cycles_ago(session: Session, cycle: Cycle) -> dict[UUID, int]:
    """The programme's earlier cycles that took place, 1 for the latest."""
    earlier = (
        select(Cycle.id)
        .where(
            Cycle.programme_id == cycle.programme_id,
            Cycle.number < cycle.number,
            Cycle.state.in_([state.value for state in HAPPENED]),
        )
        .order_by(Cycle.number.desc())
    )
    return {cycle_id: place for place, cycle_id in enumerate(session.scalars(earlier), start=1)}


def met(session: Session, ago: Mapping[UUID, int]) -> dict[Couple, int]:
    """How many cycles ago two people were last a pair."""
    pairs = select(Pair.cycle_id, Pair.mentor_id, Pair.mentee_id).where(Pair.cycle_id.in_(ago))
    latest: dict[Couple, int] = {}
    for cycle_id, mentor, mentee in session.execute(pairs):
        both = couple(mentor, mentee)
        latest[both] = min(ago[cycle_id], latest.get(both, ago[cycle_id]))
    return latest


def sat(session: Session, ago: Mapping[UUID, int]) -> dict[Couple, int]:
    """How many cycles ago two people last sat in one circle."""
    return _sat(session, ago, ())


def sat_among(session: Session, ago: Mapping[UUID, int], people: Collection[UUID]) -> dict[Couple, int]:
    """The same among these people only; they fit one list."""
    return _sat(session, ago, (CircleMember.person_id.in_(people),))


def _sat(
    session: Session, ago: Mapping[UUID, int], whom: tuple[ColumnElement[bool], ...]
) -> dict[Couple, int]:
    seats = (
        select(Circle.cycle_id, Circle.id, CircleMember.person_id)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(Circle.cycle_id.in_(ago), *whom)
    )
    circles: dict[tuple[UUID, UUID], list[UUID]] = {}
    for cycle_id, circle_id, person in session.execute(seats):
        circles.setdefault((cycle_id, circle_id), []).append(person)
    latest: dict[Couple, int] = {}
    for (cycle_id, _), members in circles.items():
        for first, second in combinations(members, 2):
            both = couple(first, second)
            latest[both] = min(ago[cycle_id], latest.get(both, ago[cycle_id]))
    return latest


def carried_over(session: Session, ago: Mapping[UUID, int]) -> dict[UUID, CarriedOver]:
    """Credit and balance of each person, from the latest cycle they took part in."""
    rows = session.scalars(select(Credit).where(Credit.cycle_id.in_(ago)))
    latest: dict[UUID, CarriedOver] = {}
    for row in sorted(rows, key=lambda row: -ago[row.cycle_id]):
        latest[row.person_id] = CarriedOver(credit=row.levels, balance=row.balance)
    return latest


def managers(session: Session) -> dict[UUID, UUID]:
    """Each person's manager, of everybody the database knows: a manager need not take part."""
    known = select(PersonRow.id, PersonRow.manager_id).where(PersonRow.manager_id.is_not(None))
    return {person: manager for person, manager in session.execute(known) if manager is not None}


def with_those_kept_apart(
    session: Session, not_with: Mapping[UUID, tuple[UUID, ...]]
) -> dict[UUID, tuple[UUID, ...]]:
    """ "Not with" of each person, and the pairs a handler keeps apart among them: a run cannot tell which is
    which. Each goes to whoever named fewer, for one person may name only so many."""
    named = dict(not_with)
    pairs = select(BlockedPair.first_id, BlockedPair.second_id)
    for both in session.execute(pairs.order_by(BlockedPair.first_id, BlockedPair.second_id)):
        one, other = sorted(both, key=lambda person: (len(named.get(person, ())), person))
        if other not in named.get(one, ()):
            named[one] = (*named.get(one, ()), other)
    return named


def _named(session: Session, table: type[Wish | NotWith], cycle_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
    rows = select(table.person_id, table.other_id).where(table.cycle_id == cycle_id)
    order = (table.person_id, table.place) if table is Wish else (table.person_id, table.other_id)
    named: dict[UUID, tuple[UUID, ...]] = {}
    for person, other in session.execute(rows.order_by(*order)):
        named[person] = (*named.get(person, ()), other)
    return named
