"""From a form to a schema's input: blanks become missing, lists stay lists, foreign fields are passed on."""

from werkzeug.datastructures import MultiDict

from matcher.domain.errors import Problem
from matcher.schemas.enrolment import SignUpSchema
from web.forms import anchor_of, filled, schema_input

SENT = MultiDict(
    [
        ("csrf_token", "t"),
        ("name", " Lena "),
        ("site", "  "),
        ("capacity", " 3 "),
        ("mentors_wanted", "1_0"),
        ("roles", "mentor"),
        ("roles", "peer"),
        ("topics_offered", "SQL"),
        ("topics_offered_own", "Bread, , Grants"),
        ("wishes", "a@x.org\r\n\r\nb@x.org; c@x.org"),
        ("is_admin", "1"),
    ]
)


def test_a_form_becomes_what_the_schema_reads():
    assert schema_input(SENT, SignUpSchema()) == {
        "name": " Lena ",
        "capacity": 3,
        "mentors_wanted": "1_0",
        "roles": ["mentor", "peer"],
        "topics_offered": ["SQL"],
        "topics_offered_own": ["Bread", " Grants"],
        "wishes": ["a@x.org\r", "b@x.org", " c@x.org"],
        "experienced": False,
        "is_admin": ["1"],
    }


def test_a_filled_form_knows_what_stands_where_and_what_is_wrong():
    wrong = (
        Problem(pointer="/topics_offered_own/1", sentence="Too long."),
        Problem(pointer="/name", sentence="Enter a name."),
        Problem(pointer="", sentence="Too much at once."),
    )
    form = filled(SENT, wrong)

    assert (form.one("name"), form.one("none", "–")) == (" Lena ", "–")
    assert (form.has("roles", "peer"), form.has("roles", "mentee")) == (True, False)
    assert form.wrong("topics_offered") == ("Too long.",)
    assert form.wrong("name") == ("Enter a name.",)
    assert form.general == ("Too much at once.",)
    assert [anchor_of(problem) for problem in wrong] == ["topics_offered", "name", ""]
