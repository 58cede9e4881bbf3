"""The one clock of a solve: seconds left until a moment, in whichever process it is asked."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A `settings.Remaining` that processes can hand each other: `at` is a moment of the monotonic clock,
    which all processes of a machine share."""

    at: float

    def __call__(self) -> float:
        return self.at - time.monotonic()


def within(seconds: float, began: float | None = None) -> Deadline:
    """The deadline so many seconds from now, or from the moment `began` of the monotonic clock."""
    return Deadline((time.monotonic() if began is None else began) + seconds)
