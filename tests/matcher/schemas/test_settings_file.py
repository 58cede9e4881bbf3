"""A file of settings is read strictly, and says what is wrong with it."""

import json

import pytest

from matcher.domain.errors import Invalid, Problem
from matcher.domain.policy.policy import Policy
from matcher.schemas.settings_file import read_settings


def test_a_policy_is_read_with_and_without_a_byte_order_mark() -> None:
    written = json.dumps(Policy(line=300).to_data()).encode()

    read = [
        Policy.from_data(read_settings(data, name="p.json")) for data in (written, b"\xef\xbb\xbf" + written)
    ]

    assert read == [Policy(line=300)] * 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not JSON"),
        (b'{"line": 300,', "at line 1, column 14"),
        (b'{"line": 300, "line": 400}', "“line” is written twice"),
        (b'{"rules": [{"name": "a", "name": "b"}]}', "“name” is written twice"),
        (b'{"line": NaN}', "NaN is not a number here"),
        (b'{"mode": "\x96"}', "Byte 11 is not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": "' + b"x" * 256_000 + b'"}', "at most 256,000"),
        (b"[]", "does not hold a table"),
    ],
)
def test_a_wrong_json_file_says_what_is_wrong(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_settings(data, name="policy.json")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"line = 300\nline = 400", "This is not TOML: Cannot overwrite a value"),
        (b"line = ", "This is not TOML: Invalid value"),
        (b'title = "\x96"', "Byte 10 is not UTF-8"),
    ],
)
def test_a_wrong_toml_file_says_what_is_wrong_and_which_file(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as told:
        read_settings(data, name="list.toml")

    assert told.value.problems == (Problem(pointer="list.toml", sentence=told.value.problems[0].sentence),)
