"""Questions about a problem in which some ask for several mentors, answered at once (docs/model.md, 1.13).

The whole is NP-hard, so an answer is one of two things: the best plan and proved, where a flow that looks at
the total alone keeps everything else as well, or where the problem is small; otherwise a good plan near the
one at hand, with a bound. How many are placed is exact in both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.pairing.assemble import level_counts
from solver.pairing.goals import level_of
from solver.pairing.market import PinError, utilities_of
from solver.pairing.problem import Ints, PairingProblem, Scores
from solver.pairing.questions import Change, Pair, WhyNot, with_points
from solver.pairing.scoring import MatrixUtilities, broken_rules
from solver.pairing.several.better import bettered
from solver.pairing.several.case import Case, Flags
from solver.pairing.several.flow import best_flow
from solver.pairing.several.solve import solve_several
from solver.pairing.several.terms import DrawnCase, ladder_of, terms_of
from solver.settings import Remaining, SolveSettings, silent, unhurried

Within = Callable[[float], Remaining]
"""A deadline so many seconds from now."""

SMALL = 60
"""Problems with at most so many mentees are first tried to proof."""
SMALL_SECONDS = 1.5
FIRST_SECONDS = 20.0
EACH = 12
STEEP = 1.5


@dataclass(frozen=True, kw_only=True)
class WholePlan:
    """A whole plan: its pairs, how many mentees have somebody, mentees by level, total.

    `bound`: no plan that places as many has a higher total. `proved`: this is the best plan there is, by all
    goals in their order; `placed` is the most there can be in any case.
    """

    pairs: tuple[Pair, ...]
    placed: int
    levels: tuple[int, ...]
    total: int
    bound: int
    proved: bool


class WarmSeveralProblem:
    """A problem scored once, ready for questions. people, most: as for `WarmProblem`; problems with at most
    `small` mentees are first tried to proof, for as long as `within` gives."""

    def __init__(
        self,
        problem: PairingProblem,
        settings: SolveSettings,
        people: Ints | None = None,
        most: Ints | None = None,
        *,
        small: int = SMALL,
        within: Within = lambda _seconds: unhurried,
    ) -> None:
        self._within = within
        self.problem, self._settings, self._people, self._most = problem, settings, people, most
        self._small_to = small
        utilities = utilities_of(problem)
        step = max(1, 1_000_000 // max(1, problem.mentors))
        starts = range(0, problem.mentees, step)
        blocks = [utilities.block(at, min(problem.mentees, at + step)) for at in starts]
        self._matrix = np.concatenate([*blocks, np.zeros((0, problem.mentors), np.int16)]).astype(np.int16)
        whole = _Question(problem, self._matrix)
        self._good = np.zeros(self._matrix.shape, bool)
        good = whole.promising()
        self._good[whole.case.mentee[good], whole.case.mentor[good]] = True
        self._prices = whole.prices() if problem.cross_share else None
        if problem.mentees <= small:
            # The libraries are loaded before anybody waits for them.
            self._small(problem, self._matrix, FIRST_SECONDS)

    def utility_of(self, mentee: int) -> Scores:
        """What each mentor is worth to a mentee (M,), -1 where no rule allows it."""
        row: Scores = self._matrix[mentee]
        return row

    def plan(self) -> WholePlan:
        """The plan with nothing changed, and none at hand to be near to."""
        return self.what_if(Change(), anew=True)

    def what_if(self, change: Change, start: tuple[Pair, ...] = (), *, anew: bool = False) -> WholePlan:
        """The best plan with the change made that is found at once.

        start: the plan at hand; whoever has no part in the change stays as there. anew: it was made for other
        rules or weights, so everybody is looked at. Raises `PinError` for a pin no rule allows, ValueError
        for what cannot hold.
        """
        if change.points:
            criteria = with_points(self.problem.criteria, change.points)
            other = self.problem.replace(criteria=criteria)
            weighed = WarmSeveralProblem(
                other, self._settings, self._people, self._most, small=self._small_to, within=self._within
            )
            return weighed.what_if(replace(change, points=()), start, anew=True)
        changed, matrix = self._changed(change)
        if changed.mentees <= self._small_to and (proved := self._small(changed, matrix)) is not None:
            return proved
        question = _Question(changed, matrix, self._good, self._prices)
        freed = [mentor for _, mentor in change.forbid] + [mentor for mentor, _ in change.places]
        return question.answer(_rows(start), freed, anew=anew)

    def why_not(self, mentee: int, mentor: int) -> WhyNot:
        """The rules that stand against a pair (-1: excluded); none where only a price does: ask `what_if`."""
        broken = np.flatnonzero(broken_rules(self.problem, mentee)[:, mentor])
        last = len(self.problem.rules)
        return WhyNot(rules=tuple(-1 if rule == last else rule for rule in broken.tolist()))

    def _changed(self, change: Change) -> tuple[PairingProblem, Scores]:
        """The problem with the change, and its utilities (E, M)."""
        problem, capacity = self.problem, self.problem.capacity.copy()
        for mentor, places in change.places:
            capacity[mentor] = places if self._most is None else min(places, int(self._most[mentor]))
        capacity[list(change.gone_mentors)] = 0
        gone = set(change.gone_mentees)
        pins = {*map(tuple, problem.pinned.tolist()), *change.pin}
        pinned = _rows(sorted(pin for pin in pins if pin[0] not in gone))
        matrix = self._matrix.copy()
        for mentee, mentor in change.forbid:
            matrix[mentee, mentor] = -1
        matrix[list(gone)] = -1
        broken = pinned[matrix[pinned[:, 0], pinned[:, 1]] < 0].tolist()
        if broken:
            raise PinError(f"Pins {broken} break a hard rule.")
        return problem.replace(capacity=capacity, pinned=pinned), matrix

    def _small(
        self, changed: PairingProblem, matrix: Scores, seconds: float = SMALL_SECONDS
    ) -> WholePlan | None:
        """The run's own search, if it comes to a proof at once."""
        remaining = self._within(seconds)
        plan = solve_several(
            changed,
            MatrixUtilities(matrix),
            self._settings,
            remaining,
            silent,
            people=self._people,
        )
        if not plan.proved:
            return None
        return WholePlan(
            pairs=tuple(map(tuple, plan.pairs.tolist())),
            placed=plan.placed,
            levels=plan.levels,
            total=plan.total,
            bound=plan.total,
            proved=True,
        )


