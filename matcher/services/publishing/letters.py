"""The letters of a publication: rendered and put into the outbox in the publishing transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.mailing import MailKind
from matcher.domain.sentences import say, say_many
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.services.duties.letters import cycle_words
from matcher.services.groups.groups import groups
from matcher.services.groups.published import Published, published
from matcher.services.publishing.introductions import Introductions, OccasionedMail, queue
from matcher.store import tables
from matcher.store.rows import people_by_id


def write(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, links: Links) -> int:
    """Queue every letter of this cycle's publication, whose rows must be flushed; how many. Raises NotFound.

    One to each person of each pair and circle, one to each who waits, and a receipt to whoever published.
    """
    found = published(session, cycle_id)
    if found is None:
        raise NotFound(say("This cycle has no publication."))
    cycle = cycle_words(found, session)
    standing = {group.id: group for group in groups(session, found)}
    begin = Introductions(found=found, groups=standing, cycle=cycle, now=now, links=links)
    others = _Others(session=session, found=found, cycle=cycle, links=links)
    letters = [letter for pair in found.pairs for letter in begin.pair(pair)]
    for circle in found.circles:
        letters += [begin.circle(standing[circle.id], one) for one in by_name(found, circle.id)]
    letters += others.waiting()
    if by is not None:
        letters.append(others.receipt(by))
    return queue(session, letters, cycle_id=cycle_id, now=now)


def by_name(found: Published, circle_id: UUID) -> list[UUID]:
    """The members of a circle, by name."""
    return sorted(found.members[circle_id], key=lambda one: (found.people[one].name, one))


@dataclass(frozen=True, kw_only=True)
class _Others:
    """The letters of a publication that introduce nobody."""

    session: Session
    found: Published
    cycle: CycleWords
    links: Links

    def waiting(self) -> Iterator[OccasionedMail]:
        """One letter for each person, whatever the roles they wait in."""
        asked = select(tables.WaitlistRow).where(tables.WaitlistRow.cycle_id == self.found.cycle.id)
        reasons: dict[UUID, list[str]] = {}
        for row in self.session.scalars(
            asked.order_by(tables.WaitlistRow.person_id, tables.WaitlistRow.role)
        ):
            reasons.setdefault(row.person_id, []).extend(row.sentences)
        people = people_by_id(self.session, reasons)
        for person_id, sentences in reasons.items():
            mail = messages.waitlist(
                id=uuid4(), to=people[person_id], reasons=sentences, cycle=self.cycle, links=self.links
            )
            yield OccasionedMail(
                mail=mail, person=person_id, kind=MailKind.WAITLIST, occurrence="publication"
            )

    def receipt(self, by: UUID) -> OccasionedMail:
        counts = [
            say_many("{count} pair", "{count} pairs", len(self.found.pairs)),
            say_many("{count} circle", "{count} circles", len(self.found.circles)),
        ]
        mail = messages.publication_receipt(
            id=uuid4(),
            to=people_by_id(self.session, [by])[by],
            counts=counts,
            cycle=self.cycle,
            cycle_id=self.found.cycle.id,
            links=self.links,
        )
        return OccasionedMail(mail=mail, person=by, kind=MailKind.RECEIPT, occurrence="publication")
