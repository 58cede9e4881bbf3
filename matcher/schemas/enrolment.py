"""The sign-up: who somebody is at work, what they offer and seek, when they can meet, and with whom."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, post_load, validates_schema

from matcher.domain.people import (
    GRADE_WISHES,
    MOST_CAPACITY,
    MOST_LOAD,
    MOST_WANTED,
    MOST_WISHES,
    ROLE_WORDS,
    Answers,
    Cell,
    Role,
    Week,
)
from matcher.domain.sentences import say
from matcher.domain.sign_up.form import USUAL, AskedQuestions
from matcher.schemas.fields import (
    LineField,
    MailAddress,
    OneOf,
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
NO_ROLE = say("Choose at least one role.")
TOO_FEW_HOURS = say("Choose at least two hours, so that a meeting can be found.")
SPAN = re.compile(r"([0-6])-([01]\d|2[0-3])(00|30)-(30|60)", re.ASCII)


class RolesField(Strict[tuple[Role, ...]]):
    """One or more of the roles the programme has; `offered`, all of them unless somebody sets it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": NO_ROLE}, **kwargs)
        self.offered = tuple(Role)

    def read(self, value: Any) -> tuple[Role, ...]:
        known = {role.value for role in Role}
        if not isinstance(value, list | tuple) or not value:
            raise ValidationError(NO_ROLE)
        if not all(isinstance(item, str) and item in known for item in value):
            raise ValidationError(say("A role is mentor, mentee or peer."))
        return only_offered((role for role in Role if role.value in value), self.offered)


def only_offered(roles: Iterable[Role], offered: Collection[Role]) -> tuple[Role, ...]:
    """The roles. Raises ValidationError where the programme does not have one of them."""
    chosen = tuple(roles)
    strange = tuple(ROLE_WORDS[role] for role in chosen if role not in offered)
    if strange:
        sentence = say(
            "This programme does not have: {strange}. Choose among: {offered}.",
            strange=strange,
            offered=tuple(ROLE_WORDS[role] for role in offered),
        )
        raise ValidationError(sentence)
    return chosen


class WeekGridField(Strict[tuple[Cell, ...]]):
    """Free hours of a local week, each `weekday-HHMM-minutes` (Monday is 0; 30 or 60 minutes)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": TOO_FEW_HOURS}, **kwargs)

    def read(self, value: Any) -> tuple[Cell, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError(say("Send a list here."))
        cells: set[Cell] = set()
        for item in value:
            span = SPAN.fullmatch(item) if isinstance(item, str) else None
            if span is None or (span[3], span[4]) == ("30", "60"):
                raise ValidationError(say("“{value}” is not an hour of the week.", value=str(item)[:40]))
            cells.add((int(span[1]), f"{span[2]}:{span[3]}"))
            if span[4] == "60":
                cells.add((int(span[1]), f"{span[2]}:30"))
        if len(cells) < LEAST_HALF_HOURS:
            raise ValidationError(TOO_FEW_HOURS)
        return tuple(sorted(cells))


class Addresses(Strict[tuple[str, ...]]):
    """E-mail addresses of colleagues, each once, in small letters; a problem names the line it stands in."""

    each = MailAddress()

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError(say("Send a list here."))
        found: list[str] = []
        wrong: dict[int, list[str]] = {}
        for position, item in enumerate(value):
            try:
                address = self.each.deserialize(item).casefold()
            except ValidationError as error:
                line = position + 1
                wrong[position] = [
                    say("Line {line}: {fault}", line=line, fault=one) for one in error.messages
                ]
                continue
            if address in found:
                wrong[position] = [
                    say("Line {line} repeats {address}.", line=position + 1, address=address[:40])
                ]
            found.append(address)
        if wrong:
            raise ValidationError(wrong)
        if len(found) > MOST_WISHES:
            raise ValidationError(
                say("That is {number} people; name at most {most}.", number=len(found), most=MOST_WISHES)
            )
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What one sign-up form says; people are still addresses, hours are still local to `zone`.

    identity_consent: the yes without which the two answers about identity are not kept.
    """

    name: str
    zone: str
    languages: tuple[str, ...]
    roles: tuple[Role, ...]
    hours: tuple[Cell, ...]
    function: str = ""
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
    grade_wish: str = ""
    identity_consent: bool = False

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
            grade_wish=self.grade_wish,
        )


