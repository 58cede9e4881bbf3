"""Changes by hand, put into a problem: pinned and forbidden pairs, other numbers of places."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.by_hand import Changes, Couple
from matcher.store.desk_tables import ManualChange
from matcher.store.encoding import Index
from solver.files import Problem
from solver.pairing.problem import Ints, PairingProblem


def question_of(changes: Changes, index: Index) -> dict[str, list[list[int]]]:
    """The changes in the solver's places: rows [mentee, mentor] of `pin` and `forbid`, [mentor, n] of
    `places`. Who no longer takes part is left out."""
    mentees = {index.mentee(place): place for place in range(len(index.mentees))}
    mentors = {index.mentor(place): place for place in range(len(index.mentors))}

    def rows(couples: Sequence[Couple]) -> list[list[int]]:
        return [[mentees[e], mentors[m]] for e, m in couples if e in mentees and m in mentors]

    return {
        "pin": rows(changes.pins),
        "forbid": rows(changes.forbidden),
        "places": [[mentors[m], places] for m, places in changes.places.items() if m in mentors],
    }


def with_changes(problem: Problem, index: Index, changes: Changes) -> Problem:
    """The problem with the changes in it; itself where there are none."""
    if problem.pairing is None:
        return problem
    asked = question_of(changes, index)
    if not any(asked.values()):
        return problem
    return replace(problem, pairing=_changed(problem.pairing, asked))


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
