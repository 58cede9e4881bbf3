"""The runs of a cycle and the policies one may run, without their large columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.store.tables import Draft, PolicyVersion, SolveRun

MOST_RUNS, MOST_POLICIES = 30, 12


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """A run as the list shows it. course: as `services.matching` keeps it; policy: the version's number."""

    id: UUID
    state: str
    stage: str
    done: int
    of: int
    error: str
    label: str
    course: Mapping[str, Any]
    changes: Mapping[str, Any]
    attempts: int
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    policy_id: UUID
    policy: int
    draft_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """A version of the policy one may run."""

    id: UUID
    number: int
    created_at: datetime


def runs(session: Session, cycle_id: UUID) -> tuple[RunRow, ...]:
    """The newest runs, the newest first."""
    rows = session.execute(
        select(
            SolveRun.id,
            SolveRun.state,
            SolveRun.stage,
            SolveRun.done,
            SolveRun.of,
            SolveRun.error,
            SolveRun.label,
            SolveRun.course,
            SolveRun.changes,
            SolveRun.attempts,
            SolveRun.queued_at,
            SolveRun.started_at,
            SolveRun.ended_at,
            SolveRun.policy_version_id.label("policy_id"),
            PolicyVersion.number.label("policy"),
            Draft.id.label("draft_id"),
        )
        .join(PolicyVersion, PolicyVersion.id == SolveRun.policy_version_id)
        .outerjoin(Draft, Draft.run_id == SolveRun.id)
        .where(SolveRun.cycle_id == cycle_id)
        .order_by(SolveRun.queued_at.desc(), SolveRun.id)
        .limit(MOST_RUNS)
    )
    return tuple(RunRow(**row._mapping) for row in rows)


def policies(session: Session, programme_id: UUID) -> tuple[PolicyRow, ...]:
    """The newest versions of the programme's policy, the newest first."""
    rows = session.execute(
        select(PolicyVersion.id, PolicyVersion.number, PolicyVersion.created_at)
        .where(PolicyVersion.programme_id == programme_id)
        .order_by(PolicyVersion.number.desc())
        .limit(MOST_POLICIES)
    )
    return tuple(PolicyRow(**row._mapping) for row in rows)
