"""Repairs as an organiser reads them: why, what would change, what it costs, whom it touches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.during.repair import RepairPrice
from matcher.domain.matching.explain import FIT_WORDS
from matcher.domain.matching.fairness import WORDS
from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, say, say_many
from matcher.services.cycle import cycles
from matcher.services.programme.programmes import require_organiser
from matcher.services.repair import find
from matcher.services.repair.current_plan import Cause, open_partings, require_plan
from matcher.services.repair.lists import came_after, no_longer_here
from matcher.store import tables
from matcher.store.organiser_tables import Repair
from matcher.store.participant_tables import Parting
from matcher.store.rows import people_by_id


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One repair. sentence: why there is none, for one that failed; before it is found, there is no price.
    why: what led to it; does: each change in a sentence; costs: the price in sentences; touches: everybody
    who is written to, by name. The names of who asked for a parting are not in it: that
    two people parted is known to the organisers, who said so is not."""

    id: UUID
    cycle_id: UUID
    number: int
    state: str
    hash: str
    asked_at: datetime
    asked_by: Person | None
    settled_at: datetime | None
    settled_by: Person | None
    price: RepairPrice | None
    sentence: str
    why: tuple[TranslatableText, ...]
    does: tuple[TranslatableText, ...]
    costs: tuple[TranslatableText, ...]
    touches: tuple[Person, ...]


def proposal(session: Session, *, repair_id: UUID, by: UUID | None) -> Proposal:
    """The repair for its page. Raises NotFound for all but organisers."""
    return _proposals(session, [find.of(session, repair_id, by)])[0]


def proposals(session: Session, *, cycle_id: UUID, by: UUID | None) -> tuple[Proposal, ...]:
    """All repairs of a cycle, the newest first."""
    require_organiser(session, cycles.of(session, cycle_id).programme_id, by)
    rows = session.scalars(select(Repair).where(Repair.cycle_id == cycle_id).order_by(Repair.number.desc()))
    return _proposals(session, rows.all())


def open_exits(session: Session, *, cycle_id: UUID, by: UUID | None) -> tuple[TranslatableText, ...]:
    """What has happened since the publication and no repair has taken up, in counts.

    Raises WrongState before publication and after the cycle, NotFound.
    """
    cause = happened(session, cycle_id=cycle_id, by=by).to_data()
    return _why(cause, _parted_pairs(session, [cause]))


def happened(session: Session, *, cycle_id: UUID, by: UUID | None) -> Cause:
    """The cause of the next repair, as `world` finds it, without reading the whole plan."""
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    require_plan(cycle)
    at = select(tables.Publication.published_at).where(tables.Publication.cycle_id == cycle_id)
    return Cause(
        partings=tuple(one.id for one in open_partings(session, cycle_id)),
        left=tuple(sorted(no_longer_here(session, cycle_id))),
        joined=tuple(sorted(came_after(session, cycle_id, session.scalars(at).one()))),
    )


def _proposals(session: Session, rows: Iterable[Repair]) -> tuple[Proposal, ...]:
    rows = list(rows)
    people = people_by_id(session, {person for row in rows for person in _people(row)})
    circles = {row.id: row.number for row in _circle_rows(session, rows)}
    pairs = _parted_pairs(session, [row.cause for row in rows])
    return tuple(_proposal(row, people, circles, pairs) for row in rows)


def _proposal(
    row: Repair, people: Mapping[UUID, Person], circles: Mapping[UUID, int], pairs: Collection[UUID]
) -> Proposal:
    price = _price(row)
    touched = [people[one] for one in price.touched if one in people] if price else []
    return Proposal(
        id=row.id,
        cycle_id=row.cycle_id,
        number=row.number,
        state=row.state,
        hash=row.hash,
        asked_at=row.asked_at,
        asked_by=people.get(row.asked_by) if row.asked_by else None,
        settled_at=row.settled_at,
        settled_by=people.get(row.settled_by) if row.settled_by else None,
        price=price,
        sentence=row.plan.get("sentence", ""),
        why=_why(row.cause, pairs) if price else (),
        does=tuple(_does(row.plan, people, circles)) if price else (),
        costs=tuple(_costs(price)) if price else (),
        touches=tuple(sorted(touched, key=lambda one: (one.name, one.id))),
    )


def _price(row: Repair) -> RepairPrice | None:
    """None before it is found, and for one that failed."""
    return RepairPrice.from_data(row.plan["price"]) if "price" in row.plan else None


def _people(row: Repair) -> Iterator[UUID]:
    yield from (one for one in (row.asked_by, row.settled_by) if one is not None)
    price = _price(row)
    if price is None:
        return
    yield from price.touched
    for pair in row.plan["pairs"]:
        yield from (UUID(pair["mentor_id"]), UUID(pair["mentee_id"]))
    for circle in row.plan["circles"]:
        yield from map(UUID, [*circle["members"], *circle["leaves"]])
    yield from (UUID(person) for _, person in row.plan["gone_seats"])


