"""Matching: a run is a row; whoever claims it solves it, and only a checked plan becomes a draft.

`solve` is the one act that commits by itself: a run lasts longer than a transaction may, and its progress
must be seen while it works. Every step is an UPDATE under the lease's token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import CycleState, RunState, move, words
from matcher.domain.matching.change_sentences import broken_pin
from matcher.domain.matching.changes import Changes, changes_of
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.problem.changes import with_changes
from matcher.problem.encoding import DecodedPlan, decode, encode
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.cycle.cycles import thaw
from matcher.services.cycle.queueing import queue_run
from matcher.services.matching.drafts import UnstoredDraft, make_draft, store_draft
from matcher.services.ports import (
    Clock,
    Report,
    RunSolver,
    SolverCrashed,
    SolverRefused,
    SolverTimedOut,
    WorkerStopping,
)
from matcher.services.programme.programmes import require_organiser
from matcher.store.engine import read_only
from matcher.store.rows import to_change
from matcher.store.tables import Cycle, Draft, PolicyVersion, SnapshotRow, SolveRun
from solver.check import check
from solver.files import FormatError, MatchingProblem, dump_problem, load_plan, problem_hash
from solver.settings import SolveSettings

LEASE = timedelta(seconds=30)
NOTED_EACH = timedelta(seconds=1)
MOST_ATTEMPTS = 3
SECONDS = 300.0
"""Deadline of a run, only a guard: `effort` says how much is tried, so a slow machine finds the same plan."""
EFFORT = 200
MEMORY_MB = 6144

LIVE = (RunState.QUEUED.value, RunState.RUNNING.value)
KEPT = say("The answers are kept as they were; nothing was published.")


MEASURES = {"gap": "pairs", "best": "circles"}
"""Stages that measure instead of moving on: pairs that could still better the plan, of all; what no circles
can cost less than, and the cost of those found."""


class LeaseLost(RuntimeError):  # noqa: N818 (what happened)
    """The run was cancelled or taken over: this worker's work on it is worth nothing any more."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A run for whoever waits: stage in the solver's word, `done` of `of`; `sentence` says it in words.

    gap: how many pairs could still better the plan, as last measured; None while unknown.
    """

    run_id: UUID
    state: RunState
    stage: str
    done: int
    of: int
    sentence: str
    gap: int | None = None
    draft_id: UUID | None = None


def queue(
    session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, policy: Policy | None = None
) -> UUID:
    """Another run of the closed cycle, under the present policy or a new one, with the changes made by hand
    (queueing.py); its id. Then ring."""
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    state = CycleState(cycle.state)
    if state not in (CycleState.CLOSED, CycleState.REVIEW):
        raise WrongState(
            say(
                "“{name}” is {state}. Close its sign-ups before you run the matching.",
                name=cycle.name,
                state=words(state),
            )
        )
    newest = (
        select(SnapshotRow.id).where(SnapshotRow.cycle_id == cycle_id).order_by(SnapshotRow.created_at.desc())
    )
    snapshot_id = session.scalars(newest.limit(1)).one()
    return queue_run(session, cycle, snapshot_id, by=by, now=now, policy=policy).id


def cancel(session: Session, run_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Stop a run that has not ended. Raises WrongState when it has, NotFound."""
    require_organiser(session, _cycle_to_change(session, run_id).programme_id, by)
    run = to_change(session, SolveRun, run_id, "run")
    run.state = move(RunState(run.state), RunState.CANCELLED).value
    run.lease_token, run.lease_until, run.ended_at = None, None, now
    session.flush()
    audit.append(session, act="run cancelled", about=run_id, by=by, now=now)


def progress(session: Session, run_id: UUID) -> Progress:
    """How far a run is. Raises NotFound."""
    found = select(SolveRun, Draft.id).outerjoin(Draft, Draft.run_id == SolveRun.id)
    row = session.execute(found.where(SolveRun.id == run_id)).first()
    if row is None:
        raise NotFound(say("There is no such run."))
    run, draft_id = row
    measured = run.course.get("pairs", ())
    return Progress(
        run_id=run_id,
        state=RunState(run.state),
        stage=run.stage,
        done=run.done,
        of=run.of,
        sentence=run.error or _sentence(run),
        gap=int(measured[-1][1]) if measured else None,
        draft_id=draft_id,
    )


