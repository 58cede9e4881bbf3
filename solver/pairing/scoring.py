"""How good each pair is: one small function per kind of criterion and rule (docs/model.md, 1.2 and 1.3).

Every function speaks for a block of mentees against all mentors; one pair is a block of one by one, so what
explains a pair is by construction what the solver added up. To add a criterion: its kind in `problem.py`, its
function here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Bits, Criterion, Ints, PairingProblem, Rule, Scores

FORBIDDEN = -11_000
"""Below minus the highest utility: no sum of points makes a forbidden pair allowed, and two still fit 16
bits.
"""

TABLE_ENTRIES = 1_500_000
TABLE_ROWS = 160
BLOCK_ENTRIES = 250_000
MANY_MENTORS, MANY_BITS = 15_000, 12
"""From so many mentors on, and up to so many bits wanted, coverage is added up bit by bit."""


class Utilities(Protocol):
    """Utilities of all pairs, block by block: all the solver knows of criteria."""

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""

    @property
    def top(self) -> int:
        """No utility is higher."""

    def block(self, start: int, stop: int) -> NDArray[Any]:
        """Signed integers (stop - start, mentors): 0..top, or -1 where the pair is forbidden."""


@dataclass(frozen=True)
class MatrixUtilities:
    """Utilities given outright, (E, M)."""

    matrix: NDArray[Any]

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.matrix.shape[0]), int(self.matrix.shape[1])

    @property
    def top(self) -> int:
        return int(self.matrix.max(initial=0))

    def block(self, start: int, stop: int) -> NDArray[Any]:
        return self.matrix[start:stop]


@dataclass(frozen=True)
class Sides:
    """The two sides a block looks at: columns and bit sets of some mentees and some mentors."""

    mentee_columns: Mapping[str, Ints]
    mentor_columns: Mapping[str, Ints]
    mentee_bits: Mapping[str, Bits]
    mentor_bits: Mapping[str, Bits]

    def of_mentees(self, rows: Any) -> "Sides":
        """The same, with these mentees only."""
        columns = {name: values[rows] for name, values in self.mentee_columns.items()}
        bits = {name: values[rows] for name, values in self.mentee_bits.items()}
        return Sides(columns, self.mentor_columns, bits, self.mentor_bits)


def sides_of(problem: PairingProblem) -> Sides:
    """All mentees and all mentors of a problem."""
    return Sides(problem.mentee_columns, problem.mentor_columns, problem.mentee_bits, problem.mentor_bits)


# -- one function per kind ---------------------------------------------------------


def same_value(sides: Sides, column: str) -> NDArray[np.bool_]:
    """(E, M): both hold the same known value; a negative value is unknown and equals nothing."""
    mentee, mentor = sides.mentee_columns[column], sides.mentor_columns[column]
    equal: NDArray[np.bool_] = mentee[:, None] == mentor[None, :]
    return equal & (mentee >= 0)[:, None]


def gap_between(sides: Sides, column: str) -> Ints:
    """(E, M): mentor's value minus mentee's."""
    gap: Ints = sides.mentor_columns[column][None, :] - sides.mentee_columns[column][:, None]
    return gap


def shared_bits(sides: Sides, column: str) -> NDArray[Any]:
    """(E, M): how many bits both have; unsigned 8 bits where that is enough."""
    mentee, mentor = sides.mentee_bits[column], sides.mentor_bits[column]
    shared: NDArray[Any] = np.bitwise_count(mentee[:, 0, None] & mentor[None, :, 0])
    if mentee.shape[1] > 3:
        shared = shared.astype(np.int16)
    for word in range(1, mentee.shape[1]):
        shared += np.bitwise_count(mentee[:, word, None] & mentor[None, :, word])
    return shared


def same_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    return criterion.points * same_value(sides, criterion.column)


def differ_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    return criterion.points * ~same_value(sides, criterion.column)


def gap_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    place = np.clip(gap_between(sides, criterion.column) - criterion.least, 0, len(criterion.table) - 1)
    points: NDArray[Any] = np.array(criterion.table)[place]
    return points


def any_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    return criterion.points * (shared_bits(sides, criterion.column) > 0)


def overlap_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    shared = shared_bits(sides, criterion.column)
    beyond = np.minimum(np.maximum(shared.astype(np.int64) - criterion.least, 0), criterion.most)
    points: Ints = criterion.points * beyond // criterion.most
    return points


def coverage_points(sides: Sides, criterion: Criterion) -> NDArray[Any]:
    """points * covered // wanted; the half keeps the quotient clear of the next whole number when
    rounding.
    """
    wants = unpacked(sides.mentee_bits[criterion.column], criterion.weights)
    offers = unpacked(sides.mentor_bits[criterion.column], ())
    wanted = np.maximum(wants.sum(axis=1, keepdims=True), 1)
    covered = wants.astype(np.float32) @ offers.T.astype(np.float32)
    points: NDArray[Any] = np.floor((criterion.points * covered.astype(np.float64) + 0.5) / wanted)
    return points


def unpacked(bits: Bits, weights: tuple[int, ...]) -> NDArray[np.float64]:
    """Bit sets as numbers (n, 64 * words): the bit's weight where it is set, 1 beyond the weights given."""
    single = np.unpackbits(np.ascontiguousarray(bits).astype("<u8").view(np.uint8), axis=1, bitorder="little")
    weight = np.ones(single.shape[1])
    weight[: len(weights)] = weights[: single.shape[1]]
    return single * weight


