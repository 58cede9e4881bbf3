"""The audit log: each entry holds the hash of the one before, so that none can be changed or taken out."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.store.queries import one_at_a_time
from matcher.store.tables import AuditEntry, AuditPayload
from matcher.store.types import canonical

START = ""


@dataclass(frozen=True, kw_only=True)
class Verified:
    """Entries read, the hash of the last (`head`), and the number of the first that does not fit, if any."""

    entries: int
    head: str
    broken_at: int | None = None


def append(
    session: Session,
    *,
    act: str,
    about: UUID | None,
    by: UUID | None,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Write one entry in the transaction of its cause; its number. `payload`: ids and figures, no text."""
    one_at_a_time(session, "audit")
    last = session.execute(
        select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=now,
        by_id=by,
        act=act,
        about=about,
        payload_hash=payload_hash(salt, payload or {}),
        previous=last.hash if last else START,
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    session.add(AuditPayload(number=entry.number, salt=salt, payload=dict(payload or {})))
    session.flush()
    return entry.number


def verify(session: Session) -> Verified:
    """Recompute the whole chain. An erased payload leaves it whole; a changed one does not."""
    entries, head = 0, START
    payloads = {kept.number: kept for kept in session.scalars(select(AuditPayload))}
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number)):
        kept = payloads.get(entry.number)
        fits = entry.number == entries + 1 and entry.previous == head and entry.hash == entry_hash(entry)
        said = kept is None or hmac.compare_digest(payload_hash(kept.salt, kept.payload), entry.payload_hash)
        if not (fits and said):
            return Verified(entries=entries, head=head, broken_at=entry.number)
        entries, head = entries + 1, entry.hash
    return Verified(entries=entries, head=head)


def payload_hash(salt: str, payload: Mapping[str, Any]) -> str:
    """SHA-256 of salt and canonical payload, in hex."""
    return _sha(f"{salt}|{canonical(dict(payload))}")


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 of everything the entry says and of the hash before it, in hex."""
    said = [entry.number, entry.at.isoformat(), str(entry.by_id), entry.act, str(entry.about)]
    return _sha(canonical([*said, entry.payload_hash, entry.previous]))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
