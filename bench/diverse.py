"""Groups as different inside as can be, given any table of distances: maximally diverse grouping.

A few copies of the plan are cooled side by side, each a little warmer than the one before, and neighbours
trade places now and then (parallel tempering, Geyer 1991). In every copy groups are paired off at random; a
pair's exchanges are all weighed at once and one, or none, is drawn by a heat bath. All pairs of all copies
make one table, so that the interpreter is asked once for thousands of exchanges. What each person is worth
to each group is kept up to date instead of recounted.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from solver.circles.problem import Ints
from solver.settings import Remaining

Reals = NDArray[np.float64]
Singles = NDArray[np.float32]


Groups = list[tuple[int, ...]]
Clock = Callable[[], float]


def diverse_groups(
    distance: Reals,
    low: Ints,
    high: Ints,
    *,
    seed: int,
    remaining: Remaining,
    workers: int = 1,
    clock: Clock | None = None,
) -> Groups:
    """Groups whose sizes lie between low and high (G,), with the largest sum of distances inside found.

    distance (n, n): symmetric, 0 on the diagonal, not negative. Sizes are settled first, so that as many
    pairs as possible sit together. `remaining` gives finite seconds; all of them are used, by each of the
    workers with a seed of its own: the best result counts. Several workers need a `clock` in seconds that all
    processes of the machine share and that can be pickled. Raises ValueError if the sizes cannot hold n
    people, or without such a clock.
    """
    if not low.sum() <= len(distance) <= high.sum():
        raise ValueError(f"{len(distance)} people do not fit sizes from {low.sum()} to {high.sum()} in all.")
    if workers == 1:
        return _alone(distance, low, high, seed, remaining)
    if clock is None:
        raise ValueError("Several workers need a clock; expected one that all processes share.")
    ends = clock() + remaining()
    seeds = np.random.default_rng(seed).integers(0, 2**62, workers - 1).tolist()
    # Spawned, not forked: the caller may hold threads of OR-Tools.
    with ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn")) as pool:
        others = [pool.submit(_until, (distance, low, high), other, clock, ends) for other in seeds]
        found = [_alone(distance, low, high, seed, remaining), *(other.result() for other in others)]
    return max(found, key=lambda groups: sum(float(distance[np.ix_(row, row)].sum()) for row in groups))


def _until(given: tuple[Reals, Ints, Ints], seed: int, clock: Clock, ends: float) -> Groups:
    """In a process of its own: until the clock shows `ends`."""
    return _alone(*given, seed, lambda: ends - clock())


def _alone(distance: Reals, low: Ints, high: Ints, seed: int, remaining: Remaining) -> Groups:
    n, rng = len(distance), np.random.default_rng(seed)
    tables = _tables(distance, most_pairs(n, low, high), rng)
    copies = _dealt(tables, rng)
    seats = copies.seats[: tables.groups]
    if tables.groups > 1 and (distance > 0).any():
        grain = float(distance[np.triu_indices(n, 1)].std()) or 1.0
        seats = _cooled(tables, copies, rng, grain=grain, remaining=remaining)
    return sorted(tuple(sorted(int(i) for i in row if i < n)) for row in seats)


def most_pairs(n: int, low: Ints, high: Ints) -> Ints:
    """Sizes (G,) between low and high that sum to n and put the most pairs together: most squares in all."""
    worth = np.full(n + 1, -1, np.int64)
    worth[0] = 0
    choices = []
    for least, most in zip(low.tolist(), high.tolist(), strict=True):
        sizes = np.arange(least, min(most, n) + 1)
        before = np.arange(n + 1)[:, None] - sizes
        total = np.where((before >= 0) & (worth[before] >= 0), worth[before] + sizes**2, -1)
        choices.append(sizes[total.argmax(1)])
        worth = total.max(1)
    chosen = []
    for choice in reversed(choices):
        chosen.append(int(choice[n]))
        n -= chosen[-1]
    return np.array(chosen[::-1], np.int64)


@dataclass(frozen=True, kw_only=True)
class _Tables:
    """sizes (G,); wide (n+1, n+1): distances, n for a chair that is not there; twice, flat: what exchanging
    two people counts too much; shut (R·G, chairs): 0 or a fine for chairs that are not there; noise: Gumbel
    numbers, drawn once and read from random places."""

    sizes: Ints
    wide: Singles
    twice: Singles
    shut: Singles
    noise: Singles

    @property
    def groups(self) -> int:
        """In each copy."""
        return len(self.sizes)

    @property
    def copies(self) -> int:
        """R."""
        return len(self.shut) // len(self.sizes)


@dataclass(frozen=True, kw_only=True)
class _Copies:
    """seats (R·G, chairs): people; worth (R·G, n+1): distances from a person to a group; value (R,)."""

    seats: Ints
    worth: Singles
    value: Reals


MOST_COPIES, TABLE = 12, 18_000
"""As many copies as keep the table of exchanges near this size, so that it stays in the processor's cache."""

FINE = np.float32(1e9)

NOISE = 1 << 20