POINTS: dict[str, Callable[[Sides, Criterion], NDArray[Any]]] = {
    "same": same_points,
    "differ": differ_points,
    "gap": gap_points,
    "any": any_points,
    "overlap": overlap_points,
    "coverage": coverage_points,
}


def breaks(sides: Sides, rule: Rule) -> NDArray[np.bool_]:
    """(E, M): the pair breaks the hard rule."""
    if rule.kind == "same":
        return ~same_value(sides, rule.column)
    if rule.kind == "differ":
        return same_value(sides, rule.column)
    if rule.kind == "overlap":
        return shared_bits(sides, rule.column) < rule.least
    gap = gap_between(sides, rule.column)
    return (gap < rule.least) | (gap > rule.most)


# -- all of them together ----------------------------------------------------------


def terms(problem: PairingProblem, mentee: int, mentor: int) -> tuple[int, ...]:
    """Points of one pair per criterion, in the policy's order; their sum is the pair's utility."""
    pair = Sides(
        {name: values[[mentee]] for name, values in problem.mentee_columns.items()},
        {name: values[[mentor]] for name, values in problem.mentor_columns.items()},
        {name: values[[mentee]] for name, values in problem.mentee_bits.items()},
        {name: values[[mentor]] for name, values in problem.mentor_bits.items()},
    )
    mine = (problem.wishes[:, 0] == mentee) & (problem.wishes[:, 1] == mentor)
    wish = int(problem.wishes[mine, 2].sum())
    return tuple(
        criterion.points * wish // 1000
        if criterion.kind == "wish"
        else int(POINTS[criterion.kind](pair, criterion)[0, 0])
        for criterion in problem.criteria
    )


def broken_rules(problem: PairingProblem, mentee: int) -> NDArray[np.bool_]:
    """(rules + 1, M): which hard rules each pair of this mentee breaks; the last row: excluded, or
    themselves.
    """
    own = sides_of(problem).of_mentees([mentee])
    rows = [breaks(own, rule)[0] for rule in problem.rules]
    last = problem.mentor_people == problem.mentee_people[mentee]
    last[problem.excluded[problem.excluded[:, 0] == mentee, 1]] = True
    return np.array([*rows, last])


