"""The page of a pair or circle: notes nobody else reads, goals everybody in it changes, duties that move."""

import re
from uuid import UUID

import pytest

from matcher.services.account.people import by_addresses as everybody_by
from matcher.services.groups import my_match
from matcher.store.participant_tables import PrivateNote
from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.visitors import Site, Visitor, counted_queries, text_of


def group_of(site: Site, together: Together, person: UUID) -> str:
    """The address of somebody's pair or circle."""
    with site.open_session() as session:
        found = my_match.my_match(session, together.cycle_id, person)
    (one,) = (*found.pairs, *found.circles)
    return f"/c/{together.slug}/my-match/{one.id}"


@pytest.fixture
def pair(site, together):
    """A published pair: the address of its page, the mentee and the mentor at the door."""
    everybody = people(site, together, pairs=2)
    published(site, together)
    mentee = everybody["Mentee 0"]
    with site.open_session() as session:
        found = my_match.my_match(session, together.cycle_id, mentee)
    mentor = found.pairs[0].partner.id
    return group_of(site, together, mentee), site.visitor(mentee), site.visitor(mentor)


def saved(visitor: Visitor, page: str, text: str, version: str = "0"):
    return visitor.post(f"{page}/note", {"text": text, "version": version})


def ids(visitor: Visitor, page: str, what: str) -> list[str]:
    """The ids of goals or steps on the page."""
    return list(dict.fromkeys(re.findall(rf"/{what}/([0-9a-f-]{{36}})/", visitor.get(page).text)))


def test_a_partner_is_reached_and_the_sessions_are_listed(site, together, pair):
    page, mentee, _ = pair

    text = text_of(mentee.get(page))

    assert "Session 1 · Mon 6 April, 10:00" in text
    assert "Session 6 · Mon 15 June, 10:00" in text
    assert "mentor.0@example.org" in text or "mentor.1@example.org" in text


def test_a_note_is_mine_alone(site, together, pair):
    page, mentee, mentor = pair

    assert saved(mentee, page, "Ask about Lyon.").status_code == 303

    assert "Ask about Lyon." in mentee.get(page).text
    assert "Ask about Lyon." not in mentor.get(page).text
    organiser = site.visitor(together.organiser)
    assert organiser.get(page).status_code == 404


def test_two_windows_lose_no_word(site, together, pair):
    page, mentee, _ = pair
    saved(mentee, page, "From the phone.")

    answer = saved(mentee, page, "From the desk.")

    assert answer.status_code == 409
    assert "From the phone." in answer.text
    assert "From the desk." in answer.text
    assert saved(mentee, page, "Both.", version="1").status_code == 303
    with site.open_session() as session:
        assert [row.text for row in session.query(PrivateNote)] == ["Both."]


def test_a_note_that_is_too_long_comes_back_as_typed(site, together, pair):
    page, mentee, _ = pair

    answer = saved(mentee, page, "x" * 10_001)

    assert answer.status_code == 422
    assert "at most 10,000 fit here." in answer.text
    assert "x" * 10_001 in answer.text


def test_partners_share_goals_and_steps(site, together, pair):
    page, mentee, mentor = pair
    mentee.post(f"{page}/goals", {"text": "Lead a workshop"})
    (goal,) = ids(mentor, page, "goals")
    mentor.post(f"{page}/goals/{goal}/steps", {"text": "Find a date"})
    (step,) = ids(mentee, page, "steps")
    mentee.post(f"{page}/steps/{step}/done")

    text = text_of(mentor.get(page))

    assert "Lead a workshop" in text
    assert "1 of 1 step done" in text
    assert "ticked by Mentee 0" in text
    assert "1 of 1 step done" in text_of(mentor.get(page.rpartition("/")[0]))


def test_what_is_taken_away_can_be_put_back(site, together, pair):
    page, mentee, mentor = pair
    mentee.post(f"{page}/goals", {"text": "Lead a workshop"})
    (goal,) = ids(mentee, page, "goals")
    mentor.post(f"{page}/goals/{goal}/steps", {"text": "Find a date"})
    (step,) = ids(mentee, page, "steps")

    mentor.post(f"{page}/steps/{step}/remove")
    assert "1 step taken away" in text_of(mentee.get(page))
    mentee.post(f"{page}/steps/{step}/restore")
    mentor.post(f"{page}/goals/{goal}/remove")
    assert "1 goal taken away" in text_of(mentee.get(page))
    mentee.post(f"{page}/goals/{goal}/restore")
    mentee.post(f"{page}/goals/{goal}/reached")

    assert "Lead a workshop reached 0 of 1 step done" in text_of(mentor.get(page))


