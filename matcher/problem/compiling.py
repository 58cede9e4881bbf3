"""Hard rules and criteria for all pairs at once: the second form of each, as columns, bits and lists.

One function for each rule and criterion of `matcher.domain`; a test proves that both forms agree. What comes
out holds integers only: words become numbers here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.domain.facts import Couple, Facts
from matcher.domain.people import GRADE_WISHES, HALF_HOURS, Profile, key, start_bits
from matcher.domain.policy.parameters import Values
from solver.pairing.problem import Criterion, Rule

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Rows = tuple[Profile, ...]
MENTOR_UNKNOWN, MENTEE_UNKNOWN = -1_000_000, -3_000_000
"""Grades nobody told: whatever the other side's, the gap lies outside every rule and table."""


@dataclass
class Compiled:
    """What the rules and criteria of one policy come to, gathered one after the other."""

    mentees: Rows
    mentors: Rows
    facts: Facts
    rules: list[Rule] = field(default_factory=list)
    rule_names: list[str] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    mentee_columns: dict[str, Ints] = field(default_factory=dict)
    mentor_columns: dict[str, Ints] = field(default_factory=dict)
    mentee_bits: dict[str, Bits] = field(default_factory=dict)
    mentor_bits: dict[str, Bits] = field(default_factory=dict)
    excluded: set[tuple[int, int]] = field(default_factory=set)
    wishes: dict[tuple[int, int], int] = field(default_factory=dict)

    def words(self, name: str, mentees: Iterable[str], mentors: Iterable[str]) -> str:
        """A column of words as numbers from 0, -1 where nothing is said."""
        below, above = [key(word) for word in mentees], [key(word) for word in mentors]
        number = {word: place for place, word in enumerate(sorted({*below, *above} - {""}))}
        self.mentee_columns[name] = np.array([number.get(word, -1) for word in below], np.int64)
        self.mentor_columns[name] = np.array([number.get(word, -1) for word in above], np.int64)
        return name

    def sets(
        self, name: str, mentees: Iterable[Iterable[str]], mentors: Iterable[Iterable[str]]
    ) -> list[str]:
        """Sets of words as bits, one bit a word; the words in the order of their bits."""
        below, above = (
            [{key(word) for word in words} - {""} for words in side] for side in (mentees, mentors)
        )
        known = sorted(set().union(*below, *above))
        place = {word: bit for bit, word in enumerate(known)}
        self.mentee_bits[name] = packed(
            [sum(1 << place[word] for word in words) for words in below], len(known)
        )
        self.mentor_bits[name] = packed(
            [sum(1 << place[word] for word in words) for words in above], len(known)
        )
        return known

    def weeks(self, name: str, bits: Callable[[Profile], int]) -> str:
        """Half-hours of the week as bits."""
        self.mentee_bits[name] = packed([bits(one) for one in self.mentees], HALF_HOURS)
        self.mentor_bits[name] = packed([bits(one) for one in self.mentors], HALF_HOURS)
        return name

    def grades(self) -> str:
        """The column of grades."""
        self.mentee_columns["grade"] = _grades(self.mentees, MENTEE_UNKNOWN)
        self.mentor_columns["grade"] = _grades(self.mentors, MENTOR_UNKNOWN)
        return "grade"

    def exclude(self, couples: Iterable[Couple]) -> None:
        """Forbid these couples, whichever of the two is the mentor."""
        below, above = places(self.mentees), places(self.mentors)
        for first, second in couples:
            for mentee, mentor in ((first, second), (second, first)):
                if mentee in below and mentor in above:
                    self.excluded.add((below[mentee], above[mentor]))


