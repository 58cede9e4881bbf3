"""A village whose cycle is under way, and what is mailed in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.mailing import MailKind
from matcher.mail.links import Links
from matcher.store import tables
from tests.matcher.services.publishing.publications import Village, a_village

LINKS = Links(base_url="https://match.example")
BEFORE = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)
"""The Friday before the sessions begin."""


def a_village_under_way(session: Session) -> Village:
    village = a_village(session)
    session.get_one(tables.Cycle, village.cycle).state = "running"
    session.flush()
    return village


def mails(session: Session, kind: MailKind, person: UUID | None = None) -> list[tables.MailRow]:
    """The mails of a kind in the order of their occasions, of everybody or of one person."""
    asked = select(tables.MailRow).where(tables.MailRow.kind == kind.value)
    if person is not None:
        asked = asked.where(tables.MailRow.person_id == person)
    return list(session.scalars(asked.order_by(tables.MailRow.occurrence, tables.MailRow.address)))


def tokens(session: Session) -> dict[UUID, str]:
    """What the links of the check-in mails carry, by person; of several the newest."""
    found = {}
    for mail in mails(session, MailKind.CHECK_IN):
        link = re.search(r"/check-in/([\w-]+)", mail.text)
        assert link is not None, mail.text
        found[mail.person_id] = link[1]
    return found
