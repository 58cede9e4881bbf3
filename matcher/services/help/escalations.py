"""Requests for help: between who asks and the handler they chose, and nobody else.

Organisers do not learn that there is one, nor does anybody it is about. So nothing here is written where they
could meet it: mails belong to no cycle and name nobody, and the audit log says "confidential" of nothing and
by nobody; what it was stands in the payload alone, which no page shows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, Problem, WrongState
from matcher.domain.facts import couple
from matcher.domain.mailing import MailKind
from matcher.domain.people import Person
from matcher.domain.sentences import say
from matcher.mail import messages
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.during.care_lists import companions
from matcher.services.help import lists
from matcher.services.post import outbox
from matcher.store.participant_tables import Escalation, EscalationMessage
from matcher.store.rows import people_by_id, person_value
from matcher.store.safety_tables import BlockedPair
from matcher.store.tables import Programme

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
KEPT = timedelta(days=90)
"""How long a case is kept after it was closed; then all of it is destroyed."""

NO_CASE = say("There is no such request of yours.")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a thread, as the reader sees it."""

    mine: bool
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HelpRequest:
    """A request as one of the two sees it.

    `other`: the handler for who asked, who asked for the handler. `about`: whom it concerns. `kept_apart`:
    those among them who never meet who asked again. `may_withdraw`: nobody has answered yet.
    """

    id: UUID
    programme_id: UUID
    programme: str
    state: str
    asked_at: datetime
    closed_at: datetime | None
    asked_by_me: bool
    other: Person
    about: tuple[Person, ...]
    kept_apart: frozenset[UUID]
    messages: tuple[Message, ...]

    @property
    def may_withdraw(self) -> bool:
        return self.asked_by_me and self.state == OPEN and all(one.mine for one in self.messages)


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A request in a list: with whom, its state, and whether the reader's answer is waited for."""

    id: UUID
    programme: str
    other: Person
    state: str
    asked_at: datetime
    waits_for_me: bool


def handlers_for(session: Session, *, programme_id: UUID, person_id: UUID) -> tuple[Person, ...]:
    """Whom this person can ask: no one above them, nobody who reports to them, not themselves."""
    above = lists.line_above(session, person_id)
    return tuple(
        person_value(row)
        for row in lists.handlers_of(session, programme_id)
        if row.id != person_id and row.id not in above and row.manager_id != person_id
    )


def ask(
    session: Session,
    *,
    cycle_id: UUID,
    person_id: UUID,
    handler_id: UUID,
    about: Collection[UUID],
    text: str,
    now: datetime,
    links: Links,
) -> HelpRequest:
    """Ask a handler for help. A handler whom it is about never learns of it: another one gets it.

    Raises Invalid for a handler or people who cannot be named here, and when it is about every handler: then
    nothing is stored or sent, and the sentence says where to write instead.
    """
    cycle = cycles.of(session, cycle_id)
    able = handlers_for(session, programme_id=cycle.programme_id, person_id=person_id)
    _refuse_strangers(session, cycle_id, person_id, about)
    if handler_id not in {one.id for one in able}:
        raise Invalid((Problem(pointer="/handler", sentence=say("Choose one of the people listed here.")),))
    chosen = _not_about([one.id for one in able], handler_id, about)
    if chosen is None:
        raise Invalid((Problem(pointer="/handler", sentence=nobody_left(links)),))
    case = Escalation(
        id=uuid4(),
        programme_id=cycle.programme_id,
        cycle_id=cycle_id,
        asked_by=person_id,
        handler_id=chosen,
        concerns=sorted(str(one) for one in set(about)),
        asked_at=now,
    )
    session.add(case)
    session.flush()
    _say(session, case, by=person_id, text=text, now=now, links=links)
    _note(session, case, "asked", now)
    return thread(session, case_id=case.id, person_id=person_id)


