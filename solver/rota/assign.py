"""The rota of all groups: each by the simplest method that proves its result."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from solver.rota.cost import rota_cost
from solver.rota.exact import best_rota
from solver.rota.model import modelled_rota
from solver.rota.problem import (
    Duties,
    GroupRota,
    Ints,
    RotaPlan,
    RotaProblem,
    RotaTerms,
    group_problem,
    presence,
)
from solver.rota.turns import clean, cyclic_rota, taking_turns
from solver.settings import Remaining, Report, SolveSettings, share_of

EFFORT = 20.0
"""Deterministic seconds for one group that is too large to list."""

EVEN_SHARES = 4
"""How many times its even share of the time left one group may take, so that the last find some too."""

BATCH = 100

POOL_FROM = 400
"""Groups from which starting further processes pays."""

Members = tuple[int, ...]


@dataclass(frozen=True)
class _Answer:
    duties: Duties
    cost: int
    proved: bool


def assign_rota(
    terms: RotaTerms,
    groups: Sequence[Members],
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    *,
    left: Ints | None = None,
    lots: Ints | None = None,
) -> RotaPlan:
    """Duties for every group, in the order given. People who sit in several groups carry what they already
    hold from one to the next. left (N,): the most duties each may hold. lots (N,): each person's place in a
    drawn order, which decides ties instead of the order of the file. Never fails: a duty nobody can take
    stays open."""
    asked = groups
    if lots is not None:
        groups = [tuple(sorted(members, key=lots.__getitem__)) for members in groups]
    order, alone = _alone_first(groups, lots)
    problems = _problems(terms, [groups[at] for at in order], left)
    answers = _apart(problems[:alone], settings, remaining, report)
    held = np.zeros(len(terms.willing), np.int64)
    for at, problem in zip(order[alone:], problems[alone:], strict=True):
        members = np.array(groups[at], np.int64)
        carried = replace(problem, balance=problem.balance + held[members])
        if left is not None and problem.most is not None:
            carried = replace(carried, most=left[members] - held[members])
        answer = solve_group(carried, remaining)
        np.add.at(held, members, _held(answer.duties, len(members)))
        answers.append(answer)
    found = dict(zip(order, answers, strict=True))
    rotas = tuple(
        replace(_named(groups[at], found[at].duties), members=members) for at, members in enumerate(asked)
    )
    proved = alone == len(order) and all(answer.proved for answer in answers)
    report("rota", len(groups), len(groups))
    return RotaPlan(groups=rotas, cost=plan_cost(terms, rotas), proved=proved)


def plan_cost(terms: RotaTerms, rotas: Sequence[GroupRota]) -> int:
    """The sum over all groups; a person's load counts their duties in every group they sit in."""
    held = np.zeros(len(terms.willing), np.int64)
    for rota in rotas:
        held += np.bincount([i for row in rota.duties for i in row if i >= 0], minlength=len(held))
    cost = 0
    for rota, problem in zip(rotas, _problems(terms, [rota.members for rota in rotas]), strict=True):
        place = {person: at for at, person in enumerate(rota.members)} | {-1: -1}
        duties = tuple(tuple(place[person] for person in row) for row in rota.duties)
        elsewhere = held[list(rota.members)] - _held(duties, len(rota.members))
        cost += rota_cost(replace(problem, balance=problem.balance + elsewhere), duties)
    return cost


def solve_group(problem: RotaProblem, remaining: Remaining) -> _Answer:
    """One group: the best rota without limits if it keeps them, for then none is better; else a model."""
    answer = _unlimited(replace(problem, most=None), remaining)
    if problem.most is None or (_held(answer.duties, problem.members) <= problem.most).all():
        return answer
    return _modelled(problem, taking_turns(problem), remaining)


def _unlimited(problem: RotaProblem, remaining: Remaining) -> _Answer:
    """The cyclic shift where it is best, else every sequence listed, else a model."""
    if clean(problem) and problem.standing is None:
        duties = cyclic_rota(problem)
        cost = rota_cost(problem, duties)
        if cost == _clean_bound(problem):
            return _Answer(duties, cost, True)
    if remaining() > 0:
        found = best_rota(problem)
        if found is not None:
            return _Answer(*found, True)
    return _modelled(problem, min(_simple(problem), key=lambda duties: rota_cost(problem, duties)), remaining)


