"""The smaller schemas: a new cycle, a sign-in mail, a code."""

from datetime import date

import pytest

from matcher.domain.errors import Invalid
from matcher.schemas.cycle import NewCycle, NewCycleSchema
from matcher.schemas.problems import load
from matcher.schemas.sign_in import AskSchema, CodeSchema

DATES = {
    "opens_on": "2027-02-01",
    "closes_on": "2027-03-12",
    "starts_on": "2027-03-16",
    "ends_on": "2027-07-01",
}


def test_a_new_cycle_has_a_name_and_four_dates():
    assert load(NewCycleSchema(), {"name": "Spring 2027", **DATES}) == NewCycle(
        name="Spring 2027",
        opens_on=date(2027, 2, 1),
        closes_on=date(2027, 3, 12),
        starts_on=date(2027, 3, 16),
        ends_on=date(2027, 7, 1),
    )


def test_the_dates_follow_one_another():
    with pytest.raises(Invalid) as wrong:
        load(NewCycleSchema(), {"name": "", **DATES, "closes_on": "2027-01-01"})

    assert [(problem.pointer, problem.sentence) for problem in wrong.value.problems] == [
        ("/name", "Give the cycle a name, for example Spring 2027."),
        ("/closes_on", "Sign-up closes before it opens. Choose a later day."),
    ]


@pytest.mark.parametrize("written", ["1234 5678", "1234-5678", " 12345678 "])
def test_a_code_may_be_written_with_gaps(written):
    assert load(CodeSchema(), {"email": "a@x.org", "code": written})["code"] == "12345678"


@pytest.mark.parametrize("written", ["1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨"])
def test_a_code_has_eight_digits(written):
    with pytest.raises(Invalid) as wrong:
        load(CodeSchema(), {"email": "a@x.org", "code": written})

    assert wrong.value.sentence == "The code in the mail has eight digits. Enter all of them."


def test_an_address_is_asked_for():
    with pytest.raises(Invalid) as wrong:
        load(AskSchema(), {})

    assert wrong.value.sentence == "Enter your e-mail address."
