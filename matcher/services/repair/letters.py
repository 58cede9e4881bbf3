"""Letters of a repair: to those concerned, and to nobody else.

New pairs are introduced; members of a circle that changed read who is there now and which duties are theirs;
who lost a partner or seat without having been told before reads that it has ended, and the calendar follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.domain.sentences import TranslatableText, say, say_many, term
from matcher.mail.links import Links
from matcher.services.duties.letters import cycle_words, session_words, times_changed
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.services.publishing.introductions import Introductions, queue
from matcher.services.repair.current_plan import World
from matcher.services.repair.parting_letters import PartingPost, for_the_partner, looking


def write(
    session: Session,
    *,
    before: World,
    plan: Mapping[str, Any],
    pairs: Sequence[UUID],
    circles: Mapping[UUID, Mapping[str, Any]],
    now: datetime,
    links: Links,
) -> int:
    """Queue all letters of a repair whose rows are flushed; how many. pairs: the new ones; circles: the new
    and changed ones with what was planned for them."""
    found = published(session, before.found.cycle.id)
    assert found is not None
    standing = {group.id: group for group in groups(session, found)}
    cycle = cycle_words(found, session)
    begin = Introductions(found=found, groups=standing, cycle=cycle, now=now, links=links)
    introduced = [letter for pair in found.pairs if pair.id in pairs for letter in begin.pair(pair)]
    mails = _RepairMails(
        session=session, before=before, found=found, groups=standing, begin=begin, now=now, links=links
    )
    seated = {UUID(one) for row in circles.values() for one in row["joins"]}
    return sum(
        (
            mails.ended(UUID(one) for one in plan["gone_pairs"]),
            queue(session, introduced, cycle_id=found.cycle.id, now=now),
            sum(mails.circle(one, row, plan, seated) for one, row in circles.items()),
            sum(mails.circle_ended(UUID(one), seated) for one in plan["ended_circles"]),
            mails.seats_given_up(plan, circles),
        )
    )


@dataclass(frozen=True, kw_only=True)
class _RepairMails:
    """Where the letters of one repair are written. before: the plan as it stood; groups: as they are now."""

    session: Session
    before: World
    found: Published
    groups: Mapping[UUID, Group]
    begin: Introductions
    now: datetime
    links: Links

    def ended(self, pairs: Iterable[UUID]) -> int:
        """To whoever is still there of a pair that ended because the other takes part no more."""
        here = {member.id for member in self.before.snapshot.members}
        count = 0
        for pair_id in pairs:
            pair = next(one for one in self.before.found.pairs if one.id == pair_id)
            for me, other, role in (
                (pair.mentee_id, pair.mentor_id, Role.MENTEE),
                (pair.mentor_id, pair.mentee_id, Role.MENTOR),
            ):
                if me not in here:
                    continue
                people = self.before.found.people
                happens = for_the_partner(role, looked_for=role is Role.MENTEE)
                self._post(pair_id).parted(people[me], whom=people[other].name, happens=happens)
                count += 1
        return count

    def circle(
        self, circle_id: UUID, row: Mapping[str, Any], plan: Mapping[str, Any], seated: set[UUID]
    ) -> int:
        """A circle that is new or changed: who joins is introduced, the others read what changed for them."""
        group, joins = self.groups[circle_id], {UUID(one) for one in row["joins"]}
        leaves = {UUID(one) for one in row["leaves"]}
        gone = {UUID(person) for circle, person in plan["gone_seats"] if UUID(circle) == circle_id}
        for person in sorted(joins):
            self._welcome(group, person)
        whole = joins or leaves or gone
        staying = {one for one in group.seats if group.sits(one)} - joins
        told = staying if whole else staying & {UUID(one) for one in row["hands"]}
        for person in sorted(told):
            self._post(circle_id).circle_changed(
                self.found.people[person], happens=self._changes(group, person, joins, leaves | gone)
            )
        for person in sorted(leaves):
            self._farewell(circle_id, person, placed=person in seated)
        return len(joins) + len(told) + len(leaves)

    def circle_ended(self, circle_id: UUID, seated: set[UUID]) -> int:
        """To everybody who sat in a circle that goes on no more."""
        group = self.before.groups[circle_id]
        here = {member.id for member in self.before.snapshot.members}
        sat = sorted(one for one in group.seats if group.sits(one) and one in here)
        for person in sat:
            self._farewell(circle_id, person, placed=person in seated)
        return len(sat)

    def seats_given_up(self, plan: Mapping[str, Any], circles: Mapping[UUID, Mapping[str, Any]]) -> int:
        """To those who stay where only a seat fell free."""
        ended, count = {UUID(one) for one in plan["ended_circles"]}, 0
        for circle_id in sorted({UUID(circle) for circle, _ in plan["gone_seats"]} - set(circles) - ended):
            gone = {UUID(person) for circle, person in plan["gone_seats"] if UUID(circle) == circle_id}
            group = self.groups.get(circle_id)
            for person in sorted(one for one in group.seats if group.sits(one)) if group else ():
                happens = self._changes(self.groups[circle_id], person, set(), gone)
                self._post(circle_id).circle_changed(self.found.people[person], happens=happens)
                count += 1
        return count

    def _welcome(self, group: Group, person: UUID) -> None:
        times = times_changed(self.session, self.found.cycle.id, group.id, person)
        letter = self.begin.circle(group, person, times=times)
        queue(self.session, [letter], cycle_id=self.found.cycle.id, now=self.now)

    def _changes(
        self, group: Group, reader: UUID, joins: set[UUID], gone: set[UUID]
    ) -> tuple[TranslatableText, ...]:
        """Who came, who went, how many there are, and the reader's duties from now on."""
        names = {member.id: member.profile.person.name for member in self.before.snapshot.members}
        names |= {one.id: one.name for one in self.before.found.people.values()}
        said = [say("{name} joins your circle.", name=names[one]) for one in sorted(joins)]
        said += [say("{name} is no longer in your circle.", name=names[one]) for one in sorted(gone)]
        people = sum(group.sits(one) for one in group.seats)
        if joins or gone:
            said.append(say_many("You are the only one left.", "You are {count} now.", people))
        held = group.held(self.now)
        mine = [row for row in group.turns if row.person_id == reader and row.session >= held]
        said += [
            say(
                "{session}: you are the {duty}.",
                session=session_words(self.found, group, row.session),
                duty=term(row.duty),
            )
            for row in mine
        ]
        if not mine:
            said.append(say("There is no duty of yours in the sessions to come."))
        return tuple(said)

    def _farewell(self, circle_id: UUID, person: UUID, *, placed: bool) -> None:
        happens = (
            (say("You sit in another circle now. A mail of its own tells you more."),)
            if placed
            else looking(Role.PEER)
        )
        people = self.before.found.people
        post = self._post(circle_id)
        post.parted(people[person], whom=post.circle_name, happens=happens)

    def _post(self, group_id: UUID) -> PartingPost:
        now_there = group_id in self.groups
        return PartingPost(
            session=self.session,
            found=self.found if now_there else self.before.found,
            group=self.groups[group_id] if now_there else self.before.groups[group_id],
            now=self.now,
            links=self.links,
        )
