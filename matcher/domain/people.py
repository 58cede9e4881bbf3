"""People, their weekly hours and their answers: frozen values that check themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from matcher.domain.sentences import TranslatableText, say

HALF_HOURS = 336
"""Half-hours of a week."""

_QUARTERS = 2 * HALF_HOURS
_ALL = (1 << HALF_HOURS) - 1

MOST_CAPACITY = 20
MOST_WANTED = 3
MOST_LOAD = 60
MOST_TOPICS = 30
MOST_WISHES = 50

GRADE_WISHES = {"same": (0, 0), "near": (1, 2), "far": (3, 100), "below": (-100, -1)}
"""What a mentee may wish of the mentor's level: the least and most steps above their own."""

Cell = tuple[int, str]
"""A half-hour of a local week: weekday (Monday is 0) and its start as "HH:MM"."""


class Role(StrEnum):
    """What somebody signs up for; one person may hold several in one cycle."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    PEER = "peer"


ROLE_WORDS: Mapping[Role, TranslatableText] = {
    Role.MENTOR: say("mentor"),
    Role.MENTEE: say("mentee"),
    Role.PEER: say("peer"),
}
"""Each role as a person reads it."""


class EnrolmentState(StrEnum):
    """Only the active take part in the matching."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """How words chosen from lists (functions, topics …) are compared: case and blanks do not count."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True)
