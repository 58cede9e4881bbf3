"""People: found or created by their canonical mail address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.people import Person
from matcher.domain.sentences import say
from matcher.store.rows import person_value, portions, to_change
from matcher.store.tables import PersonRow

FIELDS = (
    "name",
    "function",
    "site",
    "department",
    "grade",
    "zone",
    "languages",
    "manager",
    "active",
    "locale",
)


def canonical_address(email: str) -> str:
    """Blanks around it and capitals do not count."""
    return email.strip().lower()


def ensure(
    session: Session,
    *,
    email: str,
    name: str,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (chance as an argument)
    **fields: Any,
) -> UUID:
    """The person of that address, created if new, with the given FIELDS written; their id.

    500 at the same moment create one person.
    """
    address = canonical_address(email)
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = {"id": id or uuid4(), "email": address, "name": name.strip(), "created_at": now}
    session.execute(kind.insert(PersonRow).values(new).on_conflict_do_nothing(index_elements=["email"]))
    person_id = session.scalars(select(PersonRow.id).where(PersonRow.email == address)).one()
    update(session, person_id, name=name.strip(), **fields)
    return person_id


def update(session: Session, person_id: UUID, **fields: Any) -> None:
    """Write these FIELDS. Raises NotFound, and TypeError for other fields."""
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"A person has no {', '.join(unknown)}; expected some of {', '.join(FIELDS)}.")
    row = to_change(session, PersonRow, person_id, "person")
    changed = False
    for name, value in fields.items():
        column = "manager_id" if name == "manager" else name
        stored = list(value) if name == "languages" else value
        if getattr(row, column) != stored:
            setattr(row, column, stored)
            changed = True
    row.version += changed
    session.flush()


def of(session: Session, person_id: UUID) -> Person:
    """The person. Raises NotFound."""
    row = session.get(PersonRow, person_id)
    if row is None:
        raise NotFound(say("There is no such person."))
    return person_value(row)


def by_addresses(session: Session, emails: Iterable[str]) -> dict[str, UUID]:
    """Ids by canonical address; who is not known is not in it."""
    asked = sorted({canonical_address(email) for email in emails})
    found: dict[str, UUID] = {}
    for some in portions(asked):
        rows = session.execute(select(PersonRow.email, PersonRow.id).where(PersonRow.email.in_(some)))
        found.update((email, person_id) for email, person_id in rows)
    return found
