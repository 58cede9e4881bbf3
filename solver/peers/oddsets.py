"""Odd sets of people that a solution of the linear program splits: found by components and least cuts.

A set S is split when sum of x over the groups with an odd number of members in S, and of u over S, is below
one: whoever is left without a group inside S needs one across its border (Padberg, Rao, Math. OR 7, 1982).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

from solver.circles.problem import Flags, Ints

Reals = NDArray[np.float64]

CLEARLY = 1e-4
THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.45)
FLOWS = 400
UNIT = 1 << 20


def split_sets(groups: Ints, share: Reals, n: int) -> Flags:
    """(k, n) odd sets that this solution splits, the most split first; groups (j, 3) padded with n."""
    taken = share > 1e-7
    groups, share = groups[taken], share[taken]
    found: dict[bytes, tuple[float, Flags]] = {}
    for members in _components(groups, share, n):
        _keep(found, members, groups, share)
    if not found:
        for members in _least_cuts(groups, share, n):
            _keep(found, members, groups, share)
    ordered = sorted(found.values(), key=lambda entry: entry[0])
    return np.array([members for _, members in ordered], bool).reshape(-1, n)


def slack(members: Flags, groups: Ints, share: Reals) -> float:
    """What crosses the border of a set (n,), or stays in it alone: in a whole solution at least one of an odd
    set."""
    inside = np.append(members, False)[groups].sum(1)
    return float(members.sum() - 2 * (inside // 2 * share).sum())


def _keep(found: dict[bytes, tuple[float, Flags]], members: Flags, groups: Ints, share: Reals) -> None:
    many = int(members.sum())
    if many % 2 == 1 and many >= 3:
        left = slack(members, groups, share)
        if left < 1 - CLEARLY:
            found[members.tobytes()] = (left, members)


def _edges(groups: Ints, share: Reals, n: int) -> tuple[Ints, Ints, Reals]:
    """Every two people in a group with its share, a trio's three couples with half of it."""
    first, second, third = groups.T
    trio = third < n
    one = np.concatenate((first, second[trio], first[trio]))
    two = np.concatenate((second, third[trio], third[trio]))
    weight = np.where(trio, share / 2, share)
    return one, two, np.concatenate((weight, share[trio] / 2, share[trio] / 2))


def _components(groups: Ints, share: Reals, n: int) -> Iterable[Flags]:
    one, two, weight = _edges(groups, share, n)
    for threshold in THRESHOLDS:
        strong = weight > threshold
        label = labels(one[strong], two[strong], n)
        for number in np.unique(label):
            yield label == number


def labels(one: Ints, two: Ints, n: int) -> Ints:
    """(n,) the lowest person of each one's component."""
    label = np.arange(n)
    while True:
        low = label.copy()
        np.minimum.at(low, one, label[two])
        np.minimum.at(low, two, label[one])
        low = low[low]
        if (low == label).all():
            return label
        label = low


def _least_cuts(groups: Ints, share: Reals, n: int) -> Iterable[Flags]:
    """The cuts of a tree of flows (Gusfield, SIAM J. Comput. 19, 1990) over those who are split at all."""
    one, two, weight = _edges(groups, share, n)
    broken = (share < 1 - 1e-6) & (share > 1e-6)
    people = np.unique(groups[broken])
    people = people[people < n]
    if len(people) < 3 or len(people) > FLOWS:
        return
    place = np.full(n, -1)
    place[people] = np.arange(len(people))
    inner = (place[one] >= 0) & (place[two] >= 0)
    flow = max_flow.SimpleMaxFlow()
    capacity = (weight[inner] * UNIT).astype(np.int64)
    ends = place[one[inner]], place[two[inner]]
    flow.add_arcs_with_capacity(np.concatenate(ends), np.concatenate(ends[::-1]), np.tile(capacity, 2))
    above = np.zeros(len(people), np.int64)
    for at in range(1, len(people)):
        flow.solve(at, int(above[at]))
        side = np.zeros(len(people), bool)
        side[flow.get_source_side_min_cut()] = True
        above[(np.arange(len(people)) > at) & side & (above == above[at])] = at
        members = np.zeros(n, bool)
        members[people[side]] = True
        yield members
        rest = np.zeros(n, bool)
        rest[people[~side]] = True
        yield rest
