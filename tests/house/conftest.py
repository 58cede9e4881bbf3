"""A copy of the code for each test that breaks something."""

from pathlib import Path

import pytest

from tests.house.trees import copied


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    return copied(tmp_path)
