"""Forgetting somebody for good: what is theirs goes, what others need stays with a stand-in nobody can trace.

The stand-in is a person with a new random id and no address. Who signs up again later is a new person; no row
says that they were here before. `Erasure` keeps the old id, so that a copy brought back forgets them, too.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from matcher.domain.errors import WrongState
from matcher.domain.lifecycle import CycleState, MailState
from matcher.domain.sentences import say
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.account.sign_in import address_hash
from matcher.services.help import escalations
from matcher.services.post import outbox
from matcher.services.privacy import traces
from matcher.services.privacy.plan import PLANS, Fate, naming_people
from matcher.services.repair import partings
from matcher.store.participant_tables import DutyOffer, Erasure, Escalation, GoalRow, GoalStep
from matcher.store.rows import one_at_a_time, to_change
from matcher.store.tables import (
    AuditEntry,
    AuditPayload,
    Cycle,
    EnrolmentRow,
    MailEvent,
    MailRow,
    PersonRow,
    Programme,
    ProgrammeRole,
    SignInToken,
)

NOT_OVER = (CycleState.OPEN, CycleState.CLOSED, CycleState.REVIEW, CycleState.PUBLISHED, CycleState.RUNNING)


def erase(
    session: Session, *, person_id: UUID, now: datetime, links: Links, stand_in: UUID | None = None
) -> None:
    """Forget this person, in the caller's transaction. `stand_in`: the new random id, if it must be known.

    Their pairs end and the partners are told by mail that they are no longer available. Raises WrongState for
    the last organiser or handler of a programme and for a handler with open requests; NotFound.
    """
    # One at a time: two who leave together must not both count on the other to stay as an organiser.
    one_at_a_time(session, "erase")
    person = to_change(session, PersonRow, person_id, "person")
    _refuse_the_needed(session, person_id)
    _leave_everything(session, person_id, now=now, links=links)
    other = _stand_in(session, stand_in or uuid4(), now)
    outbox.withdraw(session, person_id, now=now)
    escalations.forget(session, person_id=person_id)
    _forget_goals(session, person_id)
    traces.out_of_letters(session, person)
    _empty_own_mails(session, person_id)
    _blank_answers(session, person_id)
    _forget_tokens(session, person)
    _forget_in_log(session, person_id)
    _walk_columns(session, person_id, other)
    traces.out_of_stored_data(session, person, other)
    traces.out_of_snapshots(session, person, other)
    session.flush()
    session.expire_all()
    session.execute(delete(PersonRow).where(PersonRow.id == person_id))
    session.add(Erasure(person_id=person_id, erased_at=now))
    audit.append(session, act="erased", about=person_id, by=None, now=now)


def erased(session: Session) -> tuple[Erasure, ...]:
    """The ledger of whom we forgot, the first first."""
    return tuple(session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.person_id)))


def erase_again(session: Session, ids: Iterable[UUID], *, now: datetime, links: Links) -> int:
    """After a copy was brought back: forget all of these who are in it. Returns how many were.

    No mail leaves for it: the partners were told at the time. Whoever is needed as the last organiser is
    forgotten all the same, for they were replaced before they could be erased.
    """
    known = {row.person_id for row in erased(session)}
    found = 0
    for person_id in sorted({*ids} | known):
        if session.get(PersonRow, person_id) is None:
            continue
        session.execute(delete(Erasure).where(Erasure.person_id == person_id))
        session.execute(delete(ProgrammeRole).where(ProgrammeRole.person_id == person_id))
        session.execute(
            update(Escalation)
            .where(Escalation.handler_id == person_id, Escalation.state != "closed")
            .values(state="closed", closed_at=now)
        )
        before = set(session.scalars(select(MailRow.id)))
        erase(session, person_id=person_id, now=now, links=links)
        _cancel_new_mails(session, before, now)
        found += 1
    return found


def what_stands_in_the_way(session: Session, person_id: UUID) -> str | None:
    """Why this person cannot be erased yet; None when they can."""
    try:
        _refuse_the_needed(session, person_id)
    except WrongState as wrong:
        return wrong.sentence
    return None


def _refuse_the_needed(session: Session, person_id: UUID) -> None:
    waiting = select(func.count()).where(Escalation.handler_id == person_id, Escalation.state != "closed")
    if session.scalar(waiting):
        raise WrongState(
            say(
                "Somebody has asked you for help, and the request is still open. Close it first; then "
                "you can erase your account. Nothing was changed."
            )
        )
    mine, theirs = aliased(ProgrammeRole), aliased(ProgrammeRole)
    others = select(theirs.id).where(
        theirs.programme_id == mine.programme_id,
        theirs.role == mine.role,
        theirs.person_id != person_id,
    )
    found = session.execute(
        select(Programme.name, mine.role)
        .join(mine, mine.programme_id == Programme.id)
        .where(mine.person_id == person_id, ~others.exists())
        .order_by(Programme.name)
    ).first()
    if found is None:
        return
    name, role = found
    if role == "organiser":
        raise WrongState(
            say(
                "You are the only organiser of “{programme}”. Add another organiser first, so that nobody "
                "there is left alone; then you can erase your account. Nothing was changed.",
                programme=name,
            )
        )
    raise WrongState(
        say(
            "You are the only one whom people in “{programme}” can ask for help. Ask an organiser to name "
            "somebody else first; then you can erase your account. Nothing was changed.",
            programme=name,
        )
    )


def _leave_everything(session: Session, person_id: UUID, *, now: datetime, links: Links) -> None:
    """Leave all cycles that are not over, as somebody does who just leaves."""
    present = (
        select(Cycle.id)
        .join(EnrolmentRow, EnrolmentRow.cycle_id == Cycle.id)
        .where(EnrolmentRow.person_id == person_id, Cycle.state.in_([state.value for state in NOT_OVER]))
        .order_by(Cycle.id)
    )
    for cycle_id in session.scalars(present).all():
        partings.leave(session, cycle_id=cycle_id, person_id=person_id, by=person_id, now=now, links=links)
    session.execute(
        update(DutyOffer)
        .where(DutyOffer.offered_by == person_id, DutyOffer.state == "open")
        .values(state="withdrawn", ended_at=now)
    )


def _stand_in(session: Session, id_: UUID, now: datetime) -> UUID:
    session.add(
        PersonRow(
            id=id_,
            email=f"{id_}@left.invalid",
            name=traces.SOMEBODY,
            active=False,
            languages=[],
            created_at=now,
        )
    )
    session.flush()
    return id_


def _forget_goals(session: Session, person_id: UUID) -> None:
    """Their goals with one partner go with the pair; a circle keeps its goals, without their name."""
    own = select(GoalRow.id).where(GoalRow.made_by == person_id, GoalRow.pair_id.is_not(None))
    session.execute(delete(GoalStep).where(GoalStep.goal_id.in_(own)))
    session.execute(delete(GoalRow).where(GoalRow.made_by == person_id, GoalRow.pair_id.is_not(None)))


def _empty_own_mails(session: Session, person_id: UUID) -> None:
    """That a mail was sent stays countable; to whom and what it said does not."""
    own = select(MailRow.id).where(MailRow.person_id == person_id)
    session.execute(update(MailEvent).where(MailEvent.mail_id.in_(own)).values(note=""))
    session.execute(
        update(MailRow)
        .where(MailRow.person_id == person_id)
        .values(address="", name="", domain="", subject="", text="", html="", ics=None, reply=None)
    )


def _blank_answers(session: Session, person_id: UUID) -> None:
    """Of a sign-up only the roles stay: counts of past cycles remain right."""
    for row in session.scalars(select(EnrolmentRow).where(EnrolmentRow.person_id == person_id)).all():
        row.answers = traces.blank(row.answers)
    session.flush()


def _forget_tokens(session: Session, person: PersonRow) -> None:
    session.execute(delete(SignInToken).where(SignInToken.address_hash == address_hash(person.email)))


def _forget_in_log(session: Session, person_id: UUID) -> None:
    """Delete salt and payload of entries about them; the chain holds hashes only and still verifies."""
    own = select(EnrolmentRow.id).where(EnrolmentRow.person_id == person_id)
    about = select(AuditEntry.number).where(or_(AuditEntry.about == person_id, AuditEntry.about.in_(own)))
    names = AuditPayload.payload.cast(AuditPayload.__table__.c.salt.type).contains(str(person_id))
    session.execute(delete(AuditPayload).where(or_(AuditPayload.number.in_(about), names)))


def _walk_columns(session: Session, person_id: UUID, stand_in: UUID) -> None:
    """Follow every foreign key to a person, as the plan says."""
    columns = naming_people()
    for name in reversed(list(columns)):
        column = columns[name]
        plan = PLANS[name]
        if plan.fate is Fate.GONE:
            session.execute(delete(column.table).where(column == person_id))
        else:
            left = stand_in if plan.fate is Fate.APART else None
            session.execute(update(column.table).where(column == person_id).values({column.name: left}))


def _cancel_new_mails(session: Session, before: set[UUID], now: datetime) -> None:
    new = [mail_id for mail_id in session.scalars(select(MailRow.id)) if mail_id not in before]
    session.execute(
        update(MailRow)
        .where(MailRow.id.in_(new), MailRow.state == MailState.QUEUED.value)
        .values(state=MailState.CANCELLED.value, settled_at=now)
    )
