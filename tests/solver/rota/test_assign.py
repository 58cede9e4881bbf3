from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.checks.rota import rota_breaches
from solver.rota.assign import assign_rota
from solver.rota.problem import RotaTerms
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.rota.builders import assigned, terms


def test_a_clean_circle_rotates_at_no_cost_beyond_the_remainder():
    plan = assigned(terms(5), (0, 1, 2, 3, 4))

    assert (plan.cost, plan.proved) == (3, True)


def test_a_clean_circle_of_six_costs_nothing():
    plan = assigned(terms(6), (0, 1, 2, 3, 4, 5))

    assert (plan.cost, plan.proved) == (0, True)


def test_a_pair_only_takes_turns_to_lead():
    plan = assigned(terms(2), (0, 1))

    assert plan.groups[0].duties == ((0,), (1,), (0,), (1,), (0,), (1,))


def test_nobody_is_drafted_against_an_opt_out():
    plan = assigned(terms(5, willing=np.zeros((5, 3), bool)), (0, 1, 2, 3, 4))

    assert plan.cost == 18 * 1000
    assert {holder for row in plan.groups[0].duties for holder in row} == {-1}


def test_the_absent_hold_no_duty():
    away = np.array([(0, session) for session in range(6)], np.int64)
    plan = assigned(terms(4, absent=away), (0, 1, 2, 3))

    assert all(0 not in row for row in plan.groups[0].duties)


def test_an_experienced_member_facilitates_first():
    plan = assigned(terms(5, experienced=np.arange(5) == 3), (0, 1, 2, 3, 4))

    assert plan.groups[0].duties[0][0] == 3


def test_who_did_more_before_does_less_now():
    plan = assigned(terms(5, balance=np.array([3, 0, 0, 0, 0])), (0, 1, 2, 3, 4))
    held = [sum(i in row for row in plan.groups[0].duties) for i in range(5)]

    assert (held[0], plan.cost) == (3, 9)


def test_people_in_two_groups_carry_their_load_along():
    plan = assigned(terms(8, sessions=4), (0, 1, 2, 3), (0, 4, 5, 6, 7))

    assert len(plan.groups) == 2
    assert not plan.proved


def test_a_circle_too_large_to_list_is_proved_by_the_model():
    willing = np.ones((8, 3), bool)
    willing[:2, 0] = False
    plan = assigned(terms(8, sessions=8, willing=willing), tuple(range(8)))

    assert (plan.cost, plan.proved) == (6, True)


def test_no_time_left_still_gives_a_rota():
    given_terms = terms(5, sessions=12, absent=np.array([(0, 3), (2, 7)], np.int64))
    plan = assign_rota(given_terms, [(0, 1, 2, 3, 4)], SolveSettings(), lambda: 0.0, silent)

    assert list(rota_breaches(given_terms, [(0, 1, 2, 3, 4)], plan)) == []
    assert not plan.proved


def test_the_order_of_groups_changes_no_duty():
    given_terms = replace(terms(9), balance=np.arange(9) % 3)
    groups = [(0, 1, 2, 3), (4, 5, 6, 7, 8)]

    assert assigned(given_terms, *groups).groups == assigned(given_terms, *groups[::-1]).groups[::-1]


@st.composite
def any_terms(draw) -> RotaTerms:
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    members, sessions = draw(st.integers(2, 6)), draw(st.integers(1, 6))
    away = np.argwhere(rng.random((members, sessions)) < draw(st.floats(0, 0.5)))
    return terms(
        members,
        sessions=sessions,
        willing=rng.random((members, 3)) < draw(st.floats(0, 1)),
        experienced=rng.random(members) < 0.5,
        balance=rng.integers(-2, 3, members),
        absent=away.astype(np.int64),
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(given_terms=any_terms())
def test_any_group_has_a_proved_rota_that_passes_the_check(given_terms):
    plan = assigned(given_terms, tuple(range(len(given_terms.willing))))

    assert plan.proved


def test_three_people_share_no_more_duties_than_they_are():
    plan = assigned(terms(3, duties=5), (0, 1, 2))

    assert {len(row) for row in plan.groups[0].duties} == {3}
    assert all(set(row) == {0, 1, 2} for row in plan.groups[0].duties)


def test_a_drawn_order_decides_between_equals_and_not_the_file():
    given_terms = terms(4)
    drawn = [
        assign_rota(
            given_terms, [(0, 1), (2, 3)], SolveSettings(workers=1), unhurried, silent, lots=np.array(lots)
        )
        for lots in ([0, 1, 2, 3], [3, 2, 1, 0])
    ]

    assert [plan.groups[0].members for plan in drawn] == [(0, 1), (0, 1)]
    assert [[group.duties[0] for group in plan.groups] for plan in drawn] == [[(0,), (2,)], [(1,), (3,)]]
    assert [list(rota_breaches(given_terms, [(0, 1), (2, 3)], plan)) for plan in drawn] == [[], []]


def test_a_mentor_of_three_leads_about_half_of_each():
    plan = assigned(terms(4), (0, 3), (1, 3), (2, 3))

    led = [sum(row == (3,) for row in group.duties) for group in plan.groups]
    assert all(2 <= each <= 3 for each in led)
    assert all(one != other for group in plan.groups for one, other in pairwise(group.duties))
