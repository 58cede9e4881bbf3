"""The lanes of one worker, and the thread that renews their leases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock, Thread

from matcher.domain.mailing import RENEW_SECONDS
from matcher.services.post import outbox
from matcher.services.post.lane import Lane, LaneContext

LANES = 4


class Postmen:
    """Delivers all that is due, one round at a time however often the bell rings."""

    def __init__(
        self, post: LaneContext, *, lanes: int = LANES, renew_seconds: float = RENEW_SECONDS
    ) -> None:
        self._post = post
        self._lanes = lanes
        self._renew_seconds = renew_seconds
        self._busy = Lock()
        self._rung = Event()

    def deliver(self) -> int:
        """Rounds until the bell is silent. Returns the mails tried; 0 if a round is under way already."""
        self._rung.set()
        tried = 0
        # A bell between the last look and the release would be lost; it is seen here.
        while self._rung.is_set() and not self._post.stopping.is_set():
            if not self._busy.acquire(blocking=False):
                return tried
            try:
                self._rung.clear()
                tried += self._round()
            finally:
                self._busy.release()
        return tried

    def _round(self) -> int:
        """All lanes until nothing is due. A fault in one lane is raised after the others have finished."""
        with self._renewing(), ThreadPoolExecutor(self._lanes, thread_name_prefix="lane") as pool:
            lanes = [pool.submit(Lane(self._post).run) for _ in range(self._lanes)]
        return sum(lane.result() for lane in lanes)

    @contextmanager
    def _renewing(self) -> Iterator[None]:
        done = Event()
        thread = Thread(target=self._renew, args=(done,), name="leases")
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _renew(self, done: Event) -> None:
        while not done.wait(self._renew_seconds):
            with self._post.sessions.begin() as session:
                outbox.renew(session, self._post.leases.all(), now=self._post.clock())
