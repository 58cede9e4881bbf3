"""Runs as an organiser watches them: what each does, for how long, how near its plan is to the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from matcher.domain.lifecycle import CycleState, RunState, words
from matcher.services.cycle.lists import CycleLine
from matcher.services.matching.lists import PolicyRow, RunRow
from web.language import _, in_words, ngettext
from web.organiser.overview.view import LIVE, STAGES
from web.parts.words import figure, moment, number, upper_first

WIDE, HIGH, EDGE = 400, 120, 8
TONES = {RunState.DONE: "good", RunState.FAILED: "stop", RunState.RUNNING: "on", RunState.CANCELLED: "warm"}


@dataclass(frozen=True, kw_only=True)
class Course:
    """How something fell over time: a line in a box of WIDE × HIGH, a sentence, and its numbers."""

    title: str
    sentence: str
    points: str
    dots: tuple[tuple[int, int], ...]
    heads: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RunCard:
    """One run."""

    id: UUID
    name: str
    state: str
    tone: str
    live: bool
    failed: bool
    sentences: tuple[str, ...]
    stage: str
    done: int
    of: int
    elapsed: str
    courses: tuple[Course, ...]
    draft_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PolicyChoice:
    """A version of the policy in the form."""

    id: UUID
    name: str
    newest: bool


@dataclass(frozen=True, kw_only=True)
class RunsView:
    """The whole page."""

    cards: tuple[RunCard, ...]
    working: bool
    may_run: bool
    policies: tuple[PolicyChoice, ...]


def view(
    line: CycleLine, runs: Sequence[RunRow], policies: Sequence[PolicyRow], *, zone: str, now: datetime
) -> RunsView:
    """All runs, the newest first, and what can be run."""
    return RunsView(
        cards=tuple(card(run, zone, now) for run in runs),
        working=any(run.state in LIVE for run in runs),
        may_run=line.state in (CycleState.CLOSED, CycleState.REVIEW),
        policies=tuple(
            PolicyChoice(
                id=one.id,
                name=_(
                    "Policy %(number)s, of %(when)s", number=one.number, when=moment(one.created_at, zone)
                ),
                newest=place == 0,
            )
            for place, one in enumerate(policies)
        ),
    )


def card(run: RunRow, zone: str, now: datetime) -> RunCard:
    """One run as it is now."""
    state = RunState(run.state)
    when = moment(run.queued_at, zone)
    name = run.label or _("Policy %(number)s", number=run.policy)
    return RunCard(
        id=run.id,
        name=_("%(name)s, %(when)s", name=name, when=when),
        state=in_words(words(state)),
        tone=TONES.get(state, ""),
        live=run.state in LIVE,
        failed=state is RunState.FAILED,
        sentences=sentences(run, state),
        stage=_(STAGES[run.stage]) if run.stage in STAGES else upper_first(run.stage),
        done=min(run.done, run.of or 1),
        of=run.of or 1,
        elapsed=elapsed(run, now),
        courses=courses(run),
        draft_id=run.draft_id,
    )


def sentences(run: RunRow, state: RunState) -> tuple[str, ...]:
    """What there is to say of a run, however it stands."""
    by_hand = len(run.changes.get("changes", ()))
    held = (
        (ngettext("With %(num)s change by hand.", "With %(num)s changes by hand.", by_hand),)
        if by_hand
        else ()
    )
    ends = {
        RunState.DONE: (_("An independent check found every rule kept."),),
        RunState.CANCELLED: (_("Nothing else has changed."),),
        RunState.FAILED: (
            in_words(run.error) if run.error else _("It stopped without giving a reason."),
            _("The answers are safe, and nobody has been told anything."),
        ),
    }
    return (*held, *ends.get(state, ()))


def elapsed(run: RunRow, now: datetime) -> str:
    """How long it works, or worked."""
    if run.started_at is None:
        return ""
    seconds = max(0, int(((run.ended_at or now) - run.started_at).total_seconds()))
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return _("%(minutes)s minutes %(seconds)s seconds", minutes=seconds // 60, seconds=seconds % 60)


def courses(run: RunRow) -> tuple[Course, ...]:
    """How the gap fell, of the pairs and of the circles, as far as the solver has said."""
    found = []
    if pairs := run.course.get("pairs"):
        left = [(passed, below) for passed, below, _whole in pairs]
        last = int(left[-1][1])
        said = ngettext(
            "%(num)s pair could still better the plan.", "%(num)s pairs could still better the plan.", last
        )
        if not last:
            said = _("No pair could better the plan any more: it is proved.")
        found.append(drawn(_("Pairs that could still better the plan"), said, left))
    if circles := run.course.get("circles"):
        left = [(passed, cost - bound) for passed, bound, cost in circles]
        last = int(left[-1][1])
        said = _(
            "The circles are at most %(points)s points from the best there could be.", points=figure(last)
        )
        if not last:
            said = _("The circles are the best there could be: it is proved.")
        found.append(drawn(_("How far the circles are from the best there could be"), said, left))
    return tuple(found)


def drawn(title: str, sentence: str, left: Sequence[tuple[float, float]]) -> Course:
    """Seconds and what was left, as steps from the upper left to the lower right."""
    longest = max(passed for passed, _gap in left) or 1
    most = max(gap for _passed, gap in left) or 1
    dots = tuple(
        (
            EDGE + round((WIDE - 2 * EDGE) * passed / longest),
            HIGH - EDGE - round((HIGH - 2 * EDGE) * gap / most),
        )
        for passed, gap in left
    )
    return Course(
        title=title,
        sentence=sentence,
        points=" ".join(f"{x},{y}" for x, y in dots),
        dots=dots,
        heads=(_("Seconds"), _("Left")),
        rows=tuple((figure(passed), figure(gap)) for passed, gap in left),
    )


def begun(count: int) -> str:
    """What is said once runs are queued."""
    return ngettext(
        "A new run has begun.", "%(count)s runs have begun, one after the other.", count, count=number(count)
    )
