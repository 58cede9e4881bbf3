"""Large files: only where files are expected, and ten thousand rows are stored whole."""

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
def test_ten_thousand_people_are_looked_at_and_stored(desk):
    rows = "".join(
        f"p{n}@example.org,Person {n},{'mentor' if n % 3 else 'mentee'},{TOWNS[n % 5]},{n % 9},"
        f"topic {n % 70};topic {n % 31},Europe/Berlin,Mon-Fri 09:00-12:00\n"
        for n in range(MANY)
    )
    desk.hands_in(("people.csv", "email,name,roles,site,grade,topics sought,zone,hours\n" + rows))
    desk.chooses()

    desk.confirms()

    assert desk.count(EnrolmentRow) == MANY
    assert desk.visitor.get(f"{desk.base}/people?page=200").status_code == 200
