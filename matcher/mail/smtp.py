"""Mails to a mail server (RFC 5321), with the final dot as a step of its own."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from matcher.mail.handover import Refused, ServerReply, Unknown, Unreachable, is_temporary
from matcher.mail.wire import Envelope

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """How to reach the mail server. `security` "none" is for a server on the same machine only."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    authority: Path | None = None  # certificates to trust instead of the system's
    connect_seconds: float = 10
    command_seconds: float = 30
    data_seconds: float = 120

    def __post_init__(self) -> None:
        if self.security not in SECURITIES:
            raise ValueError(f"Mail server security {self.security!r}; expected starttls, tls or none.")
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError(f"Mail to {self.host} would travel unprotected; use starttls or tls.")
        if self.user and not self.password:
            raise ValueError(f"The mail server's user {self.user!r} has no password.")

    @classmethod
    def from_url(cls, url: str) -> SmtpSettings:
        """`smtp://user:password@host:587` (STARTTLS), `smtps://host`; `?security=none`, `?authority=FILE`."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("The mail server is not given as smtp://host:port or smtps://host:port.")
        if unknown := sorted(set(options) - {"security", "authority"}):
            raise ValueError(f"Unknown mail server option {unknown[0]!r}; known: security, authority.")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 587),
            security="tls" if implicit else options.get("security", "starttls"),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            authority=Path(options["authority"]) if "authority" in options else None,
        )


@dataclass(frozen=True)
class SmtpDelivery:
    """Opens verified connections to one mail server."""

    settings: SmtpSettings

    def open(self) -> SmtpConversation:
        """Raises Unreachable for all that goes wrong before the first mail: none of it is a mail's fault."""
        try:
            return SmtpConversation(_connected(self.settings), self.settings)
        except (OSError, smtplib.SMTPException) as fault:
            raise Unreachable(
                f"The mail server {self.settings.host} cannot be used: {_said(fault)}"
            ) from fault


def _connected(settings: SmtpSettings) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(settings.authority) if settings.authority else None)
    server: smtplib.SMTP
    if settings.security == "tls":
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.connect_seconds, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.connect_seconds)
    try:
        assert server.sock is not None
        # The message and its final dot leave as separate small packets: neither may wait for the other.
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.sock.settimeout(settings.command_seconds)
        server.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


class SmtpConversation:
    """One connection. Commands go one by one: `smtplib`'s own sending hides the step that matters."""

    def __init__(self, server: smtplib.SMTP, settings: SmtpSettings) -> None:
        self._server = server
        self._settings = settings
        self._in_message = False

    def offer(self, envelope: Envelope) -> None:
        try:
            self._ask(self._server.mail(envelope.sender), sender=True)
            self._ask(self._server.rcpt(envelope.recipient))
            self._ask(self._server.docmd("DATA"), expected=354)
            self._in_message = True
            self._patience(self._settings.data_seconds)
            self._server.send(_stuffed(envelope.data))
        except (OSError, smtplib.SMTPException) as fault:
            self._server.close()
            raise Unreachable(f"The mail server went away: {_said(fault)}") from fault

    def finish(self) -> ServerReply:
        try:
            self._server.send(b".\r\n")
            code, text = self._server.getreply()
            self._in_message = False
            self._patience(self._settings.command_seconds)
        except (OSError, smtplib.SMTPException) as fault:
            self._server.close()
            raise Unknown(f"No reply after the mail was handed over: {_said(fault)}") from fault
        reply = _reply(code, text)
        if reply.code // 100 == 2:
            return reply
        if reply.code // 100 not in (4, 5):
            self._server.close()
            raise Unknown(f"An answer without meaning after the mail was handed over: {reply}")
        self._refuse(reply)
        raise AssertionError("unreachable")

    def drop(self) -> None:
        self._server.close()

    def close(self) -> None:
        if self._in_message:
            # "QUIT" would be one more line of the message, and the server would wait for the next.
            self._server.close()
            return
        # The mails are delivered and recorded; what the server says to goodbye changes nothing.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._server.docmd("QUIT")
        self._server.close()

    def _ask(self, answer: tuple[int, bytes], *, expected: int | None = None, sender: bool = False) -> None:
        reply = _reply(*answer)
        if reply.code == expected or (expected is None and reply.code in (250, 251)):
            return
        if sender or reply.code // 100 not in (4, 5):
            # It refuses us, not this mail: the next would fare no better.
            self._server.close()
            raise Unreachable(f"The mail server does not take mail from us: {reply}")
        self._refuse(reply)

    def _refuse(self, reply: ServerReply) -> None:
        if reply.code == 421:
            self._server.close()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.docmd("RSET")
        raise Refused(reply, temporary=is_temporary(reply.code, reply.text))

    def _patience(self, seconds: float) -> None:
        if self._server.sock is not None:
            self._server.sock.settimeout(seconds)


def _stuffed(data: bytes) -> bytes:
    """Lines that begin with a dot get a second one (RFC 5321, 4.5.2); the last line is ended."""
    return re.sub(rb"(?m)^\.", b"..", data) + (b"" if data.endswith(b"\r\n") else b"\r\n")


def _reply(code: int, text: bytes) -> ServerReply:
    words = text.decode("utf-8", "replace")
    return ServerReply(
        code=code, text=" ".join("".join(c if c.isprintable() else " " for c in words).split())[:300]
    )


def _said(fault: BaseException) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        said = fault.smtp_error
        return str(_reply(fault.smtp_code, said if isinstance(said, bytes) else str(said).encode()))
    return str(fault) or type(fault).__name__
