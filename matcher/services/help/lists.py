"""Rows about requests for help. Every question names who asks it: there is no list of all of them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, delete, select, true
from sqlalchemy.orm import Session

from matcher.store.participant_tables import Escalation, EscalationMessage
from matcher.store.tables import PersonRow, ProgrammeRole

HANDLER = "handler"


def handlers_of(session: Session, programme_id: UUID) -> tuple[PersonRow, ...]:
    """The active handlers of a programme, who was appointed first first."""
    found = (
        select(PersonRow)
        .join(ProgrammeRole, ProgrammeRole.person_id == PersonRow.id)
        .where(
            ProgrammeRole.programme_id == programme_id,
            ProgrammeRole.role == HANDLER,
            PersonRow.active.is_(true()),
        )
        .order_by(ProgrammeRole.given_at, PersonRow.id)
    )
    return tuple(session.scalars(found))


def handles(session: Session, person_id: UUID) -> bool:
    """Whether somebody handles requests in any programme."""
    return session.execute(_handled_by(person_id).limit(1)).first() is not None


def line_above(session: Session, person_id: UUID) -> frozenset[UUID]:
    """Everybody this person reports to, directly or through others."""
    above: set[UUID] = set()
    one: UUID | None = person_id
    while one is not None:
        one = session.scalar(select(PersonRow.manager_id).where(PersonRow.id == one))
        if one is None or one in above:
            break
        above.add(one)
    return frozenset(above)


def case_of(session: Session, case_id: UUID, person_id: UUID) -> Escalation | None:
    """The case, for who asked and for the handler it is with, as long as they are one."""
    mine = (Escalation.asked_by == person_id) | (
        (Escalation.handler_id == person_id) & Escalation.programme_id.in_(_handled_by(person_id))
    )
    found = select(Escalation).where(Escalation.id == case_id, mine)
    return session.scalars(found.with_for_update().execution_options(populate_existing=True)).first()


def cases_asked(session: Session, programme_id: UUID, person_id: UUID) -> tuple[Escalation, ...]:
    """What this person asked in a programme, newest first."""
    found = select(Escalation).where(
        Escalation.asked_by == person_id, Escalation.programme_id == programme_id
    )
    return tuple(session.scalars(found.order_by(Escalation.asked_at.desc(), Escalation.id)))


def cases_handled(session: Session, person_id: UUID) -> tuple[Escalation, ...]:
    """What is with this handler, newest first."""
    found = select(Escalation).where(
        Escalation.handler_id == person_id, Escalation.programme_id.in_(_handled_by(person_id))
    )
    return tuple(session.scalars(found.order_by(Escalation.asked_at.desc(), Escalation.id)))


def messages_of(session: Session, case_id: UUID) -> tuple[EscalationMessage, ...]:
    """The thread, the first message first."""
    found = select(EscalationMessage).where(EscalationMessage.escalation_id == case_id)
    return tuple(session.scalars(found.order_by(EscalationMessage.at, EscalationMessage.id)))


def destroy(session: Session, cases: Iterable[UUID]) -> None:
    """Delete these cases with all that was said in them."""
    ids = tuple(cases)
    for table, column in ((EscalationMessage, EscalationMessage.escalation_id), (Escalation, Escalation.id)):
        session.execute(delete(table).where(column.in_(ids)).execution_options(synchronize_session="fetch"))


def _handled_by(person_id: UUID) -> Select[UUID]:
    return select(ProgrammeRole.programme_id).where(
        ProgrammeRole.person_id == person_id, ProgrammeRole.role == HANDLER
    )
