"""What one group's rota costs, recounted from its duties."""

import numpy as np

from solver.rota.problem import Duties, Ints, RotaProblem

NOBODY = -1


def rota_cost(problem: RotaProblem, duties: Duties) -> int:
    """(R) Open duties, inexperienced first facilitator, same duty twice running, spread of the counts among
    those willing, spread of the loads with the balance; duties hold members 0..m-1."""
    weights = problem.weights
    table = np.array(duties, np.int64).reshape(problem.sessions, problem.duties)
    counts = np.array([(table == member).sum(0) for member in range(problem.members)])
    first = table[0, 0]
    return int(
        weights.open * (table == NOBODY).sum()
        + weights.first * (not problem.begun and first >= 0 and not problem.experienced[first])
        + weights.running * ((table[1:] == table[:-1]) & (table[1:] >= 0)).sum()
        + weights.spread * spread(problem, counts)
        + weights.load * load_spread(problem, counts.sum(1))
        + weights.change * changes(problem, duties)
    )


def changes(problem: RotaProblem, duties: Duties) -> int:
    """How many standing duties are held by somebody else now, or by nobody."""
    if problem.standing is None:
        return 0
    both = zip(problem.standing, duties, strict=True)
    return sum(old not in (NOBODY, new) for olds, news in both for old, new in zip(olds, news, strict=True))


def spread(problem: RotaProblem, counts: Ints) -> int:
    """Over the duties: how far the counts of those willing lie apart, beyond one. counts (m, duties)."""
    beyond = 0
    for duty in range(problem.duties):
        willing = counts[problem.willing[:, duty], duty]
        beyond += max(0, int(willing.max() - willing.min()) - 1) if len(willing) else 0
    return beyond


def load_spread(problem: RotaProblem, held: Ints) -> int:
    """Highest minus lowest load; held (m,): duties in this cycle."""
    load = held + problem.balance
    return int(load.max() - load.min())
