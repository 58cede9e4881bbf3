"""Quiet pairs and circles: nothing new on their shared page, and a kind word, at most once in two weeks.

What counts is only what a group does together and in the open: shared goals, their steps, duties that change
hands. Private notes are private, and who took part in a check-in is told to nobody by name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from matcher.domain.errors import WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.mailing import MailKind
from matcher.domain.people import Person
from matcher.domain.sentences import say
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.during import lists
from matcher.services.post import outbox
from matcher.services.programme import mail_texts
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import people_by_id, to_change
from matcher.store.tables import Cycle, Programme

QUIET_FOR = timedelta(weeks=4)
AGAIN_AFTER = timedelta(days=14)
MOST_AT_ONCE = 100
"""Groups written to at a time: writing thousands of mails would hold up everybody else for half a minute."""
UNDER_WAY = (CycleState.PUBLISHED, CycleState.RUNNING)


@dataclass(frozen=True, kw_only=True)
class InactiveGroup:
    """A quiet pair (`number` 0) or circle. reminded_at: when within two weeks; then it is not written to."""

    id: UUID
    number: int
    names: tuple[str, ...]
    reminded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class InactivePage:
    """A page of the quiet groups, and how many there are in all."""

    lines: tuple[InactiveGroup, ...]
    count: int


def look(
    session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, most: int, skip: int = 0
) -> InactivePage:
    """The quiet groups of a cycle under way. Raises NotFound for whoever does not organise it."""
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    if cycle.state not in UNDER_WAY:
        return InactivePage(lines=(), count=0)
    since = now - QUIET_FOR
    last = lists.reminded(session, cycle_id, now - AGAIN_AFTER)
    lines, count = lists.quiet(session, cycle_id, since, most=most, skip=skip)
    return InactivePage(
        lines=tuple(
            InactiveGroup(id=one.id, number=one.number, names=one.names, reminded_at=last.get(one.id))
            for one in lines
        ),
        count=count,
    )


def remind(
    session: Session,
    *,
    cycle_id: UUID,
    group_id: UUID | None = None,
    by: UUID | None,
    now: datetime,
    links: Links,
) -> int:
    """Write to everybody in this quiet group, or in all of them, a hundred at a time; how many mails.

    Who got such a mail within two weeks gets none. Raises WrongState while the cycle is not under way.
    """
    # Locked, so that two organisers who press at once write once.
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    require_organiser(session, cycle.programme_id, by)
    if cycle.state not in UNDER_WAY:
        state = words(CycleState(cycle.state))
        raise WrongState(say("“{cycle}” is {state}. Nobody meets in it now.", cycle=cycle.name, state=state))
    found = set(lists.quiet_ids(session, cycle_id, now - QUIET_FOR))
    found -= set(lists.reminded(session, cycle_id, now - AGAIN_AFTER))
    chosen = sorted(found)[:MOST_AT_ONCE] if group_id is None else sorted(found & {group_id})
    written = _write(session, cycle, chosen, now=now, links=links)
    if written:
        said = {"groups": len(chosen), "mails": written}
        audit.append(session, act="reminder written", about=cycle_id, by=by, now=now, payload=said)
    return written


def _write(session: Session, cycle: Cycle, groups: Collection[UUID], *, now: datetime, links: Links) -> int:
    seats = lists.seated(session, groups)
    people = people_by_id(session, {person for some in seats.values() for person in some})
    programme = session.get_one(Programme, cycle.programme_id)
    called = CycleWords(
        programme=programme.name,
        cycle=cycle.name,
        slug=programme.slug,
        own=mail_texts.of(session, programme.id),
    )
    written = 0
    for group, members in sorted(seats.items()):
        for one in members:
            others = [people[other] for other in members if other != one]
            if others:
                mail = _mail(people[one], others, called, links)
                outbox.write(
                    session,
                    mail,
                    cycle=cycle.id,
                    person=one,
                    kind=MailKind.REMINDER,
                    occurrence=f"{lists.QUIET}{group}/{now.date()}",
                    now=now,
                )
                written += 1
    return written


def _mail(to: Person, others: list[Person], called: CycleWords, links: Links) -> Mail:
    names = tuple(sorted(other.name for other in others))
    return messages.quiet(id=uuid4(), to=to, others=names, cycle=called, links=links)
