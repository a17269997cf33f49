"""Odd projects by the hundred: `scripts/fuzz.py` tries as many as one likes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from servicebook.base.problems import BuildError, ContentError
from servicebook.building.build import build_project
from tests.fuzzing import SAY, Fuzzer
from tests.fuzzing_files import FileFuzzer


def test_no_odd_project_ends_in_an_error_that_nobody_foresaw(tmp_path: Path) -> None:
    fuzzer = Fuzzer(tmp_path)
    assert [finding for number in range(250) for finding in fuzzer.run(f"default/{number}")] == []


def test_no_odd_file_ends_in_an_error_that_nobody_foresaw(tmp_path: Path) -> None:
    fuzzer = FileFuzzer(tmp_path)
    assert [finding for number in range(150) for finding in fuzzer.run(f"default/{number}")] == []


def test_what_check_passes_is_built(tmp_path: Path) -> None:
    """A few of them through a whole build: the theme, the paper and the search index too."""
    fuzzer = Fuzzer(tmp_path)
    dice = random.Random(7)  # noqa: S311 - projects to repeat, not a secret
    built = refused = 0
    while built < 3 or refused < 3:
        fuzzer_seed = f"build/{dice.randrange(10**6)}"
        assert [*fuzzer.run(fuzzer_seed)] == []
        passes = fuzzer.passes
        if passes is None or (built if passes else refused) == 3:
            continue
        settings = fuzzer.project / "mkdocs.yml"
        whole = settings.read_text(encoding="utf-8").replace(": {search: false, paper: false}", "")
        settings.write_text(whole, encoding="utf-8")
        try:
            build_project(fuzzer.project, tmp_path / f"{built}-{refused}", "mkdocs", SAY, lambda step: None)
            built += 1
        except ContentError:
            assert not passes, fuzzer_seed
            refused += 1
        except BuildError as error:
            pytest.fail(f"{fuzzer_seed}: {error}")
