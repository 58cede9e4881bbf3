"""Which pairs are worth a first look (docs/model.md, 1.8).

Pruning keeps the best of each mentee *and* of each mentor: the best of the mentees alone would strand those
whom everybody else outbids. It is only a start; pricing adds whatever the prices show to be missing.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.flow import Graph
from solver.pairing.market import Market
from solver.pairing.problem import Ints

TIE_BITS = 12
"""Bits below the utility that spread equal pairs, so that equals do not all look at the same few mentors."""

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
    """The best `keep` allowed pairs of each mentee and of each mentor, equals spread evenly."""
    mentors = market.problem.mentors
    noise = _noise(2 * mentors + market.problem.mentees)
    least = np.zeros(mentors, np.int32)
    found: list[Pairs] = []
    best: list[Pairs] = [joined([])]
    for wave in _waves(market.blocks):

        def look(start: int, block: NDArray[Any], bar: NDArray[np.int32] = least) -> tuple[Pairs, Pairs]:
            return _best_of_rows(start, _ranked(start, block, noise), keep, bar)

        for own, theirs in market.each_block(look, wave):
            found.append(own)
            best.append(theirs)
        best, least = _best_of_mentors(joined(best), keep, mentors)
    mentee, mentor, rank = joined(found + best)
    return graph_of(market, mentee, mentor, (rank >> TIE_BITS) - 1)


def _waves(blocks: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The blocks in groups of doubling size: what a mentor's best must beat is known better each time."""
    bounds = [0, *(2**power for power in range(len(blocks).bit_length())), len(blocks)]
    return [blocks[a:b] for a, b in pairwise(bounds) if a < b <= len(blocks)]


def _noise(length: int) -> NDArray[np.int32]:
    """Small numbers without pattern (multiplicative hashing), 0..2^12 - 1."""
    place = np.arange(length, dtype=np.uint64)
    return ((place * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - TIE_BITS)).astype(np.int32)


def _ranked(start: int, block: NDArray[Any], noise: NDArray[np.int32]) -> NDArray[np.int32]:
    """Utility + 1 in the high bits, a tie number in the low ones; below 2^12 where forbidden."""
    rows, mentors = block.shape
    ties = np.lib.stride_tricks.sliding_window_view(noise[start : start + rows + mentors - 1], mentors)
    return ((block.astype(np.int32) + 1) << TIE_BITS) + ties


def _best_of_rows(
    start: int, rank: NDArray[np.int32], keep: int, bar: NDArray[np.int32]
) -> tuple[Pairs, Pairs]:
    """The block's best per mentee, and all that beat the mentors' bar."""
    mentors = rank.shape[1]
    if keep < mentors:
        column = np.argpartition(rank, mentors - keep, axis=1)[:, mentors - keep :]
    else:
        column = np.broadcast_to(np.arange(mentors), rank.shape)
    value = np.take_along_axis(rank, column, axis=1)
    row, place = (value >= 1 << TIE_BITS).nonzero()
    over_row, over_column = (rank >= np.maximum(bar, 1 << TIE_BITS)).nonzero()
    return (
        (row + start, column[row, place].astype(np.int64), value[row, place].astype(np.int64)),
        (over_row + start, over_column, rank[over_row, over_column].astype(np.int64)),
    )


def _best_of_mentors(pairs: Pairs, keep: int, mentors: int) -> tuple[list[Pairs], NDArray[np.int32]]:
    """The best `keep` per mentor, and the rank each must beat from now on."""
    mentee, mentor, rank = pairs
    order = np.lexsort((mentee, -rank, mentor))
    mentee, mentor, rank = mentee[order], mentor[order], rank[order]
    first = np.searchsorted(mentor, np.arange(mentors))
    place = np.arange(len(mentor)) - first[mentor]
    kept = place < keep
    bar = np.zeros(mentors, np.int32)
    last = place == keep - 1
    bar[mentor[last]] = rank[last]
    return [(mentee[kept], mentor[kept], rank[kept])], bar


def joined(found: list[Pairs]) -> Pairs:
    """Lists of pairs as one."""
    if not found:
        none = np.zeros(0, np.int64)
        return none, none, none
    mentee, mentor, number = (np.concatenate(part) for part in zip(*found, strict=True))
    return mentee, mentor, number
