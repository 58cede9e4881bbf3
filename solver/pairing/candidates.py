"""Which pairs are worth a first look (docs/model.md, 1.8).

Pruning keeps the best of each mentee *and* of each mentor: the best of the mentees alone would strand those
whom everybody else outbids. It is only a start; pricing adds whatever the prices show to be missing.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.flow import Graph
from solver.pairing.market import BLOCK_ENTRIES, Market, restricted
from solver.pairing.problem import Ints, Scores
from solver.pairing.scoring import ColumnUtilities

FEW = 12_000
"""Up to so many mentors every utility is looked at; beyond, those that cannot be among the best are not
made.
"""

RANK_BITS = 15
SAMPLES = 4
"""Samples of the mentees that tell what a mentor may hope for."""

Pairs = tuple[Ints, Ints, Ints]
"""Mentees, mentors and a number for each."""


def graph_of(market: Market, mentee: Ints, mentor: Ints, utility: Ints) -> Graph:
    """The graph of these pairs; doubles are dropped."""
    mentees = max(1, market.problem.mentees)
    key, first = np.unique(mentor.astype(np.int64) * mentees + mentee, return_index=True)
    return Graph(
        mentees=market.problem.mentees,
        capacity=market.problem.capacity,
        tail=key % mentees,
        head=key // mentees,
        utility=utility[first].astype(np.int64),
    )


def all_pairs(market: Market) -> Graph:
    """Every allowed pair; for markets small enough to hold them."""

    def allowed(start: int, block: NDArray[Any]) -> Pairs:
        mentee, mentor = (block >= 0).nonzero()
        return mentee + start, mentor, block[mentee, mentor].astype(np.int64)

    return graph_of(market, *joined(list(market.each_block(allowed))))


def best_of_both(market: Market, keep: int) -> Graph:
    """About the best `keep` allowed pairs of each mentee and of each mentor, equals spread evenly."""
    mine, theirs = promising(market, keep)
    return graph_of(market, *joined([_top(mine, 0, keep), _top(theirs, 1, keep)]))


def best_and_reserve(market: Market, keep: int) -> tuple[Graph, Graph]:
    """The same, and a graph of about twice as many pairs each to fall back on before looking at all again."""
    mine, theirs = promising(market, keep)
    best = graph_of(market, *joined([_top(mine, 0, keep), _top(theirs, 1, keep)]))
    return best, graph_of(market, *joined([mine, theirs]))


def promising(market: Market, keep: int) -> tuple[Pairs, Pairs]:
    """The pairs among the best `keep` of each mentee, and at least those of each mentor; equals drawn by lot.

    A mentee's are exact. A mentor's are the best of those that reach what a sample of the mentees would
    bring them: the market's order is drawn by lot, so the first mentees are such a sample.
    """
    mentees, mentors = market.utilities.shape
    if not mentees or not mentors:
        return joined([]), joined([])
    bar, wanted = _bars(market, keep), 4 * keep / mentees
    utilities = market.utilities
    if isinstance(utilities, ColumnUtilities) and mentors > FEW:
        own = _own_bars(market, keep)

        def look_above(start: int, stop: int) -> tuple[Pairs, Pairs]:
            least = np.minimum(own[start:stop, None], bar[None, :])
            row, mentor, utility = utilities.above(start, stop, least)
            return _drawn(start, (row, mentor, utility), own[start:stop], bar, keep, wanted)

        found = list(market.each_range(look_above, market.blocks))
    else:

        def look(start: int, block: NDArray[Any]) -> tuple[Pairs, Pairs]:
            return _best_of_block(start, block.astype(np.int16, copy=False), bar, keep, wanted)

        found = list(market.each_block(look))
    return joined([pairs for pairs, _ in found]), joined([pairs for _, pairs in found])


def _top(pairs: Pairs, side: int, keep: int) -> Pairs:
    """The best `keep` pairs of each mentee (side 0) or of each mentor (side 1)."""
    whose, utility = pairs[side], pairs[2]
    order = np.argsort((whose << RANK_BITS) - utility, kind="stable")
    ranked = whose[order]
    first = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]])) if len(ranked) else ranked
    place = np.arange(len(ranked)) - np.repeat(first, np.diff(np.append(first, len(ranked))))
    order = order[place < keep]
    return pairs[0][order], pairs[1][order], pairs[2][order]


def _own_bars(market: Market, keep: int) -> Scores:
    """(E,) The utility that about twice `keep` of all mentors reach, at least 0: third best of a sample."""
    mentees, mentors = market.utilities.shape
    sample = np.arange(0, mentors, max(1, 2 * keep // 3))
    part = ColumnUtilities(restricted(market.problem, np.arange(mentees), sample))
    step = max(1, BLOCK_ENTRIES // len(sample))
    own = np.zeros(mentees, np.int16)

    def look(start: int, stop: int) -> None:
        block = part.block(start, stop)
        own[start:stop] = np.partition(block, len(sample) - 3, axis=1)[:, len(sample) - 3]

    ranges = [(start, min(mentees, start + step)) for start in range(0, mentees, step)]
    for _ in market.each_range(look, ranges):
        pass
    return np.maximum(own, np.int16(0))


def _bars(market: Market, keep: int) -> Scores:
    """(M,) The utility that about twice `keep` of all mentees reach, at least 0: least of four samples'
    best.
    """
    mentees, mentors = market.utilities.shape
    size = -(-mentees // (2 * keep))
    best = np.zeros((SAMPLES, mentors), np.int16)
    step = max(1, BLOCK_ENTRIES // mentors)
    blocks = [
        (first, min(first + step, (sample + 1) * size, mentees))
        for sample in range(SAMPLES)
        for first in range(sample * size, min((sample + 1) * size, mentees), step)
    ]

    def look(start: int, block: NDArray[Any]) -> tuple[int, NDArray[Any]]:
        return start // size, block.max(axis=0)

    for sample, highest in market.each_block(look, blocks):
        np.maximum(best[sample], highest, out=best[sample])
    bar: Scores = best.min(axis=0)
    return bar


def _best_of_block(start: int, block: Scores, bar: Scores, keep: int, wanted: float) -> tuple[Pairs, Pairs]:
    """The best `keep` of each row, and of each column those above `bar`, and of equals a few drawn by lot."""
    mentors = block.shape[1]
    last = max(0, mentors - keep)
    own = np.maximum(np.partition(block, last, axis=1)[:, last], 0)
    place = np.flatnonzero(block >= np.minimum(own[:, None], bar[None, :]))
    row, mentor = np.divmod(place, mentors)
    utility = block.reshape(-1)[place].astype(np.int64)
    return _drawn(start, (row, mentor, utility), own, bar, keep, wanted)


def _drawn(  # noqa: PLR0917 - one block's pairs and both sides' bars
    start: int, pairs: Pairs, own: Scores, bar: Scores, keep: int, wanted: float
) -> tuple[Pairs, Pairs]:
    """The pairs above their row's bar and those above their column's; of those at the bar a few drawn by
    lot.
    """
    row, mentor, utility = pairs
    rows = len(own)
    lot = drawn_share(row + start, mentor)
    over, even = utility > own[row], utility == own[row]
    missing = keep - np.bincount(row[over], minlength=rows)
    share = missing / np.maximum(np.bincount(row[even], minlength=rows), 1)
    mine = np.flatnonzero(over | (even & (lot < share[row] + 0.1)))
    level = utility == bar[mentor]
    some = wanted * rows * len(bar) / max(1, int(level.sum()))
    theirs = np.flatnonzero((utility > bar[mentor]) | (level & (lot < some)))
    own_pairs = (row[mine] + start, mentor[mine], utility[mine])
    return own_pairs, (row[theirs] + start, mentor[theirs], utility[theirs])


def drawn_share(mentee: Ints, mentor: Ints) -> NDArray[np.float64]:
    """A number without pattern in 0..1 for each pair (multiplicative hashing)."""
    lot = (mentee.astype(np.uint32) * np.uint32(0x9E3779B1)) ^ (
        mentor.astype(np.uint32) * np.uint32(0x85EBCA77)
    )
    lot = (lot ^ (lot >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    share: NDArray[np.float64] = (lot ^ (lot >> np.uint32(12))) / 2.0**32
    return share


def joined(found: list[Pairs]) -> Pairs:
    """Lists of pairs as one."""
    if not found:
        none = np.zeros(0, np.int64)
        return none, none, none
    mentee, mentor, number = (np.concatenate(part) for part in zip(*found, strict=True))
    return mentee, mentor, number
