"""A person's calendar to subscribe to: a secret address, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.lifecycle import CycleState
from matcher.domain.sentences import say
from matcher.mail.feed import SessionSeries, calendar_of
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.calendar.invitations import turns_in_words
from matcher.services.duties.letters import series_of
from matcher.services.groups import lists as groups_lists
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.store.participant_tables import CalendarFeed
from matcher.store.tables import PersonRow

SHOWN = (CycleState.PUBLISHED, CycleState.RUNNING, CycleState.COMPLETED)
NAME = "Evenhand"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The calendar file, and an ETag that changes when and only when it does."""

    content: bytes
    etag: str


def make(session: Session, *, by: UUID, now: datetime, token: str | None = None) -> str:
    """A new secret address for this person; an earlier one ends. The token, which is never shown again.

    `token` is chance as an argument: 256 bits, URL-safe.
    """
    _end(session, by, now)
    given = token or secrets.token_urlsafe(32)
    row = CalendarFeed(person_id=by, token_hash=_sha(given), made_at=now)
    session.add(row)
    session.flush()
    audit.append(session, act="calendar address made", about=row.id, by=by, now=now)
    return given


def end(session: Session, *, by: UUID, now: datetime) -> None:
    """End this person's address: calendars that know it find nothing there any more."""
    if _end(session, by, now):
        audit.append(session, act="calendar address ended", about=by, by=by, now=now)


def made_at(session: Session, person_id: UUID) -> datetime | None:
    """When this person's present address was made; None without one."""
    asked = select(CalendarFeed.made_at).where(
        CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None)
    )
    return session.scalar(asked.order_by(CalendarFeed.made_at.desc()).limit(1))


def calendar(session: Session, *, token: str, links: Links) -> Feed:
    """Every session of the person this address belongs to. Raises NotFound for an unknown or ended one."""
    whose = (
        select(CalendarFeed.person_id)
        .join(PersonRow, PersonRow.id == CalendarFeed.person_id)
        .where(
            CalendarFeed.token_hash == _sha(token),
            CalendarFeed.ended_at.is_(None),
            PersonRow.active.is_(true()),
        )
    )
    person = session.scalar(whose)
    if person is None:
        raise NotFound(say("There is no such calendar."))
    entries = [
        entry
        for cycle_id in groups_lists.cycles_with(session, person, SHOWN)
        for entry in _entries(session, cycle_id, person, links)
    ]
    content = calendar_of(NAME, entries)
    return Feed(content=content, etag=hashlib.sha256(content).hexdigest()[:32])


def _entries(session: Session, cycle_id: UUID, person: UUID, links: Links) -> Iterator[SessionSeries]:
    found = published(session, cycle_id, person=person)
    if found is None:
        return
    for group in groups(session, found):
        seat = group.seats.get(person)
        if seat is not None and group.sits(person) and seat.first < len(group.starts):
            yield from _entry(found, group, person, links)


def _entry(found: Published, group: Group, person: UUID, links: Links) -> Iterator[SessionSeries]:
    """The series from the first session this person takes part in; none without an hour."""
    duties = turns_in_words(found, group, person)
    reader = found.people[person]
    series = series_of(found, group, duties, sequence=0, links=links, now=found.at, reader=reader)
    if series is None:
        return
    yield SessionSeries(
        uid=series.uid,
        title=series.title,
        description=series.description,
        start=series.start,
        minutes=series.minutes,
        every_weeks=series.every_weeks,
        sessions=series.sessions,
        stamped=series.stamped,
        url=links.my_match(found.programme.slug),
    )


def _end(session: Session, person_id: UUID, now: datetime) -> bool:
    ended = session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=now)
    )
    return bool(getattr(ended, "rowcount", 0))


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