class _Question:
    """One changed problem as a case, rows as in the problem. good (E, M): pairs worth a first look; prices:
    of crossing pairs before the change, one that brings too few of them and one that brings enough."""

    def __init__(
        self,
        problem: PairingProblem,
        matrix: Scores,
        good: Flags | None = None,
        prices: tuple[int, int] | None = None,
    ) -> None:
        self.problem, self.matrix = problem, matrix
        self.case = _case(problem, matrix)
        self.terms = terms_of(problem, _undrawn(problem, self.case))
        none = np.zeros(len(self.case.mentee), np.int64)
        self.cross = none if self.terms.cross is None else self.terms.cross
        self.good = none > 0 if good is None else good[self.case.mentee, self.case.mentor]
        self.known = prices

    def answer(self, start: Ints, freed: Sequence[int], *, anew: bool) -> WholePlan:
        """The plan for this question; start (k, 2): the plan at hand; freed: mentors who may have a place now
        that nobody has asked about."""
        case, near = self.case, self._near(start)
        highest = best_flow(case, case.utility, near, self.terms.credit)
        bound = self._total(highest)
        if self._is_best(highest):
            return self._reply(highest, bound, proved=True)
        if self._across(highest) < self.terms.cross_least:
            # Where the levels alone rule a proof out, the share is only reached, not proved.
            whole = self._is_best(highest, short=True)
            highest, with_share, proved = self._with_share(highest, near, whole=whole)
            if proved and self._is_best(highest, short=True):
                return self._reply(highest, with_share, proved=True)
            # Levels come before the share: where they ask for much, the best plan may fall short of it.
            bound = bound if self.terms.depth else with_share
        if self.terms.first_steps:
            chosen = self._steep(near, highest)
        elif not self.terms.depth:
            chosen = highest
        else:
            chosen = self._nearest(near, highest) if len(start) else highest
            onwards = anew or not len(start)
            only = {} if onwards else self._keen(near, chosen, freed)
            first = self._first(near, chosen, only, everybody=onwards)
            chosen = bettered(case, self.terms, chosen, first, only=only, onwards=onwards)
        return self._reply(chosen, max(bound, self._total(chosen)), proved=False)

    def prices(self) -> tuple[int, int]:
        """Two prices of a crossing pair next to each other: too few cross at one, enough at the other."""
        self.good[self.promising()] = True
        return self._between((0, self._top), self.good & ~self.good)

    def _near(self, start: Ints) -> Flags:
        width = max(1, self.case.mentors)
        return np.isin(self.case.mentee * width + self.case.mentor, start[:, 0] * width + start[:, 1])

    def _is_best(self, chosen: Flags, *, short: bool = False) -> bool:
        """Whether nothing that comes before the total could be better either. short: as many cross as can."""
        case, terms = self.case, self.terms
        if case.low.any() or (self._across(chosen) < terms.cross_least and not short):
            return False
        if terms.first_steps:
            level = level_of(case.utility[chosen], self.problem.line, self.problem.levels)
            return bool((level > self.problem.levels).all())
        if not terms.depth:
            return True
        levels, missing = case.levels_of(chosen), case.missing(chosen)[0]
        if bool((levels[levels > 0] >= case.ladder.top).all()):
            return True
        return not missing and bool((levels >= np.minimum(case.ceilings, case.ladder.top)).all())

    def _with_share(self, free: Flags, near: Flags, *, whole: bool) -> tuple[Flags, int, bool]:
        """The plan of highest total that reaches the share, by a price on crossing pairs: the plan, a bound,
        and whether it is the best by coverage, share and total. The most crossing pairs if it cannot be.

        whole: over all pairs; otherwise one over the good pairs will do.
        """
        case, least = self.case, self.terms.cross_least
        _, price = self._between(self.known or (0, self._top), near)
        if price < self._top:
            chosen = self._priced(price, near, free, whole=whole)
            own, beyond = self._total(chosen), self._across(chosen) - least
            if beyond >= 0:
                bound = own + price * beyond if whole else self._total(free)
                return chosen, bound, whole and not price * beyond
        dear = (self._top + 1) * (2 * min(case.mentees, case.mentors) + 4)
        most = self._priced(dear, near, free, whole=whole)
        short = whole and self._across(most) <= least
        return most, self._total(most if short else free), short

    def _priced(self, price: int, near: Flags, free: Flags, *, whole: bool) -> Flags:
        """The flow at a price of crossing pairs; `whole`: over all pairs, else over the good ones if they
        place as many."""
        worth = self.case.utility + price * self.cross
        if not whole:
            some = self._part(near | free, worth)
            if self.case.missing(some) == self.case.missing(free):
                return some
        return best_flow(self.case, worth, near, self.terms.credit)

    @property
    def _top(self) -> int:
        return int(self.case.utility.max(initial=0)) + 1

    def _between(self, known: tuple[int, int], near: Flags) -> tuple[int, int]:
        """Prices between which as many cross as the share asks for, over the good pairs; what was known is
        tried first, and left by steps that double."""

        def enough(price: int) -> bool:
            some = self._part(near, self.case.utility + price * self.cross)
            return self._across(some) >= self.terms.cross_least

        few, many = known
        step = 1
        while many < self._top and not enough(many):
            few, many, step = many, min(self._top, many + step), 2 * step
        step = 1
        while few > 0 and enough(few):
            few, many, step = max(0, few - step), few, 2 * step
        while many - few > 1:
            price = (few + many) // 2
            few, many = (few, price) if enough(price) else (price, many)
        return few, many

    def _across(self, chosen: Flags) -> int:
        return int(self.cross[chosen].sum())

    def _nearest(self, near: Flags, fallback: Flags) -> Flags:
        """Of the plans that place as many, that with the most pairs of the plan at hand, the share kept."""
        case, least = self.case, min(self.terms.cross_least, self._across(fallback))
        unit = self._top * (2 * min(case.mentees, case.mentors) + 4)
        for price in (0, unit, 4 * unit)[: 3 if least else 1]:
            worth = case.utility + unit * near + price * self.cross
            found = self._part(near | fallback, worth)
            if self._across(found) >= least and case.missing(found) == case.missing(fallback):
                return found
        return fallback

    def _steep(self, near: Flags, fallback: Flags) -> Flags:
        """First choices first, as far as one flow can say it: each level weighs half as much again."""
        level = level_of(self.case.utility, self.problem.line, self.problem.levels)
        down = np.maximum(level - self.problem.levels - 1, -40).astype(float)
        worth = np.round(10_000 * STEEP**down).astype(np.int64)
        found = best_flow(self.case, worth, near, self.terms.credit)
        return found if self._across(found) >= self.terms.cross_least else fallback

    def _first(self, near: Flags, chosen: Flags, only: dict[int, Ints], *, everybody: bool) -> Ints:
        """Mentees to look at first, the worst off first: whose mentors change, and who would gain most from a
        place that is free now; or all below the line."""
        levels = self.case.levels_of(chosen)
        whom = self._changes(near, chosen)
        whom |= levels < self.case.ladder.top if everybody else self.case.had > 0
        whom[list(only)] = True
        return np.flatnonzero(whom)[np.argsort(levels[whom], kind="stable")]

    def _changes(self, near: Flags, chosen: Flags) -> Flags:
        """(E,) whose mentors change."""
        changes: Flags = np.bincount(self.case.mentee[near != chosen], minlength=self.case.mentees) > 0
        return changes

    def _keen(self, near: Flags, chosen: Flags, freed: Sequence[int]) -> dict[int, Ints]:
        """Mentees to whom a freed mentor is worth most beyond the least of those they have, and which; whose
        mentors change anyway are looked at for all."""
        case = self.case
        least = np.full(case.mentees, self._top, np.int64)
        np.minimum.at(least, case.mentee[chosen], case.utility[chosen])
        changes = self._changes(near, chosen)
        keen: dict[int, Ints] = {}
        for mentor in freed:
            theirs = np.flatnonzero((case.mentor == mentor) & ~chosen & ~changes[case.mentee])
            gain = case.utility[theirs] - least[case.mentee[theirs]]
            for one in case.mentee[theirs[np.argsort(-gain, kind="stable")[:EACH]]].tolist():
                keen[one] = np.append(keen.get(one, np.zeros(0, np.int64)), mentor)
        return keen

    def promising(self) -> Ints:
        """The best few pairs of each mentee and each mentor, crossing ones apart."""
        case, cross = self.case, self.cross
        keep = np.zeros(len(case.mentee), bool)
        for side in (case.mentee, case.mentor):
            for kind in (0, 1):
                those = np.flatnonzero(cross == kind)
                order = those[np.lexsort((-case.utility[those], side[those]))]
                owner = side[order]
                keep[order[np.arange(len(order)) - np.searchsorted(owner, owner) < EACH]] = True
        return np.flatnonzero(keep)

    def _part(self, also: Flags, worth: Ints) -> Flags:
        """The best flow over the good pairs and some others."""
        case, keep = self.case, np.flatnonzero(self.good | also)
        part = replace(case, mentee=case.mentee[keep], mentor=case.mentor[keep], utility=case.utility[keep])
        chosen = np.zeros(len(case.mentee), bool)
        chosen[keep] = best_flow(part, worth[keep], also[keep], self.terms.credit)
        return chosen

    def _total(self, chosen: Flags) -> int:
        return int(self.case.base.sum()) + self.case.total(chosen)

    def _reply(self, chosen: Flags, bound: int, *, proved: bool) -> WholePlan:
        case, pinned = self.case, self.problem.pinned
        free = np.stack([case.mentee[chosen], case.mentor[chosen]], axis=1)
        pairs = np.concatenate([free, pinned])
        utility = np.concatenate(
            [case.utility[chosen], self.matrix[pinned[:, 0], pinned[:, 1]].astype(np.int64)]
        )
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        total = self._total(chosen)
        return WholePlan(
            pairs=tuple(map(tuple, pairs[order].tolist())),
            placed=len(np.unique(pairs[:, 0])),
            levels=level_counts(self.problem, pairs[order], utility[order]),
            total=total,
            bound=total if proved else bound,
            proved=proved,
        )


