"""What changed from one policy to another, in sentences."""

from collections.abc import Iterator

from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import MODES, Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText, say, say_many, term


def differences(old: Policy, new: Policy) -> tuple[TranslatableText, ...]:
    """One sentence for each change, rules first; none where both say the same."""
    return (
        *_rules(old, new),
        *_weights(old, new),
        *_settings(old, new),
        *_sessions(old, new),
        *_circles(old, new),
    )


def _rules(old: Policy, new: Policy) -> Iterator[TranslatableText]:
    before, after = ({use.name: use.params for use in policy.rules} for policy in (old, new))
    for name in RULES:
        if name in after and name not in before:
            yield say("New rule: {rule}", rule=RULES[name].says(after[name]))
        elif name in before and name not in after:
            yield say("Rule left out: {rule}", rule=RULES[name].says(before[name]))
        elif name in before and before[name] != after[name]:
            yield say(
                "Rule changed: {rule} Before: {before}",
                rule=RULES[name].says(after[name]),
                before=RULES[name].says(before[name]),
            )


def _weights(old: Policy, new: Policy) -> Iterator[TranslatableText]:
    before, after = ({use.name: use for use in policy.criteria} for policy in (old, new))
    for name, criterion in CRITERIA.items():
        was = before[name].weight if name in before else 0
        now = after[name].weight if name in after else 0
        if was != now:
            yield say(
                "{criterion} Weight {now}, before {was}.", criterion=criterion.sentence, now=now, was=was
            )
        elif name in before and name in after and before[name].params != after[name].params:
            yield say("{criterion} It is counted in another way.", criterion=criterion.sentence)


def _settings(old: Policy, new: Policy) -> Iterator[TranslatableText]:
    if old.mode != new.mode:
        yield say("Who comes first: {mode}", mode=MODES[new.mode])
    if old.line != new.line:
        yield say(
            "A pair is adequate from {now} per cent of all points, before from {was}.",
            now=new.line // 10,
            was=old.line // 10,
        )
    if old.levels != new.levels:
        yield say("{now} levels below the line, before {was}.", now=new.levels, was=old.levels)
    if old.cross_share != new.cross_share:
        yield say(
            "Pairs across functions: at least {now} per cent, before {was}.",
            now=new.cross_share // 10,
            was=old.cross_share // 10,
        )
    if old.credits != new.credits:
        yield (
            say("Who came off badly goes first next time.")
            if new.credits
            else say("Who came off badly does not go first any more.")
        )


def _sessions(old: Policy, new: Policy) -> Iterator[TranslatableText]:
    if (old.sessions, old.session_minutes, old.every_weeks) != (
        new.sessions,
        new.session_minutes,
        new.every_weeks,
    ):
        yield say(
            "{sessions} of {minutes} minutes, {weeks}.",
            sessions=say_many("One session", "{count} sessions", new.sessions),
            minutes=new.session_minutes,
            weeks=say_many("every week", "every {count} weeks", new.every_weeks),
        )
    if old.duties != new.duties:
        yield say("Duties: {duties}.", duties=tuple(term(duty) for duty in new.duties))
    if old.pair_duties != new.pair_duties:
        yield (
            say("Pairs take turns in leading.") if new.pair_duties else say("Pairs have no duties any more.")
        )
    if old.seed != new.seed:
        yield say("Lots are drawn anew where people are equal.")
    if old.points != new.points:
        yield say("The best pair can have {now} points, before {was}.", now=new.points, was=old.points)


def _circles(old: Policy, new: Policy) -> Iterator[TranslatableText]:
    if old.pairs != new.pairs:
        yield (
            say("There are mentors and mentees now.")
            if new.pairs
            else say("There are no mentors and mentees any more.")
        )
    was, now = old.circles, new.circles
    if was.on != now.on:
        yield say("There are peer circles now.") if now.on else say("There are no peer circles any more.")
    if (was.smallest, was.target, was.largest) != (now.smallest, now.target, now.largest):
        yield say(
            "Circles of {smallest} to {largest} people, {target} if it works out.",
            smallest=now.smallest,
            largest=now.largest,
            target=now.target,
        )
    if was.history != now.history:
        yield say_many(
            "Nobody meets the same people in a circle again for one cycle.",
            "Nobody meets the same people in a circle again for {count} cycles.",
            now.history,
        )
