"""The question about options agrees with the rules said for one pair, and tells nothing confidential."""

import pytest

from matcher.domain.people import Role
from matcher.domain.policy.policy import RuleUse
from matcher.domain.policy.rules import RULES, broken
from matcher.problem.options import ask_options
from solver.options.count import options
from solver.options.problem import dump_options
from solver.settings import silent, unhurried
from tests.builders import a_policy
from tests.crowd import a_crowd

ALL_RULES = a_policy([RuleUse(name=name) for name in RULES])


def counted(problem):
    return options(problem, unhurried, silent)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("without", [None, *RULES])
def test_options_are_whom_no_open_rule_forbids(seed, without):
    crowd = a_crowd(seed)
    policy = ALL_RULES.replace(rules=tuple(rule for rule in ALL_RULES.rules if rule.name != without))
    open_rules = [rule for rule in policy.rules if not RULES[rule.name].confidential]
    facts = crowd.facts()

    problem, index = ask_options(crowd, policy)

    expected = [
        sum(
            not broken(open_rules, mentor.profile, mentee.profile, facts) and mentor.id != mentee.id
            for mentor in index.mentors
            if mentor.profile.answers.places(circles=False)
        )
        for mentee in index.mentees
    ]
    assert counted(problem).mentees.tolist() == expected


def test_each_rule_stands_for_itself():
    problem, index = ask_options(a_crowd(1), ALL_RULES, each_rule=True)

    assert set(index.rules) == set(RULES) - {"not_blocked", "same_person"}
    assert len(counted(problem).without) == len(index.rules)


def test_not_with_changes_only_how_many_are_placed():
    crowd = a_crowd(3, people=40)
    alone = ask_options(crowd, a_policy(["same_person"]))[0]
    kept = ask_options(crowd, a_policy(["same_person", "not_blocked"]))[0]

    assert len(kept.confidential) > 0
    assert counted(kept).mentees.tolist() == counted(alone).mentees.tolist()
    assert counted(kept).broken.tolist() == counted(alone).broken.tolist()


def test_nobody_to_count_gives_no_question():
    crowd = a_crowd(1)
    mentees = tuple(one for one in crowd.members if not one.has(Role.MENTOR))

    assert ask_options(type(crowd)(cycle=crowd.cycle, members=mentees), ALL_RULES) is None


def test_question_holds_numbers_only():
    problem, _ = ask_options(a_crowd(5), ALL_RULES)

    written = dump_options(problem).decode()

    assert "unmistakable" not in written
