from itertools import combinations
from time import monotonic

import numpy as np
import pytest

from bench.diverse import diverse_groups, most_pairs


def random_distances(n: int, seed: int) -> np.ndarray:
    upper = np.triu(np.random.default_rng(seed).integers(0, 100, (n, n)).astype(float), 1)
    return upper + upper.T


def inside(distance, groups) -> float:
    return sum(distance[i, j] for members in groups for i, j in combinations(members, 2))


def grouped(distance, low, high, rounds=300):
    left = iter(np.linspace(1, 0, rounds))
    return diverse_groups(
        distance, np.array(low), np.array(high), seed=0, remaining=lambda: float(next(left, 0.0))
    )


@pytest.mark.parametrize("seed", range(5))
def test_two_groups_of_four_are_as_far_apart_as_can_be(seed):
    distance = random_distances(8, seed)
    best = max(
        inside(distance, [half, sorted(set(range(8)) - set(half))]) for half in combinations(range(8), 4)
    )

    assert inside(distance, grouped(distance, [4, 4], [4, 4])) == best


def test_two_workers_are_at_least_as_good_as_the_first_of_them():
    distance = random_distances(8, 2)
    best = max(
        inside(distance, [half, sorted(set(range(8)) - set(half))]) for half in combinations(range(8), 4)
    )
    ends = monotonic() + 0.2
    sizes = np.array([4, 4])
    groups = diverse_groups(
        distance, sizes, sizes, seed=0, remaining=lambda: ends - monotonic(), workers=2, clock=monotonic
    )

    assert inside(distance, groups) == best


def test_sizes_stay_in_their_ranges():
    groups = grouped(random_distances(11, 1), [2, 2, 2], [6, 6, 6])

    assert sorted(person for members in groups for person in members) == list(range(11))
    assert all(2 <= len(members) <= 6 for members in groups)


def test_sizes_put_the_most_pairs_together():
    sizes = most_pairs(11, np.array([2, 2, 2]), np.array([6, 6, 6]))

    assert sorted(sizes.tolist()) == [2, 3, 6]


def test_an_odd_number_of_groups_of_uneven_sizes_finds_the_best():
    distance = random_distances(7, 3)
    best = max(
        inside(distance, [four, [i for i in range(7) if i not in (*four, *two)], two])
        for four in combinations(range(7), 4)
        for two in combinations([i for i in range(7) if i not in four], 2)
    )

    assert inside(distance, grouped(distance, [4, 1, 2], [4, 1, 2])) == best


def test_one_group_holds_everybody():
    assert grouped(random_distances(5, 0), [2], [6]) == [(0, 1, 2, 3, 4)]


def test_with_nothing_to_choose_by_everybody_still_has_a_seat():
    groups = grouped(np.zeros((6, 6)), [3, 3], [3, 3])

    assert sorted(person for members in groups for person in members) == list(range(6))


def test_no_time_still_gives_groups():
    assert [len(members) for members in grouped(random_distances(8, 0), [4, 4], [4, 4], rounds=0)] == [4, 4]


def test_sizes_that_cannot_hold_everybody_are_refused():
    with pytest.raises(ValueError, match="8 people do not fit sizes from 2 to 6"):
        grouped(random_distances(8, 0), [1, 1], [3, 3])


def test_several_workers_need_a_clock_they_share():
    sizes = np.full(2, 2)

    with pytest.raises(ValueError, match="need a clock"):
        diverse_groups(np.zeros((4, 4)), sizes, sizes, seed=0, remaining=lambda: 1.0, workers=2)
