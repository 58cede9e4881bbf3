"""Versions of a programme's policy: all of them stay, the newest counts."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound
from matcher.domain.policy.changes import differences
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say
from matcher.services.programme.programmes import require_organiser, set_policy
from matcher.store.rows import present_policy, to_change
from matcher.store.tables import PersonRow, PolicyVersion, Programme


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version: when, by whom ("" for the command line), and what changed from the one before."""

    number: int
    at: datetime
    by: str
    changes: tuple[TranslatableText, ...]


def present(session: Session, *, programme_id: UUID, by: UUID | None) -> tuple[int, Policy]:
    """The policy that counts, and its number. Raises NotFound for anybody but an organiser."""
    require_organiser(session, programme_id, by)
    found = present_policy(session, programme_id)
    return found.number, Policy.from_data(found.data)


def versions(session: Session, *, programme_id: UUID, by: UUID | None) -> tuple[Version, ...]:
    """All versions, the newest first. Raises NotFound for anybody but an organiser."""
    require_organiser(session, programme_id, by)
    rows = session.execute(
        select(PolicyVersion, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == PolicyVersion.created_by)
        .where(PolicyVersion.programme_id == programme_id)
        .order_by(PolicyVersion.number)
    ).all()
    policies = [Policy.from_data(row.data) for row, _ in rows]
    changes = [(), *(differences(old, new) for old, new in pairwise(policies))]
    told = (
        Version(number=row.number, at=row.created_at, by=name or "", changes=said)
        for (row, name), said in zip(rows, changes, strict=True)
    )
    return tuple(reversed(tuple(told)))


def save(
    session: Session, *, programme_id: UUID, policy: Policy, seen: int, by: UUID | None, now: datetime
) -> int:
    """A new version; its number. `seen`: the version the organiser had before them.

    Raises Changed when somebody saved another one meanwhile, NotFound.
    """
    to_change(session, Programme, programme_id, "programme")
    number, _ = present(session, programme_id=programme_id, by=by)
    if number != seen:
        raise Changed(
            say(
                "Somebody saved version {number} meanwhile. What you changed still stands below: look at "
                "their changes, then save again if yours should count.",
                number=number,
            )
        )
    return set_policy(session, programme_id=programme_id, policy=policy, by=by, now=now)


def use_again(session: Session, *, programme_id: UUID, number: int, by: UUID | None, now: datetime) -> int:
    """An earlier version counts again, as a new one; its number. Raises NotFound."""
    require_organiser(session, programme_id, by)
    asked = select(PolicyVersion.data).where(
        PolicyVersion.programme_id == programme_id, PolicyVersion.number == number
    )
    data = session.scalar(asked)
    if data is None:
        raise NotFound(say("There is no such version."))
    return set_policy(session, programme_id=programme_id, policy=Policy.from_data(data), by=by, now=now)
