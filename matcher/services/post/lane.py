"""One lane of the post: claim a mail, hand it over, write down how it ended, take the next.

Like the solve, this commits by itself, three times a mail: the last word may only be said after "handing
over" is on the disk. The network is never touched inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.mailing import DeliveryOutcome, Heard
from matcher.mail.handover import Conversation, Delivery, Refused, ServerReply, Unknown, Unreachable
from matcher.mail.value import CannotBeWritten
from matcher.mail.wire import Envelope
from matcher.services.ports import Clock
from matcher.services.post import outbox
from matcher.services.post.outbox import Claim

T = TypeVar("T")


class Leases:
    """The lease tokens of all lanes of one worker, for the thread that renews them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tokens: set[UUID] = set()

    def add(self, token: UUID) -> None:
        with self._lock:
            self._tokens.add(token)

    def remove(self, token: UUID) -> None:
        with self._lock:
            self._tokens.discard(token)

    def all(self) -> frozenset[UUID]:
        with self._lock:
            return frozenset(self._tokens)


@dataclass(frozen=True, kw_only=True)
class LaneContext:
    """What every lane of a worker shares. `stopping` is set when no further mail is to be claimed.

    `claiming`: lanes claim one after another, or two would count a domain's lanes at once and both join them.
    """

    sessions: sessionmaker[Session]
    delivery: Delivery
    sender: str
    worker: str
    clock: Clock
    leases: Leases
    stopping: Event
    per_domain: int = 3
    claiming: AbstractContextManager[bool] = field(default_factory=Lock)


class Lane:
    """One open conversation and the mails that go through it, one after another."""

    def __init__(self, post: LaneContext) -> None:
        self._post = post
        self._conversation: Conversation | None = None

    def run(self) -> int:
        """Deliver until nothing is due, the server is away, or the worker is to stop. Returns mails tried."""
        tried = 0
        try:
            while not self._post.stopping.is_set():
                with self._post.claiming:
                    claimed = self._commit(self._claim)
                if claimed is None:
                    break
                tried += 1
                if not self._one(claimed):
                    break
        finally:
            if self._conversation is not None:
                self._conversation.close()
        return tried

    def _claim(self, session: Session) -> Claim | None:
        post = self._post
        return outbox.claim(session, worker=post.worker, now=post.clock(), per_domain=post.per_domain)

    def _one(self, claimed: Claim) -> bool:
        """Hand one mail over. False: the mail server is away, so the next mail would fare no better."""
        self._post.leases.add(claimed.token)
        try:
            outcome = self._hand_over(claimed)
            if outcome is not None:
                self._commit(lambda session: outbox.record(session, claimed, outcome, now=self._post.clock()))
        finally:
            self._post.leases.remove(claimed.token)
        return outcome is None or outcome.heard is not Heard.UNREACHABLE

    def _hand_over(self, claimed: Claim) -> DeliveryOutcome | None:
        """The three steps. None: the lease is lost or the mail cancelled; nothing is left to write down."""
        try:
            conversation = self._offer(claimed.envelope(self._post.sender))
            if not self._commit(lambda session: outbox.hand_over(session, claimed, now=self._post.clock())):
                self._hang_up(conversation)
                return None
            return _accepted(conversation.finish())
        except CannotBeWritten as fault:
            return DeliveryOutcome(heard=Heard.UNWRITABLE, words=str(fault))
        except Refused as no:
            if no.reply.code == 421:
                self._conversation = None
            return DeliveryOutcome(heard=Heard.NOT_NOW if no.temporary else Heard.REFUSED, words=str(no))
        except Unreachable as fault:
            self._conversation = None
            return DeliveryOutcome(heard=Heard.UNREACHABLE, words=str(fault))
        except Unknown as fault:
            self._conversation = None
            return DeliveryOutcome(heard=Heard.NOTHING, words=str(fault))

    def _offer(self, envelope: Envelope) -> Conversation:
        """Step 1, over the open conversation or, as servers close old ones, a new one."""
        if self._conversation is not None:
            with suppress(Unreachable):
                self._conversation.offer(envelope)
                return self._conversation
        self._conversation = None
        conversation = self._post.delivery.open()
        self._conversation = conversation
        conversation.offer(envelope)
        return conversation

    def _hang_up(self, conversation: Conversation) -> None:
        conversation.drop()
        self._conversation = None

    def _commit(self, act: Callable[[Session], T]) -> T:
        with self._post.sessions.begin() as session:
            return act(session)


def _accepted(reply: ServerReply) -> DeliveryOutcome:
    return DeliveryOutcome(heard=Heard.ACCEPTED, words=str(reply))
