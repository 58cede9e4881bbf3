"""Repairs: after somebody left or came late, the smallest change of the published plan, with its price.

`propose` is an act that commits by itself: the solver works between reading and writing, and no transaction
is open meanwhile. Nothing changes for anybody before an organiser applies it (applying.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.people import Role
from matcher.domain.repair import price
from matcher.domain.said import say
from matcher.domain.snapshot import Snapshot
from matcher.domain.standing import StandingCircle, Turn, free_people
from matcher.services import audit, cycles
from matcher.services.drafting import pair_rows, waiting_rows
from matcher.services.ports import Report, RunSolver, SolverRefused
from matcher.services.programmes import require_organiser
from matcher.services.standings import World, world
from matcher.store import tables
from matcher.store.desk_tables import Repair
from matcher.store.encoding import Found
from matcher.store.engine import read_only
from matcher.store.queries import people_by_id, to_change
from matcher.store.repairing import CircleChange, Repaired, decode_repair, encode_repair
from matcher.store.types import canonical
from solver.checks.repair import repair_breaches
from solver.files import FormatError
from solver.repair.problem import dump_repair, load_repaired
from solver.settings import SolveSettings

SECONDS = 60.0
MEMORY_MB = 4096
PROPOSED, APPLIED, DROPPED = "proposed", "applied", "dropped"


def propose(
    sessions: sessionmaker[Session],
    *,
    cycle_id: UUID,
    by: UUID | None,
    now: datetime,
    run_solver: RunSolver,
    report: Report,
    seconds: float = SECONDS,
) -> UUID:
    """Find the smallest change and keep it as a proposal; its id. Earlier proposals are dropped.

    `run_solver` solves repair files. Raises WrongState when there is nothing to repair or no plan, NotFound,
    and what the port raises; a plan the independent check refuses is never kept.
    """
    with sessions() as session:
        cycle = cycles.of(read_only(session), cycle_id)
        require_organiser(session, cycle.programme_id, by)
        seen = world(session, cycle_id, now)
        policy, snapshot = seen.found.policy, seen.snapshot
    settings = SolveSettings(seed=policy.seed, seconds=seconds)
    given, index, left = encode_repair(snapshot, policy, seen.standing, settings)
    repaired = Repaired(found=Found(), circles=(), ended=(), pair_turns={})
    if given.problem.pairing is not None or given.problem.circles is not None:
        answer = run_solver(dump_repair(given), seconds=seconds, memory_mb=MEMORY_MB, report=report)
        try:
            plan = load_repaired(answer)
        except FormatError as refused:
            raise SolverRefused(f"The repair cannot be read: {refused.problems[0]}") from refused
        breaches = list(repair_breaches(given, plan))
        if breaches:
            raise SolverRefused(f"The independent check refused the repair: “{breaches[0].rule}”.")
        repaired = decode_repair(plan, given, index, policy, seen.standing)
    change = _change(seen, repaired, left)
    if not _does_something(change):
        raise WrongState(
            say("There is nothing to repair: nobody can be placed better without touching what stands.")
        )
    with sessions.begin() as session:
        return _store(session, seen, change, by=by, now=now)


def drop(session: Session, *, repair_id: UUID, by: UUID | None, now: datetime) -> None:
    """Let a proposal go; twice is once. Raises Changed when somebody has applied it, NotFound."""
    row = to_change(session, Repair, repair_id, "repair")
    require_organiser(session, cycles.of(session, row.cycle_id).programme_id, by)
    if row.state == DROPPED:
        return
    refuse_settled(session, row)
    row.state, row.settled_at, row.settled_by = DROPPED, now, by
    session.flush()
    audit.append(session, act="repair dropped", about=row.id, by=by, now=now)


def refuse_settled(session: Session, row: Repair) -> None:
    """Raises Changed, saying who applied it and when; WrongState for one that was dropped."""
    if row.state == PROPOSED:
        return
    if row.state == DROPPED:
        raise WrongState(say("This proposal was dropped. Ask for a new one."))
    person = people_by_id(session, [row.settled_by]) if row.settled_by else {}
    who = person[row.settled_by].name if row.settled_by in person else say("The operator")
    when = row.settled_at
    said = say(
        "{who} applied this repair on {day}. Nothing was done twice.",
        who=who,
        day=when.date() if when else "",
    )
    raise Changed(said, who=str(who), when=when)


def _store(
    session: Session, seen: World, change: Mapping[str, Any], *, by: UUID | None, now: datetime
) -> UUID:
    cycle = to_change(session, tables.Cycle, seen.found.cycle.id, "cycle")
    dropped = {"state": DROPPED, "settled_at": now, "settled_by": by}
    mine = Repair.cycle_id == cycle.id
    session.execute(update(Repair).where(mine, Repair.state == PROPOSED).values(**dropped))
    cause = {**seen.cause.to_data(), "mark": seen.mark}
    row = Repair(
        cycle_id=cycle.id,
        number=(session.scalar(select(func.max(Repair.number)).where(mine)) or 0) + 1,
        cause=cause,
        plan=dict(change),
        hash=hashlib.sha256(canonical({"cause": cause, "plan": change}).encode()).hexdigest(),
        asked_at=now,
        asked_by=by,
    )
    session.add(row)
    session.flush()
    said = {"hash": row.hash, "pairs": len(change["pairs"]), "circles": len(change["circles"])}
    audit.append(session, act="repair proposed", about=row.id, by=by, now=now, payload=said)
    return row.id


def of(session: Session, repair_id: UUID, by: UUID | None) -> Repair:
    """The repair's row, for organisers. Raises NotFound."""
    row = session.get(Repair, repair_id)
    if row is None:
        raise NotFound(say("There is no such repair."))
    require_organiser(session, cycles.of(session, row.cycle_id).programme_id, by)
    return row


