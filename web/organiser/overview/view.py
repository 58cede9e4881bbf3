"""What an organiser sees of their cycles: figures, what goes on, what can be done now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import RunState, words
from matcher.domain.people import Role
from matcher.services.cycle.lists import CycleLine, EnrolmentCounts, PublishedBy, RunLine
from matcher.services.matching.runs import Progress
from web.language import N_, _, in_words, ngettext
from web.organiser.overview.next_steps import NextStep, what_next
from web.parts.cycle_row import CycleRow, row
from web.parts.road import Stop, road
from web.parts.tile import Tile
from web.parts.words import figure, moment, number, upper_first

LIVE = {RunState.QUEUED.value, RunState.RUNNING.value}
STAGES = {
    "": N_("Waiting for a free hand"),
    "scored": N_("Comparing everybody with everybody"),
    "kept": N_("Finding out who may meet whom"),
    "flow": N_("Placing as many people as possible"),
    "fair": N_("Lifting the people with the fewest options first"),
    "several": N_("Giving second mentors to those who asked"),
    "circles": N_("Forming the circles"),
    "rota": N_("Sharing out the duties"),
    "checked": N_("Checking every rule once more"),
}
"""What each stage of a run does, in words; another stage is shown by its own name."""
ON_THE_WAY, TO_LOOK_AT = N_("· %(count)s on the way"), N_("· %(count)s to look at")


@dataclass(frozen=True, kw_only=True)
class ProgrammeCycles:
    """A programme with its cycles, newest first."""

    id: UUID
    name: str
    cycles: tuple[CycleRow, ...]


@dataclass(frozen=True, kw_only=True)
class RunView:
    """The newest run: what it does or how it ended."""

    id: UUID | None
    heading: str
    sentences: tuple[str, ...]
    stage: str = ""
    done: int = 0
    of: int = 1
    draft_id: UUID | None = None
    draft_label: str = ""


@dataclass(frozen=True, kw_only=True)
class OlderRun:
    """A line about a run before the newest."""

    words: str
    draft_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RunPart:
    """The part of the page of one cycle that changes while a run works."""

    run: RunView
    older: tuple[OlderRun, ...]
    working: bool


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Everything on the organiser's page of one cycle."""

    state: str
    tone: str
    tiles: tuple[Tile, ...]
    run: RunView
    older: tuple[OlderRun, ...]
    working: bool
    next: tuple[str, ...]
    acts: tuple[NextStep, ...]
    road: tuple[Stop, ...]

    @property
    def next_first(self) -> bool:
        """Whether what can be done now matters more than the newest run: always, but while a draft waits."""
        return not self.working and not (self.run.draft_id and self.acts and self.acts[0].quiet)


def by_programme(
    cycles: Iterable[CycleLine], programmes: Iterable[tuple[UUID, str]]
) -> tuple[ProgrammeCycles, ...]:
    """Every programme (id and name) with its cycles, in the order given."""
    lines: dict[UUID, list[CycleRow]] = {}
    for line in cycles:
        lines.setdefault(line.programme_id, []).append(row(line))
    return tuple(
        ProgrammeCycles(id=programme_id, name=name, cycles=tuple(lines.get(programme_id, ())))
        for programme_id, name in programmes
    )


def run_part(runs: Sequence[RunLine], progress: Progress | None, *, published: bool, zone: str) -> RunPart:
    """The newest run and those before it."""
    return RunPart(
        run=newest(runs, progress, published=published),
        older=tuple(older(run, zone) for run in runs[1:]),
        working=bool(runs) and runs[0].state in LIVE,
    )