def _circle_rows(session: Session, rows: Iterable[Repair]) -> list[tables.Circle]:
    ids = {UUID(one) for row in rows for one in row.plan.get("ended_circles", ())}
    ids |= {UUID(circle) for row in rows for circle, _ in row.plan.get("gone_seats", ())}
    return list(session.scalars(select(tables.Circle).where(tables.Circle.id.in_(ids))))


def _parted_pairs(session: Session, causes: Iterable[Mapping[str, Any]]) -> frozenset[UUID]:
    """Those partings in which a pair ended; the others gave up a seat in a circle."""
    ids = sorted({UUID(one) for cause in causes for one in cause.get("partings", ())})
    asked = select(Parting.id).where(Parting.id.in_(ids), Parting.pair_id.is_not(None))
    return frozenset(session.scalars(asked)) if ids else frozenset()


def _why(cause: Mapping[str, Any], parted: Collection[UUID]) -> tuple[TranslatableText, ...]:
    partings = cause["partings"]
    pairs = sum(UUID(one) in parted for one in partings)
    counts = (
        (say_many("{count} pair has ended.", "{count} pairs have ended.", pairs), pairs),
        (
            say_many(
                "{count} person has left a circle.",
                "{count} people have left a circle.",
                len(partings) - pairs,
            ),
            len(partings) - pairs,
        ),
        (
            say_many(
                "{count} person with a partner or seat takes part no more.",
                "{count} people with a partner or seat take part no more.",
                len(cause["left"]),
            ),
            len(cause["left"]),
        ),
        (
            say_many(
                "{count} person has come after the publication.",
                "{count} people have come after the publication.",
                len(cause["joined"]),
            ),
            len(cause["joined"]),
        ),
    )
    return tuple(sentence for sentence, count in counts if count)


def _does(
    plan: Mapping[str, Any], people: Mapping[UUID, Person], circles: Mapping[UUID, int]
) -> Iterator[TranslatableText]:
    def name(person: str) -> str | TranslatableText:
        found = people.get(UUID(person))
        return found.name if found else say("somebody who has left")

    for pair in plan["pairs"]:
        yield say(
            "{mentor} becomes the mentor of {mentee}.",
            mentor=name(pair["mentor_id"]),
            mentee=name(pair["mentee_id"]),
        )
    ended = len(plan["gone_pairs"])
    if ended:
        yield say_many(
            "{count} pair ends, because somebody in it takes part no more.",
            "{count} pairs end, because somebody in them takes part no more.",
            ended,
        )
    for circle in plan["circles"]:
        yield from _in_circle(circle, name)
    for circle_id in plan["ended_circles"]:
        yield say("Circle {number} ends: too few are left for it.", number=circles.get(UUID(circle_id), 0))
    for circle_id, person in plan["gone_seats"]:
        yield say(
            "{name} takes part no more, and gives up a seat in circle {number}.",
            name=name(person),
            number=circles.get(UUID(circle_id), 0),
        )


def _in_circle(
    circle: Mapping[str, Any], name: Callable[[str], str | TranslatableText]
) -> Iterator[TranslatableText]:
    if circle["new"]:
        yield say("A new circle: {members}.", members=tuple(name(one) for one in circle["members"]))
        return
    for one in circle["joins"]:
        yield say("{name} joins circle {number}.", name=name(one), number=circle["number"])
    for one in circle["leaves"]:
        yield say("{name} leaves circle {number}.", name=name(one), number=circle["number"])
    if circle["hands"] and not circle["joins"] and not circle["leaves"]:
        yield say("Duties in circle {number} are handed on.", number=circle["number"])


def _costs(price: RepairPrice) -> Iterator[TranslatableText]:
    before, after = price.placed
    if price.mentees:
        yield say(
            "{after} of {mentees} mentees have a mentor; now it is {before}.",
            after=after,
            mentees=price.mentees,
            before=before,
        )
        yield say("Points of all pairs: {after}; now {before}.", after=price.total[1], before=price.total[0])
        fits = tuple(
            say("{word} {after} (now {before})", word=FIT_WORDS[word], after=new, before=old)
            for word in reversed(WORDS)
            if (new := price.words[1].get(word, 0)) != (old := price.words[0].get(word, 0))
        )
        if fits:
            yield say("How well they fit: {fits}.", fits=fits)
    if price.peers:
        yield say(
            "{after} of {peers} peers sit in a circle; now it is {before}.",
            after=price.seated[1],
            peers=price.peers,
            before=price.seated[0],
        )
    yield say_many(
        "It touches {count} person; only they get a mail.",
        "It touches {count} people; only they get a mail.",
        len(price.touched),
    )