class SignUpSchema(Schema):
    """The sign-up form of a programme that asks these questions; fields it does not ask are not known.

    Own topics and own languages are further words of the same list.
    """

    name = PersonName(required=True)
    function = LineField(most=60, empty=say("Enter your function, for example Finance."))
    department = LineField(most=60, empty=say("Enter your department."))
    site = LineField(most=60, empty=say("Enter your site."))
    grade = WholeNumber(least=0, most=99)
    grade_wish = OneOf(tuple(GRADE_WISHES))
    zone = Zone(required=True)
    languages = Words(most=10)
    languages_own = Words(most=10)
    roles = RolesField(required=True)
    capacity = WholeNumber(least=0, most=MOST_CAPACITY)
    mentors_wanted = WholeNumber(least=1, most=MOST_WANTED)
    topics_offered = Words(most=MOST_TOPICS)
    topics_offered_own = Words(most=MOST_TOPICS)
    topics_sought = Words(most=MOST_TOPICS)
    topics_sought_own = Words(most=MOST_TOPICS)
    goals = Prose(most=2_000)
    hours = WeekGridField(required=True)
    wishes = Addresses()
    not_with = Addresses()
    characteristics = Words(most=10)
    identity_wish = LineField(most=60)
    identity_consent = YesNo()
    duties_declined = Words(most=10)
    experienced = YesNo()
    most_load = WholeNumber(least=1, most=MOST_LOAD)

    def __init__(self, asked: AskedQuestions = USUAL, **settings: Any) -> None:
        super().__init__(only=tuple(sorted(asked.fields)), **settings)
        self.asked = asked
        roles = self.fields["roles"]
        assert isinstance(roles, RolesField)
        roles.offered = asked.roles
        for name, needed in MAY_BE_NEEDED.items():
            if asked.needs(name):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = needed

    @validates_schema(skip_on_field_errors=False)
    def _together(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {**self._topics(data), **_people(data)}
        if not merged(data, "languages"):
            wrong["languages"] = say("Choose at least one language you can talk in.")
        if "identity" in self.asked and _tells_identity(data) and not data.get("identity_consent"):
            wrong["identity_consent"] = NO_CONSENT
        if data.get("grade_wish") and "grade" in self.asked and data.get("grade") is None:
            wrong["grade"] = say("Choose your own level too, so that we can count from it.")
        if wrong:
            raise ValidationError({name: [sentence] for name, sentence in wrong.items()})

    def _topics(self, data: Mapping[str, Any]) -> dict[str, str]:
        wrong: dict[str, str] = {}
        for name in self.asked.topics_of(data.get("roles", ())):
            if not merged(data, name):
                wrong[name] = NO_TOPIC[name]
        for name in NO_TOPIC:
            count = len(merged(data, name))
            if count > MOST_TOPICS:
                wrong[name] = say(
                    "You chose {count} topics; choose at most {most}.", count=count, most=MOST_TOPICS
                )
        return wrong

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> SignUp:
        for name in ("languages", "topics_offered", "topics_sought"):
            data[name] = merged(data, name)
            data.pop(f"{name}_own", None)
        return SignUp(**data)


MAY_BE_NEEDED = {
    "function": say("Enter your function, for example Finance."),
    "department": say("Enter your department."),
    "site": say("Enter your site."),
    "grade": say("Choose your level."),
    "grade_wish": say("Choose which level you would like."),
    "mentors_wanted": say("Choose how many mentors you would like."),
    "goals": say("Write a few words about your goals."),
}
"""Fields a programme may insist on, and what to say where they are empty."""

NO_TOPIC = {
    "topics_sought": say("Choose at least one topic you would like to learn."),
    "topics_offered": say("Choose at least one topic you can help with."),
}
NO_CONSENT = say("Tick this if we may use it, or leave the two answers empty.")


def _people(data: Mapping[str, Any]) -> dict[str, str]:
    both = sorted(set(data.get("wishes", ())) & set(data.get("not_with", ())))
    if not both:
        return {}
    sentence = say("{address} stands here and under “please not with”. Keep one of the two.", address=both[0])
    return {"wishes": sentence, "not_with": sentence}


def _tells_identity(data: Mapping[str, Any]) -> bool:
    return bool(data.get("identity_wish") or data.get("characteristics"))


def merged(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """What was ticked and what was written in own words, equals by case once."""
    words: dict[str, str] = {}
    for word in (*(data.get(name) or ()), *(data.get(f"{name}_own") or ())):
        words.setdefault(word.casefold(), word)
    return tuple(words.values())
