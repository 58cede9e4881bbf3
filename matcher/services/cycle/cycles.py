"""Cycles: one run of a programme, from its plan to its end."""

import hashlib
import json
import zlib
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.domain.dates import FIELDS, ORDER
from matcher.domain.errors import Changed, Invalid, NotFound, Problem
from matcher.domain.lifecycle import CycleState, PairState, RunState, move, words
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.cycle.queueing import queue_run
from matcher.services.post import outbox
from matcher.services.programme.programmes import require_organiser
from matcher.store.history import snapshot_of
from matcher.store.rows import next_cycle_number, to_change
from matcher.store.tables import Cycle, Pair, Programme, SnapshotRow, SolveRun
from matcher.store.types import canonical

BY_ITSELF = " by itself"
"""How an act of the audit log ends that nobody did: a day had come."""


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
    _move_pairs(session, cycle, PairState.ACTIVE, PairState.ENDED)


def start(
    session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, by_itself: bool = False
) -> None:
    """Begin the sessions of a published cycle; `by_itself`: its first day has come."""
    move_cycle(session, cycle_id, CycleState.RUNNING, by=by, now=now, by_itself=by_itself)


def complete(
    session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime, by_itself: bool = False
) -> None:
    """End a running cycle; its pairs are completed. `by_itself`: its last day is over."""
    cycle = move_cycle(session, cycle_id, CycleState.COMPLETED, by=by, now=now, by_itself=by_itself)
    _move_pairs(session, cycle, PairState.ACTIVE, PairState.COMPLETED)


def go_on(session: Session, *, cycle_id: UUID, ends_on: date, by: UUID | None, now: datetime) -> None:
    """Take a completion back: the cycle runs until this day, and so do its pairs. Raises Invalid for a day
    that is over, WrongState unless it is completed."""
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    require_organiser(session, cycle.programme_id, by)
    move(CycleState(cycle.state), CycleState.RUNNING)
    if ends_on < max(now.date(), cycle.starts_on):
        said = say("{day} is over. Choose a day that is still to come.", day=ends_on)
        raise Invalid((Problem(pointer="/ends_on", sentence=said),))
    cycle.ends_on = ends_on
    session.flush()
    move_cycle(session, cycle_id, CycleState.RUNNING, by=by, now=now)
    _move_pairs(session, cycle, PairState.COMPLETED, PairState.ACTIVE)


def archive(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> None:
    """Put a completed cycle away."""
    move_cycle(session, cycle_id, CycleState.ARCHIVED, by=by, now=now)


def of(session: Session, cycle_id: UUID) -> Cycle:
    """The cycle's row, to read. Raises NotFound."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound(say("There is no such cycle."))
    return cycle


def move_cycle(
    session: Session,
    cycle_id: UUID,
    to: CycleState,
    *,
    by: UUID | None,
    now: datetime,
    by_itself: bool = False,
) -> Cycle:
    """The one way a cycle changes its state: a legal move, and only if nobody moved it meanwhile.

    by_itself: its days brought it about, and the audit log says so.
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
    act = f"cycle {to}{BY_ITSELF if by_itself else ''}"
    audit.append(session, act=act, about=cycle_id, by=by, now=now, payload={"version": cycle.version})
    return cycle


def freeze(session: Session, cycle: Cycle, *, now: datetime) -> SnapshotRow:
    """Store everything a run may know, with one hash over it."""
    value = snapshot_of(session, cycle)
    text = canonical(value.to_data()).encode()
    snapshot = SnapshotRow(
        cycle_id=cycle.id,
        hash=hashlib.sha256(text).hexdigest(),
        blob=zlib.compress(text),
        people=len(value.members),
        created_at=now,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def thaw(snapshot: SnapshotRow) -> Snapshot:
    """The value of a stored snapshot. Raises ValueError when its hash does not fit."""
    text = zlib.decompress(snapshot.blob)
    if hashlib.sha256(text).hexdigest() != snapshot.hash:
        raise ValueError(f"Snapshot {snapshot.id} is damaged: its hash does not fit.")
    return Snapshot.from_data(json.loads(text))


def _stop_runs(session: Session, cycle: Cycle, now: datetime) -> None:
    session.execute(
        update(SolveRun)
        .where(
            SolveRun.cycle_id == cycle.id,
            SolveRun.state.in_([RunState.QUEUED.value, RunState.RUNNING.value]),
        )
        .values(state=RunState.CANCELLED.value, lease_token=None, ended_at=now)
    )


def _move_pairs(session: Session, cycle: Cycle, state: PairState, to: PairState) -> None:
    session.execute(
        update(Pair)
        .where(Pair.cycle_id == cycle.id, Pair.state == state.value)
        .values(state=move(state, to).value)
    )


def faults(name: str, days: tuple[date, date, date, date]) -> tuple[Problem, ...]:
    """What is wrong with a name and the four days of a cycle, in their order."""
    problems = []
    if not 1 <= len(name.strip()) <= 200:
        problems.append(Problem(pointer="/name", sentence=say("Enter a name of 1 to 200 characters.")))
    known = dict(zip(FIELDS, days, strict=True))
    for earlier, later, sentence in ORDER:
        if known[later] < known[earlier]:
            problems.append(Problem(pointer=f"/{later}", sentence=sentence))
    return tuple(problems)
