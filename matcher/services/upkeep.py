"""What time alone brings about: cycles start and end, check-ins open and close, old things are forgotten."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.mail.links import Links
from matcher.services import checkins, escalations, form_drafts, planning, uploads


def sweep(session: Session, *, now: datetime, links: Links, seed: int) -> bool:
    """Do what is due, once each however often it is asked; whether there are mails to deliver.

    seed: draws the order of comments.
    """
    planning.keep_to_days(session, now=now)
    checkins.close_due(session, now=now, seed=seed)
    checkins.forget_old(session, now=now)
    escalations.forget_old(session, now=now)
    form_drafts.forget_old(session, now=now)
    uploads.forget_old(session, now=now)
    return bool(checkins.open_due(session, now=now, links=links))
