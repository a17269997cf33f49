"""Tests of programs from npm, which `python scripts/test.py` installs."""

from __future__ import annotations

import shutil

import pytest

from tests.node import PROGRAMS


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if not (PROGRAMS / "stamp").is_file():
        pytest.fail("The programs from npm are not here: run `python scripts/test.py tests/node`.")


FIREFOX = (
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
)


@pytest.fixture(scope="session")
def firefox() -> str:
    """Return the path of Firefox; without one the test fails and says how to get it, it is never skipped."""
    found = next(filter(None, map(shutil.which, FIREFOX)), None)
    if found is None:
        pytest.fail("No Firefox: run `python scripts/test.py`, which installs it, or install Firefox ESR.")
    return found