def thread(session: Session, *, case_id: UUID, person_id: UUID) -> HelpRequest:
    """The case with its messages, for who asked and for its handler. Raises NotFound for everybody else."""
    row = _case(session, case_id, person_id)
    mine = row.asked_by == person_id
    other = row.handler_id if mine else row.asked_by
    concerned = [UUID(one) for one in row.concerns]
    people = people_by_id(session, [other, *concerned])
    return HelpRequest(
        id=row.id,
        programme_id=row.programme_id,
        programme=session.get_one(Programme, row.programme_id).name,
        state=row.state,
        asked_at=row.asked_at,
        closed_at=row.closed_at,
        asked_by_me=mine,
        other=people[other],
        about=tuple(people[one] for one in concerned if one in people),
        kept_apart=frozenset(one for one in concerned if _is_blocked(session, row.asked_by, one)),
        messages=tuple(
            Message(mine=one.by_id == person_id, text=one.text, at=one.at)
            for one in lists.messages_of(session, row.id)
        ),
    )


def asked(session: Session, *, programme_id: UUID, person_id: UUID) -> tuple[CaseLine, ...]:
    """What this person asked, newest first."""
    rows = lists.cases_asked(session, programme_id, person_id)
    return _lines(session, rows, other="handler_id", waits=ANSWERED)


def inbox(session: Session, *, person_id: UUID) -> tuple[CaseLine, ...]:
    """What is with this handler, newest first. Raises NotFound for who handles nothing."""
    if not lists.handles(session, person_id):
        raise NotFound(NO_CASE)
    return _lines(session, lists.cases_handled(session, person_id), other="asked_by", waits=OPEN)


def reply(
    session: Session, *, case_id: UUID, person_id: UUID, text: str, now: datetime, links: Links
) -> None:
    """Write into the thread; the other is told that something waits.

    Raises NotFound, and WrongState when closed.
    """
    row = _open_case(session, case_id, person_id)
    row.state = OPEN if row.asked_by == person_id else ANSWERED
    session.flush()
    _say(session, row, by=person_id, text=text, now=now, links=links)
    _note(session, row, "answered", now)


def close(session: Session, *, case_id: UUID, person_id: UUID, now: datetime) -> None:
    """Either of the two ends it; 90 days later it is destroyed. Raises NotFound, WrongState if closed."""
    row = _open_case(session, case_id, person_id)
    row.state, row.closed_at = CLOSED, now
    session.flush()
    _note(session, row, "closed", now)


def withdraw(session: Session, *, case_id: UUID, person_id: UUID, now: datetime) -> None:
    """Take a request back as if it had never been asked, as long as nobody has answered.

    Raises NotFound for everybody but who asked, WrongState once there is an answer.
    """
    case = thread(session, case_id=case_id, person_id=person_id)
    if not case.asked_by_me:
        raise NotFound(NO_CASE)
    if not case.may_withdraw:
        raise WrongState(say("There is an answer already, so this can only be closed, not taken back."))
    _note(session, _case(session, case_id, person_id), "withdrawn", now)
    lists.destroy(session, [case_id])


def keep_apart(session: Session, *, case_id: UUID, person_id: UUID, other_id: UUID, now: datetime) -> None:
    """The handler's word that who asked and somebody the case is about never meet again by our doing.

    What is stored says "block pair": no reason, no direction. Raises NotFound for everybody but the handler.
    """
    row = _case(session, case_id, person_id)
    if row.handler_id != person_id or str(other_id) not in row.concerns:
        raise NotFound(NO_CASE)
    if _is_blocked(session, row.asked_by, other_id):
        return
    first, second = couple(row.asked_by, other_id)
    session.add(BlockedPair(first_id=first, second_id=second, made_at=now))
    session.flush()
    _note(session, row, "block pair", now)


def forget_old(session: Session, *, now: datetime) -> None:
    """Destroy what was closed 90 days ago."""
    old = select(Escalation.id).where(Escalation.closed_at <= now - KEPT)
    lists.destroy(session, session.scalars(old).all())


