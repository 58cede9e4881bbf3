"""Two who sit together and should not: the cheapest single exchange, held against trying all."""

from itertools import product

import numpy as np
import pytest

from solver.checks.circles import facilitators, hard_pairs, recount, shared_slots, sizes
from solver.circles.costs import shared_slot
from solver.circles.exchange import cheapest_exchange
from solver.circles.problem import CirclesPlan, CirclesProblem


def a_pool(rng: np.random.Generator) -> CirclesProblem:
    """Twelve people, five hours, some who never sit together; the first two among them."""
    hard = {tuple(sorted(rng.choice(12, 2, replace=False).tolist())) for _ in range(int(rng.integers(0, 8)))}
    return CirclesProblem(
        people=np.arange(12),
        available=rng.random((12, 5)) < 0.8,
        classes={"function": rng.integers(0, 3, 12), "site": rng.integers(0, 2, 12)},
        hard=np.array(sorted({*hard, (0, 1)}), np.int64),
        facilitates=rng.random(12) < 0.6,
        smallest=3,
        target=4,
        largest=5,
    )


def plan_of(problem: CirclesProblem, groups: list[set[int]]) -> CirclesPlan:
    members = tuple(tuple(sorted(group)) for group in groups)
    slots = tuple(shared_slot(problem, group) for group in members)
    plan = CirclesPlan(groups=members, slot=slots, objective=0, bound=0, proved=False)
    cost = recount(problem, plan)
    return CirclesPlan(groups=members, slot=slots, objective=cost, bound=0, proved=cost == 0)


def after(groups: list[set[int]], mover: int, target: int, other: int) -> list[set[int]]:
    made = [set(group) for group in groups]
    made[0].discard(mover)
    made[target].add(mover)
    if other >= 0:
        made[target].discard(other)
        made[0].add(other)
    return made


def test_no_exchange_that_keeps_the_rules_is_cheaper():
    rng, found_some = np.random.default_rng(8), 0
    groups = [{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}]
    for _ in range(60):
        problem = a_pool(rng)
        before = recount(problem, plan_of(problem, groups))
        costs = []
        for mover, target in product((0, 1), (1, 2)):
            for other in (-1, *groups[target]):
                made = after(groups, mover, target, other)
                plan = plan_of(problem, made)
                rules = (sizes, hard_pairs, shared_slots, facilitators)
                if not any(one.who in (0, target) for rule in rules for one in rule(problem, plan)):
                    costs.append(plan.objective - before)

        found = cheapest_exchange(problem, [tuple(sorted(group)) for group in groups], 0, 1)

        assert (found is None) == (not costs)
        if found is not None:
            found_some += 1
            made = after(groups, found.mover, found.target, found.other)
            assert found.cost == min(costs) == plan_of(problem, made).objective - before
            assert not any({0, 1} <= group for group in made)
    assert found_some > 10


def test_two_who_sit_apart_need_no_exchange():
    problem = a_pool(np.random.default_rng(1))

    with pytest.raises(ValueError, match="do not sit together"):
        cheapest_exchange(problem, [(0, 2, 3), (1, 4, 5)], 0, 1)
