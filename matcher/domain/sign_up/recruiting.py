"""Which mentors to look for: kinds of mentors whom most of those without a place could meet.

A kind is a guess; how many it would place is found by counting again with such mentors added.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from matcher.domain.matching.snapshot import Member
from matcher.domain.people import HALF_HOURS, Answers, Person, Profile, Role, Week, key, start_bits
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import N_, TranslatableText, say, say_many, term

PARTS = (
    (8, 12, N_("in the morning")),
    (12, 17, N_("in the afternoon")),
    (17, 21, N_("in the evening")),
)
"""Local hours of a working day, and what they are called."""

MOST_MENTORS = 10
MOST_KINDS = 3


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Mentors to look for. topic: "" for any; part: a place in PARTS; grade: None where none is needed."""

    topic: str
    part: int
    language: str
    grade: int | None
    mentors: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Recruiting:
    """A kind and how many more it would place, counted anew."""

    kind: Kind
    placed: int

    def sentence(self) -> TranslatableText:
        """As an organiser reads it."""
        kind, part, language = self.kind, say(PARTS[self.kind.part][2]), term(self.kind.language)
        people = say_many("{count} person", "{count} people", self.placed)
        places = say_many("{count} place", "{count} places", kind.places)
        if not kind.topic:
            return say_many(
                "One more mentor {part} who speaks {language}, with {places}, would place {people}.",
                "{count} more mentors {part} who speak {language}, each with {places}, would place {people}.",
                kind.mentors,
                part=part,
                language=language,
                places=places,
                people=people,
            )
        return say_many(
            "One more mentor for {topic} {part} who speaks {language}, with {places}, would place {people}.",
            "{count} more mentors for {topic} {part} who speak {language}, each with {places}, "
            "would place {people}.",
            kind.mentors,
            topic=term(kind.topic),
            part=part,
            language=language,
            places=places,
            people=people,
        )


def kinds(
    waiting: Sequence[Member], mentors: Sequence[Member], policy: Policy, ahead: int
) -> tuple[Kind, ...]:
    """The kinds most of those waiting could meet, the largest first; each person counts for one kind.

    ahead: half-hours by which the reader's clocks are ahead of UTC.
    """
    found: list[Kind] = []
    left = list(waiting)
    while left and len(found) < MOST_KINDS:
        scores = Counter(kind for one in left for kind in _welcome(one, policy.session_minutes, ahead))
        if not scores:
            break
        fits = _chosen(scores)
        topic, part, language = fits
        group = [one for one in left if fits in _welcome(one, policy.session_minutes, ahead)]
        places = _usual_places(mentors)
        needed = min(MOST_MENTORS, -(-len(group) // places))
        grade = _grade(group, policy)
        found.append(
            Kind(topic=topic, part=part, language=language, grade=grade, mentors=needed, places=places)
        )
        left = [one for one in left if one not in group]
    return tuple(found)


def invented(kind: Kind, ids: Sequence[UUID], ahead: int) -> tuple[Member, ...]:
    """So many mentors of this kind, with these ids: free in their part of every working day."""
    answers = Answers(
        roles=(Role.MENTOR,),
        capacity=kind.places,
        topics_offered=(kind.topic,) if kind.topic else (),
        week=Week(part_bits(kind.part, ahead)),
    )
    person = Person(id=ids[0], email="", name="", grade=kind.grade, languages=(kind.language,))
    return tuple(
        Member(ref=0, profile=Profile(person=replace(person, id=one), answers=answers))
        for one in ids[: kind.mentors]
    )


def part_bits(part: int, ahead: int) -> int:
    """Half-hours of the UTC week: Monday to Friday, this part of the local day."""
    first, last, _ = PARTS[part]
    halves = (48 * day + half - ahead for day in range(5) for half in range(2 * first, 2 * last))
    return sum(1 << half % HALF_HOURS for half in halves)


def _welcome(one: Member, minutes: int, ahead: int) -> set[tuple[str, int, str]]:
    """The kinds of mentors this person could meet, by what they seek, their hours and their languages."""
    bits = one.profile.answers.week.bits
    parts = [part for part in range(len(PARTS)) if start_bits(bits & part_bits(part, ahead), minutes)]
    topics = {key(topic): topic for topic in one.profile.answers.topics_sought}
    return {
        (topic, part, language)
        for topic in ("", *topics.values())
        for part in parts
        for language in one.profile.person.languages
    }


def _chosen(scores: Mapping[tuple[str, int, str], int]) -> tuple[str, int, str]:
    """The kind most could meet; one with a topic if at least half as many seek it, for it is easier found."""

    def rank(kind: tuple[str, int, str]) -> tuple[int, tuple[str, int, str]]:
        return scores[kind], kind

    topics = [kind for kind in scores if kind[0]]
    best, named = max(scores, key=rank), max(topics, key=rank, default=None)
    return named if named is not None and 2 * scores[named] >= scores[best] else best


def _usual_places(mentors: Sequence[Member]) -> int:
    """What a mentor offers as a rule: the middle one's places, 1 to 3."""
    offered = sorted(one.profile.answers.capacity for one in mentors) or [2]
    return min(3, max(1, offered[len(offered) // 2]))


def _grade(group: Sequence[Member], policy: Policy) -> int | None:
    """A grade that suits the middle one of the group, where a rule asks for a gap."""
    rule = next((use for use in policy.rules if use.name == "grade_gap"), None)
    grades = sorted(one.profile.person.grade for one in group if one.profile.person.grade is not None)
    if rule is None or not grades:
        return None
    lowest, highest = rule.params["lowest"], rule.params["highest"]
    return int(grades[len(grades) // 2]) + int(max(lowest, min(highest, 2)))
