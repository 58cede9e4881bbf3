"""Harmless defaults for tests: say only what matters. Values first, then rows made through the services."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.people import Answers, Person, Profile, Role, Week
from matcher.domain.policy.policy import CircleFormat, CriterionUse, Policy, RuleUse
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from tests import in_process

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
OFFICE_HOURS = Week.from_local(
    [(day, f"{hour:02}:{minute:02}") for day in range(5) for hour in range(9, 17) for minute in (0, 30)],
    "Europe/Berlin",
    MONDAY,
)
NO_CIRCLES = CircleFormat(on=False)


def a_person(name: str = "Ada Byron", **fields: Any) -> Person:
    """A person in engineering, in Berlin, who speaks English."""
    defaults: dict[str, Any] = {
        "id": uuid4(),
        "email": f"{name.lower().replace(' ', '.')}@example.org",
        "name": name,
        "function": "Engineering",
        "site": "Berlin",
        "grade": 3,
        "zone": "Europe/Berlin",
        "languages": ("English",),
    }
    return Person(**{**defaults, **fields})


def answers(*roles: Role, **fields: Any) -> Answers:
    """Free in office hours; seeks and offers leadership."""
    defaults: dict[str, Any] = {
        "roles": roles or (Role.MENTEE,),
        "topics_offered": ("leadership",),
        "topics_sought": ("leadership",),
        "week": OFFICE_HOURS,
    }
    return Answers(**{**defaults, **fields})


def a_profile(role: Role, *, person: dict[str, Any] | None = None, **said: Any) -> Profile:
    """A mentor on grade 5 or somebody on grade 3, with these fields and answers."""
    grade = 5 if role is Role.MENTOR else 3
    return Profile(person=a_person(**{"grade": grade, **(person or {})}), answers=answers(role, **said))


def mentor(*, person: dict[str, Any] | None = None, **said: Any) -> Profile:
    return a_profile(Role.MENTOR, person=person, **said)


def mentee(*, person: dict[str, Any] | None = None, **said: Any) -> Profile:
    return a_profile(Role.MENTEE, person=person, **said)


def a_policy(
    rules: Iterable[str | RuleUse] = ("same_person", "not_blocked"),
    criteria: Iterable[CriterionUse] = (
        CriterionUse(name="topics", weight=3),
        CriterionUse(name="cross_functional", weight=1),
    ),
    **fields: Any,
) -> Policy:
    """Few rules, two criteria, no circles."""
    used = tuple(RuleUse(name=rule) if isinstance(rule, str) else rule for rule in rules)
    return Policy(rules=used, criteria=tuple(criteria), **{"circles": NO_CIRCLES, **fields})


def a_programme(session: Session, *, policy: Policy | None = None, by: UUID | None = None) -> UUID:
    slug = f"together-{uuid4().hex[:8]}"
    return programmes.create(
        session,
        name="Together",
        slug=slug,
        policy=policy or a_policy(),
        topics=("leadership", "data"),
        by=by,
        now=NOON,
    )


def a_cycle(session: Session, *, programme: UUID | None = None, policy: Policy | None = None) -> UUID:
    """A cycle open for sign-ups."""
    cycle_id = a_draft_cycle(session, programme=programme, policy=policy)
    cycles.open_(session, cycle_id=cycle_id, by=None, now=NOON)
    return cycle_id


def a_draft_cycle(session: Session, *, programme: UUID | None = None, policy: Policy | None = None) -> UUID:
    return cycles.create(
        session,
        programme_id=programme or a_programme(session, policy=policy),
        name="Spring",
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 3, 14),
        starts_on=date(2026, 4, 6),
        ends_on=date(2026, 7, 31),
        by=None,
        now=NOON,
    )


def stored(session: Session, name: str = "Ada Byron", **fields: Any) -> UUID:
    """A person's row; the address follows from the name."""
    value = a_person(name, **fields)
    return people.ensure(
        session,
        email=value.email,
        name=value.name,
        function=value.function,
        site=value.site,
        department=value.department,
        grade=value.grade,
        zone=value.zone,
        languages=value.languages,
        manager=value.manager,
        now=NOON,
        id=value.id,
    )


def enrolled(
    session: Session,
    cycle_id: UUID,
    *roles: Role,
    name: str,
    ref: int | None = None,
    person: dict[str, Any] | None = None,
    **said: Any,
) -> UUID:
    """A person's row and their sign-up; the person's id."""
    grade = 5 if Role.MENTOR in roles else 3
    person_id = stored(session, name, **{"grade": grade, **(person or {})})
    enrolment.enrol(
        session,
        cycle_id=cycle_id,
        person_id=person_id,
        answers=answers(*roles, **said),
        by=person_id,
        now=NOON,
        ref=ref,
    )
    return person_id


def solved(sessions: sessionmaker[Session], run_id: UUID) -> UUID:
    """Let the run be solved in this process; the draft's id."""
    runs.solve(sessions, run_id, run_solver=in_process.solved, clock=lambda: NOON, worker="worker")
    with sessions() as session:
        draft_id = runs.progress(session, run_id).draft_id
    assert draft_id is not None
    return draft_id


def reviewed(sessions: sessionmaker[Session], enrol: Callable[[Session, UUID], None], **said: Any) -> UUID:
    """A cycle in review whose people `enrol` signed up; the draft's id."""
    with sessions.begin() as session:
        cycle_id = a_cycle(session, **said)
        enrol(session, cycle_id)
        run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    return solved(sessions, run_id)
