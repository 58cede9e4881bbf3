"""A run: claimed by one, kept alive, checked before it counts, tried again after a crash, never lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import RunState
from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.services.ports import (
    Report,
    RunSolver,
    SolverCrashed,
    SolverRefused,
    SolverTimedOut,
    WorkerStopping,
)
from matcher.services.programme import programmes
from matcher.store.tables import Draft, DraftPair, SolveRun
from solver.files import dump_plan, load_plan, load_problem
from solver.run import solve
from solver.settings import unhurried
from tests.builders import a_cycle, a_draft_cycle, enrolled
from tests.conftest import Clock


@dataclass
class Solver:
    """The real solver in this process; before each call the next of `troubles` happens."""

    troubles: Iterator[Exception | None] = field(default_factory=lambda: iter(()))
    problems: list[bytes] = field(default_factory=list)

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        assert min(seconds, memory_mb) > 0
        self.problems.append(problem)
        trouble = next(self.troubles, None)
        if trouble is not None:
            raise trouble
        return dump_plan(solve(load_problem(problem), remaining=unhurried, report=report))


@pytest.fixture
def run(open_session: sessionmaker[Session], clock: Clock) -> UUID:
    """A queued run: two mentors, three mentees."""
    with open_session.begin() as session:
        cycle = a_cycle(session)
        for number in range(2):
            enrolled(session, cycle, Role.MENTOR, name=f"Mentor {number}", ref=number)
        for number in range(3):
            enrolled(session, cycle, Role.MENTEE, name=f"Mentee {number}", ref=10 + number)
        return cycles.close(session, cycle_id=cycle, by=None, now=clock())


def work(sessions: sessionmaker[Session], run: UUID, solver: RunSolver, clock: Clock) -> None:
    runs.solve(sessions, run, run_solver=solver, clock=clock, worker="worker 1")


def state(sessions: sessionmaker[Session], run: UUID) -> tuple[str, int, str]:
    with sessions() as session:
        row = session.get_one(SolveRun, run)
        return row.state, row.attempts, row.error


def drafts(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return len(session.scalars(select(Draft)).all())


def test_run_becomes_a_draft_to_review(open_session: sessionmaker[Session], run: UUID, clock: Clock) -> None:
    work(open_session, run, Solver(), clock)

    with open_session() as session:
        progress = runs.progress(session, run)
        pairs = session.scalars(select(DraftPair)).all()
        cycle = cycles.of(session, session.get_one(SolveRun, run).cycle_id)
    assert (progress.state, progress.sentence) == (RunState.DONE, "The draft is ready for review.")
    assert progress.draft_id is not None
    assert len(pairs) == 2
    assert cycle.state == "review"


def test_stored_problem_replays_to_the_stored_plan(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    work(open_session, run, Solver(), clock)

    with open_session() as session:
        problem = runs.export_problem(session, run)
        stored = session.scalars(select(Draft.plan)).one()
    again = Solver()(problem, seconds=60, memory_mb=1024, report=lambda *_: None)
    assert again == stored
    assert load_plan(again).pairing is not None


def test_only_one_of_two_workers_has_the_run(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    with open_session.begin() as session:
        first = runs.claim(session, run, "worker 1", clock())
    with open_session.begin() as session:
        second = runs.claim(session, run, "worker 2", clock())

    assert (first is not None, second) == (True, None)


def test_run_of_a_dead_worker_is_taken_over(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    with open_session.begin() as session:
        runs.claim(session, run, "worker 1", clock())
    clock.forward(seconds=31)

    with open_session.begin() as session:
        waiting = runs.sweep(session, now=clock())
    work(open_session, run, Solver(), clock)

    assert waiting == (run,)
    assert state(open_session, run) == ("done", 2, "")
    assert drafts(open_session) == 1


def test_worker_that_dies_three_times_fails_the_run(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    for _ in range(3):
        with open_session.begin() as session:
            runs.sweep(session, now=clock())
            assert runs.claim(session, run, "worker 1", clock()) is not None
        clock.forward(seconds=31)

    with open_session.begin() as session:
        assert runs.sweep(session, now=clock()) == ()

    told = state(open_session, run)
    assert told[:2] == ("failed", 3)
    assert "nothing was published" in told[2]


def test_crash_is_tried_again_carefully_and_otherwise(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    solver = Solver(troubles=iter([SolverCrashed("Signal 11.")]))

    work(open_session, run, solver, clock)

    first, second = (load_problem(problem).settings for problem in solver.problems)
    assert (second.workers, second.seed) == (1, first.seed + 1)
    assert state(open_session, run) == ("done", 2, "")


def test_third_crash_fails_the_run_with_a_sentence(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    solver = Solver(troubles=iter([SolverCrashed("Signal 11.")] * 5))

    work(open_session, run, solver, clock)

    assert len(solver.problems) == 3
    assert state(open_session, run) == (
        "failed",
        3,
        "The solver crashed 3 times. The last time: Signal 11. "
        "The answers are kept as they were; nothing was published.",
    )


@pytest.mark.parametrize(
    "trouble", [SolverTimedOut("No plan in 120 seconds."), SolverRefused("The problem file is wrong.")]
)
def test_what_will_not_get_better_is_not_tried_again(
    open_session: sessionmaker[Session], run: UUID, clock: Clock, trouble: Exception
) -> None:
    solver = Solver(troubles=iter([trouble]))

    work(open_session, run, solver, clock)

    told = state(open_session, run)
    assert (len(solver.problems), told[0]) == (1, "failed")
    assert str(trouble) in told[2]


def test_unforeseen_fault_fails_the_run_and_is_not_hidden(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    with pytest.raises(ZeroDivisionError):
        work(open_session, run, Solver(troubles=iter([ZeroDivisionError()])), clock)

    assert state(open_session, run)[0] == "failed"


def test_graceful_stop_gives_the_run_back_uncounted(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    with pytest.raises(WorkerStopping):
        work(open_session, run, Solver(troubles=iter([WorkerStopping()])), clock)

    assert state(open_session, run) == ("queued", 0, "")


def test_plan_that_breaks_a_rule_never_becomes_a_draft(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    def liar(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        honest = Solver()(problem, seconds=seconds, memory_mb=memory_mb, report=report)
        plan = load_plan(honest)
        assert plan.pairing is not None
        plan.pairing.utility[0] += 1
        return dump_plan(plan)

    work(open_session, run, liar, clock)

    told = state(open_session, run)
    assert told[0] == "failed"
    assert "The independent check refused the plan" in told[2]
    assert drafts(open_session) == 0


def test_nonsense_instead_of_a_plan_counts_as_a_crash(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    work(open_session, run, lambda *_, **__: b"{}", clock)

    assert state(open_session, run)[:2] == ("failed", 3)
    assert drafts(open_session) == 0


def test_cancelled_run_stops_at_its_next_report(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    def cancelled_meanwhile(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        with open_session.begin() as session:
            runs.cancel(session, run, by=None, now=clock())
        report("flow", 1, 2)
        raise AssertionError("The report was to end this.")

    work(open_session, run, cancelled_meanwhile, clock)

    assert state(open_session, run)[:2] == ("cancelled", 1)
    assert drafts(open_session) == 0


def test_worker_whose_lease_was_taken_writes_nothing(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    def slept(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        clock.forward(seconds=31)
        with open_session.begin() as session:
            assert runs.claim(session, run, "worker 2", clock()) is not None
        return Solver()(problem, seconds=seconds, memory_mb=memory_mb, report=lambda *_: None)

    work(open_session, run, slept, clock)

    assert state(open_session, run)[:2] == ("running", 2)
    assert drafts(open_session) == 0


def test_reports_keep_the_lease_and_show_progress(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    seen = []

    def slow(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        for step in range(4):
            clock.forward(seconds=20)
            report("flow", step, 4)
            with open_session() as session:
                progress = runs.progress(session, run)
                row = session.get_one(SolveRun, run)
                assert row.lease_until == clock() + timedelta(seconds=30)
            seen.append((progress.stage, progress.done, progress.of))
        return Solver()(problem, seconds=seconds, memory_mb=memory_mb, report=report)

    work(open_session, run, slow, clock)

    assert seen == [("flow", step, 4) for step in range(4)]
    assert state(open_session, run)[0] == "done"


def test_measures_of_the_solver_are_kept_as_the_course_and_change_no_stage(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    seen = []

    def measuring(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        report("flow", 1, 1)
        for below in (40, 0, 0):
            clock.forward(seconds=2)
            report("gap", below, 900)
        report("best", 10, 12)
        with open_session() as session:
            progress = runs.progress(session, run)
        seen.append((progress.stage, progress.gap))
        return Solver()(problem, seconds=seconds, memory_mb=memory_mb, report=lambda *_: None)

    work(open_session, run, measuring, clock)

    with open_session() as session:
        course = session.get_one(SolveRun, run).course
    assert seen == [("flow", 0)]
    assert course == {"pairs": [[2.0, 40, 900], [4.0, 0, 900]], "circles": [[6.0, 10, 12]]}


def test_another_run_may_have_another_policy(
    open_session: sessionmaker[Session], run: UUID, clock: Clock
) -> None:
    work(open_session, run, Solver(), clock)
    with open_session.begin() as session:
        cycle = session.get_one(SolveRun, run).cycle_id
        policy = programmes.policy_of(session, cycles.of(session, cycle).programme_id)
        other = runs.queue(session, cycle_id=cycle, by=None, now=clock(), policy=policy.replace(mode="total"))

    work(open_session, other, Solver(), clock)

    assert drafts(open_session) == 2
    assert state(open_session, other)[0] == "done"


def test_an_open_cycle_has_nothing_to_run(session: Session, clock: Clock) -> None:
    with pytest.raises(WrongState, match="Close its sign-ups"):
        runs.queue(session, cycle_id=a_draft_cycle(session), by=None, now=clock())


def test_nobody_enrolled_gives_an_empty_draft(open_session: sessionmaker[Session], clock: Clock) -> None:
    with open_session.begin() as session:
        empty = cycles.close(session, cycle_id=a_cycle(session), by=None, now=clock())

    work(open_session, empty, Solver(), clock)

    assert state(open_session, empty)[0] == "done"


def test_unknown_run_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        runs.progress(session, uuid4())
    with pytest.raises(NotFound):
        runs.export_problem(session, uuid4())
