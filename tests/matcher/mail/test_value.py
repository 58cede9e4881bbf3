"""A mail refuses whatever could become a second header or a second recipient."""

from dataclasses import replace
from uuid import UUID

import pytest

from matcher.mail.links import Links
from matcher.mail.value import CannotBeWritten, Mail, address, single_line
from matcher.mail.wire import PAYLOAD

MAIL = Mail(
    id=UUID(int=1),
    to="ina@river.example",
    name="Ina",
    subject="Meet Ravi",
    text="Hello",
    html="<p>Hello</p>",
    message_id=f"<{UUID(int=1)}@river.example>",
)

DANGEROUS = {
    "payload of CVE-2024-6923": PAYLOAD,
    "encoded word inside": "Meet =?utf-8?b?SGk=?= now",
    "line feed": "Meet\nBcc: eve@evil.example",
    "carriage return": "Meet\rBcc: eve@evil.example",
    "vertical tab": "Meet\x0bRavi",
    "form feed": "Meet\x0cRavi",
    "next line": "Meet\x85Ravi",
    "line separator": "Meet\u2028Ravi",
    "paragraph separator": "Meet\u2029Ravi",
    "null": "Meet\x00Ravi",
    "escape": "Meet\x1b[31mRavi",
    "half a character": "Meet \ud800",
    "too long": "M" * 301,
}


@pytest.mark.parametrize("text", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_dangerous_text_is_refused_as_subject_and_as_name(text: str) -> None:
    with pytest.raises(CannotBeWritten, match="The subject"):
        replace(MAIL, subject=text)
    with pytest.raises(CannotBeWritten, match="The name"):
        replace(MAIL, name=text)


@pytest.mark.parametrize("text", ["Zoë", "=HYPERLINK(…)", "O’Neill", "x?=", "=?", "李小龙", "a, b"])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert single_line(text, "subject") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ina",
        "ina@",
        "@river.example",
        "a@b@river.example",
        "ina@river..example",
        "ina@x.example)b@evil.example",
        "ina@river.example, eve@evil.example",
        "ina@river.example\nBcc: eve@evil.example",
        "Ina <ina@river.example>",
        "ina@[127.0.0.1]",
        "ína@river.example",
        "=?utf-8?q?x?=@river.example",
        f"{'a' * 65}@river.example",
    ],
)
def test_anything_but_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(CannotBeWritten):
        address(text)


@pytest.mark.parametrize("text", ["a@localhost", "a+1@x.example", "o'neill@river.example", "A.b@R.Example"])
def test_plain_addresses_are_taken(text: str) -> None:
    assert address(text) == text


def test_mail_needs_words_and_our_own_message_id() -> None:
    with pytest.raises(CannotBeWritten, match="subject is empty"):
        replace(MAIL, subject=" ")
    with pytest.raises(CannotBeWritten, match="text is empty"):
        replace(MAIL, text="\n")
    with pytest.raises(CannotBeWritten, match="Message-ID"):
        replace(MAIL, message_id="<other@river.example>")


def test_links_come_from_the_setting_alone() -> None:
    links = Links(base_url="https://match.river.example/")

    assert links.sign_in("a/b?c") == "https://match.river.example/sign-in/a%2Fb%3Fc"
    assert links.my_match("spring") == "https://match.river.example/c/spring/my-match"
    assert links.cycle("spring") == "https://match.river.example/c/spring"
    assert links.home() == "https://match.river.example/"
    assert links.organise(UUID(int=5)) == f"https://match.river.example/organise/{UUID(int=5)}"
    assert links.sender_address == "evenhand@match.river.example"


@pytest.mark.parametrize("base_url", ["", "match.example", "ftp://x", "https://", "https://x/?a=1"])
def test_links_refuse_what_is_no_site(base_url: str) -> None:
    with pytest.raises(ValueError, match="The address of the site"):
        Links(base_url=base_url)
