"""Counting options: every rule alone, every rule together, and nothing told of what is confidential."""

from random import Random

import numpy as np
import pytest

from solver.files import FormatError
from solver.options.count import options
from solver.options.cover import most_placed
from solver.options.problem import (
    OptionsProblem,
    WithoutRule,
    dump_counted,
    dump_options,
    load_counted,
    load_options,
)
from solver.pairing.problem import PairingProblem, Rule
from solver.settings import silent, unhurried

ENGINEERS, FINANCE = 0, 1


def a_pairing(mentees: list[int], mentors: list[int], places: list[int] | None = None) -> PairingProblem:
    """Mentees and mentors by their function; two of the same function may not meet."""
    return PairingProblem(
        mentee_people=np.arange(len(mentees)),
        mentor_people=np.arange(len(mentors)) + len(mentees),
        capacity=np.array(places or [1] * len(mentors)),
        mentee_columns={"function": np.array(mentees)},
        mentor_columns={"function": np.array(mentors)},
        rules=(Rule(kind="differ", column="function"),),
    )


def rows(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(pairs, np.int64).reshape(-1, 2)


def counted(problem: OptionsProblem):
    return options(problem, unhurried, silent)


def test_each_counts_whom_the_rules_leave():
    found = counted(OptionsProblem(pairing=a_pairing([ENGINEERS, FINANCE], [FINANCE, FINANCE, ENGINEERS])))

    assert (found.mentees.tolist(), found.mentors.tolist()) == ([2, 1], [1, 1, 1])
    assert (found.placed, found.proved, found.left) == (2, True, ())


def test_mentor_without_places_is_no_option_and_has_none():
    found = counted(OptionsProblem(pairing=a_pairing([ENGINEERS], [FINANCE, FINANCE], [0, 1])))

    assert (found.mentees.tolist(), found.mentors.tolist()) == ([1], [0, 1])


def test_leaving_a_rule_out_counts_only_what_it_alone_forbids():
    pairing = a_pairing([ENGINEERS, ENGINEERS], [ENGINEERS, ENGINEERS])
    problem = OptionsProblem(pairing=pairing, groups=(rows((0, 0), (0, 1), (1, 0)),), each_rule=True)

    found = counted(problem)

    assert (found.placed, found.broken.tolist()) == (0, [[2, 2], [2, 1]])
    assert found.without == (WithoutRule(more=1, first=1, placed=1), WithoutRule(more=0, first=0, placed=0))


def test_what_is_confidential_changes_no_count_by_person():
    pairing = a_pairing([ENGINEERS], [FINANCE])

    found = counted(OptionsProblem(pairing=pairing, confidential=rows((0, 0))))

    assert (found.mentees.tolist(), found.mentors.tolist(), found.placed) == ([1], [1], 0)


def test_trial_says_what_further_places_do():
    pairing = a_pairing([ENGINEERS] * 4, [FINANCE, FINANCE], [1, 0])

    found = counted(OptionsProblem(pairing=pairing, trials=(((0, 2),), ((0, 2), (1, 2)))))

    assert (found.placed, len(found.left), found.trials) == (1, 3, (2, 4))


def test_nobody_is_left_who_could_be_placed_while_others_move():
    allowed = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], bool)

    assert most_placed(allowed, np.array([1, 1, 1]), unhurried).placed == 3


@pytest.mark.parametrize("seed", range(40))
def test_as_many_are_placed_as_by_trying_everything(seed: int):
    chance = Random(seed)
    mentees, mentors = chance.randint(1, 6), chance.randint(1, 4)
    allowed = np.array([[chance.random() < 0.4 for _ in range(mentors)] for _ in range(mentees)])
    capacity = np.array([chance.randint(0, 2) for _ in range(mentors)])

    found = most_placed(allowed, capacity, unhurried)

    used = found.mentor[found.mentor >= 0]
    assert allowed[np.flatnonzero(found.mentor >= 0), used].all()
    assert (np.bincount(used, minlength=mentors) <= capacity).all()
    assert (found.placed, found.proved) == (by_trying(allowed, capacity.tolist(), 0), True)


def by_trying(allowed: np.ndarray, spare: list[int], mentee: int) -> int:
    """The most that can be placed of the mentees from this one on."""
    if mentee == len(allowed):
        return 0
    best = by_trying(allowed, spare, mentee + 1)
    for mentor in np.flatnonzero(allowed[mentee]).tolist():
        if spare[mentor]:
            left = [places - (mentor == place) for place, places in enumerate(spare)]
            best = max(best, 1 + by_trying(allowed, left, mentee + 1))
    return best


def test_question_and_answer_go_through_files():
    problem = OptionsProblem(
        pairing=a_pairing([ENGINEERS], [FINANCE]), groups=(rows((0, 0)), rows()), trials=(((0, 2),),)
    )

    again = load_options(dump_options(problem))

    assert dump_options(again) == dump_options(problem)
    assert load_counted(dump_counted(counted(again))).trials == (0,)


def test_wrong_question_is_refused_with_all_that_is_wrong():
    with pytest.raises(ValueError, match=r"names somebody there is not\. 3 places with mentor 7"):
        OptionsProblem(
            pairing=a_pairing([ENGINEERS], [FINANCE]), confidential=rows((0, 1)), trials=(((7, 3),),)
        )
    with pytest.raises(FormatError, match="evenhand-options"):
        load_options(b'{"format": "something else"}')
