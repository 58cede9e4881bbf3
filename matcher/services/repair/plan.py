"""A repair as it is kept: what it makes, what it ends, who waits afterwards, and its price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from matcher.domain.during.current_plan import StandingCircle, Turn, free_people
from matcher.domain.during.repair import price
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Role
from matcher.problem.repair import CircleChange, Repaired
from matcher.services.matching.drafts import pair_rows, waiting_rows
from matcher.services.repair.current_plan import World


def does_something(change: Mapping[str, Any]) -> bool:
    """Whether anything about who meets whom, or who holds a duty, is not as before."""
    names = ("pairs", "gone_pairs", "circles", "gone_seats", "ended_circles")
    return any(change[name] for name in names)


def change_of(seen: World, repaired: Repaired, left: Snapshot) -> dict[str, Any]:
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