def packed(values: list[int], bits: int) -> Bits:
    """Whole numbers of so many bits as rows of 64-bit words, the lowest first; at least one word."""
    width = 8 * max(1, -(-bits // 64))
    raw = b"".join(value.to_bytes(width, "little") for value in values)
    return np.frombuffer(raw, "<u8").astype(np.uint64).reshape(len(values), width // 8)


def places(rows: Iterable[Profile]) -> dict[object, int]:
    """Where each person stands."""
    return {one.id: place for place, one in enumerate(rows)}


def _grades(rows: Rows, unknown: int) -> Ints:
    return np.array([unknown if one.person.grade is None else one.person.grade for one in rows], np.int64)


# -- hard rules ---------------------------------------------------------------------------------------------


def same_person(compiled: Compiled, _params: Values) -> None:
    compiled.exclude((one.id, one.id) for one in compiled.mentees)


def reporting_line(compiled: Compiled, _params: Values) -> None:
    compiled.exclude(in_line((*compiled.mentees, *compiled.mentors), compiled.facts))


def in_line(rows: Iterable[Profile], facts: Facts) -> Iterable[Couple]:
    """Everybody with their manager and their manager's manager, and all with the same manager."""
    teams: dict[object, list[Profile]] = {}
    for one in {row.id: row for row in rows}.values():
        above = facts.managers.get(one.id)
        if above is None:
            continue
        yield one.id, above
        skip = facts.managers.get(above)
        if skip is not None:
            yield one.id, skip
        teams.setdefault(above, []).append(one)
    for team in teams.values():
        yield from ((one.id, other.id) for one in team for other in team)


def shared_language(compiled: Compiled, _params: Values) -> None:
    _languages(compiled)
    compiled.rules.append(Rule(kind="overlap", column="language", least=1))


def shared_hours(compiled: Compiled, params: Values) -> None:
    column = compiled.weeks("hour", lambda one: one.answers.week.bits)
    compiled.rules.append(Rule(kind="overlap", column=column, least=-(-params["least"] // 30)))


def shared_session(compiled: Compiled, params: Values) -> None:
    column = compiled.weeks("start", lambda one: start_bits(one.answers.week.bits, params["minutes"]))
    compiled.rules.append(Rule(kind="overlap", column=column, least=1))


def grade_gap_rule(compiled: Compiled, params: Values) -> None:
    column = compiled.grades()
    compiled.rules.append(Rule(kind="gap", column=column, least=params["lowest"], most=params["highest"]))


def not_blocked(compiled: Compiled, _params: Values) -> None:
    compiled.exclude(compiled.facts.blocked)


def no_repeat(compiled: Compiled, params: Values) -> None:
    compiled.exclude(both for both, ago in compiled.facts.past.items() if ago <= params["cycles"])


def different_function(compiled: Compiled, _params: Values) -> None:
    compiled.rules.append(Rule(kind="differ", column=_functions(compiled)))


def different_department(compiled: Compiled, _params: Values) -> None:
    said = ([one.person.department for one in side] for side in (compiled.mentees, compiled.mentors))
    compiled.rules.append(Rule(kind="differ", column=compiled.words("department", *said)))


# -- criteria -----------------------------------------------------------------------------------------------


def topics(compiled: Compiled, _params: Values, points: int) -> None:
    known = compiled.sets(
        "topic",
        ([*one.answers.topics_sought] for one in compiled.mentees),
        ([*one.answers.topics_offered] for one in compiled.mentors),
    )
    weights = tuple(compiled.facts.rarity.get(topic, 0) for topic in known)
    compiled.criteria.append(Criterion(kind="coverage", column="topic", points=points, weights=weights))


def cross_functional(compiled: Compiled, _params: Values, points: int) -> None:
    compiled.criteria.append(Criterion(kind="differ", column=_functions(compiled), points=points))


def same_function(compiled: Compiled, _params: Values, points: int) -> None:
    compiled.criteria.append(Criterion(kind="same", column=_functions(compiled), points=points))


def grade_gap(compiled: Compiled, params: Values, points: int) -> None:
    table: Mapping[int, int] = params["table"]
    lowest, highest = min(table), max(table)
    # Nothing at both ends: the solver's table goes on with its ends, ours gives 0 beyond them.
    shares = [0, *(table.get(gap, 0) for gap in range(lowest, highest + 1)), 0]
    compiled.criteria.append(
        Criterion(
            kind="gap",
            column=compiled.grades(),
            points=points,
            least=lowest - 1,
            table=tuple(points * share // 1000 for share in shares),
        )
    )


def grade_wish(compiled: Compiled, _params: Values, points: int) -> None:
    known = {str(one.person.grade) for one in compiled.mentors}
    compiled.sets(
        "grade_wish",
        (_levels_welcome(one, known) for one in compiled.mentees),
        ([str(one.person.grade)] for one in compiled.mentors),
    )
    compiled.criteria.append(Criterion(kind="any", column="grade_wish", points=points))


def _levels_welcome(one: Profile, known: set[str]) -> set[str]:
    """Those of the known levels ("None" where nobody told) that the mentee asked for; all without a wish."""
    if not one.answers.grade_wish:
        return known
    if one.person.grade is None:
        return set()
    least, most = GRADE_WISHES[one.answers.grade_wish]
    return known & {str(one.person.grade + gap) for gap in range(least, most + 1)}


def shared_hours_points(compiled: Compiled, params: Values, points: int) -> None:
    column = compiled.weeks("hour", lambda one: one.answers.week.bits)
    compiled.criteria.append(
        Criterion(kind="overlap", column=column, points=points, most=params["most"] // 30)
    )


def languages(compiled: Compiled, params: Values, points: int) -> None:
    _languages(compiled)
    compiled.criteria.append(Criterion(kind="overlap", column="language", points=points, most=params["most"]))


def same_site(compiled: Compiled, _params: Values, points: int) -> None:
    said = ([one.person.site for one in side] for side in (compiled.mentees, compiled.mentors))
    compiled.criteria.append(Criterion(kind="same", column=compiled.words("site", *said), points=points))


def wishes(compiled: Compiled, _params: Values, points: int) -> None:
    below, above = places(compiled.mentees), places(compiled.mentors)
    for one in compiled.mentees:
        for other in one.answers.wishes:
            _wish(compiled, below[one.id], above.get(other))
    for one in compiled.mentors:
        for other in one.answers.wishes:
            _wish(compiled, below.get(other), above[one.id])
    compiled.criteria.append(Criterion(kind="wish", points=points))


def identity(compiled: Compiled, _params: Values, points: int) -> None:
    compiled.sets(
        "identity",
        ([one.answers.identity_wish] for one in compiled.mentees),
        ([*one.answers.characteristics] for one in compiled.mentors),
    )
    compiled.criteria.append(Criterion(kind="any", column="identity", points=points))


def _wish(compiled: Compiled, mentee: int | None, mentor: int | None) -> None:
    if mentee is not None and mentor is not None:
        compiled.wishes[mentee, mentor] = compiled.wishes.get((mentee, mentor), 0) + 500


def _functions(compiled: Compiled) -> str:
    said = ([one.person.function for one in side] for side in (compiled.mentees, compiled.mentors))
    return compiled.words("function", *said)


def _languages(compiled: Compiled) -> None:
    spoken = ([one.person.languages for one in side] for side in (compiled.mentees, compiled.mentors))
    compiled.sets("language", *spoken)


RULES: Mapping[str, Callable[[Compiled, Values], None]] = {
    "same_person": same_person,
    "reporting_line": reporting_line,
    "shared_language": shared_language,
    "shared_hours": shared_hours,
    "shared_session": shared_session,
    "grade_gap": grade_gap_rule,
    "not_blocked": not_blocked,
    "no_repeat": no_repeat,
    "different_function": different_function,
    "different_department": different_department,
}

CRITERIA: Mapping[str, Callable[[Compiled, Values, int], None]] = {
    "topics": topics,
    "cross_functional": cross_functional,
    "same_function": same_function,
    "grade_gap": grade_gap,
    "grade_wish": grade_wish,
    "shared_hours": shared_hours_points,
    "languages": languages,
    "same_site": same_site,
    "wishes": wishes,
    "identity": identity,
}
