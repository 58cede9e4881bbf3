"""The fairness report counted from a problem file and its plan, pair by pair, in plain arithmetic.

Utilities are computed the checker's way (`solver.checks`), not the solver's. Places 0..E-1 and 0..M-1 are
those of the pairing problem; people are found by the number the problem knows them by.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matcher.domain.facts import couple
from matcher.domain.matching.explain import FIT_WORDS, fit_word
from matcher.domain.matching.fair_report import (
    WORST_SHOWN,
    CircleFigures,
    FairReport,
    Mentee,
    PlanFigures,
    Proof,
    credit_lines,
    field_groups,
    field_values,
    fields_of,
)
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import key
from matcher.domain.policy.policy import Policy
from solver.caps import pairing_within
from solver.check import Verdict
from solver.checks.scores import utility_rows
from solver.files import MatchingPlan, MatchingProblem
from solver.pairing.problem import PairingPlan, PairingProblem

Ints = NDArray[np.int64]
CELLS_AT_ONCE = 400_000
NOT_PLACED = "not placed"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A plan's pairs over a problem: sums (E,) of each mentee's points, -1 without a mentor, and how many
    mentors they have (E,)."""

    problem: PairingProblem
    plan: PairingPlan
    sums: Ints
    mentors: Ints

    @property
    def each(self) -> Ints:
        """(E,) points of an average partner, -1 without one."""
        return np.where(self.sums < 0, -1, self.sums // np.maximum(self.mentors, 1))


def without_fairness(problem: MatchingProblem) -> MatchingProblem | None:
    """The same people, rules and points, but whoever gets them: as many placed, then the most points in all.
    None when nobody is to be paired, or when nothing would differ."""
    pairing = pairing_within(problem)
    if pairing is None or pairing.mode == "total":
        return None
    settings = problem.settings
    return MatchingProblem(people=problem.people, pairing=replace(pairing, mode="total"), settings=settings)


def figures(
    problem: MatchingProblem,
    plan: MatchingPlan,
    verdict: Verdict,
    *,
    plain: MatchingPlan | None,
    snapshot: Snapshot,
    policy: Policy,
) -> FairReport:
    """The whole report but for the hashes. `plain`: a plan of `without_fairness`, if there is one."""
    pairing = pairing_within(problem)
    by_ref = {one.ref: one for one in snapshot.members}
    people = [by_ref[ref] for ref in problem.people.tolist()]
    proof = Proof(good=verdict.good, breaches=len(verdict.breaches), proved=True, bound=0)
    nothing = PlanFigures(placed=0, total=0, levels=(), words=(), worst=(), envious=0, blocking=0)
    report = FairReport(
        mode=policy.mode,
        points=policy.points,
        line=policy.adequate,
        mentees=0,
        mentors=0,
        places=0,
        pairs=0,
        ours=nothing,
        proof=proof,
        seats=_seats(problem, plan, people, snapshot),
    )
    if pairing is None or plan.pairing is None:
        return report
    counted = _counted(pairing, plan.pairing)
    mentees = _mentees(counted, people, policy)
    couples = _couples(counted, people)
    loads = Counter(np.bincount(plan.pairing.pairs[:, 1], minlength=pairing.mentors).tolist())
    return replace(
        report,
        mentees=pairing.mentees,
        mentors=pairing.mentors,
        places=int(pairing.capacity.sum()),
        pairs=len(plan.pairing.pairs),
        ours=_outcome(counted, policy),
        plain=_outcome(_counted(pairing, plain.pairing), policy) if plain and plain.pairing else None,
        proof=_proof(proof, plan.pairing),
        across=sum(_function(one) != _function(other) for one, other in couples),
        fields=field_groups(mentees, fields_of(policy)),
        loads=tuple(sorted(loads.items())),
        credits=credit_lines(mentees),
        repeats=_repeats(couples, snapshot),
    )


def _counted(problem: PairingProblem, plan: PairingPlan) -> Counted:
    mentors = np.bincount(plan.pairs[:, 0], minlength=problem.mentees)
    sums = np.full(problem.mentees, -1, np.int64)
    np.add.at(sums, plan.pairs[:, 0], plan.utility)
    sums[mentors > 0] += 1
    return Counted(problem=problem, plan=plan, sums=sums, mentors=mentors)


def _outcome(counted: Counted, policy: Policy) -> PlanFigures:
    each = counted.each.tolist()
    words = Counter(NOT_PLACED if points < 0 else fit_word(points, policy) for points in each)
    envious, blocking = _discontent(counted)
    return PlanFigures(
        placed=counted.plan.placed,
        total=int(counted.plan.utility.sum()),
        levels=tuple(int(count) for count in counted.plan.levels),
        words=tuple((word, words[word]) for word in (NOT_PLACED, *FIT_WORDS)),
        worst=tuple(sorted(points for points in each if points >= 0)[:WORST_SHOWN]),
        envious=envious,
        blocking=blocking,
    )


def _discontent(counted: Counted) -> tuple[int, int]:
    """Mentees who would rather have the mentor of another, and pairs that both sides would rather be.

    Both sides of a pair value it by its points; a mentor gives up the weakest of their mentees, or a free
    place (Gale and Shapley 1962, "College admissions and the stability of marriage").
    """
    problem, plan = counted.problem, counted.plan
    taken = np.bincount(plan.pairs[:, 1], minlength=problem.mentors)
    weakest = np.full(problem.mentors, problem.top + 1, np.int64)
    np.minimum.at(weakest, plan.pairs[:, 1], plan.utility)
    weakest[taken < problem.capacity] = -1
    weakest[problem.capacity == 0] = problem.top + 1
    own = np.full(problem.mentees, -1, np.int64)
    own[counted.mentors > 0] = problem.top + 1
    np.minimum.at(own, plan.pairs[:, 0], plan.utility)
    own[counted.mentors < problem.asked] = -1
    envious = blocking = 0
    step = max(1, CELLS_AT_ONCE // max(1, problem.mentors))
    for start in range(0, problem.mentees, step):
        stop = min(problem.mentees, start + step)
        rows = utility_rows(problem, start, stop)
        first, last = np.searchsorted(plan.pairs[:, 0], [start, stop])
        present = plan.pairs[first:last]
        rows[present[:, 0] - start, present[:, 1]] = -1
        better = rows > own[start:stop, None]
        envious += int((better & (taken > 0)).any(axis=1).sum())
        blocking += int((better & (rows > weakest)).sum())
    return envious, blocking


def _mentees(counted: Counted, people: Sequence[Member], policy: Policy) -> list[Mentee]:
    names, credit = fields_of(policy), counted.problem.credits.tolist()
    return [
        Mentee(
            fields=field_values(people[place].profile, names),
            points=points if points >= 0 else None,
            adequate=points >= policy.adequate,
            credit=credit[row],
        )
        for row, (place, points) in enumerate(
            zip(counted.problem.mentee_people.tolist(), counted.each.tolist(), strict=True)
        )
    ]


def _couples(counted: Counted, people: Sequence[Member]) -> list[tuple[Member, Member]]:
    below, above = counted.problem.mentee_people, counted.problem.mentor_people
    return [(people[below[mentee]], people[above[mentor]]) for mentee, mentor in counted.plan.pairs.tolist()]


def _function(one: Member) -> str:
    return key(one.profile.person.function)


def _repeats(couples: Sequence[tuple[Member, Member]], snapshot: Snapshot) -> tuple[tuple[int, int], ...]:
    met = snapshot.met
    again = Counter(met[both] for one, other in couples if (both := couple(one.id, other.id)) in met)
    return tuple(sorted(again.items()))


def _seats(
    problem: MatchingProblem, plan: MatchingPlan, people: Sequence[Member], snapshot: Snapshot
) -> CircleFigures:
    if problem.circles is None or plan.circles is None:
        return CircleFigures()
    places = problem.circles.people.tolist()
    groups = [[people[places[member]].id for member in members] for members in plan.circles.groups]
    return CircleFigures(
        circles=len(groups),
        seated=sum(map(len, groups)),
        left=len(plan.circles.unplaced),
        reunions=sum(
            couple(first, second) in snapshot.sat
            for members in groups
            for first, second in combinations(members, 2)
        ),
    )


def _proof(proof: Proof, plan: PairingPlan) -> Proof:
    certificate = plan.certificate
    return replace(
        proof,
        proved=plan.proved,
        bound=plan.bound,
        goals=tuple((phase.goal, int(phase.value)) for phase in certificate.phases) if certificate else (),
        blocking_sets=len(certificate.hall_sets) if certificate else 0,
    )
