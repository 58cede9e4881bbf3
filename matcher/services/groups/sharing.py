"""What partners may see of somebody's answers: nothing unless they said yes, part by part, at any time."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.people import EnrolmentState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.store.participant_tables import Consent
from matcher.store.rows import portions
from matcher.store.tables import EnrolmentRow


class SharedPart(StrEnum):
    """A part of the answers; its value is the purpose of the consent."""

    GOALS = "share goals"
    TOPICS = "share topics"
    LANGUAGES = "share languages"


def shared(
    session: Session, cycle_id: UUID, people: Collection[UUID]
) -> Mapping[UUID, frozenset[SharedPart]]:
    """What each of these people lets their partners see; who shares nothing is not in it."""
    found: dict[UUID, set[SharedPart]] = {}
    for some in portions(sorted(people)):
        asked = select(Consent.person_id, Consent.purpose).where(
            Consent.cycle_id == cycle_id,
            Consent.person_id.in_(some),
            Consent.purpose.in_([part.value for part in SharedPart]),
            Consent.withdrawn_at.is_(None),
        )
        for person, purpose in session.execute(asked):
            found.setdefault(person, set()).add(SharedPart(purpose))
    return {person: frozenset(parts) for person, parts in found.items()}


def choose(session: Session, *, cycle_id: UUID, parts: Iterable[SharedPart], by: UUID, now: datetime) -> None:
    """Share exactly these parts from now on. Raises NotFound for somebody who is not in the cycle."""
    wanted = set(parts)
    mine = select(EnrolmentRow).where(
        EnrolmentRow.cycle_id == cycle_id,
        EnrolmentRow.person_id == by,
        EnrolmentRow.state != EnrolmentState.LEFT.value,
    )
    # One at a time for one person: two windows cannot both write the same row.
    if session.scalars(mine.with_for_update(key_share=True)).first() is None:
        raise NotFound(say("You have not signed up for this cycle."))
    asked = select(Consent).where(Consent.cycle_id == cycle_id, Consent.person_id == by)
    rows = {row.purpose: row for row in session.scalars(asked)}
    changed = False
    for part in SharedPart:
        row = rows.get(part.value)
        stands = row is not None and row.withdrawn_at is None
        if stands == (part in wanted):
            continue
        changed = True
        if row is None:
            row = Consent(cycle_id=cycle_id, person_id=by, purpose=part.value, given_at=now)
            session.add(row)
        elif part in wanted:
            row.given_at, row.withdrawn_at = now, None
        else:
            row.withdrawn_at = now
    session.flush()
    if changed:
        audit.append(session, act="sharing changed", about=cycle_id, by=by, now=now)
