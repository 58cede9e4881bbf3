"""Two drafts of one cycle side by side."""

from matcher.domain.policy.policy import CriterionUse
from matcher.services.fairness import reports
from matcher.services.matching import runs
from matcher.services.review import comparison as review_comparison
from tests import in_process
from tests.builders import a_policy
from tests.web.conftest import Together
from tests.web.cycles import drafted, people, solved
from tests.web.visitors import Site, counted_queries, text_of

ANOTHER = a_policy(criteria=(CriterionUse(name="languages", weight=1),), mode="total")


def two_drafts(site: Site, together: Together) -> list[str]:
    """A second draft under another policy; the ids of both."""
    people(site, together, pairs=3, unlucky=1)
    drafted(site, together)
    with site.open_session.begin() as session:
        run_id = runs.queue(
            session, cycle_id=together.cycle_id, by=together.organiser, now=site.now, policy=ANOTHER
        )
    solved(site, run_id)
    with site.open_session() as session:
        known = review_comparison.drafts(session, together.cycle_id)
    for one in known:
        reports.make(site.open_session, one.id, run_solver=in_process.solved)
    return [str(one.id) for one in known]


def test_with_one_draft_there_is_nothing_to_compare(site, together):
    people(site, together, pairs=1)
    drafted(site, together)

    page = site.visitor(together.organiser).get(f"/organise/{together.cycle_id}/compare")

    assert "There is nothing to compare yet" in text_of(page)


def test_two_drafts_stand_side_by_side(site, together):
    first, second = two_drafts(site, together)
    ola = site.visitor(together.organiser)

    page = text_of(ola.get(f"/organise/{together.cycle_id}/compare"))
    asked = text_of(ola.get(f"/organise/{together.cycle_id}/compare?draft={first}&draft={second}"))

    assert "What Draft 1 Draft 2 Mentees placed 3 3" in page
    assert "Load of the mentors" in page
    assert "Whose partners differ" in page
    assert asked == page


def test_those_whose_partners_differ_are_counted_and_listed(site, together):
    first, second = two_drafts(site, together)
    with site.open_session() as session:
        one, other = (each.id for each in review_comparison.drafts(session, together.cycle_id))
        count = review_comparison.differing(session, one, other)
        listed = review_comparison.partners(session, one, other, 1)
        same = review_comparison.differing(session, one, one)

    assert (str(one), str(other)) == (first, second)
    assert count == len(listed)
    assert all(line.first != line.second for line in listed)
    assert same == 0


def test_other_drafts_and_too_few_are_refused(site, together):
    first, _second = two_drafts(site, together)
    ola = site.visitor(together.organiser)
    page = f"/organise/{together.cycle_id}/compare"

    assert ola.get(f"{page}?draft={first}").status_code == 422
    assert ola.get(f"{page}?draft={first}&draft=abc").status_code == 404
    assert site.visitor(together.outsider).get(page).status_code == 404


def test_a_report_that_is_not_made_is_asked_for(site, together):
    people(site, together, pairs=1)
    drafted(site, together)
    with site.open_session.begin() as session:
        run_id = runs.queue(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)
    solved(site, run_id)

    with counted_queries(site) as sent:
        page = text_of(site.visitor(together.organiser).get(f"/organise/{together.cycle_id}/compare"))

    assert "is still being made" in page
    assert [name for name, _about in site.rings].count("report") == 2
    assert len(sent) <= 30
