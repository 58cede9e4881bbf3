"""The outbox: every mail is a row, and every step of its delivery a conditional UPDATE (docs/decisions/0010).

A step names the row's id, the state it leaves and the lease token under which it is done; it counts only if
exactly one row changed. Whoever lost the lease learns it here, before the last word is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, func, select, update
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import MailState, move, moves, words
from matcher.domain.mailing import (
    LEASE,
    LETS_IN,
    DeliveryOutcome,
    Heard,
    MailKind,
    NextState,
    Tries,
    after,
    after_crash,
    after_doubt,
)
from matcher.domain.sentences import say
from matcher.mail.value import Mail
from matcher.mail.wire import Envelope, envelope
from matcher.store import tables

NO_CYCLE = UUID(int=0)
HELD = (MailState.CLAIMED, MailState.HANDING_OVER)
WAITING = (MailState.QUEUED, MailState.DEFERRED)
SILENCE = say("The worker stopped while this mail was handed over: it may or may not have arrived.")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One mail in the hands of one worker, for as long as the lease is renewed."""

    id: UUID
    token: UUID
    tries: Tries
    row: tables.MailRow

    def envelope(self, sender: str) -> Envelope:
        """The message ready to hand over. Raises CannotBeWritten."""
        row = self.row
        mail = Mail(
            id=row.id,
            to=row.address,
            name=row.name,
            subject=row.subject,
            text=row.text,
            html=row.html,
            ics=row.ics,
            message_id=row.message_id,
        )
        return envelope(mail, sender=sender, attempt=self.tries.attempts, written_at=row.written_at)


def write(
    session: Session,
    mail: Mail,
    *,
    cycle: UUID | None,
    person: UUID,
    kind: MailKind,
    occurrence: str,
    now: datetime,
) -> UUID:
    """Put a mail into the outbox, in the transaction of its cause; ring after the commit.

    A second mail of this kind to this person for the same occasion is refused (IntegrityError).
    """
    session.add(
        tables.MailRow(
            id=mail.id,
            cycle_id=cycle or NO_CYCLE,
            person_id=person,
            kind=kind.value,
            occurrence=occurrence,
            state=MailState.QUEUED.value,
            address=mail.to,
            name=mail.name,
            domain=mail.domain,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            ics=mail.ics,
            message_id=mail.message_id,
            written_at=now,
            due_at=now,
        )
    )
    session.flush()
    return mail.id


def claim(session: Session, *, worker: str, now: datetime, per_domain: int = 3) -> Claim | None:
    """Take the mail that has waited longest.

    A domain to which this worker has `per_domain` mails in hand already must wait. What a dead worker held
    does not count: its mails would block the domain until their leases end.
    """
    busy = (
        select(tables.MailRow.domain)
        .where(tables.MailRow.state.in_(HELD), tables.MailRow.worker == worker)
        .group_by(tables.MailRow.domain)
        .having(func.count() >= per_domain)
    )
    found = session.scalars(
        select(tables.MailRow)
        .where(
            tables.MailRow.state.in_(WAITING),
            tables.MailRow.due_at <= now,
            tables.MailRow.domain.not_in(busy),
        )
        .order_by(tables.MailRow.due_at, tables.MailRow.id)
        .limit(1)
        # On PostgreSQL two workers would look at the same row; the second takes the next one instead.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    taken = Claim(
        id=found.id,
        token=uuid4(),
        tries=Tries(attempts=found.attempts + 1, refusals=found.refusals, crashes=found.crashes),
        row=found,
    )
    moved = _move(
        session,
        taken.id,
        leaves=MailState(found.state),
        token=None,
        step=NextState(state=MailState.CLAIMED, words=worker),
        attempt=taken.tries.attempts,
        now=now,
        attempts=taken.tries.attempts,
        worker=worker,
        lease_token=taken.token,
        lease_until=now + LEASE,
    )
    return taken if moved else None


