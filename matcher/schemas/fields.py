"""Strict base fields of every schema: no silent conversion, one sentence for each thing that can be wrong.

marshmallow's own fields are lenient (`Integer` takes 1.9, `String` a NUL, `Date` a week date); these are not.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import available_timezones

from marshmallow import fields
from marshmallow.exceptions import ValidationError

from matcher.domain.sentences import Either, say

T = TypeVar("T")

MOST_MARKS = 4
"""Combining marks one letter may carry; some scripts need three."""

SINGLE_LINE_BREAKERS = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
INVISIBLE = frozenset("\u00ad\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
ENCODED_WORD = re.compile(r"=\?[^?]*\?[bqBQ]\?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def is_mark(character: str) -> bool:
    """Whether the character joins the one before it: a combining mark, a joiner or a variation selector."""
    return unicodedata.category(character) in {"Mn", "Me"} or character == "\u200d"


def is_plain(text: str) -> bool:
    """Whether it is printable ASCII, as most cells of a large file are: nothing in it needs a closer look."""
    return text.isascii() and text.isprintable()


def letters(text: str) -> int:
    """Letters as people count them: marks and joiners belong to the letter before them."""
    if is_plain(text):
        return len(text)
    return sum(not is_mark(character) for character in text)


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    if is_plain(text):
        return not text.strip()
    return all(
        character.isspace() or character in INVISIBLE or unicodedata.category(character) in {"Cf", "Cc", "Zs"}
        for character in text
    )


def refuse_unreadable(text: str, *, lines: bool) -> None:
    """Refuse what breaks databases, mails or neighbouring text. `lines` allows line breaks and tabs."""
    if is_plain(text):
        return
    for position, character in enumerate(text, start=1):
        kept = lines and character in "\n\t"
        if unicodedata.category(character) == "Cs":
            raise ValidationError(say("Character {position} is not valid Unicode.", position=position))
        if unicodedata.category(character) == "Cc" and not kept:
            raise ValidationError(
                say("Character {position} is a control character. Remove it.", position=position)
            )
        if not lines and character in SINGLE_LINE_BREAKERS:
            raise ValidationError(
                say(
                    "Character {position} breaks the line or turns its direction. Remove it.",
                    position=position,
                )
            )
    if re.search(rf"(?:{'|'.join(map(re.escape, sorted(longest_marks(text))))})", text):
        raise ValidationError(
            say("A letter carries more than {most} marks. Write it more plainly.", most=MOST_MARKS)
        )


def longest_marks(text: str) -> set[str]:
    """Runs of marks longer than a letter may carry; one impossible character when there is none."""
    runs, run = {"\x00"}, ""
    for character in text:
        run = run + character if is_mark(character) and character != "\u200d" else ""
        if len(run) > MOST_MARKS:
            runs.add(run)
    return runs


class Strict(fields.Field[T], ABC):
    """A field that reads its value itself."""

    @abstractmethod
    def read(self, value: Any) -> T:
        """The value, or ValidationError with a sentence."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> T:
        return self.read(value)


EMPTY = say("Write something here.")


