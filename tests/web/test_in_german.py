"""One cycle read in English and in German: whole sentences, and each in its reader's language."""

from uuid import UUID

from sqlalchemy import select

from matcher.services.account import people as accounts
from matcher.store.tables import MailRow, Pair
from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.visitors import Site, text_of


def reads_german(site: Site, *persons: UUID) -> None:
    with site.open_session.begin() as session:
        for person in persons:
            accounts.update(session, person, locale="de")


def test_the_first_page_in_both_languages(site: Site, together: Together) -> None:
    pages = {
        language: text_of(site.visitor().client.get("/", headers={"Accept-Language": language}))
        for language in ("en", "de")
    }

    assert "Everyone answers the same questions, and the same rules hold for everyone." in pages["en"]
    assert "Then as many people as possible get a partner." in pages["en"]
    assert "Spring · open until 14 March" in pages["en"]
    assert "Alle beantworten dieselben Fragen, und für alle gelten dieselben Regeln." in pages["de"]
    assert "Dann bekommen so viele Menschen wie möglich jemanden." in pages["de"]
    assert "Spring · offen bis 14. März" in pages["de"]


def test_reasons_written_at_the_match_are_read_in_german(site: Site, together: Together) -> None:
    found = people(site, together, pairs=1, unlucky=1)
    reads_german(site, *found.values())
    published(site, together)
    with site.open_session() as session:
        placed = session.scalars(select(Pair.mentee_id)).one()
    left = next(person for name, person in found.items() if name.startswith("Mentee") and person != placed)

    match, waiting = (
        text_of(site.visitor(one).get(f"/c/{together.slug}/my-match")) for one in (placed, left)
    )

    assert "Gesucht und angeboten: leadership." in match
    assert "Treffen 1: Montag, 6. April 2026 um 10:00 Uhr, Ihre Zeit." in match
    assert "1 Mentorin oder Mentor passt zu Ihnen, aber alle Plätze sind vergeben." in waiting


def test_mails_of_one_pair_are_each_in_their_readers_language(site: Site, together: Together) -> None:
    found = people(site, together, pairs=1)
    reads_german(site, found["Mentee 0"])
    published(site, together)

    with site.open_session() as session:
        sent = dict(session.execute(select(MailRow.person_id, MailRow.text)).all())

    assert "Guten Tag Mentee 0," in sent[found["Mentee 0"]]
    assert "- Gesucht und angeboten: leadership." in sent[found["Mentee 0"]]
    assert "Hello Mentor 0," in sent[found["Mentor 0"]]
    assert "- Sought and offered: leadership." in sent[found["Mentor 0"]]


def test_a_refusal_is_read_in_german(site: Site, together: Together) -> None:
    reads_german(site, together.organiser)
    ola = site.visitor(together.organiser)

    again = ola.post(f"/organise/{together.cycle_id}/open")

    assert again.status_code == 409
    assert "Dieser Durchgang ist „offen“ und kann nicht „offen“ werden." in text_of(again)
    assert "Jetzt möglich: die Anmeldung schließen oder ihn absagen." in text_of(again)
