"""A mail as the bytes that travel: multipart, one recipient, checked after it is built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.utils import format_datetime

from matcher.mail.value import CannotBeWritten, Mail, address

HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
}  # fmt: skip
# CVE-2024-6923: a Python that unfolds this subject would write a second header.
PAYLOAD = "=?utf-8?q?hi=0aBcc:_e@evil.example?="


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What a delivery gets: one sender, one recipient, the whole message in 7-bit ASCII with CRLF lines."""

    name: str  # unique to this attempt; a folder delivery uses it as the file's name
    sender: str
    recipient: str
    data: bytes


def envelope(mail: Mail, *, sender: str, attempt: int, written_at: datetime) -> Envelope:
    """The mail ready to hand over. Raises CannotBeWritten; then no later attempt can do better.

    The Date is the day the mail was written, and nothing in it is random: each attempt sends the same bytes.
    """
    data = build(mail, sender=sender, written_at=written_at)
    return Envelope(name=f"{mail.id}.{attempt}", sender=sender, recipient=mail.to, data=data)


def build(mail: Mail, *, sender: str, written_at: datetime) -> bytes:
    """Text, HTML and `text/calendar; method=REQUEST` as alternatives, then the same calendar as a file."""
    message = EmailMessage(policy=policy.SMTP)
    try:
        message["From"] = Address(display_name="Evenhand", addr_spec=address(sender))
        message["To"] = Address(display_name=mail.name, addr_spec=address(mail.to))
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(written_at)
        message["Message-ID"] = mail.message_id
        message["Auto-Submitted"] = "auto-generated"
        _add_bodies(message, mail)
        data = message.as_bytes()
    except CannotBeWritten:
        raise
    # The library's own refusals, among them AttributeError and IndexError of its header parser.
    except (ValueError, LookupError, AttributeError, TypeError) as fault:
        raise CannotBeWritten(f"The mail cannot be built: {type(fault).__name__}.") from fault
    _check(data, mail)
    return data


def _add_bodies(message: EmailMessage, mail: Mail) -> None:
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.ics is not None:
        calendar = mail.ics.decode("utf-8")
        method = "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar else "REQUEST"
        message.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
        message.add_attachment(mail.ics, maintype="application", subtype="ics", filename="invitation.ics")
    parts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(parts):
        # "=_" cannot occur in quoted-printable or base64 text: the boundary is safe without being random.
        part.set_boundary(f"=_{mail.id.hex}_{number}")


def _check(data: bytes, mail: Mail) -> None:
    """Read back what was built: only our headers, each once, and one recipient."""
    if not data.isascii():
        raise CannotBeWritten("The mail is not 7-bit text.")
    message: Message = message_from_bytes(data)
    names = [name.lower() for name in message]
    if set(names) - HEADERS or len(names) != len(set(names)):
        raise CannotBeWritten("The mail would carry headers that are not ours.")
    addresses = message_from_bytes(data, policy=policy.SMTP)["To"].addresses
    if [each.addr_spec for each in addresses] != [mail.to]:
        raise CannotBeWritten("The mail would have another recipient than its one.")


def python_is_safe() -> bool:
    """True if this Python's own `email` package keeps the subject of CVE-2024-6923 on one line.

    We refuse such subjects before they get there; production refuses such a Python all the same.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = PAYLOAD
    message.set_content("text")
    try:
        return message_from_bytes(message.as_bytes())["Bcc"] is None
    except ValueError:
        return True