def export_problem(session: Session, run_id: UUID) -> bytes:
    """The problem file of a run, to be replayed by anybody: integers and opaque numbers. Raises NotFound."""
    problem = session.scalars(select(SolveRun.problem).where(SolveRun.id == run_id)).first()
    if problem is None:
        raise NotFound(say("This run has no problem file yet. It is written when a worker takes the run."))
    return problem


def sweep(session: Session, *, now: datetime) -> tuple[UUID, ...]:
    """Take runs back from workers that died; the runs to ring for, the oldest first."""
    dead = SolveRun.state == RunState.RUNNING.value, SolveRun.lease_until < now
    session.execute(
        update(SolveRun)
        .where(*dead, SolveRun.attempts >= MOST_ATTEMPTS)
        .values(
            state=RunState.FAILED.value,
            ended_at=now,
            lease_token=None,
            error=f"The worker ended in the middle, {MOST_ATTEMPTS} times. {KEPT} Look at the worker's log.",
        )
    )
    session.execute(update(SolveRun).where(*dead).values(**_again(SolveRun.seed)))
    waiting = select(SolveRun.id).where(SolveRun.state == RunState.QUEUED.value).order_by(SolveRun.queued_at)
    return tuple(session.scalars(waiting))


def claim(session: Session, run_id: UUID, worker: str, now: datetime) -> UUID | None:
    """Take a queued run, or one whose worker died; the lease's token, or None when somebody else has it."""
    token = uuid4()
    taken = session.execute(
        update(SolveRun)
        .where(
            SolveRun.id == run_id,
            SolveRun.attempts < MOST_ATTEMPTS,
            or_(
                SolveRun.state == RunState.QUEUED.value,
                (SolveRun.state == RunState.RUNNING.value) & (SolveRun.lease_until < now),
            ),
        )
        .values(
            state=RunState.RUNNING.value,
            attempts=SolveRun.attempts + 1,
            worker=worker,
            lease_token=token,
            lease_until=now + LEASE,
            heartbeat_at=now,
            started_at=now,
            stage="reading",
            done=0,
            of=0,
        )
        .execution_options(synchronize_session=False)
    )
    return token if _one(taken) else None


def solve(
    sessions: sessionmaker[Session],
    run_id: UUID,
    *,
    run_solver: RunSolver,
    clock: Clock,
    worker: str,
    effort: int = EFFORT,
    memory_mb: int = MEMORY_MB,
) -> None:
    """Claim the run and carry it to its end: a draft, a sentence why not, or back to the queue.

    A crash of the solver is tried again with one worker thread and another seed, 3 attempts in all. Does
    nothing when the run is somebody else's. Raises WorkerStopping, the run back in the queue.
    """
    while (token := _commit(sessions, lambda session: claim(session, run_id, worker, clock()))) is not None:
        attempt = _Attempt(sessions=sessions, run_id=run_id, token=token, clock=clock)
        try:
            attempt.solve(run_solver, effort, memory_mb)
        except LeaseLost:
            return
        except SolverCrashed as crash:
            attempt.crashed(crash.args[0])
        except (SolverTimedOut, SolverRefused) as ended:
            attempt.fail(say("{what} {kept}", what=ended.args[0], kept=KEPT))
        except WorkerStopping:
            attempt.release()
            raise
        except Exception:
            attempt.fail(
                say(
                    "Something went wrong that was not foreseen. {kept} The worker's log says more.",
                    kept=KEPT,
                )
            )
            raise


