"""One language: its sentences, and its days, numbers and lists (CLDR, by Babel)."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from matcher.domain.people import key
from matcher.domain.sentences import N_, Either, TranslatableText, Value, put
from matcher.translations.terms import terms

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Each language by its own name; English is what the sources are written in."""
SOURCE = "en"
LOCALES = {"en": "en_GB", "de": "de_DE"}


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """How one language says what the sources say in English; `terms` are words of lists (topics …)."""

    language: str
    locale: Locale
    found: NullTranslations
    terms: Mapping[str, str] = field(default_factory=dict)

    def text(self, one: str, **values: object) -> str:
        """The sentence, with `%(name)s` wherever a value goes; a real per cent sign is doubled."""
        return self.found.gettext(one) % {name: self.shown(value) for name, value in values.items()}

    def many(self, one: str, several: str, num: int, **values: object) -> str:
        """The sentence for this number of things, which may use `%(num)s`."""
        shown = {name: self.shown(value) for name, value in values.items()}
        return self.found.ngettext(one, several, num) % {"num": Quantity(num, self.number(num)), **shown}

    def words(self, sentence: str) -> str:
        """A sentence of the service in this language; whatever else it is given stays as it is."""
        if not isinstance(sentence, TranslatableText):
            return sentence
        if sentence.plural is None:
            pattern = self.found.gettext(sentence.pattern)
            if not sentence.values and pattern == sentence.pattern:
                pattern = self.terms.get(key(pattern), pattern)
        else:
            count = sentence.values["count"]
            several = count if isinstance(count, int) else 0
            pattern = self.found.ngettext(sentence.pattern, sentence.plural, several)
        return put(pattern, sentence.values, self.value)

    def value(self, value: Value) -> str:
        """A value of a sentence: sentences, days and lists in this language, the rest as it is."""
        if isinstance(value, tuple):
            return self.listed([self.value(each) for each in value], either=isinstance(value, Either))
        if isinstance(value, date):
            return self.day(value)
        return self.words(value) if isinstance(value, str) else self.number(value)

    def day(self, when: date) -> str:
        """A date as in "2 March 2027"."""
        return str(format_date(when, "long", locale=self.locale))

    def long_day(self, when: date) -> str:
        """A date with its day of the week, as in "Tuesday, 2 March 2027"."""
        return str(format_date(when, "full", locale=self.locale))

    def short_day(self, when: date) -> str:
        """A date within the cycle, as in "2 March"."""
        return str(format_skeleton("MMMMd", _noon(when), locale=self.locale))

    def weekday(self, when: date) -> str:
        """The day of the week, as in "Tuesday"."""
        return str(format_date(when, "EEEE", locale=self.locale))

    def month(self, when: date) -> str:
        """The month with its year, as in "March 2027"."""
        return str(format_date(when, "LLLL y", locale=self.locale))

    def moment(self, when: datetime, zone: str) -> str:
        """A time in somebody's zone, as in "2 March 2027, 14:05"."""
        local = when.astimezone(ZoneInfo(zone))
        return self.text(N_("%(day)s, %(time)s"), day=self.day(local.date()), time=f"{local:%H:%M}")

    def number(self, number: float) -> str:
        """A number as in "12,149"."""
        return str(format_decimal(number, locale=self.locale))

    def listed(self, words: Iterable[str], *, either: bool = False) -> str:
        """Words as in "a, b and c", or in "a, b or c"."""
        return str(format_list(list(words), style="or" if either else "standard", locale=self.locale))

    def shown(self, value: object) -> object:
        """What a page puts into its sentence: our sentences, days and lists in this language."""
        return self.value(value) if isinstance(value, TranslatableText | date | tuple) else value


class Quantity(int):
    """A whole number that a sentence shows as its language writes it."""

    shown: str

    def __new__(cls, number: int, shown: str) -> "Quantity":
        figure = super().__new__(cls, number)
        figure.shown = shown
        return figure

    def __str__(self) -> str:
        return self.shown


Catalogues = Callable[[str], Catalogue]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of LANGUAGES; raises KeyError for another."""
    return Catalogue(
        language=language,
        locale=Locale.parse(LOCALES[language]),
        found=_translations(language),
        terms=terms(language),
    )


def understood(language: str | None) -> str:
    """The language to speak to somebody who asked for this one, or for none."""
    return language if language in LANGUAGES else SOURCE


def _translations(language: str) -> NullTranslations:
    """The sentences, read from the catalogue people edit: a compiled copy could be older than its source."""
    if language == SOURCE:
        return NullTranslations()
    compiled = io.BytesIO()
    with files("matcher.translations").joinpath(f"{language}.po").open("rb") as written:
        write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _noon(when: date) -> datetime:
    # A skeleton is only read for moments; noon is the same day everywhere nearby.
    return when if isinstance(when, datetime) else datetime(when.year, when.month, when.day, 12)  # noqa: DTZ001
