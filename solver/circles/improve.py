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
from solver.circles.costs import HARD, REUNION, CircleCosts
from solver.circles.problem import Flags, Ints
from solver.settings import Remaining

Reals = NDArray[np.float32]

FEW = 10
"""With fewer dear circles than one in so many, each faces its nearest eight in a step."""

OFFSETS = np.array([-4, -3, -2, -1, 1, 2, 3, 4])


@dataclass(frozen=True, eq=False)
class _Terms:
    """What one weighing needs, laid out once. `never`: the price of breaking a rule."""

    costs: CircleCosts
    tied: Reals
    mine: NDArray[np.int16]
    theirs: NDArray[np.int16]
    missing: Reals
    real: Reals
    size: Reals
    shares: list[Ints]
    never: float


def improve(
    costs: CircleCosts,
    board: Board,
    rng: np.random.Generator,
    *,
    steps: int,
    warm: float,
    cold: float,
    remaining: Remaining,
) -> None:
    """Change the board in place: `steps` rounds from temperature `warm` to `cold`.

    Where the time left is too short for them it cools faster, so that it is cold when time is out.
    """
    terms = _terms(costs, int(board.meets.sum()))
    dear = np.ones(board.size, bool)
    own = _own(terms, board.seats)
    whole, ahead = remaining(), 0.0
    for step in range(steps):
        if step % 64 == 0:
            _choose_slots(terms, board, rng)
        if step % 8 == 0:
            if (left := remaining()) <= 0:
                return
            ahead = max(0.0, _spent(left, whole) - step / steps)
            dear = _dear(terms, board)
            if not dear.any():
                return
        facing = _facing(_side_by_side(board, rng, step), dear)
        if len(facing[0]):
            temperature = warm * (cold / warm) ** (step / steps + ahead)
            _swap(terms, board, own, facing, rng=rng, temperature=temperature)


def _spent(left: float, whole: float) -> float:
    """The share of the time that is over; none of an endless one."""
    return 0.0 if whole == float("inf") else 1.0 - left / whole


def _terms(costs: CircleCosts, circles: int) -> _Terms:
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
    shares = [np.bincount(column[:-1]) // max(1, circles) for column in costs.classes]
    mine = costs.classes.astype(np.int16)
    theirs = mine.copy()
    theirs[:, -1] = -2  # two empty chairs are not of one class
    return _Terms(costs, tied, mine, theirs, missing, real, size, shares, never)


def _side_by_side(board: Board, rng: np.random.Generator, step: int) -> np.ndarray:
    """An order of the circles; neighbours in it (0 and 1, 2 and 3 …) may swap."""
    if step % 4 == 0:
        return rng.permutation(board.size)
    shuffled = rng.permutation(int(board.slots.max()) + 1)[board.slots] + rng.random(board.size)
    return np.roll(np.argsort(shuffled), step % 2)


def _facing(order: Ints, dear: Flags) -> tuple[Ints, Ints]:
    """Pairs of circles that may swap, one of each being dear: neighbours in the order while many are dear,
    the eight nearest of each when few are."""
    if FEW * int(dear.sum()) > len(order):
        pairs = order.reshape(-1, 2)
        left, right = pairs[dear[pairs].any(1)].T
        return left, right
    (places,) = np.nonzero(dear[order])
    nearest = (places[:, None] + OFFSETS) % len(order)
    left, right = np.repeat(order[places], len(OFFSETS)), order[nearest].ravel()
    apart = left != right
    return left[apart], right[apart]


def _dear(terms: _Terms, board: Board) -> Flags:
    """(G,): circles that cost more than their part of the counting bound, or break a rule, or wait."""
    seats, costs = board.seats, terms.costs
    real = seats < costs.problem.n
    many = real.sum(1)
    circles = int(board.meets.sum())
    low, more = divmod(int(many[board.meets > 0].sum()), max(1, circles))
    dear = (many < low) | (many > low + (more > 0))
    tied = terms.tied[costs.ties[seats[:, :, None], seats[:, None, :]]]
    dear |= tied.any((1, 2)) | terms.missing[seats, board.slots[:, None]].any(1) | ~costs.hosts[seats].any(1)
    row = np.nonzero(real)[0]
    for column, share in zip(costs.classes, terms.shares, strict=True):
        counts = np.bincount(row * len(share) + column[seats[real]], minlength=len(seats) * len(share))
        counts = counts.reshape(-1, len(share))
        dear |= ((counts < share) | (counts > share + 1)).any(1)
    return np.asarray(np.where(board.meets > 0, dear, many > 0))


def _swap(
    terms: _Terms,
    board: Board,
    own: Reals,
    facing: tuple[Ints, Ints],
    *,
    rng: np.random.Generator,
    temperature: float,
) -> None:
    left, right = facing
    gain = _weigh(terms, board, own, left, right)
    pairs, chairs = gain.shape[:2]
    flat = gain.reshape(pairs, -1)
    flat += np.float32(temperature) * _gumbel(rng, flat.shape)
    choice = flat.argmin(1)
    stay = np.float32(temperature) * _gumbel(rng, (pairs,))
    (moved,) = np.nonzero(flat[np.arange(pairs), choice] < stay)
    moved = _apart(moved, left, right)
    mine, theirs = np.divmod(choice[moved], chairs)
    a, b = left[moved], right[moved]
    one, other = board.seats[a, mine], board.seats[b, theirs]
    board.seats[a, mine], board.seats[b, theirs] = other, one
    for changed in (a, b):
        own[changed] = _own(terms, board.seats[changed])


def _apart(moved: Ints, left: Ints, right: Ints) -> Ints:
    """Of these exchanges the first of each circle: once it has changed, its other weighings are stale."""
    changed: set[int] = set()
    kept = []
    for at, one, other in zip(moved.tolist(), left[moved].tolist(), right[moved].tolist(), strict=True):
        if one not in changed and other not in changed:
            changed |= {one, other}
            kept.append(at)
    return np.array(kept, np.int64)


def _gumbel(rng: np.random.Generator, shape: tuple[int, ...]) -> Reals:
    noise = rng.random(shape, dtype=np.float32)
    np.clip(noise, 1e-7, 1 - 1e-7, out=noise)
    return np.log(-np.log(noise))


def _weigh(terms: _Terms, board: Board, own: Reals, left: Ints, right: Ints) -> Reals:
    """(pairs, chairs, chairs): change of the cost if seat i of the left and j of the right change places."""
    a, b = board.seats[left], board.seats[right]
    own_a, own_b = own[left], own[right]
    across = _across(terms, a, b)
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


def _across(terms: _Terms, a: Ints, b: Ints) -> Reals:
    """(pairs, chairs, chairs): cost of each member of one circle with each of the other; empty chairs 0."""
    cost: Reals = terms.tied[terms.costs.ties[a[:, :, None], b[:, None, :]]]
    for mine, theirs, weight in zip(terms.mine, terms.theirs, terms.costs.weights, strict=True):
        cost += np.float32(weight) * (mine[a][:, :, None] == theirs[b][:, None, :])
    return cost


def _own(terms: _Terms, seats: Ints) -> Reals:
    """(circles, chairs): what each member costs with the others of the same circle."""
    cost = _across(terms, seats, seats)
    chairs = np.arange(seats.shape[1])
    cost[:, chairs, chairs] = 0
    own: Reals = cost.sum(2)
    return own


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
