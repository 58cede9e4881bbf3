"""A policy file is read strictly, and says what is wrong with it."""

import json

import pytest

from matcher.domain.errors import PolicyError
from matcher.domain.policy.policy import Policy
from matcher.schemas.policy import read_policy


def test_policy_file_is_read() -> None:
    written = json.dumps(Policy(line=300).to_data()).encode()

    assert read_policy(written) == Policy(line=300)
    assert read_policy(b"\xef\xbb\xbf" + written) == Policy(line=300)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This is not JSON"),
        (b'{"line": 300,', "at line 1, column 14"),
        (b'{"line": 300, "line": 400}', "“line” is written twice"),
        (b'{"line": NaN}', "NaN is not a number here"),
        (b'{"mode": "\x96"}', "Byte 11 is not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a": "' + b"x" * 256_000 + b'"}', "at most 256,000"),
        (b"[]", "A policy is an object"),
        (b'{"rules": [{"name": "no_such"}]}', "“no_such” is not a known hard rule"),
    ],
)
def test_wrong_policy_file_says_what_is_wrong(data: bytes, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence):
        read_policy(data)
