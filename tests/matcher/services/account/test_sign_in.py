"""Signing in: a link works once, a code allows five tries, and strangers learn nothing."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import Gone, TooMany
from matcher.mail.links import Links
from matcher.services.account import people, sign_in
from matcher.store.tables import MailRow, SignIn, SignInToken
from tests.builders import stored

LINKS = Links(base_url="https://match.example.org")


def ask(session: Session, email: str, now: datetime, origin: str = "192.0.2.1") -> None:
    sign_in.ask(session, email=email, origin=origin, now=now, secret="pepper", links=LINKS)


def mailed(session: Session) -> tuple[str, str]:
    """Token and code of the only mail."""
    text = session.scalars(select(MailRow)).one().text
    token = re.search(r"/sign-in/([\w-]+)", text)
    code = re.search(r"\b(\d{4} \d{4})\b", text)
    assert token is not None
    assert code is not None
    return token[1], code[1]


def test_link_signs_in_once(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    ask(session, "ADA@example.org", now)
    token, _ = mailed(session)

    assert sign_in.peek(session, token, now)
    person, secret = sign_in.redeem(session, token=token, now=now)

    assert person == ada
    signed_in = sign_in.who(session, secret, now)
    assert signed_in is not None
    assert signed_in.person.id == ada
    assert not sign_in.peek(session, token, now)
    with pytest.raises(Gone):
        sign_in.redeem(session, token=token, now=now)


def test_link_ends_after_ten_minutes(session: Session, now: datetime) -> None:
    stored(session, "Ada")
    ask(session, "ada@example.org", now)
    token, code = mailed(session)
    late = now + timedelta(minutes=10)

    with pytest.raises(Gone):
        sign_in.redeem(session, token=token, now=late)
    assert sign_in.by_code(session, email="ada@example.org", code=code, now=late) is None


def test_code_allows_five_tries(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    ask(session, "ada@example.org", now)
    _, code = mailed(session)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"

    tries = [sign_in.by_code(session, email="ada@example.org", code=wrong, now=now) for _ in range(4)]
    right = sign_in.by_code(session, email="ada@example.org", code=code, now=now)

    assert tries == [None] * 4
    assert right is not None
    assert right[0] == ada


def test_sixth_try_is_refused_even_if_right(session: Session, now: datetime) -> None:
    stored(session, "Ada")
    ask(session, "ada@example.org", now)
    _, code = mailed(session)
    for _ in range(5):
        sign_in.by_code(session, email="ada@example.org", code="0000 0000x", now=now)

    assert sign_in.by_code(session, email="ada@example.org", code=code, now=now) is None


def test_unknown_address_gets_no_mail_and_the_same_answer(session: Session, now: datetime) -> None:
    ask(session, "nobody@example.org", now)

    assert session.scalars(select(MailRow)).all() == []
    assert len(session.scalars(select(SignInToken)).all()) == 1


def test_three_mails_in_a_quarter_of_an_hour(session: Session, now: datetime) -> None:
    stored(session, "Ada")

    for _ in range(5):
        ask(session, "ada@example.org", now)
    assert len(session.scalars(select(MailRow)).all()) == 3

    ask(session, "ada@example.org", now + timedelta(minutes=16))
    assert len(session.scalars(select(MailRow)).all()) == 4


def test_one_origin_asks_twenty_times_an_hour(session: Session, now: datetime) -> None:
    for number in range(20):
        ask(session, f"somebody.{number}@example.org", now)

    with pytest.raises(TooMany):
        ask(session, "one.more@example.org", now)
    ask(session, "one.more@example.org", now, origin="192.0.2.2")


def test_sign_in_ends_idle_or_after_twelve_hours_or_when_asked(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    _, idle = sign_in.redeem(session, token=sign_in.give(session, person_id=ada, now=now), now=now)
    _, busy = sign_in.redeem(session, token=sign_in.give(session, person_id=ada, now=now), now=now)
    _, ended = sign_in.redeem(session, token=sign_in.give(session, person_id=ada, now=now), now=now)
    sign_in.end(session, ended, now)

    seen = []
    for step in range(40):
        then = now + timedelta(minutes=20 * step)
        seen.append(sign_in.who(session, busy, then) is not None)
        sign_in.note(session, busy, then)

    assert seen == [True] * 36 + [False] * 4
    assert sign_in.who(session, idle, now + timedelta(minutes=30)) is None
    assert sign_in.who(session, ended, now) is None


def test_a_sight_is_due_to_be_noted_once_a_minute(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    _, secret = sign_in.redeem(session, token=sign_in.give(session, person_id=ada, now=now), now=now)
    minute = timedelta(minutes=1)

    before, then = (sign_in.who(session, secret, now + some) for some in (minute * 0.9, minute))
    sign_in.note(session, secret, now + minute)
    after = sign_in.who(session, secret, now + minute * 1.9)

    assert (before.due, then.due, after.due) == (False, True, False)


def test_closed_account_is_signed_out(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    _, secret = sign_in.redeem(session, token=sign_in.give(session, person_id=ada, now=now), now=now)

    people.update(session, ada, active=False)

    assert sign_in.who(session, secret, now) is None


def test_only_hashes_are_stored(session: Session, now: datetime) -> None:
    ada = stored(session, "Ada")
    token = sign_in.give(session, person_id=ada, now=now)
    _, secret = sign_in.redeem(session, token=token, now=now)

    kept = [
        str(value)
        for row in (*session.scalars(select(SignInToken)), *session.scalars(select(SignIn)))
        for value in vars(row).values()
    ]
    assert not [value for value in kept if token in value or secret in value]
