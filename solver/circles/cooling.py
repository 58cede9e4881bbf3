"""Larger pools: slots planned together, one slow cooling, short reheatings; the largest in parts first."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np

from solver.circles.board import Board, board_of, groups_of
from solver.circles.bound import Even
from solver.circles.construct import first_circles
from solver.circles.costs import CircleCosts, costs_of, shared_slot
from solver.circles.improve import improve
from solver.circles.problem import CirclesProblem, Ints
from solver.circles.slots import plan_slots, seats_of
from solver.settings import Remaining, SolveSettings, share_of

Groups = list[tuple[int, ...]]

REHEATINGS = 10
"""Short coolings after the first, each from where the last ended."""

PATIENCE = 4
"""Reheatings in a row that improve nothing before they end."""

PLANNING_SHARE = 0.4
"""Of the time left, what planning the slots may take."""

FIRST_SHARE = 0.6
"""Of the time left, what cooling in parts may take; the rest is for the whole."""

WARM, AGAIN, COLD = 0.5, 0.175, 0.075
"""Temperatures, in smallest class weights: where the first cooling and reheatings begin, where all end."""

STEPS = 8_000
"""Of the first cooling; a reheating has half as many."""

PARTS_FROM = 2_500
"""So many people are worth the processes that cool them in parts, one a worker."""


def cooled(
    costs: CircleCosts,
    groups: Groups,
    even: Even,
    settings: SolveSettings,
    *,
    rng: np.random.Generator,
    remaining: Remaining,
    parts_from: int = PARTS_FROM,
) -> Groups:
    """The best circles found, or the groups given if those are better. parts_from: people from which the pool
    is first cooled in parts, where there is more than one worker."""
    if costs.problem.n >= parts_from and settings.workers > 1:
        parts = _in_parts(costs, even, rng, settings.workers, share_of(remaining, FIRST_SHARE))
        groups = min(groups, parts, key=lambda found: plan_cost(costs, found))
        board, warm = _standing(costs, groups), AGAIN
    else:
        board, warm = _planned(costs, groups, even.circles, rng, share_of(remaining, PLANNING_SHARE)), WARM
    return _reheated(costs, board, groups, even.cost, warm, rng=rng, remaining=remaining)


def cooled_once(
    costs: CircleCosts,
    groups: Groups,
    circles: int,
    *,
    rng: np.random.Generator,
    remaining: Remaining,
    steps: int = STEPS,
) -> Groups:
    """The circles after slots are planned for so many and swaps are cooled once, or the groups given if those
    are better."""
    board = _planned(costs, groups, circles, rng, share_of(remaining, PLANNING_SHARE))
    warm, cold = WARM * _grain(costs), COLD * _grain(costs)
    improve(costs, board, rng, steps=steps, warm=warm, cold=cold, remaining=remaining)
    return min(groups, groups_of(costs, board), key=lambda found: plan_cost(costs, found))


def plan_cost(costs: CircleCosts, groups: Sequence[Sequence[int]]) -> int:
    """What these circles cost, everybody else left over."""
    return costs.total(groups, costs.problem.n - sum(len(members) for members in groups))


def _planned(
    costs: CircleCosts, groups: Groups, circles: int, rng: np.random.Generator, remaining: Remaining
) -> Board:
    """Everybody at a planned slot; the groups as they are if there is no time to plan."""
    plan = plan_slots(costs, circles, rng, remaining)
    if plan is None:
        return _standing(costs, groups)
    seats, slots = seats_of(plan, costs.hosts)
    return board_of(costs, [members[: costs.problem.largest] for members in seats], slots)


def _standing(costs: CircleCosts, groups: Groups) -> Board:
    return board_of(costs, groups, [shared_slot(costs.problem, members) for members in groups])


def _reheated(
    costs: CircleCosts,
    board: Board,
    groups: Groups,
    bound: int,
    warm: float,
    *,
    rng: np.random.Generator,
    remaining: Remaining,
) -> Groups:
    """warm: first temperature, in smallest class weights; the later ones are fixed."""
    grain, fruitless = _grain(costs), 0
    for steps, heat in [(STEPS, warm), *[(STEPS // 2, AGAIN)] * REHEATINGS]:
        improve(costs, board, rng, steps=steps, warm=heat * grain, cold=COLD * grain, remaining=remaining)
        found = groups_of(costs, board)
        fruitless = 0 if plan_cost(costs, found) < plan_cost(costs, groups) else fruitless + 1
        groups = min(groups, found, key=lambda groups: plan_cost(costs, groups))
        if plan_cost(costs, groups) <= bound or fruitless == PATIENCE or remaining() <= 0:
            break
    return groups


def _grain(costs: CircleCosts) -> float:
    return float(costs.weights[costs.weights > 0].min(initial=10))


def _in_parts(
    costs: CircleCosts, even: Even, rng: np.random.Generator, workers: int, remaining: Remaining
) -> Groups:
    """Deal the people at random to so many parts and cool each in a process of its own, the last in this."""
    dealt = [np.sort(part) for part in np.array_split(rng.permutation(costs.problem.n), workers)]
    ends = [round(even.circles * end / costs.problem.n) for end in np.cumsum([len(part) for part in dealt])]
    circles = np.diff([0, *ends]).tolist()
    seeds = rng.integers(0, 2**62, workers).tolist()
    parts = [
        (part_of(costs.problem, part), *numbers, remaining)
        for part, *numbers in zip(dealt, circles, seeds, strict=True)
    ]
    # Spawned, not forked: the caller may hold threads of OR-Tools.
    with ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn")) as pool:
        others = [pool.submit(_cool_part, *part) for part in parts[:-1]]
        last = _cool_part(*parts[-1])
        found = [*(other.result() for other in others), last]
    return [
        tuple(int(person) for person in part[list(members)])
        for part, groups in zip(dealt, found, strict=True)
        for members in groups
    ]


def part_of(problem: CirclesProblem, people: Ints) -> CirclesProblem:
    """The problem of some of the people (places), who are 0..k-1 in it in the order given."""
    place = np.full(problem.n, -1, np.int64)
    place[people] = np.arange(len(people))

    def within(pairs: Ints) -> Ints:
        moved = place[pairs]
        return np.asarray(moved[(moved >= 0).all(1)])

    return replace(
        problem,
        people=problem.people[people],
        available=problem.available[people],
        classes={name: column[people] for name, column in problem.classes.items()},
        hard=within(problem.hard),
        reunions=within(problem.reunions),
        facilitates=problem.facilitates[people],
    )


def _cool_part(problem: CirclesProblem, circles: int, seed: int, remaining: Remaining) -> Groups:
    costs, rng = costs_of(problem), np.random.default_rng(seed)
    groups = [tuple(members) for members in first_circles(costs, np.random.default_rng(seed))[0]]
    return cooled_once(costs, groups, circles, rng=rng, remaining=remaining)
