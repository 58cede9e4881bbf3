"""Check-ins as organisers read them: what may be told, in words, and why the rest is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.during.check_in import Met, Result
from matcher.services.during.check_ins import RoundResult
from web.language import N_, _, ngettext
from web.parts.words import day, figure, short_day

MET = {
    Met.YES: N_("have met"),
    Met.PLANNED: N_("have not met yet, but plan to"),
    Met.NO: N_("have not met"),
}


@dataclass(frozen=True, kw_only=True)
class ShareView:
    """A share of all answers, in per cent to the nearest 5."""

    words: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class RoundView:
    """One round: its days, what is told, and comments apart from everything else.

    helpful: the mean in tenths of a point, None where it is not told.
    """

    heading: str
    sentences: tuple[str, ...]
    helpful: int | None
    shares: tuple[ShareView, ...]
    comments: tuple[str, ...]
    open: bool


def view(rounds: Sequence[RoundResult]) -> tuple[RoundView, ...]:
    """The newest round first."""
    return tuple(one_round(each) for each in reversed(rounds))


def one_round(each: RoundResult) -> RoundView:
    """A round as far as it may be told."""
    result = each.result
    return RoundView(
        heading=_(
            "Check-in %(number)s, %(first)s to %(last)s",
            number=each.number,
            first=short_day(each.opened_on),
            last=day(each.last_day),
        ),
        sentences=tuple(said(each, result)),
        helpful=result.helpful if result else None,
        shares=tuple(shares(result)) if result else (),
        comments=result.comments if result else (),
        open=result is None,
    )


def said(each: RoundResult, result: Result | None) -> list[str]:
    """How many took part, and why something is not told."""
    asked = ngettext("One person was asked.", "%(num)s people were asked.", each.asked)
    if result is None:
        last = _("What they say is told after %(day)s, and only together.", day=day(each.last_day))
        return [asked, last]
    if result.answered is None:
        return [asked, _("Fewer than five have answered: nothing is told of so few.")]
    sentences = [asked, ngettext("One has answered.", "%(num)s have answered.", result.answered)]
    if result.helpful is not None:
        mean = figure(result.helpful / 10)
        sentences.append(_("How helpful it is for them: %(mean)s of 5 on average.", mean=mean))
    else:
        sentences.append(_("How helpful it is for them is not told: the answers are not varied enough."))
    if result.met is None:
        sentences.append(_("Whether they have met is not told: five answers of a kind are needed for that."))
    if not result.comments:
        sentences.append(_("Comments are shown from ten answers on. There are none to show."))
    return sentences


def shares(result: Result) -> list[ShareView]:
    """Each share that may be told; the rest together."""
    found = [ShareView(words=_(MET[word]), percent=share) for word, share in (result.met or {}).items()]
    if result.met_others is not None:
        found.append(ShareView(words=_("all others together"), percent=result.met_others))
    return found
