"""Everybody reads in their own language."""

from gettext import NullTranslations
from typing import Any

from babel import Locale
from sqlalchemy import select

from matcher.domain.sentences import say
from matcher.services.account import people, sign_in
from matcher.store.tables import MailRow
from matcher.translations.catalogue import Catalogue, catalogue
from tests.web.conftest import Together
from tests.web.visitors import Site, Visitor
from web.language import current, in_words, ngettext


def lang(visitor: Visitor, **headers: Any) -> str:
    page = visitor.client.get("/sign-in", headers=headers).text
    return page.split('<html lang="')[1][:2]


def test_a_browser_is_answered_in_the_language_it_prefers(site: Site) -> None:
    assert lang(site.visitor()) == "en"
    assert lang(site.visitor(), **{"Accept-Language": "fr, de-CH;q=0.8, en;q=0.5"}) == "de"
    assert lang(site.visitor(), **{"Accept-Language": "fr"}) == "en"


def test_a_chosen_language_stays_in_this_browser(site: Site) -> None:
    visitor = site.visitor()

    answer = visitor.post("/language", {"language": "de", "next": "/sign-in?x=1"})

    assert (answer.status_code, answer.location) == (303, "/sign-in?x=1")
    assert lang(visitor, **{"Accept-Language": "en"}) == "de"


def test_a_chosen_language_follows_the_person_to_every_browser(site: Site, together: Together) -> None:
    site.visitor(together.lena).post("/language", {"language": "de", "next": "/"})

    assert lang(site.visitor(together.lena), **{"Accept-Language": "en"}) == "de"
    assert lang(site.visitor(together.outsider), **{"Accept-Language": "en"}) == "en"
    with site.open_session() as session:
        assert people.of(session, together.lena).locale == "de"


def test_an_unknown_language_and_a_foreign_way_back_change_nothing(site: Site) -> None:
    visitor = site.visitor()

    answer = visitor.post("/language", {"language": "tlh", "next": "//elsewhere.example/"})

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Set-Cookie" not in answer.headers or "language=" not in answer.headers["Set-Cookie"]


def test_a_page_says_which_language_it_is_in_and_what_that_depended_on(site: Site) -> None:
    answer = site.visitor().client.get("/", headers={"Accept-Language": "de"})

    assert answer.headers["Content-Language"] == "de"
    assert {"Cookie", "Accept-Language"} <= set(answer.vary)


def test_templates_escape_values_and_say_sentences_in_the_readers_language(site: Site) -> None:
    class Loud(NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper().replace("%(NAME)S", "%(name)s").replace("{WHO}", "{who}")

    loud = Catalogue(language="de", locale=Locale.parse("de"), found=Loud())
    site.app.extensions["evenhand.catalogues"] = lambda _: loud
    with site.app.test_request_context():
        template = site.app.jinja_env.from_string(
            "{{ _('hello %(name)s, 100 %%', name=name) }} {{ said }} {% trans %}by {{ name }}{% endtrans %}"
        )
        shown = template.render(name="<Ina>", said=say("{who} & co", who="<b>"))
        assert shown == "HELLO &lt;Ina&gt;, 100 % &lt;b&gt; &amp; CO BY &lt;Ina&gt;"
        assert in_words(say("{who} & co", who="Ina")) == "Ina & CO"
        chart = site.app.jinja_env.from_string("{{ rows | tojson }}")
        assert chart.render(rows={"of": ["Ina", (say("no"), 2)]}) == '{"of": ["Ina", ["NO", 2]]}'


def test_outside_a_request_the_site_speaks_english() -> None:
    assert current() is catalogue("en")
    assert ngettext("%(num)s pair", "%(num)s pairs", 2) == "2 pairs"


def test_who_signs_in_from_a_german_page_gets_german_mails(site: Site, together: Together) -> None:
    german = {"Accept-Language": "de"}
    lena, otto = site.visitor(), site.visitor()
    for visitor, headers in ((lena, german), (otto, {})):
        token = visitor.token()
        with site.open_session.begin() as session:
            person = together.lena if visitor is lena else together.outsider
            link = sign_in.give(session, person_id=person, now=site.now)
        visitor.client.post(f"/sign-in/{link}", data={"csrf_token": token}, headers=headers)

    with site.open_session() as session:
        assert people.of(session, together.lena).locale == "de"
        assert people.of(session, together.outsider).locale is None


def test_the_sign_in_mail_speaks_as_the_page_did(site: Site, together: Together) -> None:
    with site.open_session() as session:
        email = people.of(session, together.lena).email
    visitor = site.visitor()
    fields = {"csrf_token": visitor.token(), "email": email}

    visitor.client.post("/sign-in", data=fields, headers={"Accept-Language": "de"})

    with site.open_session() as session:
        assert session.scalars(select(MailRow.subject)).one() == "Ihr Link zum Einloggen"
