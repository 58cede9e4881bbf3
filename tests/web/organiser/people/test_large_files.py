"""Large files: only where files are expected, and ten thousand rows in a few seconds."""

import time

import pytest

from matcher.store.tables import EnrolmentRow
from tests.web.organiser.import_visitor import Desk, posted
from tests.web.visitors import text_of

MANY = 10_000
TOWNS = ("Berlin", "Lagos", "Lyon", "Leeds", "Porto")


@pytest.fixture
def desk(site, together):
    return Desk(site, together)


def test_only_these_pages_take_large_files_and_only_from_who_is_signed_in(desk, site):
    large = ("email,name\n" + "".join(f"p{n}@example.org,{'x' * 90}\n" for n in range(4_000))).encode()
    token = desk.visitor.token()

    def posts(path, data, visitor):
        return posted(visitor, path, token, [(data, "large.csv")])

    taken = posts(f"{desk.base}/bring-in", large, desk.visitor)
    too_large = posts(f"{desk.base}/bring-in", b"x" * 11_000_000, desk.visitor)
    elsewhere = posts(f"{taken.headers['Location']}/drop", large, desk.visitor)
    nobody = posts(f"{desk.base}/bring-in", large, site.visitor())

    assert [one.status_code for one in (taken, too_large, elsewhere, nobody)] == [303, 413, 413, 413]
    assert "more than 10 MB" in text_of(too_large)


@pytest.mark.torture
def test_ten_thousand_people_are_looked_at_and_stored_in_three_seconds_each(desk):
    rows = "".join(
        f"p{n}@example.org,Person {n},{'mentor' if n % 3 else 'mentee;peer'},{TOWNS[n % 5]},{n % 9},"
        f"topic {n % 70};topic {n % 31},Europe/Berlin,Mon-Fri 09:00-12:00\n"
        for n in range(MANY)
    )
    head = "email,name,roles,site,grade,topics sought,zone,hours\n"
    desk.hands_in(("people.csv", head + rows))
    desk.chooses()
    # Time of this process: the machine may be busy with other things.
    steps = {}
    for name, act in (
        ("columns", lambda: desk.visitor.get(desk.at)),
        ("dry run", desk.sees),
        ("both", desk.confirms),
        ("list", lambda: desk.visitor.get(f"{desk.base}/people?find=person+99&role=mentee&order=-site")),
        ("last page", lambda: desk.visitor.get(f"{desk.base}/people?page=200")),
        ("bring in", lambda: desk.visitor.get(f"{desk.base}/bring-in")),
    ):
        begun = time.process_time()
        act()
        steps[name] = time.process_time() - begun

    assert desk.count(EnrolmentRow) == MANY
    assert steps["dry run"] < 3
    assert steps["both"] - steps["dry run"] < 3
    assert max(steps["list"], steps["last page"], steps["bring in"]) < 0.4
    assert steps["columns"] < 1
