"""The sign-up form's schema: one value when all is right, every problem at once when not."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Role, Week
from matcher.domain.policy.policy import Policy
from matcher.domain.sign_up.form import FormSettings
from matcher.schemas.enrolment import SignUp, SignUpSchema
from matcher.schemas.problems import load
from tests.builders import NO_CIRCLES

FILLED: dict[str, Any] = {
    "name": "Lena Brandt",
    "function": "Finance",
    "zone": "Europe/Berlin",
    "languages": ["German"],
    "roles": ["mentee"],
    "topics_sought": ["SQL"],
    "hours": ["1-0900-60", "3-1430-30", "3-1500-30"],
}


def refused(**changed: Any) -> tuple[Problem, ...]:
    with pytest.raises(Invalid) as wrong:
        load(SignUpSchema(), {**FILLED, **changed})
    return wrong.value.problems


def test_a_filled_form_is_one_value():
    value = load(SignUpSchema(), {**FILLED, "languages_own": ["Swahili", "german"]})

    assert value == SignUp(
        name="Lena Brandt",
        function="Finance",
        zone="Europe/Berlin",
        languages=("German", "Swahili"),
        roles=(Role.MENTEE,),
        topics_sought=("SQL",),
        hours=((1, "09:00"), (1, "09:30"), (3, "14:30"), (3, "15:00")),
    )


def test_answers_carry_ids_and_hours_in_utc():
    value = load(SignUpSchema(), {**FILLED, "wishes": ["Ada@x.org"]})

    answers = value.answers({"ada@x.org": UUID(int=7)}, monday=date(2027, 3, 1))

    assert answers.wishes == (UUID(int=7),)
    assert answers.week == Week.from_local([(1, "08:00"), (1, "08:30"), (3, "13:30"), (3, "14:00")], "UTC",
                                           date(2027, 3, 1))  # fmt: skip


def test_every_problem_is_told_at_once():
    problems = refused(name=" ", roles=[], capacity=21, hours=["0-0900-30"], is_admin="yes", languages=[])

    assert {problem.pointer: problem.sentence for problem in problems} == {
        "/name": "Enter a name.",
        "/roles": "Choose at least one role.",
        "/capacity": "Enter a whole number from 0 to 20.",
        "/hours": "Choose at least two hours, so that a meeting can be found.",
        "/languages": "Choose at least one language you can talk in.",
        "/is_admin": "This field is not known here.",
    }


def test_a_mentor_offers_and_a_mentee_seeks_a_topic():
    problems = refused(roles=["mentor", "mentee"], topics_sought=[])

    assert problems == (
        Problem(pointer="/topics_sought", sentence="Choose at least one topic you would like to learn."),
        Problem(pointer="/topics_offered", sentence="Choose at least one topic you can help with."),
    )


def test_each_wrong_address_is_named_by_its_line():
    problems = refused(wishes=["ada@x.org", "bob", "ADA@x.org"])

    assert [problem.pointer for problem in problems] == ["/wishes/1", "/wishes/2"]
    assert problems[1].sentence == "Line 3 repeats ada@x.org."


def test_nobody_is_wished_for_and_ruled_out_at_once():
    problems = refused(wishes=["ada@x.org"], not_with=["ada@x.org"])

    assert [problem.pointer for problem in problems] == ["/wishes", "/not_with"]


@pytest.mark.parametrize("hour", ["7-0900-60", "0-0900-90", "0-0930-60", "0-2400-30", "0-0900", "x", 9])
def test_an_hour_has_one_form(hour):
    problems = refused(hours=[hour])

    assert problems == (Problem(pointer="/hours", sentence=f"“{hour}” is not an hour of the week."),)


def test_only_so_many_topics_and_people():
    topics = refused(topics_sought=[f"t{n}" for n in range(6)], topics_sought_own=[f"o{n}" for n in range(6)])
    people = refused(wishes=[f"p{n}@x.org" for n in range(10_000)])

    assert topics == (Problem(pointer="/topics_sought", sentence="You chose 12 topics; choose at most 10."),)
    assert people == (Problem(pointer="/wishes", sentence="That is 10,000 people; name at most 50."),)


def test_a_role_the_programme_does_not_have_is_refused_by_name():
    asked = FormSettings().asked(Policy(circles=NO_CIRCLES))

    with pytest.raises(Invalid) as wrong:
        load(SignUpSchema(asked), {**FILLED, "roles": ["mentee", "peer"]})

    sentence = "This programme does not have: peer. Choose among: mentor and mentee."
    assert [(one.pointer, one.sentence) for one in wrong.value.problems] == [("/roles", sentence)]
