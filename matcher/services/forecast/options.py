"""Chances before anything is matched: who has how many options, which rule costs whom, whom to look for.

Names are for organisers; what somebody said in confidence changes no count by person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Person, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText
from matcher.domain.sign_up.recruiting import Kind, Recruiting, invented, kinds
from matcher.problem.options import OptionsIndex, ask_options
from matcher.services.cycle import cycles
from matcher.services.ports import Report, RunSolver
from matcher.services.programme.programmes import policy_of, require_organiser
from matcher.services.sign_up.preview import ahead_of_utc
from matcher.store.history import snapshot_of
from matcher.store.tables import Cycle
from solver.options.problem import Options, dump_options, load_counted

SECONDS = 10.0
MEMORY_MB = 2048

ReadCrowd = Callable[[Session, Cycle], Snapshot]
"""Everybody in the cycle with what rules may ask about them, as it is now."""


@dataclass(frozen=True, kw_only=True)
class MenteeOptions:
    """One mentee: with how many mentors they could be paired, and by each rule in turn how many of the
    mentors with places it rules out, the most first."""

    person: Person
    options: int
    ruled_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one rule costs, as it `says`: people who would have more options without it, people who would
    have their first, and how many more would be placed."""

    rule: str
    says: TranslatableText
    more: int
    first: int
    placed: int


@dataclass(frozen=True, kw_only=True)
class Chances:
    """pairs: whether there are mentors and mentees. options: how many each mentee has, ascending. mentors:
    with places; places: theirs together. few: the mentees with the fewest options, at most as many as were
    asked for. stranded: how many have none. peers: who wishes for a circle. placed: mentees who can have a
    mentor at the same time; at least, unless `proved`."""

    pairs: bool = True
    mentees: int = 0
    mentors: int = 0
    places: int = 0
    peers: int = 0
    options: tuple[int, ...] = ()
    few: tuple[MenteeOptions, ...] = ()
    stranded: int = 0
    placed: int = 0
    proved: bool = True
    costs: tuple[Cost, ...] = ()
    recruiting: tuple[Recruiting, ...] = ()


def chances(
    session: Session,
    *,
    cycle_id: UUID,
    by: UUID | None,
    count: RunSolver,
    report: Report,
    policy: Policy | None = None,
    most: int = 10,
    read: ReadCrowd = snapshot_of,
) -> Chances:
    """Under the present policy, or one that is only tried. Raises NotFound for anybody but an organiser,
    and what `count` raises."""
    snapshot, present = _of(session, cycle_id, by, read)
    used = policy or present
    asked = ask_options(snapshot, used)
    if asked is None:
        return _nobody(snapshot, used)
    problem, index = asked
    return _told(snapshot, used, index, _counted(dump_options(problem), count, report), most)


def chances_in_full(
    session: Session,
    *,
    cycle_id: UUID,
    by: UUID | None,
    zone: str,
    now: datetime,
    count: RunSolver,
    report: Report,
    most: int = 10,
    read: ReadCrowd = snapshot_of,
) -> Chances:
    """Also what each rule costs and whom to look for, in hours of `zone`. Raises as `chances`."""
    snapshot, policy = _of(session, cycle_id, by, read)
    asked = ask_options(snapshot, policy, each_rule=True)
    if asked is None:
        return _nobody(snapshot, policy)
    problem, index = asked
    found = _counted(dump_options(problem), count, report)
    told = _told(snapshot, policy, index, found, most)
    says = {use.name: RULES[use.name].says(use.params) for use in policy.rules}
    costs = tuple(
        Cost(rule=rule, says=says[rule], more=one.more, first=one.first, placed=one.placed - found.placed)
        for rule, one in zip(index.rules, found.without, strict=True)
    )
    waiting = [index.mentees[place] for place in found.left]
    waiting += [one for one, options in zip(index.mentees, found.mentees, strict=True) if not options]
    ahead = ahead_of_utc(zone, now.date())
    wanted = kinds(waiting, index.mentors, policy, ahead)
    recruiting: tuple[Recruiting, ...] = ()
    if wanted:
        trials = _trials(wanted, ahead)
        asked = ask_options(snapshot, policy, trials=trials)
        tried = _counted(dump_options(asked[0]), count, report).trials if asked else ()
        recruiting = _worth_it(wanted, tried, found.placed)
    return replace(told, costs=costs, recruiting=recruiting)


def _of(session: Session, cycle_id: UUID, by: UUID | None, read: ReadCrowd) -> tuple[Snapshot, Policy]:
    """Everybody in the cycle, and the policy that counts. Raises NotFound for anybody but an organiser."""
    cycle = cycles.of(session, cycle_id)
    require_organiser(session, cycle.programme_id, by)
    return read(session, cycle), policy_of(session, cycle.programme_id)


def _counted(problem: bytes, count: RunSolver, report: Report) -> Options:
    return load_counted(count(problem, seconds=SECONDS, memory_mb=MEMORY_MB, report=report))


def _trials(wanted: Sequence[Kind], ahead: int) -> list[tuple[Member, ...]]:
    """Mentors of each kind who are not there yet."""
    # Ids that nobody has; the same ones each time, so that the same question is the same file.
    chance = Random(0)  # noqa: S311 (no secret)
    return [
        invented(kind, [UUID(int=chance.getrandbits(128)) for _ in range(kind.mentors)], ahead)
        for kind in wanted
    ]


def _worth_it(wanted: Sequence[Kind], tried: Sequence[int], before: int) -> tuple[Recruiting, ...]:
    """How many more each kind of mentors places, the most first; those that place nobody are left out."""
    told = (
        Recruiting(kind=kind, placed=placed - before)
        for kind, placed in zip(wanted, tried, strict=False)
        if placed > before
    )
    return tuple(sorted(told, key=lambda one: -one.placed))


def _told(snapshot: Snapshot, policy: Policy, index: OptionsIndex, found: Options, most: int) -> Chances:
    counts = found.mentees.tolist()
    order = sorted(
        range(len(counts)), key=lambda place: (counts[place], index.mentees[place].profile.person.name)
    )
    circles = policy.circles.on
    return Chances(
        mentees=len(counts),
        mentors=len(index.mentors),
        places=sum(one.profile.answers.places(circles) for one in index.mentors),
        peers=len(snapshot.taking(Role.PEER, policy)),
        options=tuple(sorted(counts)),
        few=tuple(_chance(index, found, place) for place in order[:most]),
        stranded=counts.count(0),
        placed=found.placed,
        proved=found.proved,
    )


def _chance(index: OptionsIndex, found: Options, place: int) -> MenteeOptions:
    ruled_out = zip(index.rules, found.broken[place].tolist(), strict=True)
    return MenteeOptions(
        person=index.mentees[place].profile.person,
        options=int(found.mentees[place]),
        ruled_out=tuple(sorted(((rule, many) for rule, many in ruled_out if many), key=lambda one: -one[1])),
    )


def _nobody(snapshot: Snapshot, policy: Policy) -> Chances:
    """There are no mentees, or no mentors."""
    mentees = snapshot.taking(Role.MENTEE, policy)
    mentors = [one for one in snapshot.taking(Role.MENTOR, policy) if one.profile.answers.capacity > 0]
    return Chances(
        pairs=policy.pairs,
        mentees=len(mentees),
        mentors=len(mentors),
        places=sum(one.profile.answers.capacity for one in mentors),
        peers=len(snapshot.taking(Role.PEER, policy)),
        options=(0,) * len(mentees),
        stranded=len(mentees),
    )
