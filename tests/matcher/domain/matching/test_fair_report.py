"""Groups and credits of the fairness report: nobody can be worked out from what it tells."""

from matcher.domain.matching.fair_report import (
    CreditLine,
    FieldGroups,
    GroupFigures,
    Mentee,
    credit_lines,
    field_groups,
    fields_of,
)
from matcher.domain.policy.policy import Policy, RuleUse


def people(function: str, count: int, points: int | None = 5000, credit: int = 0) -> list[Mentee]:
    adequate = points is not None and points >= 4500
    one = Mentee(fields={"function": function}, points=points, adequate=adequate, credit=credit)
    return [one] * count


def groups(*some: list[Mentee]) -> tuple[GroupFigures, ...]:
    (found,) = field_groups([one for part in some for one in part], ["function"])
    return found.groups


def test_each_group_of_five_is_told_with_its_mean():
    found = groups(people("Law", 6), people("Sales", 5, 3000))

    assert found == (
        GroupFigures(name="Law", mentees=6, placed=6, mean=5000),
        GroupFigures(name="Sales", mentees=5, placed=5, mean=3000),
    )


def test_small_groups_become_all_others():
    found = groups(people("Law", 6), people("Art", 3), people("Tax", 2))

    assert [(one.name, one.mentees) for one in found] == [("Law", 6), ("All others", 5)]


def test_a_small_rest_takes_the_smallest_group_along():
    found = groups(people("Law", 7), people("Sales", 5), people("Art", 1))

    assert [(one.name, one.mentees) for one in found] == [("Law", 7), ("All others", 6)]


def test_nothing_is_told_where_nobody_could_be_hidden():
    assert groups(people("Law", 6), people("Art", 1)) == ()
    assert groups(people("Law", 4)) == ()


def test_spelling_does_not_make_a_group():
    assert [(one.name, one.mentees) for one in groups(people("Law", 3), people("law", 2))] == [("Law", 5)]


def test_a_mean_of_few_is_not_told_and_cannot_be_worked_out():
    few = [*people("Sales", 2), *people("Sales", 4, None)]

    found = groups(people("Law", 9), few, people("Art", 6, 6000))

    assert {one.name: one.mean for one in found} == {"Law": 5000, "Sales": None, "Art": None}


def test_nobody_placed_is_no_mean():
    assert groups(people("Law", 5, None)) == (GroupFigures(name="Law", mentees=5, placed=0, mean=None),)


def test_credits_tell_what_became_of_five_and_more():
    found = credit_lines([*people("Law", 3, 5000, 2), *people("Law", 2, None, 2), *people("Law", 4, 1, 1)])

    assert found == (
        CreditLine(credit=2, mentees=5, placed=3, adequate=3),
        CreditLine(credit=1, mentees=4, placed=None, adequate=None),
    )


def test_the_policy_names_a_field_more():
    rules = (RuleUse(name="same_person"), RuleUse(name="different_department"))

    assert fields_of(Policy(rules=rules)) == ("function", "site", "grade", "department")
    assert fields_of(Policy()) == ("function", "site", "grade")


def test_a_field_without_groups_is_there_without_any():
    assert field_groups([], ["function"]) == (FieldGroups(field="function", groups=()),)