def _modelled(problem: RotaProblem, simple: Duties, remaining: Remaining) -> _Answer:
    proved = False
    if remaining() > 0:
        simple, proved = modelled_rota(problem, simple, effort=EFFORT, seconds=remaining())
    return _Answer(simple, rota_cost(problem, simple), proved)


def _simple(problem: RotaProblem) -> list[Duties]:
    return [taking_turns(problem), *([cyclic_rota(problem)] if clean(problem) else [])]


def _clean_bound(problem: RotaProblem) -> int:
    """No rota of a clean group costs less: the loads as even as their sum and the balances allow."""
    total = problem.sessions * problem.duties + int(problem.balance.sum())
    highest = max(int(problem.balance.max()), -(-total // problem.members))
    lowest = min(int(problem.balance.min()) + problem.sessions, total // problem.members)
    first = 0 if problem.experienced.any() else problem.weights.first
    return problem.weights.load * max(0, highest - lowest) + min(first, problem.weights.open)


def _alone_first(groups: Sequence[Members], lots: Ints | None = None) -> tuple[list[int], int]:
    """The groups whose members sit nowhere else, then the others, in the drawn order if there is one; and how
    many the first are."""
    seats: dict[int, int] = {}
    for members in groups:
        for person in members:
            seats[person] = seats.get(person, 0) + 1
    shared = [any(seats[person] > 1 for person in members) for members in groups]
    drawn = [() if lots is None else tuple(lots[list(members)].tolist()) for members in groups]
    order = sorted(range(len(groups)), key=lambda at: (shared[at], drawn[at], at))
    return order, len(groups) - sum(shared)


def _problems(terms: RotaTerms, groups: Sequence[Members], left: Ints | None = None) -> list[RotaProblem]:
    present = presence(terms)
    problems = [group_problem(terms, present, members) for members in groups]
    if left is None:
        return problems
    # More duties than this nobody can hold, so that most groups have no limit to keep.
    at_most = terms.sessions * len(groups)
    return [
        problem if (left[list(members)] >= at_most).all() else replace(problem, most=left[list(members)])
        for problem, members in zip(problems, groups, strict=True)
    ]


def _apart(
    problems: list[RotaProblem], settings: SolveSettings, remaining: Remaining, report: Report
) -> list[_Answer]:
    workers = min(settings.workers, 8) if len(problems) >= POOL_FROM else 1
    answers: list[_Answer] = []
    if workers == 1:
        for at in range(0, len(problems), BATCH):
            batch = problems[at : at + BATCH]
            answers += _solve_batch(batch, len(problems) - at - len(batch), remaining)
            report("rota", len(answers), len(problems))
        return answers
    batches = [problems[at : at + BATCH] for at in range(0, len(problems), BATCH)]
    after = [(len(problems) - at) // workers for at in range(0, len(problems), BATCH)]
    # Spawned, not forked: the caller may hold threads of OR-Tools.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for solved in pool.map(_solve_batch, batches, after, [remaining] * len(batches)):
            answers += solved
            report("rota", len(answers), len(problems))
    return answers


def _solve_batch(problems: list[RotaProblem], after: int, remaining: Remaining) -> list[_Answer]:
    """after: how many groups are still to come when these are done."""
    left = range(len(problems) + after, after, -1)
    return [
        solve_group(problem, share_of(remaining, min(1.0, EVEN_SHARES / many)))
        for problem, many in zip(problems, left, strict=True)
    ]


def _held(duties: Duties, members: int) -> Ints:
    return np.bincount([i for row in duties for i in row if i >= 0], minlength=members).astype(np.int64)


def _named(members: Members, duties: Duties) -> GroupRota:
    people = (*members, -1)
    return GroupRota(members=members, duties=tuple(tuple(people[i] for i in row) for row in duties))
