"""The tasks, as thin as they go: each calls one act and knows no more than an id."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from huey import Huey, crontab


class Duties(Protocol):
    """What a worker does when the bell rings. Each finds by itself whether there is anything to do."""

    def solve(self, run_id: UUID) -> None: ...

    def repair(self, repair_id: UUID) -> None: ...

    def report(self, draft_id: UUID) -> None: ...

    def deliver(self) -> None: ...

    def sweep(self) -> None: ...


class Bell:
    """Both ends of the bell; one for each Huey.

    Rung by `bell("solve", run_id)`, `bell("repair", repair_id)`, `bell("report", draft_id)` and
    `bell("mail", any_id)`, after the commit, never before. Answered by a worker's duties. The tasks' names
    are those of this module's functions, the same at both ends.
    """

    def __init__(self, huey: Huey) -> None:
        self._duties: Duties | None = None

        def solve(run_id: str) -> None:
            self._answer().solve(UUID(run_id))

        def repair(repair_id: str) -> None:
            self._answer().repair(UUID(repair_id))

        def report(draft_id: str) -> None:
            self._answer().report(UUID(draft_id))

        def mail(_about: str) -> None:
            self._answer().deliver()

        def sweep() -> None:
            self._answer().sweep()

        tasks = (("solve", solve), ("repair", repair), ("report", report), ("mail", mail))
        self._ring = {name: huey.task()(task) for name, task in tasks}
        huey.periodic_task(crontab(minute="*"))(sweep)

    def __call__(self, name: str, about: UUID) -> None:
        if name not in self._ring:
            raise ValueError(f"Nothing is rung for {name!r}; known: {', '.join(self._ring)}.")
        self._ring[name](str(about))

    def answered_by(self, duties: Duties) -> None:
        """Let this process answer."""
        self._duties = duties

    def _answer(self) -> Duties:
        if self._duties is None:
            raise RuntimeError("This process rings the bell; a worker answers it.")
        return self._duties
