"""Mails about duties that changed hands: to who gave and to who took, nobody else.

The invitation comes again with a higher SEQUENCE, so that calendars bring the entry up to date in place
(RFC 5546, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.mailing import MailKind
from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, long_day, say, term
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.ics import Series, series_from
from matcher.mail.links import Links
from matcher.mail.messages import HandsWords
from matcher.services.duties.turns import Turn
from matcher.services.groups.groups import Group
from matcher.services.groups.published import Published
from matcher.services.post import outbox
from matcher.services.programme import mail_texts
from matcher.store import tables
from matcher.store.rows import people_by_id
from matcher.translations.catalogue import catalogue, understood

CHANGES = (MailKind.DUTY_CHANGE.value, MailKind.GROUP_CHANGE.value)


def write(
    session: Session,
    *,
    turn: Turn,
    changed: Mapping[UUID, tuple[UUID, UUID]],
    people: Collection[UUID],
    now: datetime,
    links: Links,
) -> None:
    """One mail to each of `people`. changed: by duty, who held it before and who does now."""
    found, group = turn.found, turn.group
    known = people_by_id(session, {*people, *group.seats})
    turns = {row.id: row for row in group.turns}
    changes = [
        HandsWords(
            when=session_words(found, group, turns[duty].session),
            duty=term(turns[duty].duty),
            now=known[after].name,
            before=known[before].name,
        )
        for duty, (before, after) in changed.items()
    ]
    for person in sorted(people):
        times = times_changed(session, found.cycle.id, group.id, person) + 1
        mine = [
            row
            for row in group.turns
            if (changed[row.id][1] if row.id in changed else row.person_id) == person
        ]
        duties = [
            say("{session}: {duty}", session=session_words(found, group, row.session), duty=term(row.duty))
            for row in mine
        ]
        mail = messages.duty_change(
            id=uuid4(),
            to=known[person],
            changes=changes,
            duties=duties,
            sessions=series_of(
                found, group, duties, sequence=times, links=links, now=now, reader=known[person]
            ),
            cycle=cycle_words(found, session),
            links=links,
        )
        outbox.write(
            session,
            mail,
            cycle=found.cycle.id,
            person=person,
            kind=MailKind.DUTY_CHANGE,
            occurrence=f"{group.id}/{times}",
            now=now,
        )


def cycle_words(found: Published, session: Session | None = None) -> CycleWords:
    """What mails call this cycle; given a session, with the programme's own words at their head."""
    programme = found.programme
    own = mail_texts.of(session, programme.id) if session is not None else {}
    return CycleWords(programme=programme.name, cycle=found.cycle.name, slug=programme.slug, own=own)


def times_changed(session: Session, cycle_id: UUID, group_id: UUID, person: UUID) -> int:
    """How often this person was told of a change of this group: the SEQUENCE of their calendar entry."""
    told = select(func.count()).where(
        tables.MailRow.cycle_id == cycle_id,
        tables.MailRow.person_id == person,
        tables.MailRow.kind.in_(CHANGES),
        tables.MailRow.occurrence.like(f"{group_id}/%"),
    )
    return session.scalar(told) or 0


def session_words(found: Published, group: Group, number: int) -> TranslatableText:
    """`Session 2, Tuesday, 20 October 2026`; rows count sessions from 0."""
    start = _first(found, group)
    if start is None:
        return say("Session {number}", number=number + 1)
    on = long_day(group.starts[number].astimezone(start.tzinfo).date())
    return say("Session {number}, {day}", number=number + 1, day=on)


def series_of(
    found: Published,
    group: Group,
    duties: Sequence[str],
    *,
    sequence: int,
    links: Links,
    now: datetime,
    reader: Person | None = None,
) -> Series | None:
    """The sessions of a group as they were announced, for those who take part now; None without an hour.

    In the reader's language, else in English; for who came later, from their first session on.
    """
    start = _first(found, group)
    if start is None:
        return None
    words, policy = cycle_words(found), found.policy
    sitting = sorted(
        (found.people[person] for person in group.seats if group.sits(person)),
        key=lambda one: (one.name, one.id),
    )
    of = found.by_id[group.id]
    if isinstance(of, tables.Circle):
        title = say("Circle {number} of {programme}", number=group.number, programme=found.programme.name)
    else:
        mentee, mentor = found.people[of.mentee_id], found.people[of.mentor_id]
        title = say("Mentoring: {mentee} and {mentor}", mentee=mentee.name, mentor=mentor.name)
    spoken = catalogue(understood(reader.locale if reader else None))
    told = [f"{words.programme}, {words.cycle}", *map(spoken.words, duties), links.my_match(words.slug)]
    series = series_from(
        id=group.id,
        title=spoken.words(title),
        description="\n".join(told),
        start=start,
        people=sitting,
        minutes=policy.session_minutes,
        every_weeks=policy.every_weeks,
        sessions=len(group.starts),
        links=links,
        now=now,
    )
    seat = group.seats.get(reader.id) if reader else None
    missed = min(seat.first, series.sessions - 1) if seat else 0
    begins = start + missed * timedelta(weeks=policy.every_weeks)
    return replace(series, sequence=sequence, start=begins, sessions=series.sessions - missed)


def _first(found: Published, group: Group) -> datetime | None:
    """The first session in the group's own zone."""
    of = found.by_id[group.id]
    return found.circle_start(of) if isinstance(of, tables.Circle) else found.starts[of.id]
