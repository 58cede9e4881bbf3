"""One session for each request, one commit if it succeeds, nothing if it is refused, rung afterwards."""

from uuid import UUID

import pytest
from sqlalchemy import select, text

from matcher.domain.errors import (
    Changed,
    DomainError,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    TooMany,
    WrongState,
)
from matcher.store.tables import Programme
from tests.web.visitors import Site, text_of
from web.database import ring_after_commit, save, session


@pytest.fixture
def site(site_of_its_own):
    """These tests add addresses to the app."""
    return site_of_its_own


THIS = UUID(int=7)


def write(site: Site) -> None:
    session().add(Programme(slug="kept", name="Kept", created_at=site.now))
    ring_after_commit("solve", THIS)


def kept(site: Site) -> list[str]:
    with site.open_session() as opened:
        return list(opened.scalars(select(Programme.slug)))


def added(site: Site, status: int, *, saves: bool = False) -> tuple[list[str], list[tuple[str, UUID]]]:
    """What is kept, and who is rung, after a view that writes and answers so."""

    @site.app.post("/writes")
    def view() -> tuple[str, int]:
        write(site)
        assert site.rings == []
        if saves:
            save()
        return "said", status

    assert site.visitor().post("/writes").status_code == status
    return kept(site), site.rings


@pytest.mark.parametrize("status", [200, 204, 303])
def test_what_a_view_wrote_is_kept_when_it_succeeds(site, status):
    assert added(site, status) == (["kept"], [("solve", THIS)])


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500, 503])
def test_what_a_view_wrote_is_undone_when_it_refuses(site, status):
    assert added(site, status) == ([], [])


def test_what_a_view_saved_stays_although_it_refuses(site):
    assert added(site, 422, saves=True) == (["kept"], [("solve", THIS)])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotAllowed("Not you."), 404),
        (NotFound("Not here."), 404),
        (WrongState("Not now."), 409),
        (Changed("Ola was first."), 409),
        (Gone("Used."), 410),
        (Invalid((Problem(sentence="Wrong."),)), 422),
        (TooMany("Slowly.", retry_after=60), 429),
        (DomainError("Otherwise."), 409),
    ],
)
def test_what_a_view_wrote_is_undone_when_it_raises(site, error, status):
    @site.app.post("/raises")
    def view() -> str:
        write(site)
        raise error

    answer = site.visitor().post("/raises")

    assert answer.status_code == status
    assert (error.sentence in text_of(answer)) is (status != 404)
    assert (kept(site), site.rings) == ([], [])


def test_a_database_that_is_gone_still_leaves_a_page_with_a_sentence(site, together):
    visitor = site.visitor(together.lena)
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    with site.open_session.begin() as breaking:
        breaking.execute(text("ALTER TABLE programme RENAME TO elsewhere"))

    broken, ready = visitor.get("/"), visitor.get("/readyz")

    assert broken.status_code == 503
    assert "what you had saved before is safe" in text_of(broken)
    assert (ready.status_code, visitor.get("/healthz").status_code) == (503, 200)


def test_a_page_that_only_reads_does_not_wait_for_a_writer(site):
    with site.open_session() as writer:
        writer.add(Programme(slug="slow", name="Slow", created_at=site.now))
        writer.flush()

        answer = site.visitor().get("/")

    assert answer.status_code == 200
    assert "Slow" not in text_of(answer)
