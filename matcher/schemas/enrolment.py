"""The sign-up: who somebody is at work, what they offer and seek, when they can meet, and with whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, post_load, validates_schema

from matcher.domain.people import (
    MOST_CAPACITY,
    MOST_LOAD,
    MOST_WANTED,
    MOST_WISHES,
    Answers,
    Cell,
    Role,
    Week,
)
from matcher.schemas.fields import (
    Line,
    MailAddress,
    PersonName,
    Prose,
    Strict,
    WholeNumber,
    Words,
    YesNo,
    Zone,
)

MOST_TOPICS = 10
LEAST_HALF_HOURS = 4
SPAN = re.compile(r"([0-6])-([01]\d|2[0-3])(00|30)-(30|60)", re.ASCII)


class Roles(Strict[tuple[Role, ...]]):
    """One or more of mentor, mentee and peer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": "Choose at least one role."}, **kwargs)

    def read(self, value: Any) -> tuple[Role, ...]:
        known = {role.value for role in Role}
        if not isinstance(value, list | tuple) or not value:
            raise ValidationError("Choose at least one role.")
        if not all(isinstance(item, str) and item in known for item in value):
            raise ValidationError("A role is mentor, mentee or peer.")
        return tuple(role for role in Role if role.value in value)


class Hours(Strict[tuple[Cell, ...]]):
    """Free hours of a local week, each `weekday-HHMM-minutes` (Monday is 0; 30 or 60 minutes)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": TOO_FEW_HOURS}, **kwargs)

    def read(self, value: Any) -> tuple[Cell, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError("Send a list here.")
        cells: set[Cell] = set()
        for item in value:
            span = SPAN.fullmatch(item) if isinstance(item, str) else None
            if span is None or (span[3], span[4]) == ("30", "60"):
                raise ValidationError(f"“{str(item)[:40]}” is not an hour of the week.")
            cells.add((int(span[1]), f"{span[2]}:{span[3]}"))
            if span[4] == "60":
                cells.add((int(span[1]), f"{span[2]}:30"))
        if len(cells) < LEAST_HALF_HOURS:
            raise ValidationError(TOO_FEW_HOURS)
        return tuple(sorted(cells))


TOO_FEW_HOURS = "Choose at least two hours, so that a meeting can be found."


class Addresses(Strict[tuple[str, ...]]):
    """E-mail addresses of colleagues, each once, in small letters; a problem names the line it stands in."""

    each = MailAddress()

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError("Send a list here.")
        found: list[str] = []
        wrong: dict[int, list[str]] = {}
        for position, item in enumerate(value):
            try:
                address = self.each.deserialize(item).casefold()
            except ValidationError as error:
                wrong[position] = [f"Line {position + 1}: {sentence}" for sentence in error.messages]
                continue
            if address in found:
                wrong[position] = [f"Line {position + 1} repeats {address[:40]}."]
            found.append(address)
        if wrong:
            raise ValidationError(wrong)
        if len(found) > MOST_WISHES:
            raise ValidationError(f"That is {len(found)} people; name at most {MOST_WISHES}.")
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What one sign-up form says; people are still addresses, hours are still local to `zone`."""

    name: str
    zone: str
    languages: tuple[str, ...]
    function: str
    roles: tuple[Role, ...]
    hours: tuple[Cell, ...]
    site: str = ""
    department: str = ""
    grade: int | None = None
    capacity: int = 1
    mentors_wanted: int = 1
    topics_offered: tuple[str, ...] = ()
    topics_sought: tuple[str, ...] = ()
    goals: str = ""
    wishes: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    identity_wish: str = ""
    duties_declined: tuple[str, ...] = ()
    experienced: bool = False
    most_load: int | None = None

    def answers(self, people: Mapping[str, UUID], monday: date) -> Answers:
        """The answers, with ids for addresses (`people` knows them all) and hours in UTC as of that week."""
        return Answers(
            roles=self.roles,
            capacity=self.capacity,
            mentors_wanted=self.mentors_wanted,
            topics_offered=self.topics_offered,
            topics_sought=self.topics_sought,
            goals=self.goals,
            week=Week.from_local(self.hours, self.zone, monday),
            wishes=tuple(people[address] for address in self.wishes),
            not_with=tuple(people[address] for address in self.not_with),
            characteristics=self.characteristics,
            identity_wish=self.identity_wish,
            duties_declined=self.duties_declined,
            experienced=self.experienced,
            most_load=self.most_load,
        )


class SignUpSchema(Schema):
    """The sign-up form. Own topics and own languages are further words of the same list."""

    name = PersonName(required=True)
    function = Line(required=True, most=60, empty="Enter your function, for example Finance.")
    department = Line(most=60)
    site = Line(most=60)
    grade = WholeNumber(least=0, most=40)
    zone = Zone(required=True)
    languages = Words(most=10)
    languages_own = Words(most=10)
    roles = Roles(required=True)
    capacity = WholeNumber(least=0, most=MOST_CAPACITY)
    mentors_wanted = WholeNumber(least=1, most=MOST_WANTED)
    topics_offered = Words(most=MOST_TOPICS)
    topics_offered_own = Words(most=MOST_TOPICS)
    topics_sought = Words(most=MOST_TOPICS)
    topics_sought_own = Words(most=MOST_TOPICS)
    goals = Prose(most=2_000)
    hours = Hours(required=True)
    wishes = Addresses()
    not_with = Addresses()
    characteristics = Words(most=10)
    identity_wish = Line(most=60)
    duties_declined = Words(most=10)
    experienced = YesNo()
    most_load = WholeNumber(least=1, most=MOST_LOAD)

    @validates_schema(skip_on_field_errors=False)
    def _roles_have_topics(self, data: dict[str, Any], **_: Any) -> None:
        roles = data.get("roles", ())
        offered, sought = merged(data, "topics_offered"), merged(data, "topics_sought")
        wrong = {}
        if Role.MENTOR in roles and not offered:
            wrong["topics_offered"] = ["Choose at least one topic you can help with."]
        if Role.MENTEE in roles and not sought:
            wrong["topics_sought"] = ["Choose at least one topic you would like to learn."]
        for name, topics in (("topics_offered", offered), ("topics_sought", sought)):
            if len(topics) > MOST_TOPICS:
                wrong[name] = [f"You chose {len(topics)} topics; choose at most {MOST_TOPICS}."]
        if not merged(data, "languages"):
            wrong["languages"] = ["Choose at least one language you can talk in."]
        both = sorted(set(data.get("wishes", ())) & set(data.get("not_with", ())))
        if both:
            sentence = f"{both[0]} stands here and under “please not with”. Keep one of the two."
            wrong["wishes"] = wrong["not_with"] = [sentence]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> SignUp:
        for name in ("languages", "topics_offered", "topics_sought"):
            data[name] = merged(data, name)
            data.pop(f"{name}_own", None)
        return SignUp(**data)


def merged(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What was ticked and what was written in own words, equals by case once."""
    words: dict[str, str] = {}
    for word in (*data.get(name, ()), *data.get(f"{name}_own", ())):
        words.setdefault(word.casefold(), word)
    return tuple(words.values())
