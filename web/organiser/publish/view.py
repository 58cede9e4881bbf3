"""Before publishing: what goes to whom, samples, who said yes. After it: how the mails fare."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState, MailState, words
from matcher.mail.value import Mail
from matcher.services.cycle.lists import CycleLine, PublishedBy
from matcher.services.publishing.lists import ON_THE_WAY, Addressee, Audience, MailLine
from matcher.services.publishing.sign_offs import GivenSignOff
from matcher.translations.catalogue import LANGUAGES
from web.language import N_, _, in_words, ngettext
from web.parts.code_words import code_word
from web.parts.tile import Tile
from web.parts.words import figure, moment, upper_first

KINDS = {
    "introduction": N_("Introductions, to both of each pair"),
    "circle_introduction": N_("Introductions to circles, to every member"),
    "waitlist": N_("Reasons, to everybody on the waitlist"),
}
"""What a publication sends, in the order of the page."""


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """How many mails of a kind."""

    kind: str
    words: str
    count: str


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A mail as it will look, in one language."""

    key: str
    title: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PublishView:
    """The page before publishing."""

    kinds: tuple[KindLine, ...]
    whole: str
    hash: str
    sentences: tuple[str, ...]
    signed: tuple[str, ...]
    may_sign: bool
    may_take_back: bool
    may_publish: bool


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody a mail goes to."""

    name: str
    email: str
    about: str


@dataclass(frozen=True, kw_only=True)
class MailToCheck:
    """A mail that needs a look."""

    id: UUID
    kind: str
    name: str
    address: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """How the mails of a cycle fare. working: some are still on the way."""

    tiles: tuple[Tile, ...]
    sentence: str
    working: bool
    done: int
    of: int


def before(
    audience: Audience,
    *,
    cycle: CycleLine,
    draft_id: UUID,
    draft_hash: str,
    wanted: bool,
    signed: Sequence[GivenSignOff],
    published: PublishedBy | None,
    me: UUID,
    zone: str,
) -> PublishView:
    """What publishing this draft would do, and whether it may be done now."""
    open_ = published is None and cycle.state is CycleState.REVIEW
    others = any(one.person_id != me for one in signed)
    mine = any(one.person_id == me for one in signed)
    counts = (audience.introductions, audience.circles, audience.waitlist)
    return PublishView(
        kinds=tuple(
            KindLine(kind=kind, words=_(said), count=figure(count))
            for (kind, said), count in zip(KINDS.items(), counts, strict=True)
        ),
        whole=figure(audience.whole),
        hash=draft_hash,
        sentences=state(draft_id, published=published, open_=open_, wanted=wanted, others=others, zone=zone),
        signed=tuple(
            _("%(name)s said yes on %(when)s.", name=one.name, when=moment(one.at, zone)) for one in signed
        ),
        may_sign=open_ and wanted and not mine,
        may_take_back=open_ and mine,
        may_publish=open_ and (others or not wanted),
    )


def state(
    draft_id: UUID, *, published: PublishedBy | None, open_: bool, wanted: bool, others: bool, zone: str
) -> tuple[str, ...]:
    """What stands in the way, if anything does."""
    if published is not None:
        by = {"name": published.name, "when": moment(published.at, zone)}
        if published.draft_id == draft_id:
            return (_("This draft was published by %(name)s on %(when)s.", **by),)
        return (_("Another draft was published by %(name)s on %(when)s.", **by),)
    if not open_:
        return (_("This cycle is not in review, so nothing can be published now."),)
    if wanted and not others:
        return (
            _(
                "This programme wants a second organiser to look at the draft and say yes before it is "
                "published."
            ),
        )
    return (_("It happens once and cannot be taken back. Repairs are possible afterwards."),)


def people(found: Sequence[Addressee]) -> tuple[Recipient, ...]:
    """The rows of a list."""
    return tuple(
        Recipient(
            name=one.name,
            email=one.email,
            about=one.about if one.circle is None else _("Circle %(number)s", number=one.circle),
        )
        for one in found
    )


def sample_rows(mails: Mapping[tuple[str, str], Mail]) -> tuple[Sample, ...]:
    """Sample mails by kind and language."""
    return tuple(
        Sample(
            key=f"{kind}-{language}",
            title=_("%(kind)s (%(language)s)", kind=_(KINDS[kind]), language=LANGUAGES[language]),
            language=language,
            subject=mail.subject,
            text=mail.text,
        )
        for (kind, language), mail in mails.items()
    )


def delivery(states: Counter[MailState]) -> DeliveryView:
    """The mails by state."""
    whole, waiting = states.total(), sum(states[one] for one in ON_THE_WAY)
    shown = (*ON_THE_WAY, MailState.SENT, MailState.UNCERTAIN, MailState.FAILED, MailState.CANCELLED)
    if not whole:
        said = _("No mail of this cycle has been written yet.")
    elif waiting:
        said = ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", waiting)
    else:
        said = _("All mails have left.")
    return DeliveryView(
        tiles=tuple(
            Tile(figure=figure(states[one]), label=in_words(words(one))) for one in shown if states[one]
        ),
        sentence=said,
        working=waiting > 0,
        done=whole - waiting,
        of=max(whole, 1),
    )


def mails(found: Sequence[MailLine]) -> tuple[MailToCheck, ...]:
    """The rows of mails that need a look."""
    return tuple(
        MailToCheck(
            id=one.id,
            kind=upper_first(code_word(one.kind)),
            name=one.name,
            address=one.address,
            reply=in_words(one.reply),
        )
        for one in found
    )
