"""Reminders to those who have not decided: by group, at most one per person in seven days.

Whoever is in the cycle, has left it or paused has decided, and is not reminded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from matcher.domain.errors import WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.mailing import MailKind
from matcher.domain.sentences import N_, TranslatableText, say
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.forecast.reminder_rows import BEGUN, EARLIER, KNOWN, reminded_since, undecided
from matcher.services.post import outbox
from matcher.services.programme import mail_texts
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import one_at_a_time, people_by_id
from matcher.store.tables import Cycle, Programme

EVERY = timedelta(days=7)
MOST_AT_ONCE = 500
"""Letters written in one go; the rest is for the next."""

NAMES: Mapping[str, str] = {
    BEGUN: N_("Began the form and have not sent it"),
    EARLIER: N_("Took part in an earlier cycle"),
    KNOWN: N_("Known here, and never took part"),
}


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A group of people who have not decided: how many there are, and how many can be reminded now, the
    others having had a reminder within seven days."""

    key: str
    name: TranslatableText
    people: int
    can: int


def segments(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> tuple[Segment, ...]:
    """The groups; none unless sign-up is open. Raises NotFound for anybody but an organiser."""
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    if cycle.state != CycleState.OPEN:
        return ()
    groups = undecided(session, cycle)
    reminded = reminded_since(session, now - EVERY)
    return tuple(
        Segment(key=key, name=say(name), people=len(groups[key]), can=len(groups[key] - reminded))
        for key, name in NAMES.items()
    )


def send(
    session: Session,
    *,
    cycle_id: UUID,
    chosen: frozenset[str],
    by: UUID | None,
    now: datetime,
    links: Links,
) -> int:
    """Remind those of the chosen groups who can be; how many, at most MOST_AT_ONCE. Then ring.

    Raises WrongState unless sign-up is open, NotFound.
    """
    one_at_a_time(session, f"reminders {cycle_id}")
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    if cycle.state != CycleState.OPEN:
        raise WrongState(say("Sign-up is not open, so there is nothing to remind anybody of."))
    groups = undecided(session, cycle)
    asked = set().union(*(groups[key] for key in NAMES if key in chosen))
    to_write = sorted(asked - reminded_since(session, now - EVERY))[:MOST_AT_ONCE]
    _write(session, cycle, {one: one in groups[BEGUN] for one in to_write}, now, links)
    if to_write:
        about = {"groups": sorted(chosen & set(NAMES)), "people": len(to_write)}
        audit.append(session, act="reminders sent", about=cycle_id, by=by, now=now, payload=about)
    return len(to_write)


def _write(
    session: Session, cycle: Cycle, to_write: Mapping[UUID, bool], now: datetime, links: Links
) -> None:
    """One letter each, in one transaction with the audit; `to_write` says who has begun the form."""
    programme = session.get_one(Programme, cycle.programme_id)
    words = CycleWords(
        programme=programme.name,
        cycle=cycle.name,
        slug=programme.slug,
        own=mail_texts.of(session, programme.id),
    )
    people = people_by_id(session, to_write)
    for person_id, begun in to_write.items():
        mail = messages.reminder(
            id=uuid4(),
            to=people[person_id],
            closes=cycle.closes_on,
            begun=begun,
            cycle=words,
            links=links,
        )
        outbox.write(
            session,
            mail,
            cycle=cycle.id,
            person=person_id,
            kind=MailKind.REMINDER,
            occurrence=f"sign-up {now:%Y-%m-%d}",
            now=now,
        )
