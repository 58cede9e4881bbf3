"""What each colleague answers when signing up, from roles to wishes; the same for the same seed."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from seed.people import Colleague, pick
from seed.places import SITES
from seed.voices import AROUND, OFFERS, PEERS, TOPICS, Phrase

DUTIES = ("facilitator", "timekeeper", "note-taker")

SOUGHT = {
    "Leading a team": 15,
    "Career direction": 16,
    "Speaking up": 12,
    "Working with data": 14,
    "Difficult conversations": 9,
    "Time and priorities": 9,
    "Project planning": 7,
    "Product thinking": 6,
    "Software craft": 6,
    "Negotiating": 5,
    "Writing clearly": 4,
    "Working across cultures": 5,
    "Finance for everyone": 4,
    "Hiring well": 2,
    "Returning after leave": 2,
}
OFFERED = {  # by everybody; the home ground of each function is added below
    "Leading a team": 12,
    "Career direction": 12,
    "Speaking up": 8,
    "Difficult conversations": 8,
    "Time and priorities": 7,
    "Project planning": 9,
    "Writing clearly": 6,
    "Working across cultures": 8,
    "Hiring well": 6,
    "Returning after leave": 2,
}
HOME_GROUND = {
    "Engineering": ("Software craft", "Project planning"),
    "Operations": ("Project planning", "Difficult conversations"),
    "Customer Care": ("Difficult conversations", "Speaking up"),
    "Sales": ("Negotiating", "Speaking up"),
    "Product": ("Product thinking", "Working with data"),
    "Finance": ("Finance for everyone", "Working with data"),
    "Data": ("Working with data", "Software craft"),
    "People": ("Hiring well", "Career direction"),
    "Marketing": ("Writing clearly", "Product thinking"),
    "Legal": ("Writing clearly", "Negotiating"),
}
TAKES_PART = 0.88
MENTORS = (0.0, 0.15, 0.65, 0.80, 0.80, 0.66)  # share of each grade who offer to mentor
MENTEES = (0.84, 0.76, 0.45, 0.26, 0.10, 0.0)
PEER_CIRCLE = 0.42


@dataclass(frozen=True, kw_only=True)
class ProfileAnswers:
    """One colleague's answers; `hours` are half-hours (weekday 0–6, "HH:MM") on their own clock."""

    colleague: Colleague
    roles: tuple[str, ...]
    capacity: int
    topics_offered: tuple[str, ...]
    topics_sought: tuple[str, ...]
    goals: str
    hours: tuple[tuple[int, str], ...]
    wishes: tuple[str, ...]
    not_with: tuple[str, ...]
    duties_declined: tuple[str, ...]
    experienced: bool


def sign_ups(
    colleagues: Sequence[Colleague], *, seed: int, share: float = TAKES_PART
) -> tuple[ProfileAnswers, ...]:
    """Answers of that share of the colleagues, in their order."""
    chance = random.Random(seed)
    told: Counter[str] = Counter()
    taking_part = [one for one in colleagues if chance.random() < share]
    answers = [_sign_up(one, taking_part, chance, told) for one in taking_part]
    return tuple(answers)


def _sign_up(
    one: Colleague, others: Sequence[Colleague], chance: random.Random, told: Counter[str]
) -> ProfileAnswers:
    roles = _roles(one, chance)
    offered = _offered(one, chance) if "mentor" in roles else ()
    sought = _sought(one, offered, chance) if "mentee" in roles else ()
    return ProfileAnswers(
        colleague=one,
        roles=roles,
        capacity=chance.choices((1, 2, 3), weights=(8, 3, 1))[0] if "mentor" in roles else 0,
        topics_offered=offered,
        topics_sought=sought,
        goals=_goals(one, roles, (offered, sought), chance, told),
        hours=_hours(one, chance),
        wishes=_wishes(one, others, chance) if "mentee" in roles else (),
        not_with=_not_with(one, others, chance),
        duties_declined=_duties_declined(chance),
        experienced=one.grade >= 2 and chance.random() < 0.55,
    )


def _roles(one: Colleague, chance: random.Random) -> tuple[str, ...]:
    roles = [
        role
        for role, share in (
            ("mentor", MENTORS[one.grade]),
            ("mentee", MENTEES[one.grade]),
            ("peer", PEER_CIRCLE),
        )
        if chance.random() < share
    ]
    return tuple(roles) or (("mentee",) if one.grade < 2 else ("peer",))


