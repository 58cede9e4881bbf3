"""A sentence remembers its pattern and values, wherever it travels."""

import copy
import json
import pickle
from datetime import UTC, date, datetime
from typing import Any

import pytest

from matcher.domain.sentences import TranslatableText, from_data, is_data, say, say_many, term

SENTENCES = [
    say("Nothing was stored."),
    say("{name} signed up on {day}.", name="Ina {day}", day=date(2026, 3, 2)),
    say_many("One mentor fits {who}.", "{count} mentors fit {who}.", 3, who=term("you")),
    say("What would help: {what}.", what=(say("more free hours"), say("another language"), "luck")),
]


def test_a_sentence_reads_as_english() -> None:
    assert SENTENCES == [
        "Nothing was stored.",
        "Ina {day} signed up on 2 March 2026.",
        "3 mentors fit you.",
        "What would help: more free hours, another language and luck.",
    ]
    assert say_many("One mentor fits.", "{count} mentors fit.", 1) == "One mentor fits."
    assert term("{odd} words of somebody") == "{odd} words of somebody"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_it_stays_itself_when_it_is_copied_pickled_or_written_down(sentence: TranslatableText) -> None:
    for again in (
        pickle.loads(pickle.dumps(sentence)),  # noqa: S301 (our own bytes)
        copy.deepcopy(sentence),
        from_data(json.loads(json.dumps(sentence.to_data()))),
    ):
        assert (str(again), again.pattern, again.values, again.plural) == (
            str(sentence),
            sentence.pattern,
            sentence.values,
            sentence.plural,
        )
    assert is_data(sentence.to_data())


def test_a_place_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="places without a value: day"):
        say("{name} signed up on {day}.", name="Ina")


@pytest.mark.parametrize("value", [1.5, True, None, ["a"], datetime(2026, 3, 2, tzinfo=UTC), (2.5,)])
def test_a_value_that_means_different_things_to_different_readers_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot stand in a sentence"):
        say("It is {value}.", value=value)
