"""What one person takes on in all, over pairs, circles and duties, and what a cap leaves of the pairing.

Every mentor or mentee of a person counts 1, a seat in a circle 1, each duty of the rota 1 (docs/model.md,
3.6). These are definitions of the question, for whoever solves it and whoever checks the answer.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import PairingProblem

if TYPE_CHECKING:
    from solver.files import MatchingProblem

Ints = NDArray[np.int64]

NO_CAP = -1
MOST_LOAD = 10_000
UNLIMITED = 1 << 40


def cap_faults(problem: "MatchingProblem") -> Iterator[str]:
    """Everything wrong with the caps of a problem, one sentence each."""
    caps = problem.caps
    if caps is None:
        return
    if caps.shape != problem.people.shape:
        yield f"caps: {caps.shape} rows; expected {len(problem.people)}, one a person."
        return
    for person in np.flatnonzero((caps != NO_CAP) & ((caps < 1) | (caps > MOST_LOAD)))[:5]:
        yield f"caps: {caps[person]} for person {person}; expected 1 to {MOST_LOAD}, or -1 for none."
    if problem.pairing is not None:
        as_mentee, as_mentor = pins_of(problem.pairing, len(problem.people))
        pins = as_mentee + as_mentor
        for person in np.flatnonzero((caps != NO_CAP) & (pins > caps))[:5]:
            yield f"caps: person {person} is pinned {pins[person]} times; their cap is {caps[person]}."


def pins_of(pairing: PairingProblem, people: int) -> tuple[Ints, Ints]:
    """(people,) pins of each person as a mentee, and as a mentor."""
    if pairing.pinned.ndim != 2 or not len(pairing.pinned):
        return np.zeros(people, np.int64), np.zeros(people, np.int64)
    mentees = np.bincount(pairing.mentee_people[pairing.pinned[:, 0]], minlength=people)
    mentors = np.bincount(pairing.mentor_people[pairing.pinned[:, 1]], minlength=people)
    return mentees.astype(np.int64), mentors.astype(np.int64)


def pairing_within(problem: "MatchingProblem") -> PairingProblem | None:
    """The pairing with what the caps leave: pins first, then the mentors somebody asks for, then a seat in a
    circle if they wish for one, and of what is left their places for mentees."""
    pairing, caps = problem.pairing, problem.caps
    if pairing is None or caps is None or not (caps != NO_CAP).any():
        return pairing
    asked, places = _shares(problem, pairing)
    capacity = np.minimum(pairing.capacity, places[pairing.mentor_people])
    wanted = asked[pairing.mentee_people]
    return replace(
        pairing,
        capacity=capacity,
        low=None if pairing.low is None else np.minimum(pairing.low, capacity),
        wanted=None if pairing.wanted is None and (wanted == 1).all() else np.maximum(wanted, 1),
        excluded=np.concatenate((pairing.excluded, _nobody(np.flatnonzero(wanted < 1), pairing.mentors))),
    )


def most_places(problem: "MatchingProblem") -> Ints | None:
    """(mentors,) the most places each mentor's cap leaves, whatever they offer; None where nobody has one."""
    pairing, caps = problem.pairing, problem.caps
    if pairing is None or caps is None or not (caps != NO_CAP).any():
        return None
    return np.asarray(_shares(problem, pairing)[1][pairing.mentor_people])


def _shares(problem: "MatchingProblem", pairing: PairingProblem) -> tuple[Ints, Ints]:
    """(people,) the mentors each may be given, and the places each may give."""
    people = len(problem.people)
    _, mentor_pins = pins_of(pairing, people)
    left = left_of(problem, mentor_pins)
    asked = np.zeros(people, np.int64)
    asked[pairing.mentee_people] = pairing.asked
    asked = np.minimum(asked, left)
    left = left - asked
    if problem.circles is not None:
        left[problem.circles.people] -= 1
    return asked, mentor_pins + np.maximum(left, 0)


def full_of(problem: "MatchingProblem", taken: Ints) -> NDArray[np.bool_]:
    """(n,) of the people of the circles: who can take no seat beside what they take on already, `taken`
    (people,)."""
    if problem.circles is None:
        return np.zeros(0, bool)
    return np.asarray((left_of(problem, taken) < 1)[problem.circles.people])


def _nobody(mentees: Ints, mentors: int) -> Ints:
    """Every pair of these mentees, whose pins as mentors have taken up their cap."""
    return np.stack((np.repeat(mentees, mentors), np.tile(np.arange(mentors), len(mentees))), axis=1)


def pairs_of(problem: "MatchingProblem", pairs: Ints) -> Ints:
    """(people,) how many of these pairs (k, 2) each person is in, as a mentee or as a mentor."""
    held = np.zeros(len(problem.people), np.int64)
    if problem.pairing is not None:
        np.add.at(held, problem.pairing.mentee_people[pairs[:, 0]], 1)
        np.add.at(held, problem.pairing.mentor_people[pairs[:, 1]], 1)
    return held


def left_of(problem: "MatchingProblem", taken: Ints) -> Ints:
    """(people,) how much more each may take on; without a cap, more than anybody could. taken (people,)."""
    if problem.caps is None:
        return np.full(len(taken), UNLIMITED)
    return np.where(problem.caps == NO_CAP, UNLIMITED, problem.caps - taken)
