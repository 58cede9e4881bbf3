"""Groups as different inside as can be, given any table of distances: maximally diverse grouping.

Groups are paired off at random; a pair's exchanges are all weighed at once and one is drawn by a heat bath
that cools (see `improve`). What each person is worth to each group is kept up to date instead of recounted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.circles.problem import Ints
from solver.settings import Remaining, unhurried

Reals = NDArray[np.float64]


@dataclass
class _State:
    """seats (G, chairs): people, n for an empty chair; worth (n+1, G): distances of a person to a group's
    members; many (G,) members."""

    seats: Ints
    worth: Reals
    many: Ints


def diverse_groups(
    distance: Reals, low: Ints, high: Ints, *, seed: int, steps: int, remaining: Remaining
) -> list[tuple[int, ...]]:
    """Groups whose sizes lie between low and high (G,), with the largest sum of distances inside found.

    distance (n, n): symmetric, 0 on the diagonal. Coolings of `steps` while there are seconds remaining, the
    best of them counts. Raises ValueError if the sizes cannot hold n people.
    """
    n = len(distance)
    if not low.sum() <= n <= high.sum():
        raise ValueError(f"{n} people do not fit sizes from {low.sum()} to {high.sum()} in all.")
    rng = np.random.default_rng(seed)
    wide = np.zeros((n + 1, n + 1))
    wide[:n, :n] = distance
    state = _dealt(wide, low, high, rng)
    grain = float(distance[distance > 0].std()) if (distance > 0).any() else 1.0
    best, seats = 0.0, state.seats.copy()
    sizes = (low, high)
    while True:
        _cool(wide, state, sizes, rng, steps=steps, heat=(WARM * grain, COLD * grain), remaining=remaining)
        quench = (COLD * grain, COLDEST * grain)
        _cool(wide, state, sizes, rng, steps=QUENCH, heat=quench, remaining=unhurried)
        value = _value(wide, state)
        if value > best + 1e-9:
            best, seats = value, state.seats.copy()
        if remaining() <= 0:
            return sorted(tuple(sorted(int(i) for i in row if i < n)) for row in seats)


WARM, COLD = 1.3, 0.58
"""Temperatures from which and to which is cooled, in standard deviations of the distances: groups set between
the two, so that is where the time goes."""

QUENCH, COLDEST = 300, 0.03
"""Steps at the end of each cooling, down to this temperature."""


def _dealt(wide: Reals, low: Ints, high: Ints, rng: np.random.Generator) -> _State:
    sizes = low.copy()
    for _ in range(len(wide) - 1 - int(low.sum())):
        sizes[np.argmax((high - sizes) * (sizes < high))] += 1
    seats = np.full((len(low), int(high.max())), len(wide) - 1, np.int64)
    seats[np.arange(seats.shape[1]) < sizes[:, None]] = rng.permutation(len(wide) - 1)
    return _state(wide, seats)


def _state(wide: Reals, seats: Ints) -> _State:
    worth = np.stack([wide[:, row].sum(1) for row in seats], 1)
    return _State(seats, worth, (seats < len(wide) - 1).sum(1))


def _value(wide: Reals, state: _State) -> float:
    return float(sum(wide[np.ix_(row, row)].sum() for row in state.seats)) / 2


def _cool(
    wide: Reals,
    state: _State,
    sizes: tuple[Ints, Ints],
    rng: np.random.Generator,
    *,
    steps: int,
    heat: tuple[float, float],
    remaining: Remaining,
) -> None:
    warm, cold = heat
    groups = len(state.seats)
    for step in range(steps):
        if step % 256 == 0 and remaining() <= 0:
            return
        order = rng.permutation(groups)
        facing = (order[: groups // 2], order[groups // 2 : 2 * (groups // 2)])
        temperature = warm * (cold / warm) ** (step / steps)
        _exchange(wide, state, sizes, facing, rng=rng, temperature=temperature)


def _exchange(
    wide: Reals,
    state: _State,
    sizes: tuple[Ints, Ints],
    facing: tuple[Ints, Ints],
    *,
    rng: np.random.Generator,
    temperature: float,
) -> None:
    left, right = facing
    a, b = state.seats[left], state.seats[right]
    to_b = state.worth[a, right[:, None]] - state.worth[a, left[:, None]]
    to_a = state.worth[b, left[:, None]] - state.worth[b, right[:, None]]
    gain = to_b[:, :, None] + to_a[:, None, :] - 2 * wide[a[:, :, None], b[:, None, :]]
    _forbid(wide, state, sizes, facing, gain)
    flat = gain.reshape(len(left), -1)
    noise = rng.random(flat.shape, dtype=np.float32)
    flat -= temperature * np.log(-np.log(np.clip(noise, 1e-7, 1 - 1e-7)))
    choice = flat.argmax(1)
    stay = -temperature * np.log(-np.log(np.clip(rng.random(len(left)), 1e-12, 1 - 1e-12)))
    (moved,) = np.nonzero(flat[np.arange(len(left)), choice] > stay)
    mine, theirs = np.divmod(choice[moved], a.shape[1])
    one, other = a[moved, mine], b[moved, theirs]
    ours, yours = left[moved], right[moved]
    state.seats[ours, mine], state.seats[yours, theirs] = other, one
    shift = wide[:, other] - wide[:, one]
    state.worth[:, ours] += shift
    state.worth[:, yours] -= shift
    empty = len(wide) - 1
    state.many[ours] += (one == empty).astype(np.int64) - (other == empty)
    state.many[yours] += (other == empty).astype(np.int64) - (one == empty)


def _forbid(
    wide: Reals, state: _State, sizes: tuple[Ints, Ints], facing: tuple[Ints, Ints], gain: Reals
) -> None:
    """No exchange that makes a group too small or too large; two empty chairs change nothing."""
    low, high = sizes
    if (low == high).all() and (high == high[0]).all():
        return
    left, right = facing
    empty = len(wide) - 1
    leaves_a = (state.seats[left] < empty).astype(np.int64)[:, :, None]
    leaves_b = (state.seats[right] < empty).astype(np.int64)[:, None, :]
    many_a = state.many[left][:, None, None] - leaves_a + leaves_b
    many_b = state.many[right][:, None, None] + leaves_a - leaves_b
    wrong = (many_a < low[left][:, None, None]) | (many_a > high[left][:, None, None])
    wrong |= (many_b < low[right][:, None, None]) | (many_b > high[right][:, None, None])
    gain[wrong | ((leaves_a == 0) & (leaves_b == 0))] = -np.inf
