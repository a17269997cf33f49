"""The command that runs the tests."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

# Each test tells who ran it.
TOLD = """
import os
import pathlib
import pytest

@pytest.mark.parametrize("number", range(9))
def test(number):
    with (pathlib.Path(__file__).with_suffix(".told")).open("a") as told:
        told.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_the_tests_of_a_module_stay_together(tmp_path: Path) -> None:
    command = runpy.run_path(str(ROOT / "scripts" / "test.py"))
    names = ("one", "two", "three", "four")
    for name in names:
        (tmp_path / f"test_{name}.py").write_text(TOLD, encoding="utf-8")
    options = [*command["parallel"]([]), "-n", "2", "-c", "pytest.ini", "-p", "no:cacheprovider"]
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    workers = [set((tmp_path / f"test_{name}.told").read_text("utf-8").split()) for name in names]
    assert [len(one) for one in workers] == [1, 1, 1, 1]
    assert len(set.union(*workers)) == 2
