"""Check-ins: rounds of three questions, answered once from a mail, told only together.

Who took part is one table, what was said another. They share nothing but the round: no person, no time, no
order. Whoever runs the database can watch them being written; who reads it later cannot put them together.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from matcher.domain.during import check_in as aggregates
from matcher.domain.during.check_in import Met, Result, RoundAnswer
from matcher.domain.errors import Gone, WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.mailing import MailKind
from matcher.domain.sentences import say
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.during import care_lists
from matcher.services.post import outbox
from matcher.services.programme import mail_texts
from matcher.services.programme.programmes import require_organiser
from matcher.store.participant_tables import CheckIn, CheckInAnswer, CheckInInvitation
from matcher.store.rows import AS_IT_IS, people_by_id, to_change
from matcher.store.tables import Cycle, Programme

KEPT = timedelta(days=90)
"""How long single answers are kept after their round; what was told of them stays."""

UNKNOWN = say("This link does not lead to a check-in any more. Nothing was stored, and nothing is missing.")
ANSWERED = say(
    "You have answered already. Thank you. One answer counts for each person; nothing was stored twice."
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A round that was opened: how many were asked, and the last day to answer."""

    number: int
    asked: int
    last_day: date


@dataclass(frozen=True, kw_only=True)
class OpenRound:
    """What the page of a link says: of which cycle, and the last day to answer."""

    programme: str
    cycle: str
    last_day: date


@dataclass(frozen=True, kw_only=True)
class RoundResult:
    """One round for organisers; `result` None while it is open: nothing is told before it closes."""

    number: int
    opened_on: date
    last_day: date
    asked: int
    result: Result | None


def open_round(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, links: Links) -> Opened:
    """Ask everybody in a pair or circle now, for ten days.

    Raises WrongState while the cycle is not under way, while another round is open, and with fewer than five
    people: of so few nothing could be told.
    """
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    if cycle.state not in care_lists.UNDER_WAY:
        state = words(CycleState(cycle.state))
        raise WrongState(
            say("“{cycle}” is {state}. A check-in needs a cycle under way.", cycle=cycle.name, state=state)
        )
    closes = (now + timedelta(days=aggregates.DAYS_OPEN)).date()
    opened = _open(session, cycle, closes_on=closes, now=now, links=links)
    audit.append(session, act="check-in opened", about=cycle_id, by=by, now=now)
    return opened


def open_due(session: Session, *, now: datetime, links: Links) -> tuple[Opened, ...]:
    """Open every round that is due by its cycle's days and its programme's settings."""
    return tuple(
        opened
        for cycle, programme, had in care_lists.under_way(session, now.date())
        if (opened := _open_if_due(session, cycle, programme, had, now=now, links=links)) is not None
    )


