"""The golden e-mails. `python -m tests.matcher.mail.golden` writes them anew; then read the difference."""

from collections.abc import Mapping
from pathlib import Path

from matcher.mail.wire import build
from tests.matcher.mail.letters import LINKS, WRITTEN, all_letters

GOLDEN = Path(__file__).parents[2] / "golden" / "mails"


def files() -> Mapping[str, bytes]:
    """Name and content of each golden file: the words, the page, the invitation, and one whole message."""
    found: dict[str, bytes] = {}
    for name, mail in all_letters().items():
        found[f"{name}.txt"] = f"Subject: {mail.subject}\n\n{mail.text}".encode()
        found[f"{name}.html"] = mail.html.encode()
        if mail.ics is not None and not name.endswith("_german"):
            found[f"{name}.ics"] = mail.ics
    whole = all_letters()["introduction"]
    found["introduction.eml"] = build(whole, sender=LINKS.sender_address, written_at=WRITTEN)
    return found


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (GOLDEN / name).write_bytes(content)
