"""What the services ask of the world outside: Protocols, and what may go wrong there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Clock = Callable[[], datetime]
"""Says what time it is, in UTC."""

Report = Callable[[str, int, int], None]
"""Stage, how much of it is done, and of how much."""


class RunSolver(Protocol):
    """Solves a problem file in a child process.

    `report` is called at every stage and at least every 5 seconds besides; when it raises, the child is ended
    and the exception comes through. Raises SolverCrashed, SolverTimedOut or SolverRefused.
    """

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes: ...


class AskWarmSolver(Protocol):
    """Asks a solver that stays and answers about one problem file (docs/model.md, 1.11).

    The answers in the order of the questions; None when they are not there within `patience` seconds: they
    are still being worked on, and asking again brings them. Raises SolverCrashed, SolverTimedOut, or
    SolverRefused for a problem that cannot be asked about. May be called from several threads.
    """

    def __call__(
        self, problem: bytes, questions: Sequence[Mapping[str, Any]], *, patience: float
    ) -> tuple[Mapping[str, Any], ...] | None: ...


class SolverCrashed(RuntimeError):  # noqa: N818 (what happened, as the other two)
    """The child ended without a plan and without a reason; worth another try with another seed."""


class SolverTimedOut(RuntimeError):  # noqa: N818
    """The child had no plan when its time was over."""


class SolverRefused(RuntimeError):  # noqa: N818
    """The child says that the problem file is wrong; the message lists why. Trying again is no use."""


class WorkerStopping(RuntimeError):  # noqa: N818
    """Raised out of `report` when the worker is asked to stop: the run goes back to the queue, uncounted."""


class Ring(Protocol):
    """Tells a worker that there is something to do: `ring("solve", run_id)`, `ring("mail", mail_id)`."""

    def __call__(self, name: str, about: UUID) -> None: ...