def _several(weights: Mapping[str, int], count: int, chance: random.Random) -> tuple[str, ...]:
    left = dict(weights)
    chosen: list[str] = []
    while left and len(chosen) < count:
        chosen.append(pick(chance, left))
        del left[chosen[-1]]
    return tuple(chosen)


def _offered(one: Colleague, chance: random.Random) -> tuple[str, ...]:
    weights = dict(OFFERED)
    for topic in HOME_GROUND[one.function]:
        weights[topic] = weights.get(topic, 0) + 18
    if one.grade < 3:
        weights["Leading a team"] = 2
        weights["Hiring well"] = 2
    return _several(weights, chance.choices((2, 3, 4), weights=(3, 5, 3))[0], chance)


def _sought(one: Colleague, offered: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """Topics they look for: seldom what they offer, and software mostly by those who write it."""
    weights = {topic: weight for topic, weight in SOUGHT.items() if topic not in offered}
    if one.function not in {"Engineering", "Data"}:
        weights.pop("Software craft", None)
    if one.function == "Data":
        weights.pop("Working with data", None)
    if one.grade == 0:
        weights.pop("Hiring well", None)
    return _several(weights, chance.choices((1, 2, 3), weights=(3, 6, 3))[0], chance)


def _goals(
    one: Colleague,
    roles: Sequence[str],
    topics: tuple[Sequence[str], Sequence[str]],
    chance: random.Random,
    told: Counter[str],
) -> str:
    """`topics`: those offered and those sought."""
    offered, sought = topics
    if "mentee" in roles:
        parts = [_least_told(TOPICS[topic], one, chance, told) for topic in sought[:2]]
        if chance.random() < 0.4:
            parts.append(_least_told(AROUND, one, chance, told))
    elif "mentor" in roles:
        parts = [_least_told(OFFERS, one, chance, told).format(topic=offered[0])]
    else:
        parts = [_least_told(PEERS, one, chance, told)]
    return " ".join(parts)


def _least_told(
    choice: Sequence[str | Phrase], one: Colleague, chance: random.Random, told: Counter[str]
) -> str:
    """Words this colleague could write, of those written least often so far: people do not write the same."""
    possible = [words for words in (_in_their_mouth(said, one) for said in choice) if words]
    least = min(told[words] for words in possible)
    words = chance.choice([words for words in possible if told[words] == least])
    told[words] += 1
    return words


def _in_their_mouth(said: str | Phrase, one: Colleague) -> str:
    """The words, or nothing if they would sound wrong from this colleague."""
    if isinstance(said, str):
        return said
    fits = (not said.by or one.function in said.by) and said.least <= one.grade <= said.most
    return said.words if fits and one.site != said.away_from else ""


def _hours(one: Colleague, chance: random.Random) -> tuple[tuple[int, str], ...]:
    """The half-hours of the usual day of their site they keep free for this, on their days."""
    site = SITES[one.site]
    shift = chance.choice((-60, -30, 0, 0, 0, 30, 60))
    begins, ends = _minutes(site.begins) + shift, _minutes(site.ends) + shift
    days = sorted(chance.sample(range(5), k=chance.choices((5, 4, 3), weights=(6, 3, 1))[0]))
    lunch = chance.choice((720, 750, 780))
    cells = []
    for day in days:
        busy = chance.sample(range(begins, ends - 90, 60), k=2)
        cells += [
            (day, f"{start // 60:02d}:{start % 60:02d}")
            for start in range(begins, ends, 30)
            if not lunch <= start < lunch + 60 and not any(b <= start < b + 90 for b in busy)
        ]
    return tuple(cells)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _wishes(one: Colleague, others: Sequence[Colleague], chance: random.Random) -> tuple[str, ...]:
    if chance.random() >= 0.09:
        return ()
    admired = [
        other.email for other in others if other.grade > one.grade + 1 and other.manager != one.manager
    ]
    return tuple(chance.sample(admired, k=min(len(admired), chance.choice((1, 1, 2)))))


def _not_with(one: Colleague, others: Sequence[Colleague], chance: random.Random) -> tuple[str, ...]:
    if chance.random() >= 0.04:
        return ()
    near = [other.email for other in others if other.function == one.function and other is not one]
    return (chance.choice(near),) if near else ()


def _duties_declined(chance: random.Random) -> tuple[str, ...]:
    """About a third would rather not facilitate; hardly anybody minds the smaller duties."""
    shares = dict(zip(DUTIES, (0.34, 0.04, 0.09), strict=True))
    return tuple(duty for duty in DUTIES if chance.random() < shares[duty])
