"""The editor's fields: what stands in them is the policy again, and every wrong field is named."""

import pytest

from matcher.domain.errors import Invalid
from matcher.domain.policy.policy import CriterionUse, Policy, RuleUse
from matcher.schemas.policy_form import read_policy_form, values_of

POLICY = Policy(line=455, cross_share=200)


def read(present: Policy = POLICY, **fields: list[str]) -> Policy:
    return read_policy_form({**values_of(present), **fields}, present)


def wrong(**fields: list[str]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read(**fields)
    return {one.pointer: str(one.sentence) for one in refused.value.problems}


@pytest.mark.parametrize(
    "policy",
    [
        POLICY,
        Policy(
            rules=(
                RuleUse(name="same_person"),
                RuleUse(name="not_blocked"),
                RuleUse(name="grade_gap", params={"lowest": -2, "highest": 3}),
            ),
            criteria=(CriterionUse(name="grade_gap", weight=3, params={"table": {2: 500}}),),
            credits=False,
            mode="total",
        ),
    ],
)
def test_untouched_fields_are_the_same_policy(policy):
    assert read(policy) == policy


def test_what_is_not_asked_stays():
    present = POLICY.replace(sessions=9, duties=("host",), seed=7)

    changed = read(present, line=["60"])

    assert changed == present.replace(line=600)


def test_rules_people_are_promised_cannot_be_left_out():
    assert [use.name for use in read(rule=[]).rules] == ["same_person", "not_blocked"]


def test_new_criterion_stands_behind_and_a_weight_of_nothing_stays():
    changed = read(**{"weight-same_site": ["4"], "weight-topics": ["0"]})

    weights = {use.name: use.weight for use in changed.criteria}
    assert (weights["topics"], weights["same_site"]) == (0, 4)
    assert changed.criteria[-1].name == "same_site"


@pytest.mark.parametrize("text", ["", "11", "-1", "3.5", "ten", "٣", "1e1", "9" * 40])
def test_weight_is_a_whole_number(text):
    assert wrong(**{"weight-topics": [text]}) == {"/weight-topics": "Enter a whole number from 0 to 10."}


def test_everything_wrong_is_named_at_once():
    found = wrong(line=["200"], history=["x"], **{"shared_session-minutes": ["1"]})

    assert found == {
        "/line": "Enter a whole number from 0 to 100.",
        "/history": "Enter a whole number from 0 to 100.",
        "/shared_session-minutes": "Enter a whole number from 30 to 480.",
    }


def test_sizes_rise_and_some_criterion_counts():
    assert wrong(smallest=["6"], target=["5"]) == {
        "/smallest": "The sizes must rise: smallest, usual, largest."
    }
    none = {name: ["0"] for name in values_of(POLICY) if name.startswith("weight-")}
    assert wrong(**none) == {"/weight-topics": "Give at least one criterion a weight above 0."}


def test_unknown_mode_and_turned_round_grades_are_refused():
    assert list(wrong(mode=["best"])) == ["/mode"]
    turned = {"rule": ["grade_gap"], "grade_gap-lowest": ["4"], "grade_gap-highest": ["1"]}
    assert wrong(**turned) == {"/grade_gap-lowest": "The lowest number of grades is above the highest."}
