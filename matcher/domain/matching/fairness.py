"""The fairness report of a draft: the worst-off, the spread, groups of five or more, loads, repeats."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from matcher.domain.matching.explain import FIT_WORDS, fit_word
from matcher.domain.people import Profile
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say, say_many

SMALLEST_GROUP = 5
"""Fewer people are never shown as a group, nor are those left when all other groups are shown."""

WORDS = ("weak", "fair", "adequate", "good", "very good")

UNSAID = say("Not said")
"""The group of those who named no function."""

LIFTED = say("Proved: nobody could come off better without somebody as badly off falling behind.")
CLAIMS = {
    "fair": LIFTED,
    "full": LIFTED,
    "total": say("Proved: no plan that places as many has more points."),
    "first": say("Proved: no plan that places as many gives more people their best fit."),
}
"""What a proof shows, by the policy's mode."""


@dataclass(frozen=True, kw_only=True)
class FunctionShare:
    """How many mentees of one function asked and were placed."""

    name: str
    mentees: int
    placed: int


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """mentees, placed: people. lowest, median: points, of the placed. words: pairs by level in words.
    levels: mentees by the solver's level, 0 is unplaced. loads: mentors by number of mentees.
    """

    mentees: int
    placed: int
    pairs: int
    total: int
    lowest: int
    median: int
    words: tuple[tuple[str, int], ...]
    levels: tuple[int, ...] = ()
    groups: tuple[FunctionShare, ...] = ()
    loads: tuple[tuple[int, int], ...] = ()
    proved: bool = False
    mode: str = "fair"

    @property
    def line(self) -> TranslatableText:
        """The report in one line."""
        if not self.mentees:
            return say("Nobody looked for a mentor.")
        if not self.pairs:
            return say_many(
                "None of {count} mentee could be placed.",
                "None of {count} mentees could be placed.",
                self.mentees,
            )
        fits = tuple(
            say("{count} {word}", count=number, word=FIT_WORDS[word])
            for word, number in reversed(self.words)
            if number
        )
        placed = say(
            "{placed} of {mentees} mentees placed: {fits}.",
            placed=self.placed,
            mentees=self.mentees,
            fits=fits,
        )
        return say("{placed} {claim}", placed=placed, claim=CLAIMS[self.mode]) if self.proved else placed

    @property
    def sentences(self) -> tuple[TranslatableText, ...]:
        """The report in a few sentences."""
        said = [self.line]
        busiest = max((load for load, _ in self.loads), default=0)
        if busiest > 1:
            said.append(say("The busiest mentors have {count} mentees.", count=busiest))
        behind = [group for group in self.groups if group.placed * self.mentees < group.mentees * self.placed]
        if behind and self.placed < self.mentees:
            worst = min(behind, key=lambda group: (group.placed / group.mentees, group.name))
            said.append(
                say(
                    "{group} has the fewest places: {placed} of {mentees} found one.",
                    group=UNSAID if worst.name == UNSAID else worst.name,
                    placed=worst.placed,
                    mentees=worst.mentees,
                )
            )
        return tuple(said)

    def to_data(self) -> dict[str, Any]:
        """JSON-able; `fairness_from` is the inverse."""
        return asdict(self)


def fairness_from(data: Mapping[str, Any]) -> Fairness:
    """The report as stored; what else is stored beside it is left alone."""
    values = {name: data[name] for name in Fairness.__dataclass_fields__ if name in data}
    values["groups"] = tuple(FunctionShare(**group) for group in data["groups"])
    for name in ("words", "loads"):
        values[name] = tuple((first, second) for first, second in data[name])
    values["levels"] = tuple(data["levels"])
    return Fairness(**values)


def fairness(
    policy: Policy,
    *,
    mentees: Sequence[Profile],
    pairs: Sequence[tuple[UUID, UUID, int]],
    levels: tuple[int, ...] = (),
    proved: bool = False,
) -> Fairness:
    """The report on `pairs` of (mentor, mentee, points)."""
    placed = {mentee for _, mentee, _ in pairs}
    points = sorted(points for _, _, points in pairs)
    in_words = Counter(fit_word(one, policy) for one in points)
    loads = Counter(Counter(mentor for mentor, _, _ in pairs).values())
    return Fairness(
        mentees=len(mentees),
        placed=len(placed),
        pairs=len(pairs),
        total=sum(points),
        lowest=points[0] if points else 0,
        median=points[len(points) // 2] if points else 0,
        words=tuple((word, in_words[word]) for word in WORDS),
        levels=levels,
        groups=groups(mentees, placed),
        loads=tuple(sorted(loads.items())),
        proved=proved,
        mode=policy.mode,
    )


def groups(mentees: Sequence[Profile], placed: set[UUID]) -> tuple[FunctionShare, ...]:
    """By function, only groups of five and more; none, if those left over would be fewer than five."""
    asked = Counter(one.person.function or UNSAID for one in mentees)
    found = Counter(one.person.function or UNSAID for one in mentees if one.id in placed)
    shown = sorted(
        (name for name in asked if asked[name] >= SMALLEST_GROUP), key=lambda name: (-asked[name], name)
    )
    hidden = sum(asked.values()) - sum(asked[name] for name in shown)
    while shown and 0 < hidden < SMALLEST_GROUP:
        hidden += asked[shown.pop()]
    return tuple(FunctionShare(name=name, mentees=asked[name], placed=found[name]) for name in shown)
