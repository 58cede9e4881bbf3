"""Handing a mail over in three steps, the same for every delivery.

No order of "send" and "write down that it was sent" is safe against a crash. So the last moment at which a
mail can still be taken back is a step of its own:

1. `offer`: everything but the last word. The other side has the whole message and keeps none of it.
2. the caller commits "handing over".
3. `finish`: the last word. From here on the mail may have arrived; the reply says whether it has.

A conversation takes one mail after another. After `Unreachable`, `Unknown` or `drop` it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from matcher.mail.wire import Envelope


@dataclass(frozen=True, kw_only=True)
class ServerReply:
    """What the other side said last, as it said it."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Refused(Exception):  # noqa: N818 (an outcome, not a fault of the program)
    """The other side said no to this mail: it keeps none of it. `temporary`: later it may say yes."""

    def __init__(self, reply: ServerReply, *, temporary: bool) -> None:
        super().__init__(str(reply))
        self.reply = reply
        self.temporary = temporary


class Unreachable(Exception):  # noqa: N818
    """The other side could not be talked to. Surely not delivered; no fault of this mail."""


class Unknown(Exception):  # noqa: N818
    """No reply after the last word. The mail may or may not have arrived."""


class Conversation(Protocol):
    """An open way to the other side."""

    def offer(self, envelope: Envelope) -> None:
        """Step 1. Raises Refused or Unreachable."""

    def finish(self) -> ServerReply:
        """Step 3, after `offer`. Raises Refused or Unknown."""

    def drop(self) -> None:
        """Leave without the last word: what was offered is surely not delivered."""

    def close(self) -> None:
        """Say goodbye after the last mail. Never raises: all outcomes are known by now."""


class Delivery(Protocol):
    """A way mails leave the house."""

    def open(self) -> Conversation:
        """Raises Unreachable."""


PERMANENT_FULL = ("size", "too large", "too big", "too long", "content", "policy")


def is_temporary(code: int, text: str) -> bool:
    """Whether to try again after this reply (RFC 5321, 4.2.1).

    4xx yes, 5xx no; 452 and 552 go by their words: a full mailbox empties, a message does not shrink.
    """
    if code in (452, 552):
        return not any(word in text.lower() for word in PERMANENT_FULL)
    return 400 <= code < 500