def hand_over(session: Session, claimed: Claim, *, now: datetime) -> bool:
    """Step 2 of the hand-over, to be committed before the last word. False: drop the connection instead.

    False means that the lease is lost, or that the person is no longer active: then the mail is cancelled.
    """
    active = session.scalar(
        select(tables.PersonRow.active).where(tables.PersonRow.id == claimed.row.person_id)
    )
    if not active:
        step = NextState(state=MailState.CANCELLED, words=say("This person is no longer active."))
        _leave(session, claimed, MailState.CLAIMED, step, now=now)
        return False
    return _move(
        session,
        claimed.id,
        leaves=MailState.CLAIMED,
        token=claimed.token,
        step=NextState(state=MailState.HANDING_OVER, words=""),
        attempt=claimed.tries.attempts,
        now=now,
        lease_until=now + LEASE,
    )


def record(session: Session, claimed: Claim, outcome: DeliveryOutcome, *, now: datetime) -> bool:
    """Write down how the hand-over ended. False: somebody else has this mail by now, nothing was changed."""
    row = claimed.row
    step = after(outcome, tries=claimed.tries, written_at=row.written_at, now=now)
    if step.state is MailState.UNCERTAIN:
        return _doubt(session, claimed, step, now=now)
    more = {"refusals": claimed.tries.refusals + 1} if outcome.heard is Heard.NOT_NOW else {}
    # A late reply settles a mail that the sweeper called uncertain meanwhile: the token shows it is ours.
    leaves = [state for state in (*HELD, MailState.UNCERTAIN) if step.state in moves(state)]
    return any(_leave(session, claimed, state, step, now=now, **more) for state in leaves)


def release(session: Session, claimed: Claim, *, now: datetime) -> bool:
    """Give a claimed mail back untouched: the worker was asked to stop."""
    step = NextState(state=MailState.QUEUED, due_at=now, words=say("The worker stopped in good order."))
    return _leave(session, claimed, MailState.CLAIMED, step, now=now)


def renew(session: Session, tokens: Collection[UUID], *, now: datetime) -> None:
    """Keep these leases for another while. Those lost meanwhile stay lost; their next step finds out."""
    session.execute(
        update(tables.MailRow)
        .where(tables.MailRow.lease_token.in_(tokens), tables.MailRow.state.in_(HELD))
        .values(lease_until=now + LEASE)
    )


