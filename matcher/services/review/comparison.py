"""The drafts of a cycle side by side: which there are, and whose partners differ between two of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session, aliased

from matcher.store.rows import people_by_id
from matcher.store.tables import Draft, DraftPair, PersonRow, PolicyVersion, SolveRun

ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A draft in the list: its number counts the cycle's drafts from 1, the oldest first."""

    id: UUID
    number: int
    label: str
    policy: int
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Partners:
    """A mentee whose partners differ, and who they are in each of the two drafts: name and points."""

    mentee: str
    first: tuple[tuple[str, int], ...]
    second: tuple[tuple[str, int], ...]


def drafts(session: Session, cycle_id: UUID) -> tuple[DraftLine, ...]:
    """All drafts of the cycle, the oldest first."""
    found = (
        select(Draft.id, SolveRun.label, PolicyVersion.number, Draft.created_at)
        .join(SolveRun, SolveRun.id == Draft.run_id)
        .join(PolicyVersion, PolicyVersion.id == SolveRun.policy_version_id)
        .where(Draft.cycle_id == cycle_id)
        .order_by(Draft.created_at, SolveRun.queued_at, Draft.id)
    )
    return tuple(
        DraftLine(id=draft, number=number, label=label, policy=policy, made_at=made)
        for number, (draft, label, policy, made) in enumerate(session.execute(found), start=1)
    )


def differing(session: Session, first: UUID, second: UUID) -> int:
    """How many mentees have other partners in one draft than in the other."""
    return session.scalar(select(func.count()).select_from(_mentees(first, second).subquery())) or 0


def partners(session: Session, first: UUID, second: UUID, page: int) -> tuple[Partners, ...]:
    """Those mentees by name, with their partners in each of the two drafts."""
    differ = _mentees(first, second).subquery()
    names = (
        select(PersonRow.id, PersonRow.name)
        .join(differ, differ.c.mentee_id == PersonRow.id)
        .order_by(PersonRow.name, PersonRow.id)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    mentees: dict[UUID, str] = dict(iter(session.execute(names)))
    pairs = session.execute(
        select(DraftPair.draft_id, DraftPair.mentee_id, DraftPair.mentor_id, DraftPair.points).where(
            DraftPair.draft_id.in_([first, second]), DraftPair.mentee_id.in_(mentees)
        )
    ).all()
    known = people_by_id(session, {pair.mentor_id for pair in pairs})
    found: dict[tuple[UUID, UUID], list[tuple[str, int]]] = {}
    for pair in pairs:
        mine = found.setdefault((pair.draft_id, pair.mentee_id), [])
        mine.append((known[pair.mentor_id].name, pair.points))
    return tuple(
        Partners(
            mentee=name,
            first=tuple(sorted(found.get((first, mentee), ()))),
            second=tuple(sorted(found.get((second, mentee), ()))),
        )
        for mentee, name in mentees.items()
    )


def _mentees(first: UUID, second: UUID) -> Select[UUID]:
    both = union(_only_in(first, second), _only_in(second, first)).subquery()
    return select(both.c.mentee_id)


def _only_in(draft: UUID, other: UUID) -> Select[UUID]:
    theirs = aliased(DraftPair)
    same = select(theirs.id).where(
        theirs.draft_id == other,
        theirs.mentee_id == DraftPair.mentee_id,
        theirs.mentor_id == DraftPair.mentor_id,
    )
    return select(DraftPair.mentee_id).where(DraftPair.draft_id == draft, ~same.exists())
