"""What if: the price of a change by hand before it is made, from a solver that stays warm.

Prices compare two whole plans: with the changes that stand, and with one more. Both are the best there is and
proved where that can be had at once; otherwise they are near the draft, and come with a bound. Nothing is
written.
"""

from collections.abc import Iterator
from itertools import islice
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.matching.change_sentences import forbidden_because, refusal
from matcher.domain.matching.changes import Apart, Change, Changes, Pin
from matcher.domain.matching.explain import fit_word, open_reasons, why
from matcher.domain.people import Profile, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import broken
from matcher.domain.sentences import say
from matcher.problem.changes import changes_in, question_of, rows_of, standing_rows
from matcher.problem.pair_points import points_between
from matcher.services.cycle.cycles import thaw
from matcher.services.ports import AskWarmSolver, SolverCrashed, SolverRefused, SolverTimedOut
from matcher.services.review.circle_exchange import seats_of
from matcher.services.review.prices import (
    Alternative,
    ChangePrice,
    DraftBasis,
    Laid,
    Pairs,
    SeatExchange,
    WhyNotAnswer,
    cost_of,
    price_of,
)
from matcher.store import tables

IMPOSSIBLE = say("This cannot be done together with the changes that stand. Nothing was changed.")
PATIENCE = 1.5
"""Seconds a page waits for an answer before it says that the solver is getting ready."""
MOST_BASES = 4
MOST_ALTERNATIVES = 10


class WhatIf:
    """Answers about drafts; one for the whole site. `ask`: the solver that stays."""

    def __init__(self, ask: AskWarmSolver, patience: float = PATIENCE) -> None:
        self._ask, self._patience = ask, patience
        self._bases: LRUCache[UUID, DraftBasis] = LRUCache(MOST_BASES)
        self._lock = Lock()

    def what_if(
        self, session: Session, draft_id: UUID, change: Change, *, patience: float | None = None
    ) -> ChangePrice | None:
        """The price of the change beside those that stand; None while the solver gets ready.

        patience: seconds to wait, else those set for all questions.

        Raises WrongState with the sentence why it cannot be made or asked, NotFound.
        """
        base, standing = self._standing(session, draft_id)
        refused = refusal(base.snapshot, base.policy, standing, change)
        if refused is not None:
            raise WrongState(refused)
        together = standing.and_also(change)
        policy = together.policy(base.policy)
        seconds = self._patience if patience is None else patience
        before = self._plan(base, standing, base.draft, seconds)
        if before is None:
            return None
        after = self._plan(base, together, before.pairs, seconds, anew=policy != standing.policy(base.policy))
        return None if after is None else price_of(base, policy, before, after)

    def apart(self, session: Session, draft_id: UUID, change: Apart) -> SeatExchange:
        """What keeping two peers apart takes in this draft, beside the changes that stand.

        Raises WrongState with the sentence why it cannot be made, NotFound.
        """
        base, standing = self._standing(session, draft_id)
        refused = refusal(base.snapshot, base.policy, standing, change)
        if refused is not None:
            raise WrongState(refused)
        return seats_of(base, standing.and_also(change), change)

    def why_not(self, session: Session, draft_id: UUID, mentee: UUID, mentor: UUID) -> WhyNotAnswer:
        """Why this pair is not in the draft: the rule that forbids it, or what it would cost others."""
        base, _ = self._standing(session, draft_id)
        one, other = base.profiles.get(mentee), base.profiles.get(mentor)
        if one is None or other is None:
            raise NotFound(say("There is no such person in this cycle."))
        names = broken(base.policy.rules, other, one, base.facts)
        if names:
            return WhyNotAnswer(sentences=(forbidden_because(names, base.policy, one.person, other.person),))
        try:
            price = self.what_if(session, draft_id, Pin(couples=((mentee, mentor),)))
        except WrongState as refused:
            return WhyNotAnswer(sentences=(say("{sentence}", sentence=refused.sentence),))
        if price is None:
            return WhyNotAnswer(sentences=(), ready=False)
        return WhyNotAnswer(sentences=cost_of(price), price=price)

    def alternatives(self, session: Session, draft_id: UUID, person: UUID) -> tuple[Alternative, ...]:
        """The best partners the rules allow somebody, as a mentee or else as a mentor, the best first."""
        base, _ = self._standing(session, draft_id)
        profile = base.profiles.get(person)
        if profile is None:
            raise NotFound(say("There is no such person in this cycle."))
        if not base.policy.pairs:
            return ()
        as_mentee = Role.MENTEE in profile.answers.roles
        others = tuple(_partners_for(profile, as_mentee, base))
        if not others:
            return ()
        mentees, mentors = ((profile,), others) if as_mentee else (others, (profile,))
        points = points_between(mentees, mentors, base.policy, base.facts).ravel().tolist()
        now = _partners(session, draft_id, person)
        best = sorted(
            zip(points, others, strict=True), key=lambda one: (-one[0], one[1].person.name, one[1].id)
        )
        allowed = (
            (whole, other)
            for whole, other in best
            if not broken(base.policy.rules, *_as_pair(profile, other, as_mentee), base.facts)
        )
        return tuple(
            _alternative(base, whole, other, _as_pair(profile, other, as_mentee), other.id in now)
            for whole, other in islice(allowed, MOST_ALTERNATIVES)
        )

    def standing(self, session: Session, draft_id: UUID) -> tuple[DraftBasis, Policy]:
        """What the draft was made from, and its policy with the changes that stand."""
        base, changes = self._standing(session, draft_id)
        return base, changes.policy(base.policy)

    def _standing(self, session: Session, draft_id: UUID) -> tuple[DraftBasis, Changes]:
        with self._lock:
            base = self._bases.get(draft_id)
        # Who was erased since is in the snapshot no more, and must not be named from memory.
        if base is None or base.snapshot_hash != _hash_of(session, draft_id):
            base = _read(session, draft_id)
        with self._lock:
            self._bases[draft_id] = base
        return base, changes_in(standing_rows(session, base.cycle_id), policy=base.number)

    def _plan(
        self, base: DraftBasis, changes: Changes, start: Pairs, patience: float, *, anew: bool = False
    ) -> Laid | None:
        """The best plan with these changes; where some ask for several mentors, the best found near `start`.
        anew: that was made for another policy."""
        written, index = base.problem(changes.policy(base.policy))
        if not index.mentees or not index.mentors:
            raise WrongState(say("There are no pairs in this draft to ask about."))
        question: dict[str, Any] = {"ask": "what_if", **question_of(changes, index)}
        if base.several:
            question |= {"start": rows_of(start, index), "anew": anew}
        elif not any(rows for name, rows in question.items() if name != "ask"):
            question = {"ask": "plan"}
        try:
            answers = self._ask(written, [question], patience=patience)
        except (SolverCrashed, SolverRefused, SolverTimedOut) as ended:
            raise WrongState(say("{what} Nothing was changed.", what=ended.args[0])) from ended
        if answers is None:
            return None
        (answer,) = answers
        if "refused" in answer:
            raise WrongState(IMPOSSIBLE)
        pairs = frozenset((index.mentee(mentee), index.mentor(mentor)) for mentee, mentor in answer["pairs"])
        return Laid(pairs=pairs, proved=bool(answer["proved"]), most=int(answer["bound"]))


