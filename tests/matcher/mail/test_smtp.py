"""Handing over to a real mail server: what each of its answers means for the mail."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.mail.handover import Refused, ServerReply, Unknown, Unreachable, is_temporary
from matcher.mail.smtp import SmtpDelivery, SmtpSettings
from matcher.mail.wire import Envelope
from tests.matcher.mail.server import Authority, MailServer, running

MAIL = Envelope(
    name="1.1",
    sender="evenhand@river.example",
    recipient="ina@river.example",
    data=b"Subject: Hello\r\nMessage-ID: <1@river.example>\r\n\r\n.one dot\r\n..two\r\n.\r\nlast\r\n",
)


@pytest.fixture
def server() -> MailServer:
    return MailServer()


def test_message_arrives_as_it_was_dots_and_all(server: MailServer, tmp_path: Path) -> None:
    with running(server, authority=Authority(tmp_path)) as settings:
        conversation = SmtpDelivery(settings).open()
        conversation.offer(MAIL)
        assert server.kept == []
        reply = conversation.finish()
        conversation.close()

    assert reply == ServerReply(code=250, text="OK")
    assert server.kept == [("ina@river.example", MAIL.data)]


def test_one_connection_takes_many_mails(server: MailServer) -> None:
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        for number in range(20):
            conversation.offer(replace(MAIL, recipient=f"p{number}@river.example"))
            conversation.finish()
        conversation.close()

    assert server.recipients == [f"p{number}@river.example" for number in range(20)]
    assert server.connections == 1


def test_mail_dropped_before_the_dot_is_not_delivered(server: MailServer) -> None:
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        conversation.offer(MAIL)
        conversation.drop()
        again = SmtpDelivery(settings).open()
        again.offer(replace(MAIL, recipient="ravi@river.example"))
        again.finish()
        again.close()

    assert server.recipients == ["ravi@river.example"]


@pytest.mark.parametrize(
    ("reply", "temporary"),
    [
        ("450 mailbox busy", True),
        ("451 try later", True),
        ("452 4.2.2 mailbox full", True),
        ("552 5.2.2 over quota", True),
        ("452 4.3.4 message size exceeds fixed limit", False),
        ("552 message too large", False),
        ("550 no such user", False),
        ("551 user not local", False),
        ("553 name not allowed", False),
        ("554 no", False),
    ],
)
def test_refused_recipient_is_told_and_the_next_mail_goes_on(
    server: MailServer, reply: str, temporary: bool
) -> None:
    server.on_recipient = lambda recipient: reply if recipient.startswith("ina") else "250 OK"
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        with pytest.raises(Refused) as refused:
            conversation.offer(MAIL)
        conversation.offer(replace(MAIL, recipient="ravi@river.example"))
        conversation.finish()
        conversation.close()

    assert (str(refused.value), refused.value.temporary) == (reply, temporary)
    assert server.recipients == ["ravi@river.example"]
    assert server.connections == 1


@pytest.mark.parametrize(("reply", "temporary"), [("451 busy", True), ("554 looks like spam", False)])
def test_refusal_after_the_dot_is_a_refusal(server: MailServer, reply: str, temporary: bool) -> None:
    server.on_message = lambda _: reply
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        conversation.offer(MAIL)
        with pytest.raises(Refused) as refused:
            conversation.finish()
        conversation.close()

    assert (refused.value.reply.code, refused.value.temporary) == (int(reply[:3]), temporary)
    assert server.kept == []


def test_reply_lost_after_the_dot_is_unknown_though_delivered(server: MailServer) -> None:
    server.on_message = lambda _: ""
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        conversation.offer(MAIL)
        with pytest.raises(Unknown, match="No reply after the mail was handed over"):
            conversation.finish()

    assert server.recipients == ["ina@river.example"]


def test_faults_at_goodbye_change_nothing(server: MailServer) -> None:
    server.goodbye_fails = True
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        conversation.offer(MAIL)
        reply = conversation.finish()
        conversation.close()

    assert reply.code == 250


def test_refused_sender_is_no_fault_of_the_mail(server: MailServer) -> None:
    server.on_sender = lambda _: "553 sender not ours"
    with running(server) as settings:
        conversation = SmtpDelivery(settings).open()
        with pytest.raises(Unreachable, match="553 sender not ours"):
            conversation.offer(MAIL)


def test_server_that_is_not_there_is_unreachable(server: MailServer) -> None:
    with running(server) as settings:
        pass

    with pytest.raises(Unreachable, match="cannot be used"):
        SmtpDelivery(settings).open()


def test_server_with_an_unknown_certificate_gets_no_mail(server: MailServer, tmp_path: Path) -> None:
    with (
        running(server, authority=Authority(tmp_path)) as settings,
        pytest.raises(Unreachable, match="certificate verify failed"),
    ):
        SmtpDelivery(replace(settings, authority=None)).open()

    assert server.kept == []


def test_server_without_encryption_gets_no_mail(server: MailServer) -> None:
    with running(server) as settings, pytest.raises(Unreachable, match="STARTTLS"):
        SmtpDelivery(replace(settings, security="starttls")).open()


def test_name_and_password_are_given_and_a_wrong_one_is_told(server: MailServer, tmp_path: Path) -> None:
    with running(server, authority=Authority(tmp_path), login=True) as settings:
        with pytest.raises(Unreachable, match="535"):
            SmtpDelivery(replace(settings, user="evenhand", password="wrong")).open()
        conversation = SmtpDelivery(replace(settings, user="evenhand", password="right")).open()
        conversation.offer(MAIL)
        conversation.finish()
        conversation.close()

    assert server.recipients == ["ina@river.example"]


def test_server_that_never_greets_is_given_up_after_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings = SmtpSettings(
            host="127.0.0.1", port=mute.getsockname()[1], security="none", connect_seconds=0.2
        )
        with pytest.raises(Unreachable, match="timed out"):
            SmtpDelivery(settings).open()


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("smtp://mail.example", SmtpSettings(host="mail.example", port=587)),
        ("smtp://mail.example:25", SmtpSettings(host="mail.example", port=25)),
        ("smtps://mail.example", SmtpSettings(host="mail.example", port=465, security="tls")),
        ("smtp://127.0.0.1:1025?security=none", SmtpSettings(host="127.0.0.1", port=1025, security="none")),
        (
            "smtp://ev%40en:p%2Fw@mail.example?authority=ca.pem",
            SmtpSettings(host="mail.example", user="ev@en", password="p/w", authority=Path("ca.pem")),
        ),
    ],
)
def test_settings_are_read_from_one_address(url: str, settings: SmtpSettings) -> None:
    assert SmtpSettings.from_url(url) == settings


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("smtp://", "not given as"),
        ("http://mail.example", "not given as"),
        ("smtp://mail.example/x", "not given as"),
        ("smtp://mail.example?tls=1", "Unknown mail server option 'tls'"),
        ("smtp://mail.example?security=maybe", "expected starttls, tls or none"),
        ("smtp://mail.example?security=none", "would travel unprotected"),
        ("smtp://user@mail.example", "has no password"),
    ],
)
def test_wrong_settings_are_told(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SmtpSettings.from_url(url)


def test_replies_are_sorted_by_their_meaning() -> None:
    assert [is_temporary(code, "") for code in (421, 450, 500, 550)] == [True, True, False, False]