def workshop(
    line: CycleLine,
    *,
    counts: EnrolmentCounts,
    runs: Sequence[RunLine],
    progress: Progress | None,
    published: PublishedBy | None,
    mails: Counter[str],
    roles: tuple[Role, ...],
    zone: str,
) -> Workshop:
    """The page of one cycle, as it is now; times are shown in `zone`. roles: those the programme has."""
    working = bool(runs) and runs[0].state in LIVE
    sentences, acts = what_next(line, published, anybody=counts.people > 0, working=working, zone=zone)
    return Workshop(
        state=in_words(words(line.state)),
        tone=row(line).tone,
        tiles=(*sign_up_tiles(counts, roles), *mail_tiles(mails)),
        run=newest(runs, progress, published=published is not None),
        older=tuple(older(run, zone) for run in runs[1:]),
        working=working,
        next=sentences,
        acts=acts,
        road=road(line),
    )


def sign_up_tiles(counts: EnrolmentCounts, roles: tuple[Role, ...]) -> tuple[Tile, ...]:
    """How many people, in which roles: those the programme has, and those somebody chose before."""
    paused = _("· %(count)s paused", count=number(counts.paused)) if counts.paused else ""
    places = ngettext("· %(count)s place", "· %(count)s places", counts.places, count=number(counts.places))
    by_role = (
        (Role.MENTEE, counts.mentees, _("mentees"), ""),
        (Role.MENTOR, counts.mentors, _("mentors"), places),
        (Role.PEER, counts.peers, _("peers for circles"), ""),
    )
    return (
        Tile(figure=figure(counts.people), label=_("people signed up"), more=paused),
        *(
            Tile(figure=figure(many), label=label, more=more)
            for role, many, label, more in by_role
            if many or role in roles
        ),
    )


def mail_tiles(mails: Counter[str]) -> tuple[Tile, ...]:
    """How many mails are delivered, once there are any, and how many need a look."""
    whole = mails.total()
    if not whole:
        return ()
    doubtful = mails["uncertain"] + mails["failed"]
    waiting = whole - mails["sent"] - doubtful - mails["cancelled"]
    remarks = [
        _(said, count=number(count))
        for count, said in ((waiting, ON_THE_WAY), (doubtful, TO_LOOK_AT))
        if count
    ]
    delivered = _("%(part)s of %(whole)s", part=figure(mails["sent"]), whole=figure(whole))
    return (Tile(figure=delivered, label=_("mails delivered"), more=" ".join(remarks)),)


def newest(runs: Sequence[RunLine], progress: Progress | None, *, published: bool) -> RunView:
    """The newest run in words."""
    if not runs or progress is None:
        return RunView(
            id=None, heading=_("The match"), sentences=(_("It begins as soon as you close the sign-up."),)
        )
    run = runs[0]
    if run.state in LIVE:
        return RunView(
            id=run.id,
            heading=_("Matching now"),
            sentences=(progress.sentence,) if progress.sentence else (),
            stage=_(STAGES[progress.stage]) if progress.stage in STAGES else upper_first(progress.stage),
            done=min(progress.done, progress.of or 1),
            of=progress.of or 1,
        )
    heading, sentences = ended(run)
    label = _("See what was published") if published else _("Review the draft")
    return RunView(id=run.id, heading=heading, sentences=sentences, draft_id=run.draft_id, draft_label=label)


def ended(run: RunLine) -> tuple[str, tuple[str, ...]]:
    """How a run ended."""
    if run.state == RunState.DONE.value:
        took = (run.ended_at - run.queued_at).total_seconds() if run.ended_at else 0
        seconds = max(1, round(took))
        said = ngettext(
            "The match took %(count)s second, and an independent check found every rule kept.",
            "The match took %(count)s seconds, and an independent check found every rule kept.",
            seconds,
            count=number(seconds),
        )
        return _("The match is ready"), (said,)
    if run.state == RunState.CANCELLED.value:
        return _("The run was cancelled"), (_("Nothing else has changed. Run it again whenever you like."),)
    return _("The run did not finish"), (
        run.error or _("It stopped without giving a reason."),
        _("The answers are safe, and nobody has been told anything."),
        _("Run it again."),
    )


def older(run: RunLine, zone: str) -> OlderRun:
    """One line about an earlier run."""
    state = words(RunState(run.state))
    said = _("%(when)s: %(state)s", when=moment(run.queued_at, zone), state=state)
    return OlderRun(words=said, draft_id=run.draft_id)
