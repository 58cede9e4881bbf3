"""The parts of a cycle: in three groups, and each page says to which part it belongs."""

import re

from tests.web.cycles import drafted, people
from tests.web.visitors import Site


def test_each_page_of_a_cycle_marks_the_part_it_belongs_to(site, together):
    people(site, together, pairs=2, peers=4, unlucky=0)
    found = drafted(site, together)
    expected = {
        found.page: ["Overview"],
        f"{found.page}/plan": ["Plan"],
        f"{found.page}/bring-in": ["People"],
        f"{found.page}/earlier-pairs": ["People"],
        f"{found.page}/policy/versions": ["Policy"],
        f"{found.page}/runs": ["Runs"],
        found.draft: ["Draft"],
        f"{found.draft}/pairs": ["Draft"],
        f"{found.draft}/publishing/recipients?kind=waitlist": ["Draft"],
        f"{found.page}/during/duties": ["During and after"],
    }

    marked = {path: marks(site, together, path) for path in expected}

    assert marked == expected


def test_the_draft_is_among_the_parts_only_while_one_of_its_pages_is_open(site, together):
    people(site, together, pairs=2, peers=0, unlucky=0)
    found = drafted(site, together)

    closed, opened = (parts(site, together, path) for path in (f"{found.page}/runs", found.draft))

    assert closed == ["Match", "Runs", "What if", "Compare"]
    assert opened == ["Match", "Runs", "Draft", "What if", "Compare"]


def marks(site: Site, together, path: str) -> list[str]:
    """The names of the parts marked as the open one."""
    return re.findall(r'aria-current="\w+">([^<]+)</a>', desk(site, together, path))


def parts(site: Site, together, path: str) -> list[str]:
    """What stands in the group that is about the match, its name first."""
    names = re.findall(r">([^<>]+)</a>", desk(site, together, path))
    return names[names.index("Match") : names.index("Meet")]


def desk(site: Site, together, path: str) -> str:
    page = site.visitor(together.organiser).get(path).text
    found = re.search(r'<nav class="desk.*?</nav>', page, re.DOTALL)
    assert found is not None, path
    return found[0]
