"""A draft as its organiser reviews it: figures, pairs with reasons, who waits and why, circles, rota."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState
from matcher.services.review import Review, ReviewedCircle, ReviewedPair
from matcher.store.page_queries import CycleLine, PublishedBy
from web.pages import levels, meeting
from web.pages.organised import Tile
from web.pages.sign_up import monday_of
from web.pages.words import counted, listed, moment, upper_first

ON_A_PAGE = 50
TONES = {"weak": "stop", "fair": "warm", "adequate": "", "good": "on", "very good": "good"}


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A pair in the table."""

    mentee: str
    mentor: str
    fit: str
    tone: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """Somebody without a partner."""

    name: str
    role: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One session of a rota: each duty with who has it."""

    name: str
    held: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CircleRow:
    """A circle with its rota."""

    number: int
    when: str
    names: str
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """The whole page. `before` and `after` are the numbers of the neighbouring pages of pairs, if any."""

    id: UUID
    hash: str
    heading: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    may_publish: bool
    publish_sentence: str
    levels: levels.LevelPicture
    pairs: tuple[PairRow, ...]
    pair_count: int
    pairs_caption: str
    find: str
    before: int | None
    after: int | None
    waiting: tuple[WaitingRow, ...]
    circles: tuple[CircleRow, ...]
    duties: tuple[str, ...]


def view(
    review: Review,
    *,
    cycle: CycleLine,
    published: PublishedBy | None,
    duties: Sequence[str],
    zone: str,
    find: str = "",
    page: int = 1,
) -> DraftView:
    """The draft; `find` keeps pairs with that text in a name, `page` counts from 1, times are in `zone`."""
    found = matching(review.pairs, find)
    first = (page - 1) * ON_A_PAGE
    shown = found[first : first + ON_A_PAGE]
    may_publish = published is None and cycle.state is CycleState.REVIEW
    return DraftView(
        id=review.draft_id,
        hash=review.hash,
        heading=f"Draft of {cycle.name}",
        sentences=(*review.fairness.sentences, *outcome(review, published, zone)),
        tiles=tiles(review),
        may_publish=may_publish,
        publish_sentence=publish_sentence(review),
        levels=levels.draw(review.fairness.words),
        pairs=tuple(pair_row(pair) for pair in shown),
        pair_count=len(review.pairs),
        pairs_caption=caption(first, len(shown), len(found), find),
        find=find,
        before=page - 1 if page > 1 else None,
        after=page + 1 if first + ON_A_PAGE < len(found) else None,
        waiting=tuple(
            WaitingRow(name=one.person.name, role=str(one.role), sentences=tuple(one.sentences))
            for one in review.waiting
        ),
        circles=tuple(circle_row(circle, cycle, duties, zone) for circle in review.circles),
        duties=tuple(upper_first(duty) for duty in duties),
    )


def matching(pairs: Sequence[ReviewedPair], find: str) -> tuple[ReviewedPair, ...]:
    """The pairs in which a name holds the text, in their order: the weakest first, they need a close look."""
    wanted = find.casefold().strip()
    return tuple(pair for pair in pairs if wanted in f"{pair.mentee.name}\n{pair.mentor.name}".casefold())


def caption(first: int, shown: int, found: int, find: str) -> str:
    """Which pairs the table shows."""
    which = f"with “{find}”" if find else "the weakest fit first"
    return f"{first + 1} to {first + shown} of {found}, {which}" if found else f"No pair {which}."


def outcome(review: Review, published: PublishedBy | None, zone: str) -> tuple[str, ...]:
    """Whether and how the cycle was published."""
    if published is None:
        return ()
    which = "This draft" if published.draft_id == review.draft_id else "Another draft"
    return (f"{which} was published by {published.name} on {moment(published.at, zone)}.",)


def tiles(review: Review) -> tuple[Tile, ...]:
    """The draft in figures."""
    fair = review.fairness
    worst = next((word for word, count in fair.words if count), "–")
    across = sum(pair.mentee.function != pair.mentor.function for pair in review.pairs)
    share = f"{round(100 * across / len(review.pairs))} %" if review.pairs else "–"
    people = sum(len(circle.members) for circle in review.circles)
    return (
        Tile(figure=f"{fair.placed} of {fair.mentees}", label="mentees placed", more=most_possible(review)),
        Tile(figure=upper_first(worst), label="for the worst-placed"),
        Tile(figure=share, label="across functions"),
        Tile(
            figure=str(len(review.circles)), label="circles", more=f"· {counted(people, 'person', 'people')}"
        ),
        Tile(figure="Checked ✓", label="every rule kept", more="· by an independent check"),
    )


def most_possible(review: Review) -> str:
    """A remark where the number placed is proved to be the most possible."""
    return "· proved fair" if review.fairness.proved else ""


def publish_sentence(review: Review) -> str:
    """What publishing will do."""
    pairs, circles = counted(len(review.pairs), "pair"), counted(len(review.circles), "circle")
    left = len({one.person.id for one in review.waiting})
    waiting = f"{counted(left, 'person', 'people')} on the waitlist {'gets' if left == 1 else 'get'} a reason"
    return (
        f"{upper_first(pairs)} and {circles} are introduced by mail with an invitation, "
        f"and {waiting}. It happens once and cannot be taken back."
    )


def pair_row(pair: ReviewedPair) -> PairRow:
    """A pair with its strongest reasons."""
    return PairRow(
        mentee=pair.mentee.name,
        mentor=pair.mentor.name,
        fit=pair.word,
        tone=TONES.get(pair.word, ""),
        reasons=tuple(reason.sentence for reason in pair.reasons if reason.points > 0),
    )


def circle_row(circle: ReviewedCircle, cycle: CycleLine, duties: Sequence[str], zone: str) -> CircleRow:
    """A circle, when it meets, and its rota."""
    held = {(turn.session, turn.duty): turn.person.name for turn in circle.duties}
    sessions = sorted({turn.session for turn in circle.duties})
    return CircleRow(
        number=circle.number,
        when=meeting.usual(circle.slot, zone, monday_of(cycle.starts_on)),
        names=listed([member.name for member in circle.members]),
        sessions=tuple(
            SessionRow(
                name=str(n),
                held=tuple((upper_first(duty), held.get((n, duty), "open")) for duty in duties),
            )
            for n in sessions
        ),
    )
