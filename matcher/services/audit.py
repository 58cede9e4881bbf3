"""The audit log: each entry holds the hash of the one before, so that none can be changed or taken out."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from matcher.store.rows import one_at_a_time, table_of
from matcher.store.tables import AuditEntry, AuditPayload
from matcher.store.types import canonical

START = ""


@dataclass(frozen=True, kw_only=True)
class Verified:
    """Entries read, the hash of the last (`head`), and the number of the first that does not fit, if any."""

    entries: int
    head: str
    broken_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done, about which row, and ids and figures of it (no text)."""

    act: str
    about: UUID | None
    payload: Mapping[str, Any] = field(default_factory=dict)


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
    return append_all(session, [Act(act=act, about=about, payload=payload or {})], by=by, now=now)


def append_all(session: Session, acts: Sequence[Act], *, by: UUID | None, now: datetime) -> int:
    """Write one entry for each act, in their order; the number of the last entry there is, 0 for none."""
    one_at_a_time(session, "audit")
    last = session.execute(
        select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    number, head = (last.number, last.hash) if last else (0, START)
    entries, payloads = [], []
    for one in acts:
        number, salt = number + 1, secrets.token_hex(16)
        told: dict[str, Any] = {
            "number": number,
            "at": now.astimezone(UTC),
            "by_id": by,
            "act": one.act,
            "about": one.about,
            "payload_hash": payload_hash(salt, one.payload),
            "previous": head,
        }
        head = _chained(**told)
        entries.append({**told, "hash": head})
        payloads.append({"number": number, "salt": salt, "payload": dict(one.payload)})
    if entries:
        session.execute(insert(table_of(AuditEntry)), entries)
        session.execute(insert(table_of(AuditPayload)), payloads)
    return number


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
    return _chained(
        number=entry.number,
        at=entry.at,
        by_id=entry.by_id,
        act=entry.act,
        about=entry.about,
        payload_hash=entry.payload_hash,
        previous=entry.previous,
    )


def _chained(
    *,
    number: int,
    at: datetime,
    by_id: UUID | None,
    act: str,
    about: UUID | None,
    payload_hash: str,
    previous: str,
) -> str:
    said = [number, at.isoformat(), str(by_id), act, str(about)]
    return _sha(canonical([*said, payload_hash, previous]))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
