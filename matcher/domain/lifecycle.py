"""The states of cycle, run, pair, enrolment and mail, and the only moves there are."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from matcher.domain.errors import WrongState


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
    CycleState.COMPLETED: (CycleState.ARCHIVED,),
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
    PairState.ENDED: (),
    PairState.COMPLETED: (),
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

_KINDS = {CycleState: "cycle", RunState: "run", PairState: "pair", MailState: "mail"}

DOES: Mapping[StrEnum, str] = {
    CycleState.OPEN: "open it for sign-ups",
    CycleState.CLOSED: "close the sign-ups",
    CycleState.REVIEW: "wait for a draft to review",
    CycleState.PUBLISHED: "publish a draft",
    CycleState.RUNNING: "start it",
    CycleState.COMPLETED: "complete it",
    CycleState.ARCHIVED: "archive it",
    CycleState.CANCELLED: "cancel it",
}


def moves(state: State) -> tuple[State, ...]:
    """Where this state may go, in the usual order."""
    return tuple(type(state)(to) for to in MOVES[type(state)][state])


def move(state: State, to: State) -> State:
    """The new state. Raises WrongState, saying what can be done now, when there is no such move."""
    if to in moves(state):
        return to
    kind = _KINDS[type(state)]
    raise WrongState(f"This {kind} is {words(state)}, so it cannot become {words(to)}. {_now(state)}")


def words(state: StrEnum) -> str:
    """The state as a person reads it."""
    return state.value.replace("_", " ")


def _now(state: State) -> str:
    able = [DOES.get(to, f"become {words(to)}") for to in moves(state)]
    if not able:
        return "Nothing more can be done with it."
    return (
        f"Now you can {able[0]}." if len(able) == 1 else f"Now you can {', '.join(able[:-1])} or {able[-1]}."
    )
