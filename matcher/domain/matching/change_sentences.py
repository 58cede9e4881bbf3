"""What forbids a change by hand, and what it is, in words an organiser reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from matcher.domain.matching.changes import (
    Apart,
    Change,
    Changes,
    Couple,
    Forbid,
    Pin,
    Places,
    RuleSwitch,
    Weight,
)
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Person, Profile, Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import BETRAYING, RULES, broken
from matcher.domain.sentences import TranslatableText, say, say_many

QUIET = say(
    "These two cannot be paired: their reporting line, an earlier cycle or something said in confidence "
    "forbids it. Which of these it is, is not told."
)
GONE = say("somebody who has left")


def refusal(snapshot: Snapshot, policy: Policy, standing: Changes, change: Change) -> TranslatableText | None:
    """Why the change cannot be made beside those that stand; None when it can."""
    profiles = {one.id: one.profile for one in snapshot.members}
    return next(_faults(snapshot, policy, standing, change, profiles), None)


def _faults(
    snapshot: Snapshot,
    policy: Policy,
    standing: Changes,
    change: Change,
    profiles: Mapping[UUID, Profile],
) -> Iterator[TranslatableText]:
    together = standing.and_also(change)
    wrong_role = [
        *_no_pairs(change, policy),
        *_role_faults(change, profiles),
        *_seat_faults(policy, change, profiles),
    ]
    yield from wrong_role
    if not wrong_role:
        yield from _clashes(standing, change, profiles)
        yield from _pin_faults(snapshot, together.policy(policy), together, profiles)


def broken_pin(snapshot: Snapshot, policy: Policy, changes: Changes) -> TranslatableText | None:
    """Why a pinned pair cannot be, under the policy as it is now; None when all can."""
    profiles = {one.id: one.profile for one in snapshot.members}
    return next(_pin_faults(snapshot, policy, changes, profiles), None)


def _no_pairs(change: Change, policy: Policy) -> Iterator[TranslatableText]:
    """Somebody is to be paired, or not, where nobody is."""
    if not policy.pairs and isinstance(change, Pin | Forbid | Places):
        yield say("This programme has no mentors and mentees.")


def _role_faults(change: Change, profiles: Mapping[UUID, Profile]) -> Iterator[TranslatableText]:
    """Somebody who did not sign up for this."""
    couples = change.couples if isinstance(change, Pin) else ()
    couples = (change.couple,) if isinstance(change, Forbid) else couples
    for mentee, mentor in couples:
        if mentee not in profiles or Role.MENTEE not in profiles[mentee].answers.roles:
            yield say("{name} did not sign up as a mentee in this cycle.", name=_name(profiles, mentee))
        if mentor not in profiles or not _offers(profiles[mentor]):
            yield say("{name} offers no place as a mentor in this cycle.", name=_name(profiles, mentor))
    if isinstance(change, Places) and (change.mentor not in profiles or not _offers(profiles[change.mentor])):
        yield say("{name} offers no place as a mentor in this cycle.", name=_name(profiles, change.mentor))


def _seat_faults(
    policy: Policy, change: Change, profiles: Mapping[UUID, Profile]
) -> Iterator[TranslatableText]:
    """Somebody who has no seat to be kept apart from."""
    if not isinstance(change, Apart):
        return
    if not policy.circles.on:
        yield say("There are no circles in this cycle.")
        return
    for person in change.couple:
        if person not in profiles or Role.PEER not in profiles[person].answers.roles:
            yield say("{name} did not sign up for a circle in this cycle.", name=_name(profiles, person))


def _offers(profile: Profile) -> bool:
    return Role.MENTOR in profile.answers.roles and profile.answers.capacity > 0


def _clashes(
    standing: Changes, change: Change, profiles: Mapping[UUID, Profile]
) -> Iterator[TranslatableText]:
    """The same once more, or the opposite."""
    if change in standing.all:
        yield say("This change is made already.")
    if isinstance(change, Pin):
        for mentee, mentor in change.couples:
            if (mentee, mentor) in standing.forbidden:
                yield say(
                    "{mentee} and {mentor} are kept apart by another change. Undo that one first.",
                    mentee=_name(profiles, mentee),
                    mentor=_name(profiles, mentor),
                )
    elif isinstance(change, Forbid) and change.couple in standing.pins:
        yield say("These two are paired by another change. Undo that one first.")


def _pin_faults(
    snapshot: Snapshot, policy: Policy, changes: Changes, profiles: Mapping[UUID, Profile]
) -> Iterator[TranslatableText]:
    """Pinned pairs that cannot all be: rules first, then numbers. People who left are passed over."""
    pins = [couple for couple in changes.pins if couple[0] in profiles and couple[1] in profiles]
    facts = snapshot.facts() if pins else None
    for mentee, mentor in pins:
        assert facts is not None
        names = broken(policy.rules, profiles[mentor], profiles[mentee], facts)
        if names:
            yield forbidden_because(names, policy, profiles[mentee].person, profiles[mentor].person)
    yield from _number_faults(pins, changes.places, profiles)


def forbidden_because(
    names: Iterable[str], policy: Policy, mentee: Person, mentor: Person
) -> TranslatableText:
    """The hard rule that forbids a pair, in words; of the quiet ones only that there is one."""
    told = [name for name in names if name not in BETRAYING or name == "same_person"]
    if not told:
        return QUIET
    params = {use.name: use.params for use in policy.rules}
    return say(
        "{mentee} and {mentor} cannot be paired. The rule: {rule}",
        mentee=mentee.name,
        mentor=mentor.name,
        rule=RULES[told[0]].says(params[told[0]]),
    )


def _number_faults(
    pins: list[Couple], places: Mapping[UUID, int], profiles: Mapping[UUID, Profile]
) -> Iterator[TranslatableText]:
    """More pins than somebody has room for."""
    of_mentee = Counter(mentee for mentee, _ in pins)
    of_mentor = Counter(mentor for _, mentor in pins)
    for mentee, count in of_mentee.items():
        if count > profiles[mentee].answers.mentors_wanted:
            yield say(
                "{name} would be paired more often than they asked for. Undo the other change first.",
                name=_name(profiles, mentee),
            )
    for mentor, count in of_mentor.items():
        room = places.get(mentor, profiles[mentor].answers.capacity)
        if count > room:
            yield say_many(
                "{name} has {count} place, and more pairs by hand. Give them more places first.",
                "{name} has {count} places, and more pairs by hand. Give them more places first.",
                room,
                name=_name(profiles, mentor),
            )
    for person in of_mentee.keys() | of_mentor.keys():
        most = profiles[person].answers.most_load
        if most is not None and of_mentee[person] + of_mentor[person] > most:
            yield say("{name} asked for less than that, all in all.", name=_name(profiles, person))


def _name(profiles: Mapping[UUID, Profile], person: UUID) -> str:
    return profiles[person].person.name if person in profiles else GONE


# -- in words -----------------------------------------------------------------------------------------------


def sentence(change: Change, people: Mapping[UUID, Person]) -> TranslatableText:
    """The change as an organiser reads it."""

    def name(person: UUID) -> str:
        return people[person].name if person in people else GONE

    if isinstance(change, Pin):
        couples = tuple(
            say("{mentee} with {mentor}", mentee=name(mentee), mentor=name(mentor))
            for mentee, mentor in change.couples
        )
        return say("Paired by hand: {couples}.", couples=couples)
    if isinstance(change, Forbid):
        mentee, mentor = change.couple
        return say("Not paired: {mentee} with {mentor}.", mentee=name(mentee), mentor=name(mentor))
    if isinstance(change, Apart):
        one, other = change.couple
        return say("Not in one circle: {one} and {other}.", one=name(one), other=name(other))
    if isinstance(change, Places):
        return say_many(
            "{mentor} has {count} place for a mentee.",
            "{mentor} has {count} places for mentees.",
            change.places,
            mentor=name(change.mentor),
        )
    return _policy_sentence(change)


def _policy_sentence(change: Weight | RuleSwitch) -> TranslatableText:
    if isinstance(change, Weight):
        criterion = CRITERIA[change.criterion].sentence
        return say("Counted with weight {weight}: {criterion}", weight=change.weight, criterion=criterion)
    rule = RULES[change.rule]
    says = rule.says({one.name: one.default for one in rule.params})
    return say("This rule holds: {rule}", rule=says) if change.holds else say("Left out: {rule}", rule=says)
