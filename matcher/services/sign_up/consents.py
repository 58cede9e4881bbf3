"""Consent to the optional, sensitive questions: given for one purpose and cycle, withdrawn singly."""

import hashlib
import json
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matcher.domain.sign_up.form import QUESTIONS
from matcher.services import audit
from matcher.services.sign_up import form_drafts
from matcher.store.participant_tables import Consent
from matcher.store.rows import TO_CHANGE
from matcher.store.tables import EnrolmentRow, SnapshotRow
from matcher.store.types import canonical

IDENTITY = "identity"
NOTHING: dict[str, Any] = {"identity_wish": "", "characteristics": []}


def given(session: Session, cycle_id: UUID, person_id: UUID, purpose: str = IDENTITY) -> datetime | None:
    """Since when the person agrees to this purpose; None if they do not."""
    row = session.scalars(_mine(cycle_id, person_id, purpose)).first()
    return row.given_at if row is not None and row.withdrawn_at is None else None


def give(
    session: Session, *, cycle_id: UUID, person_id: UUID, now: datetime, purpose: str = IDENTITY
) -> None:
    """Note a yes; once is enough."""
    row = session.scalars(_mine(cycle_id, person_id, purpose).with_for_update(**TO_CHANGE)).first()
    if row is None:
        row = Consent(cycle_id=cycle_id, person_id=person_id, purpose=purpose, given_at=now)
        session.add(row)
    elif row.withdrawn_at is not None:
        row.given_at, row.withdrawn_at = now, None
    else:
        return
    session.flush()
    audit.append(session, act="consent given", about=row.id, by=person_id, now=now)


def withdraw(
    session: Session, *, cycle_id: UUID, person_id: UUID, now: datetime, purpose: str = IDENTITY
) -> None:
    """Take the yes back and destroy the answers that rested on it, also in a begun form and in snapshots.

    What else the person said stays. Without a yes there is nothing to do.
    """
    row = session.scalars(_mine(cycle_id, person_id, purpose).with_for_update(**TO_CHANGE)).first()
    fields = frozenset(QUESTIONS[purpose].fields)
    form_drafts.drop_fields(session, cycle_id=cycle_id, person_id=person_id, fields=fields)
    mine = select(EnrolmentRow).where(EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id == person_id)
    enrolment = session.scalars(mine.with_for_update(**TO_CHANGE)).first()
    if enrolment is not None:
        answers = dict(enrolment.answers)
        enrolment.answers = {**answers, **NOTHING}
        enrolment.version += 1
        _out_of_snapshots(session, cycle_id, person_id)
    if row is not None and row.withdrawn_at is None:
        row.withdrawn_at = now
        session.flush()
        audit.append(session, act="consent withdrawn", about=row.id, by=person_id, now=now)


def _out_of_snapshots(session: Session, cycle_id: UUID, person_id: UUID) -> None:
    """Rewrite frozen answers without these two; a run from now on does not know them."""
    for snapshot in session.scalars(select(SnapshotRow).where(SnapshotRow.cycle_id == cycle_id)):
        data = json.loads(zlib.decompress(snapshot.blob))
        for member in data["members"]:
            if member["person"]["id"] == str(person_id):
                member["answers"].update(NOTHING)
        text = canonical(data).encode()
        snapshot.blob, snapshot.hash = zlib.compress(text), hashlib.sha256(text).hexdigest()
    session.flush()


def _mine(cycle_id: UUID, person_id: UUID, purpose: str) -> Select[Consent]:
    return select(Consent).where(
        Consent.cycle_id == cycle_id, Consent.person_id == person_id, Consent.purpose == purpose
    )
