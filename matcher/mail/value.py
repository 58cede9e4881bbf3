"""A mail as a value that cannot be misread as two, whoever wrote the words in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

LONGEST_LINE = 300
ENCODED_WORD = re.compile(r"=\?.*\?=", re.DOTALL)
# RFC 5321 addresses in ASCII, without quoting: what mail servers of organisations really give out.
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class CannotBeWritten(ValueError):  # noqa: N818 (the sentence of an outcome)
    """A mail that must not be built, with the sentence that says why. Trying again does not help."""


def single_line(text: str, what: str) -> str:
    """The text itself, if it is safe in a header.

    Refused are control characters, line and paragraph separators (VT, FF, NEL, U+2028 …), halves of
    characters, and encoded words: some Python versions unfold `=?utf-8?q?hi=0aBcc:…?=` into a second header
    (CVE-2024-6923).
    """
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise CannotBeWritten(f"The {what} contains the control character U+{ord(character):04X}.")
    if ENCODED_WORD.search(text):
        raise CannotBeWritten(f"The {what} contains “=?…?=”, which is not allowed there.")
    if len(text) > LONGEST_LINE:
        raise CannotBeWritten(f"The {what} has {len(text)} characters; at most {LONGEST_LINE} are allowed.")
    return text


def address(text: str) -> str:
    """The mail address itself, if it is exactly one."""
    single_line(text, "address")
    if not ADDRESS.fullmatch(text) or len(text.partition("@")[0]) > 64:
        raise CannotBeWritten("The address is not one plain mail address such as name@company.example.")
    return text


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One rendered mail to one person.

    `id` is the outbox row's; `message_id` is made of it and never changes, so that a second copy, should one
    ever be sent by hand, is recognised as the same. `ics` is a whole calendar file, METHOD REQUEST or CANCEL.
    """

    id: UUID
    to: str
    name: str = ""
    subject: str
    text: str
    html: str
    ics: bytes | None = None
    message_id: str

    def __post_init__(self) -> None:
        address(self.to)
        single_line(self.name, "name of the recipient")
        if not single_line(self.subject, "subject").strip():
            raise CannotBeWritten("The subject is empty.")
        if not self.text.strip():
            raise CannotBeWritten("The text is empty.")
        if not re.fullmatch(r"<[0-9a-f-]{36}@[A-Za-z0-9.-]+>", self.message_id):
            raise CannotBeWritten("The Message-ID is not one of ours.")

    @property
    def domain(self) -> str:
        """The part of the address after the @, in lower case."""
        return self.to.rpartition("@")[2].lower()
