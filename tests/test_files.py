"""Files that a person owns: written whole or not at all, and never outside of their folder."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from servicebook.base.files import inside, write_file
from servicebook.cli.main import run
from tests.conftest import MakeProject
from tests.faults import ORDERS, Interrupted, files_of, untidy


# A build takes seconds, and has a test of its own for many moments.
@pytest.mark.parametrize("name", [name for name in ORDERS if name != "build"])
@pytest.mark.parametrize("kind", ["kill", "full"])
def test_no_owned_file_is_lost_or_half_whenever_writing_ends(tmp_path: Path, name: str, kind: str) -> None:
    """Each moment is two processes, and so takes a while; `scripts/faults.py` plays all of them."""
    interrupted = Interrupted(tmp_path, name, kind)
    assert interrupted.total >= 4
    assert [*interrupted.run(4, "default")] == []


def test_a_refused_file_is_named_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.yml"
    path.write_text("old", encoding="utf-8")
    for name in ("fsync", "replace", "chmod"):
        with monkeypatch.context() as patch:

            def fail(*_: object, **__: object) -> None:
                raise OSError(errno.ENOSPC, "No space left on device", "some/other/name")

            patch.setattr(os, name, fail)
            if name == "replace":
                patch.setattr(Path, name, fail)
            with pytest.raises(OSError, match="space") as refused:
                write_file(path, "new")
        assert refused.value.filename == str(path)
        assert [one.name for one in tmp_path.iterdir()] == ["mine.yml"]
        assert path.read_text(encoding="utf-8") == "old"


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    write_file(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        write_file(tmp_path / "other", "new")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "other").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/mine.yml").write_text("old", encoding="utf-8")
    (tmp_path / "link.yml").symlink_to("real/mine.yml")
    write_file(tmp_path / "link.yml", "new")
    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "real/mine.yml").read_text(encoding="utf-8") == "new"


def test_line_ends_are_those_of_the_text(tmp_path: Path) -> None:
    write_file(tmp_path / "mine", "uno\r\ndos\n")
    assert (tmp_path / "mine").read_bytes() == b"uno\r\ndos\n"


@pytest.mark.parametrize(
    "name",
    ["..", "../x", "a/../../x", "/etc/x", "", "a//b", "./x", "a/.", "..\\x", "C:x", "C:/x", "x\0y", "a/.."],
)
def test_a_name_cannot_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        inside(tmp_path, name)


@pytest.mark.parametrize("name", ["x", "a/b.html", "a..b/..c", "ñandú/índice.html"])
def test_a_name_inside_is_taken(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, name) == tmp_path / name


def test_a_file_that_nobody_may_write_is_left_alone(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    untidy(project)
    before = files_of(project)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert run(["fmt", str(project), "--lang", "es"]) == 2
    assert "permiso" in capsys.readouterr().err
    assert files_of(project) == before
