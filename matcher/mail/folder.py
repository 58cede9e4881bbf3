"""Mails as files in a folder: the delivery that needs no mail server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from matcher.mail.handover import ServerReply, Unknown, Unreachable
from matcher.mail.wire import Envelope


@dataclass(frozen=True)
class FolderDelivery:
    """`path/new/<name>.eml`, one file for each delivered mail, written in `path/tmp` and moved when whole.

    The name holds the attempt: a second delivery of one mail would be a second file, nothing is covered up.
    """

    path: Path

    def open(self) -> FolderConversation:
        try:
            for part in ("tmp", "new"):
                (self.path / part).mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Unreachable(f"The mail folder cannot be used: {fault.strerror}.") from fault
        return FolderConversation(self.path)


class FolderConversation:
    """Offers into `tmp`, finishes by moving to `new`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offered: str | None = None

    def offer(self, envelope: Envelope) -> None:
        try:
            with (self._path / "tmp" / f"{envelope.name}.eml").open("wb") as file:
                file.write(envelope.data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as fault:
            raise Unreachable(f"The mail folder cannot be written: {fault.strerror}.") from fault
        self._offered = envelope.name

    def finish(self) -> ServerReply:
        file, self._offered = f"{self._offered}.eml", None
        try:
            (self._path / "tmp" / file).rename(self._path / "new" / file)
            _sync_folder(self._path / "new")
        except OSError as fault:
            raise Unknown(f"The mail folder did not keep the file: {fault.strerror}.") from fault
        return ServerReply(code=250, text="kept in the mail folder")

    def drop(self) -> None:
        if self._offered is not None:
            (self._path / "tmp" / f"{self._offered}.eml").unlink(missing_ok=True)
            self._offered = None

    def close(self) -> None:
        self.drop()


def _sync_folder(folder: Path) -> None:
    """Make a move durable: the file was, its new name is not yet."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, kw_only=True)
class DeliveredMail:
    """A delivered mail as the development inbox shows it. `id` is the name of its file."""

    id: str
    to: str
    sender: str
    subject: str
    written_at: datetime
    text: str
    html: str
    ics: str


def letters(path: Path) -> tuple[DeliveredMail, ...]:
    """All mails of the folder, the latest first."""
    files = (path / "new").glob("*.eml")
    found = [_read(file) for file in files]
    return tuple(sorted(found, key=lambda each: (each.written_at, each.id), reverse=True))


def letter(path: Path, id: str) -> DeliveredMail | None:  # noqa: A002 - the id of a letter
    """One mail by its id, which may come from a web address: only names of files in the folder are found."""
    return next((_read(file) for file in (path / "new").glob("*.eml") if file.stem == id), None)


@lru_cache(maxsize=2_000)
def _read(file: Path) -> DeliveredMail:
    # A delivered mail never changes under its name, and the inbox asks every two seconds.
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return DeliveredMail(
        id=file.stem,
        to=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        written_at=message["Date"].datetime,
        text=_body(message, "text/plain"),
        html=_body(message, "text/html"),
        ics=_body(message, "text/calendar"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((str(part.get_content()).replace("\r\n", "\n") for part in parts), "")
