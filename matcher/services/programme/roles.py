"""Who organises a programme and who receives its requests for help: added by address, or taken away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.sentences import TranslatableText, say
from matcher.services import audit
from matcher.services.account import people
from matcher.services.programme import programmes
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import to_change
from matcher.store.tables import PersonRow, Programme, ProgrammeRole

Office = Literal["organiser", "handler"]
LAST: dict[str, TranslatableText] = {
    "organiser": say("This is the last organiser. Add somebody else first, so that the programme has one."),
    "handler": say(
        "This is the last person who receives requests for help. Add somebody else first, "
        "so that every request is read."
    ),
}

NEEDED_TO_SIGN = say(
    "Drafts here are signed off by a second organiser, so two must stay. "
    "Add somebody else first, or take the sign-off away under About."
)


@dataclass(frozen=True, kw_only=True)
class RoleHolder:
    """Somebody with an office in a programme."""

    person_id: UUID
    name: str
    email: str
    office: str


def holders(session: Session, programme_id: UUID) -> tuple[RoleHolder, ...]:
    """Organisers, then handlers, each by name."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, PersonRow.email, ProgrammeRole.role)
        .join(ProgrammeRole, ProgrammeRole.person_id == PersonRow.id)
        .where(ProgrammeRole.programme_id == programme_id)
        .order_by(ProgrammeRole.role.desc(), PersonRow.name, PersonRow.id)
    )
    return tuple(
        RoleHolder(person_id=person_id, name=name, email=email, office=office)
        for person_id, name, email, office in rows
    )


def add(
    session: Session, *, programme_id: UUID, email: str, office: Office, by: UUID | None, now: datetime
) -> UUID:
    """Give the person of this address the office; somebody new is called by it until they say their name."""
    require_organiser(session, programme_id, by)
    known = people.by_addresses(session, [email])
    person_id = known.get(people.canonical_address(email)) or people.ensure(
        session, email=email, name=email.split("@", maxsplit=1)[0], now=now
    )
    give = programmes.add_organiser if office == "organiser" else programmes.add_handler
    give(session, programme_id=programme_id, person_id=person_id, by=by, now=now)
    return person_id


def remove(
    session: Session, *, programme_id: UUID, person_id: UUID, office: Office, by: UUID | None, now: datetime
) -> None:
    """Take the office away. Raises WrongState for the last one, NotFound for who does not hold it."""
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    held = select(ProgrammeRole.person_id).join(PersonRow, PersonRow.id == ProgrammeRole.person_id)
    held = held.where(ProgrammeRole.programme_id == programme_id, ProgrammeRole.role == office)
    if person_id not in session.scalars(held).all():
        raise NotFound(say("There is no such person."))
    programme = session.get_one(Programme, programme_id)
    left = programmes.organisers_left(session, programme_id, without=person_id)
    if office == "organiser" and programme.settings.get("sign_off") and left < programmes.SIGNING:
        raise WrongState(NEEDED_TO_SIGN)
    # Somebody whose account has ended cannot act: they do not count as the one who is left.
    if not set(session.scalars(held.where(PersonRow.active))) - {person_id}:
        raise WrongState(LAST[office])
    session.execute(
        delete(ProgrammeRole).where(
            ProgrammeRole.programme_id == programme_id,
            ProgrammeRole.person_id == person_id,
            ProgrammeRole.role == office,
        )
    )
    about = {"person": str(person_id)}
    audit.append(session, act=f"{office} removed", about=programme_id, by=by, now=now, payload=about)
