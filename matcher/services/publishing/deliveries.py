"""What organisers decide about mails that may or may not have arrived."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.post import outbox
from matcher.services.programme.programmes import require_organiser
from matcher.services.publishing import lists


def resend(session: Session, *, cycle_id: UUID, mail_id: UUID, by: UUID, now: datetime) -> None:
    """Send an uncertain mail once more, under the same Message-ID. Raises WrongState, NotFound."""
    _mine(session, cycle_id, mail_id, by)
    outbox.resend(session, mail_id, by=by, now=now)
    audit.append(session, act="mail sent again", about=mail_id, by=by, now=now)


def settle(session: Session, *, cycle_id: UUID, mail_id: UUID, by: UUID, now: datetime) -> None:
    """Call an uncertain mail delivered: somebody knows that it arrived. Raises WrongState, NotFound."""
    _mine(session, cycle_id, mail_id, by)
    outbox.settle(session, mail_id, by=by, now=now)
    audit.append(session, act="mail called delivered", about=mail_id, by=by, now=now)


def _mine(session: Session, cycle_id: UUID, mail_id: UUID, by: UUID) -> None:
    require_organiser(session, cycles.of(session, cycle_id).programme_id, by)
    if not lists.of_cycle(session, cycle_id, mail_id):
        raise NotFound(say("There is no such mail."))
