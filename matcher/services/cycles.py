"""Cycles: one run of a programme, from its plan to its end."""

import hashlib
import json
import zlib
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, Invalid, NotFound, Problem
from matcher.domain.lifecycle import CycleState, PairState, RunState, move, words
from matcher.domain.said import say
from matcher.domain.snapshot import Snapshot as SnapshotValue
from matcher.services import audit, outbox
from matcher.services.programmes import require_organiser
from matcher.services.queueing import queue_run
from matcher.store.history import snapshot_of
from matcher.store.queries import next_cycle_number, to_change
from matcher.store.tables import Cycle, Pair, Programme, Snapshot, SolveRun
from matcher.store.types import canonical


def create(
    session: Session,
    *,
    programme_id: UUID,
    name: str,
    opens_on: date,
    closes_on: date,
    starts_on: date,
    ends_on: date,
    by: UUID | None,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (chance as an argument)
) -> UUID:
    """A new cycle, a draft; its id. Raises Invalid naming the dates that are in the wrong order."""
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    problems = faults(name, (opens_on, closes_on, starts_on, ends_on))
    if problems:
        raise Invalid(problems)
    cycle = Cycle(
        id=id or uuid4(),
        programme_id=programme_id,
        number=next_cycle_number(session, programme_id),
        name=name.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
    )
    session.add(cycle)
    session.flush()
    audit.append(session, act="cycle created", about=cycle.id, by=by, now=now)
    return cycle.id


def open_(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Take sign-ups from now on."""
    move_cycle(session, cycle_id, CycleState.OPEN, by=by, now=now)


def close(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> UUID:
    """Take no more answers, freeze what is known, and queue a run; its id. All or nothing.

    After a cycle was opened again, changes made by hand before still stand (queueing.py).
    """
    cycle = move_cycle(session, cycle_id, CycleState.CLOSED, by=by, now=now)
    snapshot = freeze(session, cycle, now=now)
    return queue_run(session, cycle, snapshot.id, by=by, now=now).id


def reopen(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Take answers again: drafts stay to be looked at, runs that have not ended are cancelled."""
    cycle = move_cycle(session, cycle_id, CycleState.OPEN, by=by, now=now)
    _stop_runs(session, cycle, now)


def cancel(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Give the cycle up; its pairs end, its runs and the mails that have not left are cancelled."""
    cycle = move_cycle(session, cycle_id, CycleState.CANCELLED, by=by, now=now)
    outbox.withdraw_cycle(session, cycle_id, now=now)
    _stop_runs(session, cycle, now)
    _end_pairs(session, cycle, PairState.ENDED)


def start(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Begin the sessions of a published cycle."""
    move_cycle(session, cycle_id, CycleState.RUNNING, by=by, now=now)


def complete(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """End a running cycle; its pairs are completed."""
    cycle = move_cycle(session, cycle_id, CycleState.COMPLETED, by=by, now=now)
    _end_pairs(session, cycle, PairState.COMPLETED)


def archive(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Put a completed cycle away."""
    move_cycle(session, cycle_id, CycleState.ARCHIVED, by=by, now=now)


def of(session: Session, cycle_id: UUID) -> Cycle:
    """The cycle's row, to read. Raises NotFound."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound(say("There is no such cycle."))
    return cycle


def move_cycle(session: Session, cycle_id: UUID, to: CycleState, *, by: UUID | None, now: datetime) -> Cycle:
    """The one way a cycle changes its state: a legal move, and only if nobody moved it meanwhile.

    Raises WrongState with what can be done now, Changed when somebody was first, NotFound.
    """
    cycle = of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    state = move(CycleState(cycle.state), to)
    moved = session.execute(
        update(Cycle)
        .where(Cycle.id == cycle_id, Cycle.version == cycle.version)
        .values(state=state.value, version=cycle.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(cycle)
    if getattr(moved, "rowcount", 0) != 1:
        raise Changed(
            say(
                "“{name}” was changed by somebody else meanwhile: it is {state} now.",
                name=cycle.name,
                state=words(CycleState(cycle.state)),
            )
        )
    audit.append(
        session, act=f"cycle {to}", about=cycle_id, by=by, now=now, payload={"version": cycle.version}
    )
    return cycle


def freeze(session: Session, cycle: Cycle, *, now: datetime) -> Snapshot:
    """Store everything a run may know, with one hash over it."""
    value = snapshot_of(session, cycle)
    text = canonical(value.to_data()).encode()
    snapshot = Snapshot(
        cycle_id=cycle.id,
        hash=hashlib.sha256(text).hexdigest(),
        blob=zlib.compress(text),
        people=len(value.members),
        created_at=now,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def thaw(snapshot: Snapshot) -> SnapshotValue:
    """The value of a stored snapshot. Raises ValueError when its hash does not fit."""
    text = zlib.decompress(snapshot.blob)
    if hashlib.sha256(text).hexdigest() != snapshot.hash:
        raise ValueError(f"Snapshot {snapshot.id} is damaged: its hash does not fit.")
    return SnapshotValue.from_data(json.loads(text))


def _stop_runs(session: Session, cycle: Cycle, now: datetime) -> None:
    session.execute(
        update(SolveRun)
        .where(
            SolveRun.cycle_id == cycle.id,
            SolveRun.state.in_([RunState.QUEUED.value, RunState.RUNNING.value]),
        )
        .values(state=RunState.CANCELLED.value, lease_token=None, ended_at=now)
    )


def _end_pairs(session: Session, cycle: Cycle, state: PairState) -> None:
    session.execute(
        update(Pair)
        .where(Pair.cycle_id == cycle.id, Pair.state == PairState.ACTIVE.value)
        .values(state=state.value)
    )


def faults(name: str, days: tuple[date, date, date, date]) -> tuple[Problem, ...]:
    """What is wrong with a name and the four days of a cycle, in their order."""
    problems = []
    if not 1 <= len(name.strip()) <= 200:
        problems.append(Problem(pointer="/name", sentence=say("Enter a name of 1 to 200 characters.")))
    fields = ("opens_on", "closes_on", "starts_on", "ends_on")
    for place, (earlier, later) in enumerate(pairwise(days), start=1):
        if later < earlier:
            said = say(
                "{field} is {later}, which is before {other} ({earlier}).",
                field=fields[place],
                later=later,
                other=fields[place - 1],
                earlier=earlier,
            )
            problems.append(Problem(pointer=f"/{fields[place]}", sentence=said))
    return tuple(problems)
