"""Why this pair, why nobody, and what would help: the solver's sum as reasons, in words for people."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.facts import Facts
from matcher.domain.people import ROLE_WORDS, Profile, Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import BETRAYING, RULES, broken
from matcher.domain.sentences import TranslatableText, say, say_many, weekday

PEER_REASONS = {
    "full": (
        say("You have taken on all you said you could."),
        say("What would help: a higher number under “How much at most, all in all?” when you sign up."),
    ),
    "too_few": (
        say("Fewer people than one circle needs signed up this time."),
        say("What would help: somebody you bring along."),
    ),
    "no_shared_slot": (
        say("There is no hour at which enough others are free."),
        say("What would help: more free hours, above all in the middle of the day."),
    ),
    "all_blocked": (
        say("Those who are free when you are sat with you lately, or a rule keeps you apart."),
        say("What would help: free hours at other times of the week."),
    ),
    "no_facilitator": (
        say("Nobody at your hours is willing to facilitate."),
        say("What would help: that you say yes to facilitating, or free hours at other times."),
    ),
    "no_circle": (
        say("There are people you could sit with, but each of them met another of them lately."),
        say("What would help: free hours at other times of the week."),
    ),
    "remainder": (
        say(
            "There are circles for you, but the numbers did not come out: "
            "too few people were left for one more."
        ),
        say("What would help: one or two people more at your hours."),
    ),
}

WAITING = (
    say("There is no mentor for you yet."),
    say("More people asked for a mentor than there are places that fit."),
)
TAKEN_UP = (
    say("You have taken on all you said you could."),
    say("Your number left no place for a mentee beside the rest you signed up for."),
    say("What would help: a higher number under “How much at most, all in all?” when you sign up."),
)
IDLE = (
    say("There is nobody for you to mentor yet."),
    say("If somebody who fits you needs one, the organisers can ask you."),
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
        said.append(say("You asked for this."))
    return tuple(said)


FIT_WORDS: Mapping[str, TranslatableText] = {
    "weak": say("weak"),
    "fair": say("fair"),
    "adequate": say("adequate"),
    "good": say("good"),
    "very good": say("very good"),
}
"""The levels of a pair as people read them, the lowest first."""


def fit_word(points: int, policy: Policy) -> str:
    """The level of a pair in a word: weak, fair, adequate (from the policy's line), good, very good."""
    line, top = policy.adequate, policy.points
    if points < line:
        return "fair" if 2 * points >= line else "weak"
    if 3 * (points - line) >= 2 * (top - line):
        return "very good"
    return "good" if 3 * (points - line) >= top - line else "adequate"


def points_of(word: str, policy: Policy) -> tuple[int, int | None]:
    """The points of that level: from, and below; None for as many as there are."""
    place = tuple(FIT_WORDS).index(word)
    every = range(policy.points + 1)
    ends = [
        bisect_left(every, at, key=lambda points: tuple(FIT_WORDS).index(fit_word(points, policy)))
        for at in (place, place + 1)
    ]
    return ends[0], ends[1] if ends[1] <= policy.points else None


def why_no_mentor(
    policy: Policy, mentee: Profile, mentors: Sequence[Profile], facts: Facts
) -> tuple[TranslatableText, ...]:
    """Why a mentee is on the waitlist and what would help, for the mentee to read."""
    said = [say("There is no mentor for you yet.")]
    if not mentors:
        said.append(say("Nobody signed up as a mentor this time."))
    else:
        blocks = [broken(policy.rules, mentor, mentee, facts) for mentor in mentors]
        fitting = sum(not names for names in blocks)
        if fitting:
            said += _taken(fitting)
        else:
            said.append(
                say_many(
                    "The rules do not leave you the one mentor there is:",
                    "The rules leave none of the {count} mentors:",
                    len(mentors),
                )
            )
            said += _blocks(blocks)
            said += _help(blocks)
    return (*said, *_first_next_time(policy))


def why_no_mentee(
    policy: Policy, mentor: Profile, mentees: Sequence[Profile], facts: Facts
) -> tuple[TranslatableText, ...]:
    """Why a mentor has nobody, for the mentor to read."""
    fitting = sum(not broken(policy.rules, mentor, mentee, facts) for mentee in mentees)
    if not fitting:
        return (
            say("There is nobody for you to mentor yet."),
            say("The rules leave nobody among those who signed up."),
        )
    return (
        say("There is nobody for you to mentor yet."),
        say_many(
            "{count} mentee fits you and found a place with somebody else.",
            "{count} mentees fit you and found a place with somebody else.",
            fitting,
        ),
        say("If one of them needs another mentor, the organisers can ask you."),
    )


def why_no_circle(policy: Policy, code: str) -> tuple[TranslatableText, ...]:
    """Why a peer sits in no circle; `code` is one of PEER_REASONS."""
    smallest, largest = policy.circles.smallest, policy.circles.largest
    sizes = say("Circles have {smallest} to {largest} people.", smallest=smallest, largest=largest)
    if policy.circles.of_pairs:
        sizes = say("Peers meet in groups of {smallest} to {largest}.", smallest=smallest, largest=largest)
    return (say("There is no circle for you yet."), *PEER_REASONS[code], sizes)


def no_such_role(role: Role) -> tuple[TranslatableText, ...]:
    """Why somebody is not matched in a role that the programme does not have any more."""
    return (
        say("You signed up as {role}. This programme has nobody in this role now.", role=ROLE_WORDS[role]),
        say("It is not your doing. At the next sign-up you can choose among the roles there are."),
    )


def a_free_seat(weekday_number: int, clock: str) -> TranslatableText:
    """The one hour more that would place a peer: a circle meets then and has a seat. `clock`: "HH:MM" of
    their own zone."""
    return say(
        "One circle has a seat left. It meets on {weekday} at {clock}, your time: "
        "if you were free then, it would be yours.",
        weekday=weekday(weekday_number),
        clock=clock,
    )


def one_seat_more(members: int) -> TranslatableText:
    """What the organisers could do for a peer: one circle larger than the policy allows."""
    return say(
        "A circle that meets when you are free is full. "
        "If the organisers let a circle have {members} people, there is a seat for you.",
        members=members,
    )


def _taken(fitting: int) -> tuple[TranslatableText, ...]:
    return (
        say_many(
            "{count} mentor fits you, but every place is taken.",
            "{count} mentors fit you, but every place is taken.",
            fitting,
        ),
        say("One more place with any of them, or one more mentor like them, would place you."),
    )


def _blocks(blocks: Iterable[tuple[str, ...]]) -> list[TranslatableText]:
    """How many mentors each rule takes away, the most first; a mentor counts for each rule broken."""
    counts = Counter(name for names in blocks for name in names if name not in BETRAYING)
    only_quiet = sum(bool(names) and set(names) <= BETRAYING for names in blocks)
    told = [
        say("{count} – {why}.", count=counts[name], why=RULES[name].blocks)
        for name in sorted(counts, key=lambda one: (-counts[one], one))
    ]
    if only_quiet:
        told.append(say("{count} – cannot be paired with you for other reasons.", count=only_quiet))
    return told


def _help(blocks: Iterable[tuple[str, ...]]) -> list[TranslatableText]:
    """What you could change: the rules that alone stand in the way of somebody."""
    alone = {names[0] for names in blocks if len(names) == 1}
    said = (RULES[name].helps for name in sorted(alone))
    helps = tuple(dict.fromkeys(one for one in said if one is not None))
    if not helps:
        return [say("What would help: more mentors from elsewhere.")]
    return [say("What would help: {helps}.", helps=helps)]


def _first_next_time(policy: Policy) -> tuple[TranslatableText, ...]:
    return (say("You go first in the next cycle."),) if policy.credits else ()
