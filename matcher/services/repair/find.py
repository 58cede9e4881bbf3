"""Repairs: after somebody left or came late, the smallest change of the published plan, with its price.

`find` is an act that commits by itself: the solver works between reading and writing, and no transaction is
open meanwhile. Nothing changes for anybody before an organiser applies it (applying.py).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.sentences import say
from matcher.problem.encoding import DecodedPlan
from matcher.problem.repair import Repaired, decode_repair, encode_repair
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.ports import (
    Clock,
    Report,
    RunSolver,
    SolverCrashed,
    SolverRefused,
    SolverTimedOut,
)
from matcher.services.programme.programmes import require_organiser
from matcher.services.repair.current_plan import World, require_plan, world
from matcher.services.repair.plan import change_of, does_something
from matcher.store import tables
from matcher.store.engine import read_only
from matcher.store.organiser_tables import Repair
from matcher.store.rows import people_by_id, to_change
from matcher.store.types import canonical
from solver.checks.repair import repair_breaches
from solver.files import FormatError
from solver.repair.problem import dump_repair, load_repaired
from solver.settings import SolveSettings, silent

SECONDS = 60.0
MEMORY_MB = 4096
PATIENCE = timedelta(seconds=30)
ASKED, PROPOSED, APPLIED, DROPPED, FAILED = "asked", "proposed", "applied", "dropped", "failed"
NOTHING = say("There is nothing to repair: nobody can be placed better without touching what stands.")


def ask(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> UUID:
    """Ask for the smallest change; the repair's id. Asking again while one is being found is the same one.

    Then ring "repair". Raises WrongState before publication and after the cycle, NotFound.
    """
    cycle = to_change(session, tables.Cycle, cycle_id, "cycle")
    require_organiser(session, cycle.programme_id, by)
    require_plan(cycle)
    mine = Repair.cycle_id == cycle_id
    waiting = session.scalars(select(Repair.id).where(mine, Repair.state == ASKED)).first()
    if waiting is not None:
        return waiting
    dropped = {"state": DROPPED, "settled_at": now, "settled_by": by}
    session.execute(update(Repair).where(mine, Repair.state == PROPOSED).values(**dropped))
    number = (session.scalar(select(func.max(Repair.number)).where(mine)) or 0) + 1
    row = Repair(
        cycle_id=cycle_id, number=number, cause={}, plan={}, hash="", state=ASKED, asked_at=now, asked_by=by
    )
    session.add(row)
    session.flush()
    audit.append(session, act="repair asked for", about=row.id, by=by, now=now)
    return row.id


def find(
    sessions: sessionmaker[Session],
    repair_id: UUID,
    *,
    run_solver: RunSolver,
    clock: Clock,
    report: Report = silent,
    seconds: float = SECONDS,
) -> None:
    """Find what was asked for: a proposal, or a sentence why there is none. Does nothing if it is found.

    `run_solver` solves repair files. A plan the independent check refuses is never kept. Found twice at once
    it is kept once. Raises WorkerStopping; then it is still asked for.
    """
    with sessions() as session:
        row = read_only(session).get(Repair, repair_id)
        if row is None or row.state != ASKED:
            return
        try:
            seen = world(session, row.cycle_id, clock())
        except WrongState as refused:
            _fail(sessions, repair_id, refused.sentence)
            return
    try:
        change = _found(seen, run_solver, report, seconds)
    except (SolverCrashed, SolverTimedOut, SolverRefused) as failed:
        _fail(sessions, repair_id, say("No repair was found. {what} Nothing has changed.", what=str(failed)))
        return
    if change is None:
        _fail(sessions, repair_id, NOTHING)
        return
    cause = {**seen.cause.to_data(), "mark": seen.mark}
    found = {
        "cause": cause,
        "plan": change,
        "hash": hashlib.sha256(canonical({"cause": cause, "plan": change}).encode()).hexdigest(),
        "state": PROPOSED,
    }
    with sessions.begin() as session:
        kept = session.execute(
            update(Repair).where(Repair.id == repair_id, Repair.state == ASKED).values(**found)
        )
        if getattr(kept, "rowcount", 0) == 1:
            said = {"hash": found["hash"], "pairs": len(change["pairs"]), "circles": len(change["circles"])}
            audit.append(session, act="repair proposed", about=repair_id, by=None, now=clock(), payload=said)


def sweep(session: Session, *, now: datetime) -> tuple[UUID, ...]:
    """Repairs asked for and not found yet, to ring for: a lost bell, or a worker that stopped."""
    due = select(Repair.id).where(Repair.state == ASKED, Repair.asked_at < now - PATIENCE)
    return tuple(session.scalars(due.order_by(Repair.asked_at)))


def _found(seen: World, run_solver: RunSolver, report: Report, seconds: float) -> dict[str, Any] | None:
    """The smallest change; None where nothing can be placed better without touching what stands."""
    policy = seen.found.policy
    settings = SolveSettings(seed=policy.seed, seconds=seconds)
    given, index, left = encode_repair(seen.snapshot, policy, seen.standing, settings)
    repaired = Repaired(found=DecodedPlan(), circles=(), ended=(), pair_turns={})
    if given.problem.pairing is not None or given.problem.circles is not None:
        answer = run_solver(dump_repair(given), seconds=seconds, memory_mb=MEMORY_MB, report=report)
        try:
            plan = load_repaired(answer)
        except FormatError as refused:
            raise SolverCrashed(f"The repair cannot be read: {refused.problems[0]}") from refused
        breaches = list(repair_breaches(given, plan))
        if breaches:
            raise SolverRefused(f"The independent check refused the repair: “{breaches[0].rule}”.")
        repaired = decode_repair(plan, given, index, policy, seen.standing)
    change = change_of(seen, repaired, left)
    return change if does_something(change) else None


def _fail(sessions: sessionmaker[Session], repair_id: UUID, sentence: str) -> None:
    with sessions.begin() as session:
        session.execute(
            update(Repair)
            .where(Repair.id == repair_id, Repair.state == ASKED)
            .values(state=FAILED, plan={"sentence": sentence})
        )


def drop(session: Session, *, repair_id: UUID, by: UUID | None, now: datetime) -> None:
    """Let a proposal go; twice is once. Raises Changed when somebody has applied it, NotFound."""
    row = to_change(session, Repair, repair_id, "repair")
    require_organiser(session, cycles.of(session, row.cycle_id).programme_id, by)
    if row.state in (DROPPED, FAILED):
        return
    if row.state != ASKED:
        refuse_settled(session, row)
    row.state, row.settled_at, row.settled_by = DROPPED, now, by
    session.flush()
    audit.append(session, act="repair dropped", about=row.id, by=by, now=now)


def refuse_settled(session: Session, row: Repair) -> None:
    """Raises Changed, saying who applied it and when; WrongState for one that was dropped."""
    if row.state == PROPOSED:
        return
    if row.state != APPLIED:
        raise WrongState(say("There is nothing to apply in this repair. Ask for a new one."))
    person = people_by_id(session, [row.settled_by]) if row.settled_by else {}
    who = person[row.settled_by].name if row.settled_by in person else say("The operator")
    when = row.settled_at
    said = say(
        "{who} applied this repair on {day}. Nothing was done twice.",
        who=who,
        day=when.date() if when else "",
    )
    raise Changed(said, who=str(who), when=when)


def of(session: Session, repair_id: UUID, by: UUID | None) -> Repair:
    """The repair's row, for organisers. Raises NotFound."""
    row = session.get(Repair, repair_id)
    if row is None:
        raise NotFound(say("There is no such repair."))
    require_organiser(session, cycles.of(session, row.cycle_id).programme_id, by)
    return row
