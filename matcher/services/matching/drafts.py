"""A checked plan becomes a draft: rows with reasons, the waitlist with reasons, the fairness report."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from matcher.domain.matching import explain
from matcher.domain.matching.fairness import fairness
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Profile, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import BETRAYING
from matcher.domain.sentences import TranslatableText
from matcher.problem.encoding import DecodedPlan, Help, Turn
from matcher.store.rows import table_of
from matcher.store.tables import Draft, DraftCircle, DraftDuty, DraftPair, DraftWaiting
from matcher.store.types import canonical
from solver.circles.fixes import Fix

MOST_LOOKED_AT = 2_000_000
"""Most couples looked at one by one to explain the waitlist; beyond that it says the general reason."""

Rows = list[dict[str, Any]]


def draft_rows(
    found: DecodedPlan, snapshot: Snapshot, policy: Policy, starts_on: date
) -> dict[type[Any], Rows]:
    """The rows of a draft, without its id, in a fixed order; hours are told as the clocks stand in the week
    of `starts_on`."""
    return {
        DraftPair: pair_rows(found, snapshot, policy),
        DraftWaiting: waiting_rows(found, snapshot, policy, starts_on),
        DraftCircle: [
            {"number": number, "slot": circle.slot, "members": [str(member) for member in circle.members]}
            for number, circle in enumerate(found.circles, start=1)
        ],
        DraftDuty: duty_rows(found, policy),
    }


def duty_rows(found: DecodedPlan, policy: Policy) -> Rows:
    """Who holds which duty in which session: of each circle, then of each pair, by mentee and mentor."""
    groups: list[tuple[dict[str, Any], tuple[Turn, ...]]] = [
        ({"circle": number, "mentor_id": None, "mentee_id": None}, circle.duties)
        for number, circle in enumerate(found.circles, start=1)
    ]
    groups += [
        ({"circle": None, "mentor_id": pair.mentor, "mentee_id": pair.mentee}, pair.duties)
        for pair in sorted(found.pairs, key=lambda pair: (pair.mentee, pair.mentor))
    ]
    return [
        {**group, "session": session, "duty": policy.duties[duty], "person_id": person}
        for group, turns in groups
        for session, duty, person in turns
    ]


def pair_rows(found: DecodedPlan, snapshot: Snapshot, policy: Policy) -> Rows:
    """The pairs with their points and reasons, by mentee and mentor."""
    facts, profiles = snapshot.facts(), {one.id: one.profile for one in snapshot.members}
    rows = []
    for pair in sorted(found.pairs, key=lambda pair: (pair.mentee, pair.mentor)):
        mentor, mentee = profiles[pair.mentor], profiles[pair.mentee]
        reasons = explain.why(policy, mentor, mentee, facts)
        rows.append(
            {
                "mentor_id": pair.mentor,
                "mentee_id": pair.mentee,
                "points": pair.points,
                "reasons": {
                    "all": [one.to_data() for one in reasons],
                    "mentor": list(explain.own_side(reasons, mentor, mentee)),
                    "mentee": list(explain.own_side(reasons, mentee, mentor)),
                },
            }
        )
    return rows


def waiting_rows(
    found: DecodedPlan, snapshot: Snapshot, policy: Policy, starts_on: date | None = None
) -> Rows:
    """Everybody without a partner in a role they signed up for, each with sentences to read; peers also read
    what would place them, if one change of hours or size does and the start is known."""
    facts = snapshot.facts()
    mentors, mentees = (_with(snapshot, role, policy) for role in (Role.MENTOR, Role.MENTEE))
    profiles = {one.id: one.profile for one in snapshot.members}
    busy = {pair.mentor for pair in found.pairs}
    left = sorted(person for person, _ in found.waiting)
    idle = sorted(one.id for one in mentors if one.id not in busy and one.answers.capacity)
    closely = (len(left) + len(idle)) * max(len(mentors), len(mentees)) <= MOST_LOOKED_AT
    offered = tuple(one for one in mentors if one.answers.places(policy.circles.on))
    helps = (
        {}
        if starts_on is None
        else {
            person: _what_would_place(found, fix, profiles[person], starts_on) for person, fix in found.fixes
        }
    )
    rows = [
        _waiting(person, Role.MENTEE, explain.why_no_mentor(policy, profiles[person], offered, facts))
        if closely
        else _waiting(person, Role.MENTEE, explain.WAITING)
        for person in left
    ]
    rows += [
        _waiting(person, Role.MENTOR, explain.TAKEN_UP)
        if not profiles[person].answers.places(policy.circles.on)
        else _waiting(person, Role.MENTOR, explain.why_no_mentee(policy, profiles[person], mentees, facts))
        if closely
        else _waiting(person, Role.MENTOR, explain.IDLE)
        for person in idle
    ]
    rows += [
        _waiting(person, Role.PEER, (*explain.why_no_circle(policy, code), *helps.get(person, ())))
        for person, code in sorted(found.unplaced)
    ]
    rows += [
        _waiting(one.id, role, explain.no_such_role(role))
        for one in snapshot.members
        for role in one.profile.answers.roles
        if role not in policy.roles
    ]
    return rows


def _what_would_place(
    found: DecodedPlan, fix: Fix, peer: Profile, starts_on: date
) -> tuple[TranslatableText, ...]:
    """An hour or a seat more; that a rule could be lifted is not told, for it may rest on a "not with"."""
    if fix.kind == "slot":
        monday = starts_on - timedelta(days=starts_on.weekday())
        start = datetime.combine(monday, time(0), UTC) + timedelta(
            minutes=30 * found.circles[fix.circle].slot
        )
        local = start.astimezone(ZoneInfo(peer.person.zone))
        return (explain.a_free_seat(local.weekday(), f"{local:%H:%M}"),)
    return (explain.one_seat_more(fix.value),) if fix.kind == "size" else ()


def _waiting(person: UUID, role: Role, sentences: Iterable[str]) -> dict[str, Any]:
    return {"person_id": person, "role": role.value, "sentences": list(sentences)}


def _with(snapshot: Snapshot, role: Role, policy: Policy) -> tuple[Profile, ...]:
    return tuple(one.profile for one in snapshot.taking(role, policy))


def draft_hash(rows: dict[type[Any], Rows]) -> str:
    """SHA-256 over everything a draft would publish."""
    content = {table.__tablename__: canonical_rows(some) for table, some in rows.items()}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical_rows(rows: Rows) -> list[str]:
    """Each row as one text, sorted; what is not said is left out, so that a new column changes no hash."""
    return sorted(
        canonical(
            {
                name: str(value) if isinstance(value, UUID) else value
                for name, value in row.items()
                if value is not None
            }
        )
        for row in rows
    )


@dataclass(frozen=True, kw_only=True)
class UnstoredDraft:
    """A draft before it is stored: everything that can be worked out without holding up who writes.

    helps: what would place a mentee, by mentee. starts_on: the day whose week's clocks its hours are told by.
    """

    rows: Mapping[type[Any], Rows]
    hash: str
    report: Mapping[str, Any]
    helps: Mapping[UUID, Mapping[str, Any]]
    starts_on: date


def make_draft(found: DecodedPlan, snapshot: Snapshot, policy: Policy, starts_on: date) -> UnstoredDraft:
    """The draft of a plan. Pure, and takes its time: seconds for thousands of people."""
    rows = draft_rows(found, snapshot, policy, starts_on)
    report = fairness(
        policy,
        mentees=_with(snapshot, Role.MENTEE, policy),
        pairs=[(pair.mentor, pair.mentee, pair.points) for pair in found.pairs],
        levels=found.levels,
        proved=found.proved,
    )
    return UnstoredDraft(
        rows=rows,
        hash=draft_hash(rows),
        report=report.to_data(),
        helps={person: help_data(one) for person, one in found.helps},
        starts_on=starts_on,
    )


def store_draft(
    session: Session, made: UnstoredDraft, *, run_id: UUID, cycle_id: UUID, plan: bytes, now: datetime
) -> UUID:
    """Write the draft and its rows; its id."""
    draft = Draft(
        id=uuid4(),
        run_id=run_id,
        cycle_id=cycle_id,
        hash=made.hash,
        plan=plan,
        report=dict(made.report),
        created_at=now,
    )
    session.add(draft)
    session.flush()
    for table, some in made.rows.items():
        insert_all(
            session, table, [{"draft_id": draft.id, **row, **_beside(table, row, made.helps)} for row in some]
        )
    return draft.id


def help_data(one: Help) -> dict[str, Any]:
    """What would place a mentee, as a draft keeps it for its organiser; nothing where it would tell of a rule
    that may rest on what was said in confidence."""
    if BETRAYING & set(one.rules):
        return {}
    return {
        "change": one.change,
        "mentor": str(one.mentor) if one.mentor else None,
        "rules": list(one.rules),
        "mentees": one.mentees,
        "places": one.places,
    }


def _beside(
    table: type[Any], row: Mapping[str, Any], helps: Mapping[UUID, Mapping[str, Any]]
) -> dict[str, Any]:
    """What is stored with a row and not published with it."""
    if table is not DraftWaiting:
        return {}
    return {"fix": helps.get(row["person_id"], {}) if row["role"] == Role.MENTEE.value else {}}


def insert_all(session: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, which name the same columns, in one go; none is fine."""
    if rows:
        session.execute(insert(table_of(table)), list(rows))
