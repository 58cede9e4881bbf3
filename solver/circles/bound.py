"""A lower bound by counting alone: every class spread evenly over the best number of circles."""

import numpy as np

from solver.circles.problem import CirclesProblem, Ints


def counting_bound(problem: CirclesProblem) -> int:
    """No plan costs less: (B) over every number of people left over and of circles, the class members spread
    evenly and the sizes as even as can be, with a facilitator for each. Ignores slots, rules and reunions.

    Leaving u people over can spare at most u members of each class at once, so the classes are counted with
    their largest members removed; u stops where its own cost exceeds the best so far.
    """
    n = problem.n
    best = n * problem.unplaced_weight
    hosts = n if problem.kind == "pair" else int(problem.facilitates.sum())
    for unplaced in range(n + 1):
        if unplaced * problem.unplaced_weight >= best:
            break
        placed = n - unplaced
        for circles in range(-(-placed // problem.largest), min(hosts, placed // problem.smallest) + 1):
            if circles:
                cost = sizes(problem, placed, circles) + classes(problem, circles, unplaced)
                best = min(best, cost + unplaced * problem.unplaced_weight)
    return best


def sizes(problem: CirclesProblem, placed: int, circles: int) -> int:
    """Least cost of the sizes of so many circles; the cost is convex, so even sizes are best."""
    each, more = divmod(placed, circles)
    low, high = abs(each - problem.target), abs(each + 1 - problem.target)
    return problem.size_weight * (more * high + (circles - more) * low)


def classes(problem: CirclesProblem, circles: int, unplaced: int) -> int:
    """Least cost of the classes over so many circles if the u dearest of each attribute stay away."""
    return sum(
        problem.class_weights[name] * _spread(np.bincount(column), circles, unplaced)
        for name, column in sorted(problem.classes.items())
    )


def _spread(counts: Ints, circles: int, unplaced: int) -> int:
    each, more = np.divmod(counts, circles)
    pairs = more * (each + 1) * each // 2 + (circles - more) * each * (each - 1) // 2
    if unplaced == 0:
        return int(pairs.sum())
    # The last member of a class costs as many pairs as its fullest circle has others: take the dearest first.
    steps = np.concatenate([(np.arange(count) // circles) for count in counts]) if len(counts) else counts
    return int(np.sort(steps)[: max(0, len(steps) - unplaced)].sum())
