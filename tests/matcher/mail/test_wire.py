"""The built message: its parts in order, its headers ours alone, the same bytes each time."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest

from matcher.mail.value import CannotBeWritten, Mail
from matcher.mail.wire import PAYLOAD, build, envelope, python_is_safe
from tests.matcher.mail.letters import LINKS, WRITTEN, all_letters
from tests.matcher.mail.test_value import DANGEROUS, MAIL


def read(mail: Mail) -> EmailMessage:
    data = build(mail, sender=LINKS.sender_address, written_at=WRITTEN)
    return message_from_bytes(data, policy=policy.default)


def test_parts_are_text_page_calendar_then_the_file() -> None:
    message = read(all_letters()["introduction"])

    kinds = [part.get_content_type() for part in message.walk()]

    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert [part.get_filename() for part in message.iter_attachments()] == ["invitation.ics"]


def test_mail_without_sessions_is_text_and_page_only() -> None:
    message = read(all_letters()["sign_in_link"])

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_headers_are_these_and_no_others() -> None:
    message = read(all_letters()["introduction"])

    assert {name: str(message[name]) for name in message.keys() if name != "Content-Type"} == {  # noqa: SIM118
        "From": "Evenhand <mentoring@river.example>",
        "To": "Ina Bergmann <ina@river.example>",
        "Subject": "Meet Ravi Çelik, your mentor",
        "Date": "Mon, 21 Sep 2026 07:30:00 +0000",
        "Message-ID": f"<{UUID(int=10)}@river.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_each_attempt_sends_the_same_bytes_under_its_own_name() -> None:
    mail = all_letters()["introduction"]

    first, second = (
        envelope(mail, sender=LINKS.sender_address, attempt=number, written_at=WRITTEN) for number in (1, 2)
    )

    assert first.data == second.data
    assert (first.name, second.name) == (f"{mail.id}.1", f"{mail.id}.2")
    assert first.recipient == "ina@river.example"


@pytest.mark.parametrize("text", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_a_mail_that_escaped_its_own_checks_is_still_not_built(text: str) -> None:
    mail = replace(MAIL)
    object.__setattr__(mail, "subject", text)
    try:
        data = build(mail, sender=LINKS.sender_address, written_at=WRITTEN)
    except CannotBeWritten:
        return
    assert "bcc" not in {name.lower() for name in message_from_bytes(data)}


def test_this_python_is_told_apart_by_the_payload() -> None:
    """On a Python with CVE-2024-6923 the naked library writes the Bcc; our own check says so."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = PAYLOAD
    message.set_content("text")

    assert python_is_safe() == (b"\nBcc:" not in message.as_bytes())
