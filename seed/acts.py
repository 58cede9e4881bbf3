"""The acts of the demo, as people and workers perform them: past cycles, the present one, the mails."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.jobs.worker import EmbeddedWorker, Work
from matcher.mail.links import Links
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.services.ports import Clock, Report
from matcher.services.post import outbox
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from matcher.services.review.draft_summary import Review
from seed import load, telling
from seed.story import CycleStory
from seed.terminal import Terminal

DELIVERY_SECONDS = 120.0
PAST_EFFORT, PRESENT_EFFORT = 10, 40
"""How long the solver may look for better circles; the pairs are proved the best long before."""
UNDER_WAY = (MailState.QUEUED, MailState.CLAIMED, MailState.HANDING_OVER)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What the acts play on. `mail` is the folder the mails are delivered into."""

    terminal: Terminal
    sessions: sessionmaker[Session]
    work: Work
    links: Links
    mail: Path
    chance: load.SeededIds


def past(stage: Stage, story: CycleStory, loaded: load.Loaded) -> None:
    """A cycle that is over: signed up, matched, published, met, completed, each on its day."""
    with stage.sessions.begin() as session:
        stage.terminal.going_on(f"{story.name}: {len(story.sign_ups)} people sign up")
        cycle_id = load.cycle(session, story, loaded, chance=stage.chance)
        run_id = cycles.close(session, cycle_id=cycle_id, by=loaded.organiser, now=story.at(story.closes_on))
    then = story.at(story.closes_on, 10)
    draft = _matched(stage, run_id, clock=lambda: then, effort=PAST_EFFORT)
    with stage.sessions.begin() as session:
        _publish(session, stage, draft, loaded, now=story.at(story.publishes_on, 12))
        cycles.start(session, cycle_id=cycle_id, by=loaded.organiser, now=story.at(story.starts_on))
        cycles.complete(session, cycle_id=cycle_id, by=loaded.organiser, now=story.at(story.ends_on))
    people = len(story.sign_ups)
    stage.terminal.done(
        f"{story.name}: {people} people, {telling.in_short(draft)}; over since {story.ends_on:%B %Y}"
    )


def present(stage: Stage, story: CycleStory, loaded: load.Loaded) -> Review:
    """The present cycle, from its sign-ups to the publication."""
    clock = stage.work.clock
    with stage.sessions.begin() as session:
        stage.terminal.going_on(f"{story.name}: {len(story.sign_ups)} people sign up")
        cycle_id = load.cycle(session, story, loaded, chance=stage.chance)
    stage.terminal.done(f"{story.name}: {len(story.sign_ups)} people signed up until today")
    with stage.sessions.begin() as session:
        run_id = cycles.close(session, cycle_id=cycle_id, by=loaded.organiser, now=clock())
    began = time.monotonic()
    draft = _matched(stage, run_id, clock=clock, effort=PRESENT_EFFORT)
    took = time.monotonic() - began
    stage.terminal.done(f"Matched in {took:.1f} s, and counted again by an independent checker")
    with stage.sessions.begin() as session:
        _publish(session, stage, draft, loaded, now=clock())
    stage.terminal.done("Reviewed and published, all at once")
    return draft


def _matched(stage: Stage, run_id: UUID, *, clock: Clock, effort: int) -> Review:
    """Solve the run as a worker does, telling each stage; the draft. Raises RuntimeError when it failed."""

    def run_solver(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        def told(name: str, done: int, of: int) -> None:
            stage.terminal.going_on(telling.stage(name), done, of)
            report(name, done, of)

        return stage.work.run_solver(problem, seconds=seconds, memory_mb=memory_mb, report=told)

    runs.solve(
        stage.sessions,
        run_id,
        run_solver=run_solver,
        clock=clock,
        worker=stage.work.name,
        effort=effort,
    )
    with stage.sessions() as session:
        progress = runs.progress(session, run_id)
        if progress.draft_id is None:
            raise RuntimeError(f"The matching did not lead to a draft: {progress.sentence}")
        return draft_summary.summary(session, progress.draft_id)


def _publish(session: Session, stage: Stage, draft: Review, loaded: load.Loaded, *, now: datetime) -> None:
    publication.publish(
        session,
        draft_id=draft.draft_id,
        seen_hash=draft.hash,
        by=loaded.organiser,
        now=now,
        links=stage.links,
    )


def delivered(stage: Stage, cycle_id: UUID) -> Mapping[MailState, int]:
    """Let the real worker deliver what waits in the outbox; the states of the cycle's mails, counted."""
    worker = EmbeddedWorker(stage.work)
    worker.start()
    try:
        until = time.monotonic() + DELIVERY_SECONDS
        while True:
            with stage.sessions() as session:
                mails, left = outbox.tally(session, cycle_id), _left(outbox.tally(session))
            sent, of = mails.get(MailState.SENT, 0), sum(mails.values())
            stage.terminal.going_on("Delivering the mails", sent, of)
            if not left or time.monotonic() > until:
                break
            time.sleep(0.1)
    finally:
        worker.stop()
    files = len(list(stage.mail.glob("new/*.eml")))
    stage.terminal.done(f"Introduced by mail: {files} files in {stage.mail / 'new'}")
    return mails


def _left(mails: Mapping[MailState, int]) -> int:
    return sum(mails.get(state, 0) for state in UNDER_WAY)
