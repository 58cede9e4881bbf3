"""From the best of some pairs to the best of all: every pair is held against the prices (docs/model.md, 1.8).

A pair whose cost falls below its prices would improve the plan and is missing from the graph. When no pair
does, in the order of the goals, the plan is the best of all plans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.candidates import Pairs, joined
from solver.pairing.leximin import Step
from solver.pairing.market import Market
from solver.pairing.problem import Ints

KEY_LIMIT = 2**60
FORBIDDEN_KEY = 2**61


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """Goals folded into one number: a pair's reduced cost is `table[credit, utility] + mentor - mentee`.

    Its sign is that of the first goal in which the reduced cost is not zero. The table's last column forbids.
    """

    table: Ints
    mentee: Ints
    mentor: Ints
    goals: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """`pairs`: mentees, mentors, utilities of all pairs near or below their prices; `below`: how many are
    below.
    """

    pairs: Pairs
    below: int


@dataclass(frozen=True, kw_only=True, eq=False)
class _Digit:
    """One goal's part of a key: costs, prices, and a number larger than any reduced cost."""

    table: Ints
    mentee: Ints
    mentor: Ints
    base: int


def folded(steps: Sequence[Step]) -> Key:
    """As many leading goals as fit one 64-bit number, each in a base wider than its reduced costs."""
    digits: list[_Digit] = []
    product, goals = 1, 0
    for step in steps:
        if step.goal.cross is not None:
            break
        parts = _digits(step)
        product *= int(np.prod([float(part.base) for part in parts]))
        if product > KEY_LIMIT and digits:
            break
        digits += parts
        goals += 1
    table, mentee, mentor = digits[0].table, digits[0].mentee, digits[0].mentor
    for part in digits[1:]:
        table = table * part.base + part.table
        mentee, mentor = mentee * part.base + part.mentee, mentor * part.base + part.mentor
    column = np.full((len(table), 1), FORBIDDEN_KEY)
    return Key(table=np.concatenate([table, column], axis=1), mentee=mentee, mentor=mentor, goals=goals)


def _digits(step: Step) -> list[_Digit]:
    """A packed goal as one digit per level where the weights allow, for small prices need small bases."""
    goal, prices = step.goal, step.prices
    whole = _digit(goal.table, prices.mentee, prices.mentor)
    weights = [abs(weight) for weight in goal.weights]
    if len(weights) < 2 or weights[0] == weights[1]:
        return [whole]
    parts, table, mentee, mentor = [], goal.table, prices.mentee, prices.mentor
    for weight in weights:
        one = [_rounded(values, weight) for values in (table, mentee, mentor)]
        parts.append(_digit(*one))
        table, mentee, mentor = (
            rest - weight * digit for rest, digit in zip((table, mentee, mentor), one, strict=True)
        )
    # Rounding is faithful only while no reduced cost in one level reaches half of the step to the next.
    steps = [high // low for high, low in pairwise(weights)]
    faithful = all(part.base < step for part, step in zip(parts[1:], steps, strict=True))
    return parts if faithful else [whole]


def _digit(table: Ints, mentee: Ints, mentor: Ints) -> _Digit:
    span = int(table.max(initial=0) - table.min(initial=0))
    span += int(mentee.max(initial=0) - mentee.min(initial=0)) + int(
        mentor.max(initial=0) - mentor.min(initial=0)
    )
    return _Digit(table=table, mentee=mentee, mentor=mentor, base=2 * span + 1)


def _rounded(values: Ints, weight: int) -> Ints:
    nearest: Ints = (2 * values + weight) // (2 * weight)
    return nearest


def price_back(market: Market, steps: Sequence[Step], spare: int) -> Found:
    """All pairs below their prices, and about `spare` more per mentee that are nearest to them."""
    key, credit = folded(steps), market.problem.credits
    margin = _margin(market, key, spare)
    whole = key.goals == len(steps)

    def look(start: int, block: NDArray[Any]) -> tuple[Pairs, int]:
        rank = _keys(key, credit, start, block)
        mentee, mentor = (rank <= margin).nonzero()
        value, utility = rank[mentee, mentor], block[mentee, mentor].astype(np.int64)
        mentee = mentee + start
        below = int((value < 0).sum())
        if not whole:
            near = value == 0
            below += int(_below(market, steps[key.goals :], mentee[near], mentor[near], utility[near]).sum())
        return (mentee, mentor, utility), below

    found, below = zip(*market.each_block(look), strict=True) if market.blocks else ((), ())
    return Found(pairs=joined(list(found)), below=sum(below))


def _keys(key: Key, credit: Ints, start: int, block: NDArray[Any]) -> Ints:
    """Reduced costs of a block, folded."""
    stop = start + len(block)
    own = credit[start:stop]
    width = key.table.shape[1]
    rank: Ints
    if own.any():
        rank = key.table.reshape(-1)[own[:, None] * width + np.where(block < 0, width - 1, block)]
    else:
        rank = np.take(key.table[0], block, mode="wrap")
    rank = rank + key.mentor[None, :]
    rank -= key.mentee[start:stop, None]
    return rank


def _margin(market: Market, key: Key, spare: int) -> int:
    """The key below which about `spare` pairs per mentee lie, judged by a few rows spread over all."""
    mentees = market.utilities.shape[0]
    if spare == 0:
        return 0
    rows = np.unique(np.linspace(0, mentees - 1, 64).astype(int))
    sample = np.concatenate(
        [_keys(key, market.problem.credits, row, market.utilities.block(row, row + 1))[0] for row in rows]
    )
    place = min(len(sample) - 1, spare * len(rows))
    return max(0, min(int(np.partition(sample, place)[place]), FORBIDDEN_KEY // 2))


def _below(
    market: Market, steps: Sequence[Step], mentee: Ints, mentor: Ints, utility: Ints
) -> NDArray[np.bool_]:
    """Which pairs, tight so far, fall below their prices in a later goal."""
    below, open_ = np.zeros(len(mentee), bool), np.ones(len(mentee), bool)
    for step in steps:
        cost = step.goal.of_pairs(market.problem.credits, mentee, mentor, utility)
        reduced = cost + step.prices.mentor[mentor] - step.prices.mentee[mentee]
        below |= open_ & (reduced < 0)
        open_ &= reduced == 0
    return below