@dataclass(frozen=True, kw_only=True)
class _Attempt:
    """One attempt under one lease."""

    sessions: sessionmaker[Session]
    run_id: UUID
    token: UUID
    clock: Clock

    def solve(self, run_solver: RunSolver, effort: int, memory_mb: int) -> None:
        snapshot, policy, seed, workers, changes = self._read()
        if (refused := broken_pin(snapshot, policy, changes)) is not None:
            self.fail(say("{what} {kept}", what=refused, kept=KEPT))
            return
        settings = SolveSettings(seed=seed, effort=effort, seconds=SECONDS, workers=workers)
        problem, index = encode(snapshot, policy, settings)
        problem = with_changes(problem, index, changes)
        written = dump_problem(problem)
        self._update(problem=written, problem_hash=problem_hash(written), **self._alive())
        answer = run_solver(written, seconds=SECONDS, memory_mb=memory_mb, report=self._reporter())
        self._update(stage="check", done=0, of=1, **self._alive())
        found = _checked(problem, answer, lambda plan: decode(plan, index, problem))
        if isinstance(found, str):
            self.fail(found)
            return
        self._update(stage="storing", done=0, of=1, **self._alive())
        # Worked out before anything is locked: who writes meanwhile would wait for it.
        made = make_draft(found, snapshot, policy, self._starts_on())
        self._update(**self._alive())
        self._store(made, answer, lambda starts_on: make_draft(found, snapshot, policy, starts_on))

    def crashed(self, what: str) -> None:
        """Back to the queue with one worker thread and another seed; the third crash fails the run."""
        with self.sessions.begin() as session:
            run = self._mine(session)
            if run is not None and run.attempts < MOST_ATTEMPTS:
                self._set(session, **_again(run.seed))
                return
        self.fail(
            say(
                "The solver crashed {count} times. The last time: {what} {kept}",
                count=MOST_ATTEMPTS,
                what=what,
                kept=KEPT,
            )
        )

    def fail(self, sentence: str) -> None:
        with self.sessions.begin() as session:
            ended = {"state": RunState.FAILED.value, "error": sentence, "ended_at": self.clock()}
            self._set(session, **ended, lease_token=None, lease_until=None)

    def release(self) -> None:
        """Back to the queue as if never claimed."""
        with self.sessions.begin() as session:
            run = self._mine(session)
            if run is not None:
                back = {"state": RunState.QUEUED.value, "attempts": run.attempts - 1}
                self._set(session, **back, lease_token=None, lease_until=None)

    def _read(self) -> tuple[Snapshot, Policy, int, int, Changes]:
        with self.sessions() as session:
            run = read_only(session).get_one(SolveRun, self.run_id)
            snapshot = session.get_one(SnapshotRow, run.snapshot_id)
            policy = session.get_one(PolicyVersion, run.policy_version_id)
        changes = changes_of(run.changes.get("changes", ()))
        return thaw(snapshot), Policy.from_data(policy.data), run.seed, run.workers, changes

    def _reporter(self) -> Report:
        """Notes the progress and keeps the lease: at every stage, and once a second within one. Measures of
        how far the plan is from the best are kept as the run's course, with the seconds since it began."""
        began = self.clock()
        last: list[Any] = ["", began]
        course: dict[str, list[list[float]]] = {}

        def report(stage: str, done: int, of: int) -> None:
            now = self.clock()
            if stage in MEASURES:
                measured = course.setdefault(MEASURES[stage], [])
                # A child that is at work says its last word again and again: a sign of life, no news.
                if not measured or measured[-1][1:] != [done, of]:
                    measured.append([round((now - began).total_seconds(), 1), done, of])
                self._update(course=course, **self._alive())
            elif stage != last[0] or now - last[1] >= NOTED_EACH:
                last[:] = [stage, now]
                self._update(stage=stage, done=done, of=of, **self._alive())

        return report

    def _starts_on(self) -> date:
        """The first day of the cycle, as it is now."""
        with self.sessions() as session:
            run = read_only(session).get_one(SolveRun, self.run_id)
            return session.get_one(Cycle, run.cycle_id).starts_on

    def _store(self, made: UnstoredDraft, plan: bytes, again: Callable[[date], UnstoredDraft]) -> None:
        """Keep the draft; made `again` if the cycle's days have changed since."""
        now = self.clock()
        with self.sessions.begin() as session:
            cycle = _cycle_to_change(session, self.run_id)
            if self._mine(session) is None:
                raise LeaseLost
            if cycle.starts_on != made.starts_on:
                made = again(cycle.starts_on)
            draft = store_draft(session, made, run_id=self.run_id, cycle_id=cycle.id, plan=plan, now=now)
            if cycle.state == CycleState.CLOSED:
                cycles.move_cycle(session, cycle.id, CycleState.REVIEW, by=None, now=now)
            elif cycle.state != CycleState.REVIEW:
                raise LeaseLost
            ended = {"state": RunState.DONE.value, "ended_at": now, "stage": "stored", "done": 1, "of": 1}
            self._set(session, **ended, lease_token=None, lease_until=None)
            audit.append(session, act="draft stored", about=draft, by=None, now=now)

    def _mine(self, session: Session) -> SolveRun | None:
        held = select(SolveRun).where(SolveRun.id == self.run_id, SolveRun.lease_token == self.token)
        return session.scalars(held.with_for_update()).first()

    def _alive(self) -> dict[str, datetime]:
        now = self.clock()
        return {"heartbeat_at": now, "lease_until": now + LEASE}

    def _update(self, **values: Any) -> None:
        """In a transaction of its own; raises LeaseLost."""
        with self.sessions.begin() as session:
            self._set(session, **values)

    def _set(self, session: Session, **values: Any) -> None:
        held = update(SolveRun).where(SolveRun.id == self.run_id, SolveRun.lease_token == self.token)
        if not _one(session.execute(held.values(**values).execution_options(synchronize_session=False))):
            raise LeaseLost