def test_an_empty_goal_is_asked_for_again(site, together, pair):
    page, mentee, _ = pair

    answer = mentee.post(f"{page}/goals", {"text": "  "})

    assert answer.status_code == 422
    assert "Write the goal in a few words." in answer.text


def test_the_guide_asks_what_fits_and_says_why(site, together, pair):
    page, mentee, mentor = pair
    mentee.post(f"{page}/goals", {"text": "Present without notes"})

    text = text_of(mentor.get(f"{page}/guide"))

    assert "What would make you say, at our last session, that this was worth your time?" in text
    assert "You came together over “leadership”." in text
    assert "You wrote: “Present without notes”." in text
    assert "For your first session next" in text


def test_the_invitation_is_the_one_of_the_mail(site, together, pair):
    page, mentee, mentor = pair

    answer = mentee.get(f"{page}/invitation.ics")

    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert f"UID:{page.rpartition('/')[2]}@localhost".encode() in answer.data
    assert answer.data == mentor.get(f"{page}/invitation.ics").data


def id_of(site: Site, address: str) -> UUID:
    with site.open_session() as session:
        return everybody_by(session, [address])[address]


def test_whoever_is_not_in_it_finds_and_changes_nothing(site, together, pair):
    page, *_ = pair
    nobody = "00000000-0000-4000-8000-000000000000"
    parts = ["", "/guide", "/duties", "/invitation.ics"]
    acts = ["note", "goals", f"goals/{nobody}/reached", f"goals/{nobody}/steps", f"steps/{nobody}/done"]
    acts += [f"offers/{nobody}/take", f"duties/{nobody}/offer"]

    for somebody in (together.outsider, together.organiser, id_of(site, "mentee.1@example.org")):
        visitor = site.visitor(somebody)
        assert {visitor.get(page + part).status_code for part in parts} == {404}
        sent = {"text": "x", "version": "0"}
        assert {visitor.post(f"{page}/{act}", sent).status_code for act in acts} == {404}


def test_somebody_elses_goal_is_out_of_reach_through_ones_own_page(site, together, pair):
    page, mentee, _ = pair
    mentee.post(f"{page}/goals", {"text": "Lead a workshop"})
    (goal,) = ids(mentee, page, "goals")
    other = id_of(site, "mentee.1@example.org")
    theirs = group_of(site, together, other)

    assert site.visitor(other).post(f"{theirs}/goals/{goal}/remove").status_code == 404


def test_a_goal_is_found_under_the_address_of_its_own_group_and_programme_only(site, together, pair):
    page, mentee, _ = pair
    mentee.post(f"{page}/goals", {"text": "Lead a workshop"})
    (goal,) = ids(mentee, page, "goals")
    mentee.post(f"{page}/goals/{goal}/steps", {"text": "Find a date"})
    (step,) = ids(mentee, page, "steps")
    nowhere = re.sub(r"[0-9a-f-]{36}$", "00000000-0000-4000-8000-000000000000", page)
    acts = [f"goals/{goal}/reached", f"goals/{goal}/remove", f"goals/{goal}/steps", f"steps/{step}/done"]

    answers = {
        mentee.post(f"{wrong}/{act}", {"text": "x"}).status_code
        for wrong in (nowhere, page.replace("/c/", "/c/another-"))
        for act in acts
    }

    assert answers == {404}
    assert "The goal is reached" not in text_of(mentee.get(page))


@pytest.fixture
def circle(site, together):
    """A published circle of four: everybody's id, and the address of its page."""
    everybody = people(site, together, pairs=0, peers=4)
    published(site, together)
    return everybody, group_of(site, together, everybody["Peer 0"])