class LineField(Strict[str]):
    """One line of text, NFC and trimmed, 1 to `most` letters."""

    def __init__(self, *, most: int = 100, empty: str = EMPTY, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", empty)
        kwargs["error_messages"].setdefault("null", empty)
        super().__init__(**kwargs)
        self.most = most
        self.empty = empty

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(say("Write text here, not a number or a list."))
        refuse_unreadable(value.strip(), lines=False)
        text = unicodedata.normalize("NFC", value).strip()
        if is_blank(text):
            raise ValidationError(self.empty)
        if letters(text) > self.most:
            raise ValidationError(
                say(
                    "That is {count} letters long; at most {most} fit here.",
                    count=letters(text),
                    most=self.most,
                )
            )
        return text


class PersonName(LineField):
    """A name in any script: whatever people are called, but nothing that a mail header would read as code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=100, empty=say("Enter a name."), **kwargs)

    def read(self, value: Any) -> str:
        text = super().read(value)
        if ENCODED_WORD.search(text):
            raise ValidationError(say("“=?…?=” is not allowed in a name."))
        return text


class Prose(Strict[str]):
    """Several lines in somebody's own words, NFC, at most `most` letters; kept as written otherwise."""

    def __init__(self, *, most: int = 2_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(say("Write text here, not a number or a list."))
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        refuse_unreadable(text, lines=True)
        if letters(text) > self.most:
            raise ValidationError(
                say(
                    "That is {count} letters long; at most {most} fit here.",
                    count=letters(text),
                    most=self.most,
                )
            )
        return "" if is_blank(text) else text


class MailAddress(Strict[str]):
    """One e-mail address, `local@domain.tld`, trimmed; the domain in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", say("Enter your e-mail address."))
        super().__init__(**kwargs)

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(say("Write an e-mail address here."))
        text = value.strip()
        refuse_unreadable(text, lines=False)
        if text.count("@") != 1:
            raise ValidationError(say("An e-mail address has exactly one “@”, as in ada@example.org."))
        local, domain = text.split("@")
        if not LOCAL_PART.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
            raise ValidationError(
                say("The part before the “@”, “{value}”, cannot be right.", value=local[:40])
            )
        labels = domain.lower().split(".")
        if len(labels) < 2 or len(domain) > 253 or not all(LABEL.fullmatch(label) for label in labels):
            raise ValidationError(
                say("“{value}” is not a mail domain. Use your company address.", value=domain[:40])
            )
        return f"{local}@{domain.lower()}"


class WholeNumber(Strict[int]):
    """A whole number from `least` to `most`; never a text, a truth value or a fraction."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        sentence = say("Enter a whole number from {least} to {most}.", least=least, most=most)
        kwargs["error_messages"] = {"required": sentence, "null": sentence}
        super().__init__(**kwargs)
        self.least, self.most, self.sentence = least, most, sentence

    def read(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise ValidationError(self.sentence)
        return value


class YesNo(Strict[bool]):
    """Yes or no, as a truth value; never a word or a number."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(say("Answer yes or no."))
        return value


class OneOf(Strict[str]):
    """One of a few words."""

    def __init__(self, known: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def read(self, value: Any) -> str:
        if value not in self.known:
            raise ValidationError(say("Choose one of: {words}.", words=tuple(self.known)))
        return str(value)


class DateField(Strict[date]):
    """A date written `YYYY-MM-DD`, 2000 to 2100."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", say("Enter a date, as in 2027-03-12."))
        super().__init__(**kwargs)

    def read(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value.strip()):
            raise ValidationError(say("Write the date as YYYY-MM-DD, for example 2027-03-12."))
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise ValidationError(say("{value} is not in the calendar.", value=value.strip())) from None
        if not 2000 <= day.year <= 2100:
            raise ValidationError(say("Use a year from 2000 to 2100."))
        return day


class OpaqueId(Strict[UUID]):
    """An id as we write it: a UUID in its canonical form."""

    def read(self, value: Any) -> UUID:
        try:
            known = UUID(value) if isinstance(value, str) else None
        except ValueError:
            known = None
        if known is None or str(known) != value:
            raise ValidationError(say("This is not one of our ids. Go back and open the page anew."))
        return known


@cache
def zone_names() -> tuple[str, ...]:
    """Every IANA zone of the form Area/City, sorted, then UTC."""
    places = {
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    }
    return (
        *sorted(name for name in places if not name.startswith(("US/", "Canada/", "SystemV/"))),
        "Etc/UTC",
        "UTC",
    )


def nearest_zones(text: str) -> list[str]:
    """Up to three zone names that look or sound like the text."""
    by_fold = {name.casefold(): name for name in zone_names()}
    by_city = {name.rsplit("/", 1)[-1].casefold(): name for name in zone_names()}
    wanted = text[:64].strip().casefold().replace(" ", "_")
    if wanted in by_fold:
        return [by_fold[wanted]]
    near = get_close_matches(wanted, by_fold, n=3, cutoff=0.7)
    cities = get_close_matches(wanted.rsplit("/", 1)[-1], by_city, n=3, cutoff=0.75)
    return list(dict.fromkeys([*(by_fold[name] for name in near), *(by_city[name] for name in cities)]))[:3]


class Zone(Strict[str]):
    """An IANA time zone of the form Area/City, exactly as listed, or UTC."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", say("Choose your time zone."))
        super().__init__(**kwargs)

    def read(self, value: Any) -> str:
        if isinstance(value, str) and value in zone_names():
            return value
        near = nearest_zones(value) if isinstance(value, str) else []
        if near:
            raise ValidationError(
                say("This is not a time zone we know. Did you mean {zones}?", zones=Either(near))
            )
        raise ValidationError(say("This is not a time zone we know. Write it like Europe/Berlin."))


class Words(Strict[tuple[str, ...]]):
    """A list of short texts in the order given; equals by case are merged; at most `most`."""

    def __init__(self, *, most: int = 30, letters_each: int = 60, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.each = LineField(most=letters_each)

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError(say("Send a list here."))
        words: dict[str, str] = {}
        wrong: dict[int, object] = {}
        for position, item in enumerate(value):
            try:
                word = self.each.deserialize(item)
            except ValidationError as error:
                wrong[position] = error.messages
            else:
                words.setdefault(word.casefold(), word)
        if wrong:
            raise ValidationError(wrong)
        if len(words) > self.most:
            raise ValidationError(
                say("You chose {count}; choose at most {most}.", count=len(words), most=self.most)
            )
        return tuple(words.values())
