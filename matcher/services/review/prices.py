"""Prices: what a change does, in figures and names; and all that is known of a draft to say it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from matcher.domain.facts import Facts
from matcher.domain.matching.explain import FIT_WORDS, Reason, fit_word, why
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Person, Profile, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say, say_many
from matcher.problem.encoding import Index, encode
from matcher.store.types import canonical
from solver.circles.problem import CirclesProblem
from solver.files import dump_problem
from solver.settings import SolveSettings

ABOUT = say("How many are placed is exact; the rest is about, and the next run may find better.")
Pairs = frozenset[tuple[UUID, UUID]]
"""Mentee and mentor of each pair."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A whole plan. proved: no plan is better. most: no plan that places as many has more points in all."""

    pairs: Pairs
    proved: bool
    most: int


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
class ChangePrice:
    """What a change does: figures before and after it. total: points of all pairs; words: pairs by level.

    Where the change is one of weights or rules, both plans are counted as the changed policy counts. proved:
    both plans are the best there are; otherwise they are good ones, and only `placed` is exact. most: no plan
    with the change that places as many has more points in all.
    """

    placed: tuple[int, int]
    total: tuple[int, int]
    words: tuple[tuple[str, int, int], ...]
    moved: tuple[Moved, ...]
    proved: bool
    most: int

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
            "about": not self.proved,
        }


@dataclass(frozen=True, kw_only=True)
class SeatExchange:
    """What it takes to keep two peers apart. together: the number of the circle in which they sit now, None
    for none. Then one way that leaves nobody over, if there is a single exchange of seats: `mover` goes to
    circle `target`, and `other` comes back (None: the seat was free). touched: people who would sit with
    somebody else; 0 where nothing is known.
    """

    together: int | None = None
    mover: Person | None = None
    target: int = 0
    other: Person | None = None
    touched: int = 0

    def to_data(self) -> dict[str, Any]:
        """Figures without names."""
        return {"seats": self.touched} if self.together is None or self.mover else {}


@dataclass(frozen=True, kw_only=True)
class WhyNotAnswer:
    """Why a mentee does not have a mentor: sentences, and the price of making the pair where no rule forbids
    it. ready: False while the solver that knows the price gets ready."""

    sentences: tuple[TranslatableText, ...]
    price: ChangePrice | None = None
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
class DraftBasis:
    """What a draft was made from, without changes by hand. number: the version of its policy.

    draft: its pairs; groups: its circles by number. known: problem files by policy; seats: their circles;
    points: of pairs by policy, mentee and mentor. These three only save work.
    """

    cycle_id: UUID
    snapshot_hash: str
    snapshot: Snapshot
    policy: Policy
    number: int
    seed: int
    profiles: Mapping[UUID, Profile]
    draft: Pairs = frozenset()
    groups: Mapping[int, tuple[UUID, ...]] = field(default_factory=dict)
    known: dict[str, tuple[bytes, Index]] = field(default_factory=dict)
    seats: dict[str, tuple[CirclesProblem | None, Index]] = field(default_factory=dict)
    points: dict[tuple[str, UUID, UUID], int] = field(default_factory=dict)

    def problem(self, policy: Policy) -> tuple[bytes, Index]:
        """The problem file under this policy, and who stands where in it."""
        name = canonical(policy.to_data())
        if name not in self.known:
            problem, index = encode(self.snapshot, policy, SolveSettings(seed=self.seed))
            self.known[name] = dump_problem(problem), index
            self.seats[name] = problem.circles, index
        return self.known[name]

    def circles(self, policy: Policy) -> tuple[CirclesProblem | None, Index]:
        """Who may sit with whom under this policy, and who stands where in it."""
        self.problem(policy)
        return self.seats[canonical(policy.to_data())]

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

    @cached_property
    def several(self) -> bool:
        """Whether somebody asked for more than one mentor."""
        asked = (one.answers for one in self.profiles.values())
        return any(one.mentors_wanted > 1 for one in asked if Role.MENTEE in one.roles)


def price_of(base: DraftBasis, policy: Policy, before: Laid, after: Laid) -> ChangePrice:
    """The difference of two plans, counted as the policy counts."""
    old, new = (base.points_of(policy, plan.pairs) for plan in (before, after))
    total = sum(new.values())
    levels = [Counter(fit_word(points, policy) for points in some.values()) for some in (old, new)]
    return ChangePrice(
        placed=(_placed(before.pairs), _placed(after.pairs)),
        total=(sum(old.values()), total),
        words=tuple((word, levels[0][word], levels[1][word]) for word in FIT_WORDS),
        moved=tuple(_moved(base, before.pairs, after.pairs)),
        proved=before.proved and after.proved,
        most=max(total, after.most),
    )


def _placed(pairs: Pairs) -> int:
    return len({mentee for mentee, _ in pairs})


def _moved(base: DraftBasis, before: Pairs, after: Pairs) -> Iterator[Moved]:
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


def cost_of(price: ChangePrice) -> tuple[TranslatableText, ...]:
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
    if not price.proved:
        said.append(ABOUT)
    return tuple(said)
