"""One sample of each mail, to invented people or to whoever asks: a look before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from matcher.domain.people import Person
from matcher.domain.sentences import long_day, say, term
from matcher.mail import messages
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.messages import HandsWords
from matcher.mail.value import Mail

READER = Person(
    id=UUID(int=1), email="sample@example.org", name="Sample Reader", function="Finance", zone="Etc/UTC"
)
PARTNER = replace(READER, id=UUID(int=2), email="partner@example.org", name="Sample Partner")
THIRD = replace(READER, id=UUID(int=3), email="third@example.org", name="Sample Third")


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """What every sample has in common."""

    to: Person
    cycle: CycleWords
    links: Links
    now: datetime


def sample(kind: str, *, to: Person, language: str, cycle: CycleWords, links: Links, now: datetime) -> Mail:
    """A mail of this kind (one of KINDS) in this language, about nobody real. Raises KeyError."""
    return _MAKERS[kind](_Sample(to=replace(to, locale=language), cycle=cycle, links=links, now=now))


def _introduction(one: _Sample) -> Mail:
    return messages.introduction(
        id=uuid4(),
        to=one.to,
        partner=PARTNER,
        partner_role="mentor",
        reasons=[say("The two work in different functions.")],
        sessions=None,
        cycle=one.cycle,
        links=one.links,
    )


def _circle_introduction(one: _Sample) -> Mail:
    return messages.circle_introduction(
        id=uuid4(),
        to=one.to,
        members=[one.to, PARTNER, THIRD],
        duties=[_turn(2)],
        sessions=None,
        cycle=one.cycle,
        links=one.links,
    )


def _waitlist(one: _Sample) -> Mail:
    return messages.waitlist(
        id=uuid4(),
        to=one.to,
        reasons=[say("There is no mentor for you yet.")],
        cycle=one.cycle,
        links=one.links,
    )


def _check_in(one: _Sample) -> Mail:
    return messages.check_in(
        id=uuid4(),
        to=one.to,
        token="sample",  # noqa: S106 (opens nothing)
        last_day=(one.now + timedelta(days=7)).date(),
        cycle=one.cycle,
        links=one.links,
    )


def _reminder(one: _Sample) -> Mail:
    closes = (one.now + timedelta(days=7)).date()
    return messages.reminder(
        id=uuid4(), to=one.to, closes=closes, begun=False, cycle=one.cycle, links=one.links
    )


def _quiet(one: _Sample) -> Mail:
    return messages.quiet(id=uuid4(), to=one.to, others=(PARTNER.name,), cycle=one.cycle, links=one.links)


def _duty_change(one: _Sample) -> Mail:
    when = say("Session {number}, {day}", number=2, day=long_day(one.now.date()))
    hands = HandsWords(when=when, duty=term("facilitator"), now=one.to.name, before=PARTNER.name)
    return messages.duty_change(
        id=uuid4(),
        to=one.to,
        changes=[hands],
        duties=[_turn(2)],
        sessions=None,
        cycle=one.cycle,
        links=one.links,
    )


def _circle_changed(one: _Sample) -> Mail:
    return messages.circle_changed(
        id=uuid4(),
        to=one.to,
        circle=say("circle {number}", number=1),
        happens=[say("{name} is no longer in your circle.", name=PARTNER.name)],
        cycle=one.cycle,
        links=one.links,
    )


def _parting(one: _Sample) -> Mail:
    return messages.parting(
        id=uuid4(),
        to=one.to,
        whom=PARTNER.name,
        happens=[say("We look for another mentor for you.")],
        sessions=None,
        cycle=one.cycle,
        links=one.links,
    )


def _parting_undone(one: _Sample) -> Mail:
    return messages.parting_undone(
        id=uuid4(), to=one.to, whom=PARTNER.name, sessions=None, cycle=one.cycle, links=one.links
    )


def _turn(number: int) -> str:
    session = say("Session {number}", number=number)
    return say("{session}: {duty}", session=session, duty=term("facilitator"))


_MAKERS: Mapping[str, Callable[[_Sample], Mail]] = {
    "introduction": _introduction,
    "circle_introduction": _circle_introduction,
    "waitlist": _waitlist,
    "reminder": _reminder,
    "check_in": _check_in,
    "quiet": _quiet,
    "duty_change": _duty_change,
    "circle_changed": _circle_changed,
    "parting": _parting,
    "parting_undone": _parting_undone,
}
KINDS = tuple(_MAKERS)
"""Every kind there is a sample of."""
