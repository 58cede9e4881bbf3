"""Settings that cannot be used are told in one sentence each, and the process ends with 78."""

import os
import subprocess
import sys

import pytest

from web.config import BadSettings, Config

GOOD = {
    "DATABASE_URL": "sqlite:///evenhand.db",
    "SECRET_KEY": "k" * 32,
    "BASE_URL": "https://match.example.org",
}


def refused(**changed: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as bad:
        Config.from_environment({**GOOD, **changed})
    return bad.value.sentences


def test_three_settings_are_enough():
    config = Config.from_environment(GOOD)

    assert config == Config(
        database_url="sqlite:///evenhand.db", secret_key="k" * 32, base_url="https://match.example.org"
    )
    assert (config.secure, config.hosts, str(config.mail_folder)) == (
        True,
        ("match.example.org",),
        "var/mail",
    )


def test_every_missing_setting_is_named():
    with pytest.raises(BadSettings) as bad:
        Config.from_environment({"FLASK_DEBUG": "1"})

    assert [sentence.split()[0] for sentence in bad.value.sentences] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "BASE_URL",
        "FLASK_DEBUG",
    ]


@pytest.mark.parametrize(
    "url",
    ["match.example.org", "ftp://x.org", "https://", "https://x.org/app", "https://a@x.org", "https://x y"],
)
def test_the_sites_address_is_a_host_and_nothing_more(url):
    (sentence,) = refused(BASE_URL=url)

    assert sentence.endswith(
        "Write the address people use, such as https://match.example.org, without a path."
    )


@pytest.mark.parametrize("mail", ["", "mail.example.org", "smtp://", "folder:"])
def test_mails_need_somewhere_to_go(mail):
    (sentence,) = refused(MAIL=mail)

    assert "Write folder:PATH to keep mails in a folder, or smtp://host:port to send them." in sentence


def test_a_password_in_a_setting_is_never_repeated():
    sentences = refused(
        DATABASE_URL="mysql://u:hunter2@h/db", SECRET_KEY="hunter2", MAIL="smpt://u:hunter2@h"
    )

    assert "hunter2" not in " ".join(sentences)


def test_trusted_hosts_are_names():
    assert Config.from_environment({**GOOD, "TRUSTED_HOSTS": "a.org, b.org"}).hosts == ("a.org", "b.org")
    assert refused(TRUSTED_HOSTS="https://a.org") == (
        "TRUSTED_HOSTS holds something that is no host name. Write names only, like a.example.org.",
    )


def test_the_inbox_shows_a_folder_only():
    assert refused(DEV_INBOX="1", MAIL="smtp://mail.example.org") == (
        "DEV_INBOX shows the mails of a folder, but MAIL sends them. Set MAIL=folder:PATH or remove it.",
    )


def test_a_wrong_setting_ends_the_process_with_78():
    ended = subprocess.run(
        [sys.executable, "-c", "from web.config import from_environment_or_exit as f; f()"],
        env={"PATH": os.environ["PATH"], **GOOD, "SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (78, "")
    assert ended.stderr.startswith("SECRET_KEY is missing or shorter than 32 characters.")
    assert ended.stderr.count("\n") == 1
