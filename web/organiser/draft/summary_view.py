"""A draft as its organiser meets it first: figures, levels, what publishing will do."""

from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.fairness import Fairness
from matcher.domain.people import Role
from matcher.services.cycle.lists import CycleLine, PublishedBy
from matcher.services.review.lists import DraftCounts, DraftHead
from web.language import _, in_words, ngettext
from web.parts import levels
from web.parts.tile import Tile
from web.parts.words import figure, listed, moment, number, upper_first


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """The whole page: figures, and the few that need a close look; everything else is on pages of its own."""

    id: UUID
    hash: str
    heading: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    may_publish: bool
    publish_sentence: str
    levels: levels.LevelPicture | None
    counts: DraftCounts


def view(
    head: DraftHead, counts: DraftCounts, *, cycle: CycleLine, published: PublishedBy | None, zone: str
) -> DraftView:
    """The draft in short; times are in `zone`."""
    heading = _("Draft of %(cycle)s", cycle=cycle.name)
    if head.label:
        heading = _("Draft of %(cycle)s: %(label)s", cycle=cycle.name, label=head.label)
    return DraftView(
        id=head.id,
        hash=head.hash,
        heading=heading,
        sentences=(*in_short(head, counts), *outcome(head, published, zone)),
        tiles=tiles(head.fairness, counts, head.policy.roles),
        may_publish=published is None and cycle.state is CycleState.REVIEW,
        publish_sentence=publish_sentence(counts),
        levels=levels.draw(head.fairness.words) if head.policy.pairs else None,
        counts=counts,
    )


def in_short(head: DraftHead, counts: DraftCounts) -> tuple[str, ...]:
    """How fair the pairs are, or where there are only peers how many sit in circles."""
    if head.policy.pairs:
        return head.fairness.sentences
    seated = ngettext(
        "%(count)s person sits", "%(count)s people sit", counts.seated, count=figure(counts.seated)
    )
    circles = ngettext("one circle", "%(num)s circles", counts.circles)
    return (_("%(seated)s in %(circles)s.", seated=seated, circles=circles),)


def outcome(head: DraftHead, published: PublishedBy | None, zone: str) -> tuple[str, ...]:
    """Whether and how the cycle was published."""
    if published is None:
        return ()
    by = {"name": published.name, "when": moment(published.at, zone)}
    if published.draft_id == head.id:
        return (_("This draft was published by %(name)s on %(when)s.", **by),)
    return (_("Another draft was published by %(name)s on %(when)s.", **by),)


def tiles(fair: Fairness, counts: DraftCounts, roles: tuple[Role, ...]) -> tuple[Tile, ...]:
    """The draft in figures, of the roles the programme has."""
    worst = next((word for word, count in fair.words if count), "–")
    share = _("%(share)s %%", share=round(100 * counts.across / counts.pairs)) if counts.pairs else "–"
    seated = ngettext("· %(count)s person", "· %(count)s people", counts.seated, count=number(counts.seated))
    placed = _("%(part)s of %(whole)s", part=figure(fair.placed), whole=figure(fair.mentees))
    proved = _("· proved fair") if fair.proved else ""
    pairs = (
        Tile(figure=placed, label=_("mentees placed"), more=proved),
        Tile(figure=upper_first(in_words(levels.level(worst))), label=_("for the worst-placed")),
        Tile(figure=share, label=_("across functions")),
    )
    circles = Tile(figure=figure(counts.circles), label=_("circles"), more=seated)
    return (
        *(pairs if Role.MENTEE in roles else ()),
        *((circles,) if Role.PEER in roles or counts.circles else ()),
        Tile(figure=_("Checked ✓"), label=_("every rule kept"), more=_("· by an independent check")),
    )


def publish_sentence(counts: DraftCounts) -> str:
    """What publishing will do."""
    waiting = ngettext(
        "%(count)s person on the waitlist gets a reason",
        "%(count)s people on the waitlist get a reason",
        counts.left,
        count=number(counts.left),
    )
    groups = (
        ngettext("%(count)s pair", "%(count)s pairs", counts.pairs, count=number(counts.pairs)),
        ngettext("%(count)s circle", "%(count)s circles", counts.circles, count=number(counts.circles)),
    )
    formed = [group for group, count in zip(groups, (counts.pairs, counts.circles), strict=True) if count]
    if not formed:
        return _("Nobody is introduced, and %(waiting)s. It happens once.", waiting=waiting)
    return _(
        "Mails with an invitation introduce %(groups)s, and %(waiting)s. "
        "It happens once and cannot be taken back.",
        groups=listed(formed),
        waiting=waiting,
    )
