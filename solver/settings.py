"""What every solving function is told from outside: chance, limits, and whom to report to."""

from collections.abc import Callable
from dataclasses import dataclass

Report = Callable[[str, int, int], None]
"""Called with the stage's name, how many steps of it are done, and how many there are. Two stages measure
instead: "gap" says how many pairs could still better the plan, of all; "best" what no circles can cost less
than, and what those found cost."""

Remaining = Callable[[], float]
"""Seconds left until the deadline; zero or less when it has passed. Large circles and rotas hand it to other
processes, so with more than one worker it must be picklable (`clock.Deadline`)."""


@dataclass(frozen=True, kw_only=True)
class SolveSettings:
    """Chance and limits of one solve: `seed` 0..2^62, `workers` 1..64.

    `effort` 0..1,000,000: how many neighbourhoods large pools of circles may try; with the seed it decides
    the plan. `seconds` > 0: the deadline, which only guards, so that a slow machine finds the same plan.
    """

    seed: int = 0
    effort: int = 300
    seconds: float = 300.0
    workers: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**62:
            raise ValueError(f"Seed {self.seed}; expected 0 to 2^62 - 1.")
        if not 0 <= self.effort <= 1_000_000:
            raise ValueError(f"Effort {self.effort}; expected 0 to 1,000,000.")
        if not 0 < self.seconds <= 86_400:
            raise ValueError(f"{self.seconds} seconds to solve; expected more than 0 and at most a day.")
        if not 1 <= self.workers <= 64:
            raise ValueError(f"{self.workers} workers; expected 1 to 64.")


def silent(_stage: str, _done: int, _of: int) -> None:
    """A report nobody reads."""


def unhurried() -> float:
    """A deadline that never comes."""
    return float("inf")


@dataclass(frozen=True)
class Sooner:
    """The same deadline, so many seconds sooner."""

    remaining: Remaining
    seconds: float

    def __call__(self) -> float:
        return self.remaining() - self.seconds


def share_of(remaining: Remaining, share: float) -> Remaining:
    """A deadline after `share` (0 to 1) of the time left now; what comes later keeps the rest."""
    left = remaining()
    return remaining if left == float("inf") else Sooner(remaining, (1 - share) * max(0.0, left))
