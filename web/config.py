"""The settings of the site, read once; what is wrong with them is told in one sentence each."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlsplit

EXIT_CONFIG = 78
"""`EX_CONFIG` of sysexits.h."""

SHORTEST_SECRET = 32
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


class BadSettings(Exception):  # noqa: N818 (the word of the glossary, not of the language)
    """Settings that cannot be used; `sentences` has one for each."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, kw_only=True)
class Config:
    """What `create_app` is built from.

    mail: `folder:PATH` or `smtp://[user:password@]host[:port]`. trusted_hosts: host names a request may name;
    by default the one of `base_url`. dev_inbox: show the mails of the folder as pages, on a laptop only.
    founders: mail addresses, in small letters, of people who may make the first programme.
    """

    database_url: str
    secret_key: str
    base_url: str
    mail: str = "folder:var/mail"
    trusted_hosts: tuple[str, ...] = ()
    dev_inbox: bool = False
    founders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = tuple(faults(self))
        if wrong:
            raise BadSettings(wrong)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """The settings of these variables; `BadSettings` names every one that is wrong or missing."""
        hosts = environ.get("TRUSTED_HOSTS", "").replace(",", " ").split()
        founders = environ.get("FOUNDERS", "").replace(",", " ").lower().split()
        wrong = [] if environ.get("FLASK_DEBUG", "0") in {"", "0"} else [DEBUG_ON]
        try:
            config = cls(
                database_url=environ.get("DATABASE_URL", ""),
                secret_key=environ.get("SECRET_KEY", ""),
                base_url=environ.get("BASE_URL", ""),
                mail=environ.get("MAIL", "folder:var/mail"),
                trusted_hosts=tuple(hosts),
                dev_inbox=environ.get("DEV_INBOX", "0") not in {"", "0"},
                founders=tuple(founders),
            )
        except BadSettings as bad:
            raise BadSettings((*bad.sentences, *wrong)) from None
        if wrong:
            raise BadSettings(tuple(wrong))
        return config

    @property
    def secure(self) -> bool:
        """Whether people come by https; decides the cookie's name and flag."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names a request may name."""
        return self.trusted_hosts or (urlsplit(self.base_url).hostname or "",)

    @property
    def mail_folder(self) -> Path | None:
        """The folder mails are delivered into, if they are not sent."""
        kind, _, path = self.mail.partition(":")
        return Path(path) if kind == "folder" else None


DEBUG_ON = "FLASK_DEBUG is on. It would show code and secrets to visitors: remove it."


def faults(config: Config) -> list[str]:
    """One sentence for each setting that cannot be used."""
    checks = (
        (config.database_url.partition(":")[0] in DATABASES, DATABASE_SENTENCE),
        (len(config.secret_key) >= SHORTEST_SECRET, KEY_SENTENCE),
        (is_site(config.base_url), f"BASE_URL is missing or no plain address. {BASE_SENTENCE}"),
        (
            is_mail(config.mail),
            f"MAIL is of the kind {config.mail.partition(':')[0][:20]!r}. {MAIL_SENTENCE}",
        ),
        (all(map(is_host, config.trusted_hosts)), HOSTS_SENTENCE),
        (all(one.count("@") == 1 for one in config.founders), FOUNDERS_SENTENCE),
        (not config.dev_inbox or config.mail_folder is not None, INBOX_SENTENCE),
    )
    return [sentence for good, sentence in checks if not good]


DATABASE_SENTENCE = (
    "DATABASE_URL is missing or of an unknown kind. "
    "Write sqlite:///evenhand.db or postgresql://user:password@host/evenhand."
)
KEY_SENTENCE = (
    "SECRET_KEY is missing or shorter than 32 characters. "
    "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'."
)
BASE_SENTENCE = "Write the address people use, such as https://match.example.org, without a path."
MAIL_SENTENCE = "Write folder:PATH to keep mails in a folder, or smtp://host:port to send them."
HOSTS_SENTENCE = "TRUSTED_HOSTS holds something that is no host name. Write names only, like a.example.org."
FOUNDERS_SENTENCE = (
    "FOUNDERS holds something that is no mail address. "
    "Write the addresses of those who may make a programme, separated by commas."
)
INBOX_SENTENCE = (
    "DEV_INBOX shows the mails of a folder, but MAIL sends them. Set MAIL=folder:PATH or remove it."
)


def is_site(url: str) -> bool:
    """Whether it is http(s)://host[:port] and nothing more."""
    parts = urlsplit(url)
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and not parts.username
    return parts.scheme in {"http", "https"} and is_host(parts.hostname or "") and bare


def is_mail(setting: str) -> bool:
    """Whether it says where mails go."""
    kind, _, rest = setting.partition(":")
    return (kind == "folder" and bool(rest)) or (
        kind in {"smtp", "smtps"} and bool(urlsplit(setting).hostname)
    )


def is_host(name: str) -> bool:
    """Whether it can be a host name or an IPv4 address."""
    return bool(name) and all(part.replace("-", "").isalnum() and part.isascii() for part in name.split("."))


def from_environment_or_exit() -> Config:
    """The settings of this process; prints what is wrong and ends it with exit code 78."""
    try:
        return Config.from_environment(os.environ)
    except BadSettings as bad:
        refuse(bad)


def refuse(bad: BadSettings) -> NoReturn:
    """Say each sentence on standard error and end."""
    sys.stderr.write("".join(f"{sentence}\n" for sentence in bad.sentences))
    raise SystemExit(EXIT_CONFIG)
