"""The deliveries there are, and the one setting that chooses between them."""

from __future__ import annotations

from pathlib import Path

from matcher.mail.folder import FolderDelivery
from matcher.mail.handover import Delivery
from matcher.mail.smtp import SmtpDelivery, SmtpSettings

__all__ = ["Delivery", "FolderDelivery", "SmtpDelivery", "SmtpSettings", "from_setting"]


def from_setting(setting: str) -> FolderDelivery | SmtpDelivery:
    """`folder:PATH`, `smtp://…` or `smtps://…`. Raises ValueError with the sentence for whoever set it."""
    if setting.startswith("folder:") and setting != "folder:":
        return FolderDelivery(Path(setting.removeprefix("folder:")))
    if setting.startswith(("smtp://", "smtps://")):
        return SmtpDelivery(SmtpSettings.from_url(setting))
    raise ValueError("Mail goes to folder:PATH, smtp://host:port or smtps://host:port.")
