"""Tests of programs from npm, which `python scripts/test.py` installs."""

from __future__ import annotations

import pytest

from tests.node import PROGRAMS


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if not (PROGRAMS / "stamp").is_file():
        pytest.fail("The programs from npm are not here: run `python scripts/test.py tests/node`.")
