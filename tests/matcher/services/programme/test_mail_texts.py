"""A programme's own words reach the mails it sends, in the reader's language, and can be tried first."""

import pytest
from sqlalchemy import select

from matcher.domain.errors import Changed, Invalid, NotFound, TooMany
from matcher.domain.own_words import OwnWords
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.samples import KINDS, READER, sample
from matcher.services.programme import mail_texts, programmes
from matcher.store.tables import MailRow
from tests.builders import NOON, a_programme, stored

LINKS = Links(base_url="https://match.example")
DEAR = OwnWords(subject="{first_name}, meet somebody", words="Dear {first_name},\nthis is {programme}.")


@pytest.fixture
def organised(session):
    """A programme and its organiser."""
    programme = a_programme(session)
    ola = stored(session, "Ola Organiser")
    programmes.add_organiser(session, programme_id=programme, person_id=ola, by=None, now=NOON)
    return programme, ola


def write(session, programme, own, *, by=None, seen=0, kind="introduction", locale="en"):
    mail_texts.write(
        session, programme_id=programme, kind=kind, locale=locale, own=own, seen=seen, by=by, now=NOON
    )


def test_every_kind_with_own_words_has_a_sample():
    assert set(mail_texts.KINDS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_own_words_stand_at_the_head_of_each_mail_as_text_and_as_a_page(kind):
    own = OwnWords(subject="{programme} & you", words="Dear {first_name},\n<b>welcome</b>.\n\nYours")
    cycle = CycleWords(programme="A & B", cycle="One", slug="a-b", own={(kind, "en"): own})

    mail = sample(kind, to=READER, language="en", cycle=cycle, links=LINKS, now=NOON)

    assert mail.subject == "A & B & you"
    assert mail.text.startswith(
        "From those who organise A & B:\n\nDear Sample,\n<b>welcome</b>.\n\nYours\n\n----\n\n"
    )
    assert "Dear Sample,<br>&lt;b&gt;welcome&lt;/b&gt;.</p>" in mail.html


def test_a_mail_without_own_words_says_what_it_always_said():
    cycle = CycleWords(programme="Together", cycle="One", slug="together")

    mail = sample("waitlist", to=READER, language="en", cycle=cycle, links=LINKS, now=NOON)

    assert mail.text.startswith("Hello Sample Reader,")
    assert "From those who organise" not in mail.text + mail.html


def test_the_readers_language_comes_first_then_whatever_there_is(session, organised):
    programme, _ = organised
    write(session, programme, OwnWords(words="Guten Tag"), locale="de")
    cycle = CycleWords(programme="T", cycle="C", slug="t", own=mail_texts.of(session, programme))

    assert cycle.own_words("introduction", "de").words == "Guten Tag"
    assert cycle.own_words("introduction", "en").words == "Guten Tag"
    assert not cycle.own_words("waitlist", "de")


def test_only_organisers_write_them_and_nobody_over_somebody_else(session, organised):
    programme, ola = organised
    write(session, programme, DEAR, by=ola)

    with pytest.raises(Changed):
        write(session, programme, OwnWords(words="Mine"), by=ola)
    with pytest.raises(NotFound):
        write(session, programme, DEAR, by=stored(session, "Otto Outside"), seen=1)
    with pytest.raises(NotFound):
        write(session, programme, DEAR, by=ola, kind="sign_in_link")
    assert mail_texts.of(session, programme) == {("introduction", "en"): DEAR}
    write(session, programme, OwnWords(), by=ola, seen=1)
    assert mail_texts.of(session, programme) == {}


def test_a_test_mail_goes_to_whoever_asks_and_to_nobody_else(session, organised):
    programme, ola = organised
    sent = {"programme_id": programme, "kind": "parting", "locale": "en", "own": DEAR, "by": ola}

    for _ in range(mail_texts.MOST_TRIALS):
        mail_texts.send_to_me(session, **sent, now=NOON, links=LINKS)

    rows = session.scalars(select(MailRow)).all()
    assert {(row.person_id, row.kind, row.subject) for row in rows} == {(ola, "trial", "Ola, meet somebody")}
    with pytest.raises(TooMany):
        mail_texts.send_to_me(session, **sent, now=NOON, links=LINKS)


def test_unknown_places_are_never_kept(session, organised):
    with pytest.raises(Invalid):
        write(session, organised[0], OwnWords(words="{password}"))
