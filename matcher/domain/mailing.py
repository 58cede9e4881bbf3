"""What follows from the outcome of handing a mail over: pure decisions, no clock and no rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from matcher.domain.lifecycle import MailState
from matcher.domain.sentences import N_, TranslatableText, say

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0

LATER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Waits after each "not now" of the mail server; after the last the mail has failed."""

MOST_CRASHES = 5
MOST_RESENDS = 3
GIVE_UP = timedelta(days=4)
"""How long a mail server may be away (RFC 5321, 4.5.4.1: at least four to five days)."""


class MailKind(StrEnum):
    """What a mail is about; it decides what happens when nobody knows whether it arrived."""

    INTRODUCTION = "introduction"
    CIRCLE_INTRODUCTION = "circle_introduction"
    WAITLIST = "waitlist"
    RECEIPT = "receipt"
    SIGN_IN = "sign_in"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    CHECK_IN = "check_in"
    DUTY_CHANGE = "duty_change"
    GROUP_CHANGE = "group_change"
    TRIAL = "trial"


LETS_IN = (MailKind.SIGN_IN, MailKind.CHECK_IN)
"""Mails whose link opens something to whoever holds it: their words are not kept once they have left."""


class Heard(StrEnum):
    """How handing over ended."""

    ACCEPTED = "accepted"
    NOT_NOW = "not now"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOTHING = "nothing"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, kw_only=True)
class DeliveryOutcome:
    """How it ended, and the words of the other side (or ours)."""

    heard: Heard
    words: str


@dataclass(frozen=True, kw_only=True)
class Tries:
    """What this mail has been through.

    `attempts` counts claims, this one included; `refusals` "not now" replies; `crashes` workers that died.
    """

    attempts: int = 0
    refusals: int = 0
    crashes: int = 0


@dataclass(frozen=True, kw_only=True)
class NextState:
    """The state a mail goes to, when it is due again if it is, and the sentence kept with it."""

    state: MailState
    due_at: datetime | None = None
    words: str


FINAL = {
    Heard.ACCEPTED: MailState.SENT,
    Heard.REFUSED: MailState.FAILED,
    Heard.UNWRITABLE: MailState.FAILED,
    Heard.NOTHING: MailState.UNCERTAIN,
}


def after(outcome: DeliveryOutcome, *, tries: Tries, written_at: datetime, now: datetime) -> NextState:
    """Where a mail goes from here. `tries` are those before this outcome is counted."""
    if outcome.heard in FINAL:
        return NextState(state=FINAL[outcome.heard], words=outcome.words)
    if outcome.heard is Heard.NOT_NOW:
        if tries.refusals >= len(LATER):
            return NextState(
                state=MailState.FAILED,
                words=_more(N_("Refused {count} times: {words}"), tries.refusals + 1, outcome),
            )
        return NextState(state=MailState.DEFERRED, due_at=now + LATER[tries.refusals], words=outcome.words)
    if now - written_at > GIVE_UP:
        return NextState(
            state=MailState.FAILED,
            words=_more(N_("Given up after {count} days: {words}"), GIVE_UP.days, outcome),
        )
    # A server that is away is no fault of the mail: it costs no try and never waits for hours.
    wait = LATER[min(max(tries.attempts, 1) - 1, 2)]
    return NextState(state=MailState.DEFERRED, due_at=now + wait, words=outcome.words)


def _more(pattern: str, count: int, outcome: DeliveryOutcome) -> TranslatableText:
    return say(pattern, count=count, words=outcome.words)


def after_doubt(kind: str, *, attempts: int, now: datetime) -> NextState | None:
    """What becomes by itself of a mail that may or may not have arrived; None: people decide.

    A second sign-in link does no harm, nor does a second "something waits": it names nobody, and no list of
    doubtful mails may show that somebody asked for help. A reminder or check-in can be missed. A second
    introduction would harm, and so would one that never came.
    """
    if kind in (MailKind.SIGN_IN, MailKind.ESCALATION) and attempts < MOST_RESENDS:
        return NextState(
            state=MailState.QUEUED, due_at=now, words=say("Sent again: a second link does no harm.")
        )
    if kind in (MailKind.REMINDER, MailKind.CHECK_IN, MailKind.TRIAL):
        return NextState(state=MailState.CANCELLED, words=say("Dropped: a reminder is not sent twice."))
    return None


def after_crash(tries: Tries, *, now: datetime) -> NextState:
    """A mail whose worker died before the last word: surely not delivered. Once too often, and it stops."""
    crashes = tries.crashes + 1
    if crashes >= MOST_CRASHES:
        words = say("The worker stopped {count} times while it wrote this mail.", count=crashes)
        return NextState(state=MailState.FAILED, words=words)
    wait = LATER[crashes - 2] if crashes > 1 else timedelta(0)
    return NextState(
        state=MailState.QUEUED,
        due_at=now + wait,
        words=say("The worker stopped before this mail was handed over."),
    )
