"""The ledger of duties: what each has done, what lies ahead, and the balance the next cycle takes over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.matching.credits import MOST_BALANCE, beyond_share
from matcher.domain.people import Person
from matcher.services.groups.groups import Group, ended_groups, groups
from matcher.services.groups.published import Published, published
from matcher.store import tables
from matcher.store.history import carried_over, cycles_ago
from matcher.store.rows import people_by_id, portions


@dataclass(frozen=True, kw_only=True)
class DutyAccount:
    """One person's line in one pair or circle.

    carried: duties beyond the fair share in earlier cycles. done, ahead: duties by name, in sessions that
    have begun and in those to come. balance: what goes into the next cycle, over all groups, swaps included.
    present: takes part to the end.
    """

    person: Person
    carried: int
    done: Mapping[str, int]
    ahead: Mapping[str, int]
    balance: int
    present: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """The ledger of one pair (`number` 0) or circle; sessions held so far, of all there are."""

    group_id: UUID
    number: int
    held: int
    sessions: int
    entries: tuple[DutyAccount, ...]


def ledger(
    session: Session,
    *,
    cycle_id: UUID,
    now: datetime,
    person_id: UUID | None = None,
    found: Published | None = None,
) -> tuple[Page, ...]:
    """The ledger of every circle and pair that has duties, or of this person's alone; entries by name.

    `found`: what was published, as far as it bears on the person, where it has been read already.
    """
    found = found or published(session, cycle_id, person=person_id)
    if found is None:
        return ()
    every = groups(session, found)
    shown = [one for one in every if one.turns and (person_id is None or person_id in one.seats)]
    concerned = {person for one in shown for person in one.seats}
    carried = _carried(session, found)
    if person_id is None:
        balances = _balances(every, carried, concerned)
    else:
        # Their companions' balances count duties in groups this person does not see.
        balances = _written(session, cycle_id, concerned)
    people = people_by_id(session, concerned)
    return tuple(_page(one, people, carried, balances, now) for one in shown)


def settle(session: Session, cycle_id: UUID, people: Collection[UUID]) -> None:
    """Write the balances of these people and of all in their groups into what the next cycle takes over."""
    found = published(session, cycle_id)
    if found is None:
        return
    every = (*groups(session, found), *ended_groups(session, found))
    balances = _balances(every, _carried(session, found), people)
    credit, rows = tables.Credit, dict[UUID, tables.Credit]()
    for some in portions(sorted(balances)):
        asked = select(credit).where(credit.cycle_id == cycle_id, credit.person_id.in_(some))
        rows.update((row.person_id, row) for row in session.scalars(asked.with_for_update(key_share=True)))
    for person, balance in sorted(balances.items()):
        if person in rows:
            rows[person].balance = balance
        else:
            session.add(credit(cycle_id=cycle_id, person_id=person, levels=0, balance=balance, sentence=""))
    session.flush()


def _written(session: Session, cycle_id: UUID, people: Collection[UUID]) -> dict[UUID, int]:
    """The balances as publication and every swap wrote them down."""
    asked = select(tables.Credit.person_id, tables.Credit.balance).where(
        tables.Credit.cycle_id == cycle_id, tables.Credit.person_id.in_(people)
    )
    return dict(iter(session.execute(asked)))


def _carried(session: Session, found: Published) -> dict[UUID, int]:
    before = carried_over(session, cycles_ago(session, found.cycle))
    return {person: one.balance for person, one in before.items()}


def _balances(
    every: Collection[Group], carried: Mapping[UUID, int], people: Collection[UUID]
) -> dict[UUID, int]:
    change = beyond_share(
        (
            {person: one.sessions_of(person) for person in one.seats},
            # Of who left, only what they really held counts.
            [row.person_id for row in one.turns if row.person_id in one.present(row.session)],
        )
        for one in every
    )
    return {
        person: max(-MOST_BALANCE, min(MOST_BALANCE, carried.get(person, 0) + change.get(person, 0)))
        for person in people
    }


def _page(
    group: Group,
    people: Mapping[UUID, Person],
    carried: Mapping[UUID, int],
    balances: Mapping[UUID, int],
    now: datetime,
) -> Page:
    held = group.held(now)
    done, ahead = Counter[tuple[UUID, str]](), Counter[tuple[UUID, str]]()
    for row in group.turns:
        (done if row.session < held else ahead)[row.person_id, row.duty] += 1
    entries = tuple(
        DutyAccount(
            person=people[person],
            carried=carried.get(person, 0),
            done={duty: count for (who, duty), count in sorted(done.items()) if who == person},
            ahead={duty: count for (who, duty), count in sorted(ahead.items()) if who == person},
            balance=balances.get(person, 0),
            present=group.sits(person),
        )
        for person in sorted(group.seats, key=lambda one: (people[one].name, one))
    )
    return Page(
        group_id=group.id, number=group.number, held=held, sessions=len(group.starts), entries=entries
    )
