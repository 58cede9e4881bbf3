"""Brute force for tiny problems: every plan is listed, the best is chosen by the words of docs/model.md."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from solver.checks.scores import utility_rows
from solver.pairing.problem import PairingProblem

Choice = tuple[int, ...]
"""Per mentee the mentor, or -1."""


def every_plan(problem: PairingProblem) -> Iterator[Choice]:
    """Every plan of a problem in which each mentee asks for one mentor: rules, capacities and pins kept."""
    utility = utility_rows(problem, 0, problem.mentees).tolist()
    pinned = dict(map(tuple, problem.pinned.tolist()))
    options = [
        [pinned[e]] if e in pinned else [-1, *(m for m in range(problem.mentors) if utility[e][m] >= 0)]
        for e in range(problem.mentees)
    ]
    capacity = problem.capacity.tolist()
    for choice in product(*options):
        if all(choice.count(m) <= capacity[m] for m in set(choice) - {-1}):
            yield choice


def merit(problem: PairingProblem, choice: Choice) -> tuple[int, ...]:
    """What is minimised, most important first; two plans are equally good if their merits are equal."""
    utility = utility_rows(problem, 0, problem.mentees).tolist()
    got = [utility[e][m] if m >= 0 else -1 for e, m in enumerate(choice)]
    open_ = [e for e in range(problem.mentees) if e not in set(problem.pinned[:, 0].tolist())]
    unmatched = sum(choice[e] < 0 for e in open_)
    load = [choice.count(m) for m in range(problem.mentors)]
    missing = sum(max(0, low - found) for low, found in zip(problem.lows.tolist(), load, strict=True))
    fairness = _fairness(problem, [(got[e], int(problem.credits[e])) for e in open_])
    ordered = [missing, *fairness] if problem.low_first else [*fairness, missing]
    ordered = [*ordered, _share_missing(problem, choice)]
    even = sum(found**2 for found in load) if problem.even_load else 0
    return (unmatched, *_neglected(problem, choice, open_), *ordered, -sum(u for u in got if u >= 0), even)


def _share_missing(problem: PairingProblem, choice: Choice) -> int:
    """Crossing pairs still missing to the share the policy asks for."""
    if not problem.cross_share or problem.cross_column is None:
        return 0
    mentee, mentor = (side[problem.cross_column] for side in (problem.mentee_columns, problem.mentor_columns))
    pairs = [(e, m) for e, m in enumerate(choice) if m >= 0]
    across = sum(bool(mentee[e] != mentor[m]) for e, m in pairs)
    return max(0, -(-problem.cross_share * len(pairs) // 1000) - across)


def _neglected(problem: PairingProblem, choice: Choice, open_: list[int]) -> tuple[int, ...]:
    if problem.mode not in ("fair", "full"):
        return ()
    return (sum(int(problem.credits[e]) for e in open_ if choice[e] < 0),)


def _fairness(problem: PairingProblem, got: list[tuple[int, int]]) -> list[int]:
    levels = problem.levels
    line = problem.top + 1 if problem.mode == "full" else problem.line
    plain = [levels + 1 if u >= line else 1 + u * levels // line for u, _ in got if u >= 0]
    if problem.mode == "first":
        return [-plain.count(level) for level in range(levels + 1, 0, -1)]
    if problem.mode == "total":
        return []
    seen = [
        level if level > levels else max(1, level - credit)
        for level, credit in zip(plain, (credit for u, credit in got if u >= 0), strict=True)
    ]
    return [seen.count(level) for level in range(1, levels + 1)]


def best_merit(problem: PairingProblem) -> tuple[int, ...]:
    """The merit of the best plan there is."""
    return min(merit(problem, choice) for choice in every_plan(problem))


Pairs = frozenset[tuple[int, int]]
"""Mentee and mentor of each pair of a plan in which mentees may have several."""


def every_plan_of_several(problem: PairingProblem) -> Iterator[Pairs]:
    """Every plan of a problem in which mentees ask for several mentors: rules, capacities and pins kept."""
    utility = utility_rows(problem, 0, problem.mentees).tolist()
    pinned = set(map(tuple, problem.pinned.tolist()))
    options = []
    for e, asked in enumerate(problem.asked.tolist()):
        mine = {m for one, m in pinned if one == e}
        allowed = [m for m in range(problem.mentors) if utility[e][m] >= 0]
        some = [one for size in range(asked + 1) for one in combinations(allowed, size)]
        options.append([one for one in some if mine <= set(one)])
    capacity = problem.capacity.tolist()
    for choice in product(*options):
        load = Counter(m for one in choice for m in one)
        if all(count <= capacity[m] for m, count in load.items()):
            yield frozenset((e, m) for e, one in enumerate(choice) for m in one)


def merit_of_several(problem: PairingProblem, pairs: Pairs) -> tuple[object, ...]:
    """What is minimised, most important first: mentors missing by rank, credits of those without, the sorted
    levels, the share, the total."""
    utility = utility_rows(problem, 0, problem.mentees).tolist()
    fair = problem.mode in ("fair", "full")
    found, own = Counter(e for e, _ in pairs), Counter[int]()
    for e, m in pairs:
        own[e] += utility[e][m]
    asked, credit = problem.asked.tolist(), problem.credits.tolist()
    everybody = range(problem.mentees)
    missing = tuple(sum(found[e] < rank <= asked[e] for e in everybody) for rank in (1, 2, 3))
    line = problem.top + 1 if problem.mode == "full" else problem.line
    levels = []
    for e in everybody:
        plain = 1 + min(own[e] * problem.levels // (line * asked[e]), problem.levels)
        seen = plain if plain > problem.levels else max(1, plain - credit[e])
        levels.append(-(seen if found[e] else 0))
    return (
        missing,
        sum(credit[e] for e in everybody if not found[e]) if fair else 0,
        tuple(sorted(levels, reverse=True)) if fair else (),
        _several_short(problem, pairs),
        -own.total(),
    )


def _several_short(problem: PairingProblem, pairs: Pairs) -> int:
    if not problem.cross_share or problem.cross_column is None:
        return 0
    mentee, mentor = (side[problem.cross_column] for side in (problem.mentee_columns, problem.mentor_columns))
    across = sum(bool(mentee[e] != mentor[m]) for e, m in pairs)
    return max(0, -(-problem.cross_share * int(problem.asked.sum()) // 1000) - across)
