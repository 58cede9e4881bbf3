"""A whole run of the service, from closed sign-ups to a stored draft: where the time goes, stage by stage.

Keys per part: seconds, share of the whole, times the pairs. The last row is the whole, with peak_mb and what
came of it: the circles' objective and bound, peers left over, what the run says. The child is the real one.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from bench.circles import peak_mb
from bench.desk_world import closed
from matcher.domain.people import Role, Week
from matcher.jobs.child import SolverChild
from matcher.services.matching import runs
from matcher.store.engine import make_engine, migrate, session_factory
from solver.files import load_plan

PARTS = {
    "reading": "encode",
    "started": "start and read",
    "scored": "pairs",
    "kept": "pairs",
    "circles": "circles",
    "rota": "rota",
    "checked": "write the plan",
    "check": "check and decode",
    "storing": "store",
}
"""Which part of the run a stage begins; any other stage belongs to the part it comes in."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--peers", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--effort", type=int, default=runs.EFFORT)
    parser.add_argument("--seconds", type=float, default=runs.SECONDS)
    parser.add_argument("--hours", choices=("all", "some"), default="some")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row per part, then the whole."""
    with TemporaryDirectory(prefix="evenhand-run-") as folder:
        url = f"sqlite:///{Path(folder) / 'evenhand.db'}"
        migrate(url)
        engine = make_engine(url)
        sessions = session_factory(engine)
        week = office_hours if args.hours == "all" else some_hours
        roles, now = mixed(args.people, args.peers), datetime.now(UTC)
        with sessions.begin() as session:
            run_id = closed(session, args.people, args.seed, now, roles=roles, week=week)
        watch = _Watch()
        watch.follow(engine)
        runs.solve(
            sessions,
            run_id,
            run_solver=_Child(watch, args.seconds),
            clock=lambda: datetime.now(UTC),
            worker="bench",
            effort=args.effort,
        )
        watch.enter("")
        yield from watch.rows()
        yield {"part": "whole", **watch.whole(), **_outcome(sessions, run_id, watch.plan)}
        engine.dispose()


def mixed(people: int, peers: int) -> list[Role]:
    """So many peers in even steps among mentors and twice as many mentees."""
    others = (Role.MENTOR, Role.MENTEE, Role.MENTEE)
    return [
        Role.PEER if (at + 1) * peers // people > at * peers // people else others[at % 3]
        for at in range(people)
    ]


def office_hours(_rng: Any) -> Week:
    """Everybody at every office hour."""
    return Week(sum(1 << (48 * day + slot) for day in range(5) for slot in range(16, 36)))


def some_hours(rng: Any) -> Week:
    """Office hours in one of three zones, of which people can make two blocks of two hours a day in three."""
    shift = int(rng.choice((0, 6, 12)))
    bits = 0
    for day in rng.choice(5, 3, replace=False).tolist():
        for start in rng.choice(5, 2, replace=False).tolist():
            bits |= 0b1111 << (48 * day + 16 + shift + 4 * start)
    return Week(bits)


@dataclass
class _Watch:
    """The stopwatch: entering a part leaves the one before."""

    seconds: dict[str, float] = field(default_factory=dict)
    part: str = ""
    since: float = field(default_factory=perf_counter)
    plan: bytes = b""

    def enter(self, part: str) -> None:
        now = perf_counter()
        if self.part:
            self.seconds[self.part] = self.seconds.get(self.part, 0.0) + now - self.since
        self.part, self.since = part, now

    def follow(self, engine: Engine) -> None:
        """The stages the service itself writes down."""

        def told(_connection: Any, _cursor: Any, said: str, values: Any, *_rest: Any) -> None:
            if said.startswith("UPDATE solve_run "):
                for stage in ("reading", "check", "storing"):
                    if stage in values:
                        self.enter(PARTS[stage])

        event.listen(engine, "before_cursor_execute", told)

    def rows(self) -> Iterator[dict[str, Any]]:
        whole, pairs = sum(self.seconds.values()), self.seconds.get("pairs")
        for part, seconds in self.seconds.items():
            row = {"part": part, "seconds": seconds, "share": seconds / whole}
            yield row | ({"times_pairs": seconds / pairs} if pairs else {})

    def whole(self) -> dict[str, Any]:
        return {"seconds": sum(self.seconds.values()), "share": 1.0, "peak_mb": peak_mb()}


@dataclass(frozen=True)
class _Child:
    """The real child, its stages timed, under a deadline of the bench's own."""

    watch: _Watch
    limit: float

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Any) -> bytes:
        def timed(stage: str, done: int, of: int) -> None:
            if PARTS.get(stage, self.watch.part) != self.watch.part:
                self.watch.enter(PARTS[stage])
            report(stage, done, of)

        limit = min(seconds, self.limit)
        self.watch.plan = SolverChild()(problem, seconds=limit, memory_mb=memory_mb, report=timed)
        return self.watch.plan


def _outcome(sessions: sessionmaker[Session], run_id: Any, written: bytes) -> dict[str, Any]:
    with sessions() as session:
        said = runs.progress(session, run_id)
    if not written:
        return {"state": said.state.value, "said": said.sentence}
    plan = load_plan(written)
    found: dict[str, Any] = {"state": said.state.value}
    if plan.pairing is not None:
        found |= {"pairs": len(plan.pairing.pairs), "pairs_proved": plan.pairing.proved}
    if plan.circles is not None:
        found |= {"objective": plan.circles.objective, "bound": plan.circles.bound}
        found |= {"left_over": len(plan.circles.unplaced)}
    if plan.rota is not None:
        found |= {"rota_proved": plan.rota.proved, "rota_cost": plan.rota.cost}
    return found
