"""Signing in: by link, by code, the same answer for everybody, and never twice with one link."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from matcher.services.account import sign_in
from matcher.store.tables import MailRow, PersonRow, Programme, SignIn, SignInToken
from tests.web.conftest import Together
from tests.web.visitors import Site, counted_queries, text_of


def a_link(site: Site, together: Together) -> str:
    with site.open_session.begin() as session:
        return f"/sign-in/{sign_in.give(session, person_id=together.lena, now=site.now)}"


def the_mail(site: Site) -> str:
    with site.open_session() as session:
        return session.scalars(select(MailRow.text)).one()


def ask(site: Site, address: str) -> tuple[int, str, str]:
    visitor = site.visitor()
    answer = visitor.post("/sign-in", {"email": address})
    return answer.status_code, answer.location, text_of(visitor.get("/sign-in/sent"))


def test_looking_at_the_link_does_not_use_it_up(site, together):
    link = a_link(site, together)
    visitor = site.visitor()

    looks = [visitor.get(link) for _ in range(3)]
    used = visitor.post(link)

    assert [look.status_code for look in looks] == [200, 200, 200]
    assert "One click more" in text_of(looks[0])
    assert (used.status_code, used.location) == (303, "/")
    assert "Sign out , Lena Brandt" in text_of(visitor.get("/"))


def test_a_link_works_once(site, together):
    link = a_link(site, together)
    site.visitor().post(link)

    again, looked = site.visitor().post(link), site.visitor().get(link)

    assert (again.status_code, looked.status_code) == (410, 410)
    assert "Send a new link" in text_of(again)


def test_an_old_or_cut_link_says_so(site, together):
    link = a_link(site, together)
    cut = site.visitor().get(link[:-3])
    site.clock.forward(minutes=11)

    assert site.visitor().get(link).status_code == 410
    assert cut.status_code == 410


def test_a_bracket_left_by_a_mail_program_does_no_harm(site, together):
    assert site.visitor().post(f"{a_link(site, together)}>").status_code == 303


def test_known_and_unknown_addresses_get_the_same_answer(site, together):
    known = ask(site, "Lena.Brandt@example.org")
    unknown = ask(site, "nobody.here@example.org")

    assert (known[0], known[1]) == (unknown[0], unknown[1]) == (303, "/sign-in/sent")
    assert known[2].replace("Lena.Brandt", "X") == unknown[2].replace("nobody.here", "X")
    assert [name for name, _ in site.rings] == ["mail", "mail"]


def test_the_mailed_link_leads_in(site, together):
    ask(site, "lena.brandt@example.org")
    link = re.search(r"http://localhost(/sign-in/\S+)", the_mail(site))
    assert link is not None

    assert site.visitor().post(link[1]).status_code == 303


def test_the_code_of_the_mail_leads_in_too(site, together):
    ask(site, "lena.brandt@example.org")
    digits = re.search(r"\b(\d{4}) ?(\d{4})\b", the_mail(site))
    assert digits is not None
    visitor = site.visitor()

    answer = visitor.post(
        "/sign-in/code", {"email": "lena.brandt@example.org", "code": "".join(digits.groups())}
    )

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_wrong_code_is_counted_five_times(site, together):
    ask(site, "lena.brandt@example.org")
    visitor = site.visitor()
    fields = {"email": "lena.brandt@example.org", "code": "0000 0000"}

    answers = [visitor.post("/sign-in/code", fields) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {422}
    assert "This code does not fit." in text_of(answers[0])
    with site.open_session() as session:
        assert session.scalars(select(SignInToken.tries)).one() == 5


def test_many_asks_from_one_place_are_slowed_down(site):
    for number in range(20):
        ask(site, f"p{number}@example.org")

    answer = site.visitor().post("/sign-in", {"email": "one.more@example.org"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")


def test_a_misspelt_address_is_told_next_to_the_field(site):
    answer = site.visitor().post("/sign-in", {"email": "lena@nowhere"})

    assert answer.status_code == 422
    assert 'value="lena@nowhere"' in answer.text
    assert "“nowhere” is not a mail domain." in text_of(answer)


def test_whoever_signs_in_comes_to_the_page_they_wanted(site, together):
    visitor = site.visitor()
    asked = visitor.get(f"/c/{together.slug}/sign-up")

    answer = visitor.post(a_link(site, together))

    assert asked.location == "/sign-in"
    assert answer.location == f"/c/{together.slug}/sign-up"


def test_the_cookie_changes_at_sign_in_and_counts_no_more_after_sign_out(site, together):
    visitor = site.visitor(together.lena)
    kept = visitor.client.get_cookie("evenhand")
    assert kept is not None

    visitor.post("/sign-out")
    visitor.client.set_cookie("evenhand", kept.value)

    assert visitor.get("/organise").location == "/sign-in"


def test_an_idle_sign_in_ends(site, together):
    visitor = site.visitor(together.lena)
    site.clock.forward(minutes=31)

    assert visitor.get(f"/c/{together.slug}/sign-up").location == "/sign-in"


def test_a_deactivated_person_is_out_at_once(site, together):
    visitor = site.visitor(together.lena)
    with site.open_session.begin() as session:
        session.get_one(PersonRow, together.lena).active = False

    assert visitor.get(f"/c/{together.slug}/sign-up").location == "/sign-in"


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(site, together, path):
    visitor = site.visitor()
    with visitor.client.session_transaction() as cookie:
        cookie["next"] = path

    assert visitor.post(a_link(site, together)).location == "/"


def test_only_three_mails_go_to_one_address_in_a_quarter_of_an_hour(site, together):
    for _ in range(5):
        ask(site, "lena.brandt@example.org")

    with site.open_session() as session:
        assert session.scalar(select(func.count()).select_from(MailRow)) == 3


def test_a_page_waits_for_nobody_who_writes_and_notes_the_visitor_later(site: Site, together: Together):
    visitor = site.visitor(together.lena)
    site.clock.forward(minutes=2)

    with site.open_session() as writer:
        writer.get_one(Programme, together.programme_id).name = "Not yet"
        writer.flush()
        answer = visitor.get("/")
    then = seen_at(site)
    visitor.get("/")

    assert answer.status_code == 200
    assert seen_at(site) - then == timedelta(minutes=2)


def test_machines_that_ask_whether_it_lives_ask_nothing_of_the_database(site: Site, together: Together):
    visitor = site.visitor(together.lena)

    with counted_queries(site) as asked:
        answer = visitor.get("/health")

    assert (answer.text, asked) == ("ok\n", [])


def seen_at(site: Site) -> datetime:
    with site.open_session() as session:
        return session.scalars(select(SignIn.seen_at)).one()
