"""One pair or circle as its own pages show it: sessions, companions, goals and the guide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from matcher.domain.during import guide
from matcher.domain.during.guide import SessionPhase
from matcher.domain.people import Person
from matcher.domain.policy.policy import Policy
from matcher.services.groups.lists import GoalLine
from matcher.services.groups.my_match import MyCircle, MyPair, OwnTurn, Shared
from web.language import N_, _, ngettext
from web.participant.my_cycle.view import WHAT, about, shared, size_of
from web.parts import meeting
from web.parts.circle import duty_word, turn_of

TITLES = {"pair": N_("Your peer pair"), "trio": N_("Your trio"), "circle": N_("Your circle")}
PHASES = {
    SessionPhase.FIRST: N_("For your first session"),
    SessionPhase.MIDDLE: N_("For the sessions between"),
    SessionPhase.LAST: N_("For your last session"),
}


@dataclass(frozen=True, kw_only=True)
class Companion:
    """Somebody I meet; `shared`: what they let me see, labels and words."""

    id: UUID
    name: str
    about: str
    email: str
    shared: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A duty in a session, in a few words with who has it."""

    words: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One session: its number, when, whether it is over or next, and its duties."""

    number: int
    when: str
    place: str
    held: tuple[Held, ...]


@dataclass(frozen=True, kw_only=True)
class GroupHead:
    """What stands at the head of every page of a pair or circle."""

    id: UUID
    title: str
    what: str
    about: str
    companions: tuple[Companion, ...]
    sessions: tuple[SessionRow, ...]
    coming: int
    has_duties: bool
    is_circle: bool


def view(one: MyPair | MyCircle, me: Person, policy: Policy, now: datetime) -> GroupHead:
    """The pair or circle from my side."""
    is_circle = isinstance(one, MyCircle)
    companions = others(one, me)
    people = {me.id: me, **{each.id: each for each in companions}}
    first = one.from_session if isinstance(one, MyCircle) else 1
    rows = tuple(session_rows(one, people, me, policy, now))
    return GroupHead(
        id=one.id,
        title=_(TITLES[size_of(one)]) if isinstance(one, MyCircle) else one.partner.name,
        what="" if isinstance(one, MyCircle) else _(WHAT[one.partner_role]),
        about="" if isinstance(one, MyCircle) else about(one.partner, me, now),
        companions=tuple(
            Companion(
                id=each.id,
                name=each.name,
                about=about(each, me, now),
                email=each.email,
                shared=tuple(shared(one.shared if isinstance(one, MyPair) else one.shared[each.id])),
            )
            for each in companions
        ),
        sessions=rows[first - 1 :],
        coming=next((row.number for row in rows if row.place == "now"), 0),
        has_duties=bool(one.turns),
        is_circle=is_circle,
    )


def others(one: MyPair | MyCircle, me: Person) -> tuple[Person, ...]:
    """Everybody in it but me."""
    return (
        (one.partner,) if isinstance(one, MyPair) else tuple(each for each in one.members if each.id != me.id)
    )


def session_rows(
    one: MyPair | MyCircle, people: Mapping[UUID, Person], me: Person, policy: Policy, now: datetime
) -> Iterable[SessionRow]:
    """Every session with its duties; the first that is not over is now."""
    long = timedelta(minutes=policy.session_minutes)
    found = False
    for number, start in enumerate(one.starts, start=1):
        over = start + long <= now
        place = "past" if over else "ahead" if found else "now"
        found = found or not over
        yield SessionRow(
            number=number,
            when=meeting.briefly(start, me.zone),
            place=place,
            held=tuple(held(turn, people, me) for turn in one.turns if turn.session == number),
        )


def held(turn: OwnTurn, people: Mapping[UUID, Person], me: Person) -> Held:
    """Who does what; somebody who has left by now is not named."""
    if turn.person in people:
        words = turn_of(people[turn.person], turn.duty, me.id)
    else:
        words = _("somebody who has left: %(duty)s", duty=duty_word(turn.duty))
    return Held(words=words, mine=turn.person == me.id)


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A small step: its words, and who ticked it."""

    id: UUID
    text: str
    done: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class GoalView:
    """A goal with its steps and how far it is."""

    id: UUID
    text: str
    reached: bool
    done: int
    of: int
    progress: str
    steps: tuple[StepView, ...]
    removed: tuple[StepView, ...]


@dataclass(frozen=True, kw_only=True)
class GoalsView:
    """The goals that stand, and those that can be put back."""

    goals: tuple[GoalView, ...]
    removed: tuple[GoalView, ...]


def goals_of(lines: Sequence[GoalLine], names: Mapping[UUID, str]) -> GoalsView:
    """The goals of a group; `names`: who is in it, "you" for the reader."""
    shown = [(line.removed_at is None, goal(line, names)) for line in lines]
    return GoalsView(
        goals=tuple(each for stands, each in shown if stands),
        removed=tuple(each for stands, each in shown if not stands),
    )


def goal(line: GoalLine, names: Mapping[UUID, str]) -> GoalView:
    """One goal; who made or ticked something and has left is not named."""
    done = sum(step.done_at is not None for step in line.steps)
    of = len(line.steps)
    steps, removed = (
        tuple(
            StepView(
                id=step.id,
                text=step.text,
                done=step.done_at is not None,
                by=names.get(step.done_by, "") if step.done_by else "",
            )
            for step in some
        )
        for some in (line.steps, line.removed_steps)
    )
    return GoalView(
        id=line.id,
        text=line.text,
        reached=line.reached_at is not None,
        done=done,
        of=of,
        progress=ngettext("%(done)s of %(num)s step done", "%(done)s of %(num)s steps done", of, done=done),
        steps=steps,
        removed=removed,
    )


@dataclass(frozen=True, kw_only=True)
class ChapterView:
    """The questions of one phase; `now` for the one the next session belongs to."""

    heading: str
    now: bool
    general: tuple[str, ...]
    fitting: tuple[tuple[str, str], ...]


def chapters(
    one: MyPair | MyCircle, mine: Shared, goals: Sequence[GoalLine], *, coming: int
) -> tuple[ChapterView, ...]:
    """The guide for this pair or circle: from what they have in common, their goals, and my own words."""
    topics = one.common if isinstance(one, MyPair) else mine.seeks
    written = [line.text for line in goals if line.removed_at is None]
    written += [text for text in (mine.goals,) if text]
    written += [one.shared.goals] if isinstance(one, MyPair) and one.shared.goals else []
    now = guide.phase_of(coming or len(one.starts), len(one.starts))
    return tuple(
        ChapterView(
            heading=_(PHASES[chapter.phase]),
            now=chapter.phase is now,
            general=tuple(question.text for question in chapter.questions if question.because is None),
            fitting=tuple(
                (question.text, question.because)
                for question in chapter.questions
                if question.because is not None
            ),
        )
        for chapter in guide.guide(circle=isinstance(one, MyCircle), topics=topics, goals=written)
    )
