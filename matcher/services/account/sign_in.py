"""Signing in by an e-mailed link or code. Only hashes are stored; a link works once, by POST."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session

from matcher.domain.errors import Gone, NotFound, TooMany
from matcher.domain.mailing import MailKind
from matcher.domain.people import Person
from matcher.domain.sentences import say
from matcher.mail import messages
from matcher.mail.links import Links
from matcher.services.account.people import canonical_address
from matcher.services.post import outbox
from matcher.store.rows import person_value
from matcher.store.tables import PersonRow, SignIn, SignInToken

MINUTES = 10
MOST_TRIES = 5
MOST_MAILS, MAIL_SPAN = 3, timedelta(minutes=15)
MOST_ASKS, ASK_SPAN = 20, timedelta(hours=1)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
NOTED_EACH = timedelta(minutes=1)
"""How often the last sight of a signed-in person is written down: not with every page."""

MOST_DEVICE = 60

OVER = say("This link was used already, or its time is over. Ask for a new one; it takes a moment.")


@dataclass(frozen=True, kw_only=True)
class SignedInPerson:
    """Who is signed in. `due`: it was last written down a minute ago or longer."""

    person: Person
    due: bool


@dataclass(frozen=True, kw_only=True)
class Present:
    """One place where somebody is signed in. `here`: the one that asks."""

    id: UUID
    device: str
    begun_at: datetime
    seen_at: datetime
    here: bool


def ask(
    session: Session,
    *,
    email: str,
    origin: str,
    now: datetime,
    secret: str,
    links: Links,
    language: str | None = None,
) -> None:
    """Write a link and a code for that address. The caller's answer is the same whether it is known or not.
    `language` is that of the page, for who has not chosen one.

    Beyond 3 asks in 15 minutes nothing more is written for an address. Raises TooMany beyond 20 an hour
    from one `origin` (the client's address, of which only a keyed hash is kept).
    """
    address = canonical_address(email)
    origin_hash = hmac.new(secret.encode(), origin.encode(), hashlib.sha256).hexdigest()
    _refuse_flood(session, origin_hash, now)
    person = session.scalars(
        select(PersonRow).where(PersonRow.email == address, PersonRow.active.is_(true()))
    ).first()
    asked = _count(session, SignInToken.address_hash == _sha(address), now - MAIL_SPAN)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**8):08}"
    row = _row(_sha(address), token, code, now)
    row.person_id, row.origin_hash = person.id if person else None, origin_hash
    # Written for nobody too, so that both answers take the same time.
    mail = messages.sign_in_link(
        id=uuid4(),
        to=person.email if person else "nobody@example.org",
        name=person.name if person else "",
        language=(person.locale if person else None) or language,
        token=token,
        code=code,
        minutes=MINUTES,
        links=links,
    )
    if asked >= MOST_MAILS:
        return
    session.add(row)
    session.flush()
    if person is not None:
        outbox.write(
            session,
            mail,
            cycle=None,
            person=person.id,
            kind=MailKind.SIGN_IN,
            occurrence=str(row.id),
            now=now,
        )


def give(session: Session, *, person_id: UUID, now: datetime, minutes: int = MINUTES) -> str:
    """A token without a mail, for the operator's command line."""
    token = secrets.token_urlsafe(32)
    row = _row("", token, secrets.token_hex(4), now)
    row.person_id = person_id
    row.expires_at = now + timedelta(minutes=minutes)
    session.add(row)
    session.flush()
    return token


def peek(session: Session, token: str, now: datetime) -> bool:
    """Whether the link would still work; looking does not use it up."""
    found = select(SignInToken.id).where(
        SignInToken.token_hash == _sha(token),
        SignInToken.used_at.is_(None),
        SignInToken.expires_at > now,
        SignInToken.person_id.is_not(None),
    )
    return session.scalars(found).first() is not None


def redeem(session: Session, *, token: str, now: datetime, device: str = "") -> tuple[UUID, str]:
    """Use the link up: the person's id and the secret of the new sign-in. Raises Gone.

    `device`: a few words by which the person will know it again.
    """
    used = session.scalars(
        update(SignInToken)
        .where(
            SignInToken.token_hash == _sha(token),
            SignInToken.used_at.is_(None),
            SignInToken.expires_at > now,
            SignInToken.person_id.is_not(None),
        )
        .values(used_at=now)
        .returning(SignInToken.person_id)
    ).first()
    if used is None:
        raise Gone(OVER)
    return _begin(session, used, now, device)


def by_code(
    session: Session, *, email: str, code: str, now: datetime, device: str = ""
) -> tuple[UUID, str] | None:
    """Sign in with the code of the newest mail; None when it is wrong, and the try is counted: 5 in all."""
    address = canonical_address(email)
    newest = (
        select(SignInToken)
        .where(
            SignInToken.address_hash == _sha(address),
            SignInToken.used_at.is_(None),
            SignInToken.expires_at > now,
        )
        .order_by(SignInToken.asked_at.desc(), SignInToken.id)
        .limit(1)
        .with_for_update()
    )
    row = session.scalars(newest).first()
    if row is None or row.tries >= MOST_TRIES:
        return None
    row.tries += 1
    session.flush()
    given = _code_hash(row.token_hash, "".join(code.split()))
    if row.person_id is None or not hmac.compare_digest(given, row.code_hash):
        return None
    row.used_at = now
    session.flush()
    return _begin(session, row.person_id, now, device)


def who(session: Session, session_secret: str, now: datetime) -> SignedInPerson | None:
    """The active person signed in with that secret; None after 30 idle minutes, 12 hours or the end.

    Only reads: `note` keeps a sign-in that is used from going idle.
    """
    found = (
        select(SignIn.seen_at, SignIn.created_at, PersonRow)
        .join(PersonRow, PersonRow.id == SignIn.person_id)
        .where(
            SignIn.secret_hash == _sha(session_secret),
            SignIn.ended_at.is_(None),
            PersonRow.active.is_(true()),
        )
    )
    row = session.execute(found).first()
    if row is None or row.seen_at + IDLE <= now or row.created_at + LONGEST <= now:
        return None
    return SignedInPerson(person=person_value(row.PersonRow), due=row.seen_at + NOTED_EACH <= now)


def note(session: Session, session_secret: str, now: datetime) -> None:
    """Write down that who is signed in with that secret was seen."""
    session.execute(update(SignIn).where(SignIn.secret_hash == _sha(session_secret)).values(seen_at=now))


def lapsed(session: Session, session_secret: str, now: datetime) -> UUID | None:
    """Whose sign-in of the last 24 hours this was, if it ran out by itself; None after a sign-out.

    Enough to keep what they were just typing, never to show anything.
    """
    found = (
        select(SignIn.person_id)
        .join(PersonRow, PersonRow.id == SignIn.person_id)
        .where(
            SignIn.secret_hash == _sha(session_secret),
            SignIn.ended_at.is_(None),
            SignIn.created_at > now - timedelta(hours=24),
            PersonRow.active,
        )
    )
    return session.scalars(found).first()


def end(session: Session, session_secret: str, now: datetime) -> None:
    """Sign out; the cookie is worth nothing from now on."""
    session.execute(
        update(SignIn)
        .where(SignIn.secret_hash == _sha(session_secret), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def present(session: Session, person_id: UUID, session_secret: str, now: datetime) -> tuple[Present, ...]:
    """Where somebody is signed in now, the latest seen first."""
    found = (
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at > now - IDLE,
            SignIn.created_at > now - LONGEST,
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    )
    return tuple(
        Present(
            id=row.id,
            device=row.device,
            begun_at=row.created_at,
            seen_at=row.seen_at,
            here=row.secret_hash == _sha(session_secret),
        )
        for row in session.scalars(found)
    )


def begun(session: Session, session_secret: str) -> datetime | None:
    """When this sign-in began; None for one that is not known."""
    return session.scalars(
        select(SignIn.created_at).where(SignIn.secret_hash == _sha(session_secret))
    ).first()


def end_one(session: Session, *, person_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """End one of somebody's own sign-ins. Raises NotFound for another's."""
    ended = session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.person_id == person_id)
        .values(ended_at=func.coalesce(SignIn.ended_at, now))
        .returning(SignIn.id)
    ).first()
    if ended is None:
        raise NotFound(say("There is no such sign-in."))


def end_others(session: Session, *, person_id: UUID, session_secret: str, now: datetime) -> int:
    """End all sign-ins of this person but the one with that secret; how many."""
    ended = session.scalars(
        update(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.secret_hash != _sha(session_secret),
        )
        .values(ended_at=now)
        .returning(SignIn.id)
    )
    return len(ended.all())


def _begin(session: Session, person_id: UUID, now: datetime, device: str) -> tuple[UUID, str]:
    session_secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            person_id=person_id,
            secret_hash=_sha(session_secret),
            created_at=now,
            seen_at=now,
            device=device[:MOST_DEVICE],
        )
    )
    session.flush()
    return person_id, session_secret


def _row(address_hash: str, token: str, code: str, now: datetime) -> SignInToken:
    return SignInToken(
        address_hash=address_hash,
        origin_hash="",
        token_hash=_sha(token),
        code_hash=_code_hash(_sha(token), code),
        asked_at=now,
        expires_at=now + timedelta(minutes=MINUTES),
    )


def _refuse_flood(session: Session, origin_hash: str, now: datetime) -> None:
    if _count(session, SignInToken.origin_hash == origin_hash, now - ASK_SPAN) >= MOST_ASKS:
        raise TooMany(
            say("Too many links were asked for from here. Wait an hour, then try again."), retry_after=3600
        )


def _count(session: Session, whose: ColumnElement[bool], since: datetime) -> int:
    asked = select(func.count()).select_from(SignInToken).where(whose, SignInToken.asked_at > since)
    return session.scalar(asked) or 0


def address_hash(email: str) -> str:
    """Under which tokens asked for with this address are kept."""
    return _sha(canonical_address(email))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code_hash(salt: str, code: str) -> str:
    """Slow on purpose: 8 digits are soon tried through by whoever reads the database."""
    return hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**12, r=8, p=1).hex()
