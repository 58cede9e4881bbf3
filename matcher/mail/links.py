"""Links in mails. They come from one setting, never from a request: a forged Host must not reach a mail."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from uuid import UUID

from matcher.mail.value import address


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where the mails lead to (`base_url`, http or https) and the address they come from (`sender`)."""

    base_url: str
    sender: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(
                f"The address of the site is {self.base_url!r}; expected one like https://match.example."
            )
        address(self.sender_address)

    @property
    def host(self) -> str:
        """The site's host name, without port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def sender_address(self) -> str:
        """The address the mails come from and invitations are answered to."""
        return self.sender or f"evenhand@{self.host}"

    def message_id(self, mail_id: UUID) -> str:
        """`<outbox-uuid@domain>`."""
        return f"<{mail_id}@{self.sender_address.rpartition('@')[2]}>"

    def home(self) -> str:
        return self._page("")

    def cycle(self, slug: str) -> str:
        return self._page("c", slug)

    def my_match(self, slug: str) -> str:
        return self._page("c", slug, "my-match")

    def sign_in(self, token: str) -> str:
        return self._page("sign-in", token)

    def organise(self, cycle_id: UUID) -> str:
        return self._page("organise", str(cycle_id))

    def check_in(self, token: str) -> str:
        return self._page("check-in", token)

    def care(self, slug: str) -> str:
        return self._page("c", slug, "care")

    def asked_for_help(self, slug: str, case_id: UUID) -> str:
        return self._page("c", slug, "care", "help", str(case_id))

    def handled(self, case_id: UUID) -> str:
        return self._page("handle", str(case_id))

    def _page(self, *steps: str) -> str:
        return "/".join([self.base_url.rstrip("/"), *(quote(step, safe="") for step in steps)])
