"""Rounds of circles in which nobody meets anybody twice, by algebra, when only meeting new people counts.

Lines of a field plane: people (a, x) with a < size and x of the field with as many elements as circles; in
round m, circle b holds the (a, b + m·a). Two people are on one line only (R. C. Bose, Sankhya 3, 1938).
A starter: one round turned by a cyclic group, its differences all distinct (I. Anderson, Combinatorial
Designs and Tournaments, 1997). What neither reaches is filled up with as few repeats as swaps find.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from bench.fields import LARGEST, field, prime_power
from solver.circles.board import board_of, groups_of
from solver.circles.costs import costs_of
from solver.circles.improve import improve
from solver.circles.problem import CirclesProblem
from solver.settings import Remaining

Circle = tuple[int, ...]
Round = tuple[Circle, ...]
Point = tuple[int, int]

MOST_STARTER_CIRCLES = 30_000
STARTER_EFFORT = 20.0


def rounds_without_repeats(circles: int, size: int, rounds: int, remaining: Remaining) -> list[Round]:
    """As many rounds as algebra gives, at most `rounds`; people are 0..circles·size-1."""
    found = plane_rounds(circles, size)
    if len(found) < rounds and remaining() > 0:
        found = max(found, starter_rounds(circles, size, rounds, remaining() / 3), key=len)
    return found[:rounds]


def design(circles: int, size: int, rounds: int, seed: int, remaining: Remaining) -> list[Round]:
    """All rounds asked for, with few repeats: by algebra as far as it goes, then round by round."""
    found = rounds_without_repeats(circles, size, rounds, remaining)
    rng = np.random.default_rng(seed)
    while len(found) < rounds:
        found.append(_next_round(found, circles, size, rng, remaining))
    return found


def repeats(rounds: Sequence[Round]) -> int:
    """How often two people meet again: meetings beyond the first, over all pairs."""
    met: dict[tuple[int, int], int] = {}
    for circle in (circle for found in rounds for circle in found):
        for pair in combinations(sorted(circle), 2):
            met[pair] = met.get(pair, 0) + 1
    return sum(times - 1 for times in met.values())


def plane_rounds(circles: int, size: int) -> list[Round]:
    """`circles` rounds from a field plane, and what can be dealt within its columns; none without a field."""
    if size > circles or circles > LARGEST or prime_power(circles) is None:
        return []
    plus, times = field(circles)
    rounds: list[Round] = [
        tuple(tuple(int(a * circles + plus[b, times[slope, a]]) for a in range(size)) for b in range(circles))
        for slope in range(circles)
    ]
    return rounds + _column_rounds(circles, size)


def _column_rounds(circles: int, size: int) -> list[Round]:
    """Nobody of one column has met: deal each column into circles of its own."""
    if circles % size:
        return []
    inner = [((tuple(range(size))),)] if circles == size else plane_rounds(circles // size, size)
    inner = inner or [tuple(tuple(range(at, at + size)) for at in range(0, circles, size))]
    return [
        tuple(tuple(column * circles + x for x in circle) for column in range(size) for circle in one)
        for one in inner
    ]


def starter_rounds(circles: int, size: int, rounds: int, seconds: float) -> list[Round]:
    """A first round whose turns by the cyclic group of order `rounds` repeat no pair; none if not found.

    People are points (orbit, place) that turn, and fixed points (-1, number) that stay.
    """
    orbits, fixed = divmod(circles * size, rounds)
    if orbits == 0 or fixed > size:
        return []
    turning = [(orbit, place) for orbit in range(orbits) for place in range(rounds)]
    points = turning + [(-1, number) for number in range(fixed)]
    first = _starter(points, size, rounds, seconds)
    number = {point: at for at, point in enumerate(points)}
    return [
        tuple(tuple(sorted(number[_turned(point, by, rounds)] for point in circle)) for circle in first)
        for by in range(rounds if first else 0)
    ]


def _turned(point: Point, by: int, order: int) -> Point:
    return point if point[0] < 0 else (point[0], (point[1] + by) % order)


def _starter(points: list[Point], size: int, order: int, seconds: float) -> list[tuple[Point, ...]]:
    # Loading CP-SAT takes half a second and pulls in pandas.
    from ortools.sat.python import cp_model  # noqa: PLC0415

    listed: list[tuple[tuple[Point, ...], set[tuple[int, ...]]]] = []
    for circle in combinations(points, size):
        differences = _differences(circle, order)
        if differences is not None:
            listed.append((circle, differences))
        if len(listed) > MOST_STARTER_CIRCLES:
            return []
    model = cp_model.CpModel()
    seats: dict[Point, list[cp_model.IntVar]] = {point: [] for point in points}
    used: dict[tuple[int, ...], list[cp_model.IntVar]] = {}
    chosen = [model.new_bool_var("") for _ in listed]
    for variable, (circle, differences) in zip(chosen, listed, strict=True):
        for point in circle:
            seats[point].append(variable)
        for difference in differences:
            used.setdefault(difference, []).append(variable)
    for variables in seats.values():
        model.add_exactly_one(variables)
    for variables in used.values():
        model.add_at_most_one(variables)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = STARTER_EFFORT
    solver.parameters.max_time_in_seconds = min(seconds, 3600.0)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [circle for variable, (circle, _) in zip(chosen, listed, strict=True) if solver.value(variable)]


def _differences(circle: tuple[Point, ...], order: int) -> set[tuple[int, ...]] | None:
    """What the pairs of a circle become under turning; None if turning repeats one of them."""
    found: set[tuple[int, ...]] = set()
    for (first, at), (second, there) in combinations(sorted(circle), 2):
        apart = (there - at) % order
        if first < 0:
            difference: tuple[int, ...] = (first, at, second)
        elif first == second:
            difference = (first, min(apart, order - apart))
        else:
            difference = (first, second, apart)
        both_stay, halfway = second < 0, first == second and 2 * apart == order
        if both_stay or halfway or difference in found:
            return None
        found.add(difference)
    return found


def _next_round(
    before: Sequence[Round], circles: int, size: int, rng: np.random.Generator, remaining: Remaining
) -> Round:
    """One more round that repeats as few pairs as swaps find."""
    n = circles * size
    met = {pair for found in before for circle in found for pair in combinations(sorted(circle), 2)}
    costs = costs_of(
        CirclesProblem(
            people=np.arange(n, dtype=np.int64),
            available=np.ones((n, 1), bool),
            reunions=np.array(sorted(met), np.int64).reshape(-1, 2),
            reunion_weight=1,
            facilitates=np.ones(n, bool),
            smallest=size,
            target=size,
            largest=size,
        )
    )
    dealt = rng.permutation(n).reshape(circles, size)
    board = board_of(costs, dealt.tolist(), [0] * circles)
    best = groups_of(costs, board)
    for _ in range(6):
        improve(costs, board, rng, steps=2_000, warm=0.5, cold=0.1, remaining=remaining)
        best = min(best, groups_of(costs, board), key=lambda groups: costs.total(groups, 0))
        if costs.total(best, 0) == 0:
            break
    return tuple(best)
