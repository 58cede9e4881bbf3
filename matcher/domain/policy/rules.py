"""The hard rules: each has a name, a sentence and a predicate for one pair.

`matcher.problem.encoding` holds the second form of each, for all pairs at once; a test proves they agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matcher.domain.facts import Facts, couple
from matcher.domain.people import Profile, key, overlap, start_bits
from matcher.domain.policy.parameters import Parameter, Values, Whole
from matcher.domain.sentences import N_, TranslatableText, say

Allows = Callable[[Profile, Profile, Facts, Values], bool]


@dataclass(frozen=True, kw_only=True)
class HardRule:
    """All that is known of a rule but how it is compiled (`matcher.problem.compiling`).

    `allows(mentor, mentee, facts, params)`; `title` names it, `sentence` is the pattern that says it,
    `blocks` says why not, `helps` what a mentee could change.

    always: part of every policy, and never switched off. confidential: rests on what only its owner may read.
    betrays: may not be told to others by name, since what is left over would tell of a confidence.
    """

    name: str
    title: TranslatableText
    sentence: str
    blocks: TranslatableText
    allows: Allows
    params: tuple[Parameter, ...] = ()
    helps: TranslatableText | None = None
    always: bool = False
    confidential: bool = False
    betrays: bool = False

    def says(self, params: Values) -> TranslatableText:
        """The rule as a person reads it, with its numbers."""
        return say(self.sentence, **params)


def reporting_line(mentor: Profile, mentee: Profile, facts: Facts, _params: Values) -> bool:
    above_mentor, above_mentee = (facts.managers.get(one.id) for one in (mentor, mentee))
    if above_mentor is not None and above_mentor == above_mentee:
        return False
    return mentor.id not in _line(mentee, facts) and mentee.id not in _line(mentor, facts)


def _line(one: Profile, facts: Facts) -> set[UUID]:
    """Somebody's manager and that manager's manager, where known."""
    above = facts.managers.get(one.id)
    skip = None if above is None else facts.managers.get(above)
    return {manager for manager in (above, skip) if manager is not None}


def same_person(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> bool:
    return mentor.id != mentee.id


def shared_language(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> bool:
    spoken = ({key(language) for language in one.person.languages} for one in (mentor, mentee))
    return bool(set.intersection(*spoken))


def shared_hours(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> bool:
    return overlap(mentor.answers.week, mentee.answers.week) >= int(params["least"])


def shared_session(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> bool:
    return start_bits(mentor.answers.week.bits & mentee.answers.week.bits, params["minutes"]) != 0


def grade_gap(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> bool:
    above, below = mentor.person.grade, mentee.person.grade
    return above is not None and below is not None and params["lowest"] <= above - below <= params["highest"]


def not_blocked(mentor: Profile, mentee: Profile, facts: Facts, _params: Values) -> bool:
    return couple(mentor.id, mentee.id) not in facts.blocked


def no_repeat(mentor: Profile, mentee: Profile, facts: Facts, params: Values) -> bool:
    ago = facts.past.get(couple(mentor.id, mentee.id))
    return ago is None or ago > params["cycles"]


def different_function(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> bool:
    return not same_known(mentor.person.function, mentee.person.function)


def different_department(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> bool:
    return not same_known(mentor.person.department, mentee.person.department)


def same_known(first: str, second: str) -> bool:
    """Both are said, and say the same; what nobody said equals nothing."""
    return bool(key(first)) and key(first) == key(second)


_RULES = (
    HardRule(
        name="same_person",
        title=say("Nobody is their own mentor"),
        sentence=N_("Nobody is their own mentor."),
        blocks=say("is the same person"),
        allows=same_person,
        always=True,
        betrays=True,
    ),
    HardRule(
        name="reporting_line",
        title=say("Outside the reporting line"),
        sentence=N_("No one from the same reporting line: not a manager, nor theirs, nor one you share."),
        blocks=say("is in the same reporting line"),
        allows=reporting_line,
        betrays=True,
    ),
    HardRule(
        name="shared_language",
        title=say("A common language"),
        sentence=N_("Both speak a common language."),
        blocks=say("has no language in common"),
        allows=shared_language,
        helps=say("another language"),
    ),
    HardRule(
        name="shared_hours",
        title=say("Enough free hours in common"),
        sentence=N_("Both are free at the same time for at least {least} minutes a week."),
        blocks=say("has too few hours in common"),
        allows=shared_hours,
        params=(Whole(name="least", label=say("Minutes a week"), least=30, most=10_080, default=60),),
        helps=say("more free hours"),
    ),
    HardRule(
        name="shared_session",
        title=say("Time for a whole session"),
        sentence=N_("There is a time in the week when both are free for {minutes} minutes without a break."),
        blocks=say("has no time in common for a whole session"),
        allows=shared_session,
        params=(Whole(name="minutes", label=say("Minutes"), least=30, most=480, default=60),),
        helps=say("more free hours"),
    ),
    HardRule(
        name="grade_gap",
        title=say("The mentor is some grades above"),
        sentence=N_("The mentor is {lowest} to {highest} grades above."),
        blocks=say("is not the right number of grades above"),
        allows=grade_gap,
        params=(
            Whole(name="lowest", label=say("Grades at least"), least=-20, most=20, default=1),
            Whole(name="highest", label=say("Grades at most"), least=-20, most=20, default=4),
        ),
    ),
    HardRule(
        name="not_blocked",
        title=say("Nobody they asked not to meet"),
        sentence=N_("Nobody meets a person they asked not to meet."),
        blocks=say("cannot be paired"),
        allows=not_blocked,
        always=True,
        confidential=True,
        betrays=True,
    ),
    HardRule(
        name="no_repeat",
        title=say("No partner again"),
        sentence=N_("Nobody meets the same partner again within {cycles} cycles."),
        blocks=say("was the partner lately"),
        allows=no_repeat,
        params=(Whole(name="cycles", label=say("Cycles"), least=1, most=100, default=3),),
        betrays=True,
    ),
    HardRule(
        name="different_function",
        title=say("Different functions"),
        sentence=N_("Mentor and mentee work in different functions."),
        blocks=say("works in the same function"),
        allows=different_function,
    ),
    HardRule(
        name="different_department",
        title=say("Different departments"),
        sentence=N_("Mentor and mentee work in different departments."),
        blocks=say("works in the same department"),
        allows=different_department,
    ),
)

RULES: Mapping[str, HardRule] = {rule.name: rule for rule in _RULES}
"""Every hard rule by its name."""

BETRAYING = frozenset(name for name, rule in RULES.items() if rule.betrays)
"""Rules that are counted together, as other reasons."""


def broken(rules: Any, mentor: Profile, mentee: Profile, facts: Facts) -> tuple[str, ...]:
    """Names of the rules in use (objects with `name` and `params`) that forbid this pair, in their order."""
    return tuple(use.name for use in rules if not RULES[use.name].allows(mentor, mentee, facts, use.params))