def _tables(distance: Reals, sizes: Ints, rng: np.random.Generator) -> _Tables:
    n, chairs, pairs = len(distance), int(sizes.max()), max(1, len(sizes) // 2)
    wide = np.zeros((n + 1, n + 1), np.float32)
    wide[:n, :n] = distance
    copies = int(np.clip(TABLE // (pairs * chairs**2), 2, MOST_COPIES))
    fines = np.where(np.arange(chairs) < sizes[:, None], np.float32(0), -FINE)
    drawn = np.clip(rng.random(NOISE + 2 * copies * pairs * chairs**2), 1e-12, 1 - 1e-12)
    return _Tables(
        sizes=sizes,
        wide=wide,
        twice=(2 * wide).ravel(),
        shut=np.tile(fines, (copies, 1)),
        noise=(-np.log(-np.log(drawn))).astype(np.float32),
    )


def _dealt(tables: _Tables, rng: np.random.Generator) -> _Copies:
    n = len(tables.wide) - 1
    seats = np.full(tables.shut.shape, n, np.int64)
    people = [rng.permutation(n) for _ in range(tables.copies)]
    seats[tables.shut == 0] = np.concatenate(people)
    worth = np.stack([tables.wide[row].sum(0) for row in seats])
    inside = np.take_along_axis(worth, seats, 1).sum(1, dtype=np.float64) / 2
    return _Copies(seats=seats, worth=worth, value=inside.reshape(tables.copies, -1).sum(1))


WARM, COLDEST, RUNG = 1.5, 0.02, 1.04
"""Temperatures in standard deviations of the distances: of the first copy at first and at last, and how many
times as warm each copy is as the one before."""

LIVELY, SLUGGISH = 0.7, 0.03
"""Shares of the pairs of groups that exchange somebody: at first, and when the time is out. The temperature
follows them, because where groups set depends on the distances."""

ROUND, QUENCH = 10, 30
"""Steps between two trades of places, and rounds at the coldest temperature in the end."""


def _cooled(
    tables: _Tables, copies: _Copies, rng: np.random.Generator, *, grain: float, remaining: Remaining
) -> Ints:
    """The seats (G, chairs) of the best plan any copy had after a round."""
    ladder: Reals = np.power(RUNG, np.arange(tables.copies))
    rank = np.arange(tables.copies)
    heat, lively, best, seats = WARM, LIVELY, -1.0, copies.seats[: tables.groups].copy()
    given, rounds, left = remaining(), 0, QUENCH
    while left:
        rounds += 1
        share = max(0.0, remaining() / given) if given > 0 else 0.0
        if share > 0 and left == QUENCH:
            aim = LIVELY * share**1.5 + SLUGGISH
            heat = float(np.clip(heat * (aim / max(lively, 1e-4)) ** 0.05, COLDEST, 10 * WARM))
        else:
            heat, left = COLDEST, left - 1
        warmth = grain * heat * ladder
        moved = [_step(tables, copies, rng, warmth=warmth[rank]) for _ in range(ROUND)]
        lively = 0.9 * lively + 0.1 * sum(moved) / ROUND
        top = int(copies.value.argmax())
        if copies.value[top] > best + 1e-3 * grain:
            best = float(copies.value[top])
            seats = copies.seats[top * tables.groups : (top + 1) * tables.groups].copy()
        _trade(copies.value, rank, warmth, rng, odd=rounds % 2)
    return seats


def _trade(value: Reals, rank: Ints, warmth: Reals, rng: np.random.Generator, *, odd: int) -> None:
    """Neighbours on the ladder trade temperatures, always if the warmer plan is the better one."""
    holder = np.argsort(rank)
    for colder, warmer in list(pairwise(range(len(rank))))[odd::2]:
        cold, warm = holder[colder], holder[warmer]
        odds = (value[warm] - value[cold]) * (1 / warmth[colder] - 1 / warmth[warmer])
        if np.log(rng.random()) < odds:
            rank[cold], rank[warm] = warmer, colder


def _step(tables: _Tables, copies: _Copies, rng: np.random.Generator, *, warmth: Reals) -> float:
    """One pairing off in all copies; the share of pairs that exchanged somebody. warmth (R,)."""
    order, pairs = rng.permutation(tables.groups), tables.groups // 2
    first = np.arange(tables.copies)[:, None] * tables.groups
    left, right = (first + order[:pairs]).ravel(), (first + order[pairs : 2 * pairs]).ravel()
    gain = _gains(tables, copies, left, right)
    chairs = copies.seats.shape[1]
    start = int(rng.integers(NOISE))
    heat = np.repeat(warmth, pairs).astype(np.float32)
    drawn = tables.noise[start : start + gain.size].reshape(gain.shape) * heat[:, None]
    drawn += gain
    choice = drawn.argmax(1) + np.arange(len(left)) * chairs**2
    stay = tables.noise[start + gain.size : start + gain.size + len(left)] * heat
    moved = np.flatnonzero(drawn.take(choice) > stay)
    mine, theirs = np.divmod(choice[moved] % chairs**2, chairs)
    ours, yours = left[moved], right[moved]
    one, other = copies.seats[ours, mine], copies.seats[yours, theirs]
    copies.seats[ours, mine], copies.seats[yours, theirs] = other, one
    shift = tables.wide[other] - tables.wide[one]
    copies.worth[ours] += shift
    copies.worth[yours] -= shift
    copies.value[:] += np.bincount(moved // pairs, gain.take(choice[moved]), tables.copies)
    return len(moved) / len(left)


def _gains(tables: _Tables, copies: _Copies, left: Ints, right: Ints) -> Singles:
    """(pairs, chairs²): what each exchange of two seats of a left and a right group adds to the value."""
    width = len(tables.wide)
    a, b = copies.seats[left], copies.seats[right]
    worth, at_left, at_right = copies.worth.ravel(), left[:, None] * width, right[:, None] * width
    leave = worth.take(at_right + a) - worth.take(at_left + a) + tables.shut[left]
    come = worth.take(at_left + b) - worth.take(at_right + b) + tables.shut[right]
    gain = leave[:, :, None] - tables.twice.take((a * width)[:, :, None] + b[:, None, :])
    gain += come[:, None, :]
    whole: Singles = gain.reshape(len(left), -1)
    return whole
