"""`matcher work` as a process of the tests: `python -m tests.jobs.worker_process DATABASE MAIL`.

Says "nothing left" once when no mail is due any more, and works until it is asked to stop.
"""

import sys
from threading import Event, Thread

from matcher.domain.lifecycle import MailState
from matcher.jobs.worker import Work, Worker
from matcher.mail.delivery import from_setting
from matcher.services import outbox
from matcher.store.engine import make_engine, session_factory
from tests.jobs.works import Solves, a_work


def tell(work: Work) -> None:
    unsettled = {MailState.QUEUED, MailState.CLAIMED, MailState.HANDING_OVER}
    pause = Event()
    while True:
        with work.sessions() as session:
            if not unsettled & set(outbox.tally(session)):
                break
        pause.wait(0.05)
    sys.stdout.write("nothing left\n")
    sys.stdout.flush()


def main() -> None:
    database_url, mail = sys.argv[1:]
    sessions = session_factory(make_engine(database_url))
    work = a_work(sessions, database_url, delivery=from_setting(mail), solves=Solves(), lanes=4)
    Thread(target=tell, args=(work,), daemon=True).start()
    Worker(work).run()


if __name__ == "__main__":
    main()
