"""A draft as its organiser reviews it: figures, pairs with reasons, who waits and why, circles, rota."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState
from matcher.domain.people import ROLE_WORDS
from matcher.domain.said import term
from matcher.services.review import Review, ReviewedCircle, ReviewedPair
from matcher.store.page_queries import CycleLine, PublishedBy
from web.language import _, in_words, ngettext
from web.pages import levels, meeting
from web.pages.organised import Tile
from web.pages.sign_up import monday_of
from web.pages.words import figure, listed, moment, number, upper_first

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
        heading=_("Draft of %(cycle)s", cycle=cycle.name),
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
            WaitingRow(
                name=one.person.name, role=in_words(ROLE_WORDS[one.role]), sentences=tuple(one.sentences)
            )
            for one in review.waiting
        ),
        circles=tuple(circle_row(circle, cycle, duties, zone) for circle in review.circles),
        duties=tuple(named(duty) for duty in duties),
    )


def matching(pairs: Sequence[ReviewedPair], find: str) -> tuple[ReviewedPair, ...]:
    """The pairs in which a name holds the text, in their order: the weakest first, they need a close look."""
    wanted = find.casefold().strip()
    return tuple(pair for pair in pairs if wanted in f"{pair.mentee.name}\n{pair.mentor.name}".casefold())


def caption(first: int, shown: int, found: int, find: str) -> str:
    """Which pairs the table shows."""
    places = {"first": first + 1, "last": first + shown, "whole": figure(found)}
    if find and found:
        return _("%(first)s to %(last)s of %(whole)s, with “%(find)s”", find=find, **places)
    if find:
        return _("No pair with “%(find)s”.", find=find)
    if found:
        return _("%(first)s to %(last)s of %(whole)s, the weakest fit first", **places)
    return _("There is no pair.")


def outcome(review: Review, published: PublishedBy | None, zone: str) -> tuple[str, ...]:
    """Whether and how the cycle was published."""
    if published is None:
        return ()
    by = {"name": published.name, "when": moment(published.at, zone)}
    if published.draft_id == review.draft_id:
        return (_("This draft was published by %(name)s on %(when)s.", **by),)
    return (_("Another draft was published by %(name)s on %(when)s.", **by),)


def tiles(review: Review) -> tuple[Tile, ...]:
    """The draft in figures."""
    fair = review.fairness
    worst = next((word for word, count in fair.words if count), "–")
    across = sum(pair.mentee.function != pair.mentor.function for pair in review.pairs)
    share = _("%(share)s %%", share=round(100 * across / len(review.pairs))) if review.pairs else "–"
    people = sum(len(circle.members) for circle in review.circles)
    seated = ngettext("· %(count)s person", "· %(count)s people", people, count=number(people))
    placed = _("%(part)s of %(whole)s", part=figure(fair.placed), whole=figure(fair.mentees))
    return (
        Tile(figure=placed, label=_("mentees placed"), more=most_possible(review)),
        Tile(figure=upper_first(in_words(levels.level(worst))), label=_("for the worst-placed")),
        Tile(figure=share, label=_("across functions")),
        Tile(figure=figure(len(review.circles)), label=_("circles"), more=seated),
        Tile(figure=_("Checked ✓"), label=_("every rule kept"), more=_("· by an independent check")),
    )


def most_possible(review: Review) -> str:
    """A remark where the number placed is proved to be the most possible."""
    return _("· proved fair") if review.fairness.proved else ""


def publish_sentence(review: Review) -> str:
    """What publishing will do."""
    left = len({one.person.id for one in review.waiting})
    return _(
        "%(pairs)s and %(circles)s are introduced by mail with an invitation, and %(waiting)s. "
        "It happens once and cannot be taken back.",
        pairs=upper_first(
            ngettext("%(count)s pair", "%(count)s pairs", len(review.pairs), count=number(len(review.pairs)))
        ),
        circles=ngettext(
            "%(count)s circle", "%(count)s circles", len(review.circles), count=number(len(review.circles))
        ),
        waiting=ngettext(
            "%(count)s person on the waitlist gets a reason",
            "%(count)s people on the waitlist get a reason",
            left,
            count=number(left),
        ),
    )


def pair_row(pair: ReviewedPair) -> PairRow:
    """A pair with its strongest reasons."""
    return PairRow(
        mentee=pair.mentee.name,
        mentor=pair.mentor.name,
        fit=in_words(levels.level(pair.word)),
        tone=TONES.get(pair.word, ""),
        reasons=tuple(reason.sentence for reason in pair.reasons if reason.points > 0),
    )


def named(duty: str) -> str:
    """A duty as a heading names it."""
    return upper_first(in_words(term(duty)))


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
                held=tuple((named(duty), held.get((n, duty), _("nobody yet"))) for duty in duties),
            )
            for n in sessions
        ),
    )
