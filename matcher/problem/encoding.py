"""Snapshot and policy become a problem file of integers; a plan file becomes pairs of people again.

`Index` is the only place where ids and the solver's places meet. Nobody's name, address or words go through.
"""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matcher.domain.facts import Couple, Facts
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import HALF_HOURS, Profile, Role, key, start_bits
from matcher.domain.policy.policy import Policy
from matcher.problem.compiling import CRITERIA, RULES, Compiled, in_line, places
from solver.caps import NO_CAP
from solver.circles.fixes import Fix, cheapest_fix
from solver.circles.problem import FULL, CirclesProblem
from solver.files import MatchingPlan, MatchingProblem
from solver.pairing.problem import HallSet, LeftOver, PairingPlan, PairingProblem
from solver.rota.problem import GroupRota, RotaTerms
from solver.settings import SolveSettings

Ints = NDArray[np.int64]
MOST_CREDIT = 2

Turn = tuple[int, int, UUID]
"""A session from 0, the number of a duty, and who holds it."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """Who stands where: all members by place, and the places of mentees, mentors and peers among them.

    rule_names: the hard rules in the order of the problem's rules.
    """

    members: tuple[Member, ...]
    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    peers: tuple[int, ...]
    rule_names: tuple[str, ...] = ()

    def mentee(self, place: int) -> UUID:
        return self.members[self.mentees[place]].id

    def mentor(self, place: int) -> UUID:
        return self.members[self.mentors[place]].id

    def peer(self, place: int) -> UUID:
        return self.members[self.peers[place]].id


@dataclass(frozen=True, kw_only=True)
class PairFound:
    """A pair of the plan, its points, and who leads: (session from 0, number of the duty, person)."""

    mentor: UUID
    mentee: UUID
    points: int
    duties: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CircleFound:
    """A circle: its members, the half-hour of the UTC week at which it begins, who holds which duty when.

    duties: (session from 0, number of the duty, person).
    """

    members: tuple[UUID, ...]
    slot: int
    duties: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Help:
    """What would place a mentee: `change` as in the solver's Waiting, with `mentor` if one is meant, lifting
    the `rules` of that name. mentees, places: so many mentees have no other mentors than those with so many
    places; 0 where it is not that."""

    change: str
    mentor: UUID | None = None
    rules: tuple[str, ...] = ()
    mentees: int = 0
    places: int = 0


@dataclass(frozen=True, kw_only=True)
class DecodedPlan:
    """A plan in the words of the service. waiting: mentees left over and why; unplaced: peers and why; fixes:
    the easiest single change that would place such a peer, where there is one. helps: the easiest change
    that would place a mentee and move nobody, by mentee."""

    pairs: tuple[PairFound, ...] = ()
    waiting: tuple[tuple[UUID, LeftOver | None], ...] = ()
    circles: tuple[CircleFound, ...] = ()
    unplaced: tuple[tuple[UUID, str], ...] = ()
    fixes: tuple[tuple[UUID, Fix], ...] = ()
    helps: tuple[tuple[UUID, Help], ...] = ()
    levels: tuple[int, ...] = ()
    total: int = 0
    bound: int = 0
    proved: bool = False


def encode(
    snapshot: Snapshot, policy: Policy, settings: SolveSettings | None = None
) -> tuple[MatchingProblem, Index]:
    """The problem of this snapshot under this policy, and who stands where in it."""
    members = tuple(sorted(snapshot.members, key=lambda one: one.ref))
    facts = snapshot.facts()
    compiled = compile_pairs(members, policy, facts)
    index = Index(
        members=members,
        mentees=_with_role(members, Role.MENTEE, policy),
        mentors=_with_role(members, Role.MENTOR, policy),
        peers=_with_role(members, Role.PEER, policy),
        rule_names=tuple(compiled.rule_names),
    )
    problem = MatchingProblem(
        people=np.array([one.ref for one in members], np.int64),
        pairing=_pairing(index, policy, compiled) if index.mentees and index.mentors else None,
        circles=_circles(index, policy, snapshot, facts) if index.peers else None,
        rota=_rota(members, policy) if index.peers or _pairs_take_turns(index, policy) else None,
        caps=_caps(members),
        settings=settings or SolveSettings(),
    )
    return problem, index


def compile_pairs(members: tuple[Member, ...], policy: Policy, facts: Facts) -> Compiled:
    """All rules and criteria of the policy, for these members' mentees and mentors."""
    mentees, mentors = (
        tuple(members[place].profile for place in _with_role(members, role, policy))
        for role in (Role.MENTEE, Role.MENTOR)
    )
    compiled = Compiled(mentees=mentees, mentors=mentors, facts=facts)
    for rule in policy.rules:
        before = len(compiled.rules)
        RULES[rule.name](compiled, rule.params)
        compiled.rule_names += [rule.name] * (len(compiled.rules) - before)
    for criterion, points in zip(policy.criteria, policy.shares(), strict=True):
        CRITERIA[criterion.name](compiled, criterion.params, points)
    return compiled


