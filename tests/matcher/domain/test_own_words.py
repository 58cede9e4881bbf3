"""A programme's own words: plain text with named places, and nothing that could be run."""

import pytest

from matcher.domain.errors import Invalid
from matcher.domain.own_words import OwnWords

VALUES = {
    "first_name": "Ada",
    "name": "Ada Byron",
    "programme": "Together",
    "cycle": "Spring",
    "link": "https://match.example/c/together/my-match",
}


def test_places_are_filled_and_empty_lines_part_paragraphs():
    own = OwnWords(subject="{programme}: {cycle}", words="Dear {first_name},\nwelcome.\n\n  \nSee {link}.")

    assert own.subject_for(VALUES) == "Together: Spring"
    assert own.paragraphs_for(VALUES) == (
        ("Dear Ada,", "welcome."),
        ("See https://match.example/c/together/my-match.",),
    )


def test_a_value_that_looks_like_a_place_stays_what_it_is():
    own = OwnWords(words="{first_name} {programme}")

    paragraphs = own.paragraphs_for({**VALUES, "first_name": "{programme}", "programme": "{{ 7 * 7 }} {%"})

    assert paragraphs == (("{programme} {{ 7 * 7 }} {%",),)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "Hello\n{frist_name}",
            "Line 2: “frist_name” is not a known place. Did you mean “first_name”? "
            "Known: first_name, name, programme, cycle and link.",
        ),
        ("Hello {name", "Line 1: a “{” is opened and not closed. Write a place like {first_name}."),
        ("Hello\n\nname}", "Line 3: a “}” closes nothing. Write a place like {first_name}."),
    ],
)
def test_what_is_no_place_is_refused_with_its_line(words, sentence):
    with pytest.raises(Invalid) as refused:
        OwnWords(words=words)

    assert [(one.pointer, one.sentence) for one in refused.value.problems] == [("/words", sentence)]


@pytest.mark.parametrize("words", ["{{ config }}", "{% raw %}", "{name.__class__}", "{0}", "{}", "{{name}}"])
def test_the_words_of_a_template_engine_are_refused(words):
    with pytest.raises(Invalid):
        OwnWords(words=words)


def test_a_subject_is_one_line():
    with pytest.raises(Invalid):
        OwnWords(subject="Hello\nBcc: everybody@example.org")
