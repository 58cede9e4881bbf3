"""A cycle under way and at its end, in words: who seems quiet, what was done, what the next cycle takes over.

Numbers of people's own doings are told from five on, and shares only where the rest is five or more as well.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.disclosure import share, told
from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.sentences import term
from matcher.services.cycle.lists import CycleLine
from matcher.services.during.check_ins import RoundResult
from matcher.services.during.inactive import InactiveGroup, InactivePage
from matcher.services.during.lists import Carrying, DutyHolder, Goals
from web.language import N_, _, ngettext
from web.parts.charts import Axis, Chart, bars
from web.parts.tile import Tile
from web.parts.words import day, figure, listed, moment, number

ON_A_PAGE = 25

MOVES: Mapping[CycleState, tuple[str, str, tuple[str, ...]]] = {
    CycleState.PUBLISHED: (
        "start",
        N_("Start the cycle"),
        (
            N_(
                "It says that the sessions have begun. Nobody is written to, and nothing changes for anybody."
            ),
            N_("You need not do it: on %(starts)s it starts by itself."),
        ),
    ),
    CycleState.RUNNING: (
        "complete",
        N_("Complete the cycle"),
        (
            N_("Every pair that meets is marked as completed. People keep their pages to read."),
            N_("There are no more repairs, reminders or new check-ins in this cycle."),
            N_("The next cycle takes over what is listed above. Nobody is written to."),
            N_("You need not do it: after %(ends)s it is completed by itself. It can go on afterwards."),
        ),
    ),
    CycleState.COMPLETED: (
        "archive",
        N_("Archive the cycle"),
        (
            N_("The cycle is put away. Who met whom, and what is carried over, stays for the next cycles."),
            N_("Nobody is written to. This cannot be undone."),
        ),
    ),
}
"""By state: the act that comes next, its button, and what it will do."""


@dataclass(frozen=True, kw_only=True)
class QuietRow:
    """A quiet pair or circle; `said`: when it was last written to, if that was lately."""

    id: UUID
    names: str
    said: str


@dataclass(frozen=True, kw_only=True)
class QuietView:
    """A page of them."""

    rows: tuple[QuietRow, ...]
    count: str
    page: int
    last: int
    may_write: bool


@dataclass(frozen=True, kw_only=True)
class Next:
    """What can be done with the cycle now."""

    act: str
    label: str
    does: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class During:
    """The page of a published cycle."""

    tiles: tuple[Tile, ...]
    quiet: QuietView
    spread: Chart | None
    spread_said: str
    outcomes: tuple[str, ...]
    carried: tuple[str, ...]
    next: Next | None


@dataclass(frozen=True, kw_only=True)
class HolderRow:
    """Somebody's duties in one line."""

    name: str
    total: str
    duties: str