class Week:
    """The free half-hours of a week in UTC: bit k stands for the k-th from Monday 00:00, k in 0..335."""

    bits: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.bits <= _ALL:
            raise ValueError(f"A week of {self.bits:#x}; expected bits 0 to {HALF_HOURS - 1} only.")

    @classmethod
    def from_local(cls, cells: Iterable[Cell], zone: str, monday: date) -> Self:
        """The week in UTC of local half-hours, as the clocks stand in the week of `monday`.

        A UTC half-hour is free when all of it is (zones off by 45 minutes lose the edges of a block).
        """
        quarters = 0
        for weekday, start in cells:
            first = _quarter(weekday, start, zone, monday)
            for quarter in (first, first + 1):
                quarters |= 1 << (quarter % _QUARTERS)
        pairs = (3 << (2 * slot) for slot in range(HALF_HOURS))
        return cls(sum(1 << slot for slot, pair in enumerate(pairs) if quarters & pair == pair))

    def local(self, zone: str, monday: date) -> tuple[Cell, ...]:
        """The local half-hours that are wholly free, from Monday on."""
        cells = ((day, f"{half // 2:02}:{half % 2 * 30:02}") for day in range(7) for half in range(48))
        return tuple(cell for cell in cells if self._free(_quarter(*cell, zone, monday)))

    def _free(self, quarter: int) -> bool:
        slots = {((quarter + more) % _QUARTERS) // 2 for more in (0, 1)}
        return all(self.bits >> slot & 1 for slot in slots)

    @property
    def minutes(self) -> int:
        """Free minutes a week."""
        return 30 * self.bits.bit_count()

    def starts(self, minutes: int) -> tuple[int, ...]:
        """Half-hours at which a session of that length fits, the week going round."""
        return tuple(slot for slot in range(HALF_HOURS) if start_bits(self.bits, minutes) >> slot & 1)


def start_bits(bits: int, minutes: int) -> int:
    """The half-hours of a week at which `minutes` fit without a gap; Sunday night joins Monday morning."""
    fits = bits
    for later in range(1, -(-minutes // 30)):
        fits &= (bits >> later) | (bits << (HALF_HOURS - later)) & _ALL
    return fits


def overlap(first: Week, second: Week) -> int:
    """Minutes a week in which both are free; windows that only touch count 0."""
    return Week(first.bits & second.bits).minutes


@lru_cache(maxsize=65_536)
def _quarter(weekday: int, start: str, zone: str, monday: date) -> int:
    """The quarter of an hour of the UTC week, 0..671, at which a local time of that week begins."""
    local = datetime.combine(monday + timedelta(days=weekday), time.fromisoformat(start), ZoneInfo(zone))
    since = local.astimezone(UTC) - datetime.combine(monday, time(0), UTC)
    return int(since.total_seconds()) // 900 % _QUARTERS


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account. `grade` is a step on the programme's ladder, 0 the most junior; None unknown.

    `email` is canonical (lower case); `zone` an IANA name; `languages` in the order of ease; `locale` is
    the language of their pages and mails, if they chose one.
    """

    id: UUID
    email: str
    name: str
    function: str = ""
    site: str = ""
    department: str = ""
    grade: int | None = None
    zone: str = "Etc/UTC"
    languages: tuple[str, ...] = ()
    manager: UUID | None = None
    active: bool = True
    locale: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person said for one cycle.

    capacity: most mentees at once, 0..20; mentors_wanted: 1..3; week: free half-hours in UTC;
    wishes, not_with: people; identity_wish counts among a mentor's `characteristics`; duties_declined: names
    of duties this person never takes; experienced: has facilitated before; most_load: the most they take on
    in all, 1..60, each mentor, mentee, circle and duty counting one; None for no limit. grade_wish: one of
    GRADE_WISHES, or "" where any level is welcome.
    """

    roles: tuple[Role, ...]
    capacity: int = 1
    mentors_wanted: int = 1
    topics_offered: tuple[str, ...] = ()
    topics_sought: tuple[str, ...] = ()
    goals: str = ""
    week: Week = field(default_factory=Week)
    wishes: tuple[UUID, ...] = ()
    not_with: tuple[UUID, ...] = ()
    characteristics: tuple[str, ...] = ()
    identity_wish: str = ""
    duties_declined: tuple[str, ...] = ()
    experienced: bool = False
    most_load: int | None = None
    grade_wish: str = ""

    def __post_init__(self) -> None:
        wrong = list(_answer_faults(self))
        if wrong:
            raise ValueError(" ".join(wrong))

    def to_data(self) -> dict[str, Any]:
        """JSON-able, without the people named in wishes and "not with": those are rows of their own."""
        return {
            "roles": [role.value for role in self.roles],
            "capacity": self.capacity,
            "mentors_wanted": self.mentors_wanted,
            "topics_offered": list(self.topics_offered),
            "topics_sought": list(self.topics_sought),
            "goals": self.goals,
            "week": f"{self.week.bits:x}",
            "characteristics": list(self.characteristics),
            "identity_wish": self.identity_wish,
            "duties_declined": list(self.duties_declined),
            "experienced": self.experienced,
            "most_load": self.most_load,
            "grade_wish": self.grade_wish,
        }

    def places(self, circles: bool) -> int:
        """Mentees this person takes at most: what their limit leaves beside the mentors they ask for and the
        seat in a circle they wish for. circles: whether the programme has any."""
        if self.most_load is None:
            return self.capacity
        asked = self.mentors_wanted if Role.MENTEE in self.roles else 0
        seat = circles and Role.PEER in self.roles
        return max(0, min(self.capacity, self.most_load - asked - seat))

    @classmethod
    def from_data(
        cls, data: Mapping[str, Any], *, wishes: tuple[UUID, ...] = (), not_with: tuple[UUID, ...] = ()
    ) -> Self:
        """The inverse of `to_data`, also of what was stored before some of it was asked."""
        lists = ("topics_offered", "topics_sought", "characteristics", "duties_declined")
        values = {**data, **{name: tuple(data[name]) for name in lists}}
        values["roles"] = tuple(Role(role) for role in data["roles"])
        values["week"] = Week(int(data["week"], 16))
        return cls(**values, wishes=wishes, not_with=not_with)


def _answer_faults(answers: Answers) -> Iterable[str]:
    if not answers.roles:
        yield "Choose at least one role."
    if not 0 <= answers.capacity <= MOST_CAPACITY:
        yield f"Places for mentees: {answers.capacity}; expected 0 to {MOST_CAPACITY}."
    if not 1 <= answers.mentors_wanted <= MOST_WANTED:
        yield f"Mentors wanted: {answers.mentors_wanted}; expected 1 to {MOST_WANTED}."
    if answers.most_load is not None and not 1 <= answers.most_load <= MOST_LOAD:
        yield f"At most in all: {answers.most_load}; expected 1 to {MOST_LOAD}."
    if answers.grade_wish and answers.grade_wish not in GRADE_WISHES:
        yield f"Level wished: {answers.grade_wish!r}; expected one of {', '.join(GRADE_WISHES)}."
    for words, names, most in (
        ("topics offered", answers.topics_offered, MOST_TOPICS),
        ("topics sought", answers.topics_sought, MOST_TOPICS),
        ("wishes", answers.wishes, MOST_WISHES),
        ("people in “not with”", answers.not_with, MOST_WISHES),
    ):
        if len(names) > most:
            yield f"{len(names)} {words}; expected at most {most}."


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A person in one cycle. `ref` is the random 63-bit number by which alone the solver knows them."""

    id: UUID
    cycle_id: UUID
    person_id: UUID
    state: EnrolmentState
    answers: Answers
    ref: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What rules and criteria see of somebody: the person and the answers."""

    person: Person
    answers: Answers

    @property
    def id(self) -> UUID:
        return self.person.id
