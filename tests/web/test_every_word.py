"""Every word of every page can be translated: in a language of brackets, only data stands outside of them."""

import json
import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.own_words import PLACES
from matcher.mail.cycle_words import CycleWords
from matcher.mail.delivery import FolderDelivery
from matcher.mail.samples import PARTNER, READER, THIRD, sample
from matcher.mail.wire import envelope
from matcher.schemas.fields import zone_names
from matcher.services.programme.programme_templates import templates
from matcher.services.programme.topics import groups
from matcher.store.organiser_tables import Upload
from matcher.store.participant_tables import EscalationMessage, FormDraft
from matcher.store.tables import Cycle, EnrolmentRow, MailRow, PersonRow, Programme
from matcher.translations.catalogue import LANGUAGES, Catalogue
from matcher.translations.gather import sentences
from tests.matcher.mail.letters import LINKS, WRITTEN, all_letters
from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.places import Setting, places
from tests.web.visitors import Site, Visitor
from web.development.routes import MAIL_FOLDER
from web.language import KEY

GERMAN = Locale.parse("de")
OPEN, CLOSE = "⟦", "⟧"
READ_ALOUD = ("alt", "title", "aria-label", "placeholder", "data-label", "label")
QUIET = ("script", "style", "template")
WORD = re.compile(r"[^\W\d_]{2,}")
HASH = re.compile(r"\b(?=\w*\d)[0-9a-f]{8,64}\b")
FOR_BUILDERS = {"development-components"}
"""Pages that only people who build pages see, in the language of the sources."""
SHOWS_A_MAIL = {"mail_texts-edit", "publish-index"}
"""Pages with a mail as a reader of another language gets it."""
OURS = {"Evenhand", "https", "http", "localhost", "UTC", "CSV", "XLSX", *LANGUAGES.values()}
"""Our name, addresses, and each language by its own name."""
TOLD = (
    PersonRow.name,
    PersonRow.email,
    PersonRow.function,
    PersonRow.site,
    PersonRow.department,
    PersonRow.zone,
)