def quiet_view(found: InactivePage, *, page: int, zone: str) -> QuietView:
    """A page of the quiet groups; times in the reader's zone."""
    return QuietView(
        rows=tuple(_quiet_row(one, zone) for one in found.lines),
        count=ngettext(
            "%(count)s pair or circle seems quiet.",
            "%(count)s pairs and circles seem quiet.",
            found.count,
            count=figure(found.count),
        ),
        page=page,
        last=max(1, -(-found.count // ON_A_PAGE)),
        may_write=any(one.reminded_at is None for one in found.lines),
    )


def _quiet_row(one: InactiveGroup, zone: str) -> QuietRow:
    names = listed(one.names)
    shown = _("Circle %(number)s: %(names)s", number=one.number, names=names) if one.number else names
    said = "" if one.reminded_at is None else _("Written to on %(when)s.", when=moment(one.reminded_at, zone))
    return QuietRow(id=one.id, names=shown, said=said)


def tiles(pairs: Counter[str], circles: Sequence[int]) -> tuple[Tile, ...]:
    """How many pairs and circles there are; nothing of pairs where there never was one."""
    seated = Tile(figure=figure(len(circles)), label=_("circles"))
    if not pairs.total() and circles:
        return (seated,)
    meeting, done = pairs[PairState.ACTIVE.value], pairs[PairState.COMPLETED.value]
    shown = Tile(figure=figure(done), label=_("pairs completed")) if done else None
    return (
        shown or Tile(figure=figure(meeting), label=_("pairs meet")),
        Tile(figure=figure(pairs[PairState.ENDED.value]), label=_("pairs ended early")),
        seated,
    )


def spread(counted: Counter[int]) -> Chart | None:
    """How many people hold how many duties; None while there are none."""
    if not counted:
        return None
    rows = [(_duties(total), counted[total]) for total in sorted(counted)]
    return bars(
        key="duties",
        title=_("Who carries how much"),
        sentence=_("How many people hold how many duties in this cycle, over all their pairs and circles."),
        of=Axis(title=_("Duties")),
        amount=Axis(title=_("People")),
        rows=rows,
    )


def _duties(total: int) -> str:
    return ngettext("%(num)s duty", "%(num)s duties", total)


def spread_said(counted: Counter[int]) -> str:
    """The spread in a sentence."""
    if not counted:
        return _("There are no duties in this cycle.")
    least, most = min(counted), max(counted)
    if least == most:
        return _("Everybody who holds duties holds the same number: %(count)s.", count=number(most))
    return _(
        "People hold between %(least)s and %(most)s duties. Who is in several pairs or circles holds more. "
        "What is above or below a fair share is carried into the next cycle.",
        least=figure(least),
        most=figure(most),
    )


def outcomes(pairs: Counter[str], goals: Goals, rounds: Sequence[RoundResult]) -> tuple[str, ...]:
    """What came of it, as far as it may be told."""
    return (*_completion(pairs), *_goals(goals), *_attendance(rounds))


def _completion(pairs: Counter[str]) -> tuple[str, ...]:
    whole = pairs.total()
    if not whole:
        return ()
    stayed = whole - pairs[PairState.ENDED.value]
    figures = {"stayed": figure(stayed), "whole": figure(whole)}
    if pairs[PairState.COMPLETED.value]:
        return (_("Stayed together to the end: %(stayed)s of %(whole)s pairs.", **figures),)
    return (_("Together so far: %(stayed)s of %(whole)s pairs.", **figures),)


def _goals(goals: Goals) -> tuple[str, ...]:
    if told(goals.groups) is None:
        return (_("Shared goals are told only when five pairs or circles have written some."),)
    wrote = _("%(count)s pairs and circles have written goals together.", count=figure(goals.groups))
    percent = share(goals.reached, goals.goals)
    if percent is None:
        few = _("How many goals are reached is not told: five that are, and five that are not, are needed.")
        return wrote, few
    return wrote, _("They have reached about %(percent)s %% of their goals.", percent=percent)


def _attendance(rounds: Sequence[RoundResult]) -> tuple[str, ...]:
    closed = [one.result for one in rounds if one.result is not None]
    if not closed:
        return (_("Whether they meet is told by check-ins; none has told it yet."),)
    met = closed[-1].met or {}
    shares = [share_ for word, share_ in met.items() if word.value == "yes"]
    if not shares:
        return (_("Whether they have met is not told: too few have answered the last check-in alike."),)
    return (_("In the last check-in about %(percent)s %% said that they have met.", percent=shares[0]),)


CARRIES = (
    (
        N_("%(count)s people had no mentor and go first in the next cycle."),
        N_("Fewer than five people had no mentor. Whoever had none goes first in the next cycle."),
    ),
    (
        N_("%(count)s people had a match below the line and are placed earlier."),
        N_("Fewer than five people had a match below the line. Whoever had one is placed earlier."),
    ),
    (
        N_("%(count)s people held more duties than their share and get fewer next time."),
        N_("Fewer than five people held more duties than their share."),
    ),
    (
        N_("%(count)s people held fewer duties than their share and get more next time."),
        N_("Fewer than five people held fewer duties than their share."),
    ),
)
"""What is carried over, from five people on and below."""


def carried(one: Carrying, *, pairs: int, circles: Sequence[int], apart: int | None) -> tuple[str, ...]:
    """What the next cycle takes over. apart: for how many cycles the policy keeps partners apart, or None."""
    if not one.people:
        return (_("Nothing is carried over yet."),)
    counts = (one.first, one.earlier, one.more, one.less)
    said = tuple(
        _(many, count=figure(count)) if told(count) is not None else _(few)
        for count, (many, few) in zip(counts, CARRIES, strict=True)
    )
    return (*said, *_history(pairs, sum(size * (size - 1) // 2 for size in circles), apart))


def _history(pairs: int, sat: int, apart: int | None) -> tuple[str, ...]:
    said = []
    if pairs and apart is not None:
        said.append(
            ngettext(
                "%(count)s pair is remembered: by the present policy the two are not matched again within "
                "%(cycles)s cycles.",
                "%(count)s pairs are remembered: by the present policy they are not matched again within "
                "%(cycles)s cycles.",
                pairs,
                count=figure(pairs),
                cycles=number(apart),
            )
        )
    elif pairs:
        said.append(
            ngettext(
                "%(count)s pair is remembered. The present policy may match the two again.",
                "%(count)s pairs are remembered. The present policy may match them again.",
                pairs,
                count=figure(pairs),
            )
        )
    if sat:
        said.append(
            ngettext(
                "Two people sat in one circle: the next circles keep them apart as far as they can.",
                "%(count)s times two people sat in one circle: the next circles keep them apart as far as "
                "they can.",
                sat,
                count=figure(sat),
            )
        )
    return tuple(said)


def next_move(line: CycleLine) -> Next | None:
    """The act that comes next, if there is one, and what it will do."""
    if line.state not in MOVES:
        return None
    act, label, does = MOVES[line.state]
    days = {"starts": day(line.starts_on), "ends": day(line.ends_on)}
    return Next(act=act, label=_(label), does=tuple(_(sentence, **days) for sentence in does))


def view(
    line: CycleLine,
    *,
    quiet: QuietView,
    pairs: Counter[str],
    circles: Sequence[int],
    goals: Goals,
    rounds: Sequence[RoundResult],
    duties: Counter[int],
    carrying: Carrying,
    apart: int | None,
) -> During:
    """The whole page."""
    met = pairs.total()
    return During(
        tiles=tiles(pairs, circles),
        quiet=quiet,
        spread=spread(duties),
        spread_said=spread_said(duties),
        outcomes=outcomes(pairs, goals, rounds),
        carried=carried(carrying, pairs=met, circles=circles, apart=apart),
        next=next_move(line),
    )


def holder_rows(holders: Sequence[DutyHolder]) -> tuple[HolderRow, ...]:
    """Who holds duties, in words."""
    return tuple(
        HolderRow(
            name=one.name,
            total=figure(one.total),
            duties=listed(
                _("%(duty)s %(count)s ×", duty=term(duty), count=figure(count))
                for duty, count in one.duties.items()
            ),
        )
        for one in holders
    )
