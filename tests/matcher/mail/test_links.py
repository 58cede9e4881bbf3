"""Every link of a mail leads to a page the site has."""

from uuid import UUID

import pytest

from matcher.mail.links import Links
from web.app import create_app
from web.config import Config

LINKS = Links(base_url="https://match.river.example")


@pytest.mark.parametrize(
    "link",
    [
        LINKS.home(),
        LINKS.cycle("spring"),
        LINKS.my_match("spring"),
        LINKS.sign_in("Zm9v-YmFy_1"),
        LINKS.organise(UUID(int=7)),
        LINKS.check_in("Zm9v-YmFy_2"),
        LINKS.care("spring"),
        LINKS.asked_for_help("spring", UUID(int=8)),
        LINKS.handled(UUID(int=8)),
    ],
)
def test_link_is_a_page_of_the_site(link: str, database_url: str) -> None:
    app = create_app(
        Config(database_url=database_url, secret_key="s" * 40, base_url="https://match.river.example")
    )

    routes = app.url_map.bind("match.river.example", url_scheme="https")

    assert routes.match(link.removeprefix("https://match.river.example"), method="GET")
