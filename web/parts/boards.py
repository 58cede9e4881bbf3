"""Circles as a board, and their duties as a field of letters."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from matcher.domain.facts import Couple, couple
from matcher.domain.people import Answers, Person, key
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import term
from matcher.store.tables import DraftCircle, DraftDuty
from web.language import _, in_words, ngettext
from web.parts import meeting
from web.parts.words import figure, upper_first


@dataclass(frozen=True, kw_only=True)
class BoardSeat:
    """A member of a circle on the board."""

    person: Person
    about: str


@dataclass(frozen=True, kw_only=True)
class CircleBoard:
    """One circle: when it meets in the reader's time, how mixed it is, who met before."""

    number: int
    when: str
    seats: tuple[BoardSeat, ...]
    mix: str
    met: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RotaRow:
    """A person's duties by session: each cell the letters and words of what they have; opted out of what."""

    person: Person
    cells: tuple[tuple[tuple[str, str, int], ...], ...]
    count: int
    declined: str


@dataclass(frozen=True, kw_only=True)
class Rota:
    """A circle's duties: people down, sessions across."""

    number: int
    rows: tuple[RotaRow, ...]
    sentence: str


def board(
    circle: DraftCircle, people: Mapping[UUID, Person], sat: Mapping[Couple, int], zone: str, monday: date
) -> CircleBoard:
    """One circle on the board. sat: how many cycles ago two people last sat together."""
    members = [people[UUID(member)] for member in circle.members]
    return CircleBoard(
        number=circle.number,
        when=meeting.usual(circle.slot, zone, monday),
        seats=tuple(BoardSeat(person=one, about=_about(one)) for one in members),
        mix=_mix(members),
        met=tuple(_met(members, sat)),
    )


def _about(one: Person) -> str:
    said = tuple(word for word in (one.function, one.site) if word)
    return " · ".join(said)


def _mix(members: Sequence[Person]) -> str:
    functions, sites = ({key(word) for word in words if word} for words in _columns(members))
    return _(
        "%(functions)s and %(sites)s among %(people)s people",
        functions=ngettext("%(num)s function", "%(num)s functions", len(functions)),
        sites=ngettext("%(num)s site", "%(num)s sites", len(sites)),
        people=figure(len(members)),
    )


def _columns(members: Sequence[Person]) -> tuple[list[str], list[str]]:
    return [one.function for one in members], [one.site for one in members]


def _met(members: Sequence[Person], sat: Mapping[Couple, int]) -> Iterable[str]:
    for one, other in combinations(members, 2):
        ago = sat.get(couple(one.id, other.id))
        if ago is not None:
            yield ngettext(
                "%(first)s and %(other)s sat together in the cycle before.",
                "%(first)s and %(other)s sat together %(num)s cycles ago.",
                ago,
                first=one.name,
                other=other.name,
            )


def letters(duties: Sequence[str]) -> dict[str, str]:
    """A letter for each duty, its first that no other has taken; else its number."""
    taken: dict[str, str] = {}
    for place, duty in enumerate(duties, start=1):
        said = in_words(term(duty)).upper()
        free = (sign for sign in said if sign.isalpha() and sign not in taken.values())
        taken[duty] = next(free, str(place))
    return taken


def rota(
    circle: DraftCircle,
    turns: Sequence[DraftDuty],
    people: Mapping[UUID, Person],
    answers: Mapping[UUID, Answers],
    policy: Policy,
) -> Rota:
    """The duties of one circle as a field of people and sessions."""
    rows = tuple(
        _rota_row(people[UUID(member)], turns, answers.get(UUID(member)), policy) for member in circle.members
    )
    load = Counter(row.count for row in rows)
    said = _("Everybody has %(least)s to %(most)s duties.", least=min(load), most=max(load))
    if len(load) == 1:
        said = ngettext("Everybody has %(num)s duty.", "Everybody has %(num)s duties.", min(load))
    return Rota(number=circle.number, rows=rows, sentence=said)


def _rota_row(person: Person, turns: Sequence[DraftDuty], said: Answers | None, policy: Policy) -> RotaRow:
    signs = letters(policy.duties)
    mine = [turn for turn in turns if turn.person_id == person.id]
    declined = {key(duty) for duty in said.duties_declined} if said else set()
    return RotaRow(
        person=person,
        cells=tuple(
            tuple(
                (signs[turn.duty], named(turn.duty), policy.duties.index(turn.duty) % 3)
                for turn in mine
                if turn.session == session
            )
            for session in range(policy.sessions)
        ),
        count=len(mine),
        declined=", ".join(named(duty) for duty in policy.duties if key(duty) in declined),
    )


def named(duty: str) -> str:
    """A duty as a heading names it."""
    return upper_first(in_words(term(duty)))


def legend(duties: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Each duty's letter, name and colour."""
    signs = letters(duties)
    return tuple((signs[duty], named(duty), place % 3) for place, duty in enumerate(duties))
