"""A programme's own words at the head of its mails: plain text with a few named places, and nothing else.

What somebody typed is never run as a template: a place is replaced by its value in one go, and a value that
looks like a place stays what it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.domain.errors import Invalid, Problem
from matcher.domain.policy.parameters import unknown
from matcher.domain.sentences import TranslatableText, say

PLACES: Mapping[str, TranslatableText] = {
    "first_name": say("the reader's first name"),
    "name": say("the reader's name"),
    "programme": say("the programme's name"),
    "cycle": say("the cycle's name"),
    "link": say("the address of the reader's own page"),
}
"""Every place and what it becomes."""

PIECE = re.compile(r"\{[^{}\n]*\}|[{}]")
PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
BRACES = {"brace": "{", "closing": "}", "example": "{first_name}"}
MOST_SUBJECT, MOST_WORDS = 150, 3_000


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """A subject and some paragraphs, either may be empty. Raises Invalid for a place nobody knows."""

    subject: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        problems = (*_faults(self.subject, "/subject"), *_faults(self.words, "/words"))
        if problems:
            raise Invalid(problems)

    def __bool__(self) -> bool:
        return bool(self.subject or self.words)

    def subject_for(self, values: Mapping[str, str]) -> str:
        """The subject with every place filled; `values` holds all of PLACES."""
        return _filled(self.subject, values)

    def paragraphs_for(self, values: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        """The paragraphs as lines with every place filled; an empty line parts two paragraphs."""
        parts = re.split(r"\n(?:[ \t]*\n)+", self.words.strip())
        return tuple(tuple(_filled(part, values).splitlines()) for part in parts if part.strip())


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: values[found[1]], text)


def _faults(text: str, pointer: str) -> Iterator[Problem]:
    most = MOST_SUBJECT if pointer == "/subject" else MOST_WORDS
    if len(text) > most:
        said = say("That is {count} characters long; at most {most} fit here.", count=len(text), most=most)
        yield Problem(pointer=pointer, sentence=said)
    if pointer == "/subject" and not text.isprintable():
        yield Problem(pointer=pointer, sentence=say("The subject is one line of plain text."))
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in PIECE.findall(line):
            what = _fault(piece)
            if what:
                sentence = say("Line {number}: {what}", number=number, what=what)
                yield Problem(pointer=pointer, sentence=sentence, row=number, value=piece)


def _fault(piece: str) -> TranslatableText | None:
    """What is wrong with one piece in braces, or one brace alone."""
    if piece == "{":
        return say("a “{brace}” is opened and not closed. Write a place like {example}.", **BRACES)
    if piece == "}":
        return say("a “{closing}” closes nothing. Write a place like {example}.", **BRACES)
    name = piece[1:-1]
    return None if name in PLACES else unknown(name, list(PLACES), kind=say("place"))


NONE = OwnWords()
