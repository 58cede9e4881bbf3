"""Who meets whom from now on: the one writer of introductions, for a publication and for a repair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from matcher.domain.mailing import MailKind
from matcher.domain.sentences import TranslatableText, say, term
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.services.duties.letters import series_of, session_words
from matcher.services.groups.groups import Group
from matcher.services.groups.published import Published
from matcher.services.post import outbox
from matcher.store import tables


@dataclass(frozen=True, kw_only=True)
class OccasionedMail:
    """A mail with its occasion."""

    mail: Mail
    person: UUID
    kind: MailKind
    occurrence: str


def queue(session: Session, letters: Sequence[OccasionedMail], *, cycle_id: UUID, now: datetime) -> int:
    """Put these mails of one cycle into the outbox; how many."""
    for letter in letters:
        outbox.write(
            session,
            letter.mail,
            cycle=cycle_id,
            person=letter.person,
            kind=letter.kind,
            occurrence=letter.occurrence,
            now=now,
        )
    return len(letters)


@dataclass(frozen=True, kw_only=True)
class Introductions:
    """Introduces the people of pairs and circles as they stand in `found` and `groups`, by id."""

    found: Published
    groups: Mapping[UUID, Group]
    cycle: CycleWords
    now: datetime
    links: Links

    def pair(self, pair: tables.Pair) -> Iterator[OccasionedMail]:
        """To both of a pair: who, why, when, and the sessions each of them leads."""
        group = self.groups[pair.id]
        mentee, mentor = (self.found.people[each] for each in (pair.mentee_id, pair.mentor_id))
        for me, partner, role, side in (
            (mentee, mentor, "mentor", "mentee"),
            (mentor, mentee, "mentee", "mentor"),
        ):
            mail = messages.introduction(
                id=uuid4(),
                to=me,
                partner=partner,
                partner_role=role,
                reasons=pair.reasons[side],
                sessions=series_of(
                    self.found, group, (), sequence=0, links=self.links, now=self.now, reader=me
                ),
                cycle=self.cycle,
                links=self.links,
                turns=[
                    session_words(self.found, group, row.session)
                    for row in group.turns
                    if row.person_id == me.id
                ],
            )
            yield OccasionedMail(mail=mail, person=me.id, kind=MailKind.INTRODUCTION, occurrence=str(pair.id))

    def circle(self, group: Group, person: UUID, *, times: int = 0) -> OccasionedMail:
        """To one of a circle: everybody in it, when, and the duties still to come.

        times: how often they were told of this circle before, since who comes back is welcomed again.
        """
        people = self.found.people
        members = sorted(
            (people[one] for one in group.seats if group.sits(one)), key=lambda one: (one.name, one.id)
        )
        mail = messages.circle_introduction(
            id=uuid4(),
            to=people[person],
            members=members,
            duties=duties_to_come(self.found, group, person, self.now),
            sessions=series_of(
                self.found, group, (), sequence=times, links=self.links, now=self.now, reader=people[person]
            ),
            cycle=self.cycle,
            links=self.links,
        )
        occurrence = f"{group.id}/{times}" if times else str(group.id)
        return OccasionedMail(
            mail=mail, person=person, kind=MailKind.CIRCLE_INTRODUCTION, occurrence=occurrence
        )


def duties_to_come(
    found: Published, group: Group, person: UUID, now: datetime
) -> tuple[TranslatableText, ...]:
    """This person's duties in sessions not begun: `Session 2, Tuesday, 20 October 2026: facilitator`."""
    held = group.held(now)
    return tuple(
        say("{session}: {duty}", session=session_words(found, group, row.session), duty=term(row.duty))
        for row in group.turns
        if row.person_id == person and row.session >= held
    )