def _cycle_to_change(session: Session, run_id: UUID) -> Cycle:
    """The run's cycle, locked before the run itself: always in this order, so that nobody waits in a ring."""
    cycle_id = session.scalars(select(SolveRun.cycle_id).where(SolveRun.id == run_id)).first()
    if cycle_id is None:
        raise NotFound(say("There is no such run."))
    return to_change(session, Cycle, cycle_id, "cycle")


def _checked(
    problem: MatchingProblem, answer: bytes, read: Callable[[Any], DecodedPlan]
) -> DecodedPlan | str:
    """What the plan says once the independent check finds nothing; else the sentence why it is not used."""
    try:
        plan = load_plan(answer)
    except FormatError as refused:
        raise SolverCrashed(say("The plan cannot be read: {what}", what=refused.problems[0])) from refused
    verdict = check(problem, plan)
    if verdict.breaches:
        first = verdict.breaches[0]
        return say(
            "The independent check refused the plan: {count} breaches, the first of “{rule}”. {kept} "
            "Keep the problem file (export it) and report this.",
            count=len(verdict.breaches),
            rule=first.rule,
            kept=KEPT,
        )
    return read(plan)


def _again(seed: Any) -> dict[str, Any]:
    """Values of a run that is to be tried again: carefully, and otherwise."""
    return {
        "state": RunState.QUEUED.value,
        "lease_token": None,
        "lease_until": None,
        "workers": 1,
        "seed": seed + 1,
    }


def _commit(sessions: sessionmaker[Session], act: Callable[[Session], UUID | None]) -> UUID | None:
    with sessions.begin() as session:
        return act(session)


def _one(result: Any) -> bool:
    return bool(result.rowcount == 1)


def _sentence(run: SolveRun) -> str:
    return {
        RunState.QUEUED: say("Waiting for a worker."),
        RunState.RUNNING: say("The matching is at work. You can leave this page and come back."),
        RunState.DONE: say("The draft is ready for review."),
        RunState.FAILED: say("The run failed. {kept}", kept=KEPT),
        RunState.CANCELLED: say("The run was cancelled. {kept}", kept=KEPT),
    }[RunState(run.state)]