def decode(plan: MatchingPlan, index: Index, problem: MatchingProblem | None = None) -> DecodedPlan:
    """The plan with people in place of places; with the problem also what would place those left over."""
    pairing, circles = plan.pairing, plan.circles
    turns = [_turns(group, index) for group in (plan.rota.groups if plan.rota else ())]
    seated = len(circles.groups) if circles else 0
    turns += [()] * (seated + (len(pairing.pairs) if pairing else 0) - len(turns))
    placed = set(pairing.pairs[:, 0].tolist()) if pairing else set()
    codes = {one.mentee: one for one in pairing.waiting} if pairing else {}
    return DecodedPlan(
        pairs=tuple(
            PairFound(
                mentor=index.mentor(mentor), mentee=index.mentee(mentee), points=int(points), duties=duties
            )
            for (mentee, mentor), points, duties in zip(
                pairing.pairs.tolist(),
                pairing.utility.tolist(),
                turns[seated:],
                strict=True,
            )
        )
        if pairing
        else (),
        waiting=tuple(
            (index.mentee(place), codes.get(place))
            for place in range(len(index.mentees))
            if place not in placed
        ),
        circles=tuple(
            CircleFound(members=tuple(index.peer(place) for place in group), slot=int(slot), duties=duties)
            for group, slot, duties in zip(
                circles.groups,
                circles.slot,
                turns[:seated],
                strict=True,
            )
        )
        if circles
        else (),
        unplaced=tuple((index.peer(place), reason) for place, reason in circles.unplaced) if circles else (),
        fixes=_fixes(plan, index, problem.circles) if problem is not None else (),
        helps=_helps(pairing, index) if pairing else (),
        levels=tuple(int(level) for level in pairing.levels) if pairing else (),
        total=pairing.total if pairing else 0,
        bound=pairing.bound if pairing else 0,
        proved=pairing.proved if pairing else False,
    )


def _fixes(plan: MatchingPlan, index: Index, problem: CirclesProblem | None) -> tuple[tuple[UUID, Fix], ...]:
    if problem is None or plan.circles is None:
        return ()
    left = (place for place, reason in plan.circles.unplaced if reason != FULL)
    found = ((index.peer(place), cheapest_fix(problem, plan.circles, place)) for place in left)
    return tuple((person, fix) for person, fix in found if fix is not None)


def _helps(plan: PairingPlan, index: Index) -> tuple[tuple[UUID, Help], ...]:
    halls = plan.certificate.hall_sets if plan.certificate else ()
    return tuple((index.mentee(one.mentee), _help(one, halls, index)) for one in plan.waiting)


def _help(one: LeftOver, halls: tuple[HallSet, ...], index: Index) -> Help:
    hall = halls[one.hall_set] if 0 <= one.hall_set < len(halls) else None
    return Help(
        change=one.change,
        mentor=index.mentor(one.mentor) if one.mentor >= 0 else None,
        rules=tuple(dict.fromkeys(index.rule_names[rule] for rule in one.rules)),
        mentees=len(hall.mentees) if hall else 0,
        places=hall.places if hall else 0,
    )


def _turns(group: GroupRota, index: Index) -> tuple[Turn, ...]:
    return tuple(
        (session, duty, index.members[holder].id)
        for session, holders in enumerate(group.duties)
        for duty, holder in enumerate(holders)
        if holder >= 0
    )


def _pairs_take_turns(index: Index, policy: Policy) -> bool:
    return policy.pair_duties and bool(index.mentees) and bool(index.mentors)


def _caps(members: tuple[Member, ...]) -> Ints | None:
    """The most each takes on in all; None if nobody has said so."""
    limits = [one.profile.answers.most_load for one in members]
    if all(limit is None for limit in limits):
        return None
    return np.array([NO_CAP if limit is None else limit for limit in limits], np.int64)


def _with_role(members: tuple[Member, ...], role: Role, policy: Policy) -> tuple[int, ...]:
    """Places of those with the role; mentors without a place for anybody are not asked, and nobody is where
    the programme does not have the role."""
    if role not in policy.roles:
        return ()
    return tuple(
        place
        for place, one in enumerate(members)
        if one.has(role) and (role is not Role.MENTOR or one.profile.answers.capacity > 0)
    )


