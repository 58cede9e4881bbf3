"""What nobody would type by mistake, and what many do: refused beside its field, or kept and harmless."""

import pytest
from markupsafe import escape
from sqlalchemy import select

from matcher.services.account import people
from matcher.store.tables import EnrolmentRow
from tests.web.participant.sign_up.test_form import FILLED, asks_everything, path, signs_up  # noqa: F401 (a fixture)
from tests.web.visitors import text_of

REFUSED = [
    ("name", "\u200b\u3164", "Enter a name."),
    ("name", "x" * 101, "at most 100 fit here"),
    ("name", "A" + "\u0301" * 200, "more than 4 marks"),
    ("name", "Eve\x1b[31m", "control character"),
    ("name", "Eve\u2028Mallory", "breaks the line"),
    ("name", "=?utf-8?q?=0aBcc:x?=", "not allowed in a name"),
    ("zone", "GMT+5", "not a time zone we know"),
    ("zone", "../../x", "not a time zone we know"),
    ("zone", "A" * 300, "not a time zone we know"),
    ("zone", "europe/berlin", "Did you mean Europe/Berlin?"),
    ("capacity", "-1", "whole number from 0 to 20"),
    ("capacity", "0.5", "whole number from 0 to 20"),
    ("capacity", "true", "whole number from 0 to 20"),
    ("capacity", "1000000000", "whole number from 0 to 20"),
    ("capacity", "٣", "whole number from 0 to 20"),
    ("grade", "100", "whole number from 0 to 99"),
    ("grade_wish", "emperor", "Choose one of"),
    ("hours", "0-0930-60", "is not an hour of the week"),
    ("roles", "organiser", "A role is mentor, mentee or peer."),
    ("goals", "x" * 2001, "at most 2,000 fit here"),
    ("goals", "nul \x00 here", "control character"),
    ("wishes", "ada@", "is not a mail domain"),
    ("wishes", "ada@x@y.org", "exactly one “@”"),
    ("wishes", "ola.organiser@example.org\nOLA.organiser@example.org", "repeats"),
    ("topics_sought_own", ",".join(f"t{number}" for number in range(31)), "choose at most 10"),
]


def test_each_is_refused_beside_its_field_and_what_was_typed_stays(site, together):
    visitor = site.visitor(together.lena)
    token = visitor.token()

    pages = [
        visitor.post(path(together), {**FILLED, field: value}, token=token) for field, value, _ in REFUSED
    ]

    for page, (field, _, sentence) in zip(pages, REFUSED, strict=True):
        anchor = field.removesuffix("_own")
        assert (page.status_code, sentence in text_of(page)) == (422, True), (field, sentence)
        assert f'<a href="#{anchor}">' in page.text
        assert f'id="{anchor}-wrong-1"' in page.text
        assert "Lead my first" in page.text or field == "goals"
    with site.open_session() as session:
        assert session.scalars(select(EnrolmentRow.id)).all() == []


def test_whatever_people_are_called_is_kept_as_it_is(site, together):
    visitor = site.visitor(together.lena)

    for name in ("=HYPERLINK(1)", "+1", "@x", "<script>", "{{7*7}}", "%s", "O'Neill", "李", "Zoë Ñuñez"):
        assert signs_up(visitor, together, {**FILLED, "name": name}).status_code == 303
        with site.open_session() as session:
            assert people.of(session, together.lena).name == name
        assert f'value="{escape(name)}"' in visitor.get(path(together)).text


@pytest.mark.parametrize(
    "version", ["", "x", "a.b", "abc.-1", "abc.99999999999999999999", "abc.٣", "\x00.\x00", "." * 500]
)
def test_a_version_that_is_none_loses_nothing(site, together, version):
    visitor = site.visitor(together.lena)
    visitor.post(f"{path(together)}/save", {**FILLED, "window": "one"})

    saved = visitor.post(
        f"{path(together)}/save", {**FILLED, "goals": "Later words", "version": version, "window": "two"}
    )

    assert saved.status_code in {303, 409}
    assert "Later words" in visitor.get(path(together)).text


def test_half_a_form_full_of_nonsense_can_be_kept_for_later(site, together):
    visitor = site.visitor(together.lena)
    nonsense = dict.fromkeys(FILLED, "\x00=?%s</textarea>{{7*7}}")

    saved = visitor.post(f"{path(together)}/save", nonsense)
    page = visitor.get(path(together))
    summary = visitor.get(f"{path(together)}/summary")

    assert (saved.status_code, page.status_code, summary.status_code) == (303, 200, 200)
    assert "{{7*7}}" in page.text
    assert "<" + "/textarea>{{7*7}}" not in page.text


def test_more_than_any_form_has_is_too_much(site, together):
    visitor = site.visitor(together.lena)

    many = visitor.post(f"{path(together)}/save", {**FILLED, "hours": ["1-0900-60"] * 1_001})
    much = visitor.post(f"{path(together)}/save", {**FILLED, "goals": "x" * 600_000})

    assert (many.status_code, much.status_code) == (413, 413)