def test_a_duty_is_offered_and_taken(site, together, circle):
    everybody, page = circle
    giver = site.visitor(everybody["Peer 0"])
    duty = re.search(r"/duties/([0-9a-f-]{36})/offer", giver.get(f"{page}/duties").text)[1]

    assert giver.post(f"{page}/duties/{duty}/offer").status_code == 303
    assert "Take the offer back" in giver.get(f"{page}/duties").text
    taken = None
    for name in ("Peer 1", "Peer 2", "Peer 3"):
        visitor = site.visitor(everybody[name])
        board = visitor.get(f"{page}/duties").text
        assert "Peer 0 offers:" in board
        offer = re.search(r"/offers/([0-9a-f-]{36})/take", board)
        if offer and taken is None:
            taken = name
            visitor.post(f"{page}/offers/{offer[1]}/take")
            assert "It is yours now." in text_of(visitor.get(f"{page}/duties"))
            break

    assert taken is not None
    assert "offered" not in text_of(giver.get(f"{page}/duties")).replace("is offered", "")


def test_a_duty_is_offered_for_one_in_return(site, together, circle):
    everybody, page = circle
    giver = site.visitor(everybody["Peer 0"])
    choice = r'id="for-([0-9a-f-]{36})".*?<option value="([0-9a-f-]{36})">(Peer \d): '
    duty, wanted, whose = re.search(choice, giver.get(f"{page}/duties").text, re.DOTALL).groups()

    assert giver.post(f"{page}/duties/{duty}/offer", {"in_return_for": wanted}).status_code == 303

    assert "in return for: " in text_of(giver.get(f"{page}/duties"))
    asked = text_of(site.visitor(everybody[whose]).get(f"{page}/duties"))
    assert "in return for your duty: " in asked
    assert giver.post(f"{page}/duties/{duty}/offer", {"in_return_for": "x"}).status_code == 404


def test_who_comes_second_is_told_who_was_first(site, together, circle):
    everybody, page = circle
    giver = site.visitor(everybody["Peer 0"])
    duty = re.search(r"/duties/([0-9a-f-]{36})/offer", giver.get(f"{page}/duties").text)[1]
    giver.post(f"{page}/duties/{duty}/offer")
    others = {name: site.visitor(everybody[name]) for name in ("Peer 1", "Peer 2", "Peer 3")}
    boards = {name: visitor.get(f"{page}/duties").text for name, visitor in others.items()}
    free = [name for name, board in boards.items() if re.search(r"/offers/[0-9a-f-]{36}/take", board)]
    offer = re.search(r"/offers/([0-9a-f-]{36})/take", boards[free[0]])[1]
    others[free[0]].post(f"{page}/offers/{offer}/take")

    answer = others[free[-1]].post(f"{page}/offers/{offer}/take")

    assert answer.status_code == 409
    assert f"{free[0]} has taken this duty already." in text_of(answer)
    assert "Whose turn, and who could swap" in text_of(answer)


def test_an_offer_taken_back_is_gone(site, together, circle):
    everybody, page = circle
    giver, other = (site.visitor(everybody[name]) for name in ("Peer 0", "Peer 1"))
    duty = re.search(r"/duties/([0-9a-f-]{36})/offer", giver.get(f"{page}/duties").text)[1]
    giver.post(f"{page}/duties/{duty}/offer")
    offer = re.search(r"/offers/([0-9a-f-]{36})/withdraw", giver.get(f"{page}/duties").text)[1]

    giver.post(f"{page}/offers/{offer}/withdraw")

    assert "Nothing at the moment." in text_of(other.get(f"{page}/duties"))


def test_the_ledger_names_everybody_in_the_circle(site, together, circle):
    everybody, page = circle

    text = text_of(site.visitor(everybody["Peer 2"]).get(f"{page}/duties"))

    assert "Who has done how much" in text
    assert "You – " in text
    assert all(name in text for name in ("Peer 0", "Peer 1", "Peer 3"))


def test_the_pages_cost_the_same_with_few_and_many_goals(site, together, pair):
    page, mentee, _ = pair
    seen = []
    for number in range(3):
        mentee.post(f"{page}/goals", {"text": f"Goal {number}"})
        for goal in ids(mentee, page, "goals"):
            mentee.post(f"{page}/goals/{goal}/steps", {"text": "Step"})
        for part in ("", "/guide", "/duties"):
            with counted_queries(site) as queries:
                assert mentee.get(page + part).status_code == 200
            seen.append(len(queries))

    assert seen == [19, 17, 27] * 3