def _pairing(index: Index, policy: Policy, compiled: Compiled) -> PairingProblem:
    mentees = [index.members[place] for place in index.mentees]
    return PairingProblem(
        mentee_people=np.array(index.mentees, np.int64),
        mentor_people=np.array(index.mentors, np.int64),
        capacity=np.array([index.members[m].profile.answers.capacity for m in index.mentors], np.int64),
        wanted=np.array([one.profile.answers.mentors_wanted for one in mentees], np.int64),
        credit=np.array([min(one.credit, MOST_CREDIT) if policy.credits else 0 for one in mentees], np.int64),
        mentee_columns=compiled.mentee_columns,
        mentor_columns=compiled.mentor_columns,
        mentee_bits=compiled.mentee_bits,
        mentor_bits=compiled.mentor_bits,
        rules=tuple(compiled.rules),
        criteria=tuple(compiled.criteria),
        excluded=_rows(sorted(compiled.excluded), 2),
        wishes=_rows(sorted((*pair, share) for pair, share in compiled.wishes.items()), 3),
        mode=policy.mode,
        line=policy.adequate,
        levels=policy.levels,
        cross_column=_cross(compiled) if policy.cross_share else None,
        cross_share=policy.cross_share,
        even_load=True,
    )


def _cross(compiled: Compiled) -> str:
    said = ([one.person.function for one in side] for side in (compiled.mentees, compiled.mentors))
    return compiled.words("function", *said)


def _rows(rows: list[tuple[int, ...]], width: int) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), width)


def _circles(index: Index, policy: Policy, snapshot: Snapshot, facts: Facts) -> CirclesProblem:
    peers = tuple(index.members[place].profile for place in index.peers)
    formats = policy.circles
    recent = {both for both, ago in snapshot.sat.items() if ago <= formats.history}
    return CirclesProblem(
        people=np.array(index.peers, np.int64),
        available=np.array([_starts(one, policy.session_minutes) for one in peers], bool).reshape(
            -1, HALF_HOURS
        ),
        classes={
            "function": _classes([key(one.person.function) or None for one in peers]),
            "site": _classes([key(one.person.site) or None for one in peers]),
            "seniority": _classes([one.person.grade for one in peers]),
        },
        hard=_couples(peers, recent | never_together(peers, policy, facts)),
        reunions=_couples(peers, set(snapshot.sat) - recent),
        facilitates=np.array([_facilitates(one, policy) for one in peers], bool),
        smallest=formats.smallest,
        target=formats.target,
        largest=formats.largest,
        kind="pair" if formats.of_pairs and not policy.pair_duties else "circle",
    )


def never_together(peers: tuple[Profile, ...], policy: Policy, facts: Facts) -> set[Couple]:
    """Peers whom the policy's rules about two people keep apart: reporting line, "not with", language."""
    rules = {rule.name for rule in policy.rules}
    apart: set[Couple] = set()
    if "not_blocked" in rules:
        apart |= facts.blocked
    if "reporting_line" in rules:
        apart |= {(first, second) for first, second in in_line(peers, facts) if first != second}
    if "shared_language" in rules:
        apart |= _without_common_language(peers)
    return apart


def _without_common_language(peers: tuple[Profile, ...]) -> set[Couple]:
    by_languages: dict[frozenset[str], list[UUID]] = {}
    for one in peers:
        by_languages.setdefault(frozenset(key(said) for said in one.person.languages), []).append(one.id)
    return {
        (first, second)
        for mine, some in by_languages.items()
        for theirs, others in by_languages.items()
        if not mine & theirs
        for first in some
        for second in others
        if first != second
    }


def _facilitates(one: Profile, policy: Policy) -> bool:
    return key(policy.duties[0]) not in {key(duty) for duty in one.answers.duties_declined}


def _starts(one: Profile, minutes: int) -> list[bool]:
    fits = start_bits(one.answers.week.bits, minutes)
    return [bool(fits >> slot & 1) for slot in range(HALF_HOURS)]


def _classes(values: list[str] | list[int | None] | list[str | None]) -> Ints:
    """Equal values, equal numbers from 0; each who said nothing has a number of their own."""
    known = sorted({value for value in values if value is not None}, key=str)
    number = {value: place for place, value in enumerate(known)}
    return np.array(
        [number[value] if value is not None else len(known) + place for place, value in enumerate(values)],
        np.int64,
    )


def _couples(peers: tuple[Profile, ...], couples: set[Couple]) -> Ints:
    """The couples among these peers as rows of places, each once, ascending."""
    place = places(peers)
    inside = {
        (min(place[first], place[second]), max(place[first], place[second]))
        for first, second in couples
        if first in place and second in place
    }
    return _rows(sorted(inside), 2)


def _rota(members: tuple[Member, ...], policy: Policy) -> RotaTerms:
    declined = [{key(duty) for duty in one.profile.answers.duties_declined} for one in members]
    willing = [[key(duty) not in said for duty in policy.duties] for said in declined]
    return RotaTerms(
        sessions=policy.sessions,
        duties=len(policy.duties),
        willing=np.array(willing, bool).reshape(len(members), len(policy.duties)),
        experienced=np.array([one.profile.answers.experienced for one in members], bool),
        balance=np.array([one.balance for one in members], np.int64),
        pairs=policy.pair_duties,
    )
