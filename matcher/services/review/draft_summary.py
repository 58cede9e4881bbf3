"""A draft for the eyes of an organiser: pairs with reasons, the waitlist with reasons, circles, fairness."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.matching.explain import Reason, fit_word, open_reasons
from matcher.domain.matching.fairness import Fairness, fairness_from
from matcher.domain.people import Person, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.store.rows import people_by_id
from matcher.store.tables import (
    Draft,
    DraftCircle,
    DraftDuty,
    DraftPair,
    DraftWaiting,
    PolicyVersion,
    SolveRun,
)


@dataclass(frozen=True, kw_only=True)
class ReviewedDuty:
    """Who holds which duty in which session, 1 the first."""

    session: int
    duty: str
    person: Person


@dataclass(frozen=True, kw_only=True)
class ReviewedPair:
    """A pair. points of most: only what an organiser may read, the sum of the reasons shown. word: the level
    of the whole pair. duties: who leads which session."""

    mentor: Person
    mentee: Person
    points: int
    most: int
    word: str
    reasons: tuple[Reason, ...]
    duties: tuple[ReviewedDuty, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReviewedWaiting:
    """Somebody without a partner in that role, and why."""

    person: Person
    role: Role
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewedCircle:
    """A circle; it begins at half-hour `slot` of the UTC week, 0..335."""

    number: int
    slot: int
    members: tuple[Person, ...]
    duties: tuple[ReviewedDuty, ...]


@dataclass(frozen=True, kw_only=True)
class Review:
    """A draft as it would be published; publishing asks for its `hash`."""

    draft_id: UUID
    cycle_id: UUID
    run_id: UUID
    hash: str
    fairness: Fairness
    pairs: tuple[ReviewedPair, ...]
    waiting: tuple[ReviewedWaiting, ...]
    circles: tuple[ReviewedCircle, ...]


def summary(session: Session, draft_id: UUID) -> Review:
    """The draft, in a fixed number of queries whatever its size. The lowest fits first. Raises NotFound."""
    found = (
        select(Draft, PolicyVersion)
        .join(SolveRun, SolveRun.id == Draft.run_id)
        .join(PolicyVersion, PolicyVersion.id == SolveRun.policy_version_id)
        .where(Draft.id == draft_id)
    )
    row = session.execute(found).first()
    if row is None:
        raise NotFound(say("There is no such draft."))
    draft, policy = row.Draft, Policy.from_data(row.PolicyVersion.data)
    pairs = list(session.scalars(select(DraftPair).where(DraftPair.draft_id == draft_id)))
    waiting = list(session.scalars(select(DraftWaiting).where(DraftWaiting.draft_id == draft_id)))
    circles = list(session.scalars(select(DraftCircle).where(DraftCircle.draft_id == draft_id)))
    duties = list(session.scalars(select(DraftDuty).where(DraftDuty.draft_id == draft_id)))
    turns = _by_group(duties)
    people = people_by_id(session, _named(pairs, waiting, circles))
    return Review(
        draft_id=draft_id,
        cycle_id=draft.cycle_id,
        run_id=draft.run_id,
        hash=draft.hash,
        fairness=fairness_from(draft.report),
        pairs=tuple(
            _pair(pair, turns.get((pair.mentor_id, pair.mentee_id), []), policy, people)
            for pair in sorted(pairs, key=lambda one: (one.points, people[one.mentee_id].name, one.mentee_id))
        ),
        waiting=tuple(
            ReviewedWaiting(person=people[one.person_id], role=Role(one.role), sentences=tuple(one.sentences))
            for one in sorted(waiting, key=lambda one: (one.role, people[one.person_id].name, one.person_id))
        ),
        circles=tuple(
            _circle(one, turns.get(one.number, []), policy, people)
            for one in sorted(circles, key=lambda one: one.number)
        ),
    )


def _named(pairs: list[DraftPair], waiting: list[DraftWaiting], circles: list[DraftCircle]) -> set[UUID]:
    named = {person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)}
    named |= {one.person_id for one in waiting}
    return named | {UUID(member) for circle in circles for member in circle.members}


def _by_group(duties: list[DraftDuty]) -> dict[int | tuple[UUID, UUID], list[DraftDuty]]:
    """The duties of each circle, by its number, and of each pair, by mentor and mentee."""
    turns: dict[int | tuple[UUID, UUID], list[DraftDuty]] = {}
    for one in duties:
        if one.circle is not None:
            turns.setdefault(one.circle, []).append(one)
        elif one.mentor_id is not None and one.mentee_id is not None:
            turns.setdefault((one.mentor_id, one.mentee_id), []).append(one)
    return turns


def _reviewed(
    duties: list[DraftDuty], policy: Policy, people: dict[UUID, Person]
) -> tuple[ReviewedDuty, ...]:
    return tuple(
        ReviewedDuty(session=one.session + 1, duty=one.duty, person=people[one.person_id])
        for one in sorted(duties, key=lambda one: (one.session, policy.duties.index(one.duty)))
    )


def _pair(
    pair: DraftPair, duties: list[DraftDuty], policy: Policy, people: dict[UUID, Person]
) -> ReviewedPair:
    reasons = open_reasons(Reason(**data) for data in pair.reasons["all"])
    return ReviewedPair(
        mentor=people[pair.mentor_id],
        mentee=people[pair.mentee_id],
        points=sum(reason.points for reason in reasons),
        most=sum(reason.most for reason in reasons),
        word=fit_word(pair.points, policy),
        reasons=reasons,
        duties=_reviewed(duties, policy, people),
    )


def _circle(
    circle: DraftCircle, duties: list[DraftDuty], policy: Policy, people: dict[UUID, Person]
) -> ReviewedCircle:
    return ReviewedCircle(
        number=circle.number,
        slot=circle.slot,
        members=tuple(people[UUID(member)] for member in circle.members),
        duties=_reviewed(duties, policy, people),
    )