class ColumnUtilities:
    """Utilities computed from columns, bit sets, rules and criteria.

    What depends on few distinct values (functions, levels, languages) is computed once per distinct value and
    looked up per mentee; the rest is computed per block. Raises ValueError if a problem carries a matrix
    instead.
    """

    def __init__(self, problem: PairingProblem) -> None:
        self._problem = problem
        self._sides = sides_of(problem)
        self._tables, left = _tables(problem)
        self._rules = tuple(part for part in left if isinstance(part, Rule))
        self._criteria = tuple(part for part in left if isinstance(part, Criterion) and part.kind != "wish")
        self._coverage = {
            part: _coverage(self._sides, part) for part in self._criteria if part.kind == "coverage"
        }
        self._wishes = _by_mentee(_wish_points(problem), problem.mentees)
        self._excluded = _by_mentee(_excluded_pairs(problem), problem.mentees)

    @property
    def shape(self) -> tuple[int, int]:
        return self._problem.mentees, self._problem.mentors

    @property
    def top(self) -> int:
        return self._problem.top

    def block(self, start: int, stop: int) -> Scores:
        """int16 (stop - start, mentors)."""
        step = max(1, BLOCK_ENTRIES // max(1, self._problem.mentors))
        out = np.empty((stop - start, self._problem.mentors), np.int16)
        for first in range(start, stop, step):
            last = min(stop, first + step)
            self._fill(out[first - start : last - start], first, last)
        return out

    def above(self, start: int, stop: int, least: Scores) -> tuple[Ints, Ints, Ints]:
        """Mentee (from `start`), mentor and utility of all allowed pairs of a block with at least `least`.

        Hours and the like are counted only where what is known cheaply, and all their points, would do.
        """
        late = [part for part in self._criteria if part.kind == "overlap"]
        if len(late) + len(self._coverage) < len(self._criteria) or any(
            rule.kind != "overlap" for rule in self._rules
        ):
            block = self.block(start, stop)
            row, mentor = (block >= np.maximum(least, 0)).nonzero()
            return row, mentor, block[row, mentor].astype(np.int64)
        found = []
        step = max(1, BLOCK_ENTRIES // max(1, self._problem.mentors))
        for first in range(start, stop, step):
            last = min(stop, first + step)
            row, mentor, utility = self._above(first, last, least[first - start : last - start], late)
            found.append((row + (first - start), mentor, utility))
        row, mentor, utility = (np.concatenate(part) for part in zip(*found, strict=True))
        return row, mentor, utility

    def _above(
        self, start: int, stop: int, least: Scores, late: Sequence[Criterion]
    ) -> tuple[Ints, Ints, Ints]:
        out = np.zeros((stop - start, self._problem.mentors), np.int16)
        self._look_up(out, start, stop)
        for coverage in self._coverage.values():
            out += coverage.block(start, stop)
        pairs = self._wishes.pairs[self._wishes.rows[start] : self._wishes.rows[stop]]
        out[pairs[:, 0] - start, pairs[:, 1]] += pairs[:, 2].astype(np.int16)
        pairs = self._excluded.pairs[self._excluded.rows[start] : self._excluded.rows[stop]]
        out[pairs[:, 0] - start, pairs[:, 1]] = FORBIDDEN
        rest = sum(criterion.points for criterion in late)
        place = np.flatnonzero(out >= least - np.int16(rest))
        row, mentor = np.divmod(place, self._problem.mentors)
        known = out.reshape(-1)[place]
        row, mentor, known = row[known >= 0], mentor[known >= 0], known[known >= 0]
        utility = known.astype(np.int64)
        for criterion in late:
            utility += _overlap(self._shared_by(criterion.column, row + start, mentor), criterion)
        for rule in self._rules:
            utility[self._shared_by(rule.column, row + start, mentor) < rule.least] = -1
        kept = np.flatnonzero(utility >= np.maximum(least[row, mentor], 0))
        return row[kept], mentor[kept], utility[kept]

    def _shared_by(self, column: str, mentee: Ints, mentor: Ints) -> Ints:
        """How many bits each of these pairs shares."""
        both = self._sides.mentee_bits[column][mentee] & self._sides.mentor_bits[column][mentor]
        shared: Ints = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        return shared

    def _look_up(self, out: Scores, start: int, stop: int) -> None:
        """Adds what the tables know."""
        for table, codes in self._tables:
            out += table[codes[start:stop]]
            if len(self._tables) > 2:
                np.maximum(out, FORBIDDEN, out=out)

    def _fill(self, out: Scores, start: int, stop: int) -> None:
        out[:] = 0
        self._look_up(out, start, stop)
        own = self._sides.of_mentees(slice(start, stop))
        shared: dict[str, NDArray[Any]] = {}
        for criterion in self._criteria:
            if criterion.kind == "coverage":
                out += self._coverage[criterion].block(start, stop)
            elif criterion.kind == "overlap":
                out += _overlap(_shared(own, criterion.column, shared), criterion)
            else:
                out += POINTS[criterion.kind](own, criterion).astype(np.int16)
        for rule in self._rules:
            if rule.kind == "overlap":
                np.copyto(out, FORBIDDEN, where=_shared(own, rule.column, shared) < rule.least)
            else:
                np.copyto(out, FORBIDDEN, where=breaks(own, rule))
        first, last = self._wishes.rows[start], self._wishes.rows[stop]
        pairs = self._wishes.pairs[first:last]
        out[pairs[:, 0] - start, pairs[:, 1]] += pairs[:, 2].astype(np.int16)
        np.maximum(out, -1, out=out)
        pairs = self._excluded.pairs[self._excluded.rows[start] : self._excluded.rows[stop]]
        out[pairs[:, 0] - start, pairs[:, 1]] = -1


class _Coverage:
    """Coverage of all pairs with both sides unpacked once; in single precision where that is surely exact."""

    def __init__(self, sides: Sides, criterion: Criterion) -> None:
        wants = unpacked(sides.mentee_bits[criterion.column], criterion.weights)
        wanted = np.maximum(wants.sum(axis=1, keepdims=True), 1)
        offers = unpacked(sides.mentor_bits[criterion.column], ())
        used = np.flatnonzero(wants.any(axis=0) & offers.any(axis=0))
        most_terms = int((wants > 0).sum(axis=1).max(initial=0)) + 3
        kind = (
            np.float32
            if criterion.points * most_terms * 2.0**-23 < 0.2 / wanted.max(initial=1)
            else np.float64
        )
        scaled = (
            np.concatenate([wants[:, used] * criterion.points, np.full((len(wants), 1), 0.5)], axis=1)
            / wanted
        )
        self._wants = scaled.astype(kind)
        self._offers = np.concatenate([offers[:, used], np.ones((len(offers), 1))], axis=1).T.astype(
            kind, order="C"
        )

    def block(self, start: int, stop: int) -> Scores:
        points: Scores = (self._wants[start:stop] @ self._offers).astype(np.int16)
        return points


class _FewWanted:
    """Coverage where mentees want few bits of many mentors: a mentor's bits are added up, one byte each.

    points * covered // wanted is a product and a shift of 16 bits where that is exact, else looked up.
    """

    def __init__(self, wants: NDArray[np.float64], offers: NDArray[np.float64], points: int) -> None:
        self._offers = np.ascontiguousarray(offers.T).astype(np.uint8)
        self._weights = wants.astype(np.uint8)
        self._points, self._wanted = points, wants.sum(axis=1).astype(np.int64)
        self._scales = {wanted: _scale(points, wanted) for wanted in np.unique(self._wanted).tolist()}

    def block(self, start: int, stop: int) -> Scores:
        mentors = self._offers.shape[1]
        out = np.zeros((stop - start, mentors), np.int16)
        covered = np.empty(mentors, np.uint8)
        for row in range(start, stop):
            bits = np.flatnonzero(self._weights[row])
            if len(bits):
                self._cover(covered, row, bits)
                self._score(out[row - start], covered, int(self._wanted[row]))
        return out

    def _cover(self, covered: NDArray[np.uint8], row: int, bits: Ints) -> None:
        np.multiply(self._offers[bits[0]], self._weights[row, bits[0]], out=covered)
        for bit in bits[1:].tolist():
            weight = self._weights[row, bit]
            covered += self._offers[bit] if weight == 1 else self._offers[bit] * weight

    def _score(self, out: Scores, covered: NDArray[np.uint8], wanted: int) -> None:
        scale = self._scales[wanted]
        if scale is None:
            by_count = (self._points * np.arange(wanted + 1) // wanted).astype(np.int16)
            np.take(by_count, covered, out=out)
            return
        factor, shift = scale
        np.multiply(covered, np.int16(factor), out=out)
        if shift:
            out >>= np.int16(shift)


def _scale(points: int, wanted: int) -> tuple[int, int] | None:
    """Factor and shift with covered * factor >> shift = points * covered // wanted in 16 bits, if there
    are any.
    """
    covered = np.arange(wanted + 1)
    for shift in range(8):
        factor = -(-(points << shift) // max(1, wanted))
        exact = np.array_equal(covered * factor >> shift, points * covered // max(1, wanted))
        if exact and factor * wanted < 2**15:
            return factor, shift
    return None


def _coverage(sides: Sides, criterion: Criterion) -> "_Coverage | _FewWanted":
    """The quicker of the two ways."""
    if len(sides.mentor_bits[criterion.column]) >= MANY_MENTORS:
        wants = unpacked(sides.mentee_bits[criterion.column], criterion.weights)
        if wants.sum(axis=1).max(initial=0) < 256 and np.count_nonzero(wants) <= MANY_BITS * len(wants):
            return _FewWanted(wants, unpacked(sides.mentor_bits[criterion.column], ()), criterion.points)
    return _Coverage(sides, criterion)


def _shared(own: Sides, column: str, known: dict[str, NDArray[Any]]) -> NDArray[Any]:
    if column not in known:
        known[column] = shared_bits(own, column)
    return known[column]


def _overlap(shared: NDArray[Any], criterion: Criterion) -> NDArray[Any]:
    if criterion.least == 0 and criterion.points % criterion.most == 0 and criterion.most < 256:
        step = np.int16(criterion.points // criterion.most)
        points: NDArray[Any] = np.minimum(shared, shared.dtype.type(criterion.most)) * step
        return points
    by_count = np.clip(np.arange(int(shared.max(initial=0)) + 1) - criterion.least, 0, criterion.most)
    looked_up: NDArray[Any] = (criterion.points * by_count // criterion.most).astype(np.int16)[shared]
    return looked_up


@dataclass(frozen=True)
class _ByMentee:
    """Pairs sorted by mentee; those of mentee e are `pairs[rows[e]:rows[e + 1]]`."""

    pairs: Ints
    rows: Ints


def _by_mentee(pairs: Ints, mentees: int) -> _ByMentee:
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return _ByMentee(ordered, np.searchsorted(ordered[:, 0], np.arange(mentees + 1)))


def _wish_points(problem: PairingProblem) -> Ints:
    """(k, 3): mentee, mentor, points of all wish criteria together; wishes of one pair add up."""
    keys, place = np.unique(problem.wishes[:, :2], axis=0, return_inverse=True)
    wished = np.bincount(place.reshape(-1), problem.wishes[:, 2], minlength=len(keys)).astype(np.int64)
    points = sum(
        (c.points * wished // 1000 for c in problem.criteria if c.kind == "wish"), np.zeros_like(wished)
    )
    return np.concatenate([keys, points[:, None]], axis=1)


def _excluded_pairs(problem: PairingProblem) -> Ints:
    """(k, 2): excluded pairs, and everybody with themselves."""
    _, mentee, mentor = np.intersect1d(problem.mentee_people, problem.mentor_people, return_indices=True)
    return np.concatenate([problem.excluded, np.stack([mentee, mentor], axis=1)])


def _tables(problem: PairingProblem) -> tuple[list[tuple[Scores, Ints]], list[Rule | Criterion]]:
    """Rules and criteria over few distinct values as tables (distinct, M) with each mentee's row; and the
    others.
    """
    tables: list[tuple[Scores, Ints]] = []
    left: list[Rule | Criterion] = []
    codes = np.zeros(problem.mentees, np.int64)
    group: list[Rule | Criterion] = []
    most = min(max(TABLE_ROWS, TABLE_ENTRIES // max(1, problem.mentors)), problem.mentees // 2)
    parts: list[Rule | Criterion] = [*problem.rules, *problem.criteria]
    keyed = [(part, _values(problem, part)) for part in parts]
    for part, values in sorted(keyed, key=lambda one: int(one[1].max(initial=0))):
        if part.kind in ("coverage", "wish") or values.max(initial=0) >= most:
            left.append(part)
            continue
        joint = _numbered(codes * (int(values.max(initial=0)) + 1) + values)
        if joint.max(initial=0) >= most and group:
            tables.append(_table(problem, group, codes))
            group, joint = [], values
        group.append(part)
        codes = joint
    if group:
        tables.append(_table(problem, group, codes))
    return tables, left


def _values(problem: PairingProblem, part: Rule | Criterion) -> Ints:
    """Each mentee's value in the part's column as a number from 0; coverage and wishes have none."""
    if part.kind in ("coverage", "wish"):
        return np.zeros(problem.mentees, np.int64)
    if part.kind not in ("any", "overlap"):
        return _numbered(problem.mentee_columns[part.column])
    words = problem.mentee_bits[part.column]
    numbers = np.zeros(problem.mentees, np.int64)
    for word in range(words.shape[1]):
        joined = _numbered(words[:, word])
        numbers = _numbered(numbers * (int(joined.max(initial=0)) + 1) + joined)
    return numbers


def _numbered(values: NDArray[Any]) -> Ints:
    """The rank of each value among the distinct ones."""
    ranks: Ints = np.unique(values, return_inverse=True)[1].reshape(-1)
    return ranks


def _table(problem: PairingProblem, group: list[Rule | Criterion], codes: Ints) -> tuple[Scores, Ints]:
    _, example = np.unique(codes, return_index=True)
    own = sides_of(problem).of_mentees(example)
    total = np.zeros((len(example), problem.mentors), np.int64)
    for part in group:
        if isinstance(part, Criterion):
            total += POINTS[part.kind](own, part).astype(np.int64)
    for part in group:
        if isinstance(part, Rule):
            total[breaks(own, part)] = FORBIDDEN
    return total.astype(np.int16), codes