def _does_something(change: Mapping[str, Any]) -> bool:
    names = ("pairs", "gone_pairs", "circles", "gone_seats", "ended_circles")
    return any(change[name] for name in names)


def _change(seen: World, repaired: Repaired, left: Snapshot) -> dict[str, Any]:
    """The repair as it is kept: what it makes, what it ends, who waits, and its price."""
    policy, standing = seen.found.policy, seen.standing
    circles = list(_circles(standing.circles, repaired.circles))
    ended = [one.id for one in standing.circles if one.id in repaired.ended]
    seated = frozenset(member for one in repaired.circles for member in one.members)
    pairs = pair_rows(repaired.found, left, policy)
    change = {
        "pairs": [
            {
                **row,
                "mentor_id": str(row["mentor_id"]),
                "mentee_id": str(row["mentee_id"]),
                "turns": _turns(repaired.pair_turns.get((row["mentor_id"], row["mentee_id"]), ())),
            }
            for row in pairs
        ],
        "gone_pairs": [str(one) for one in seen.gone_pairs],
        "circles": circles,
        "ended_circles": [str(one) for one in ended],
        "gone_seats": [[str(circle), str(person)] for circle, person in seen.gone_seats],
        "waiting": _waiting(seen, repaired, left),
    }
    return {
        **change,
        "price": price(
            policy,
            seen.snapshot,
            standing,
            made=[(row["mentee_id"], row["points"]) for row in pairs],
            seated=seated,
            touched=_touched(seen, change),
        ).to_data(),
    }


def _circles(before: Iterable[StandingCircle], after: Iterable[CircleChange]) -> Iterable[dict[str, Any]]:
    """The circles that are new or changed, new ones numbered on."""
    stood = {one.id: one for one in before}
    number = 0
    for circle in after:
        was = stood.get(circle.id) if circle.id else None
        if was is None:
            number += 1
        joins = sorted(set(circle.members) - set(was.members if was else ()))
        leaves = sorted(set(was.members if was else ()) - set(circle.members))
        slot_moved = was is not None and was.slot != circle.slot
        if was is not None and circle.turns is None and not (joins or leaves or slot_moved):
            continue
        changed = () if was is None or circle.turns is None else _hands(was, circle.turns)
        if was is not None and not (joins or leaves or slot_moved or changed):
            continue
        yield {
            "id": None if circle.id is None else str(circle.id),
            "new": number if was is None else None,
            "number": was.number if was else None,
            "slot": circle.slot,
            "held": was.held if was else None,
            "members": [str(one) for one in circle.members],
            "joins": [str(one) for one in joins],
            "leaves": [str(one) for one in leaves],
            "turns": None if circle.turns is None else _turns(circle.turns),
            "hands": [str(one) for one in changed],
        }


def _hands(was: StandingCircle, turns: Iterable[Turn]) -> tuple[UUID, ...]:
    """Everybody there who gives or gets a duty."""
    before = {(session, duty): person for session, duty, person in was.turns if session >= was.held}
    after = {(session, duty): person for session, duty, person in turns}
    both = [
        {before.get(turn), after.get(turn)}
        for turn in {*before, *after}
        if before.get(turn) != after.get(turn)
    ]
    return tuple(sorted({one for some in both for one in some if one is not None and one in was.members}))


def _turns(turns: Iterable[Turn]) -> list[list[Any]]:
    return [[session, duty, str(person)] for session, duty, person in turns]


def _waiting(seen: World, repaired: Repaired, left: Snapshot) -> list[dict[str, Any]]:
    """Everybody with nobody in a role afterwards, with the reasons; of those who pause, none."""
    placed = {(pair.mentor, Role.MENTOR) for pair in repaired.found.pairs}
    placed |= {(pair.mentee, Role.MENTEE) for pair in repaired.found.pairs}
    placed |= {(member, Role.PEER) for one in repaired.circles for member in one.members}
    alone = {both for both in free_people(seen.snapshot, seen.standing) if both[0] not in seen.standing.fixed}
    alone |= {(person, Role.PEER) for person, _ in repaired.found.unplaced}
    rows = waiting_rows(repaired.found, left, seen.found.policy)
    return [
        {**row, "person_id": str(row["person_id"])}
        for row in rows
        if (row["person_id"], Role(row["role"])) in alone - placed
    ]


def _touched(seen: World, change: Mapping[str, Any]) -> set[UUID]:
    """Everybody who is written to when it is applied."""
    touched = {UUID(row[side]) for row in change["pairs"] for side in ("mentor_id", "mentee_id")}
    for circle in change["circles"]:
        whole = circle["new"] or circle["joins"] or circle["leaves"]
        touched |= {UUID(one) for one in (circle["members"] if whole else circle["hands"])}
        touched |= {UUID(one) for one in circle["leaves"]}
    here = {member.id for member in seen.snapshot.members}
    for pair_id in change["gone_pairs"]:
        touched |= set(seen.groups[UUID(pair_id)].seats) & here
    for circle_id in [*change["ended_circles"], *(circle for circle, _ in change["gone_seats"])]:
        group = seen.groups[UUID(circle_id)]
        touched |= {one for one in group.seats if group.sits(one)} & here
    return touched
