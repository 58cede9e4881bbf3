"""A programme's own words at the head of its mails: kept, looked at, and sent to oneself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound, TooMany
from matcher.domain.mailing import MailKind
from matcher.domain.own_words import OwnWords
from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, say
from matcher.mail import samples
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.services import audit
from matcher.services.post import outbox
from matcher.services.programme.programmes import require_organiser
from matcher.store.organiser_tables import MailText
from matcher.store.rows import people_by_id, to_change
from matcher.store.tables import MailRow, Programme
from matcher.translations.catalogue import LANGUAGES

Own = Mapping[tuple[str, str], OwnWords]

KINDS: Mapping[str, TranslatableText] = {
    "introduction": say("To both of a pair, when you publish."),
    "circle_introduction": say("To everybody in a circle, when you publish."),
    "waitlist": say("To everybody who has no partner yet, when you publish."),
    "reminder": say("To people you remind of the sign-up."),
    "check_in": say("To everybody who meets, a few times in a cycle."),
    "quiet": say("To people whose pair or circle has been quiet, when you remind them."),
    "duty_change": say("To people whose duties changed hands."),
    "circle_changed": say("To the others of a circle that somebody leaves or comes back to."),
    "parting": say("To somebody whose sessions with a partner have ended."),
    "parting_undone": say("To somebody whose sessions go on after all."),
}
"""Mails with room for a programme's own words, and who gets each."""

MOST_TRIALS = 20
AN_HOUR = timedelta(hours=1)


def of(session: Session, programme_id: UUID) -> Own:
    """The programme's own words by kind and language."""
    rows = session.scalars(select(MailText).where(MailText.programme_id == programme_id))
    known = {(row.kind, row.locale): OwnWords(subject=row.subject, words=row.words) for row in rows}
    return {where: own for where, own in known.items() if own}


def version_of(session: Session, *, programme_id: UUID, kind: str, locale: str) -> int:
    """How often this text was written; 0 for one that was never."""
    row = _row(session, programme_id, kind, locale)
    return row.version if row is not None else 0


def write(
    session: Session,
    *,
    programme_id: UUID,
    kind: str,
    locale: str,
    own: OwnWords,
    seen: int,
    by: UUID | None,
    now: datetime,
) -> None:
    """Keep these words from now on; empty ones take them away. `seen`: the version that was on the page.

    Raises NotFound for a kind or language there is none of, Changed if somebody wrote meanwhile.
    """
    _known(kind, locale)
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    row = _row(session, programme_id, kind, locale)
    if (row.version if row is not None else 0) != seen:
        raise Changed(
            say(
                "Somebody else wrote this text meanwhile. Theirs is kept; yours is not. "
                "Go back, copy what you wrote, and open the page anew."
            )
        )
    if row is None:
        row = MailText(programme_id=programme_id, kind=kind, locale=locale, version=0)
        session.add(row)
    row.subject, row.words = own.subject, own.words
    row.version = seen + 1
    row.changed_at, row.changed_by = now, by
    session.flush()
    audit.append(
        session,
        act="mail text set",
        about=programme_id,
        by=by,
        now=now,
        payload={"kind": kind, "locale": locale},
    )


def preview(
    session: Session,
    *,
    programme_id: UUID,
    kind: str,
    locale: str,
    own: OwnWords,
    now: datetime,
    links: Links,
) -> Mail:
    """The mail as an invented person would get it, with these words at its head."""
    return _sample(session, programme_id, kind, locale, own, to=samples.READER, now=now, links=links)


def send_to_me(
    session: Session,
    *,
    programme_id: UUID,
    kind: str,
    locale: str,
    own: OwnWords,
    by: UUID,
    now: datetime,
    links: Links,
) -> UUID:
    """Put that mail into the outbox, to whoever asks; its id. Raises TooMany after 20 within an hour."""
    require_organiser(session, programme_id, by)
    asked = select(func.count()).where(
        MailRow.person_id == by, MailRow.kind == MailKind.TRIAL.value, MailRow.written_at > now - AN_HOUR
    )
    if (session.scalar(asked) or 0) >= MOST_TRIALS:
        said = say("You sent yourself {count} test mails within an hour.", count=MOST_TRIALS)
        raise TooMany(said, retry_after=int(AN_HOUR.total_seconds()))
    me = people_by_id(session, [by])[by]
    mail = _sample(session, programme_id, kind, locale, own, to=me, now=now, links=links)
    return outbox.write(
        session, mail, cycle=None, person=by, kind=MailKind.TRIAL, occurrence=str(uuid4()), now=now
    )


def _sample(
    session: Session,
    programme_id: UUID,
    kind: str,
    locale: str,
    own: OwnWords,
    *,
    to: Person,
    now: datetime,
    links: Links,
) -> Mail:
    _known(kind, locale)
    programme = session.get(Programme, programme_id)
    if programme is None:
        raise NotFound(say("There is no such programme."))
    texts = {(kind, locale): own}
    called = CycleWords(programme=programme.name, cycle=f"{now:%Y}", slug=programme.slug, own=texts)
    return samples.sample(kind, to=to, language=locale, cycle=called, links=links, now=now)


def _known(kind: str, locale: str) -> None:
    if kind not in KINDS or locale not in LANGUAGES:
        raise NotFound(say("There is no such mail."))


def _row(session: Session, programme_id: UUID, kind: str, locale: str) -> MailText | None:
    return session.scalars(
        select(MailText).where(
            MailText.programme_id == programme_id, MailText.kind == kind, MailText.locale == locale
        )
    ).one_or_none()
