"""The fairness report of a draft: made from its stored problem and plan, kept, and made again to compare.

A worker makes it when the draft is there; whoever doubts it makes it again from the same two files.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import DomainError, NotFound
from matcher.domain.matching.fair_report import FairReport
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.services.cycle.cycles import thaw
from matcher.services.fairness.figures import figures, without_fairness
from matcher.services.ports import RunSolver, SolverCrashed, SolverRefused, SolverTimedOut
from matcher.store.tables import Draft, PolicyVersion, Publication, SnapshotRow, SolveRun
from matcher.store.types import canonical
from solver.check import check
from solver.codec import decode, encode
from solver.files import MatchingProblem, dump_problem, load_plan, load_problem, problem_hash

KEPT_AS = "whole"
SECONDS = 120.0
MEMORY_MB = 6144

FileName = Literal["problem", "plan"]
"""What was asked of the solver, and its answer: whole numbers only."""


@dataclass(frozen=True, kw_only=True)
class ReportSource:
    """All a report is made from."""

    problem: bytes
    plan: bytes
    snapshot: Snapshot
    snapshot_hash: str
    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Again:
    """A report made anew beside the one that was kept. same_plan: solving the problem file again gave the
    stored plan, byte by byte."""

    kept: FairReport
    anew: FairReport
    same_plan: bool

    @property
    def equal(self) -> bool:
        return self.same_plan and self.kept == self.anew


def of(session: Session, draft_id: UUID) -> FairReport | None:
    """The report as it was kept; None while it is not made. Raises NotFound."""
    data = session.scalars(select(Draft.report).where(Draft.id == draft_id)).first()
    if data is None:
        raise NotFound(say("There is no such draft."))
    return read(data[KEPT_AS]) if KEPT_AS in data else None


def make(sessions: sessionmaker[Session], draft_id: UUID, *, run_solver: RunSolver) -> None:
    """Make the report and keep it; nothing if it is there or the draft has gone."""
    with sessions() as session:
        data = session.scalars(select(Draft.report).where(Draft.id == draft_id)).first()
        if data is None or KEPT_AS in data:
            return
        kept = kept_of(session, draft_id)
    report = made(kept, run_solver=run_solver)
    with sessions.begin() as session:
        whole = {**data, KEPT_AS: encode(report)}
        session.execute(update(Draft).where(Draft.id == draft_id).values(report=whole))


def missing(session: Session, run_id: UUID) -> UUID | None:
    """The draft of this run, if its report is still to be made."""
    row = session.execute(select(Draft.id, Draft.report).where(Draft.run_id == run_id)).first()
    return row.id if row is not None and KEPT_AS not in row.report else None


def again(session: Session, draft_id: UUID, *, run_solver: RunSolver) -> Again:
    """Solve the stored problem file again and make the report from what comes out. Raises NotFound, and
    DomainError when no report was kept."""
    before = of(session, draft_id)
    if before is None:
        raise DomainError(say("The report of this draft was not made yet. Open its page, then try again."))
    kept = kept_of(session, draft_id)
    plan = _solved(kept.problem, run_solver)
    anew = made(replace(kept, plan=plan), run_solver=run_solver)
    return Again(kept=before, anew=anew, same_plan=plan == kept.plan)


def kept_of(session: Session, draft_id: UUID) -> ReportSource:
    """The files of the draft's run. Raises NotFound when they are gone."""
    found = (
        select(Draft.plan, SolveRun.problem, SnapshotRow, PolicyVersion.data)
        .join(SolveRun, SolveRun.id == Draft.run_id)
        .join(SnapshotRow, SnapshotRow.id == SolveRun.snapshot_id)
        .join(PolicyVersion, PolicyVersion.id == SolveRun.policy_version_id)
        .where(Draft.id == draft_id)
    )
    row = session.execute(found).first()
    if row is None or row.problem is None:
        raise NotFound(say("The problem file of this draft is gone."))
    return ReportSource(
        problem=row.problem,
        plan=row.plan,
        snapshot=thaw(row.SnapshotRow),
        snapshot_hash=row.SnapshotRow.hash,
        policy=Policy.from_data(row.data),
    )


def file_of(session: Session, draft_id: UUID, name: FileName) -> bytes:
    """One file of the draft as it is stored, byte by byte. Raises NotFound when it is gone."""
    column = SolveRun.problem if name == "problem" else Draft.plan
    asked = select(column).join_from(Draft, SolveRun, SolveRun.id == Draft.run_id)
    stored = session.scalars(asked.where(Draft.id == draft_id)).first()
    if stored is None:
        raise NotFound(say("The problem file of this draft is gone."))
    return stored


def published_draft(session: Session, cycle_id: UUID) -> UUID:
    """The draft a cycle was published with. Raises NotFound."""
    found = session.scalars(select(Publication.draft_id).where(Publication.cycle_id == cycle_id)).first()
    if found is None:
        raise NotFound(say("This cycle was not published yet, so there is no report to compare with."))
    return found


def made(kept: ReportSource, *, run_solver: RunSolver) -> FairReport:
    """The report of these files; the plan that only counts points is left out if it cannot be had."""
    problem, plan = load_problem(kept.problem), load_plan(kept.plan)
    other = without_fairness(problem)
    report = figures(
        problem,
        plan,
        check(problem, plan),
        plain=_plain(other, run_solver) if other is not None else None,
        snapshot=kept.snapshot,
        policy=kept.policy,
    )
    return replace(
        report,
        snapshot_hash=kept.snapshot_hash,
        problem_hash=problem_hash(kept.problem),
        plan_hash=problem_hash(kept.plan),
    )


def _plain(problem: MatchingProblem, run_solver: RunSolver) -> Any:
    try:
        return load_plan(_solved(dump_problem(problem), run_solver))
    except (SolverCrashed, SolverTimedOut, SolverRefused):
        return None


def _solved(problem: bytes, run_solver: RunSolver) -> bytes:
    return run_solver(problem, seconds=SECONDS, memory_mb=MEMORY_MB, report=quiet)


def quiet(_stage: str, _done: int, _of: int) -> None:
    """Nobody waits to hear of it."""


def read(data: Any) -> FairReport:
    """The report as stored. Raises ValueError naming what does not fit."""
    faults: list[str] = []
    report: FairReport | None = decode(FairReport, data, "", faults)
    if report is None:
        raise ValueError("\n".join(faults))
    return report


def report_hash(report: FairReport) -> str:
    """SHA-256 of the report's canonical JSON."""
    return hashlib.sha256(canonical(encode(report)).encode()).hexdigest()
