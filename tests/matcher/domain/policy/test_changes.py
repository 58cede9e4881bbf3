"""Differences of two policies as sentences: every setting has one, and equal policies have none."""

import pytest

from matcher.domain.policy.changes import differences
from matcher.domain.policy.policy import CircleFormat, CriterionUse, Policy, RuleUse

BEFORE = Policy(
    rules=(RuleUse(name="same_person"), RuleUse(name="shared_hours", params={"least": 60})),
    criteria=(CriterionUse(name="topics", weight=10), CriterionUse(name="same_site", weight=2)),
)


def said(**changes) -> list[str]:
    return [str(one) for one in differences(BEFORE, BEFORE.replace(**changes))]


def test_equal_policies_differ_in_nothing():
    assert said() == []


def test_rules_come_go_and_change():
    new = (RuleUse(name="shared_hours", params={"least": 90}), RuleUse(name="shared_language"))

    assert said(rules=new) == [
        "Rule left out: Nobody is their own mentor.",
        "New rule: Both speak a common language.",
        "Rule changed: Both are free at the same time for at least 90 minutes a week. "
        "Before: Both are free at the same time for at least 60 minutes a week.",
    ]


def test_weights_change():
    assert said(criteria=(CriterionUse(name="topics", weight=7),)) == [
        "What the mentee seeks is what the mentor offers; rare topics count more. Weight 7, before 10.",
        "The two work at the same site. Weight 0, before 2.",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"line": 600}, "A pair is adequate from 60 per cent of all points, before from 45."),
        ({"cross_share": 300}, "Pairs across functions: at least 30 per cent, before 0."),
        ({"credits": False}, "Who came off badly does not go first any more."),
        ({"sessions": 1, "every_weeks": 1}, "One session of 60 minutes, every week."),
        ({"duties": ("host",)}, "Duties: host."),
        ({"pair_duties": False}, "Pairs have no duties any more."),
        ({"levels": 10}, "10 levels below the line, before 20."),
        ({"seed": 5}, "Lots are drawn anew where people are equal."),
        ({"points": 1000}, "The best pair can have 1,000 points, before 10,000."),
        ({"circles": CircleFormat(on=False)}, "There are no peer circles any more."),
        ({"circles": CircleFormat(largest=7)}, "Circles of 4 to 7 people, 5 if it works out."),
        (
            {"circles": CircleFormat(history=1)},
            "Nobody meets the same people in a circle again for one cycle.",
        ),
    ],
)
def test_every_setting_has_its_sentence(changes, sentence):
    assert said(**changes) == [sentence]


def test_mode_is_said_by_what_it_does():
    assert said(mode="total") == [
        "Who comes first: Places as many as possible, then takes the best fit overall."
    ]
