import numpy as np
import pytest

from bench.designs import design, plane_rounds, repeats, rounds_without_repeats
from bench.fields import field, prime_power
from solver.settings import unhurried


@pytest.mark.parametrize("q", [2, 3, 4, 5, 7, 8, 9, 16, 25, 27])
def test_a_field_has_inverses_and_distributes(q):
    plus, times = field(q)
    one, other, third = np.meshgrid(np.arange(q), np.arange(q), np.arange(q), indexing="ij")

    assert (np.sort(times[1:, 1:], axis=1) == np.arange(1, q)).all()
    assert (times[one, plus[other, third]] == plus[times[one, other], times[one, third]]).all()


def test_only_prime_powers_have_a_field():
    assert [q for q in range(2, 20) if prime_power(q) is None] == [6, 10, 12, 14, 15, 18]
    with pytest.raises(ValueError, match="field with 6 elements"):
        field(6)


@pytest.mark.parametrize(
    ("circles", "size", "rounds"), [(8, 4, 9), (7, 7, 8), (5, 4, 5), (9, 3, 13), (4, 4, 5)]
)
def test_planes_give_rounds_in_which_nobody_meets_twice(circles, size, rounds):
    found = plane_rounds(circles, size)

    assert (len(found), repeats(found)) == (rounds, 0)
    for one in found:
        assert sorted(person for circle in one for person in circle) == list(range(circles * size))


def test_fifteen_people_walk_out_seven_days_three_abreast():
    found = rounds_without_repeats(5, 3, 7, unhurried)

    assert (len(found), repeats(found)) == (7, 0)


def test_where_algebra_ends_few_repeats_are_added():
    found = design(6, 3, 4, 0, unhurried)

    assert (len(found), repeats(found)) == (4, 0)
    assert {len(circle) for one in found for circle in one} == {3}
