"""The mail folder: whole files only, one for each delivery, and readable in the development inbox."""

from pathlib import Path

import pytest

from matcher.mail.delivery import FolderDelivery, SmtpDelivery, SmtpSettings, from_setting
from matcher.mail.folder import DeliveredMail, letter, letters
from matcher.mail.handover import ServerReply, Unreachable
from matcher.mail.wire import envelope
from tests.matcher.mail.letters import LINKS, WRITTEN, all_letters


def deliver(path: Path, name: str, attempt: int = 1) -> ServerReply:
    conversation = FolderDelivery(path).open()
    mail = all_letters()[name]
    conversation.offer(envelope(mail, sender=LINKS.sender_address, attempt=attempt, written_at=WRITTEN))
    reply = conversation.finish()
    conversation.close()
    return reply


def test_delivered_mail_is_one_whole_file(tmp_path: Path) -> None:
    reply = deliver(tmp_path, "waitlist")

    assert reply == ServerReply(code=250, text="kept in the mail folder")
    mail = all_letters()["waitlist"]
    assert [file.name for file in (tmp_path / "new").iterdir()] == [f"{mail.id}.1.eml"]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_offered_mail_is_not_delivered_yet_and_can_be_dropped(tmp_path: Path) -> None:
    conversation = FolderDelivery(tmp_path).open()
    mail = all_letters()["waitlist"]
    conversation.offer(envelope(mail, sender=LINKS.sender_address, attempt=1, written_at=WRITTEN))
    assert letters(tmp_path) == ()

    conversation.drop()

    assert list(tmp_path.rglob("*.eml")) == []


def test_second_delivery_is_a_second_file(tmp_path: Path) -> None:
    deliver(tmp_path, "waitlist", attempt=1)
    deliver(tmp_path, "waitlist", attempt=2)

    assert len(letters(tmp_path)) == 2


def test_inbox_shows_the_mail_as_it_was_written(tmp_path: Path) -> None:
    deliver(tmp_path, "introduction")
    mail = all_letters()["introduction"]

    shown = letter(tmp_path, f"{mail.id}.1")

    assert mail.ics is not None
    assert shown == DeliveredMail(
        id=f"{mail.id}.1",
        to="Ina Bergmann <ina@river.example>",
        sender="Evenhand <mentoring@river.example>",
        subject=mail.subject,
        written_at=WRITTEN,
        text=mail.text,
        html=mail.html if mail.html.endswith("\n") else mail.html + "\n",
        ics=mail.ics.decode().replace("\r\n", "\n"),
    )


def test_inbox_finds_only_names_of_its_own_files(tmp_path: Path) -> None:
    deliver(tmp_path, "waitlist")
    (tmp_path / "secret.eml").write_text("not for you")

    assert letter(tmp_path, "../secret") is None
    assert letters(tmp_path / "nowhere") == ()


def test_folder_that_cannot_be_made_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unreachable, match="The mail folder cannot be used"):
        FolderDelivery(tmp_path / "file").open()


def test_one_setting_chooses_the_delivery() -> None:
    assert from_setting("folder:var/mail") == FolderDelivery(Path("var/mail"))
    assert from_setting("smtp://mail.example") == SmtpDelivery(SmtpSettings(host="mail.example"))


@pytest.mark.parametrize("setting", ["", "folder:", "mail.example", "http://mail.example"])
def test_anything_else_is_told(setting: str) -> None:
    with pytest.raises(ValueError, match="Mail goes to folder:PATH, smtp"):
        from_setting(setting)
