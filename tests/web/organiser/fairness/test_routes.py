"""The fairness report's page and files: made by a worker, read by organisers, checked elsewhere."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from matcher.services.fairness import reports
from tests import in_process
from tests.web.cycles import Drafted, drafted, people
from tests.web.visitors import Site, Visitor, counted_queries, text_of


def with_report(site: Site, together) -> Drafted:
    """A draft whose report a worker has made."""
    people(site, together, pairs=5, peers=4, unlucky=2)
    found = drafted(site, together)
    reports.make(site.open_session, found.draft_id, run_solver=in_process.solved)
    return found


@pytest.fixture
def ola(site, together) -> Visitor:
    return site.visitor(together.organiser)


def test_a_report_that_is_not_made_is_asked_for(site, together, ola):
    people(site, together, pairs=1)
    found = drafted(site, together)

    page = ola.get(f"{found.draft}/report")
    too_early = ola.get(f"{found.draft}/report/page")

    reports.make(site.open_session, found.draft_id, run_solver=in_process.solved)
    then = ola.client.get(f"{found.draft}/report", headers={"HX-Request": "true"})

    assert "The report is being made" in text_of(page)
    assert "HX-Refresh" not in page.headers
    assert then.headers["HX-Refresh"] == "true"
    assert too_early.status_code == 409
    assert site.rings[-1] == ("report", found.draft_id)


def test_the_report_says_how_fair_the_draft_is(site, together, ola):
    found = with_report(site, together)

    page = text_of(ola.get(f"{found.draft}/report"))

    for words in (
        "5 of 7 mentees placed",
        "The independent check found every rule kept and every number right.",
        "This plan beside the one with the most points in all",
        "By Function",
        "Load of the mentors",
        "Nobody brought a credit along",
        "No pair was one in an earlier cycle.",
        "Who would rather change",
        "What is proved, in this order",
        "python -m solver.check problem.json plan.json",
        "Circles 1",
    ):
        assert words in page, words


def test_the_report_names_nobody(site, together, ola):
    found = with_report(site, together)

    page = text_of(ola.get(f"{found.draft}/report"))

    assert not [name for name in ("Mentor 0", "Mentee 0", "Peer 0") if name in page]


def test_the_report_is_taken_along_as_one_page(site, together, ola):
    found = with_report(site, together)

    answer = ola.get(f"{found.draft}/report/page")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="fairness.html"'
    assert "5 of 7 mentees placed" in text_of(answer)
    assert "<link" not in answer.text
    assert "<script" not in answer.text
    assert "--ink" in answer.text


def test_the_report_is_taken_along_as_a_workbook(site, together, ola):
    found = with_report(site, together)

    book = zipfile.ZipFile(io.BytesIO(ola.get(f"{found.draft}/report/workbook").data))

    texts = book.read("xl/sharedStrings.xml").decode()
    assert "Mentees by fit" in book.read("xl/workbook.xml").decode()
    assert "Fairness report of Spring" in texts


def test_the_files_are_checked_elsewhere(site, together, ola, tmp_path):
    found = with_report(site, together)
    for name in ("problem", "plan"):
        (tmp_path / name).write_bytes(ola.get(f"{found.draft}/report/{name}").data)

    said = subprocess.run(
        [sys.executable, "-m", "solver.check", tmp_path / "problem", tmp_path / "plan"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout.strip()) == (0, "The plan is what it claims to be.")
    assert "Mentor" not in json.dumps(json.loads((tmp_path / "problem").read_bytes()))


def test_the_files_are_sent_as_they_are_stored(site, together, ola):
    found = with_report(site, together)
    with site.open_session() as session:
        kept = reports.kept_of(session, found.draft_id)

    sent = [ola.get(f"{found.draft}/report/{name}").data for name in ("problem", "plan")]

    assert sent == [kept.problem, kept.plan]


@pytest.mark.parametrize("part", ["", "/page", "/workbook", "/problem", "/plan"])
def test_nobody_else_sees_a_report(site, together, part):
    found = with_report(site, together)

    answer = site.visitor(together.outsider).get(f"{found.draft}/report{part}")

    assert answer.status_code == 404


def test_the_page_asks_as_much_for_few_as_for_many(site, together, ola):
    found = with_report(site, together)

    with counted_queries(site) as sent:
        ola.get(f"{found.draft}/report")

    assert len(sent) <= 8
