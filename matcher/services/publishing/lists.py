"""What a publication would send to whom, and how the mails of a cycle fare; each list a page at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import MailKind
from matcher.store.rows import people_by_id
from matcher.store.tables import Draft, DraftCircle, DraftPair, DraftWaiting, MailRow, PersonRow

ON_A_PAGE = 50
SEALED = (MailKind.ESCALATION.value, MailKind.SIGN_IN.value)
"""Mails that are nobody's business but their reader's."""

ON_THE_WAY = (MailState.QUEUED, MailState.CLAIMED, MailState.HANDING_OVER, MailState.DEFERRED)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """How many mails of each kind a draft would send."""

    introductions: int
    circles: int
    waitlist: int

    @property
    def whole(self) -> int:
        return self.introductions + self.circles + self.waitlist


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Somebody a mail goes to, and about whom or what: names, or the number of a circle."""

    name: str
    email: str
    about: str = ""
    circle: int | None = None


@dataclass(frozen=True, kw_only=True)
class MailLine:
    """One mail that needs a look."""

    id: UUID
    kind: str
    state: str
    name: str
    address: str
    reply: str
    at: datetime


def audience(session: Session, draft_id: UUID) -> Audience:
    """The mails of a draft, by kind."""
    pairs = select(func.count()).select_from(DraftPair).where(DraftPair.draft_id == draft_id)
    waiting = select(func.count(DraftWaiting.person_id.distinct())).where(DraftWaiting.draft_id == draft_id)
    seats = session.scalars(select(DraftCircle.members).where(DraftCircle.draft_id == draft_id))
    return Audience(
        introductions=2 * (session.scalar(pairs) or 0),
        circles=sum(len(members) for members in seats),
        waitlist=session.scalar(waiting) or 0,
    )


def hash_of(session: Session, draft_id: UUID) -> str:
    """The hash under which the draft is published."""
    return session.scalars(select(Draft.hash).where(Draft.id == draft_id)).one()


def introduced(session: Session, draft_id: UUID, page: int) -> tuple[Addressee, ...]:
    """Both of each pair, by the mentee's name."""
    mentor, mentee = aliased(PersonRow), aliased(PersonRow)
    found = (
        select(mentee.name, mentee.email, mentor.name, mentor.email)
        .select_from(DraftPair)
        .join(mentee, mentee.id == DraftPair.mentee_id)
        .join(mentor, mentor.id == DraftPair.mentor_id)
        .where(DraftPair.draft_id == draft_id)
        .order_by(mentee.name, mentee.id, mentor.name)
        .limit(ON_A_PAGE // 2)
        .offset((page - 1) * (ON_A_PAGE // 2))
    )
    return tuple(
        one
        for name, email, other, other_email in session.execute(found)
        for one in (
            Addressee(name=name, email=email, about=other),
            Addressee(name=other, email=other_email, about=name),
        )
    )


def seated(session: Session, draft_id: UUID, page: int) -> tuple[Addressee, ...]:
    """The members of each circle, ten circles at a time."""
    found = (
        select(DraftCircle.number, DraftCircle.members)
        .where(DraftCircle.draft_id == draft_id)
        .order_by(DraftCircle.number)
        .limit(ON_A_PAGE // 5)
        .offset((page - 1) * (ON_A_PAGE // 5))
    )
    groups = [(number, [UUID(each) for each in members]) for number, members in session.execute(found)]
    people = people_by_id(session, [each for _number, members in groups for each in members])
    return tuple(
        Addressee(name=people[each].name, email=people[each].email, circle=number)
        for number, members in groups
        for each in sorted(members, key=lambda each: (people[each].name, each))
    )


def waitlisted(session: Session, draft_id: UUID, page: int) -> tuple[Addressee, ...]:
    """Everybody on the waitlist once, by name."""
    found = (
        select(PersonRow.name, PersonRow.email)
        .join(DraftWaiting, DraftWaiting.person_id == PersonRow.id)
        .where(DraftWaiting.draft_id == draft_id)
        .group_by(PersonRow.id, PersonRow.name, PersonRow.email)
        .order_by(PersonRow.name, PersonRow.id)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return tuple(Addressee(name=name, email=email) for name, email in session.execute(found))


def pages_of(session: Session, draft_id: UUID) -> Mapping[str, int]:
    """How many pages each of the three lists has."""
    many = audience(session, draft_id)
    circles = select(func.count()).select_from(DraftCircle).where(DraftCircle.draft_id == draft_id)
    return {
        "introduction": _pages(many.introductions, ON_A_PAGE // 2 * 2),
        "circle_introduction": _pages(session.scalar(circles) or 0, ON_A_PAGE // 5),
        "waitlist": _pages(many.waitlist, ON_A_PAGE),
    }


def states(session: Session, cycle_id: UUID) -> Counter[MailState]:
    """How many mails of the cycle are in each state, but for those that are nobody's business."""
    counted = (
        select(MailRow.state, func.count())
        .where(MailRow.cycle_id == cycle_id, MailRow.kind.not_in(SEALED))
        .group_by(MailRow.state)
    )
    return Counter({MailState(state): count for state, count in session.execute(counted)})


def lines(session: Session, cycle_id: UUID, state: MailState, page: int) -> tuple[MailLine, ...]:
    """The cycle's mails in this state, by address."""
    found = (
        select(
            MailRow.id,
            MailRow.kind,
            MailRow.state,
            MailRow.name,
            MailRow.address,
            MailRow.reply,
            MailRow.written_at,
        )
        .where(MailRow.cycle_id == cycle_id, MailRow.kind.not_in(SEALED), MailRow.state == state.value)
        .order_by(MailRow.address, MailRow.id)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return tuple(
        MailLine(
            id=row.id,
            kind=row.kind,
            state=row.state,
            name=row.name,
            address=row.address,
            reply=row.reply or "",
            at=row.written_at,
        )
        for row in session.execute(found)
    )


def of_cycle(session: Session, cycle_id: UUID, mail_id: UUID) -> bool:
    """Whether the mail is one of those an organiser of the cycle may decide about."""
    mine = select(MailRow.id).where(
        MailRow.id == mail_id, MailRow.cycle_id == cycle_id, MailRow.kind.not_in(SEALED)
    )
    return session.scalars(mine).first() is not None


def _pages(count: int, on_a_page: int) -> int:
    return max(1, -(-count // on_a_page))
