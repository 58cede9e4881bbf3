from itertools import combinations

import numpy as np
import pytest

from solver.circles.diverse import diverse_groups


def random_distances(n: int, seed: int) -> np.ndarray:
    upper = np.triu(np.random.default_rng(seed).integers(0, 100, (n, n)).astype(float), 1)
    return upper + upper.T


def inside(distance, groups) -> float:
    return sum(distance[i, j] for members in groups for i, j in combinations(members, 2))


def grouped(distance, low, high, steps=300):
    seconds = iter([1.0] * 4)  # two coolings
    return diverse_groups(
        distance, np.array(low), np.array(high), seed=0, steps=steps, remaining=lambda: next(seconds, 0.0)
    )


@pytest.mark.parametrize("seed", range(5))
def test_two_groups_of_four_are_as_far_apart_as_can_be(seed):
    distance = random_distances(8, seed)
    best = max(
        inside(distance, [half, sorted(set(range(8)) - set(half))]) for half in combinations(range(8), 4)
    )

    assert inside(distance, grouped(distance, [4, 4], [4, 4])) == best


def test_sizes_stay_in_their_ranges():
    groups = grouped(random_distances(11, 1), [2, 2, 2], [6, 6, 6])

    assert sorted(person for members in groups for person in members) == list(range(11))
    assert all(2 <= len(members) <= 6 for members in groups)


def test_sizes_that_cannot_hold_everybody_are_refused():
    with pytest.raises(ValueError, match="8 people do not fit sizes from 2 to 6"):
        grouped(random_distances(8, 0), [1, 1], [3, 3])
