"""Changes by hand: their rows as values, and put into a problem as pins, bans and other numbers of places."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.matching.changes import Changes, Couple, read_change
from matcher.problem.encoding import Index
from matcher.store.organiser_tables import ManualChange
from solver.circles.problem import CirclesProblem
from solver.files import MatchingProblem
from solver.pairing.problem import Ints, PairingProblem

OF_POLICY = ("weight", "rule")


def rows_of(pairs: Iterable[Couple], index: Index) -> list[list[int]]:
    """Couples of mentee and mentor in the solver's places, ascending; who no longer takes part is left
    out."""
    mentees = {index.mentee(place): place for place in range(len(index.mentees))}
    mentors = {index.mentor(place): place for place in range(len(index.mentors))}
    return sorted([mentees[e], mentors[m]] for e, m in pairs if e in mentees and m in mentors)


def question_of(changes: Changes, index: Index) -> dict[str, list[list[int]]]:
    """The changes in the solver's places: rows [mentee, mentor] of `pin` and `forbid`, [mentor, n] of
    `places`. Who no longer takes part is left out."""
    mentors = {index.mentor(place): place for place in range(len(index.mentors))}
    return {
        "pin": rows_of(changes.pins, index),
        "forbid": rows_of(changes.forbidden, index),
        "places": [[mentors[m], places] for m, places in changes.places.items() if m in mentors],
    }


def with_changes(problem: MatchingProblem, index: Index, changes: Changes) -> MatchingProblem:
    """The problem with the changes in it; itself where there are none."""
    asked = question_of(changes, index)
    if problem.pairing is not None and any(asked.values()):
        problem = replace(problem, pairing=_changed(problem.pairing, asked))
    if problem.circles is not None and changes.apart:
        problem = replace(problem, circles=kept_apart(problem.circles, index, changes.apart))
    return problem


def kept_apart(circles: CirclesProblem, index: Index, couples: Iterable[Couple]) -> CirclesProblem:
    """The circles with these people never together; who no longer takes part is left out."""
    place = {index.peer(at): at for at in range(len(index.peers))}
    inside = ((place[one], place[other]) for one, other in couples if one in place and other in place)
    rows = [[one, other] for one, other in inside if one != other]
    return replace(circles, hard=np.concatenate([circles.hard, _rows(rows)]))


def _changed(pairing: PairingProblem, asked: dict[str, list[list[int]]]) -> PairingProblem:
    capacity = pairing.capacity.copy()
    for mentor, places in asked["places"]:
        capacity[mentor] = places
    return pairing.replace(
        capacity=capacity,
        pinned=_rows(asked["pin"]),
        excluded=np.concatenate([pairing.excluded, _rows(asked["forbid"])]),
    )


def _rows(rows: list[list[int]]) -> Ints:
    return np.array(sorted(map(tuple, rows)), np.int64).reshape(-1, 2)


def standing_rows(session: Session, cycle_id: UUID) -> list[ManualChange]:
    """The changes of a cycle that are not undone, the oldest first."""
    mine = ManualChange.cycle_id == cycle_id
    standing = select(ManualChange).where(mine, ManualChange.undone_at.is_(None))
    return list(session.scalars(standing.order_by(ManualChange.number)))


def change_rows(session: Session, cycle_id: UUID) -> list[ManualChange]:
    """All changes of a cycle, the newest first."""
    mine = select(ManualChange).where(ManualChange.cycle_id == cycle_id)
    return list(session.scalars(mine.order_by(ManualChange.number.desc())))


def changes_in(rows: Iterable[ManualChange], *, policy: int | None) -> Changes:
    """The rows' changes beyond a version of the policy: without weights and rules that are part of it.

    policy: the version's number; None: the newest.
    """
    return Changes(
        all=tuple(
            read_change(row.kind, row.data)
            for row in rows
            if row.kind not in OF_POLICY
            or (became := row.data.get("policy")) is None
            or (policy is not None and became > policy)
        )
    )


def stored_change(row: ManualChange) -> dict[str, Any]:
    """What a run keeps of a change."""
    return {"number": row.number, "kind": row.kind, "data": row.data}


def settle_in_policy(rows: Iterable[ManualChange], number: int) -> None:
    """Note that the weights and rules among them are part of this version of the policy."""
    for row in rows:
        if row.kind in OF_POLICY and "policy" not in row.data:
            row.data = {**row.data, "policy": number}
