"""The points of many pairs at once are the sums of the reasons people read."""

import pytest

from matcher.domain.matching.explain import why
from matcher.domain.people import Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.problem.pair_points import points_between
from tests.crowd import a_crowd

POLICY = Policy(criteria=tuple(CriterionUse(name=name, weight=3) for name in CRITERIA))


@pytest.mark.parametrize("seed", range(6))
def test_each_pair_counts_the_sum_of_its_reasons(seed: int) -> None:
    snapshot = a_crowd(seed, people=30)
    facts = snapshot.facts()
    mentees, mentors = (
        tuple(one.profile for one in snapshot.members if one.has(role)) for role in (Role.MENTEE, Role.MENTOR)
    )

    points = points_between(mentees, mentors, POLICY, facts)

    assert points.tolist() == [
        [sum(reason.points for reason in why(POLICY, mentor, mentee, facts)) for mentor in mentors]
        for mentee in mentees
    ]
