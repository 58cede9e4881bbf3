"""The check-in's rounds, and its aggregates: whatever is told, nobody's answer follows from it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.during.check_in import (
    COMMENTS_FROM,
    FEWEST,
    CheckInRound,
    Met,
    Result,
    RoundAnswer,
    mean,
    result_of,
    rounds,
    shares,
)

SPRING = (date(2026, 4, 6), date(2026, 7, 31))


def answers(*helpful: int, met: Met = Met.YES) -> list[RoundAnswer]:
    return [RoundAnswer(met=met, helpful=one) for one in helpful]


def test_a_round_opens_after_a_third_and_one_at_the_end() -> None:
    assert rounds(*SPRING, {}) == (
        CheckInRound(number=1, opens_on=date(2026, 5, 14), closes_on=date(2026, 5, 24)),
        CheckInRound(number=2, opens_on=date(2026, 7, 24), closes_on=date(2026, 8, 3)),
    )


def test_a_programme_says_when_it_asks_or_that_it_does_not() -> None:
    assert [one.opens_on for one in rounds(*SPRING, {"check_in_after": [50]})] == [date(2026, 6, 3)]
    assert rounds(*SPRING, {"check_in_after": []}) == ()


def test_rounds_do_not_overlap_in_a_short_cycle() -> None:
    found = rounds(date(2026, 4, 6), date(2026, 4, 20), {})

    assert [one.opens_on for one in found] == [date(2026, 4, 10)]


def test_fewer_than_five_answers_tell_nothing() -> None:
    assert result_of(answers(1, 2, 3, 4), seed=1) == Result()


def test_five_answers_tell_how_many_and_their_mean() -> None:
    assert result_of(answers(3, 4, 4, 5, 5), seed=1) == Result(answered=5, helpful=42)


def test_answers_that_are_not_varied_enough_tell_no_mean() -> None:
    assert mean([5] * 40) is None
    assert mean([5] * 39 + [1]) is None
    assert mean([5] * 38 + [1, 1]) == 48


def test_a_small_cell_hides_with_the_next() -> None:
    said = [Met.YES] * 20 + [Met.PLANNED] * 8 + [Met.NO] * 2

    assert shares(said) == ({Met.YES: 65}, 35)
    assert shares(said + [Met.NO] * 3) == ({Met.YES: 60, Met.PLANNED: 25, Met.NO: 15}, None)
    assert shares([Met.YES] * 20 + [Met.NO] * 4) is None


def test_comments_are_told_from_ten_answers_on_in_an_order_drawn_by_lot() -> None:
    said = [
        RoundAnswer(met=Met.YES, helpful=1 + number % 5, comment=f"word {number}") for number in range(10)
    ]

    told = result_of(said, seed=7).comments

    assert result_of(said[:9], seed=7).comments == ()
    assert sorted(told) == sorted(answer.comment for answer in said)
    assert told != tuple(answer.comment for answer in said)
    assert told == result_of(said[::-1], seed=7).comments


def test_a_result_is_the_same_when_read_again() -> None:
    result = result_of([RoundAnswer(met=Met(m), helpful=h) for m in Met for h in (2, 3, 4, 5, 5)], seed=1)

    assert Result.from_data(result.to_data()) == result


def betrayed(
    told: Callable[[Sequence[int]], Hashable], values: Sequence[int], size: int
) -> list[tuple[Hashable, int, int]]:
    """What is told, one's own answer, and the answer of all others that follows from the two.

    Everything that is told is held against every set of answers it may be told of.
    """
    others: dict[tuple[Hashable, int], set[int]] = defaultdict(set)
    for said in combinations_with_replacement(values, size):
        for own in set(said):
            rest = list(said)
            rest.remove(own)
            # A name can be given to an answer only where all the others said the same.
            others[told(said), own].add(rest[0] if len(set(rest)) == 1 else 0)
    return [(what, own, *rest) for (what, own), rest in others.items() if len(rest) == 1 and 0 not in rest]


@pytest.mark.parametrize("size", range(FEWEST, 13))
def test_no_mean_tells_anybodys_answer_to_one_who_knows_their_own(size: int) -> None:
    assert betrayed(mean, (1, 2, 3, 4, 5), size) == []


@pytest.mark.parametrize("size", range(FEWEST, 41))
def test_no_share_tells_anybodys_answer_to_one_who_knows_their_own(size: int) -> None:
    words = tuple(Met)

    def told(numbers: Sequence[int]) -> str:
        return str(shares(words[number - 1] for number in numbers))

    assert betrayed(told, (1, 2, 3), size) == []


def test_the_proof_would_find_a_mean_that_tells_too_much() -> None:
    assert (50, 5, 5) in betrayed(lambda said: 10 * sum(said) // len(said), (1, 2, 3, 4, 5), 5)


SOME = st.lists(
    st.builds(
        RoundAnswer,
        met=st.sampled_from(Met),
        helpful=st.integers(1, 5),
        comment=st.sampled_from(("", "yes", "we met twice")),
    ),
    max_size=60,
)


@given(said=SOME, seed=st.integers(0, 2**32))
def test_every_cell_that_is_told_and_all_outside_it_hold_five_answers(
    said: list[RoundAnswer], seed: int
) -> None:
    result = result_of(said, seed=seed)

    assert result.answered == (len(said) if len(said) >= FEWEST else None)
    for word, share in (result.met or {}).items():
        inside = sum(answer.met is word for answer in said)
        assert min(inside, len(said) - inside) >= FEWEST
        assert share % 5 == 0
        assert abs(share - 100 * inside / len(said)) <= 2.5
    assert result.comments == () or len(said) >= COMMENTS_FROM


@given(said=SOME, seed=st.integers(0, 2**32), order=st.randoms(use_true_random=False))
def test_the_order_in_which_answers_came_tells_nothing(
    said: list[RoundAnswer], seed: int, order: object
) -> None:
    shuffled = list(said)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random

    assert result_of(shuffled, seed=seed) == result_of(said, seed=seed)
