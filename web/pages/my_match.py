"""My match as its page shows it: my partners and why, my circle and my turns, or why there is nobody yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from uuid import UUID

from matcher.domain.explain import Reason, fit_word, open_reasons
from matcher.domain.people import Person
from matcher.domain.policy import Policy
from matcher.services.meetings import usual_zone
from matcher.services.participant import MyCircle, MyMatch, MyPair
from matcher.store.page_queries import CycleLine, Turn
from web.pages import circle as circles
from web.pages import meeting
from web.pages.road import Stop, road
from web.pages.sign_up import monday_of
from web.pages.words import day, listed, number, upper_first

WHAT = {
    "mentor": "Your mentor this cycle",
    "mentee": "Your mentee this cycle",
    "peer": "Your peer this cycle",
}
NOBODY_YET = "There is nobody for you yet."
FIRST = (
    "Say hello within a week; a short line is enough.",
    "Bring one thing you would like to have reached by the end, and ask for theirs.",
)


@dataclass(frozen=True, kw_only=True)
class PairView:
    """One partner: who, why us, how to begin."""

    what: str
    name: str
    first_name: str
    about: str
    email: str
    reasons: tuple[Reason, ...]
    own_words: tuple[str, ...]
    fit: str
    first: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One session of the rota: when, and each duty with who has it."""

    name: str
    held: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CircleView:
    """My circle: the picture of its next session, my turns, and the whole rota."""

    drawn: circles.CirclePicture
    sentence: str
    mine: tuple[str, ...]
    duties: tuple[str, ...]
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """Why there is nobody for me in one role."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MatchView:
    """The whole page; `soon` is filled while nothing is published."""

    soon: tuple[str, ...]
    road: tuple[Stop, ...]
    pairs: tuple[PairView, ...]
    circles: tuple[CircleView, ...]
    waiting: tuple[WaitingView, ...]


def view(
    found: MyMatch,
    *,
    cycle: CycleLine,
    me: Person,
    policy: Policy,
    reasons: Mapping[UUID, tuple[Reason, ...]],
    turns: Sequence[Turn],
    now: datetime,
) -> MatchView:
    """`reasons` by pair; `turns` of everybody in my circle."""
    return MatchView(
        soon=soon(found, cycle),
        road=road(cycle, policy.sessions),
        pairs=tuple(pair(each, me, policy, reasons.get(each.id, ()), now) for each in found.pairs),
        circles=(circle(found.circle, me=me, policy=policy, cycle=cycle, turns=turns, now=now),)
        if found.circle
        else (),
        waiting=tuple(waits(each.sentences) for each in found.waiting),
    )


def soon(found: MyMatch, cycle: CycleLine) -> tuple[str, ...]:
    """What stands where nothing else does: before publication, or for whom there was nothing to match."""
    if not found.published:
        return not_yet(cycle)
    return () if found.pairs or found.circle or found.waiting else (found.sentence,)


def not_yet(cycle: CycleLine) -> tuple[str, ...]:
    """While nothing is published."""
    return (
        f"The introductions go out by {day(cycle.starts_on)}. You get a mail as soon as your match is here.",
        "There is nothing you need to do until then.",
    )


def waits(sentences: Sequence[str]) -> WaitingView:
    """Why there is nobody: the first sentence is the heading."""
    first, *more = sentences or (NOBODY_YET,)
    return WaitingView(heading=first.rstrip("."), sentences=tuple(more))


def pair(each: MyPair, me: Person, policy: Policy, reasons: Sequence[Reason], now: datetime) -> PairView:
    """One partner. What rests on the other's wishes is left out, of the words and of the fit."""
    partner = each.partner
    shown = open_reasons(reasons)
    own = tuple(said for said in each.reasons if said not in {reason.sentence for reason in reasons})
    return PairView(
        what=WHAT[str(each.partner_role)],
        name=partner.name,
        first_name=partner.name.split()[0],
        about=about(partner, me, now),
        email=partner.email,
        reasons=tuple(in_hundredths(reason, policy) for reason in shown if reason.points > 0),
        own_words=own,
        fit=open_fit(shown, policy),
        first=first_hour(each.first, me, policy),
    )


def in_hundredths(reason: Reason, policy: Policy) -> Reason:
    """The reason with its points as parts of a hundred, where the policy counts in thousands."""
    if policy.points <= 100:
        return reason
    points, most = (round(100 * value / policy.points) for value in (reason.points, reason.most))
    return replace(reason, points=min(points, most), most=most)


def open_fit(reasons: Sequence[Reason], policy: Policy) -> str:
    """The fit in a word, as far as both may read it."""
    most = sum(reason.most for reason in reasons)
    points = sum(reason.points for reason in reasons)
    return f"{fit_word(points * policy.points // most, policy)} fit" if most else ""


def about(partner: Person, me: Person, now: datetime) -> str:
    """Function, site and clock of the partner."""
    clock = meeting.apart(me.zone, partner.zone, now)
    words = [partner.function, partner.department, partner.site, clock]
    return " · ".join(word for word in dict.fromkeys(words) if word)


def first_hour(first: datetime | None, me: Person, policy: Policy) -> tuple[str, ...]:
    """How to begin, with the first hour both have."""
    if first is None:
        return FIRST
    rhythm = (
        f"{upper_first(number(policy.sessions))} sessions of {policy.session_minutes} minutes are planned."
    )
    return (f"{meeting.said(first, me.zone)}, your time. It is in the invitation.", rhythm, *FIRST)


def circle(
    mine: MyCircle, *, me: Person, policy: Policy, cycle: CycleLine, turns: Sequence[Turn], now: datetime
) -> CircleView:
    """The circle, drawn for its next session."""
    first = mine.first or datetime.combine(cycle.starts_on, time(9), UTC)
    numbers = range(1, policy.sessions + 1)
    zone = usual_zone(mine.members)
    starts = [meeting.session_at(first, zone, n, policy.every_weeks) for n in numbers]
    coming = next((n for n, start in enumerate(starts, start=1) if start >= now), len(starts))
    present = {turn.person_id: turn.duty for turn in turns if turn.session == coming}
    others = [member.name for member in mine.members if member.id != me.id]
    usual = meeting.usual(mine.slot, me.zone, monday_of(cycle.starts_on))
    drawn = circles.draw(
        mine.members,
        present,
        me=me.id,
        title=f"Session {coming}",
        when=meeting.briefly(starts[coming - 1], me.zone),
    )
    return CircleView(
        drawn=drawn,
        sentence=f"You meet with {listed(others)}, {usual}.",
        mine=tuple(
            f"{meeting.briefly(starts[turn.session - 1], me.zone)}: {turn.duty}"
            for turn in sorted(turns, key=lambda turn: turn.session)
            if turn.person_id == me.id and turn.session <= len(starts)
        ),
        duties=tuple(upper_first(duty) for duty in policy.duties),
        sessions=rota(mine, me, policy, turns, starts),
    )


def rota(
    mine: MyCircle, me: Person, policy: Policy, turns: Sequence[Turn], starts: Sequence[datetime]
) -> tuple[SessionRow, ...]:
    """Every session with its duties by name; a duty nobody holds is open."""
    names = {member.id: "You" if member.id == me.id else member.name for member in mine.members}
    held = {(turn.session, turn.duty): names.get(turn.person_id, "somebody") for turn in turns}
    return tuple(
        SessionRow(
            name=f"{n} · {meeting.briefly(start, me.zone)}",
            held=tuple((upper_first(duty), held.get((n, duty), "open")) for duty in policy.duties),
        )
        for n, start in enumerate(starts, start=1)
    )
