"""Tests of programs from npm, which `python scripts/test.py` installs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Serve
from tests.node import PROGRAMS
from tests.node.form_pages import logged_in, served_forms


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


@pytest.fixture(scope="module")
def address(project: Path, serve: Serve) -> Iterator[str]:
    """Return the address of the forms of the project that a module of tests makes."""
    with served_forms(project) as folder:
        yield serve(folder)


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Return a page of the forms, logged in, one for all tests of a module."""
    with logged_in(browser, address) as opened:
        yield opened
