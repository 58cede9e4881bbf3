"""A real mail server on loopback that keeps what it takes and can be told to refuse, hang up or go away."""
# ruff: noqa: ARG002 (the signatures are those of aiosmtpd)

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from matcher.mail.smtp import SmtpSettings

Rule = Callable[[str], str]


def welcome(_recipient: str) -> str:
    """The rule of a server that takes everything."""
    return "250 OK"


class MailServer:
    """What it took, and its rules: each gives the reply for a recipient; "" hangs up without any."""

    def __init__(self) -> None:
        self.on_recipient: Rule = welcome
        self.on_sender: Rule = welcome
        self.on_message: Rule = welcome
        self.kept: list[tuple[str, bytes]] = []
        self.connections = 0
        self.goodbye_fails = False

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of each message kept, in the order of arrival."""
        return [str(message_from_bytes(data)["Message-ID"]) for _, data in self.kept]

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.kept]

    async def handle_EHLO(  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.on_sender(address)
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.on_recipient(address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = self.on_message(envelope.rcpt_tos[0])
        if not reply or reply.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.kept += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        if not reply:
            assert server.transport is not None
            server.transport.abort()
        return reply or "250 never heard"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "421 going away" if self.goodbye_fails else "221 bye"


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
    right = isinstance(auth_data, LoginPassword) and auth_data.password == b"right"
    return AuthResult(success=right, handled=False)


class _Running:
    """The server's loop in a thread of its own."""

    def __init__(self, handler: MailServer, context: ssl.SSLContext | None, port: int, login: bool) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._handler, self._context, self._login = handler, context, login
        self.port = port
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _protocol(self) -> SMTP:
        self._handler.connections += 1
        return SMTP(
            self._handler,
            hostname="localhost",
            tls_context=self._context,
            require_starttls=self._context is not None,
            authenticator=_login if self._login else None,
            auth_required=self._login,
            loop=self._loop,
        )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, "127.0.0.1", self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        open_tasks = asyncio.all_tasks(self._loop)
        for task in open_tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*open_tasks, return_exceptions=True))
        self._loop.close()


class Authority:
    """A certificate authority of the test's own and what it signed for localhost."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)


@contextmanager
def running(
    server: MailServer, *, authority: Authority | None = None, port: int = 0, login: bool = False
) -> Iterator[SmtpSettings]:
    """The server listening; yields the settings that reach it. STARTTLS if there is an authority."""
    thread = _Running(server, authority.context if authority else None, port, login)
    thread.start()
    try:
        yield SmtpSettings(
            host="localhost" if authority else "127.0.0.1",
            port=thread.port,
            security="starttls" if authority else "none",
            authority=authority.file if authority else None,
        )
    finally:
        thread.stop()
