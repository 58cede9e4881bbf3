"""Random people, the same for the same seed: in every rule and criterion some pairs hold and some do not."""

from random import Random
from uuid import UUID

from matcher.domain.facts import couple
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import GRADE_WISHES, Answers, Person, Profile, Role, Week

FUNCTIONS = ("Engineering", "engineering ", "Finance", "Legal", "")
SITES = ("Berlin", "Lyon", "")
LANGUAGES = ("English", "german", "French", "Polish")
TOPICS = ("Leadership", "leadership", "Data", "Writing", "Negotiation", "Law")
IDENTITIES = ("only child", "parent", "veteran")


def a_uuid(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def a_crowd(seed: int, people: int = 24) -> Snapshot:
    """A snapshot of so many random people with managers, wishes, "not with" and a history."""
    chance = Random(seed)
    ids = [a_uuid(chance) for _ in range(people)]
    bosses = [a_uuid(chance) for _ in range(3)]
    members = tuple(
        Member(
            ref=chance.getrandbits(63),
            profile=Profile(
                person=_person(chance, place, one, ids, bosses), answers=_answers(chance, one, ids)
            ),
            credit=chance.randrange(3),
            balance=chance.randrange(-2, 3),
        )
        for place, one in enumerate(ids)
    )
    pairs = [couple(*chance.sample(ids, 2)) for _ in range(people)]
    return Snapshot(
        cycle=a_uuid(chance),
        members=tuple(sorted(members, key=lambda one: one.ref)),
        met={pair: chance.randrange(1, 6) for pair in pairs[: people // 2]},
        sat={pair: chance.randrange(1, 8) for pair in pairs[people // 2 :]},
        managers={bosses[0]: bosses[1], bosses[2]: ids[0]},
    )


def _person(chance: Random, place: int, one: UUID, ids: list[UUID], bosses: list[UUID]) -> Person:
    manager = chance.choice([None, *bosses, *ids])
    return Person(
        id=one,
        email=f"unmistakable.{place}@example.org",
        name=f"Unmistakable Name{place}",
        function=chance.choice(FUNCTIONS),
        site=chance.choice(SITES),
        department=chance.choice(FUNCTIONS),
        grade=chance.choice([None, *range(6)]),
        languages=tuple(chance.sample(LANGUAGES, chance.randrange(1, 4))),
        manager=None if manager == one else manager,
    )


def _answers(chance: Random, one: UUID, ids: list[UUID]) -> Answers:
    others = [other for other in ids if other != one]
    return Answers(
        roles=tuple(chance.sample([*Role], chance.randrange(1, 4))),
        capacity=chance.randrange(4),
        topics_offered=tuple(chance.sample(TOPICS, chance.randrange(4))),
        topics_sought=tuple(chance.sample(TOPICS, chance.randrange(4))),
        goals=f"Unmistakable goals of {one}",
        week=_week(chance),
        wishes=tuple(chance.sample(others, chance.randrange(4))),
        not_with=tuple(sorted(chance.sample(others, chance.randrange(3)))),
        characteristics=tuple(chance.sample(IDENTITIES, chance.randrange(3))),
        identity_wish=chance.choice(("", *IDENTITIES, " Parent")),
        duties_declined=tuple(chance.sample(["facilitator", "timekeeper"], chance.randrange(2))),
        experienced=chance.random() < 0.5,
        grade_wish=Random(one.int).choice(("", *GRADE_WISHES)),
    )


def _week(chance: Random) -> Week:
    bits = 0
    for _ in range(chance.randrange(4)):
        start, length = chance.randrange(336), chance.randrange(1, 8)
        bits |= sum(1 << (start + more) % 336 for more in range(length))
    return Week(bits)
