"""Programs of the system: started by a path that no proposal can change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servicebook.base import programs
from servicebook.base.programs import find_program
from servicebook.editing import upgrade, versions
from tests.test_house import MODULES


def program(path: Path) -> Path:
    """Make a program that does nothing, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def proposal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that has a `git` of its own, and return it."""
    folder = tmp_path / "proposal"
    for name in ("git", "git.exe", "sub/git"):
        program(folder / name)
    monkeypatch.chdir(folder)
    return folder


def test_a_program_is_looked_for_in_the_systems_folders_alone(
    proposal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(tmp_path / "bin/git")
    (tmp_path / "empty/git").mkdir(parents=True)
    for folders in ("", ".", ":", "sub", "./sub:"):
        monkeypatch.setenv("PATH", folders)
        assert find_program("git") is None
    monkeypatch.setenv("PATH", f".::sub:{tmp_path / 'no'}:{tmp_path / 'empty'}:{own.parent}")
    assert find_program("git") == str(own)
    own.chmod(0o644)
    programs._found.cache_clear()
    assert find_program("git") is None
    # What is named by a path is asked for there.
    assert find_program("./git") == "./git"
    assert find_program("./no") is None


def test_on_windows_the_folder_that_one_stands_in_is_no_folder_of_programs(
    proposal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There its own lookup of a name begins with that folder, and a program has an ending."""
    asked: list[str] = []

    def can_run(path: str) -> bool:
        asked.append(path)
        return path.endswith("cmd/git.EXE")

    monkeypatch.setattr(programs, "_can_run", can_run)
    monkeypatch.setattr("os.path.isabs", lambda folder: folder[1:2] == ":")
    folders = ".;;C:/Windows;sub;C:/Program Files/Git/cmd"
    assert programs._found("git", folders, ".COM;.EXE", "nt") == "C:/Program Files/Git/cmd/git.EXE"
    assert asked == [
        f"{folder}/git{ending}"
        for folder in ("C:/Windows", "C:/Program Files/Git/cmd")
        for ending in (".COM", ".EXE")
    ]


CALLS: dict[str, Callable[[Path], object]] = {
    "versions": lambda folder: versions.read_commit(folder, "playbook", "HEAD"),
    "upgrade": lambda folder: upgrade._merge("a\n", "b\n", "a\nc\n"),
}


@pytest.mark.parametrize("name", CALLS)
def test_git_is_called_by_its_whole_path(
    name: str, proposal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(tmp_path / "bin/git")
    called: list[str] = []

    def run(command: list[str], **_: Any) -> Any:
        called.append(command[0])
        raise InterruptedError

    monkeypatch.setenv("PATH", f"{own.parent}")
    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(InterruptedError):
        CALLS[name](proposal)
    assert called == [str(own)]
    monkeypatch.setenv("PATH", "")
    if name == "upgrade":
        assert CALLS[name](proposal) is None
    else:
        with pytest.raises(versions.VersionError):
            CALLS[name](proposal)
    assert called == [str(own)]


def test_no_other_module_looks_a_program_up() -> None:
    """By its own lookup, or by leaving that to the system: what is started has a whole path."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    assert {name for name, text in texts.items() if "shutil.which" in text or '["git"' in text} == set()
