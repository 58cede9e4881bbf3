"""Every plan of a tiny case, one by one: what the search must find."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from solver.pairing.several.case import Case, Flags


def choices(case: Case) -> Iterator[Flags]:
    """All choices within the mentees' wishes and the mentors' places."""
    offers = []
    for e in range(case.mentees):
        mine = np.flatnonzero(case.mentee == e).tolist()
        sizes = range(min(int(case.wanted[e]), len(mine)) + 1)
        offers.append([some for size in sizes for some in combinations(mine, size)])
    for together in product(*offers):
        chosen = np.zeros(len(case.mentee), bool)
        chosen[[pair for some in together for pair in some]] = True
        if (np.bincount(case.mentor[chosen], minlength=case.mentors) <= case.capacity).all():
            yield chosen


def worth(case: Case, chosen: Flags, *, low: str = "") -> tuple[object, ...]:
    """What is compared, the greatest first: coverage, minimum loads, sorted levels, minimum loads, total."""
    open_places = -case.open_places(chosen)
    missing = tuple(-count for count in case.missing(chosen))
    levels = tuple(sorted(np.minimum(case.levels_of(chosen), case.ladder.top).tolist()))
    return (
        missing,
        open_places if low == "first" else 0,
        levels,
        open_places if low == "after" else 0,
        case.total(chosen),
    )


def best(case: Case, *, low: str = "") -> tuple[object, ...]:
    """The greatest worth of all choices."""
    return max(worth(case, chosen, low=low) for chosen in choices(case))
