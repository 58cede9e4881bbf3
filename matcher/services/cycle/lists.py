"""Read-only lists for pages, each named after the question it answers; the number of queries never grows."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Row, Select, cast, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from matcher.domain.lifecycle import CycleState
from matcher.domain.people import Answers, EnrolmentState, Role
from matcher.services.programme.lists import organised_by
from matcher.store.tables import (
    Circle,
    CircleMember,
    Cycle,
    Draft,
    Duty,
    EnrolmentRow,
    MailRow,
    PersonRow,
    PolicyVersion,
    Programme,
    Publication,
    SolveRun,
)

UNSEEN = (CycleState.DRAFT.value, CycleState.CANCELLED.value)


@dataclass(frozen=True, kw_only=True)
class CycleLine:
    """A cycle as lists and headings show it. `slug` is its programme's."""

    id: UUID
    programme_id: UUID
    slug: str
    programme: str
    name: str
    number: int
    state: CycleState
    opens_on: date
    closes_on: date
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class ProgrammeLine:
    """A programme and its present cycle: the newest that people may see, if there is one.

    policy: the newest, as stored, where it was asked for.
    """

    slug: str
    name: str
    topics: tuple[str, ...]
    cycle: CycleLine | None
    policy: Mapping[str, Any] | None = None
    about: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EnrolmentCounts:
    """Who is in a cycle: active people by role, and how many paused. places: the mentees that all mentors
    together can take, with what their limits leave."""

    people: int
    mentors: int
    places: int
    mentees: int
    peers: int
    paused: int


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run of a cycle and the draft it led to, newest first in lists."""

    id: UUID
    state: str
    error: str
    queued_at: datetime
    ended_at: datetime | None
    draft_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PublishedBy:
    """Who published a cycle, and when."""

    name: str
    at: datetime
    draft_id: UUID


@dataclass(frozen=True, kw_only=True)
class CircleTurn:
    """Who has which duty in which session (from 1) of a circle."""

    session: int
    duty: str
    person_id: UUID


def shown_programmes(session: Session) -> tuple[ProgrammeLine, ...]:
    """Every programme with its present cycle and its newest policy, by name."""
    programmes = session.execute(select(Programme, _policy()).order_by(Programme.name)).all()
    present = {line.programme_id: line for line in _lines(session, _visible().order_by(Cycle.number))}
    return tuple(_programme(row, present.get(row.id), policy=policy) for row, policy in programmes)


def _policy() -> Any:
    """The newest policy of the programme of the row, as stored."""
    versions = select(PolicyVersion.data).where(PolicyVersion.programme_id == Programme.id)
    return versions.order_by(PolicyVersion.number.desc()).limit(1).scalar_subquery()


def programme(session: Session, slug: str) -> ProgrammeLine | None:
    """The programme of this slug with its present cycle and its newest policy, in one query."""
    shown = aliased(Cycle)
    newest = (
        select(func.max(shown.number))
        .where(shown.programme_id == Programme.id, shown.state.not_in(UNSEEN))
        .scalar_subquery()
    )
    found = (
        select(Programme, Cycle, _policy().label("policy"))
        .outerjoin(Cycle, (Cycle.programme_id == Programme.id) & (Cycle.number == newest))
        .where(Programme.slug == slug)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        return None
    line = row.Cycle and _line_of(row.Cycle, row.Programme)
    return _programme(row.Programme, line, policy=row.policy)


def policy_data(session: Session, programme_id: UUID) -> dict[str, Any]:
    """The newest policy of a programme, as stored; empty when it has none."""
    newest = select(PolicyVersion.data).where(PolicyVersion.programme_id == programme_id)
    found = session.execute(newest.order_by(PolicyVersion.number.desc()).limit(1)).scalar_one_or_none()
    return found or {}


def enrolled_in(session: Session, person_id: UUID) -> frozenset[UUID]:
    """The cycles this person is in and has not left."""
    mine = select(EnrolmentRow.cycle_id).where(
        EnrolmentRow.person_id == person_id, EnrolmentRow.state != EnrolmentState.LEFT.value
    )
    return frozenset(session.execute(mine).scalars())


def organised_cycles(session: Session, person_id: UUID) -> tuple[CycleLine, ...]:
    """All cycles of the programmes this person organises, newest first within each."""
    mine = _cycles().where(Cycle.programme_id.in_(organised_by(person_id)))
    return _lines(session, mine.order_by(Programme.name, Cycle.number.desc()))


def organised_cycle(session: Session, cycle_id: UUID, person_id: UUID) -> CycleLine | None:
    """The cycle, if this person organises its programme."""
    mine = _cycles().where(Cycle.id == cycle_id, Cycle.programme_id.in_(organised_by(person_id)))
    return next(iter(_lines(session, mine)), None)


def counts(session: Session, cycle_id: UUID) -> EnrolmentCounts:
    """Who is in the cycle, by role."""
    alike = _alike(session, cycle_id)
    active = [one for one in alike if one.state == EnrolmentState.ACTIVE.value]
    roles = Counter[str]()
    for one in active:
        roles.update(dict.fromkeys(json.loads(one.roles), one.people))
    return EnrolmentCounts(
        people=sum(one.people for one in active),
        mentors=roles["mentor"],
        places=_places(session, cycle_id, active),
        mentees=roles["mentee"],
        peers=roles["peer"],
        paused=sum(one.people for one in alike) - sum(one.people for one in active),
    )


def _alike(session: Session, cycle_id: UUID) -> Sequence[Row[Any]]:
    """How many people gave each combination of the few answers that are counted: the database reads them,
    for thousands of whole sign-ups would take half a second to carry over."""
    postgres = session.get_bind().dialect.name == "postgresql"
    said: Any = cast(EnrolmentRow.answers, JSON) if postgres else type_coerce(EnrolmentRow.answers, JSON)
    columns = (
        EnrolmentRow.state.label("state"),
        said["roles"].as_string().label("roles"),
        said["capacity"].as_integer().label("capacity"),
        said["mentors_wanted"].as_integer().label("wanted"),
        said["most_load"].as_integer().label("most"),
    )
    here = EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.state != EnrolmentState.LEFT.value
    counted = select(*columns, func.count().label("people")).where(*here)
    return session.execute(counted.group_by(*(column.name for column in columns))).all()


def _places(session: Session, cycle_id: UUID, active: Iterable[Row[Any]]) -> int:
    newest = (
        select(PolicyVersion.data)
        .join(Cycle, Cycle.programme_id == PolicyVersion.programme_id)
        .where(Cycle.id == cycle_id)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )
    circles = bool((session.scalar(newest) or {}).get("circles", {}).get("on", True))
    return sum(one.people * _answers(one).places(circles) for one in active if "mentor" in one.roles)


def _answers(one: Row[Any]) -> Answers:
    return Answers(
        roles=tuple(map(Role, json.loads(one.roles))),
        capacity=one.capacity,
        mentors_wanted=one.wanted or 1,
        most_load=one.most,
    )


def runs(session: Session, cycle_id: UUID) -> tuple[RunLine, ...]:
    """The runs of a cycle with their drafts, newest first."""
    rows = session.execute(
        select(
            SolveRun.id,
            SolveRun.state,
            SolveRun.error,
            SolveRun.queued_at,
            SolveRun.ended_at,
            Draft.id.label("draft_id"),
        )
        .outerjoin(Draft, Draft.run_id == SolveRun.id)
        .where(SolveRun.cycle_id == cycle_id)
        .order_by(SolveRun.queued_at.desc(), SolveRun.id)
    )
    return tuple(RunLine(**row._mapping) for row in rows)


def published_by(session: Session, cycle_id: UUID) -> PublishedBy | None:
    """Who published the cycle; None when nobody has yet."""
    row = session.execute(
        select(PersonRow.name, Publication.published_at, Publication.draft_id)
        .outerjoin(PersonRow, PersonRow.id == Publication.published_by)
        .where(Publication.cycle_id == cycle_id)
    ).one_or_none()
    return row and PublishedBy(name=row[0] or "Somebody", at=row[1], draft_id=row[2])


def mails(session: Session, cycle_id: UUID) -> Counter[str]:
    """How many mails of the cycle are in which state."""
    rows = session.execute(
        select(MailRow.state, func.count()).where(MailRow.cycle_id == cycle_id).group_by(MailRow.state)
    )
    return Counter(dict(iter(rows)))


def circle_turns(session: Session, cycle_id: UUID, person_id: UUID) -> tuple[CircleTurn, ...]:
    """Every duty of everybody in this person's circle."""
    mine = select(CircleMember.circle_id).where(CircleMember.person_id == person_id)
    rows = session.execute(
        select((Duty.session + 1).label("session"), Duty.duty, Duty.person_id)
        .join(Circle, Circle.id == Duty.circle_id)
        .where(Circle.cycle_id == cycle_id, Circle.id.in_(mine))
        .order_by(Duty.session, Duty.duty)
    )
    return tuple(CircleTurn(**row._mapping) for row in rows)


