"""What time alone brings about: cycles start and end, check-ins open and close, old things are forgotten."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.mail.links import Links
from matcher.services.cycle import dates as cycle_dates
from matcher.services.during import check_ins
from matcher.services.help import escalations
from matcher.services.imports import uploads
from matcher.services.sign_up import form_drafts


def sweep(session: Session, *, now: datetime, links: Links, seed: int) -> bool:
    """Do what is due, once each however often it is asked; whether there are mails to deliver.

    seed: draws the order of comments.
    """
    cycle_dates.keep_to_days(session, now=now)
    check_ins.close_due(session, now=now, seed=seed)
    check_ins.forget_old(session, now=now)
    escalations.forget_old(session, now=now)
    form_drafts.forget_old(session, now=now)
    uploads.forget_old(session, now=now)
    return bool(check_ins.open_due(session, now=now, links=links))
