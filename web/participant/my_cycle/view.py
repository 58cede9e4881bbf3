"""My cycle as its page shows it: my partners and why, my circle and my turns, or why there is nobody yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from matcher.domain.matching.explain import Reason, fit_word, open_reasons
from matcher.domain.people import Person, Role
from matcher.domain.policy.policy import Policy
from matcher.services.cycle.lists import CycleLine
from matcher.services.groups.lists import GoalLine
from matcher.services.groups.my_match import MyCircle, MyMatch, MyPair, MyWaiting, OwnTurn, Shared
from matcher.services.groups.waitlist import WaitlistPlace
from web.language import N_, _, current, in_words, ngettext
from web.participant.my_cycle import timeline
from web.participant.my_cycle.timeline import Event, Timeline
from web.parts import circle as circles
from web.parts import meeting
from web.parts.levels import in_hundredths
from web.parts.road import Stop, road

WHAT = {
    Role.MENTOR: N_("Your mentor this cycle"),
    Role.MENTEE: N_("Your mentee this cycle"),
    Role.PEER: N_("Your peer this cycle"),
}
WAITS = {
    Role.MENTOR: N_("There is nobody for you to mentor yet."),
    Role.MENTEE: N_("There is no mentor for you yet."),
    Role.PEER: N_("There is no circle for you yet."),
}
FITS = {
    "weak": N_("Taken together: a weak fit."),
    "fair": N_("Taken together: a fair fit."),
    "adequate": N_("Taken together: an adequate fit."),
    "good": N_("Taken together: a good fit."),
    "very good": N_("Taken together: a very good fit."),
}
GOES_FIRST = "You go first in the next cycle."


@dataclass(frozen=True, kw_only=True)
class PairView:
    """One partner: who, why us, when next, and how far our goals are. `shared`: labels and their words."""

    id: UUID
    what: str
    name: str
    first_name: str
    about: str
    email: str
    reasons: tuple[Reason, ...]
    own_words: tuple[str, ...]
    fit: str
    shared: tuple[tuple[str, str], ...]
    next: tuple[str, ...]
    progress: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class CircleView:
    """My circle of two to eight: the picture of its next session, my turns, and how far our goals are."""

    id: UUID
    heading: str
    drawn: circles.CirclePicture
    sentence: str
    mine: tuple[str, ...]
    progress: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class WaitlistView:
    """Why there is nobody for me in one role, where I stand, and what comes next."""

    heading: str
    sentences: tuple[str, ...]
    place: str


@dataclass(frozen=True, kw_only=True)
class MatchView:
    """The whole page; `soon` is filled while nothing is published."""

    soon: tuple[str, ...]
    road: tuple[Stop, ...]
    line: Timeline | None
    pairs: tuple[PairView, ...]
    circles: tuple[CircleView, ...]
    waiting: tuple[WaitlistView, ...]
    goes_first: bool


def view(
    found: MyMatch,
    *,
    cycle: CycleLine,
    me: Person,
    goals: Mapping[UUID, Sequence[GoalLine]],
    places: Mapping[Role, WaitlistPlace],
    goes_first: bool,
    now: datetime,
) -> MatchView:
    """`goals` by pair and circle; `places` on the waitlist by role."""
    policy = found.policy or Policy()
    return MatchView(
        soon=soon(found, cycle),
        road=road(cycle, policy.sessions),
        line=timeline.of(cycle, sessions(found, me, policy), zone=me.zone, now=now)
        if found.pairs or found.circles
        else None,
        pairs=tuple(pair(each, me, policy, goals.get(each.id, ()), now) for each in found.pairs),
        circles=tuple(circle(each, me, goals.get(each.id, ()), now) for each in found.circles),
        waiting=tuple(waits(each, places.get(each.role)) for each in found.waiting),
        goes_first=goes_first and bool(found.waiting),
    )


def soon(found: MyMatch, cycle: CycleLine) -> tuple[str, ...]:
    """What stands where nothing else does: before publication, or for whom there was nothing to match."""
    if not found.published:
        expected = _(
            "The introductions go out by %(day)s. You get a mail as soon as your match is here.",
            day=cycle.starts_on,
        )
        return (expected, _("There is nothing you need to do until then."))
    return () if found.pairs or found.circles or found.waiting else (in_words(found.sentence),)


def sessions(found: MyMatch, me: Person, policy: Policy) -> Iterable[Event]:
    """Every session of mine, with my own duties."""
    long = timedelta(minutes=policy.session_minutes)
    for each in found.pairs:
        for n, start in enumerate(each.starts, start=1):
            yield Event(
                kind="pair",
                what=_("Session %(number)s with %(name)s", number=n, name=each.partner.name),
                begins=start,
                ends=start + long,
                group_id=each.id,
                duties=my_turns(each.turns, n, me),
            )
    for one in found.circles:
        for n, start in enumerate(one.starts, start=1):
            if n >= one.from_session:
                yield Event(
                    kind="circle",
                    what=_(SESSION_OF[size_of(one)], number=n),
                    begins=start,
                    ends=start + long,
                    group_id=one.id,
                    duties=my_turns(one.turns, n, me),
                )


SESSION_OF = {
    "pair": N_("Session %(number)s of your peer pair"),
    "trio": N_("Session %(number)s of your trio"),
    "circle": N_("Session %(number)s of your circle"),
}
HEADINGS = {
    "pair": N_("Your peer pair"),
    "trio": N_("Your trio, and whose turn it is"),
    "circle": N_("Your circle, and whose turn it is"),
}


def size_of(one: MyCircle) -> str:
    """What a group of peers is called: two are a pair, three a trio, more a circle."""
    return {2: "pair", 3: "trio"}.get(len(one.members), "circle")


def my_turns(turns: Sequence[OwnTurn], session: int, me: Person) -> tuple[str, ...]:
    """My duties in one session."""
    return tuple(
        circles.duty_word(turn.duty) for turn in turns if turn.session == session and turn.person == me.id
    )


def waits(each: MyWaiting, place: WaitlistPlace | None) -> WaitlistView:
    """The first stored sentence is the heading; that they go first is said once, where it is true."""
    first, *more = each.sentences or (_(WAITS[each.role]),)
    stands = ""
    if place is not None:
        stands = _("You are number %(number)s of %(of)s on this waitlist.", number=place.number, of=place.of)
    return WaitlistView(
        heading=in_words(first).rstrip("."),
        sentences=tuple(in_words(said) for said in more if said != GOES_FIRST),
        place=stands,
    )


def pair(each: MyPair, me: Person, policy: Policy, goals: Sequence[GoalLine], now: datetime) -> PairView:
    """One partner. What rests on the other's wishes is left out, of the words and of the fit."""
    partner = each.partner
    shown = open_reasons(each.all_reasons)
    known = {reason.sentence for reason in each.all_reasons}
    return PairView(
        id=each.id,
        what=_(WHAT[each.partner_role]),
        name=partner.name,
        first_name=partner.name.split()[0],
        about=about(partner, me, now),
        email=partner.email,
        reasons=tuple(in_hundredths(reason, policy) for reason in shown if reason.points > 0),
        own_words=tuple(in_words(said) for said in each.reasons if said not in known),
        fit=open_fit(shown, policy),
        shared=tuple(shared(each.shared)),
        next=next_hour(each, me, policy, now),
        progress=progress(goals),
    )


