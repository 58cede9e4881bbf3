"""Applying a repair: pairs, seats, duties, waitlist, credits and letters in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed
from matcher.domain.lifecycle import PairState
from matcher.domain.matching.credits import BELOW_LINE, UNPLACED
from matcher.domain.people import Role
from matcher.domain.sentences import say
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.duties import ledger
from matcher.services.groups.published import published
from matcher.services.programme.programmes import require_organiser
from matcher.services.repair import find, letters
from matcher.services.repair.current_plan import World, world
from matcher.store import tables
from matcher.store.organiser_tables import Repair
from matcher.store.participant_tables import DutyOffer, Parting
from matcher.store.rows import people_by_id, to_change

NOT_APPLIED = say("Nothing was changed. Ask for the repair once more.")


def apply(
    session: Session, *, repair_id: UUID, seen_hash: str, by: UUID | None, now: datetime, links: Links
) -> int:
    """Do what was proposed under `seen_hash`; how many mails were written, only to those concerned.

    Raises Changed when somebody applied it first (who and when), when it is not the proposal seen, and when
    anybody left, joined or swapped since it was made; WrongState for a dropped one; NotFound.
    """
    found = find.of(session, repair_id, by)
    # Always the cycle first: whoever changes who meets whom waits here.
    cycle = to_change(session, tables.Cycle, found.cycle_id, "cycle")
    row = to_change(session, Repair, repair_id, "repair")
    require_organiser(session, cycle.programme_id, by)
    find.refuse_settled(session, row)
    if row.hash != seen_hash:
        raise Changed(say("This is not the repair you saw. {then}", then=NOT_APPLIED))
    seen = world(session, cycle.id, now)
    if seen.mark != row.cause["mark"]:
        raise _moved_on(session, seen, row)
    act = _Act(session=session, seen=seen, plan=row.plan, now=now)
    act.end_pairs()
    made = act.make_pairs()
    changed = act.change_circles()
    act.end_seats()
    act.settle(row)
    session.flush()
    row.state, row.settled_at, row.settled_by = find.APPLIED, now, by
    act.credit()
    act.balance({*made, *(UUID(one["id"]) for one in row.plan["circles"] if one["id"]), *changed})
    mails = letters.write(
        session, before=seen, plan=row.plan, pairs=made, circles=changed, now=now, links=links
    )
    said = {"repair": str(row.id), "hash": row.hash, "pairs": len(made), "mails": mails}
    audit.append(session, act="repair applied", about=cycle.id, by=by, now=now, payload=said)
    return mails


def _moved_on(session: Session, seen: World, row: Repair) -> Changed:
    """Who among those it would touch takes part no more; or that something else is not as it was."""
    here = {member.id for member in seen.snapshot.members} - seen.standing.fixed
    touched = {UUID(one) for one in row.plan["price"]["touched"]}
    gone = people_by_id(session, touched - here)
    if gone:
        names = tuple(sorted(person.name for person in gone.values()))
        return Changed(say("No longer taking part: {names}. {then}", names=names, then=NOT_APPLIED))
    return Changed(
        say("Somebody left, joined or swapped, or a session has begun, since this. {then}", then=NOT_APPLIED)
    )


@dataclass(frozen=True, kw_only=True)
class _Act:
    """The steps of one repair."""

    session: Session
    seen: World
    plan: Mapping[str, Any]
    now: datetime

    def end_pairs(self) -> None:
        """Pairs of people who take part no more."""
        for pair_id in self.plan["gone_pairs"]:
            pair = to_change(self.session, tables.Pair, UUID(pair_id), "pair")
            pair.state, pair.ended_at = PairState.ENDED.value, self.now

    def make_pairs(self) -> tuple[UUID, ...]:
        """The new pairs with their duties, as far as they still have sessions; their ids."""
        cycle_id = self.seen.found.cycle.id
        made = {uuid4(): row for row in self.plan["pairs"]}
        self.session.add_all(
            tables.Pair(
                id=pair_id,
                cycle_id=cycle_id,
                mentor_id=UUID(row["mentor_id"]),
                mentee_id=UUID(row["mentee_id"]),
                points=row["points"],
                reasons=row["reasons"],
                made_at=self.now,
            )
            for pair_id, row in made.items()
        )
        self.session.flush()
        found = published(self.session, cycle_id)
        sessions = {pair.id: found.sessions_of(pair) for pair in found.pairs} if found else {}
        self.session.add_all(
            tables.Duty(pair_id=pair_id, session=number, duty=duty, person_id=UUID(person))
            for pair_id, row in made.items()
            for number, duty, person in row["turns"]
            if number < sessions[pair_id]
        )
        return tuple(made)

    def change_circles(self) -> dict[UUID, Mapping[str, Any]]:
        """Seats and duties of new and changed circles; by circle, what was planned for it."""
        cycle_id = self.seen.found.cycle.id
        highest = select(func.max(tables.Circle.number)).where(tables.Circle.cycle_id == cycle_id)
        last = self.session.scalar(highest) or 0
        changed = {}
        for row in self.plan["circles"]:
            if row["id"] is None:
                circle = tables.Circle(
                    id=uuid4(), cycle_id=cycle_id, number=last + row["new"], slot=row["slot"]
                )
                self.session.add(circle)
                self.session.flush()
                first = self.seen.standing.begun
            else:
                circle = to_change(self.session, tables.Circle, UUID(row["id"]), "circle")
                circle.slot, first = row["slot"], row["held"]
            self._leave(circle.id, row["leaves"], first)
            self._join(circle.id, row["joins"], first)
            if row["turns"] is not None:
                self._hand_on(circle.id, row["turns"], first)
            changed[circle.id] = row
        return changed

    def end_seats(self) -> None:
        """Seats of people who take part no more, and all seats of circles that end."""
        for circle_id, person in self.plan["gone_seats"]:
            group = self.seen.groups[UUID(circle_id)]
            self._leave(group.id, [person], group.held(self.now))
        for circle_id in self.plan["ended_circles"]:
            group = self.seen.groups[UUID(circle_id)]
            sitting = [str(person) for person in group.seats if group.sits(person)]
            self._leave(group.id, sitting, group.held(self.now))
            self._hand_on(group.id, [], group.held(self.now))

    def settle(self, row: Repair) -> None:
        """Partings it took up, and the waitlist: who is placed leaves it, who waits now is on it."""
        taken_up = [UUID(one) for one in row.cause["partings"]]
        self.session.execute(update(Parting).where(Parting.id.in_(taken_up)).values(settled_at=self.now))
        waits = {(UUID(one["person_id"]), one["role"]): one["sentences"] for one in self.plan["waiting"]}
        waiting = tables.WaitlistRow
        rows = self.session.scalars(select(waiting).where(waiting.cycle_id == self.seen.found.cycle.id)).all()
        for known in rows:
            sentences = waits.pop((known.person_id, known.role), None)
            if sentences is None:
                known.settled_at = known.settled_at or self.now
            elif known.settled_at is not None:
                known.sentences, known.settled_at = sentences, None
        self.session.add_all(
            waiting(cycle_id=self.seen.found.cycle.id, person_id=person, role=role, sentences=sentences)
            for (person, role), sentences in waits.items()
        )

    def credit(self) -> None:
        """Who is placed now has the credit of that pair; who waits has that of somebody unplaced."""
        policy = self.seen.found.policy
        if not policy.credits:
            return
        levels = {
            UUID(one["person_id"]): UNPLACED for one in self.plan["waiting"] if one["role"] == Role.MENTEE
        }
        for pair in self.plan["pairs"]:
            below = pair["points"] < policy.adequate
            levels[UUID(pair["mentee_id"])] = BELOW_LINE if below else 0
        said = {
            UNPLACED: say("There was no mentor for you, so you go first in the next cycle."),
            BELOW_LINE: say("Your match was below the line, so you are placed earlier in the next cycle."),
            0: "",
        }
        credit = tables.Credit
        asked = select(credit).where(
            credit.cycle_id == self.seen.found.cycle.id, credit.person_id.in_(sorted(levels))
        )
        rows = {row.person_id: row for row in self.session.scalars(asked)}
        for person, level in sorted(levels.items()):
            if person in rows:
                rows[person].levels, rows[person].sentence = level, said[level]
            else:
                self.session.add(
                    credit(
                        cycle_id=self.seen.found.cycle.id,
                        person_id=person,
                        levels=level,
                        balance=0,
                        sentence=said[level],
                    )
                )
        self.session.flush()

    def balance(self, groups: Iterable[UUID]) -> None:
        """The balance of duties of everybody whose pair or circle changed."""
        ids = {*groups, *(UUID(one) for one in self.plan["ended_circles"])}
        ids |= {UUID(circle) for circle, _ in self.plan["gone_seats"]}
        member, pair = tables.CircleMember, tables.Pair
        people = set(self.session.scalars(select(member.person_id).where(member.circle_id.in_(ids))))
        rows = self.session.execute(select(pair.mentor_id, pair.mentee_id).where(pair.id.in_(ids)))
        people |= {person for both in rows for person in both}
        ledger.settle(self.session, self.seen.found.cycle.id, people)

    def _leave(self, circle_id: UUID, people: Iterable[str], until: int) -> None:
        for seat in self._seats(circle_id, people):
            seat.until_session = max(until, seat.from_session)

    def _join(self, circle_id: UUID, people: Iterable[str], first: int) -> None:
        known = {seat.person_id: seat for seat in self._seats(circle_id, people)}
        for person in map(UUID, people):
            if person in known:
                known[person].until_session = None
            else:
                self.session.add(
                    tables.CircleMember(circle_id=circle_id, person_id=person, from_session=first)
                )
        self.session.flush()

    def _seats(self, circle_id: UUID, people: Iterable[str]) -> list[tables.CircleMember]:
        member = tables.CircleMember
        ids = [UUID(person) for person in people]
        asked = select(member).where(member.circle_id == circle_id, member.person_id.in_(ids))
        return list(self.session.scalars(asked.execution_options(populate_existing=True)))

    def _hand_on(self, circle_id: UUID, turns: Iterable[tuple[int, str, str]], first: int) -> None:
        """The duties from session `first` on as planned; offers of those that changed hands end."""
        planned = {(session, duty): UUID(person) for session, duty, person in turns}
        duty = tables.Duty
        asked = select(duty).where(duty.circle_id == circle_id, duty.session >= first)
        for row in self.session.scalars(asked).all():
            holder = planned.pop((row.session, row.duty), None)
            if holder == row.person_id:
                continue
            offers = or_(DutyOffer.duty_id == row.id, DutyOffer.in_return_for == row.id)
            if holder is None:
                self.session.execute(delete(DutyOffer).where(offers))
                self.session.delete(row)
                continue
            ended = {"state": "withdrawn", "ended_at": self.now}
            self.session.execute(update(DutyOffer).where(offers, DutyOffer.state == "open").values(**ended))
            row.person_id = holder
        self.session.add_all(
            duty(circle_id=circle_id, session=session, duty=name, person_id=person)
            for (session, name), person in planned.items()
        )
        self.session.flush()
