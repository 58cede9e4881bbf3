"""What an organiser reads about repairs: what has happened, what is proposed, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.services.repair.proposals import Proposal
from web.language import _, in_words, ngettext
from web.parts.words import moment, number

SHOWN = 12
"""Names shown of those a repair touches; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class OpenProposal:
    """The proposal that can be applied now."""

    id: UUID
    hash: str
    asked: str
    why: tuple[str, ...]
    does: tuple[str, ...]
    costs: tuple[str, ...]
    touches: tuple[str, ...]
    more: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """An earlier repair in one line, with what it did."""

    number: int
    line: str
    does: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Repairs:
    """The page. working: a worker is finding one; failed: why the newest has none."""

    exits: tuple[str, ...]
    working: bool
    failed: str
    proposed: OpenProposal | None
    earlier: tuple[Done, ...]


def view(exits: Sequence[str], repairs: Sequence[Proposal], zone: str) -> Repairs:
    """`repairs` newest first; times in the reader's `zone`."""
    newest = repairs[0] if repairs else None
    proposed = newest if newest is not None and newest.state == "proposed" else None
    return Repairs(
        exits=tuple(in_words(sentence) for sentence in exits),
        working=newest is not None and newest.state == "asked",
        failed=in_words(newest.sentence) if newest is not None and newest.state == "failed" else "",
        proposed=None if proposed is None else _open(proposed, zone),
        earlier=tuple(_done(one, zone) for one in repairs if one.state == "applied"),
    )


def _open(one: Proposal, zone: str) -> OpenProposal:
    names = tuple(person.name for person in one.touches)
    beyond = len(names) - SHOWN
    return OpenProposal(
        id=one.id,
        hash=one.hash,
        asked=moment(one.asked_at, zone),
        why=_words(one.why),
        does=_words(one.does),
        costs=_words(one.costs),
        touches=names[:SHOWN],
        more=ngettext("and %(count)s more", "and %(count)s more", beyond, count=number(beyond))
        if beyond > 0
        else "",
    )


def _done(one: Proposal, zone: str) -> Done:
    when = moment(one.settled_at, zone) if one.settled_at else ""
    who = one.settled_by.name if one.settled_by else _("the operator")
    return Done(
        number=one.number,
        line=_("Applied by %(who)s on %(when)s.", who=who, when=when),
        does=_words(one.does),
    )


def _words(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(in_words(sentence) for sentence in sentences)