def forget(session: Session, *, person_id: UUID) -> None:
    """Destroy everything this person asked, and their name in what others asked."""
    mine = select(Escalation.id).where(Escalation.asked_by == person_id)
    lists.destroy(session, session.scalars(mine).all())
    named = type_coerce(Escalation.concerns, Text).contains(str(person_id))
    for row in session.scalars(select(Escalation).where(named)):
        row.concerns = [one for one in row.concerns if one != str(person_id)]
    session.flush()


def nobody_left(links: Links) -> str:
    """Where to turn when every handler is somebody it is about, or there is none."""
    return say(
        "There is nobody here who could help without being part of it. Nothing was stored, and nothing was "
        "sent to anybody. Please write to {address}.",
        address=links.sender_address,
    )


def _refuse_strangers(session: Session, cycle_id: UUID, person_id: UUID, about: Collection[UUID]) -> None:
    if not set(about) <= set(companions(session, cycle_id, person_id)):
        said = say("Choose among the people you meet or have met in this cycle.")
        raise Invalid((Problem(pointer="/about", sentence=said),))


def _not_about(able: list[UUID], handler_id: UUID, about: Collection[UUID]) -> UUID | None:
    """The chosen handler, or the first other one whom it is not about."""
    return next((one for one in (handler_id, *able) if one not in about), None)


def _case(session: Session, case_id: UUID, person_id: UUID) -> Escalation:
    row = lists.case_of(session, case_id, person_id)
    if row is None:
        raise NotFound(NO_CASE)
    return row


def _open_case(session: Session, case_id: UUID, person_id: UUID) -> Escalation:
    row = _case(session, case_id, person_id)
    if row.state == CLOSED:
        raise WrongState(say("This request is closed. Nothing was sent. You can ask anew at any time."))
    return row


def _say(session: Session, case: Escalation, *, by: UUID, text: str, now: datetime, links: Links) -> None:
    """One message, and a mail to the other that says only that something waits."""
    message = EscalationMessage(id=uuid4(), escalation_id=case.id, by_id=by, text=text, at=now)
    session.add(message)
    session.flush()
    to_handler = by == case.asked_by
    slug = session.get_one(Programme, case.programme_id).slug
    page = links.handled(case.id) if to_handler else links.asked_for_help(slug, case.id)
    reader = case.handler_id if to_handler else case.asked_by
    mail = messages.something_waits(
        id=uuid4(), to=people_by_id(session, [reader])[reader], page=page, links=links
    )
    outbox.write(
        session,
        mail,
        # Of no cycle: nothing that organisers see counts or lists it.
        cycle=None,
        person=reader,
        kind=MailKind.ESCALATION,
        occurrence=str(message.id),
        now=now,
    )


def _note(session: Session, case: Escalation, did: str, now: datetime) -> None:
    said = {"case": str(case.id), "did": did}
    audit.append(session, act="confidential", about=None, by=None, now=now, payload=said)


def _is_blocked(session: Session, one: UUID, other: UUID) -> bool:
    first, second = couple(one, other)
    found = select(BlockedPair.id).where(BlockedPair.first_id == first, BlockedPair.second_id == second)
    return session.scalar(found) is not None


def _lines(session: Session, rows: Collection[Escalation], *, other: str, waits: str) -> tuple[CaseLine, ...]:
    people = people_by_id(session, [getattr(row, other) for row in rows])
    named = select(Programme.id, Programme.name).where(Programme.id.in_({row.programme_id for row in rows}))
    names = {row.id: row.name for row in session.execute(named)}
    return tuple(
        CaseLine(
            id=row.id,
            programme=names[row.programme_id],
            other=people[getattr(row, other)],
            state=row.state,
            asked_at=row.asked_at,
            waits_for_me=row.state == waits,
        )
        for row in rows
    )
