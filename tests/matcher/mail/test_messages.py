"""Each mail says the same words as its golden file, and links only to places of the site."""

import re

import pytest
from jinja2 import UndefinedError

from matcher.mail.compose import TEMPLATES, compose
from tests.matcher.mail.golden import GOLDEN, files
from tests.matcher.mail.letters import INA, LINKS, all_letters


@pytest.mark.parametrize("name", sorted(files()))
def test_mail_is_the_golden_one(name: str) -> None:
    assert files()[name] == (GOLDEN / name).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == set(files())


def test_every_template_has_a_golden_mail() -> None:
    folders = {folder.name for folder in TEMPLATES.iterdir() if folder.is_dir()}

    assert folders <= set(all_letters())


@pytest.mark.parametrize("name", sorted(all_letters()))
def test_mail_links_only_to_the_site_and_loads_nothing(name: str) -> None:
    mail = all_letters()[name]

    addresses = set(re.findall(r'(?:href|src)="([^"]*)"', mail.html))

    assert {each for each in addresses if not each.startswith("mailto:")} <= {
        each for each in addresses if each.startswith("https://match.river.example/")
    }
    assert not re.search(r"<(img|script|link|iframe)\b", mail.html)


@pytest.mark.parametrize("name", sorted(all_letters()))
def test_mail_reads_in_the_light_and_in_the_dark(name: str) -> None:
    html = all_letters()[name].html

    assert 'style="' in html
    assert "@media (prefers-color-scheme: dark)" in html


def test_words_of_people_stay_words() -> None:
    mail = compose(
        "waitlist",
        mail_id=all_letters()["waitlist"].id,
        to=INA.email,
        name="<b>Ina</b> {{ 7 * 7 }}",
        links=LINKS,
        reasons=["<script>alert(1)</script>"],
        cycle={"programme": "A & B", "cycle": "One", "slug": "a-b"},
    )

    assert "&lt;b&gt;Ina&lt;/b&gt; {{ 7 * 7 }}" in mail.html
    assert "<script>" not in mail.html
    assert "Hello <b>Ina</b> {{ 7 * 7 }}," in mail.text


def test_a_missing_word_is_an_error_and_never_a_blank() -> None:
    with pytest.raises(UndefinedError, match="reasons"):
        compose(
            "waitlist",
            mail_id=all_letters()["waitlist"].id,
            to=INA.email,
            name=INA.name,
            links=LINKS,
            cycle={"programme": "A", "cycle": "B", "slug": "c"},
        )