def shared(each: Shared) -> Iterable[tuple[str, str]]:
    """What the partner lets me see, label by label."""
    for label, words in (
        (_("Goals"), each.goals),
        (_("Offers"), current().listed(each.offers)),
        (_("Would like to learn"), current().listed(each.seeks)),
        (_("Languages"), current().listed(each.languages)),
    ):
        if words:
            yield label, words


def open_fit(reasons: Sequence[Reason], policy: Policy) -> str:
    """The fit in a sentence, as far as both may read it."""
    most = sum(reason.most for reason in reasons)
    points = sum(reason.points for reason in reasons)
    if not most:
        return ""
    return _(FITS[fit_word(points * policy.points // most, policy)])


def about(partner: Person, me: Person, now: datetime) -> str:
    """Function, department, site and clock of the partner."""
    clock = meeting.apart(me.zone, partner.zone, now)
    words = [partner.function, partner.department, partner.site, clock]
    return " · ".join(word for word in dict.fromkeys(words) if word)


def next_hour(each: MyPair, me: Person, policy: Policy, now: datetime) -> tuple[str, ...]:
    """When the two meet next, and who leads; how to begin where no hour is found."""
    long = timedelta(minutes=policy.session_minutes)
    coming = next((n for n, start in enumerate(each.starts, start=1) if start + long > now), None)
    if not each.starts:
        return (
            _("We found no hour that suits you both. Write to each other and choose one."),
            _("Say hello within a week; a short line is enough."),
        )
    if coming is None:
        return (_("Your sessions are over. Thank you for the time you gave each other."),)
    when = meeting.said(each.starts[coming - 1], me.zone)
    return tuple(
        said
        for said in (
            _("Session %(number)s: %(when)s, your time.", number=coming, when=when),
            leads(each.turns, coming, me, each.partner),
            _("Say hello within a week; a short line is enough.") if coming == 1 else "",
        )
        if said
    )


def leads(turns: Sequence[OwnTurn], session: int, me: Person, partner: Person) -> str:
    """Who leads a session of two, if that was arranged."""
    held = next((turn for turn in turns if turn.session == session), None)
    if held is None:
        return ""
    return _("You lead this session.") if held.person == me.id else _("%(name)s leads it.", name=partner.name)


def circle(mine: MyCircle, me: Person, goals: Sequence[GoalLine], now: datetime) -> CircleView:
    """The circle, drawn for its next session."""
    coming = next((n for n, start in enumerate(mine.starts, start=1) if start >= now), len(mine.starts))
    present = {turn.person: turn.duty for turn in mine.turns if turn.session == coming}
    when = meeting.briefly(mine.starts[coming - 1], me.zone) if mine.starts else ""
    others = [member.name for member in mine.members if member.id != me.id]
    first = mine.starts[0] if mine.starts else now
    return CircleView(
        id=mine.id,
        heading=_(HEADINGS[size_of(mine)]),
        drawn=circles.draw(
            mine.members,
            present,
            me=me.id,
            title=_("Session %(number)s", number=coming),
            when=when,
        ),
        sentence=_(
            "You meet with %(names)s, usually on %(when)s.",
            names=current().listed(others),
            when=meeting.usual(mine.slot, me.zone, first.date() - timedelta(days=first.weekday())),
        ),
        mine=tuple(
            f"{meeting.briefly(mine.starts[turn.session - 1], me.zone)}: {circles.duty_word(turn.duty)}"
            for turn in mine.turns
            if turn.person == me.id and turn.session <= len(mine.starts)
        ),
        progress=progress(goals),
    )


def progress(goals: Sequence[GoalLine]) -> tuple[int, int]:
    """Steps done, and steps in all, of the goals that were not taken away."""
    steps = [step for goal in goals if goal.removed_at is None for step in goal.steps]
    return sum(step.done_at is not None for step in steps), len(steps)


def said_progress(done: int, of: int) -> str:
    """The same in words."""
    return ngettext("%(done)s of %(num)s step done", "%(done)s of %(num)s steps done", of, done=done)
