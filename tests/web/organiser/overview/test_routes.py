"""The organiser's road: open, close, run, review, publish; and nobody else sees any of it."""

import re
from uuid import UUID, uuid4

import pytest

from matcher.services.programme import programmes
from tests.builders import NOON, a_draft_cycle, stored
from tests.web.cycles import drafted, hash_on, people, solved
from tests.web.visitors import Site, Visitor, counted_queries, text_of


def test_my_cycles_are_listed(site, together):
    page = text_of(site.visitor(together.organiser).get("/organise"))

    assert "Together Cycle State Sign-up Meetings Spring open 1 March to 14 March 2026" in page


def test_a_cycle_is_opened_and_closed(site, together):
    ola = site.visitor(together.organiser)
    with site.open_session.begin() as session:
        planned = a_draft_cycle(session, programme=together.programme_id)

    opened = ola.post(f"/organise/{planned}/open")
    again = ola.post(f"/organise/{planned}/open")
    closed = ola.post(f"/organise/{planned}/close")

    assert (opened.status_code, again.status_code, closed.status_code) == (303, 409, 303)
    assert "This cycle is open, so it cannot become open." in text_of(again)
    assert [name for name, _ in site.rings] == ["solve"]
    assert "Waiting for a free hand" in text_of(ola.get(f"/organise/{planned}"))


def test_the_part_that_changes_polls_while_a_run_works_and_then_no_more(site, together):
    people(site, together, pairs=1)
    ola = site.visitor(together.organiser)
    ola.post(f"/organise/{together.cycle_id}/close")

    working = ola.get(f"/organise/{together.cycle_id}/run")
    whole = ola.get(f"/organise/{together.cycle_id}").text
    solved(site, site.rings[0][1])
    done = ola.get(f"/organise/{together.cycle_id}/run")

    assert 'hx-trigger="every 1s"' in working.text
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="2">\s*</noscript>', whole)
    assert "HX-Refresh" not in working.headers
    assert "hx-trigger" not in done.text
    assert "The match is ready" in done.text
    assert done.headers["HX-Refresh"] == "true"


def test_a_run_can_be_cancelled_and_begun_again(site, together):
    ola = site.visitor(together.organiser)
    ola.post(f"/organise/{together.cycle_id}/close")
    run_id = site.rings[0][1]

    cancelled = ola.post(f"/organise/{together.cycle_id}/runs/{run_id}/cancel")
    page = text_of(ola.get(f"/organise/{together.cycle_id}"))
    again = ola.post(f"/organise/{together.cycle_id}/runs")

    assert (cancelled.status_code, again.status_code) == (303, 303)
    assert "The run was cancelled" in page
    assert len(site.rings) == 2


def test_the_draft_shows_its_figures_and_the_pairs_that_need_a_close_look(site, together):
    people(site, together, pairs=2, peers=4, unlucky=1)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(found.draft))

    assert "2 of 3 mentees placed" in page
    assert "Sought and offered: leadership." in page
    assert "Not placed: 1" in page
    assert "All pairs: 2" in page
    assert "Mails with an invitation introduce two pairs and one circle, and" in page
    assert "Checked ✓" in page


def test_what_was_reviewed_is_published_once(site, together):
    people(site, together, pairs=2, peers=4, unlucky=1)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)
    seen = hash_on(ola, found.draft)

    published = ola.post(f"{found.draft}/publish", {"seen_hash": seen})
    page = text_of(ola.get(found.page))
    again = ola.post(f"{found.draft}/publish", {"seen_hash": seen})

    assert (published.status_code, again.status_code) == (303, 409)
    assert "Ola Organiser published this cycle on" in page
    assert "mails delivered" in page
    assert site.rings[-1][0] == "mail"


def test_the_second_of_two_organisers_is_told_who_was_first_and_when(site, together):
    people(site, together, pairs=1)
    found = drafted(site, together)
    with site.open_session.begin() as session:
        second = stored(session, "Sven Second")
        programmes.add_organiser(
            session, programme_id=together.programme_id, person_id=second, by=None, now=NOON
        )
    ola, sven = site.visitor(together.organiser), site.visitor(second)
    seen = hash_on(sven, found.draft)
    ola.post(f"{found.draft}/publish", {"seen_hash": seen})

    late = sven.post(f"{found.draft}/publish", {"seen_hash": seen})

    assert late.status_code == 409
    assert "Ola Organiser" in text_of(late)
    assert "2026" in text_of(late)


def test_a_draft_that_was_not_the_one_seen_is_not_published(site, together):
    people(site, together, pairs=1)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)

    stale = ola.post(f"{found.draft}/publish", {"seen_hash": "0" * 64})
    blind = ola.post(f"{found.draft}/publish", {"seen_hash": ""})

    assert (stale.status_code, blind.status_code) == (409, 422)
    assert "Publish and introduce everybody" in text_of(ola.get(found.draft))


def test_an_outsider_finds_nothing_here(site, together):
    people(site, together, pairs=1)
    found = drafted(site, together)
    otto = site.visitor(together.outsider)
    acts = [f"{found.page}/{act}" for act in ("open", "close", "runs")]

    looks = [otto.get(path) for path in ("/organise", found.page, f"{found.page}/run", found.draft)]
    tries = [
        otto.post(path) for path in (*acts, f"{found.page}/runs/{uuid4()}/cancel", f"{found.draft}/publish")
    ]
    nowhere = otto.get(f"/organise/{uuid4()}")

    assert {answer.status_code for answer in (*looks, *tries)} == {404}
    assert {text_of(answer) for answer in looks} == {text_of(nowhere)}


def test_a_stranger_is_asked_to_sign_in(site, together):
    assert site.visitor().get(f"/organise/{together.cycle_id}").location == "/sign-in"


def test_a_draft_is_found_under_its_own_cycle_only(site, together):
    people(site, together, pairs=1)
    found = drafted(site, together)
    with site.open_session.begin() as session:
        other: UUID = a_draft_cycle(session, programme=together.programme_id)

    answer = site.visitor(together.organiser).get(found.draft.replace(str(together.cycle_id), str(other)))

    assert answer.status_code == 404


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_organisers_pages_cost_the_same_with_one_and_three_pairs(site, together, pairs):
    people(site, together, pairs=pairs, peers=4 * pairs, unlucky=1)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)

    paths = {"list": "/organise", "cycle": found.page, "run": f"{found.page}/run", "draft": found.draft}
    assert {name: statements(site, ola, path) for name, path in paths.items()} == {
        "list": 4,
        "cycle": 10,
        "run": 6,
        "draft": 13,
    }


def statements(site: Site, visitor: Visitor, path: str) -> int:
    with counted_queries(site) as seen:
        assert visitor.get(path).status_code == 200
    return len(seen)
