"""What many pairs would count, all at once: the criteria of a policy, whatever its rules say."""

import numpy as np
from numpy.typing import NDArray

from matcher.domain.facts import Facts
from matcher.domain.people import Profile
from matcher.domain.policy.policy import Policy
from matcher.problem.compiling import CRITERIA, Compiled
from solver.pairing.problem import PairingProblem
from solver.pairing.scoring import ColumnUtilities


def points_between(
    mentees: tuple[Profile, ...], mentors: tuple[Profile, ...], policy: Policy, facts: Facts
) -> NDArray[np.int64]:
    """(mentees, mentors): the points of each pair, the sum of its reasons (`explain.why`)."""
    compiled = Compiled(mentees=mentees, mentors=mentors, facts=facts)
    for criterion, points in zip(policy.criteria, policy.shares(), strict=True):
        CRITERIA[criterion.name](compiled, criterion.params, points)
    wishes = sorted((*pair, share) for pair, share in compiled.wishes.items())
    problem = PairingProblem(
        # Nobody is the same person here: that is a matter of the rules.
        mentee_people=np.arange(len(mentees)),
        mentor_people=len(mentees) + np.arange(len(mentors)),
        capacity=np.ones(len(mentors), np.int64),
        mentee_columns=compiled.mentee_columns,
        mentor_columns=compiled.mentor_columns,
        mentee_bits=compiled.mentee_bits,
        mentor_bits=compiled.mentor_bits,
        criteria=tuple(compiled.criteria),
        wishes=np.array(wishes, np.int64).reshape(-1, 3),
    )
    return ColumnUtilities(problem).block(0, len(mentees)).astype(np.int64)