def words_in_use(session: Session) -> dict[str, tuple[str, ...]]:
    """Functions, departments and sites people have given so far, sorted: suggestions, so that words agree."""
    columns = {"function": PersonRow.function, "department": PersonRow.department, "site": PersonRow.site}
    rows = session.execute(select(*columns.values()).where(PersonRow.active).distinct()).all()
    return {name: tuple(sorted({row[at] for row in rows} - {""})) for at, name in enumerate(columns)}


def addresses_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The e-mail address of each of these people."""
    wanted = list(ids)
    if not wanted:
        return {}
    named = select(PersonRow.id, PersonRow.email).where(PersonRow.id.in_(wanted))
    return dict(iter(session.execute(named)))


def _cycles() -> Select[*tuple[Any, ...]]:
    return select(
        Cycle.id,
        Cycle.programme_id,
        Programme.slug,
        Programme.name.label("programme"),
        Cycle.name,
        Cycle.number,
        Cycle.state,
        Cycle.opens_on,
        Cycle.closes_on,
        Cycle.starts_on,
        Cycle.ends_on,
    ).join(Programme, Programme.id == Cycle.programme_id)


def _visible() -> Select[*tuple[Any, ...]]:
    return _cycles().where(Cycle.state.not_in(UNSEEN))


def _lines(session: Session, cycles: Select[*tuple[Any, ...]]) -> tuple[CycleLine, ...]:
    return tuple(_line(row) for row in session.execute(cycles))


def _line(row: Row[*tuple[Any, ...]]) -> CycleLine:
    return CycleLine(**{**row._mapping, "state": CycleState(row.state)})


def _line_of(cycle: Cycle, programme: Programme) -> CycleLine:
    return CycleLine(
        id=cycle.id,
        programme_id=programme.id,
        slug=programme.slug,
        programme=programme.name,
        name=cycle.name,
        number=cycle.number,
        state=CycleState(cycle.state),
        opens_on=cycle.opens_on,
        closes_on=cycle.closes_on,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
    )


def _programme(
    row: Programme, cycle: CycleLine | None, *, policy: Mapping[str, Any] | None = None
) -> ProgrammeLine:
    return ProgrammeLine(
        slug=row.slug,
        name=row.name,
        topics=tuple(row.topics),
        cycle=cycle,
        policy=policy,
        about=row.about,
        form=row.form,
    )
