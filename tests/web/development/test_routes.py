"""The mails of a trial on one's own machine."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.web.visitors import text_of
from web.config import Config


@pytest.fixture
def a_mail(config: Config) -> Path:
    message = EmailMessage()
    message["To"], message["From"] = "lena.brandt@example.org", "evenhand@example.org"
    message["Subject"], message["Date"] = "Your <match>", "Mon, 02 Mar 2026 09:00:00 +0000"
    message.set_content("Hello http://localhost/c/together/my-match\n")
    message.add_alternative('<p style="color:red">Hello</p><script>x()</script>', subtype="html")
    assert config.mail_folder is not None
    file = config.mail_folder / "new" / "one.eml"
    file.parent.mkdir(parents=True)
    file.write_bytes(message.as_bytes())
    return file


def test_an_empty_inbox_says_what_will_come(site):
    assert "No mail yet" in text_of(site.visitor().get("/dev/inbox"))


def test_mails_are_listed_and_opened(site, a_mail):
    visitor = site.visitor()
    listed, opened = visitor.get("/dev/inbox"), visitor.get("/dev/inbox/one")

    assert "Your <match> To: lena.brandt@example.org" in text_of(listed) or "Your <match>" in text_of(listed)
    assert '<a href="http://localhost/c/together/my-match" rel="noopener">' in opened.text


def test_the_mails_own_page_may_style_itself_and_nothing_more(site, a_mail):
    answer = site.visitor().get("/dev/inbox/one/html")
    policy = answer.headers["Content-Security-Policy"]

    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["two", "..%2Fone", "%2Fetc%2Fpasswd", "one.eml"])
def test_only_mails_of_the_folder_are_found(site, a_mail, path):
    assert site.visitor().get(f"/dev/inbox/{path}").status_code == 404
