"""Why this pair, why nobody, and what would help: the solver's sum as reasons, in words for people."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.criteria import CRITERIA, listed
from matcher.domain.facts import Facts
from matcher.domain.people import Profile
from matcher.domain.policy import Policy
from matcher.domain.rules import RULES, broken

QUIET_RULES = frozenset({"not_blocked", "reporting_line", "no_repeat", "same_person"})
"""Counted together: alone, they could betray that somebody asked not to meet this person."""

PEER_REASONS = {
    "full": (
        "You have taken on all you said you could.",
        "What would help: a higher number under “How much at most, all in all?” when you sign up.",
    ),
    "too_few": (
        "Fewer people than one circle needs signed up this time.",
        "What would help: somebody you bring along.",
    ),
    "no_shared_slot": (
        "There is no hour at which enough others are free.",
        "What would help: more free hours, above all in the middle of the day.",
    ),
    "all_blocked": (
        "Those who are free when you are sat with you lately, or a rule keeps you apart.",
        "What would help: free hours at other times of the week.",
    ),
    "no_facilitator": (
        "Nobody at your hours is willing to facilitate.",
        "What would help: that you say yes to facilitating, or free hours at other times.",
    ),
    "no_circle": (
        "There are people you could sit with, but each of them met another of them lately.",
        "What would help: free hours at other times of the week.",
    ),
    "remainder": (
        "There are circles for you, but the numbers did not come out: too few people were left for one more.",
        "What would help: one or two people more at your hours.",
    ),
}

WAITING = (
    "There is no mentor for you yet.",
    "More people asked for a mentor than there are places that fit.",
)
TAKEN_UP = (
    "You have taken on all you said you could.",
    "Your number left no place for a mentee beside the rest you signed up for.",
    "What would help: a higher number under “How much at most, all in all?” when you sign up.",
)
IDLE = (
    "There is nobody for you to mentor yet.",
    "If somebody who fits you needs one, the organisers can ask you.",
)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What one criterion gave a pair: `points` of `most`. The points of all reasons add up to the pair's."""

    criterion: str
    sentence: str
    points: int
    most: int

    @property
    def confidential(self) -> bool:
        """Rests on what only its owner may read."""
        return CRITERIA[self.criterion].confidential

    def to_data(self) -> dict[str, Any]:
        return {
            "criterion": self.criterion,
            "sentence": self.sentence,
            "points": self.points,
            "most": self.most,
        }


def why(policy: Policy, mentor: Profile, mentee: Profile, facts: Facts) -> tuple[Reason, ...]:
    """One reason for each criterion of the policy, in its order; their points are what the solver adds."""
    return tuple(
        Reason(
            criterion=use.name,
            sentence=CRITERIA[use.name].words(mentor, mentee, facts, use.params),
            points=int(most * CRITERIA[use.name].share(mentor, mentee, facts, use.params)),
            most=most,
        )
        for use, most in zip(policy.criteria, policy.shares(), strict=True)
    )


def open_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """What an organiser may read, the strongest first: nothing that rests on wishes or identity."""
    return tuple(sorted((one for one in reasons if not one.confidential), key=lambda one: -one.points))


def own_side(reasons: Iterable[Reason], mine: Profile, other: Profile) -> tuple[str, ...]:
    """What one of the two may read: the open reasons that count, and their own wish if they had one."""
    said = [one.sentence for one in open_reasons(reasons) if one.points > 0]
    if other.id in mine.answers.wishes and any(one.criterion == "wishes" for one in reasons):
        said.append("You asked for this.")
    return tuple(said)


def fit_word(points: int, policy: Policy) -> str:
    """The level of a pair in a word: weak, fair, adequate (from the policy's line), good, very good."""
    line, top = policy.adequate, policy.points
    if points < line:
        return "fair" if 2 * points >= line else "weak"
    if 3 * (points - line) >= 2 * (top - line):
        return "very good"
    return "good" if 3 * (points - line) >= top - line else "adequate"


def why_no_mentor(
    policy: Policy, mentee: Profile, mentors: Sequence[Profile], facts: Facts
) -> tuple[str, ...]:
    """Why a mentee is on the waitlist and what would help, for the mentee to read."""
    said = ["There is no mentor for you yet."]
    if not mentors:
        said.append("Nobody signed up as a mentor this time.")
    else:
        blocks = [broken(policy.rules, mentor, mentee, facts) for mentor in mentors]
        fitting = sum(not names for names in blocks)
        if fitting:
            said.append(f"{counted(fitting, 'mentor fits', 'mentors fit')} you, but every place is taken.")
            said.append("One more place with any of them, or one more mentor like them, would place you.")
        else:
            said.append(f"The rules leave none of the {counted(len(mentors), 'mentor', 'mentors')}:")
            said += _blocks(blocks)
            said += _help(blocks)
    return (*said, *_first_next_time(policy))


def why_no_mentee(
    policy: Policy, mentor: Profile, mentees: Sequence[Profile], facts: Facts
) -> tuple[str, ...]:
    """Why a mentor has nobody, for the mentor to read."""
    fitting = sum(not broken(policy.rules, mentor, mentee, facts) for mentee in mentees)
    if fitting:
        return (
            "There is nobody for you to mentor yet.",
            f"{counted(fitting, 'mentee fits', 'mentees fit')} you and found a place with somebody else.",
            "If one of them needs another mentor, the organisers can ask you.",
        )
    return ("There is nobody for you to mentor yet.", "The rules leave nobody among those who signed up.")


def why_no_circle(policy: Policy, code: str) -> tuple[str, ...]:
    """Why a peer sits in no circle; `code` is one of PEER_REASONS."""
    sizes = f"Circles have {policy.circles.smallest} to {policy.circles.largest} people."
    return ("There is no circle for you yet.", *PEER_REASONS[code], sizes)


def counted(number: int, one: str, several: str) -> str:
    """ "1 mentor", "2 mentors"."""
    return f"{number} {one if number == 1 else several}"


def _blocks(blocks: Iterable[tuple[str, ...]]) -> list[str]:
    """How many mentors each rule takes away, the most first; a mentor counts for each rule broken."""
    counts = Counter(name for names in blocks for name in names if name not in QUIET_RULES)
    only_quiet = sum(bool(names) and set(names) <= QUIET_RULES for names in blocks)
    told = [
        f"{counts[name]} – {RULES[name].blocks}"
        for name in sorted(counts, key=lambda one: (-counts[one], one))
    ]
    if only_quiet:
        told.append(f"{only_quiet} – cannot be paired with you for other reasons")
    return [f"{'; '.join(told)}."] if told else []


def _help(blocks: Iterable[tuple[str, ...]]) -> list[str]:
    """What you could change: the rules that alone stand in the way of somebody."""
    alone = {names[0] for names in blocks if len(names) == 1}
    can = {
        "shared_hours": "more free hours",
        "shared_session": "more free hours",
        "shared_language": "another language",
    }
    helps = sorted({can[name] for name in alone if name in can})
    return (
        [f"What would help: {listed(helps)}."] if helps else ["What would help: more mentors from elsewhere."]
    )


def _first_next_time(policy: Policy) -> tuple[str, ...]:
    return ("You go first in the next cycle.",) if policy.credits else ()
