"""`python -m solver.check problem.json plan.json`: is this plan what it claims to be?

Plain arithmetic over the problem and the plan; nothing here, and nothing it uses, can solve anything.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.caps import pairing_within
from solver.checks.circles import circles_breaches
from solver.checks.load import load_breaches
from solver.checks.pairing import pairing_breaches
from solver.checks.rota import rota_breaches
from solver.checks.verdict import Breach
from solver.files import FormatError, MatchingPlan, MatchingProblem, load_plan, load_problem

SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What the check found; `good` when nothing is wrong."""

    breaches: tuple[Breach, ...] = ()

    @property
    def good(self) -> bool:
        return not self.breaches


def check(problem: MatchingProblem, plan: MatchingPlan) -> Verdict:
    """Everything about the plan that is not as the problem asks or as the plan claims."""
    return Verdict(tuple(_breaches(problem, plan)))


def _breaches(problem: MatchingProblem, plan: MatchingPlan) -> Iterator[Breach]:
    yield from _parts(problem, plan)
    pairing = pairing_within(problem)
    if pairing is not None and plan.pairing is not None:
        yield from pairing_breaches(pairing, plan.pairing)
    if problem.circles is not None and plan.circles is not None:
        yield from circles_breaches(problem.circles, plan.circles)
    if problem.rota is not None and plan.rota is not None:
        yield from rota_breaches(problem.rota, rota_groups(problem, plan), plan.rota)
    yield from load_breaches(problem, plan)


def _parts(problem: MatchingProblem, plan: MatchingPlan) -> Iterator[Breach]:
    """Exactly the parts asked for are answered."""
    asked = (problem.pairing is not None, problem.circles is not None, problem.rota is not None)
    answered = (plan.pairing is not None, plan.circles is not None, plan.rota is not None)
    for part, (wanted, given) in enumerate(zip(asked, answered, strict=True)):
        if wanted != given:
            yield Breach("part", part, int(given), int(wanted))


def rota_groups(problem: MatchingProblem, plan: MatchingPlan) -> tuple[tuple[int, ...], ...]:
    """Who needs a rota, as places in the list of people: every circle, then every pair if the terms say
    so.
    """
    groups: list[tuple[int, ...]] = []
    if problem.circles is not None and plan.circles is not None:
        people = problem.circles.people.tolist()
        groups += [tuple(people[member] for member in members) for members in plan.circles.groups]
    if (
        problem.pairing is not None
        and plan.pairing is not None
        and problem.rota is not None
        and problem.rota.pairs
    ):
        mentee, mentor = problem.pairing.mentee_people.tolist(), problem.pairing.mentor_people.tolist()
        groups += [(mentee[e], mentor[m]) for e, m in plan.pairing.pairs.tolist()]
    return tuple(groups)


def main(arguments: Sequence[str]) -> int:
    """Prints the verdict; 0 when the plan is good, 1 when it is not, 2 when a file cannot be read."""
    if len(arguments) != 2:
        print("Give two files: python -m solver.check problem.json plan.json", file=sys.stderr)
        return 2
    try:
        problem = load_problem(Path(arguments[0]).read_bytes())
        plan = load_plan(Path(arguments[1]).read_bytes())
    except (FormatError, OSError) as refused:
        print(refused, file=sys.stderr)
        return 2
    verdict = check(problem, plan)
    for breach in verdict.breaches[:SHOWN]:
        print(f"{breach.rule}: {breach.who} has {breach.found}, allowed is {breach.allowed}")
    if len(verdict.breaches) > SHOWN:
        print(f"… and {len(verdict.breaches) - SHOWN} more")
    print("The plan is what it claims to be." if verdict.good else "The plan is not what it claims to be.")
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
