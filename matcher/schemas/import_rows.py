"""One imported row: text cells, already brought to our fields by the mapping → the answers of one person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from matcher.domain.people import MOST_CAPACITY, MOST_LOAD, MOST_TOPICS, MOST_WANTED, Role
from matcher.domain.sentences import say
from matcher.schemas.enrolment import only_offered
from matcher.schemas.fields import LineField, MailAddress, PersonName, Prose, Strict, WholeNumber, Words, Zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))? (?P<begin>\d\d:[03]0)-(?P<end>\d\d:[03]0)")
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, kw_only=True)
class ImportedPerson:
    """A person as the file tells of them; `hours` are half-hours (weekday, "HH:MM") on their own clock."""

    email: str
    name: str
    function: str = ""
    site: str = ""
    department: str = ""
    grade: int | None = None
    zone: str = "UTC"
    languages: tuple[str, ...] = ()
    manager: str | None = None
    roles: tuple[Role, ...] = ()
    capacity: int = 1
    mentors_wanted: int = 1
    most_load: int | None = None
    topics_offered: tuple[str, ...] = ()
    topics_sought: tuple[str, ...] = ()
    goals: str = ""
    characteristics: tuple[str, ...] = ()
    identity_wish: str = ""
    hours: tuple[tuple[int, str], ...] = ()
    facilitates: bool = True
    experienced: bool = False


class Digits(Strict[int]):
    """A count as a spreadsheet writes it: plain digits, `least` to `most`."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._count = WholeNumber(least=least, most=most)

    def read(self, value: Any) -> int:
        plain = isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value)
        return self._count.read(int(value) if plain else None)


class YesNoWord(Strict[bool]):
    """yes or no, in a few spellings."""

    def read(self, value: Any) -> bool:
        if str(value).casefold() not in _YES:
            raise ValidationError(say("Write yes or no."))
        return _YES[str(value).casefold()]


class RolesTextField(Strict[tuple[Role, ...]]):
    """One or several of mentor, mentee, peer, of those the programme has: `offered`."""

    offered: tuple[Role, ...] = tuple(Role)

    def read(self, value: Any) -> tuple[Role, ...]:
        words = [str(word).casefold() for word in value]
        if not words or not set(words) <= set(Role):
            raise ValidationError(say("Write mentor, mentee or peer."))
        return only_offered(map(Role, dict.fromkeys(words)), self.offered)


class SmallAddress(MailAddress):
    """An address in small letters, as it is compared."""

    def read(self, value: Any) -> str:
        return super().read(value).lower()


class WeekTextField(Strict[tuple[tuple[int, str], ...]]):
    """Free times of a week: “Mon-Fri 09:00-12:00; Wed 14:00-16:30”."""

    def read(self, value: Any) -> tuple[tuple[int, str], ...]:
        cells: set[tuple[int, str]] = set()
        for part in filter(None, (part.strip() for part in value.lower().split(";"))):
            found = _SPAN.fullmatch(part)
            if found is None or not self._known(found):
                raise ValidationError(
                    say("Write free times as “Mon-Fri 09:00-12:00; Wed 14:00-16:30”, in half hours.")
                )
            cells |= self._cells(found)
        return tuple(sorted(cells))

    @staticmethod
    def _known(found: re.Match[str]) -> bool:
        first, last = found["first"], found["last"] or found["first"]
        in_order = first in DAYS and last in DAYS and DAYS.index(first) <= DAYS.index(last)
        return in_order and found["begin"] < found["end"] <= "24:00"

    @staticmethod
    def _cells(found: re.Match[str]) -> set[tuple[int, str]]:
        first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
        begin, end = _half_hours(found["begin"]), _half_hours(found["end"])
        return {
            (day, f"{half // 2:02d}:{half % 2 * 30:02d}")
            for day in range(first, last + 1)
            for half in range(begin, end)
        }


def _half_hours(clock: str) -> int:
    return int(clock[:2]) * 2 + int(clock[3:]) // 30


class RowSchema(Schema):
    """A row by our fields; what is missing is left to PersonRow's defaults. offered: the roles there are."""

    email = SmallAddress(required=True)
    name = PersonName(required=True)
    function = LineField()
    site = LineField()
    department = LineField()
    grade = Digits(0, 99)
    zone = Zone()
    languages = Words()
    manager = SmallAddress()
    roles = RolesTextField()
    capacity = Digits(0, MOST_CAPACITY)
    mentors_wanted = Digits(1, MOST_WANTED)
    most_load = Digits(1, MOST_LOAD)
    topics_offered = Words(most=MOST_TOPICS)
    topics_sought = Words(most=MOST_TOPICS)
    goals = Prose()
    characteristics = Words()
    identity_wish = LineField(most=60)
    hours = WeekTextField()
    facilitates = YesNoWord()
    experienced = YesNoWord()

    def __init__(self, offered: tuple[Role, ...] = tuple(Role), **settings: Any) -> None:
        super().__init__(**settings)
        roles = self.fields["roles"]
        assert isinstance(roles, RolesTextField)
        roles.offered = offered

    @validates_schema
    def own_manager(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("manager") is not None and data["manager"] == data.get("email"):
            raise ValidationError(say("Somebody cannot be their own manager."), "manager")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ImportedPerson:
        return ImportedPerson(**data)
