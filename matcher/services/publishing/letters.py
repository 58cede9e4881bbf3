"""The letters of a publication: rendered and put into the outbox in the publishing transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.mailing import MailKind
from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, long_day, say, say_many, term
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.ics import Series, series_from
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.services.groups.published import Published, published
from matcher.services.post import outbox
from matcher.services.programme import mail_texts
from matcher.store import tables
from matcher.store.rows import people_by_id
from matcher.translations.catalogue import catalogue, understood


@dataclass(frozen=True, kw_only=True)
class OccasionedMail:
    """A mail with its occasion."""

    mail: Mail
    person: UUID
    kind: MailKind
    occurrence: str


def write(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, links: Links) -> int:
    """Queue every letter of this cycle's publication, whose rows must be flushed; how many. Raises NotFound.

    One to each person of each pair and circle, one to each who waits, and a receipt to whoever published.
    """
    found = published(session, cycle_id)
    if found is None:
        raise NotFound(say("This cycle has no publication."))
    own = mail_texts.of(session, found.programme.id)
    desk = _Desk(session=session, found=found, own=own, now=now, links=links)
    letters = [*desk.introductions(), *desk.circles(), *desk.waiting()]
    if by is not None:
        letters += desk.receipt(by)
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
class _Desk:
    """Where the letters of one publication are written."""

    session: Session
    found: Published
    own: mail_texts.Own
    now: datetime
    links: Links

    @property
    def cycle(self) -> CycleWords:
        programme = self.found.programme
        name = self.found.cycle.name
        return CycleWords(programme=programme.name, cycle=name, slug=programme.slug, own=self.own)

    def introductions(self) -> Iterator[OccasionedMail]:
        turns = self._turns()
        for pair in self.found.pairs:
            mentee, mentor = (self.found.people[each] for each in (pair.mentee_id, pair.mentor_id))
            title = say("Mentoring: {mentee} and {mentor}", mentee=mentee.name, mentor=mentor.name)
            for me, partner, role, side in (
                (mentee, mentor, "mentor", "mentee"),
                (mentor, mentee, "mentee", "mentor"),
            ):
                sessions = self._series(pair.id, title, (mentee, mentor), self.found.starts[pair.id], me)
                mail = messages.introduction(
                    id=uuid4(),
                    to=me,
                    partner=partner,
                    partner_role=role,
                    reasons=pair.reasons[side],
                    sessions=sessions,
                    cycle=self.cycle,
                    links=self.links,
                    turns=[_when(turn, sessions) for turn in turns[pair.id, me.id]],
                )
                yield OccasionedMail(
                    mail=mail, person=me.id, kind=MailKind.INTRODUCTION, occurrence=str(pair.id)
                )

    def circles(self) -> Iterator[OccasionedMail]:
        turns = self._turns()
        for circle in self.found.circles:
            ids = self.found.members[circle.id]
            members = sorted((self.found.people[each] for each in ids), key=lambda one: (one.name, one.id))
            programme = self.found.programme.name
            title = say("Circle {number} of {programme}", number=circle.number, programme=programme)
            start = self.found.circle_start(circle)
            for member in members:
                sessions = self._series(circle.id, title, members, start, member)
                duties = [_turn(turn, sessions) for turn in turns[circle.id, member.id]]
                mail = messages.circle_introduction(
                    id=uuid4(),
                    to=member,
                    members=members,
                    duties=duties,
                    sessions=sessions,
                    cycle=self.cycle,
                    links=self.links,
                )
                kind = MailKind.CIRCLE_INTRODUCTION
                yield OccasionedMail(mail=mail, person=member.id, kind=kind, occurrence=str(circle.id))

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

    def receipt(self, by: UUID) -> Iterator[OccasionedMail]:
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
        yield OccasionedMail(mail=mail, person=by, kind=MailKind.RECEIPT, occurrence="publication")

    def _turns(self) -> Mapping[tuple[UUID, UUID], list[tables.Duty]]:
        """The duties of each person in each circle and each pair, in the order of the sessions."""
        found: dict[tuple[UUID, UUID], list[tables.Duty]] = defaultdict(list)
        for group, column in ((tables.Circle, tables.Duty.circle_id), (tables.Pair, tables.Duty.pair_id)):
            asked = select(group.id, tables.Duty).join(tables.Duty, column == group.id)
            asked = asked.where(group.cycle_id == self.found.cycle.id)
            for group_id, turn in self.session.execute(asked.order_by(tables.Duty.session, tables.Duty.duty)):
                found[group_id, turn.person_id].append(turn)
        return found

    def _series(
        self,
        of: UUID,
        title: str,
        people: tuple[Person, ...] | list[Person],
        start: datetime | None,
        reader: Person,
    ) -> Series | None:
        """The sessions as the reader's calendar names them."""
        if start is None:
            return None
        policy = self.found.policy
        return series_from(
            id=of,
            title=catalogue(understood(reader.locale)).words(title),
            description=f"{self.cycle.programme}, {self.cycle.cycle}\n{self.links.my_match(self.cycle.slug)}",
            start=start,
            people=people,
            minutes=policy.session_minutes,
            every_weeks=policy.every_weeks,
            sessions=policy.sessions,
            links=self.links,
            now=self.now,
        )


def _turn(turn: tables.Duty, sessions: Series | None) -> TranslatableText:
    """`Session 2, Tuesday, 20 October 2026: facilitator`."""
    return say("{session}: {duty}", session=_when(turn, sessions), duty=term(turn.duty))


def _when(turn: tables.Duty, sessions: Series | None) -> TranslatableText:
    """`Session 2, Tuesday, 20 October 2026`; rows count sessions from 0."""
    if sessions is None or turn.session >= sessions.sessions:
        return say("Session {number}", number=turn.session + 1)
    start = sessions.start + turn.session * timedelta(weeks=sessions.every_weeks)
    return say("Session {number}, {day}", number=turn.session + 1, day=long_day(start.date()))
