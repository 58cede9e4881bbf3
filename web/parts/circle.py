"""A circle as a picture: its people around a ring, and whose turn it is in one session."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.people import Person
from matcher.domain.sentences import term
from web.language import N_, _, current, in_words

MIDDLE = (170, 160)
RADIUS = 100
ABOVE, BELOW = -38, 47
"""Where a duty is written, from the middle of its seat: above for those at the top."""

KINDS = {"facilitator": "leads", "timekeeper": "time", "note-taker": "notes"}
"""The look of a seat by its duty; others look like no duty."""

YOU_SAY = {
    "facilitator": N_("you lead"),
    "timekeeper": N_("you keep time"),
    "note-taker": N_("you take notes"),
}
SAYS = {
    "facilitator": N_("%(name)s leads"),
    "timekeeper": N_("%(name)s keeps time"),
    "note-taker": N_("%(name)s takes notes"),
}
SEAT = {"facilitator": N_("leads"), "timekeeper": N_("keeps time"), "note-taker": N_("takes notes")}
DUTIES = (N_("facilitator"), N_("timekeeper"), N_("note-taker"))
"""The usual duties, marked for the catalogues; a programme's own stay as they were written."""


@dataclass(frozen=True, kw_only=True)
class RingSeat:
    """Somebody's place on the ring, with what they do this time and where that is written."""

    x: int
    y: int
    name: str
    me: bool
    kind: str
    duty: str
    label_y: int


@dataclass(frozen=True, kw_only=True)
class CirclePicture:
    """All seats, what stands in the middle, and the whole as a sentence."""

    title: str
    when: str
    label: str
    seats: tuple[RingSeat, ...]


def draw(
    members: Sequence[Person], turns: Mapping[UUID, str], *, me: UUID, title: str, when: str
) -> CirclePicture:
    """The circle in one session; `turns` are duties by person."""
    seats = tuple(
        seat(member, place, len(members), turns.get(member.id, ""), me=member.id == me)
        for place, member in enumerate(members)
    )
    said = [turn_of(member, turns[member.id], me) for member in members if member.id in turns]
    label = _(
        "Circle of %(size)s. %(session)s: %(turns)s.",
        size=len(members),
        session=title,
        turns=current().listed(said) if said else _("no duties"),
    )
    return CirclePicture(title=title, when=when, label=label, seats=seats)


def seat(member: Person, place: int, of: int, duty: str, *, me: bool) -> RingSeat:
    """One seat, the first at the top, clockwise."""
    angle = 2 * math.pi * place / of - math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    x, y = round(MIDDLE[0] + RADIUS * across), round(MIDDLE[1] + RADIUS * down)
    return RingSeat(
        x=x,
        y=y,
        name=short(member.name, me=me),
        me=me,
        kind=KINDS.get(duty, ""),
        duty=_(SEAT[duty]) if duty in SEAT else duty_word(duty),
        label_y=y + (ABOVE if down < -0.1 else BELOW),
    )


def short(name: str, *, me: bool) -> str:
    """What fits into a seat."""
    first = name.split(maxsplit=1)[0]
    return _("You") if me else first if len(first) <= 7 else f"{first[:6]}…"


def duty_word(duty: str) -> str:
    """A duty's name in the reader's language."""
    return in_words(term(duty)) if duty else ""


def turn_of(member: Person, duty: str, me: UUID) -> str:
    """Who does what, in a few words."""
    if member.id == me:
        return _(YOU_SAY[duty]) if duty in YOU_SAY else _("you: %(duty)s", duty=duty_word(duty))
    if duty in SAYS:
        return _(SAYS[duty], name=member.name)
    return _("%(name)s: %(duty)s", name=member.name, duty=duty_word(duty))
