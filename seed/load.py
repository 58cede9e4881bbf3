"""The demo's organisation and its cycles, brought in through the services, the doors users take."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy.policy import DEFAULT_RULES, Policy, RuleUse
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from seed.people import Colleague
from seed.profiles import ProfileAnswers
from seed.story import PROGRAMME, SLUG, CycleStory, handlers_of, organiser_of
from seed.voices import TOPICS

POLICY = Policy(rules=(*DEFAULT_RULES, RuleUse(name="grade_gap", params={"lowest": 1, "highest": 4})))


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What later steps need: the programme, its organiser, and everybody's id by address."""

    programme: UUID
    organiser: UUID
    ids: Mapping[str, UUID]


class SeededIds:
    """Ids and opaque numbers, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def id(self) -> UUID:
        """A random UUID (version 4)."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def ref(self) -> int:
        """63 random bits."""
        return self._random.getrandbits(63)


def organisation(
    session: Session, colleagues: Sequence[Colleague], *, chance: SeededIds, now: datetime
) -> Loaded:
    """Store the colleagues, who reports to whom, and the programme with its organiser."""
    ids = {one.email: _person(session, one, chance, now) for one in colleagues}
    for one in colleagues:
        if one.manager is not None:
            people.update(session, ids[one.email], manager=ids[one.manager])
    organiser = ids[organiser_of(colleagues).email]
    programme = programmes.create(
        session,
        name=PROGRAMME,
        slug=SLUG,
        policy=POLICY,
        topics=tuple(TOPICS),
        by=organiser,
        now=now,
        id=chance.id(),
    )
    for one in handlers_of(colleagues):
        programmes.add_handler(
            session, programme_id=programme, person_id=ids[one.email], by=organiser, now=now
        )
    return Loaded(programme=programme, organiser=organiser, ids=ids)


def cycle(session: Session, story: CycleStory, loaded: Loaded, *, chance: SeededIds) -> UUID:
    """Make a cycle, open it, and let everybody of its story sign up; its id."""
    opened_at = story.at(story.opens_on)
    cycle_id = cycles.create(
        session,
        programme_id=loaded.programme,
        name=story.name,
        opens_on=story.opens_on,
        closes_on=story.closes_on,
        starts_on=story.starts_on,
        ends_on=story.ends_on,
        by=loaded.organiser,
        now=opened_at,
        id=chance.id(),
    )
    cycles.open_(session, cycle_id=cycle_id, by=loaded.organiser, now=opened_at)
    for one in story.sign_ups:
        person = loaded.ids[one.colleague.email]
        enrolment.enrol(
            session,
            cycle_id=cycle_id,
            person_id=person,
            answers=_answers(one, story, loaded),
            by=person,
            now=opened_at,
            ref=chance.ref(),
        )
    return cycle_id


def _person(session: Session, one: Colleague, chance: SeededIds, now: datetime) -> UUID:
    return people.ensure(
        session,
        email=one.email,
        name=one.name,
        now=now,
        id=chance.id(),
        function=one.function,
        site=one.site,
        department=one.department,
        grade=one.grade,
        zone=one.zone,
        languages=one.languages,
    )


def _answers(one: ProfileAnswers, story: CycleStory, loaded: Loaded) -> Answers:
    not_with = tuple(loaded.ids[email] for email in one.not_with)
    return Answers(
        roles=tuple(Role(role) for role in one.roles),
        capacity=one.capacity,
        topics_offered=one.topics_offered,
        topics_sought=one.topics_sought,
        goals=one.goals,
        week=Week.from_local(one.hours, one.colleague.zone, story.starts_on),
        wishes=tuple(loaded.ids[email] for email in one.wishes if loaded.ids[email] not in not_with),
        not_with=not_with,
        duties_declined=one.duties_declined,
        experienced=one.experienced,
    )
