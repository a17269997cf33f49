"""The rules in the scripts of the pages, by node's own test runner; a file of tests for each, by its name."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.node import find_node

SCRIPTS = ROOT / "overrides" / "assets" / "js"
DAYS = ROOT / "tests" / "cases" / "days.json"
TESTS = sorted((Path(__file__).parent / "rules").glob("*.test.mjs"))


@pytest.mark.parametrize("test", TESTS, ids=lambda path: path.name)
def test_the_rules_of_a_script(test: Path, tmp_path: Path) -> None:
    # Beside a file that says how scripts are read, which the site needs none of.
    copy = shutil.copytree(SCRIPTS, tmp_path / "assets" / "js")
    (copy / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    told = {**os.environ, "SCRIPTS": copy.as_posix(), "DAYS": DAYS.as_posix()}
    done = subprocess.run(
        [find_node(), str(test)], env=told, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nℹ fail 0" in done.stdout or "\n# fail 0" in done.stdout
    assert "\nℹ pass 0" not in done.stdout
    assert "\n# pass 0" not in done.stdout


def test_there_are_tests() -> None:
    assert len(TESTS) >= 8
