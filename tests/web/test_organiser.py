"""The organiser's road: open, close, run, review, publish; and nobody else sees any of it."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from matcher.domain.people import Role
from matcher.domain.policy import CircleFormat
from matcher.jobs.child import SolverChild
from matcher.services import cycles, matching, programmes
from matcher.store import page_queries
from tests.builders import NOON, a_draft_cycle, a_policy, enrolled, stored
from tests.web.conftest import Together
from tests.web.visitors import Site, Visitor, counted_queries, text_of

CIRCLES = CircleFormat(on=True, smallest=4, target=4, largest=5)


def people(site: Site, together: Together, *, pairs: int, peers: int = 0, unlucky: int = 0) -> None:
    """So many pairs to be, peers for circles, and mentees for whom there is no place."""
    with site.open_session.begin() as session:
        programmes.set_policy(
            session, programme_id=together.programme_id, policy=a_policy(circles=CIRCLES), by=None, now=NOON
        )
        for number in range(pairs):
            enrolled(session, together.cycle_id, Role.MENTOR, name=f"Mentor {number}")
        for number in range(pairs + unlucky):
            enrolled(session, together.cycle_id, Role.MENTEE, name=f"Mentee {number}")
        for number in range(peers):
            enrolled(session, together.cycle_id, Role.PEER, name=f"Peer {number}")


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A closed cycle with a draft to review."""

    page: str
    draft: str


def drafted(site: Site, together: Together) -> Drafted:
    """Close the cycle and solve it with the real solver."""
    with site.open_session.begin() as session:
        run_id = cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)
    matching.solve(
        site.open_session, run_id, run_solver=SolverChild(), clock=site.clock, worker="the tests' own"
    )
    with site.open_session() as session:
        draft_id = page_queries.runs(session, together.cycle_id)[0].draft_id
    page = f"/organise/{together.cycle_id}"
    return Drafted(page=page, draft=f"{page}/drafts/{draft_id}")


def hash_on(visitor: Visitor, draft: str) -> str:
    found = re.search(r'name="seen_hash" value="(\w+)"', visitor.get(draft).text)
    assert found is not None, "The draft's page has no hash."
    return found[1]


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

    working = ola.get(f"/organise/{together.cycle_id}/run").text
    whole = ola.get(f"/organise/{together.cycle_id}").text
    matching.solve(
        site.open_session,
        site.rings[0][1],
        run_solver=SolverChild(),
        clock=site.clock,
        worker="the tests' own",
    )
    done = ola.get(f"/organise/{together.cycle_id}/run").text

    assert 'hx-trigger="every 1s"' in working
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in whole
    assert "hx-trigger" not in done
    assert "The match is ready" in done


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


def test_the_draft_shows_pairs_with_reasons_and_the_unplaced_with_theirs(site, together):
    people(site, together, pairs=2, peers=4, unlucky=1)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(found.draft))

    assert "2 of 3 mentees placed" in page
    assert "Sought and offered: leadership." in page
    assert "Not placed: 1" in page
    assert "There is no mentor for you yet." in page
    assert "Circle 1" in page
    assert "Facilitator" in page
    assert "Checked ✓" in page


def test_a_person_is_found_in_a_long_draft(site, together):
    people(site, together, pairs=3)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)

    page = text_of(ola.get(f"{found.draft}?find=mentee+2"))

    assert "1 to 1 of 1, with “mentee 2”" in page
    assert "No pair with “nobody”." in text_of(ola.get(f"{found.draft}?find=nobody"))


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999"])
def test_a_page_that_cannot_be_is_refused(site, together, page):
    people(site, together, pairs=1)
    found = drafted(site, together)

    answer = site.visitor(together.organiser).get(f"{found.draft}?page={page}")

    assert answer.status_code == 422
    assert "Ask for a page from 1 to 10,000." in text_of(answer)


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
        "list": 3,
        "cycle": 8,
        "run": 8,
        "draft": 10,
    }


def statements(site: Site, visitor: Visitor, path: str) -> int:
    with counted_queries(site) as seen:
        assert visitor.get(path).status_code == 200
    return len(seen)
