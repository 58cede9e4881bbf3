"""Even load with several mentors each: pairs move to a less loaded mentor of the same utility.

Coverage, levels, rows, minimum loads and the total stay what they are. This is a local rule: no single move
makes the loads more even afterwards, which is not a proof that no plan does.
"""

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import Case, Flags, Promise


def evened(case: Case, promise: Promise, chosen: Flags) -> Flags:
    """The choice after all such moves; each lowers the sum of squared loads, so they come to an end."""
    load = np.bincount(case.mentor[chosen], minlength=case.mentors)
    chosen = chosen.copy()
    while _pass(case, promise, chosen, load):
        pass
    return chosen


def _pass(case: Case, promise: Promise, chosen: Flags, load: Ints) -> bool:
    """One look at every pair that could take another's place; changes `chosen` and `load`."""
    key = case.mentee * (int(case.utility.max(initial=0)) + 1) + case.utility
    holders: dict[int, list[int]] = {}
    for pair in np.flatnonzero(chosen).tolist():
        holders.setdefault(int(key[pair]), []).append(pair)
    offers = np.flatnonzero(~chosen & np.isin(key, key[chosen]))
    moved = False
    for offer in offers[np.argsort(load[case.mentor[offers]], kind="stable")].tolist():
        mine = holders[int(key[offer])]
        held = max(mine, key=lambda pair: (int(load[case.mentor[pair]]), -pair))
        if _helps(case, promise, load, held, offer):
            mine[mine.index(held)] = offer
            chosen[held], chosen[offer] = False, True
            load[case.mentor[held]] -= 1
            load[case.mentor[offer]] += 1
            moved = True
    return moved


def _helps(case: Case, promise: Promise, load: Ints, held: int, offer: int) -> bool:
    """Whether moving from one pair to the other evens the load and breaks nothing."""
    here, there = case.mentor[held], case.mentor[offer]
    return bool(
        load[there] + 1 < load[here]
        and load[there] < case.capacity[there]
        and (promise.open_places < 0 or load[here] > case.low[here])
        and all(row.weight[offer] >= row.weight[held] for row in promise.rows)
    )
