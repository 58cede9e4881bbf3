"""Circles after somebody left or joined: everyone placed, the fewest people moved, then the least cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.circles.columns import Columns, all_circles
from solver.circles.costs import CircleCosts, costs_of, shared_slot
from solver.circles.partition import choose
from solver.circles.problem import FULL, CirclesProblem, Flags, Ints
from solver.circles.reasons import reasons
from solver.settings import Remaining

MOVE = 2_000
"""A person moved outweighs what a circle costs, and somebody left over outweighs every move."""

LEFT_OVER = 1_000_000

MOST_COLUMNS = 400_000

Members = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CirclesRepair:
    """Circles by places in the problem, those that stand first and in their order.

    stands: per circle the number of the standing circle it continues, -1 for a new one; slot: as it stood
    wherever all can still make it. moved: people of a standing circle who now sit in another or in none;
    unplaced: (person, code of problem.REASONS).
    """

    groups: tuple[Members, ...]
    slot: tuple[int, ...]
    stands: tuple[int, ...]
    moved: Members
    unplaced: tuple[tuple[int, str], ...]


def repair_circles(
    problem: CirclesProblem,
    standing: Sequence[Members],
    slots: Sequence[int],
    remaining: Remaining,
    *,
    around: int = 30,
    full: Flags | None = None,
) -> CirclesRepair:
    """problem: the people there are now, whoever left being gone from it; standing: the circles as published,
    without those who left, with their slots. Sound circles far from the change are not even looked at:
    `around` people or so near it are. full (n,): who can take on no seat (`caps.full_of`); they join no
    circle, but a seat they hold already they keep, or another for it.
    """
    costs = costs_of(replace(problem, unplaced_weight=LEFT_OVER))
    seated = {person for members in standing for person in members}
    barred = np.zeros(problem.n, bool) if full is None else full
    free = [person for person in range(problem.n) if person not in seated and not barred[person]]
    broken = [at for at, members in enumerate(standing) if not costs.allows(members)]
    near = _near(costs, standing, broken, free, around) if broken or free else []
    fresh = _anew(costs, [standing[at] for at in near], free, remaining)
    untouched = [at for at in range(len(standing)) if at not in near]
    kept = [(at, standing[at]) for at in untouched]
    kept += [(_continues(members, standing), members) for members in fresh]
    kept.sort(key=lambda circle: (circle[0] < 0, circle))
    return _repair(costs, standing, slots, kept, barred)


def _near(
    costs: CircleCosts, standing: Sequence[Members], broken: list[int], free: list[int], around: int
) -> list[int]:
    """The broken circles, then those most of whose members can make the slots in question."""
    available = costs.problem.available
    troubled = [person for at in broken for person in standing[at]] + free
    wanted = available[troubled].sum(0)
    able = [int((available[list(members)].all(0) * wanted).sum()) for members in standing]
    chosen, many = list(broken), len(troubled)
    for at in sorted(range(len(standing)), key=lambda at: (len(standing[at]), -able[at], at)):
        if at not in chosen and many < around and able[at] > 0:
            chosen.append(at)
            many += len(standing[at])
    return sorted(chosen)


def _anew(
    costs: CircleCosts, standing: list[Members], free: list[int], remaining: Remaining
) -> list[Members]:
    people = np.array(sorted([person for members in standing for person in members] + free), np.int64)
    columns = all_circles(costs, people, MOST_COLUMNS)
    sound = [members for members in standing if costs.allows(members)]
    if columns is None or not len(people):
        return sound
    priced = replace(columns, cost=columns.cost + MOVE * _moves(columns, standing))
    known = costs.total(sound, len(people) - sum(map(len, sound))) + 1
    choice = choose(costs, priced, known, remaining)
    return sound if choice.rows is None else [columns.circle(row) for row in choice.rows]


def _moves(columns: Columns, standing: list[Members]) -> Ints:
    """Per column, the members who leave their circle for it: all who had one, but those of the circle it
    continues, namely the one of which it holds more than half."""
    people = len(columns.people)
    belongs = np.full(people + 1, -1, np.int64)
    for number, members in enumerate(standing):
        belongs[np.searchsorted(columns.people, members)] = number
    home = belongs[columns.members]
    staying = np.zeros(len(columns), np.int64)
    for number, members in enumerate(standing):
        here = (home == number).sum(1)
        staying = np.where(2 * here > len(members), np.maximum(staying, here), staying)
    return np.asarray((home >= 0).sum(1) - staying)


def _continues(members: Members, standing: Sequence[Members]) -> int:
    shared = [2 * len(set(members) & set(before)) > len(before) for before in standing]
    most = [len(set(members) & set(before)) * over for before, over in zip(standing, shared, strict=True)]
    return int(np.argmax(most)) if any(shared) else -1


def _repair(
    costs: CircleCosts,
    standing: Sequence[Members],
    slots: Sequence[int],
    kept: list[tuple[int, Members]],
    barred: Flags,
) -> CirclesRepair:
    available = costs.problem.available
    chosen = tuple(
        slots[at]
        if at >= 0 and available[list(members), slots[at]].all()
        else shared_slot(costs.problem, members)
        for at, members in kept
    )
    now = {person: at for at, members in kept for person in members}
    moved = sorted(
        person for at, members in enumerate(standing) for person in members if now.get(person) != at
    )
    left = [person for person in range(costs.problem.n) if person not in now]
    never = [person for person in left if barred[person] and all(person not in group for group in standing)]
    return CirclesRepair(
        groups=tuple(members for _, members in kept),
        slot=chosen,
        stands=tuple(at for at, _ in kept),
        moved=tuple(moved),
        unplaced=tuple(
            (person, FULL if person in never else reason) for person, reason in reasons(costs, left)
        ),
    )
