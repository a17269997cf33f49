"""The command that runs the tests."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests import test_build, test_diff, test_files, test_inline, test_serve
from tests.conftest import ROOT
from tests.heavy import leads_to_weight

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


@pytest.mark.parametrize(
    ("test", "heavy"),
    [
        (test_build.test_a_dead_link_is_a_failure_told_at_its_line, True),  # builds by a function beside it
        (
            test_files.test_no_owned_file_is_lost_or_half_whenever_writing_ends,
            True,
        ),  # by one of another module
        (test_serve.desk, True),  # by a class
        (test_diff.test_clone_without_history_is_enough, False),  # git alone
        (test_inline.test_marks_and_links, False),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_makes_a_site_or_starts_a_program_is_heavy(test: object, heavy: bool) -> None:
    assert leads_to_weight(getattr(test, "__wrapped__", test)) == heavy
