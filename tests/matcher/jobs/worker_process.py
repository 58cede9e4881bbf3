"""`matcher work` as a process of the tests.

`python -m tests.matcher.jobs.worker_process DATABASE MAIL [hang]`

Says "nothing left" once when no mail is due any more, and works until it is asked to stop. With "hang" its
solver never ends, and it says "solving" when that has begun.
"""

import os
import signal
import sys
from dataclasses import replace
from threading import Event, Thread

from matcher.domain.lifecycle import MailState
from matcher.jobs.child import SolverChild
from matcher.jobs.worker import Work, Worker
from matcher.mail.delivery import from_setting
from matcher.services.matching import runs
from matcher.services.ports import Report
from matcher.services.post import outbox
from matcher.store.engine import make_engine, session_factory
from tests.matcher.jobs.works import a_work

HANGING = """
import sys, time
while True:
    print('{"stage": "fair", "done": 1, "of": 2}', file=sys.stderr, flush=True)
    time.sleep(0.05)
"""


def say(words: str) -> None:
    # Past the buffer: a thread that held its lock when the process ends would break the end.
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


def tell_when_delivered(work: Work) -> None:
    unsettled = {MailState.QUEUED, MailState.CLAIMED, MailState.HANDING_OVER}
    pause = Event()
    while True:
        with work.sessions() as session:
            settled = not unsettled & set(outbox.tally(session))
        # Another process may have delivered everything before this one is ready to be asked to stop.
        if settled and signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
            break
        pause.wait(0.05)
    say("nothing left")


def hang(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
    def told(stage: str, done: int, of: int) -> None:
        report(stage, done, of)
        if stage == "fair":
            say("solving")

    child = SolverChild(command=(sys.executable, "-c", HANGING))
    return child(problem, seconds=seconds, memory_mb=memory_mb, report=told)


def main() -> None:
    database_url, mail, *more = sys.argv[1:]
    sessions = session_factory(make_engine(database_url))
    work = replace(
        a_work(sessions, database_url, delivery=from_setting(mail), lanes=4),
        solving=runs,
        run_solver=hang if more == ["hang"] else SolverChild(),
    )
    if not more:
        Thread(target=tell_when_delivered, args=(work,), daemon=True).start()
    Worker(work).run()


if __name__ == "__main__":
    main()