def close_due(session: Session, *, now: datetime, seed: int) -> int:
    """Close every round whose time is over and write down what is told of it; how many."""
    over = select(CheckIn.id).where(CheckIn.closes_at <= now, CheckIn.result.is_(None))
    waiting = session.scalars(over.order_by(CheckIn.id)).all()
    for place, row_id in enumerate(waiting):
        _close(session, row_id, seed=seed + place)
    return len(waiting)


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete single answers 90 days after their round; what was told of them stays."""
    old = select(CheckIn.id).where(CheckIn.closes_at <= now - KEPT)
    session.execute(
        delete(CheckInAnswer)
        .where(CheckInAnswer.check_in_id.in_(old))
        .execution_options(synchronize_session=False)
    )


def look(session: Session, *, token: str, now: datetime) -> OpenRound:
    """What the link asks; looking does not use it up. Raises Gone when it is used, over or unknown."""
    _, row = _invited(session, token, now)
    cycle = session.get_one(Cycle, row.cycle_id)
    programme = session.get_one(Programme, cycle.programme_id)
    return OpenRound(programme=programme.name, cycle=cycle.name, last_day=_last_day(row))


def answer(session: Session, *, token: str, said: RoundAnswer, now: datetime) -> None:
    """Store one answer, once. That somebody answered and what was said are written apart.

    Raises Gone as `look` does. Nothing is written about it anywhere else: a time or a trace in the audit log
    would lead from the one to the other.
    """
    invitation_id, row = _invited(session, token, now)
    taken = session.execute(
        update(CheckInInvitation)
        .where(CheckInInvitation.id == invitation_id, CheckInInvitation.answered == False)  # noqa: E712 (SQL)
        .values(answered=True)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise Gone(ANSWERED)
    session.add(
        CheckInAnswer(
            id=uuid4(),
            check_in_id=row.id,
            met=said.met.value,
            helpful=said.helpful,
            comment=said.comment,
        )
    )
    session.flush()


def results(session: Session, *, cycle_id: UUID, by: UUID | None) -> tuple[RoundResult, ...]:
    """What is told of each round, for organisers of the programme. Raises NotFound for anybody else."""
    require_organiser(session, cycles.of(session, cycle_id).programme_id, by)
    return tuple(
        RoundResult(
            number=line.number,
            opened_on=line.opens_at.date(),
            last_day=(line.closes_at - timedelta(days=1)).date(),
            asked=line.asked,
            result=None if line.result is None else Result.from_data(line.result),
        )
        for line in care_lists.rounds(session, cycle_id)
    )


def _open_if_due(
    session: Session, cycle: Cycle, programme: Programme, had: int, *, now: datetime, links: Links
) -> Opened | None:
    """A round that nobody was there to open in time is left out, and so is one nobody could be told of."""
    planned = aggregates.rounds(cycle.starts_on, cycle.ends_on, programme.settings)[had:]
    due = next((one for one in planned if one.opens_on <= now.date() < one.closes_on), None)
    if due is None:
        return None
    try:
        return _open(session, cycle, closes_on=due.closes_on, now=now, links=links)
    except WrongState:
        return None


def _open(session: Session, cycle: Cycle, *, closes_on: date, now: datetime, links: Links) -> Opened:
    to_change(session, Cycle, cycle.id, "cycle")
    before = care_lists.rounds(session, cycle.id)
    if any(line.result is None for line in before):
        raise WrongState(say("A check-in of “{cycle}” is open already.", cycle=cycle.name))
    asked = care_lists.who_meets(session, cycle.id)
    if len(asked) < aggregates.FEWEST:
        raise WrongState(
            say("Fewer than five people meet in “{cycle}”: nothing could be told of them.", cycle=cycle.name)
        )
    row = CheckIn(
        id=uuid4(),
        cycle_id=cycle.id,
        number=len(before) + 1,
        opens_at=now,
        closes_at=datetime.combine(closes_on, time(0), UTC),
    )
    session.add(row)
    session.flush()
    _invite(session, row, cycle, asked, now=now, links=links)
    return Opened(number=row.number, asked=len(asked), last_day=_last_day(row))


def _invite(
    session: Session, row: CheckIn, cycle: Cycle, asked: Iterable[UUID], *, now: datetime, links: Links
) -> None:
    programme = session.get_one(Programme, cycle.programme_id)
    own = mail_texts.of(session, programme.id)
    called = CycleWords(programme=programme.name, cycle=cycle.name, slug=programme.slug, own=own)
    for person_id, person in people_by_id(session, asked).items():
        token = secrets.token_urlsafe(24)
        session.add(CheckInInvitation(check_in_id=row.id, person_id=person_id, token_hash=_sha(token)))
        mail = messages.check_in(
            id=uuid4(), to=person, token=token, last_day=_last_day(row), cycle=called, links=links
        )
        outbox.write(
            session,
            mail,
            cycle=cycle.id,
            person=person_id,
            kind=MailKind.CHECK_IN,
            occurrence=str(row.number),
            now=now,
        )


def _invited(session: Session, token: str, now: datetime) -> tuple[UUID, CheckIn]:
    """The invitation and its round, which stays open until the transaction ends."""
    found = session.scalars(
        select(CheckInInvitation).where(CheckInInvitation.token_hash == _sha(token))
    ).first()
    if found is None:
        raise Gone(UNKNOWN)
    row = session.get_one(CheckIn, found.check_in_id, with_for_update=AS_IT_IS, populate_existing=True)
    if found.answered:
        raise Gone(ANSWERED)
    if row.result is not None or row.closes_at <= now:
        raise Gone(
            say(
                "This check-in ended on {day}, and what it said has been told. Thank you for wanting to "
                "answer; the next one comes by mail. If something is urgent, ask for help on your page.",
                day=_last_day(row),
            )
        )
    return found.id, row


def _close(session: Session, row_id: UUID, *, seed: int) -> None:
    """Write the aggregate, once, and the answers anew: under new ids, all at one time, in no order."""
    row = to_change(session, CheckIn, row_id, "check-in")
    if row.result is not None:
        return
    stored = session.scalars(select(CheckInAnswer).where(CheckInAnswer.check_in_id == row_id)).all()
    said = [RoundAnswer(met=Met(one.met), helpful=one.helpful, comment=one.comment) for one in stored]
    row.result = aggregates.result_of(said, seed=seed).to_data()
    for one in stored:
        session.delete(one)
    session.flush()
    anew = [
        CheckInAnswer(
            id=uuid4(), check_in_id=row_id, met=one.met.value, helpful=one.helpful, comment=one.comment
        )
        for one in said
    ]
    anew.sort(key=lambda one: one.id)
    session.add_all(anew)
    session.flush()


def _last_day(row: CheckIn) -> date:
    return (row.closes_at - timedelta(days=1)).date()


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