def _hash_of(session: Session, draft_id: UUID) -> str | None:
    """The hash of the snapshot a draft was made from, as it is now."""
    run = tables.SolveRun
    found = (
        select(tables.SnapshotRow.hash)
        .join(run, run.snapshot_id == tables.SnapshotRow.id)
        .join(tables.Draft, tables.Draft.run_id == run.id)
    )
    return session.scalars(found.where(tables.Draft.id == draft_id)).first()


def _read(session: Session, draft_id: UUID) -> DraftBasis:
    asked = (
        select(tables.Draft.cycle_id, tables.SolveRun.seed, tables.SnapshotRow, tables.PolicyVersion)
        .join(tables.SolveRun, tables.SolveRun.id == tables.Draft.run_id)
        .join(tables.SnapshotRow, tables.SnapshotRow.id == tables.SolveRun.snapshot_id)
        .join(tables.PolicyVersion, tables.PolicyVersion.id == tables.SolveRun.policy_version_id)
        .where(tables.Draft.id == draft_id)
    )
    row = session.execute(asked).one_or_none()
    if row is None:
        raise NotFound(say("There is no such draft."))
    snapshot = thaw(row.SnapshotRow)
    return DraftBasis(
        cycle_id=row.cycle_id,
        snapshot_hash=row.SnapshotRow.hash,
        snapshot=snapshot,
        policy=Policy.from_data(row.PolicyVersion.data),
        number=row.PolicyVersion.number,
        seed=row.seed,
        profiles={one.id: one.profile for one in snapshot.members},
        draft=_pairs_of(session, draft_id),
        groups=_groups_of(session, draft_id),
    )


def _pairs_of(session: Session, draft_id: UUID) -> Pairs:
    pair = tables.DraftPair
    rows = session.execute(select(pair.mentee_id, pair.mentor_id).where(pair.draft_id == draft_id))
    return frozenset((mentee, mentor) for mentee, mentor in rows)


def _groups_of(session: Session, draft_id: UUID) -> dict[int, tuple[UUID, ...]]:
    circle = tables.DraftCircle
    rows = session.execute(select(circle.number, circle.members).where(circle.draft_id == draft_id))
    return {number: tuple(UUID(one) for one in members) for number, members in rows}


def _partners_for(one: Profile, as_mentee: bool, base: DraftBasis) -> Iterator[Profile]:
    """Everybody of the other side who has places, or is looking for one."""
    wanted = Role.MENTOR if as_mentee else Role.MENTEE
    for other in base.profiles.values():
        mentor = other if as_mentee else one
        if wanted in other.answers.roles and mentor.answers.capacity:
            yield other


def _as_pair(one: Profile, other: Profile, as_mentee: bool) -> tuple[Profile, Profile]:
    """Mentor and mentee of the two."""
    return (other, one) if as_mentee else (one, other)


def _alternative(
    base: DraftBasis, points: int, other: Profile, pair: tuple[Profile, Profile], now: bool
) -> Alternative:
    return Alternative(
        person=other.person,
        word=fit_word(points, base.policy),
        reasons=open_reasons(why(base.policy, *pair, base.facts)),
        now=now,
    )


def _partners(session: Session, draft_id: UUID, person: UUID) -> frozenset[UUID]:
    pair = tables.DraftPair
    rows = session.execute(
        select(pair.mentee_id, pair.mentor_id).where(
            pair.draft_id == draft_id, or_(pair.mentee_id == person, pair.mentor_id == person)
        )
    )
    return frozenset(one for row in rows for one in row if one != person)


def mentors_in(session: Session, draft_id: UUID, mentee: UUID) -> tuple[UUID, ...]:
    """The mentors of a mentee in the draft, ascending."""
    pair = tables.DraftPair
    found = select(pair.mentor_id).where(pair.draft_id == draft_id, pair.mentee_id == mentee)
    return tuple(sorted(session.scalars(found)))
