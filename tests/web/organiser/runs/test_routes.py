"""Runs are watched as they work, cancelled, tried again, and begun several at once."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from matcher.domain.lifecycle import RunState
from matcher.domain.sentences import say
from matcher.services.programme import programmes
from matcher.store.tables import PolicyVersion, SolveRun
from tests.builders import NOON, a_draft_cycle, a_policy
from tests.web.cycles import drafted, people, solved
from tests.web.visitors import Site, counted_queries, text_of


@pytest.fixture
def closed(site, together) -> str:
    """The runs' page of a closed cycle, the first run waiting for a worker."""
    people(site, together, pairs=2, peers=4)
    site.visitor(together.organiser).post(f"/organise/{together.cycle_id}/close")
    return f"/organise/{together.cycle_id}/runs"


def policies(site: Site, programme_id: UUID) -> list[UUID]:
    with site.open_session() as session:
        found = select(PolicyVersion.id).where(PolicyVersion.programme_id == programme_id)
        return list(session.scalars(found.order_by(PolicyVersion.number)))


def test_the_part_that_changes_is_asked_for_each_second_until_all_runs_end(site, together, closed):
    ola = site.visitor(together.organiser)

    waiting = ola.get(f"{closed}/live")
    solved(site, site.rings[0][1])
    done = ola.get(f"{closed}/live")
    unchanged = ola.client.get(f"{closed}/live", headers={"If-None-Match": done.headers["ETag"]})

    assert 'hx-trigger="every 1s"' in waiting.text
    assert "Waiting for a free hand" in text_of(waiting)
    assert ("hx-trigger" in done.text, done.headers["HX-Refresh"]) == (False, "true")
    assert unchanged.status_code == 304


def test_a_run_shows_how_near_its_circles_are_to_the_best(site, together, closed):
    solved(site, site.rings[0][1])

    page = text_of(site.visitor(together.organiser).get(closed))

    assert "How far the circles are from the best there could be" in page
    assert "The circles are the best there could be: it is proved." in page
    assert "An independent check found every rule kept." in page


def test_several_versions_of_the_policy_run_in_one_go_each_under_a_name(site, together, closed):
    with site.open_session.begin() as session:
        programmes.set_policy(
            session, programme_id=together.programme_id, policy=a_policy(mode="total"), by=None, now=NOON
        )
    old, new = policies(site, together.programme_id)[-2:]
    ola = site.visitor(together.organiser)

    begun = ola.post(
        f"{closed}/begin",
        {"policy": [str(old), str(new)], f"label-{old}": "As last year", f"label-{new}": ""},
    )
    page = text_of(ola.get(closed))

    assert begun.status_code == 303
    assert "two runs have begun, one after the other." in page
    assert "As last year, 2 March 2026" in page
    assert len([name for name, _ in site.rings if name == "solve"]) == 3
    with site.open_session() as session:
        ran = session.execute(select(SolveRun.policy_version_id, SolveRun.label)).all()
    assert {(old, "As last year"), (new, "")} <= set(map(tuple, ran))


@pytest.mark.parametrize("chosen", [[], ["nonsense"]])
def test_whoever_chooses_nothing_is_told_what_to_choose(site, together, closed, chosen):
    answer = site.visitor(together.organiser).post(f"{closed}/begin", {"policy": chosen})

    assert answer.status_code == 422
    assert "Choose one to 6 versions of the policy." in text_of(answer)


def test_another_programmes_policy_cannot_be_run(site, together, closed):
    answer = site.visitor(together.organiser).post(f"{closed}/begin", {"policy": [str(uuid4())]})

    assert answer.status_code == 404


def test_a_failed_run_says_why_and_is_tried_again(site, together, closed):
    run_id = site.rings[0][1]
    with site.open_session.begin() as session:
        run = session.get_one(SolveRun, run_id)
        run.state, run.error = RunState.FAILED.value, say("The solver ran out of memory.")
        run.label = "Careful"
    ola = site.visitor(together.organiser)

    page = text_of(ola.get(closed))
    again = ola.post(f"{closed}/{run_id}/again")

    assert "The solver ran out of memory." in page
    assert "The answers are safe, and nobody has been told anything." in page
    assert again.status_code == 303
    assert "Careful" in text_of(ola.get(closed))


def test_a_run_is_cancelled_where_it_is_watched(site, together, closed):
    ola = site.visitor(together.organiser)

    stopped = ola.post(f"{closed}/{site.rings[0][1]}/stop")

    assert stopped.status_code == 303
    assert "cancelled" in text_of(ola.get(closed))


def test_nobody_else_sees_or_begins_runs(site, together, closed):
    otto, ola = site.visitor(together.outsider), site.visitor(together.organiser)
    run_id = site.rings[0][1]
    with site.open_session.begin() as session:
        other = a_draft_cycle(session, programme=together.programme_id)
    elsewhere = closed.replace(str(together.cycle_id), str(other))
    acts = ("begin", f"{run_id}/again", f"{run_id}/stop")

    looks = [otto.get(path).status_code for path in (closed, f"{closed}/live")]
    tries = [otto.post(f"{closed}/{act}").status_code for act in acts]
    strays = [ola.post(f"{elsewhere}/{act}").status_code for act in acts[1:]]

    assert {*looks, *tries, *strays} == {404}


@pytest.mark.parametrize("runs", [1, 3])
def test_the_page_costs_the_same_with_one_and_three_runs(site, together, runs):
    people(site, together, pairs=1)
    drafted(site, together)
    ola = site.visitor(together.organiser)
    for _ in range(runs - 1):
        ola.post(f"/organise/{together.cycle_id}/runs")
    ola.get("/")

    asked = {}
    for path in ("runs", "runs/live"):
        with counted_queries(site) as seen:
            assert ola.get(f"/organise/{together.cycle_id}/{path}").status_code == 200
        asked[path] = len(seen)

    assert asked == {"runs": 5, "runs/live": 4}


@pytest.mark.parametrize("path", ["/health", "/healthz"])
def test_a_machine_learns_that_the_site_is_well_at_either_address(site, path):
    assert site.visitor().get(path).text == "ok\n"
