"""A draft a page at a time, with the people its rows name; the same few queries at any size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.facts import Couple
from matcher.domain.people import Answers, Person
from matcher.services.cycle import cycles as cycle_acts
from matcher.services.review import lists
from matcher.services.review.lists import DraftHead, Left
from matcher.store import history
from matcher.store.rows import people_by_id
from matcher.store.tables import DraftCircle, DraftDuty, DraftPair


@dataclass(frozen=True, kw_only=True)
class CirclesPage:
    """Some circles of all `count`, the people in them, and how many cycles ago two of them sat together."""

    count: int
    circles: tuple[DraftCircle, ...]
    people: Mapping[UUID, Person]
    sat: Mapping[Couple, int]


@dataclass(frozen=True, kw_only=True)
class Turns:
    """The duties by circle, and what the people in them said."""

    duties: Mapping[int, Sequence[DraftDuty]]
    answers: Mapping[UUID, Answers]


@dataclass(frozen=True, kw_only=True)
class OnePerson:
    """All a draft says of somebody. circle: its number, None for none."""

    person: Person
    answers: Answers | None
    pairs: tuple[DraftPair, ...]
    waiting: tuple[Left, ...]
    circle: int | None
    duties: tuple[DraftDuty, ...]
    people: Mapping[UUID, Person]


def people_of_pairs(session: Session, pairs: Iterable[DraftPair]) -> dict[UUID, Person]:
    """Everybody in these pairs."""
    return people_by_id(session, {person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)})


def mentors_of_fixes(session: Session, left: Iterable[Left]) -> dict[UUID, Person]:
    """The mentors with whom these could be placed."""
    return people_by_id(session, {UUID(one.fix["mentor"]) for one in left if one.fix.get("mentor")})


def circles(session: Session, head: DraftHead, *, first: int, most: int) -> CirclesPage:
    """The circles from place `first`, 0 the first."""
    found = lists.circles(session, head.id, first=first, most=most)
    people = people_by_id(session, {UUID(member) for one in found for member in one.members})
    cycle = cycle_acts.of(session, head.cycle_id)
    return CirclesPage(
        count=lists.count_of_circles(session, head.id),
        circles=tuple(found),
        people=people,
        sat=history.sat_among(session, history.cycles_ago(session, cycle), people),
    )


def turns(session: Session, head: DraftHead, page: CirclesPage) -> Turns:
    """The rota of the circles of that page."""
    duties: dict[int, list[DraftDuty]] = {}
    numbers = [one.number for one in page.circles]
    for turn in lists.duties_of_circles(session, head.id, numbers):
        duties.setdefault(turn.circle or 0, []).append(turn)
    answers = lists.answers_of(session, head.cycle_id, list(page.people))
    return Turns(duties=duties, answers=answers)


def person(session: Session, head: DraftHead, person_id: UUID) -> OnePerson | None:
    """What the draft says of somebody; None for who is neither in it nor signed up for its cycle."""
    pairs = lists.pairs_with(session, head.id, person_id)
    waiting = lists.waiting_of(session, head.id, person_id)
    answers = lists.answers_of(session, head.cycle_id, [person_id]).get(person_id)
    members = lists.all_members(session, head.id)
    circle = next((number for number, some in members.items() if str(person_id) in some), None)
    if not pairs and not waiting and circle is None and answers is None:
        return None
    named = {one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)} | {person_id}
    people = people_by_id(
        session, named | {UUID(one.fix["mentor"]) for one in waiting if one.fix.get("mentor")}
    )
    return OnePerson(
        person=people[person_id],
        answers=answers,
        pairs=tuple(pairs),
        waiting=waiting,
        circle=circle,
        duties=tuple(lists.duties_with(session, head.id, person_id)),
        people=people,
    )
