"""An outbox full of mails, what the world looks like after them, and a delivery for tests of states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import MailKind
from matcher.mail.handover import Delivery, Refused, ServerReply, Unknown, Unreachable, is_temporary
from matcher.mail.value import Mail
from matcher.mail.wire import Envelope
from matcher.services.account import people
from matcher.services.ports import Clock
from matcher.services.post import outbox
from matcher.services.post.lane import Lane, LaneContext, Leases
from matcher.store import tables

SENDER = "evenhand@river.example"
CYCLE = UUID(int=4711)


def a_mail(mail_id: UUID, to: str, subject: str = "Meet Ravi") -> Mail:
    return Mail(
        id=mail_id,
        to=to,
        name="Ina Bergmann",
        subject=subject,
        text="Hello Ina,\n.this line begins with a dot\n",
        html="<p>Hello Ina</p>",
        message_id=f"<{mail_id}@river.example>",
    )


def write_mail(
    session: Session,
    number: int,
    *,
    now: datetime,
    kind: MailKind = MailKind.INTRODUCTION,
    domain: str = "river.example",
) -> UUID:
    """One person and one mail to them; the same number gives the same ids."""
    address = f"p{number}@{domain}"
    person = people.ensure(session, email=address, name=f"Person {number}", now=now)
    mail = a_mail(uuid5(CYCLE, str(number)), address)
    return outbox.write(
        session, mail, cycle=CYCLE, person=person, kind=kind, occurrence=f"pair {number}", now=now
    )


def write_mails(sessions: sessionmaker[Session], count: int, *, now: datetime) -> None:
    with sessions.begin() as session:
        for number in range(count):
            write_mail(session, number, now=now)


def state(session: Session, mail_id: UUID) -> MailState:
    found = session.scalars(select(tables.MailRow.state).where(tables.MailRow.id == mail_id)).one()
    return MailState(found)


def row(session: Session, mail_id: UUID) -> tables.MailRow:
    return session.get_one(tables.MailRow, mail_id, populate_existing=True)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What arrived, held against what the outbox says. All four are empty when the promise is kept."""

    twice: tuple[str, ...]
    missing: tuple[str, ...]
    sent_but_absent: tuple[str, ...]
    unsettled: tuple[str, ...]
    uncertain: int

    @property
    def kept(self) -> bool:
        return not (self.twice or self.missing or self.sent_but_absent or self.unsettled)


def ledger(sessions: sessionmaker[Session], arrived: Iterable[str]) -> Ledger:
    """`arrived` are the Message-IDs of all that was delivered, with repetitions."""
    with sessions() as session:
        rows = session.execute(select(tables.MailRow.message_id, tables.MailRow.state)).all()
    states: Mapping[str, str] = {row.message_id: row.state for row in rows}
    count = Counter(arrived)
    assert set(count) <= set(states)
    uncertain = {each for each, state in states.items() if state == MailState.UNCERTAIN}
    settled = {MailState.SENT, MailState.UNCERTAIN}
    return Ledger(
        twice=tuple(sorted(each for each, times in count.items() if times > 1)),
        missing=tuple(sorted(set(states) - set(count) - uncertain)),
        sent_but_absent=tuple(
            sorted(each for each, state in states.items() if state == MailState.SENT and not count[each])
        ),
        unsettled=tuple(sorted(each for each, state in states.items() if state not in settled)),
        uncertain=len(uncertain),
    )


@dataclass
class Postbox:
    """A delivery in memory that answers as it is told: a code and words, "gone" or "silence"."""

    answers: dict[str, str] = field(default_factory=dict)
    at_the_dot: dict[str, str] = field(default_factory=dict)
    away: bool = False
    kept: list[Envelope] = field(default_factory=list)
    offered: Envelope | None = None

    def open(self) -> Postbox:
        if self.away:
            raise Unreachable("The mail server is away.")
        return self

    def offer(self, envelope: Envelope) -> None:
        _raise_for(self.answers.get(envelope.recipient, "250 OK"))
        self.offered = envelope

    def finish(self) -> ServerReply:
        assert self.offered is not None
        envelope, self.offered = self.offered, None
        said = self.at_the_dot.get(envelope.recipient, "250 OK")
        if said.startswith("250") or said == "silence":
            self.kept.append(envelope)
        _raise_for(said)
        return ServerReply(code=250, text="OK")

    def drop(self) -> None:
        self.offered = None

    def close(self) -> None:
        self.offered = None


def _raise_for(said: str) -> None:
    if said == "gone":
        raise Unreachable("The mail server went away.")
    if said == "silence":
        raise Unknown("No reply after the mail was handed over.")
    code, _, text = said.partition(" ")
    if code != "250":
        raise Refused(ServerReply(code=int(code), text=text), temporary=is_temporary(int(code), text))


def a_lane(
    sessions: sessionmaker[Session], delivery: Delivery, clock: Clock, *, worker: str = "test"
) -> Lane:
    return Lane(
        LaneContext(
            sessions=sessions,
            delivery=delivery,
            sender=SENDER,
            worker=worker,
            clock=clock,
            leases=Leases(),
            stopping=Event(),
        )
    )
