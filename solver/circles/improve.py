"""Swaps: pairs of circles side by side, all exchanges of two seats weighed at once, cooled slowly.

Circles are paired off at random, mostly within one slot; a pair shares no circle with another, so all of
them may swap in the same step and every weighed cost is exact. An exchange with an empty seat is a move.
The choice among a pair's exchanges is a heat bath (Gumbel-max), "nothing" being one of the choices
(Kirkpatrick, Gelatt, Vecchi, Science 220, 1983, for the cooling).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.circles.board import Board
from solver.circles.costs import HARD, REUNION, Costs
from solver.settings import Remaining

Reals = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Terms:
    """What one weighing needs, laid out once. `never`: the price of breaking a rule."""

    costs: Costs
    tied: Reals
    missing: Reals
    real: Reals
    size: Reals
    never: float


def improve(
    costs: Costs,
    board: Board,
    rng: np.random.Generator,
    *,
    steps: int,
    warm: float,
    cold: float,
    remaining: Remaining,
) -> None:
    """Change the board in place: `steps` rounds from temperature `warm` to `cold`, or until time is out."""
    terms = _terms(costs)
    for step in range(steps):
        if step % 64 == 0:
            if remaining() <= 0:
                return
            _choose_slots(terms, board, rng)
        temperature = warm * (cold / warm) ** (step / steps)
        _swap(terms, board, rng, _side_by_side(board, rng, step), temperature)


def _terms(costs: Costs) -> _Terms:
    problem = costs.problem
    never = 4.0 * (problem.unplaced_weight + 1)
    tied = np.zeros(3, np.float32)
    tied[REUNION], tied[HARD] = problem.reunion_weight, never
    missing = np.zeros((problem.n + 1, problem.slots), np.float32)
    missing[:-1] = np.where(problem.available, 0, never)
    real = np.append(np.ones(problem.n, np.float32), np.float32(0))
    sizes = np.arange(problem.largest + 3) - 1  # from one below none to one above the largest
    size = problem.size_weight * np.abs(sizes - problem.target).astype(np.float32)
    size[(sizes < problem.smallest) | (sizes > problem.largest)] += never
    size[1] = 0.0  # an empty circle is no circle
    return _Terms(costs, tied, missing, real, size, never)


def _side_by_side(board: Board, rng: np.random.Generator, step: int) -> np.ndarray:
    """An order of the circles; neighbours in it (0 and 1, 2 and 3 …) may swap."""
    if step % 4 == 0:
        return rng.permutation(board.size)
    shuffled = rng.permutation(int(board.slots.max()) + 1)[board.slots] + rng.random(board.size)
    return np.roll(np.argsort(shuffled), step % 2)


def _swap(
    terms: _Terms, board: Board, rng: np.random.Generator, order: np.ndarray, temperature: float
) -> None:
    left, right = order[0::2], order[1::2]
    gain = _weigh(terms, board, left, right)
    pairs, chairs = gain.shape[:2]
    flat = gain.reshape(pairs, -1)
    flat += np.float32(temperature) * _gumbel(rng, flat.shape)
    choice = flat.argmin(1)
    stay = np.float32(temperature) * _gumbel(rng, (pairs,))
    (moved,) = np.nonzero(flat[np.arange(pairs), choice] < stay)
    mine, theirs = np.divmod(choice[moved], chairs)
    a, b = left[moved], right[moved]
    one, other = board.seats[a, mine], board.seats[b, theirs]
    board.seats[a, mine], board.seats[b, theirs] = other, one


def _gumbel(rng: np.random.Generator, shape: tuple[int, ...]) -> Reals:
    noise = rng.random(shape, dtype=np.float32)
    np.clip(noise, 1e-7, 1 - 1e-7, out=noise)
    return np.log(-np.log(noise))


def _weigh(terms: _Terms, board: Board, left: np.ndarray, right: np.ndarray) -> Reals:
    """(pairs, chairs, chairs): change of the cost if seat i of the left and j of the right change places."""
    a, b = board.seats[left], board.seats[right]
    chairs = a.shape[1]
    cost = _pair_costs(terms, np.concatenate((a, b), 1))
    own_a, own_b = cost[:, :chairs, :chairs].sum(2), cost[:, chairs:, chairs:].sum(2)
    across = cost[:, :chairs, chairs:]
    meets_a = board.meets[left].astype(np.float32)[:, None]
    meets_b = board.meets[right].astype(np.float32)[:, None]
    there_a, there_b = board.slots[left][:, None], board.slots[right][:, None]
    missing = terms.missing
    to_b = meets_b * (across.sum(2) + missing[a, there_b]) - meets_a * (own_a + missing[a, there_a])
    to_a = meets_a * (across.sum(1) + missing[b, there_a]) - meets_b * (own_b + missing[b, there_b])
    change: Reals = to_b[:, :, None] + to_a[:, None, :] - (meets_a + meets_b)[:, :, None] * across
    change += _size_change(terms, a, b, meets_a[:, 0], meets_b[:, 0])
    change += _host_change(terms, a, b, meets_a, meets_b)
    return change


def _pair_costs(terms: _Terms, people: np.ndarray) -> Reals:
    costs = terms.costs
    cost: Reals = terms.tied[costs.ties[people[:, :, None], people[:, None, :]]]
    for column, weight in zip(costs.classes, costs.weights, strict=True):
        mine = column[people]
        cost += np.float32(weight) * (mine[:, :, None] == mine[:, None, :])
    real = terms.real[people]
    cost *= real[:, :, None] * real[:, None, :]
    seats = np.arange(people.shape[1])
    cost[:, seats, seats] = 0
    return cost


def _size_change(terms: _Terms, a: np.ndarray, b: np.ndarray, meets_a: Reals, meets_b: Reals) -> Reals:
    real_a, real_b = terms.real[a], terms.real[b]
    many_a, many_b = real_a.sum(1).astype(np.int64), real_b.sum(1).astype(np.int64)
    unplaced = np.float32(terms.costs.problem.unplaced_weight)

    def cost(many: np.ndarray, meets: Reals) -> Reals:
        return np.where(meets > 0, terms.size[many + 1], unplaced * many)

    now: Reals = cost(many_a, meets_a) + cost(many_b, meets_b)
    more = cost(many_a + 1, meets_a) + cost(many_b - 1, meets_b) - now
    fewer = cost(many_a - 1, meets_a) + cost(many_b + 1, meets_b) - now
    shift = real_b[:, None, :] - real_a[:, :, None]
    change: Reals = np.where(shift < 0, fewer[:, None, None], np.float32(0))
    return np.where(shift > 0, more[:, None, None], change)


def _host_change(terms: _Terms, a: np.ndarray, b: np.ndarray, meets_a: Reals, meets_b: Reals) -> Reals:
    hosts_a = terms.costs.hosts[a].astype(np.float32)
    hosts_b = terms.costs.hosts[b].astype(np.float32)
    shift = hosts_b[:, None, :] - hosts_a[:, :, None]
    left = hosts_a.sum(1)[:, None, None] + shift
    right = hosts_b.sum(1)[:, None, None] - shift
    lacking = ((left < 1) & (meets_a[:, :, None] > 0)) | ((right < 1) & (meets_b[:, :, None] > 0))
    price: Reals = lacking * np.float32(terms.never)
    return price


def _choose_slots(terms: _Terms, board: Board, rng: np.random.Generator) -> None:
    """Let each circle meet at any slot that all its members can make; keep the slot where there is none."""
    shared = (terms.missing[board.seats] == 0).all(1)
    chosen = (rng.random(shared.shape) * shared).argmax(1)
    board.slots[:] = np.where(shared.any(1), chosen, board.slots)