class Brackets(NullTranslations):
    """A language that says everything a catalogue can hold as it is, in brackets."""

    def __init__(self) -> None:
        super().__init__()
        ids = [message.id for message in sentences()]
        self._known = {one for said in ids for one in (said if isinstance(said, tuple) else (said,))}

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message in self._known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Page(HTMLParser):
    """What of a page is read: `text` in one piece, each attribute that is read aloud, the words of charts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.attributes, self._quiet = "", list[str](), list[str]()
        self._chart = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in QUIET:
            self._quiet.append(tag)
            self._chart = ("type", "application/json") in attrs
        self.attributes += [value for name, value in attrs if name in READ_ALOUD and value]
        self.text += " "

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and tag == self._quiet[-1]:
            self._quiet.pop()
        self.text += " "

    def handle_data(self, data: str) -> None:
        if self._quiet:
            self.attributes += words_of(json.loads(data)) if self._chart else ()
        else:
            self.text += data


def words_of(spec: object, name: str = "") -> Iterator[str]:
    """The titles and values a chart shows."""
    if isinstance(spec, dict):
        for key, inner in spec.items():
            yield from words_of(inner, "values" if name == "values" else key)
    elif isinstance(spec, list):
        for inner in spec:
            yield from words_of(inner, name)
    elif isinstance(spec, str) and name in {"title", "values"}:
        yield spec


def outside(text: str) -> str:
    """The text without what stands in brackets, however deep."""
    kept, depth = "", 0
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        kept += letter if depth == 0 and letter != CLOSE else ""
    return kept


def unmarked(html: str, data: set[str]) -> list[str]:
    """Words of a page that are neither translated nor data, with what stands beside them."""
    page = Page(html)
    found = []
    for text in (page.text, *page.attributes):
        left = HASH.sub("", outside(text))
        found += [
            re.sub(r"\s+", " ", left[max(0, word.start() - 25) : word.end() + 25]).strip()
            for word in WORD.finditer(left)
            if word[0] not in data
        ]
    return found


def words_of_the_world(session: Session) -> set[str]:
    """Every word that people or our lists brought in."""
    cells = [text for column in TOLD for text in session.scalars(select(column))]
    for row in session.scalars(select(Programme)):
        cells += [row.name, row.slug, row.about, *row.topics]
    cells += session.scalars(select(Cycle.name))
    cells += [str(row.answers) for row in session.scalars(select(EnrolmentRow))]
    cells += session.scalars(select(EscalationMessage.text))
    for row in session.scalars(select(Upload)):
        cells += [row.name, row.content.decode()]
    cells += [str(row.typed) for row in session.scalars(select(FormDraft))]
    cells += [
        text for row in session.scalars(select(MailRow)) for text in (row.subject, row.text, row.address)
    ]
    for group in groups():
        names = (group.title, *group.topics) if group.title else group.topics
        cells += [said for name in names for said in (name.name, name.in_language("de"))]
    for pattern in templates().values():
        cells += [*pattern.name.values(), *pattern.says.values()]
    # A face shows the first letters of a name.
    cells += ["".join(word[0] for word in name.split()) for name in session.scalars(select(PersonRow.name))]
    cells += [*PLACES, *sample_of(session)]
    cells += zone_names()
    letter = all_letters()["introduction"]
    cells += [letter.subject, letter.text, letter.to, (letter.ics or b"").decode(), LINKS.sender_address]
    for kind in (GERMAN.days, GERMAN.months):
        cells += [name for width in kind["format"].values() for name in width.values()]
        cells += [name for width in kind["stand-alone"].values() for name in width.values()]
    cells += [GERMAN.languages[code] for code in GERMAN.languages]
    for pattern in templates().values():
        cells += [pattern.name["de"], pattern.says["de"], pattern.about["de"]]
    initials = {name[0] + name.split()[-1][0] for name in session.scalars(select(PersonRow.name))}
    return initials | {word for cell in cells for word in WORD.findall(str(cell))}


def sample_of(session: Session) -> tuple[str, str]:
    """The mail that organisers look at before they put words of their own at its head."""
    programme = session.scalars(select(Programme)).first()
    assert programme is not None
    cycle = CycleWords(programme=programme.name, cycle="", slug=programme.slug)
    mail = sample("introduction", to=READER, language="en", cycle=cycle, links=LINKS, now=WRITTEN)
    return mail.subject, mail.text


def words_of_mails() -> set[str]:
    """What our own mails say, and the places people may write into them."""
    letters = " ".join(mail.text + mail.subject for mail in all_letters().values())
    invented = " ".join(f"{one.name} {one.function} {one.email}" for one in (READER, PARTNER, THIRD))
    return {*WORD.findall(letters), *WORD.findall(invented), *PLACES}


def in_brackets(site: Site) -> None:
    """Let the site speak the language of brackets to whoever asks for German."""
    brackets = Catalogue(language="de", locale=GERMAN, found=Brackets())
    site.app.extensions[KEY] = lambda _: brackets


def looked_at(site: Site, together: Together) -> dict[str, list[str]]:
    """Every page of a published cycle, and the words on it that nobody can translate."""
    people(site, together, pairs=2, peers=5, unlucky=1)
    published(site, together)
    with site.open_session.begin() as session:
        setting = Setting.of(session, site.now, mails=letters_of(site))
    with site.open_session() as session:
        data = OURS | words_of_the_world(session)
    visitors = {name: site.visitor(person) for name, person in setting.people.items()}
    visitors["nobody"] = site.visitor()
    in_brackets(site)
    return {
        place.name: left
        for place in places(site.app, setting)
        if place.name not in FOR_BUILDERS
        and (
            left := unmarked(
                shown(visitors[place.visitor], place.path),
                data | words_of_mails() if place.name in SHOWS_A_MAIL else data,
            )
        )
    }


def shown(visitor: Visitor, path: str) -> str:
    answer = visitor.client.get(path, headers={"Accept-Language": "de"}, follow_redirects=True)
    assert answer.status_code < 500, f"{path} is broken."
    assert OPEN in answer.text, f"{path} does not speak the reader's language."
    return answer.text


def letters_of(site: Site) -> Path:
    """The folder of mails, with one in it."""
    place = Path(site.app.extensions[MAIL_FOLDER])
    talk = FolderDelivery(place).open()
    mail = all_letters()["introduction"]
    talk.offer(envelope(mail, sender=LINKS.sender_address, attempt=1, written_at=WRITTEN))
    talk.finish()
    talk.close()
    return place


def test_every_word_of_every_page_can_be_translated(site: Site, together: Together) -> None:
    assert looked_at(site, together) == {}


def test_a_form_sent_back_can_be_translated_too(site: Site, together: Together) -> None:
    lena, nobody = site.visitor(together.lena), site.visitor()
    with site.open_session() as session:
        data = OURS | words_of_the_world(session)
    token = nobody.token()
    in_brackets(site)
    german = {"Accept-Language": "de"}

    answers = [
        nobody.client.post("/sign-in", data={"csrf_token": token, "email": "@"}, headers=german),
        nobody.client.post("/sign-in/code", data={"csrf_token": token, "code": "1"}, headers=german),
        lena.client.post(f"/c/{together.slug}/sign-up", data={"csrf_token": lena.token()}, headers=german),
    ]

    assert [unmarked(answer.text, data) for answer in answers] == [[], [], []]


def test_a_word_without_brackets_is_found() -> None:
    html = (
        '<p title="Close">⟦Hello ⟦Ina⟧,⟧ dear Ina</p><script>let quiet</script>'
        '<img alt="⟦A circle⟧"><input placeholder="Name"><script type="application/json">'
        '{"mark": "bar", "title": "⟦People⟧", "data": {"values": [{"of": "Ina", "side": "asked"}]}}</script>'
    )

    assert unmarked(html, {"Ina"}) == ["dear Ina", "Close", "Name", "asked"]
