"""Who has not decided about a cycle, and who was reminded lately."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from matcher.domain.mailing import MailKind
from matcher.store.participant_tables import FormDraft
from matcher.store.tables import Cycle, EnrolmentRow, MailRow, PersonRow

BEGUN, EARLIER, KNOWN = "begun", "earlier", "known"


def undecided(session: Session, cycle: Cycle) -> dict[str, set[UUID]]:
    """People with an account who neither signed up nor left, each in one group: they began the form, took
    part in an earlier cycle of the programme, or neither."""
    here = exists().where(EnrolmentRow.cycle_id == cycle.id, EnrolmentRow.person_id == PersonRow.id)
    everyone = set(session.scalars(select(PersonRow.id).where(PersonRow.active, ~here)))
    begun = set(session.scalars(select(FormDraft.person_id).where(FormDraft.cycle_id == cycle.id))) & everyone
    earlier_cycle = aliased(Cycle)
    took_part = (
        select(EnrolmentRow.person_id)
        .join(earlier_cycle, earlier_cycle.id == EnrolmentRow.cycle_id)
        .where(earlier_cycle.programme_id == cycle.programme_id, earlier_cycle.number < cycle.number)
    )
    earlier = (set(session.scalars(took_part)) & everyone) - begun
    return {BEGUN: begun, EARLIER: earlier, KNOWN: everyone - begun - earlier}


def reminded_since(session: Session, since: datetime) -> set[UUID]:
    """Everybody to whom a reminder was written since then, whatever the cycle."""
    lately = select(MailRow.person_id).where(
        MailRow.kind == MailKind.REMINDER.value, MailRow.written_at > since
    )
    return set(session.scalars(lately))
