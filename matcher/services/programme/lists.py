"""Read-only: a programme as its organisers set it up, and the cycles it has had."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Select, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState
from matcher.domain.people import EnrolmentState, Role
from matcher.store.rows import present_policy
from matcher.store.tables import Cycle, EnrolmentRow, Programme, ProgrammeRole

ORGANISER = "organiser"
UNMATCHED = (CycleState.OPEN, CycleState.CLOSED, CycleState.REVIEW)


@dataclass(frozen=True, kw_only=True)
class ProgrammeSetup:
    """Everything of a programme that its organisers decide. policy: the newest, as stored."""

    id: UUID
    slug: str
    name: str
    topics: tuple[str, ...]
    about: str
    form: Mapping[str, Any]
    settings: Mapping[str, Any]
    version: int
    policy: Mapping[str, Any]


def programme(session: Session, programme_id: UUID, person_id: UUID) -> ProgrammeSetup | None:
    """The programme, if this person organises it."""
    mine = select(Programme).where(Programme.id == programme_id, Programme.id.in_(organised_by(person_id)))
    row = session.scalars(mine).one_or_none()
    if row is None:
        return None
    return ProgrammeSetup(
        id=row.id,
        slug=row.slug,
        name=row.name,
        topics=tuple(row.topics),
        about=row.about,
        form=row.form,
        settings=row.settings,
        version=row.version,
        policy=present_policy(session, programme_id).data,
    )


def programmes_of(session: Session, person_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Id and name of every programme this person organises, by name."""
    mine = select(Programme.id, Programme.name).where(Programme.id.in_(organised_by(person_id)))
    rows = session.execute(mine.order_by(Programme.name, Programme.id)).all()
    return tuple((programme_id, name) for programme_id, name in rows)


def last_cycle(session: Session, programme_id: UUID) -> Cycle | None:
    """The newest cycle of the programme that was not given up."""
    kept = select(Cycle).where(Cycle.programme_id == programme_id, Cycle.state != CycleState.CANCELLED.value)
    return session.scalars(kept.order_by(Cycle.number.desc()).limit(1)).first()


def signed_up_as(session: Session, programme_id: UUID) -> Counter[tuple[Role, ...]]:
    """How many people signed up in which roles, in cycles of the programme that are not published yet."""
    postgres = session.get_bind().dialect.name == "postgresql"
    said: Any = cast(EnrolmentRow.answers, JSON) if postgres else type_coerce(EnrolmentRow.answers, JSON)
    roles = said["roles"].as_string().label("roles")
    counted = (
        select(roles, func.count().label("people"))
        .join(Cycle, Cycle.id == EnrolmentRow.cycle_id)
        .where(
            Cycle.programme_id == programme_id,
            Cycle.state.in_([state.value for state in UNMATCHED]),
            EnrolmentRow.state != EnrolmentState.LEFT.value,
        )
    )
    rows = session.execute(counted.group_by("roles")).all()
    return Counter({tuple(map(Role, json.loads(row.roles))): row.people for row in rows})


def organises(session: Session, person_id: UUID) -> bool:
    """Whether this person organises any programme."""
    return session.execute(organised_by(person_id).limit(1)).first() is not None


def offices(session: Session, person_id: UUID) -> frozenset[str]:
    """What this person is in any programme: "organiser", "handler", both or neither."""
    held = select(ProgrammeRole.role).where(ProgrammeRole.person_id == person_id).distinct()
    return frozenset(session.execute(held).scalars())


def organised_by(person_id: UUID) -> Select[UUID]:
    """The ids of the programmes this person organises, as a query."""
    return select(ProgrammeRole.programme_id).where(
        ProgrammeRole.person_id == person_id, ProgrammeRole.role == ORGANISER
    )
