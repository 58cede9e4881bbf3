"""The whole fairness report of a draft: two plans side by side, groups, loads, credits, repeats, the proof.

It names nobody. Values only; `services.report_figures` counts them from a problem file and a plan file.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from matcher.domain.matching.fairness import SMALLEST_GROUP
from matcher.domain.people import Profile, key
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import N_, TranslatableText, say

WORST_SHOWN = 10

FIELDS: Mapping[str, TranslatableText] = {
    "function": say("Function"),
    "site": say("Site"),
    "grade": say("Level"),
    "department": say("Department"),
}
"""What people are grouped by."""

ALWAYS = ("function", "site", "grade")
NAMED_BY = {"different_department": "department"}
"""Rules that make a policy name one more field."""

UNSAID, OTHERS = N_("Not said"), N_("All others")


@dataclass(frozen=True, kw_only=True)
class Mentee:
    """One mentee as the report counts them: `fields` as `field_values` gives them, points of an average
    partner (None without one), whether from the adequate line on, and the credit brought along, 0..2."""

    fields: Mapping[str, str]
    points: int | None
    adequate: bool
    credit: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanFigures:
    """One plan in figures. levels: mentees by the solver's level, 0 is unplaced. words: mentees by fit, from
    "not placed" up. worst: the lowest points of those who are placed, ascending. envious: mentees who
    would have more points with the partner of another. blocking: pairs of which both would gain.
    """

    placed: int
    total: int
    levels: tuple[int, ...]
    words: tuple[tuple[str, int], ...]
    worst: tuple[int, ...]
    envious: int
    blocking: int


@dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """One group of five or more: how many asked and were placed; mean points of the placed, None if they are
    too few to tell."""

    name: str
    mentees: int
    placed: int
    mean: int | None


@dataclass(frozen=True, kw_only=True)
class FieldGroups:
    """All groups of one field, the largest first; who is in none of them is counted under the last."""

    field: str
    groups: tuple[GroupFigures, ...]


@dataclass(frozen=True, kw_only=True)
class CreditLine:
    """Mentees who brought this credit along; what became of fewer than five is not told."""

    credit: int
    mentees: int
    placed: int | None
    adequate: int | None


@dataclass(frozen=True, kw_only=True)
class CircleFigures:
    """Circles in figures. reunions: couples who sat in one circle before."""

    circles: int = 0
    seated: int = 0
    left: int = 0
    reunions: int = 0


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What the independent check found. bound: no plan as fair has more points; goals: each goal in its
    order, with the least that can be reached after those before it."""

    good: bool
    breaches: int
    proved: bool
    bound: int
    goals: tuple[tuple[str, int], ...] = ()
    blocking_sets: int = 0


@dataclass(frozen=True, kw_only=True)
class FairReport:
    """The report. plain: the plan with as many placed and the most points, whoever has them. loads: mentors
    by number of mentees. repeats: pairs by how many cycles ago they were one. across: pairs of two functions.
    Hashes are SHA-256 of the files.
    """

    mode: str
    points: int
    line: int
    mentees: int
    mentors: int
    places: int
    pairs: int
    ours: PlanFigures
    proof: Proof
    plain: PlanFigures | None = None
    across: int = 0
    fields: tuple[FieldGroups, ...] = ()
    loads: tuple[tuple[int, int], ...] = ()
    credits: tuple[CreditLine, ...] = ()
    repeats: tuple[tuple[int, int], ...] = ()
    seats: CircleFigures = field(default_factory=CircleFigures)
    snapshot_hash: str = ""
    problem_hash: str = ""
    plan_hash: str = ""


def fields_of(policy: Policy) -> tuple[str, ...]:
    """The fields people are grouped by: the usual three, and those the policy names besides."""
    named = (NAMED_BY[rule.name] for rule in policy.rules if rule.name in NAMED_BY)
    return (*ALWAYS, *dict.fromkeys(named))


def field_values(profile: Profile, names: Iterable[str]) -> dict[str, str]:
    """What somebody is, by field, as they wrote it; empty where nothing is said."""
    person = profile.person
    said = {
        "function": person.function,
        "site": person.site,
        "grade": "" if person.grade is None else str(person.grade),
        "department": person.department,
    }
    return {name: " ".join(said[name].split()) for name in names}


def field_groups(mentees: Sequence[Mentee], names: Iterable[str]) -> tuple[FieldGroups, ...]:
    """The groups of each field; none where they could not be told apart from fewer than five people."""
    return tuple(FieldGroups(field=name, groups=_groups(mentees, name)) for name in names)


def _groups(mentees: Sequence[Mentee], name: str) -> tuple[GroupFigures, ...]:
    members: dict[str, list[Mentee]] = {}
    spelled: dict[str, str] = {}
    for one in mentees:
        said = one.fields[name] or UNSAID
        members.setdefault(key(said), []).append(one)
        spelled[key(said)] = min(said, spelled.get(key(said), said))
    largest = sorted(members, key=lambda word: (-len(members[word]), spelled[word]))
    shown = [word for word in largest if len(members[word]) >= SMALLEST_GROUP]
    hidden = [one for word in largest if word not in shown for one in members[word]]
    # The complement is told as well: were it fewer than five, it would give them away.
    while shown and 0 < len(hidden) < SMALLEST_GROUP:
        hidden += members[shown.pop()]
    named = [(spelled[word], members[word]) for word in shown]
    return _lines([*named, (OTHERS, hidden)] if hidden and shown else named)


def _lines(groups: Sequence[tuple[str, Sequence[Mentee]]]) -> tuple[GroupFigures, ...]:
    placed = {name: [one.points for one in some if one.points is not None] for name, some in groups}
    silent = {name for name, points in placed.items() if 0 < len(points) < SMALLEST_GROUP}
    # One mean left out could be worked out from the others: leave out another, until five stand behind them.
    for name in sorted(placed, key=lambda word: (len(placed[word]), word)):
        if not 0 < sum(len(placed[other]) for other in silent) < SMALLEST_GROUP:
            break
        silent.add(name)
    return tuple(
        GroupFigures(
            name=name,
            mentees=len(some),
            placed=len(placed[name]),
            mean=None if name in silent or not placed[name] else round(sum(placed[name]) / len(placed[name])),
        )
        for name, some in groups
    )


def credit_lines(mentees: Sequence[Mentee]) -> tuple[CreditLine, ...]:
    """What became of those whom the last cycle had left behind, by the credit they brought along."""
    counted = Counter(one.credit for one in mentees if one.credit)
    lines = []
    for credit, count in sorted(counted.items(), reverse=True):
        some = [one for one in mentees if one.credit == credit]
        told = count >= SMALLEST_GROUP
        lines.append(
            CreditLine(
                credit=credit,
                mentees=count,
                placed=sum(one.points is not None for one in some) if told else None,
                adequate=sum(one.adequate for one in some) if told else None,
            )
        )
    return tuple(lines)
