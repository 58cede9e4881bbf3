"""What may be told of a number of people."""

from matcher.domain.disclosure import share, told


def test_numbers_are_told_from_five_on():
    assert [told(count) for count in (0, 1, 4, 5, 12)] == [None, None, None, 5, 12]


def test_shares_are_told_to_the_nearest_five_where_the_rest_is_five_too():
    assert [share(part, 12) for part in (4, 5, 6, 7, 8)] == [None, 40, 50, 60, None]
    assert share(0, 0) is None
    assert share(333, 1000) == 35
