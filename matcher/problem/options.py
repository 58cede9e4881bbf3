"""Snapshot and policy become the question "who has how many options?"; hard rules only, each on its own.

What somebody said in confidence goes apart, so that no count by person changes with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import RULES as HARD_RULES
from matcher.problem.compiling import RULES, Compiled
from solver.options.problem import OptionsProblem
from solver.pairing.problem import Ints, PairingProblem


@dataclass(frozen=True, kw_only=True)
class OptionsIndex:
    """Who stands where in the question: mentees, mentors who have places, and the rules that count."""

    mentees: tuple[Member, ...]
    mentors: tuple[Member, ...]
    rules: tuple[str, ...]


Trial = tuple[Member, ...]
"""Mentors who are not there yet, to see what they would do."""


def ask_options(
    snapshot: Snapshot, policy: Policy, *, each_rule: bool = False, trials: Iterable[Trial] = ()
) -> tuple[OptionsProblem, OptionsIndex] | None:
    """The question, and who stands where in it; None without mentees or without mentors.

    trials: invented mentors, counted only in a trial of their own.
    """
    trials = tuple(trials)
    members = sorted(snapshot.members, key=lambda one: one.ref)
    mentees = tuple(one for one in members if one.has(Role.MENTEE)) if policy.pairs else ()
    real = tuple(one for one in members if one.has(Role.MENTOR) and one.profile.answers.capacity > 0)
    mentors = real + tuple(one for trial in trials for one in trial)
    if not mentees or not mentors:
        return None
    compiled = Compiled(
        mentees=tuple(one.profile for one in mentees),
        mentors=tuple(one.profile for one in mentors),
        facts=snapshot.facts(),
    )
    named, groups, confidential = _apart(compiled, policy)
    circles = policy.circles.on
    places = [one.profile.answers.places(circles) for one in real] + [0] * (len(mentors) - len(real))
    problem = OptionsProblem(
        pairing=PairingProblem(
            mentee_people=np.arange(len(mentees)),
            mentor_people=_people(mentees, mentors),
            capacity=np.array(places, np.int64),
            mentee_columns=compiled.mentee_columns,
            mentor_columns=compiled.mentor_columns,
            mentee_bits=compiled.mentee_bits,
            mentor_bits=compiled.mentor_bits,
            rules=tuple(compiled.rules),
        ),
        groups=groups,
        confidential=confidential,
        each_rule=each_rule,
        trials=_trials(trials, len(real)),
    )
    return problem, OptionsIndex(mentees=mentees, mentors=real, rules=(*compiled.rule_names, *named))


def _apart(compiled: Compiled, policy: Policy) -> tuple[list[str], tuple[Ints, ...], Ints]:
    """Compile the rules; names and pairs of those that name pairs one by one, and the confidential pairs."""
    named: list[str] = []
    groups: list[Ints] = []
    confidential = _rows(())
    for use in policy.rules:
        before, compiled.excluded = len(compiled.rules), set()
        RULES[use.name](compiled, use.params)
        compiled.rule_names += [use.name] * (len(compiled.rules) - before)
        rule = HARD_RULES[use.name]
        if rule.confidential:
            confidential = _rows(compiled.excluded)
        elif not rule.always and len(compiled.rules) == before:
            named.append(use.name)
            groups.append(_rows(compiled.excluded))
    return named, tuple(groups), confidential


def _people(mentees: tuple[Member, ...], mentors: tuple[Member, ...]) -> Ints:
    """Places of the mentors among all people; who is both keeps the mentee's: nobody meets oneself."""
    place: dict[UUID, int] = {one.id: number for number, one in enumerate(mentees)}
    for one in mentors:
        place.setdefault(one.id, len(place))
    return np.array([place[one.id] for one in mentors], np.int64)


def _trials(trials: tuple[Trial, ...], first: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Each trial's own mentors with their places; they stand behind the real ones."""
    placed = []
    for trial in trials:
        capacities = [one.profile.answers.capacity for one in trial]
        placed.append(tuple((first + number, capacity) for number, capacity in enumerate(capacities)))
        first += len(trial)
    return tuple(placed)


def _rows(pairs: Iterable[tuple[int, int]]) -> Ints:
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)
