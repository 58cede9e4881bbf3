"""Sentences, days, numbers and lists in English and German."""

from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest
from babel import Locale

from matcher.domain.sentences import say, say_many, term
from matcher.translations.catalogue import Catalogue, catalogue, understood

WORDS = {
    "Circles have {count} people.": "Kreise haben {count} Leute.",
    "What would help: {what}.": "Das hilft: {what}.",
    "more free hours": "mehr freie Stunden",
    "%(count)s of them": "%(count)s davon",
}


class Few(NullTranslations):
    """A handful of sentences in German."""

    def gettext(self, message: str) -> str:
        return WORDS.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return WORDS.get(msgid2, msgid2) if n != 1 else msgid1


GERMAN = Catalogue(language="de", locale=Locale.parse("de_DE"), found=Few())


def test_a_sentence_is_said_again_in_another_language() -> None:
    help_ = say("What would help: {what}.", what=(say("more free hours"), "Python", date(2026, 3, 2)))
    circles = say_many("A circle has one person.", "Circles have {count} people.", 4)

    assert GERMAN.words(help_) == "Das hilft: mehr freie Stunden, Python und 2. März 2026."
    assert GERMAN.words(circles) == "Kreise haben 4 Leute."
    assert GERMAN.words("somebody's own words") == "somebody's own words"
    assert GERMAN.text("%(count)s of them", count=say("more free hours")) == "mehr freie Stunden davon"


@pytest.mark.parametrize(
    "sentence",
    [
        say("On {day}: {names}.", day=date(2026, 12, 24), names=("Ina", "Ravi", "Mei")),
        say("{names}", names=("Ina", "Ravi")),
        say("{names}", names=()),
    ],
)
def test_the_english_catalogue_and_the_sentence_itself_agree(sentence: str) -> None:
    assert catalogue("en").words(sentence) == str(sentence)


def test_days_numbers_and_lists_are_those_of_the_language() -> None:
    english, german = catalogue("en"), catalogue("de")
    when, moment = date(2027, 3, 2), datetime(2027, 3, 2, 13, 5, tzinfo=UTC)

    assert [english.day(when), english.short_day(when), english.long_day(when), english.number(12_149)] == [
        "2 March 2027",
        "2 March",
        "Tuesday, 2 March 2027",
        "12,149",
    ]
    assert [german.day(when), german.short_day(when), german.long_day(when), german.number(12_149)] == [
        "2. März 2027",
        "2. März",
        "Dienstag, 2. März 2027",
        "12.149",
    ]
    assert german.moment(moment, "Europe/Berlin") == "2. März 2027, 14:05 Uhr"


def test_who_asks_for_a_language_we_do_not_speak_is_spoken_to_in_english() -> None:
    assert [understood("de"), understood("fr"), understood(None)] == ["de", "en", "en"]


def test_words_of_lists_have_their_own_translations_and_own_words_stay() -> None:
    topics = say("Sought and offered: {topics}.", topics=(term("Negotiating"), term("bee keeping")))

    assert catalogue("de").words(topics) == "Gesucht und angeboten: Verhandeln und bee keeping."
    assert catalogue("de").words(say("Both speak {languages}.", languages=(term("Icelandic"),))) == (
        "Beide sprechen Isländisch."
    )
    assert catalogue("en").words(topics) == "Sought and offered: Negotiating and bee keeping."
