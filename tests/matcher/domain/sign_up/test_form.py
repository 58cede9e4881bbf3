"""Which questions are asked: by the programme's settings, and never one whose answer nothing uses."""

import pytest

from matcher.domain.errors import Invalid
from matcher.domain.people import Role
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.domain.sign_up.form import NEVER_NEEDED, QUESTIONS, Asking, FormSettings
from tests.builders import NO_CIRCLES


def policy(*criteria: str, **fields: object) -> Policy:
    uses = tuple(CriterionUse(name=name, weight=1) for name in criteria)
    return Policy(criteria=uses, **fields)  # type: ignore[arg-type]  # passed on as given


def test_an_answer_nothing_uses_is_not_asked_for():
    asked = FormSettings().asked(policy("topics", circles=NO_CIRCLES))

    assert [name for name in QUESTIONS if name not in asked] == [
        "grade_wish",
        "wishes",
        "duties",
        "experienced",
        "identity",
    ]


def test_a_criterion_in_use_and_circles_bring_their_questions():
    asked = FormSettings().asked(policy("topics", "grade_wish", "wishes", "identity"))

    assert list(asked.asking) == list(QUESTIONS)
    assert {"duties_declined", "grade_wish", "identity_consent"} <= asked.fields


def test_a_programme_asks_less_or_insists():
    settings = FormSettings(ask={"department": Asking.OFF, "goals": Asking.NEEDED})

    asked = FormSettings.from_data(settings.to_data()).asked(Policy())

    assert ("department" in asked, "department" in asked.fields) == (False, False)
    assert (asked.needs("goals"), asked.needs("site")) == (True, False)


def test_topics_are_needed_by_role():
    asked = FormSettings().asked(Policy())
    anyway = FormSettings(ask={"topics": Asking.OPTIONAL}).asked(Policy())

    assert asked.topics_of([Role.MENTOR, Role.PEER]) == ("topics_offered",)
    assert asked.topics_of([Role.MENTEE, Role.MENTOR]) == ("topics_sought", "topics_offered")
    assert anyway.topics_of([Role.MENTEE]) == ()


@pytest.mark.parametrize("name", sorted(name for name, question in QUESTIONS.items() if question.fixed))
def test_what_matching_and_safety_need_cannot_be_switched_off(name):
    with pytest.raises(Invalid, match="always asked"):
        FormSettings(ask={name: Asking.OFF})


@pytest.mark.parametrize("name", sorted(NEVER_NEEDED))
def test_nobody_is_pressed_to_answer_what_is_theirs_to_keep(name):
    with pytest.raises(Invalid, match="Nobody has to answer this"):
        FormSettings(ask={name: Asking.NEEDED})


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"ask": {"shoe_size": "needed"}}, "/ask/shoe_size"),
        ({"ask": {"goals": "perhaps"}}, "/ask/goals"),
        ({"ask": ["goals"]}, "/ask"),
    ],
)
def test_a_setting_that_is_none_names_its_place(data, pointer):
    with pytest.raises(Invalid) as refused:
        FormSettings.from_data(data)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]


@pytest.mark.parametrize(
    ("policy_", "roles", "missing"),
    [
        (Policy(), tuple(Role), set()),
        (Policy(circles=NO_CIRCLES), (Role.MENTOR, Role.MENTEE), {"duties", "experienced"}),
        (Policy(pairs=False), (Role.PEER,), {"capacity", "mentors_wanted", "topics", "wishes"}),
    ],
)
def test_a_programme_offers_the_roles_it_has_and_asks_about_no_other(policy_, roles, missing):
    unused = {"grade_wish", "identity"}

    asked = FormSettings().asked(policy_)

    assert asked.roles == policy_.roles == roles
    assert {name for name in QUESTIONS if name not in asked} == missing | unused
