"""Workers that stall, die and come back in any order: nothing arrives twice, nothing is lost."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import DeliveryOutcome, Heard
from matcher.services.post import outbox
from matcher.services.post.outbox import Claim
from tests.conftest import Clock
from tests.matcher.jobs.outboxes import row, write_mail

MAILS, WORKERS, STEPS = 3, 3, 150
ACCEPTED = DeliveryOutcome(heard=Heard.ACCEPTED, words="250 OK")
LATER = DeliveryOutcome(heard=Heard.NOT_NOW, words="451 later")
GONE = DeliveryOutcome(heard=Heard.UNREACHABLE, words="gone")


@dataclass
class World:
    """A few workers at one outbox, each with at most one mail in hand."""

    session: Session
    clock: Clock
    chance: random.Random
    arrived: Counter[UUID] = field(default_factory=Counter)
    claimed: dict[int, Claim] = field(default_factory=dict)
    committed: dict[int, Claim] = field(default_factory=dict)

    def step(self) -> None:
        worker = self.chance.randrange(WORKERS)
        acts = [self.wait, self.sweep, self.sweep, self.stall]
        if worker in self.claimed:
            acts = [self.hand_over, self.hand_over, self.refuse, self.die, self.renew, self.wait]
        elif worker in self.committed:
            acts = [self.finish, self.finish, self.die_after_the_dot, self.die, self.refuse, self.wait]
        else:
            acts += [self.claim] * 3
        self.chance.choice(acts)(worker)

    def claim(self, worker: int) -> None:
        found = outbox.claim(self.session, worker=str(worker), now=self.clock(), per_domain=WORKERS)
        if found is not None:
            self.claimed[worker] = found

    def hand_over(self, worker: int) -> None:
        held = self.claimed.pop(worker)
        if outbox.hand_over(self.session, held, now=self.clock()):
            self.committed[worker] = held

    def finish(self, worker: int) -> None:
        held = self.committed.pop(worker)
        self.arrived[held.id] += 1
        outbox.record(self.session, held, ACCEPTED, now=self.clock())

    def die_after_the_dot(self, worker: int) -> None:
        self.arrived[self.committed.pop(worker).id] += 1

    def refuse(self, worker: int) -> None:
        held = self.claimed.pop(worker, None) or self.committed.pop(worker)
        outbox.record(self.session, held, self.chance.choice([LATER, GONE]), now=self.clock())

    def die(self, worker: int) -> None:
        self.claimed.pop(worker, None)
        self.committed.pop(worker, None)

    def renew(self, worker: int) -> None:
        outbox.renew(self.session, [self.claimed[worker].token], now=self.clock())

    def wait(self, _worker: int) -> None:
        self.clock.forward(seconds=self.chance.choice([1, 5, 40]))

    def stall(self, _worker: int) -> None:
        """Everybody stands still, as when a laptop sleeps."""
        self.clock.forward(minutes=self.chance.choice([1, 10, 400]))

    def sweep(self, _worker: int) -> None:
        outbox.sweep(self.session, now=self.clock())


@pytest.mark.parametrize("seed", range(10))
def test_whatever_happens_no_mail_arrives_twice_or_is_lost(session: Session, clock: Clock, seed: int) -> None:
    world = World(session, clock, random.Random(seed))
    mails = [write_mail(session, number, now=clock()) for number in range(MAILS)]

    for _ in range(STEPS):
        world.step()
    world.claimed.clear()
    world.committed.clear()
    for _ in range(40):
        outbox.sweep(session, now=clock.forward(hours=7))
        world.claim(0)
        if 0 in world.claimed:
            world.hand_over(0)
            world.finish(0)

    for mail_id in mails:
        ended = MailState(row(session, mail_id).state)
        arrived = world.arrived[mail_id]
        assert (ended, arrived) in {
            (MailState.SENT, 1),
            (MailState.UNCERTAIN, 0),
            (MailState.UNCERTAIN, 1),
            (MailState.FAILED, 0),
        }
