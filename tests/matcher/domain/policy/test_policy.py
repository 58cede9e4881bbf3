"""A policy is data: it survives storage, names what it does not know, and shares its points out exactly."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.errors import PolicyError
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import listed

CIVIL_SERVICE = {
    "mode": "total",
    "points": 28,
    "rules": [
        {"name": "different_department"},
        {"name": "grade_gap", "params": {"lowest": 1, "highest": 2}},
    ],
    "criteria": [
        {"name": "grade_gap", "weight": 6, "params": {"table": {"1": 750, "2": 1000}}},
        {"name": "same_function", "weight": 5},
        {"name": "identity", "weight": 3},
    ],
}


def faults(data: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as told:
        Policy.from_data(data)
    return [(problem.pointer, problem.sentence) for problem in told.value.problems]


def test_policy_survives_storage() -> None:
    for policy in (Policy(), Policy.from_data(CIVIL_SERVICE)):
        assert Policy.from_data(json.loads(json.dumps(policy.to_data()))) == policy


def test_a_policy_stored_before_roles_could_be_chosen_keeps_its_data() -> None:
    assert "pairs" not in Policy().to_data()
    assert Policy.from_data(Policy(pairs=False).to_data()) == Policy(pairs=False)


def test_civil_service_points() -> None:
    policy = Policy.from_data(CIVIL_SERVICE)

    assert policy.shares() == (12, 10, 6)
    assert [12 * share // 1000 for share in policy.criteria[0].params["table"].values()] == [9, 12]


def test_unknown_names_are_told_with_the_known_and_the_nearest() -> None:
    told = faults(
        {
            "rules": [{"name": "shared_langage"}, {"name": "grade_gap", "params": {"lowst": 1}}],
            "criteria": [{"name": "astrology", "weight": 3}],
        }
    )

    assert told == [
        (
            "/rules/0",
            "“shared_langage” is not a known hard rule. Did you mean “shared_language”? "
            f"Known: {listed(list(RULES))}.",
        ),
        (
            "/rules/1/params/lowst",
            "“lowst” is not a known parameter of grade_gap. Did you mean “lowest”? "
            "Known: lowest and highest.",
        ),
        ("/criteria/0", f"“astrology” is not a known criterion. Known: {listed(list(CRITERIA))}."),
    ]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"version": 2}, "/version"),
        ({"wieghts": 1}, "/wieghts"),
        ({"mode": "fairest"}, "/mode"),
        ({"line": 1001}, "/line"),
        ({"line": True}, "/line"),
        ({"points": 0.5}, "/points"),
        ({"rules": "all"}, "/rules"),
        ({"rules": [{"params": {}}]}, "/rules/0"),
        ({"rules": [{"name": "same_person"}, {"name": "same_person"}]}, "/rules"),
        ({"rules": [{"name": "grade_gap", "params": {"lowest": 3, "highest": 1}}]}, "/rules/0/params"),
        ({"rules": [{"name": "shared_hours", "params": {"least": "60"}}]}, "/rules/0/params/least"),
        ({"criteria": [{"name": "topics", "weight": 11}]}, "/criteria/0/weight"),
        ({"criteria": [{"name": "topics"}]}, "/criteria/0"),
        (
            {"criteria": [{"name": "grade_gap", "weight": 1, "params": {"table": {"1": 1001}}}]},
            "/criteria/0/params/table",
        ),
        ({"circles": {"smallest": 5, "target": 4}}, "/circles"),
        ({"circles": {"smallest": 1, "target": 2}}, "/circles"),
        ({"circles": {"shape": "round"}}, "/circles"),
        ({"pair_duties": "yes"}, "/pair_duties"),
        ({"duties": []}, "/duties"),
        ({"duties": [1]}, "/duties"),
        ({"pairs": False, "circles": {"on": False}}, "/pairs"),
        ({"pairs": "yes"}, "/pairs"),
    ],
)
def test_wrong_values_are_told_where(data: dict[str, object], pointer: str) -> None:
    assert [place for place, _ in faults(data)] == [pointer]


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=len(CRITERIA)),
    st.integers(1, 10_000),
)
def test_points_are_shared_out_to_the_last(weights: list[int], points: int) -> None:
    uses = tuple(
        CriterionUse(name=name, weight=weight) for name, weight in zip(CRITERIA, weights, strict=False)
    )
    shares = Policy(criteria=uses, points=points).shares()

    assert sum(shares) == (points if any(weights) else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - points * weight / max(1, sum(weights))) < 1
