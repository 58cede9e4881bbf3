"""The check-in's pages: no sign-in, one answer, and kind words for whoever comes late or twice."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from matcher.services.during import check_ins
from matcher.store.participant_tables import CheckInAnswer
from tests.matcher.services.during.care import LINKS, a_village_under_way, tokens
from tests.web.visitors import Site, text_of

FIRST = datetime(2026, 5, 14, 6, 0, tzinfo=UTC)
SAID = {"met": "planned", "helpful": "4", "comment": "It helps."}


@pytest.fixture
def link(site: Site) -> str:
    """The link in the mail of one of five people who are asked."""
    site.clock.moment = FIRST
    with site.open_session.begin() as session:
        a_village_under_way(session)
        check_ins.open_due(session, now=FIRST, links=LINKS)
        return f"/check-in/{next(iter(tokens(session).values()))}"


def answers(site: Site) -> list[tuple[str, int, str]]:
    with site.open_session() as session:
        return [(row.met, row.helpful, row.comment) for row in session.scalars(select(CheckInAnswer))]


def test_three_questions_without_a_sign_in(site, link):
    page = text_of(site.visitor().get(link))

    assert "Have you met since it began?" in page
    assert "How helpful is it for you?" in page
    assert "Your own words may reveal you." in page
    assert "Organisers see them only together with at least four others, after 23 May 2026." in page


def test_looking_does_not_answer_and_sending_does_once(site, link):
    visitor = site.visitor()
    for _ in range(2):
        assert visitor.get(link).status_code == 200

    assert "stored without your name" in text_of(visitor.post(link, SAID))

    again = visitor.post(link, SAID)
    assert (again.status_code, visitor.get(link).status_code) == (410, 410)
    assert "You have answered already. Thank you." in text_of(again)
    assert answers(site) == [("planned", 4, "It helps.")]


@pytest.mark.parametrize("score", ["0", "6", "3.5", "four", ""])
def test_a_score_that_is_none_is_refused_and_the_words_are_kept(site, link, score):
    answer = site.visitor().post(link, {**SAID, "helpful": score})

    assert answer.status_code == 422
    assert "Enter a whole number from 1 to 5." in text_of(answer)
    assert "It helps." in answer.text
    assert answers(site) == []


def test_a_long_comment_is_refused_and_kept_and_one_of_pictures_is_taken(site, link):
    visitor = site.visitor()

    long = visitor.post(link, {**SAID, "comment": "x" * 20_000})
    assert (long.status_code, "x" * 20_000 in long.text) == (422, True)
    assert "2,000" in text_of(long)
    visitor.post(link, {**SAID, "comment": "🙂" * 2_000})

    assert answers(site) == [("planned", 4, "🙂" * 2_000)]


def test_whoever_comes_late_is_told_kindly(site, link):
    visitor = site.visitor()
    token = visitor.token()
    site.clock.forward(days=10)

    late = visitor.post(link, SAID, token=token)

    assert late.status_code == 410
    assert "This check-in ended on 23 May 2026" in text_of(late)
    assert answers(site) == []


def test_a_guessed_link_leads_nowhere(site, link):
    answer = site.visitor().get("/check-in/guessed")

    assert answer.status_code == 410
    assert "does not lead to a check-in any more" in text_of(answer)


def test_a_bracket_that_a_mail_program_added_does_no_harm(site, link):
    assert site.visitor().get(f"{link}%3E").status_code == 200
