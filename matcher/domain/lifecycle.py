"""The states of cycle, run, pair, enrolment and mail, and the only moves there are."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from matcher.domain.errors import WrongState
from matcher.domain.sentences import N_, Either, TranslatableText, say


class CycleState(StrEnum):
    """One run of a programme, from its plan to the archive."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REVIEW = "review"
    PUBLISHED = "published"
    RUNNING = "running"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """One solve of a frozen snapshot."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PairState(StrEnum):
    """A published pair: meeting, or ended early, or at the end of its cycle."""

    ACTIVE = "active"
    ENDED = "ended"
    COMPLETED = "completed"


class MailState(StrEnum):
    """Delivery of one mail; `uncertain` means it may or may not have arrived."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    HANDING_OVER = "handing_over"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


State = TypeVar("State", CycleState, RunState, PairState, MailState)

CYCLE_MOVES: Mapping[CycleState, tuple[CycleState, ...]] = {
    CycleState.DRAFT: (CycleState.OPEN, CycleState.CANCELLED),
    CycleState.OPEN: (CycleState.CLOSED, CycleState.CANCELLED),
    CycleState.CLOSED: (CycleState.REVIEW, CycleState.OPEN, CycleState.CANCELLED),
    CycleState.REVIEW: (CycleState.PUBLISHED, CycleState.OPEN, CycleState.CANCELLED),
    CycleState.PUBLISHED: (CycleState.RUNNING, CycleState.CANCELLED),
    CycleState.RUNNING: (CycleState.COMPLETED, CycleState.CANCELLED),
    # The last day of a cycle can turn out to be too early.
    CycleState.COMPLETED: (CycleState.ARCHIVED, CycleState.RUNNING),
    CycleState.ARCHIVED: (),
    CycleState.CANCELLED: (),
}

RUN_MOVES: Mapping[RunState, tuple[RunState, ...]] = {
    RunState.QUEUED: (RunState.RUNNING, RunState.FAILED, RunState.CANCELLED),
    RunState.RUNNING: (RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.QUEUED),
    RunState.DONE: (),
    RunState.FAILED: (),
    RunState.CANCELLED: (),
}

PAIR_MOVES: Mapping[PairState, tuple[PairState, ...]] = {
    PairState.ACTIVE: (PairState.ENDED, PairState.COMPLETED),
    # What was ended in haste can be taken back for a while.
    PairState.ENDED: (PairState.ACTIVE,),
    # A cycle that goes on takes its pairs along.
    PairState.COMPLETED: (PairState.ACTIVE,),
}

MAIL_MOVES: Mapping[MailState, tuple[MailState, ...]] = {
    MailState.QUEUED: (MailState.CLAIMED, MailState.CANCELLED),
    MailState.CLAIMED: (
        MailState.HANDING_OVER,
        MailState.DEFERRED,
        MailState.FAILED,
        MailState.CANCELLED,
        MailState.QUEUED,
    ),
    MailState.HANDING_OVER: (MailState.SENT, MailState.DEFERRED, MailState.FAILED, MailState.UNCERTAIN),
    MailState.DEFERRED: (MailState.CLAIMED, MailState.FAILED, MailState.CANCELLED),
    MailState.UNCERTAIN: (MailState.QUEUED, MailState.SENT, MailState.FAILED, MailState.CANCELLED),
    MailState.SENT: (),
    MailState.FAILED: (),
    MailState.CANCELLED: (),
}

MOVES: Mapping[type[StrEnum], Mapping[Any, tuple[StrEnum, ...]]] = {
    CycleState: CYCLE_MOVES,
    RunState: RUN_MOVES,
    PairState: PAIR_MOVES,
    MailState: MAIL_MOVES,
}
"""By kind of state, for every state where it may go."""

_REFUSALS = {
    CycleState: N_("This cycle is {state}, so it cannot become {to}. {now}"),
    RunState: N_("This run is {state}, so it cannot become {to}. {now}"),
    PairState: N_("This pair is {state}, so it cannot become {to}. {now}"),
    MailState: N_("This mail is {state}, so it cannot become {to}. {now}"),
}

DOES: Mapping[StrEnum, TranslatableText] = {
    CycleState.OPEN: say("open it for sign-ups"),
    CycleState.CLOSED: say("close the sign-ups"),
    CycleState.REVIEW: say("wait for a draft to review"),
    CycleState.PUBLISHED: say("publish a draft"),
    CycleState.RUNNING: say("let it run"),
    CycleState.COMPLETED: say("complete it"),
    CycleState.ARCHIVED: say("archive it"),
    CycleState.CANCELLED: say("cancel it"),
}

WORDS: Mapping[str, TranslatableText] = {
    "draft": say("draft"),
    "open": say("open"),
    "closed": say("closed"),
    "review": say("review"),
    "published": say("published"),
    "running": say("running"),
    "completed": say("completed"),
    "archived": say("archived"),
    "cancelled": say("cancelled"),
    "queued": say("queued"),
    "done": say("done"),
    "failed": say("failed"),
    "active": say("active"),
    "ended": say("ended"),
    "claimed": say("claimed"),
    "handing_over": say("handing over"),
    "deferred": say("deferred"),
    "uncertain": say("uncertain"),
    "sent": say("sent"),
}
"""Every state as a person reads it."""


def moves(state: State) -> tuple[State, ...]:
    """Where this state may go, in the usual order."""
    return tuple(type(state)(to) for to in MOVES[type(state)][state])


def move(state: State, to: State) -> State:
    """The new state. Raises WrongState, saying what can be done now, when there is no such move."""
    if to in moves(state):
        return to
    refusal = _REFUSALS[type(state)]
    raise WrongState(say(refusal, state=words(state), to=words(to), now=_now(state)))


def words(state: StrEnum) -> TranslatableText:
    """The state as a person reads it."""
    return WORDS[state.value]


def _now(state: State) -> TranslatableText:
    able = Either(DOES.get(to) or say("become {state}", state=words(to)) for to in moves(state))
    return say("Now you can {acts}.", acts=able) if able else say("Nothing more can be done with it.")
