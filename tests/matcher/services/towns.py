"""A published cycle that was really matched, small enough to try every change by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.parting import Afterwards
from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat, Policy
from matcher.mail.links import Links
from matcher.services.cycle import cycles
from matcher.services.ports import RunSolver
from matcher.services.publishing import publication
from matcher.services.repair import apply as repair_apply
from matcher.services.repair import find as repair_find
from matcher.services.repair import partings
from matcher.services.review import draft_summary
from matcher.store import tables
from matcher.store.organiser_tables import Repair
from tests.builders import NOON, a_cycle, a_policy, enrolled, solved
from tests.in_process import repaired

LINKS = Links(base_url="https://match.river.example")
IN_MAY = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
"""Three sessions of every circle have begun: they meet every second week from 6 April on."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """Where everybody lives, by name."""

    sessions: sessionmaker[Session]
    cycle: UUID
    people: dict[str, UUID]

    def pairs(self) -> set[tuple[str, str]]:
        """Mentor and mentee of all pairs that go on."""
        names = {person: name for name, person in self.people.items()}
        with self.sessions() as session:
            asked = select(tables.Pair).where(tables.Pair.cycle_id == self.cycle)
            return {
                (names[row.mentor_id], names[row.mentee_id])
                for row in session.scalars(asked)
                if row.state == "active"
            }

    def circles(self) -> set[frozenset[str]]:
        """The members of each circle that goes on."""
        names = {person: name for name, person in self.people.items()}
        found: dict[UUID, set[str]] = {}
        with self.sessions() as session:
            member = tables.CircleMember
            for row in session.scalars(select(member).where(member.until_session.is_(None))):
                found.setdefault(row.circle_id, set()).add(names[row.person_id])
        return {frozenset(members) for members in found.values()}

    def turns(self) -> dict[tuple[UUID, int, str], str]:
        """Who holds which duty of which circle."""
        names = {person: name for name, person in self.people.items()}
        with self.sessions() as session:
            rows = session.scalars(select(tables.Duty).where(tables.Duty.circle_id.is_not(None)))
            return {(row.circle_id or row.id, row.session, row.duty): names[row.person_id] for row in rows}

    def group(self, *names: str) -> UUID:
        """The pair of two, or the circle in which somebody sits."""
        ids = [self.people[name] for name in names]
        with self.sessions() as session:
            if len(ids) == 2:
                pair = tables.Pair
                both = select(pair.id).where(pair.mentor_id == ids[0], pair.mentee_id == ids[1])
                return session.scalars(both).one()
            seat = tables.CircleMember
            return session.scalars(select(seat.circle_id).where(seat.person_id == ids[0])).one()

    def written(self) -> dict[str, list[str]]:
        """Kinds of the mails to each, since the last look."""
        names = {person: name for name, person in self.people.items()}
        found: dict[str, list[str]] = {}
        with self.sessions.begin() as session:
            for row in session.scalars(select(tables.MailRow).where(tables.MailRow.reply.is_(None))):
                found.setdefault(names[row.person_id], []).append(row.kind)
                row.reply = "looked at"
        return {name: sorted(kinds) for name, kinds in sorted(found.items())}

    def part(self, name: str, group: UUID, *, then: Afterwards, now: datetime = IN_MAY) -> None:
        """Somebody ends a pair or gives up their seat."""
        with self.sessions.begin() as session:
            partings.part(
                session, group_id=group, person_id=self.people[name], afterwards=then, now=now, links=LINKS
            )

    def propose(self, now: datetime = IN_MAY, solver: RunSolver | None = None) -> Repair:
        """Ask for the smallest change and find it; in this process unless a solver is given."""
        solver = solver or repaired
        with self.sessions.begin() as session:
            made = repair_find.ask(session, cycle_id=self.cycle, by=None, now=now)
        repair_find.find(self.sessions, made, run_solver=solver, clock=lambda: now)
        with self.sessions() as session:
            return session.get_one(Repair, made)

    def apply(self, proposed: Repair, by: UUID | None = None, now: datetime = IN_MAY) -> int:
        """Do what was proposed; how many mails that made."""
        with self.sessions.begin() as session:
            return repair_apply.apply(
                session, repair_id=proposed.id, seen_hash=proposed.hash, by=by, now=now, links=LINKS
            )


def a_town(
    sessions: sessionmaker[Session],
    enrol: Callable[[Session, UUID], dict[str, UUID]],
    policy: Policy | None = None,
) -> Town:
    """Matched and published."""
    with sessions.begin() as session:
        cycle_id = a_cycle(session, policy=policy)
        people = enrol(session, cycle_id)
        run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    draft_id = solved(sessions, run_id)
    with sessions.begin() as session:
        seen = draft_summary.summary(session, draft_id).hash
        publication.publish(session, draft_id=draft_id, seen_hash=seen, by=None, now=NOON, links=LINKS)
    town = Town(sessions=sessions, cycle=cycle_id, people=people)
    town.written()
    return town


def mentors_and_mentees(session: Session, cycle_id: UUID) -> dict[str, UUID]:
    """Three mentors with two places each; four mentees, of whom Nel seeks what only Mo offers."""
    people = {
        name: enrolled(session, cycle_id, Role.MENTOR, name=name, capacity=2, topics_offered=topics)
        for name, topics in (
            ("Mo", ("leadership", "data")),
            ("Max", ("leadership",)),
            ("May", ("leadership",)),
        )
    }
    for name, topics in (
        ("Eda", "leadership"),
        ("Edo", "leadership"),
        ("Eli", "leadership"),
        ("Nel", "data"),
    ):
        people[name] = enrolled(session, cycle_id, Role.MENTEE, name=name, topics_sought=(topics,))
    return people


def ten_peers(session: Session, cycle_id: UUID) -> dict[str, UUID]:
    """Ann to Jon, all free in office hours: two circles of five."""
    names = ("Ann", "Ben", "Cem", "Dee", "Eve", "Fay", "Gil", "Hal", "Ida", "Jon")
    return {name: enrolled(session, cycle_id, Role.PEER, name=name) for name in names}


CIRCLES = a_policy(circles=CircleFormat())
