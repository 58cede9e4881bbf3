"""What everybody takes on in all, counted one by one: docs/model.md, section 3.6."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from solver.checks.verdict import Breach

if TYPE_CHECKING:
    from solver.files import MatchingPlan, MatchingProblem


def load_breaches(problem: "MatchingProblem", plan: "MatchingPlan") -> Iterator[Breach]:
    """(3.6) Nobody above their cap; and only those are called full whose pairs reach it."""
    caps = [-1] * len(problem.people) if problem.caps is None else problem.caps.tolist()
    pairs, seats, duties = _pairs(problem, plan), _seats(problem, plan), _duties(plan)
    for person, cap in enumerate(caps):
        load = pairs[person] + seats[person] + duties[person]
        if cap != -1 and load > cap:
            yield Breach("load_cap", person, load, cap)
    if problem.circles is None or plan.circles is None:
        return
    people = problem.circles.people.tolist()
    for place, reason in plan.circles.unplaced:
        person = _at(people, place)
        if reason == "full" and person != -1 and (caps[person] == -1 or pairs[person] < caps[person]):
            yield Breach("load_full", person, pairs[person], caps[person])


def _pairs(problem: "MatchingProblem", plan: "MatchingPlan") -> Counter[int]:
    count: Counter[int] = Counter()
    if problem.pairing is not None and plan.pairing is not None:
        mentees, mentors = problem.pairing.mentee_people.tolist(), problem.pairing.mentor_people.tolist()
        for mentee, mentor in plan.pairing.pairs.tolist():
            count.update((_at(mentees, mentee), _at(mentors, mentor)))
    return count


def _seats(problem: "MatchingProblem", plan: "MatchingPlan") -> Counter[int]:
    count: Counter[int] = Counter()
    if problem.circles is not None and plan.circles is not None:
        people = problem.circles.people.tolist()
        for members in plan.circles.groups:
            count.update(_at(people, place) for place in members)
    return count


def _duties(plan: "MatchingPlan") -> Counter[int]:
    groups = plan.rota.groups if plan.rota is not None else ()
    return Counter(person for group in groups for row in group.duties for person in row)


def _at(people: Sequence[int], place: int) -> int:
    """Nobody, -1, for a place that does not exist; other checks name it."""
    return people[place] if 0 <= place < len(people) else -1