def sweep(session: Session, *, now: datetime) -> int:
    """Take up what dead workers left. Before the last word a mail goes back; after it, it is uncertain.

    Returns the number of mails due now: ring if there are any.
    """
    dead = session.scalars(
        select(tables.MailRow)
        .where(tables.MailRow.state.in_(HELD), tables.MailRow.lease_until < now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in dead:
        tries = Tries(attempts=row.attempts, refusals=row.refusals, crashes=row.crashes)
        left = Claim(id=row.id, token=cast(UUID, row.lease_token), tries=tries, row=row)
        if row.state == MailState.CLAIMED:
            step = after_crash(tries, now=now)
            _leave(session, left, MailState.CLAIMED, step, now=now, crashes=tries.crashes + 1)
        else:
            _doubt(session, left, NextState(state=MailState.UNCERTAIN, words=SILENCE), now=now)
    due = select(func.count()).where(tables.MailRow.state.in_(WAITING), tables.MailRow.due_at <= now)
    return session.scalar(due) or 0


def resend(session: Session, mail_id: UUID, *, by: UUID, now: datetime) -> None:
    """Send an uncertain mail once more, under the same Message-ID: somebody asked, or decided it got lost."""
    step = NextState(state=MailState.QUEUED, due_at=now, words=f"Sent again, as {by} decided.")
    _decide(session, mail_id, step, now=now)


def settle(session: Session, mail_id: UUID, *, by: UUID, now: datetime) -> None:
    """Call an uncertain mail delivered: somebody knows that it arrived."""
    _decide(session, mail_id, NextState(state=MailState.SENT, words=f"Arrived, as {by} knows."), now=now)


def withdraw(session: Session, person: UUID, *, now: datetime) -> int:
    """Cancel all mails to this person that have not left. Returns how many."""
    words = say("This person left before the mail did.")
    return _withdraw(session, tables.MailRow.person_id == person, words, now=now)


def withdraw_cycle(session: Session, cycle: UUID, *, now: datetime) -> int:
    """Cancel all mails about this cycle that have not left: it was given up. Returns how many."""
    words = say("The cycle was cancelled before this mail left.")
    return _withdraw(session, tables.MailRow.cycle_id == cycle, words, now=now)


def _withdraw(session: Session, which: ColumnElement[bool], words: str, *, now: datetime) -> int:
    waiting = select(tables.MailRow).where(which, tables.MailRow.state.in_(WAITING))
    step = NextState(state=MailState.CANCELLED, words=words)
    return sum(
        _move(
            session,
            row.id,
            leaves=MailState(row.state),
            token=None,
            step=step,
            attempt=row.attempts,
            now=now,
            settled_at=now,
        )
        for row in session.scalars(waiting.with_for_update().execution_options(populate_existing=True)).all()
    )


def tally(session: Session, cycle: UUID | None = None) -> Mapping[MailState, int]:
    """How many mails are in each state, of one cycle or of all."""
    counted = select(tables.MailRow.state, func.count()).group_by(tables.MailRow.state)
    if cycle is not None:
        counted = counted.where(tables.MailRow.cycle_id == cycle)
    return {MailState(state): count for state, count in session.execute(counted).all()}


def doubtful(session: Session, cycle: UUID) -> tuple[UUID, ...]:
    """Mails of a cycle that may or may not have arrived, for its organisers to decide about."""
    found = select(tables.MailRow.id).where(
        tables.MailRow.cycle_id == cycle, tables.MailRow.state == MailState.UNCERTAIN
    )
    return tuple(session.scalars(found.order_by(tables.MailRow.address)).all())


def _doubt(session: Session, claimed: Claim, step: NextState, *, now: datetime) -> bool:
    """No reply after the last word: uncertain, and what follows from that by itself."""
    if not _leave(session, claimed, MailState.HANDING_OVER, step, now=now):
        return False
    follows = after_doubt(claimed.row.kind, attempts=claimed.tries.attempts, now=now)
    if follows is not None:
        _leave(session, claimed, MailState.UNCERTAIN, follows, now=now)
    return True


def _decide(session: Session, mail_id: UUID, step: NextState, *, now: datetime) -> None:
    row = session.get(tables.MailRow, mail_id, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no such mail."))
    more: dict[str, Any] = {"due_at": step.due_at} if step.due_at else {"settled_at": now}
    if not _move(
        session,
        mail_id,
        leaves=MailState.UNCERTAIN,
        token=row.lease_token,
        step=step,
        attempt=row.attempts,
        now=now,
        lease_token=None,
        **more,
    ):
        state = words(MailState(row.state))
        raise WrongState(
            say(
                "This mail is {state}. Only one that may or may not have arrived is decided by hand.",
                state=state,
            )
        )


def _leave(
    session: Session, claimed: Claim, state: MailState, step: NextState, *, now: datetime, **more: Any
) -> bool:
    """A step that ends a claim. The token stays on an uncertain row, so that a late reply finds it."""
    values: dict[str, Any] = {"lease_until": None, "worker": None, **more}
    if step.state is not MailState.UNCERTAIN:
        values["lease_token"] = None
    if step.due_at is not None:
        values["due_at"] = step.due_at
    if step.state in (MailState.SENT, MailState.FAILED, MailState.CANCELLED):
        values["settled_at"] = now
        if claimed.row.kind in LETS_IN:
            # The link lets somebody in; nobody who reads the database later shall find it.
            values |= {"text": "", "html": ""}
    return _move(
        session,
        claimed.id,
        leaves=state,
        token=claimed.token,
        step=step,
        attempt=claimed.tries.attempts,
        now=now,
        **values,
    )


def _move(
    session: Session,
    mail_id: UUID,
    *,
    leaves: MailState,
    token: UUID | None,
    step: NextState,
    attempt: int,
    now: datetime,
    **values: Any,
) -> bool:
    """The one place where a mail changes its state: by id, state and token, and only if one row agrees."""
    move(leaves, step.state)
    row = tables.MailRow
    held = row.lease_token.is_(None) if token is None else row.lease_token == token
    if step.words and step.state is not MailState.CLAIMED:
        values["reply"] = step.words
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(row)
            .where(row.id == mail_id, row.state == leaves, held)
            .values(state=step.state.value, **values)
            .execution_options(synchronize_session=False)
        ),
    )
    if done.rowcount != 1:
        return False
    session.add(
        tables.MailEvent(
            id=uuid4(), mail_id=mail_id, at=now, state=step.state.value, attempt=attempt, note=step.words
        )
    )
    session.flush()
    return True
