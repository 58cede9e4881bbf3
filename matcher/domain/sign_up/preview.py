"""What makes somebody hard to match, told while they sign up: in rounded counts, never about anybody.

Nobody is counted by what is confidential: "not with", wishes and reporting lines play no part here. Counts
under five are "a few", others are cut to fives, and a group under five is not looked into any further: trying
out hours tells nothing about one person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.domain.people import HALF_HOURS, Role, key, start_bits
from matcher.domain.sentences import N_, TranslatableText, say, term

FEW = 5
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = ((6, 9), (9, 12), (12, 15), (15, 18), (18, 21))


@dataclass(frozen=True, kw_only=True)
class SignedUpAnswers:
    """What counts of somebody who signed up: neither who they are nor whom they named."""

    roles: frozenset[Role]
    places: int
    offered: frozenset[str]
    sought: frozenset[str]
    languages: frozenset[str]
    bits: int


@dataclass(frozen=True, kw_only=True)
class MeetingTerms:
    """What a meeting takes: minutes without a break, people of the smallest circle (0 without circles), and
    the zone's distance from UTC in half-hours as of the cycle's first week."""

    minutes: int
    smallest: int = 0
    ahead: int = 0


def words(texts: Iterable[str]) -> frozenset[str]:
    """Words from lists as they are compared."""
    return frozenset(key(text) for text in texts)


def outlook(
    me: SignedUpAnswers, others: Sequence[SignedUpAnswers], terms: MeetingTerms
) -> tuple[TranslatableText, ...]:
    """The sentences for each role, in the order mentee, mentor, peer; nothing about what is not said yet."""
    told: list[TranslatableText] = []
    if Role.MENTEE in me.roles and me.sought:
        mentors = [one for one in others if Role.MENTOR in one.roles and one.places > 0]
        told += _about(me, mentors, [one for one in mentors if one.offered & me.sought], MENTEE, terms)
    if Role.MENTOR in me.roles and me.offered and me.places:
        mentees = [one for one in others if Role.MENTEE in one.roles]
        told += _about(me, mentees, [one for one in mentees if one.sought & me.offered], MENTOR, terms)
    if Role.PEER in me.roles and terms.smallest:
        peers = [one for one in others if Role.PEER in one.roles]
        told += _about(me, peers, peers, PEER, terms, enough=terms.smallest - 1)
    return tuple(told)


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """How one role hears it: nobody, a few or at least so many have the topics, and share the hours."""

    no_topic: str
    few_topic: str
    topic: str
    no_hour: str
    few_hour: str
    hour: str


MENTEE = Sentences(
    no_topic=say("Nobody offers one of your topics yet. One or two wider topics would help."),
    few_topic=say("A few mentors offer your topics so far."),
    topic=N_("At least {count} mentors offer one or more of your topics."),
    no_hour=say(
        "No mentor is free when you are and speaks one of your languages yet. More hours would help."
    ),
    few_hour=say("Only a few mentors are free when you are. More hours would help."),
    hour=N_("At least {count} of the mentors who come into question are free when you are."),
)
MENTOR = Sentences(
    no_topic=say("Nobody looks for your topics yet. That may change until sign-up closes."),
    few_topic=say("A few people look for your topics so far."),
    topic=N_("At least {count} people look for one or more of your topics."),
    no_hour=say(
        "No mentee is free when you are and speaks one of your languages yet. More hours would help."
    ),
    few_hour=say("Only a few mentees are free when you are. More hours would help."),
    hour=N_("At least {count} of the mentees who come into question are free when you are."),
)
PEER = Sentences(
    no_topic=say("Nobody else has signed up for a circle yet."),
    few_topic=say("A few others have signed up for circles so far."),
    topic=N_("At least {count} others have signed up for circles."),
    no_hour=say("There is no hour yet at which a circle could meet with you. More hours would help."),
    few_hour=say("Only a few others are free when you are. More hours would help."),
    hour=N_("At least {count} of them are free when you are."),
)


def _about(
    me: SignedUpAnswers,
    everyone: Sequence[SignedUpAnswers],
    fitting: Sequence[SignedUpAnswers],
    said: Sentences,
    terms: MeetingTerms,
    *,
    enough: int = 1,
) -> list[TranslatableText]:
    told = [_count(len(fitting), said.no_topic, said.few_topic, said.topic)]
    group = fitting if len(fitting) >= FEW else everyone
    if not me.bits or len(group) < FEW:
        return told
    talking = [one for one in group if not me.languages or one.languages & me.languages]
    shared = sum(1 for one in talking if start_bits(one.bits & me.bits, terms.minutes))
    told.append(_count(shared if shared >= enough else 0, said.no_hour, said.few_hour, said.hour))
    if shared < FEW:
        told += _busiest(talking, terms)
    return told


def _count(count: int, nobody: str, few: str, many: str) -> TranslatableText:
    if count >= FEW:
        return say(many, count=count // FEW * FEW)
    found = few if count else nobody
    return found if isinstance(found, TranslatableText) else say(found)


def _busiest(group: Sequence[SignedUpAnswers], terms: MeetingTerms) -> list[TranslatableText]:
    """The part of the local week in which most of them could meet, if five or more could."""
    starts = [start_bits(one.bits, terms.minutes) for one in group]
    best, count = max(
        ((part, sum(1 for bits in starts if bits & mask)) for part, mask in _parts(terms.ahead)),
        key=lambda found: found[1],
    )
    if count < FEW:
        return []
    day, (first, last) = best
    pattern = N_("Many of them are free on {day} between {first}:00 and {last}:00.")
    return [say(pattern, day=term(DAYS[day]), first=first, last=last)]


def _parts(ahead: int) -> Iterable[tuple[tuple[int, tuple[int, int]], int]]:
    """Each part of the local week with its half-hours of the UTC week as bits."""
    for day in range(7):
        for hours in PARTS:
            halves = range(48 * day + 2 * hours[0] - ahead, 48 * day + 2 * hours[1] - ahead)
            yield (day, hours), sum(1 << half % HALF_HOURS for half in halves)
