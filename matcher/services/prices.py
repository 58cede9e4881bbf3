"""Prices: what a change does, in figures and names; and all that is known of a draft to say it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from matcher.domain.explain import FIT_WORDS, Reason, fit_word, why
from matcher.domain.facts import Facts
from matcher.domain.people import Person, Profile
from matcher.domain.policy import Policy
from matcher.domain.said import Said, say_many
from matcher.domain.snapshot import Snapshot
from matcher.store.encoding import Index, encode
from matcher.store.types import canonical
from solver.files import dump_problem
from solver.settings import SolveSettings

Pairs = frozenset[tuple[UUID, UUID]]
"""Mentee and mentor of each pair."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A mentee whose mentors change; none is an empty tuple."""

    mentee: Person
    before: tuple[Person, ...]
    after: tuple[Person, ...]

    def keeps(self, mentor: Person) -> bool:
        """Whether this mentor stays."""
        return mentor in self.before and mentor in self.after


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a change does: figures before and after it. total: points of all pairs; words: pairs by level.

    Where the change is one of weights or rules, both plans are counted as the changed policy counts.
    """

    placed: tuple[int, int]
    total: tuple[int, int]
    words: tuple[tuple[str, int, int], ...]
    moved: tuple[Moved, ...]
    proved: bool

    @property
    def touched(self) -> int:
        """People whose match it changes, on both sides."""
        mentees = {one.mentee.id for one in self.moved}
        mentors = {
            mentor.id for one in self.moved for mentor in (*one.before, *one.after) if not one.keeps(mentor)
        }
        return len(mentees | mentors)

    def to_data(self) -> dict[str, Any]:
        """Figures without names."""
        return {
            "placed": list(self.placed),
            "total": list(self.total),
            "words": [list(word) for word in self.words],
            "touched": self.touched,
        }


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """Why a mentee does not have a mentor: sentences, and the price of making the pair where no rule forbids
    it. ready: False while the solver that knows the price gets ready."""

    sentences: tuple[Said, ...]
    price: Price | None = None
    ready: bool = True


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Somebody the rules allow as a partner. word: the level of the pair; reasons: those organisers may read;
    now: they are paired in the draft."""

    person: Person
    word: str
    reasons: tuple[Reason, ...]
    now: bool


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a draft was made from, without changes by hand. number: the version of its policy.

    known: problem files by policy; points: of pairs by policy, mentee and mentor. Both only save work.
    """

    cycle_id: UUID
    snapshot_hash: str
    snapshot: Snapshot
    policy: Policy
    number: int
    seed: int
    profiles: Mapping[UUID, Profile]
    known: dict[str, tuple[bytes, Index]] = field(default_factory=dict)
    points: dict[tuple[str, UUID, UUID], int] = field(default_factory=dict)

    def problem(self, policy: Policy) -> tuple[bytes, Index]:
        """The problem file under this policy, and who stands where in it."""
        name = canonical(policy.to_data())
        if name not in self.known:
            problem, index = encode(self.snapshot, policy, SolveSettings(seed=self.seed))
            self.known[name] = dump_problem(problem), index
        return self.known[name]

    def points_of(self, policy: Policy, pairs: Pairs) -> dict[tuple[UUID, UUID], int]:
        """What each pair counts under this policy."""
        name, facts, found = canonical(policy.to_data()), self.facts, {}
        for mentee, mentor in pairs:
            if (name, mentee, mentor) not in self.points:
                reasons = why(policy, self.profiles[mentor], self.profiles[mentee], facts)
                self.points[name, mentee, mentor] = sum(reason.points for reason in reasons)
            found[mentee, mentor] = self.points[name, mentee, mentor]
        return found

    @cached_property
    def facts(self) -> Facts:
        return self.snapshot.facts()


def price_of(base: Base, policy: Policy, before: tuple[Pairs, bool], after: tuple[Pairs, bool]) -> Price:
    old, new = (base.points_of(policy, pairs) for pairs, _ in (before, after))
    levels = [Counter(fit_word(points, policy) for points in some.values()) for some in (old, new)]
    return Price(
        placed=(_placed(before[0]), _placed(after[0])),
        total=(sum(old.values()), sum(new.values())),
        words=tuple((word, levels[0][word], levels[1][word]) for word in FIT_WORDS),
        moved=tuple(_moved(base, before[0], after[0])),
        proved=before[1] and after[1],
    )


def _placed(pairs: Pairs) -> int:
    return len({mentee for mentee, _ in pairs})


def _moved(base: Base, before: Pairs, after: Pairs) -> Iterator[Moved]:
    """Mentees whose mentors differ, by name."""
    different = {mentee for mentee, _ in before ^ after}
    for mentee in sorted(different, key=lambda one: (base.profiles[one].person.name, one)):
        old, new = (
            tuple(sorted(mentor for one, mentor in pairs if one == mentee)) for pairs in (before, after)
        )
        yield Moved(
            mentee=base.profiles[mentee].person,
            before=tuple(base.profiles[mentor].person for mentor in old),
            after=tuple(base.profiles[mentor].person for mentor in new),
        )


def cost_of(price: Price) -> tuple[Said, ...]:
    """The price of a pair in a few sentences."""
    said = []
    lost = price.placed[0] - price.placed[1]
    if lost > 0:
        said.append(
            say_many("One person fewer would be placed.", "{count} people fewer would be placed.", lost)
        )
    worse = price.total[0] - price.total[1]
    if worse > 0:
        said.append(say_many("{count} point less in all.", "{count} points less in all.", worse))
    others = price.touched
    said.append(
        say_many("It changes the match of {count} person.", "It changes the match of {count} people.", others)
    )
    return tuple(said)
