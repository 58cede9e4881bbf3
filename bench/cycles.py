"""Several cycles of one pool, some leaving and joining each time: reunions, spread of duties, worst balance.

Three ways to choose: `random` (the rules only), `each` (every cycle the best by itself, last cycle's circles
apart), and `evenhand` (older reunions cost, looks ahead, balances are carried on). One row per way and cycle,
and three pictures as SVG.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench.circles import circles_problem, invented
from bench.plots import lines
from solver.circles.construct import first_circles
from solver.circles.costs import costs_of
from solver.circles.lookahead import solve_looking_ahead
from solver.circles.problem import CirclesProblem
from solver.circles.solve import solve_circles
from solver.rota.assign import assign_rota
from solver.rota.ledger import ledger
from solver.rota.problem import RotaTerms
from solver.settings import SolveSettings, silent

WAYS = ("random", "each", "evenhand")
SESSIONS = 6
DRAWN = {
    "reunions": "Pairs who met again so far",
    "duty_spread": "Most duties of anybody minus fewest",
    "worst_balance": "Furthest anybody is from an even share",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--cycles", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=2.0, help="for the circles of one cycle")
    parser.add_argument("--out", type=Path, default=Path("build/plots"), help="folder for the pictures")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """All ways through the same years: the same people leave and join, the same opt out or are absent."""
    rows = []
    for way in WAYS:
        for row in _years(way, args):
            rows.append(row)
            yield row
    args.out.mkdir(parents=True, exist_ok=True)
    for key, title in DRAWN.items():
        series = {way: [(row["cycle"], row[key]) for row in rows if row["way"] == way] for way in WAYS}
        (args.out / f"cycles-{key.replace('_', '-')}.svg").write_text(lines(title, "cycle", series))


def _years(way: str, args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(args.seed)
    everyone = args.people + args.cycles * max(1, args.people // 10)
    pool = circles_problem({**invented(everyone, args.seed), "hard": [], "reunion": []})
    here = np.arange(args.people)
    balance = np.zeros(everyone, np.int64)
    met: list[set[tuple[int, int]]] = []
    reunions = 0
    for cycle in range(args.cycles):
        groups = _circles(
            way,
            pool,
            here,
            met,
            SolveSettings(seed=cycle, effort=int(10 * args.seconds), seconds=args.seconds),
        )
        pairs = {pair for members in groups for pair in combinations(sorted(members), 2)}
        reunions += len(pairs & set().union(*met))
        met.append(pairs)
        spread, balance = _duties(way, pool, groups, balance, rng)
        worst = int(np.abs(balance[here]).max())
        yield {
            "way": way,
            "cycle": cycle + 1,
            "placed": sum(len(members) for members in groups),
            "reunions": reunions,
            "duty_spread": spread,
            "worst_balance": worst,
        }
        leaving = rng.choice(here, max(1, args.people // 10), replace=False)
        joining = np.arange(here.max() + 1, here.max() + 1 + len(leaving))
        here = np.append(np.setdiff1d(here, leaving), joining)


def _circles(
    way: str, pool: CirclesProblem, here: Any, met: list[set[tuple[int, int]]], settings: SolveSettings
) -> list[tuple[int, ...]]:
    """Circles of the people here, as numbers in the pool."""
    older = set().union(*met[:-1]) - set().union(*met[-1:]) if way == "evenhand" else set()
    problem = replace(
        pool,
        people=here,
        available=pool.available[here],
        facilitates=pool.facilitates[here],
        classes={name: column[here] for name, column in pool.classes.items()},
        hard=_places(set().union(*met[-1:]), here),
        reunions=_places(older, here),
    )
    ends = perf_counter() + settings.seconds
    if way == "random":
        found, _ = first_circles(costs_of(problem), np.random.default_rng(settings.seed))
        groups = [tuple(members) for members in found]
    elif way == "each":
        groups = list(solve_circles(problem, settings, lambda: ends - perf_counter(), silent).groups)
    else:
        plan = solve_looking_ahead(problem, settings, lambda: ends - perf_counter(), silent)
        groups = list(plan.groups)
    return [tuple(int(here[person]) for person in members) for members in groups]


def _places(pairs: set[tuple[int, int]], here: Any) -> Any:
    place = {int(person): at for at, person in enumerate(here)}
    kept = [(place[one], place[other]) for one, other in sorted(pairs) if one in place and other in place]
    return np.array(kept, np.int64).reshape(-1, 2)


def _duties(way: str, pool: CirclesProblem, groups: list[tuple[int, ...]], balance: Any, rng: Any) -> Any:
    """Largest difference of load within a circle over the cycles so far, and everybody's new balance."""
    n = pool.n
    terms = RotaTerms(
        sessions=SESSIONS,
        willing=np.column_stack((pool.facilitates, np.ones((n, 2), bool))),
        experienced=pool.facilitates,
        balance=balance,
        absent=np.argwhere(rng.random((n, SESSIONS)) < 0.1).astype(np.int64),
    )
    known = terms if way == "evenhand" else replace(terms, balance=np.zeros(n, np.int64))
    plan = assign_rota(known, groups, SolveSettings(workers=1), lambda: 60.0, silent)
    after = balance.copy()
    spread = 0
    entries = {entry.person: entry for entry in ledger(terms, plan.groups)}
    for members in groups:
        loads = [entries[person].carried + entries[person].held for person in members]
        spread = max(spread, max(loads) - min(loads))
        for person in members:
            after[person] = entries[person].balance
    return spread, after