def _rows(pairs: Sequence[Pair]) -> Ints:
    return np.array(pairs, np.int64).reshape(-1, 2)


def _case(problem: PairingProblem, matrix: Scores) -> Case:
    pins = problem.pinned
    had = np.bincount(pins[:, 0], minlength=problem.mentees)
    load = np.bincount(pins[:, 1], minlength=problem.mentors)
    base = np.zeros(problem.mentees, np.int64)
    np.add.at(base, pins[:, 0], matrix[pins[:, 0], pins[:, 1]])
    room = np.minimum(np.maximum(problem.capacity - load, 0), problem.mentees)
    wanted = np.maximum(problem.asked - had, 0)
    free = (matrix >= 0) & (wanted > 0)[:, None] & (room > 0)[None, :]
    free[pins[:, 0], pins[:, 1]] = False
    mentee, mentor = np.nonzero(free)
    return Case(
        mentee=mentee,
        mentor=mentor,
        utility=matrix[mentee, mentor].astype(np.int64),
        wanted=wanted,
        capacity=room,
        low=np.minimum(np.maximum(problem.lows - load, 0), room),
        had=had,
        base=base,
        ladder=ladder_of(problem),
    )


def _undrawn(problem: PairingProblem, case: Case) -> DrawnCase:
    return DrawnCase(
        case=case,
        mentee_rows=np.arange(problem.mentees),
        mentor_rows=np.arange(problem.mentors),
        pinned_utility=np.zeros(0, np.int64),
        whole=True,
        most=0,
    )
