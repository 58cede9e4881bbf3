"""Supply and demand before anything is matched: what is sought and what is offered, counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from matcher.domain.people import HALF_HOURS, Profile, Role, key, start_bits

DAY_PARTS = ((6, 9), (9, 12), (12, 15), (15, 18), (18, 21))
MOST_ROWS = 15


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """What counts of somebody in the cycle. places: the mentees they take at most; bits: free half-hours of
    the UTC week."""

    roles: frozenset[Role]
    places: int
    offered: tuple[str, ...]
    sought: tuple[str, ...]
    function: str
    languages: tuple[str, ...]
    bits: int

    @classmethod
    def of(cls, one: Profile, *, circles: bool) -> "SignedUp":
        """circles: whether the programme has any."""
        said = one.answers
        return cls(
            roles=frozenset(said.roles),
            places=said.places(circles),
            offered=said.topics_offered,
            sought=said.topics_sought,
            function=one.person.function,
            languages=one.person.languages,
            bits=said.week.bits,
        )


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One topic, function or language: mentees who seek or have it, places with mentors who offer or have
    it."""

    name: str
    mentees: int
    places: int


@dataclass(frozen=True, kw_only=True)
class HourSupply:
    """One part of one day: mentees for whom a session fits, and places with mentors for whom one fits."""

    day: int
    part: int
    mentees: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Demand:
    """All that is sought and offered."""

    topics: tuple[Gap, ...]
    functions: tuple[Gap, ...]
    languages: tuple[Gap, ...]
    hours: tuple[HourSupply, ...]


def demand_of(people: Sequence[SignedUp], *, minutes: int, ahead: int) -> Demand:
    """What these people seek and offer, for sessions of so many minutes; `ahead` as for `by_hours`."""
    return Demand(
        topics=by_topic(people),
        functions=by_function(people),
        languages=by_language(people),
        hours=by_hours(people, minutes=minutes, ahead=ahead),
    )


def by_topic(people: Sequence[SignedUp]) -> tuple[Gap, ...]:
    """What is sought against what is offered, the largest shortage first."""
    return _gaps(people, lambda one: one.sought, lambda one: one.offered)


def by_function(people: Sequence[SignedUp]) -> tuple[Gap, ...]:
    """Where mentees and mentors work."""
    return _gaps(people, lambda one: (one.function,), lambda one: (one.function,))


def by_language(people: Sequence[SignedUp]) -> tuple[Gap, ...]:
    """What mentees and mentors speak."""
    return _gaps(people, lambda one: one.languages, lambda one: one.languages)


def by_hours(people: Sequence[SignedUp], *, minutes: int, ahead: int) -> tuple[HourSupply, ...]:
    """Each part of each day, Monday to Friday, by the reader's clock: `ahead` half-hours ahead of UTC."""
    # Weeks are often alike, and those of a crowd are looked through for each part of each day.
    alike: dict[int, tuple[int, int]] = {}
    for one in people:
        mentees, places = alike.get(one.bits, (0, 0))
        alike[one.bits] = mentees + (Role.MENTEE in one.roles), places + _places(one)
    fits = [(start_bits(bits, minutes), counts) for bits, counts in alike.items()]
    told = []
    for day in range(5):
        for part, (first, last) in enumerate(DAY_PARTS):
            halves = range(48 * day + 2 * first - ahead, 48 * day + 2 * last - ahead)
            mask = sum(1 << half % HALF_HOURS for half in halves)
            here = [counts for bits, counts in fits if bits & mask]
            mentees, places = (sum(side) for side in zip((0, 0), *here, strict=True))
            told.append(HourSupply(day=day, part=part, mentees=mentees, places=places))
    return tuple(told)


def _gaps(
    people: Iterable[SignedUp],
    sought: Callable[[SignedUp], Iterable[str]],
    offered: Callable[[SignedUp], Iterable[str]],
) -> tuple[Gap, ...]:
    alike: dict[tuple[str, ...], tuple[int, int]] = {}
    for one in people:
        places = _places(one)
        for said, mentees, more in (
            (sought, int(Role.MENTEE in one.roles), 0),
            (offered, 0, places),
        ):
            if mentees or more:
                words = tuple(said(one))
                before = alike.get(words, (0, 0))
                alike[words] = before[0] + mentees, before[1] + more
    wanted: Counter[str] = Counter()
    there: Counter[str] = Counter()
    names: dict[str, str] = {}
    for words, (mentees, places) in alike.items():
        for word in _keys(words, names):
            wanted[word] += mentees
            there[word] += places
    rows = [Gap(name=names[word], mentees=wanted[word], places=there[word]) for word in names]
    return tuple(sorted((row for row in rows if row.mentees or row.places), key=_shortage))


def _shortage(row: Gap) -> tuple[int, int, str]:
    return row.places - row.mentees, -row.mentees, row.name


def _keys(words: Iterable[str], names: dict[str, str]) -> set[str]:
    """The words as they are compared; `names` keeps how they were first written."""
    found = {key(word): word for word in words if key(word)}
    for word, written in found.items():
        names.setdefault(word, written)
    return set(found)


def _places(one: SignedUp) -> int:
    return one.places if Role.MENTOR in one.roles else 0
