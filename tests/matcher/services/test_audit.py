"""The audit log is a chain: nothing can be changed, taken out or slipped in unseen."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from matcher.services import audit
from matcher.store.tables import AuditPayload


def three_entries(session: Session, now: datetime) -> None:
    for act in ("opened", "closed", "published"):
        audit.append(session, act=act, about=None, by=None, now=now, payload={"act": act})


def test_untouched_log_verifies(session: Session, now: datetime) -> None:
    three_entries(session, now)

    verdict = audit.verify(session)

    assert (verdict.entries, verdict.broken_at) == (3, None)
    assert len(verdict.head) == 64


def test_changed_payload_is_found(session: Session, now: datetime) -> None:
    three_entries(session, now)
    session.execute(update(AuditPayload).where(AuditPayload.number == 2).values(payload={"act": "other"}))

    assert audit.verify(session).broken_at == 2


def test_erased_payload_leaves_the_chain_whole(session: Session, now: datetime) -> None:
    three_entries(session, now)
    session.execute(delete(AuditPayload).where(AuditPayload.number == 2))

    assert audit.verify(session).broken_at is None
