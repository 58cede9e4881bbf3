"""What every answer carries, what every unsafe request must bring, and what is too much."""

import re

import pytest

from tests.web.conftest import SECRET, Together
from tests.web.visitors import Site, text_of
from web.app import create_app
from web.config import Config

PAGES = ("/", "/sign-in", "/sign-in/sent", "/dev/inbox", "/healthz", "/readyz", "/no-such-page")


@pytest.fixture
def site(site_of_its_own):
    """These tests add addresses to the app."""
    return site_of_its_own


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_refuses_what_we_did_not_write(site, path):
    answer = site.visitor().get(path)
    policy = answer.headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert re.search(r"script-src 'nonce-[\w-]{22}'", policy)
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_nonce_is_new_each_time_and_on_every_script(site, together):
    visitor = site.visitor(together.lena)
    first, second = (visitor.get(f"/c/{together.slug}/sign-up") for _ in range(2))

    nonces = [re.findall(r'<script[^>]* nonce="([^"]+)"', page.text) for page in (first, second)]

    assert len(nonces[0]) == first.text.count("<script") > 0
    assert set(nonces[0]).isdisjoint(nonces[1])
    assert f"'nonce-{nonces[0][0]}'" in first.headers["Content-Security-Policy"]


def test_no_page_styles_itself_inline(site, together):
    visitor = site.visitor(together.lena)
    pages = [
        visitor.get(path).text for path in (*PAGES, f"/c/{together.slug}", f"/c/{together.slug}/sign-up")
    ]

    assert not [page for page in pages if re.search(r"\sstyle=|<style|\son\w+=", page)]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-in/abc", "/sign-out"])
def test_an_unsafe_request_without_our_token_changes_nothing(site, path):
    answer = site.visitor().post(path, {"email": "lena.brandt@example.org"}, token="forged")

    assert answer.status_code == 400
    assert "Nothing was changed." in text_of(answer)
    assert site.rings == []


def test_a_forged_host_is_refused(site):
    assert site.visitor().client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_body_that_is_too_large_is_refused(site):
    visitor = site.visitor()

    large = visitor.client.post("/sign-in", data={"email": "x" * 600_000})
    many = visitor.client.post("/sign-in", data={f"f{n}": "x" for n in range(1_001)})

    assert (large.status_code, many.status_code) == (413, 413)


def test_other_methods_are_refused_with_what_is_allowed(site):
    answer = site.visitor().client.put("/sign-in")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_on_https_the_cookie_is_bound_to_the_host(site, together: Together, database_url):
    config = Config(database_url=database_url, secret_key=SECRET, base_url="https://match.example")
    app = create_app(config, session_factory=site.open_session, clock=site.clock)
    answer = app.test_client().get("/sign-in", base_url="https://match.example")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-evenhand=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_fault_shows_a_number_and_nothing_else(site: Site):
    @site.app.get("/breaks")
    def breaks() -> str:
        raise ZeroDivisionError("the secret is 42")

    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = site.visitor().get("/breaks")

    assert answer.status_code == 500
    assert re.search(r"The number of this fault is [0-9a-f]{8}\.", text_of(answer))
    assert "42" not in text_of(answer).replace("the number", "").split("The number of")[0]


def test_the_development_inbox_exists_only_when_asked_for(site, database_url):
    config = Config(database_url=database_url, secret_key=SECRET, base_url="http://localhost")
    app = create_app(config, session_factory=site.open_session, clock=site.clock)

    assert app.test_client().get("/dev/inbox").status_code == 404
    assert site.visitor().get("/dev/inbox").status_code == 200
