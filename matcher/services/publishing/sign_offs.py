"""A second organiser's yes to a draft, under the hash of what they saw, where the programme asks for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.programme.programmes import require_organiser
from matcher.store.organiser_tables import SignOff
from matcher.store.rows import to_change
from matcher.store.tables import Cycle, Draft, PersonRow, Programme, ProgrammeRole

SETTING = "sign_off"
"""The switch among a programme's settings."""


@dataclass(frozen=True, kw_only=True)
class GivenSignOff:
    """Who said yes to a draft, and when."""

    person_id: UUID
    name: str
    at: datetime


def wanted(session: Session, programme_id: UUID) -> bool:
    """Whether a second organiser must say yes before anything of this programme is published."""
    settings = session.scalar(select(Programme.settings).where(Programme.id == programme_id))
    return bool((settings or {}).get(SETTING))


def of(session: Session, draft_id: UUID) -> tuple[GivenSignOff, ...]:
    """Those who said yes to the draft as it is and still organise the programme, the first first."""
    found = (
        select(SignOff.person_id, PersonRow.name, SignOff.signed_at)
        .join(Draft, (Draft.id == SignOff.draft_id) & (Draft.hash == SignOff.hash))
        .join(Cycle, Cycle.id == Draft.cycle_id)
        .join(PersonRow, PersonRow.id == SignOff.person_id)
        .join(
            ProgrammeRole,
            (ProgrammeRole.person_id == SignOff.person_id)
            & (ProgrammeRole.programme_id == Cycle.programme_id)
            & (ProgrammeRole.role == "organiser"),
        )
        .where(SignOff.draft_id == draft_id)
        .order_by(SignOff.signed_at, PersonRow.name)
    )
    return tuple(
        GivenSignOff(person_id=person, name=name, at=at) for person, name, at in session.execute(found)
    )


def sign(session: Session, *, draft_id: UUID, seen_hash: str, by: UUID, now: datetime) -> None:
    """Say yes to the draft that was seen under `seen_hash`; once is enough.

    Raises Changed when it is another draft, WrongState when there is nothing left to say yes to, NotFound.
    """
    draft = _of_mine(session, draft_id, by)
    if seen_hash != draft.hash:
        raise Changed(say("This is not the draft you saw. Look at it again before you say yes."))
    row = _own(session, draft_id, by)
    if row is not None and row.hash == seen_hash:
        return
    if row is None:
        session.add(SignOff(draft_id=draft_id, person_id=by, hash=seen_hash, signed_at=now))
    else:
        row.hash, row.signed_at = seen_hash, now
    session.flush()
    audit.append(session, act="draft signed off", about=draft_id, by=by, now=now, payload={"hash": seen_hash})


def take_back(session: Session, *, draft_id: UUID, by: UUID, now: datetime) -> None:
    """Take one's yes back, as long as nothing is published; nothing if there is none."""
    _of_mine(session, draft_id, by)
    row = _own(session, draft_id, by)
    if row is None:
        return
    session.delete(row)
    session.flush()
    audit.append(session, act="sign-off taken back", about=draft_id, by=by, now=now)


def require(session: Session, *, programme_id: UUID, draft_id: UUID, by: UUID | None) -> None:
    """Raises WrongState when the programme wants a second yes and nobody but `by` has given one."""
    if not wanted(session, programme_id):
        return
    if not any(one.person_id != by for one in of(session, draft_id)):
        raise WrongState(
            say(
                "Nothing was published. This programme wants a second organiser to say yes first. "
                "Ask one of them to open this draft."
            )
        )


def _of_mine(session: Session, draft_id: UUID, by: UUID) -> Draft:
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFound(say("There is no such draft."))
    cycle = cycles.of(session, draft.cycle_id)
    require_organiser(session, cycle.programme_id, by)
    # Locked, so that nobody publishes on a yes that is being taken back.
    cycle = to_change(session, Cycle, cycle.id, "cycle")
    if cycle.state != CycleState.REVIEW:
        raise WrongState(say("“{name}” is not in review, so there is nothing to agree to.", name=cycle.name))
    return draft


def _own(session: Session, draft_id: UUID, by: UUID) -> SignOff | None:
    mine = select(SignOff).where(SignOff.draft_id == draft_id, SignOff.person_id == by)
    return session.scalars(mine).first()
