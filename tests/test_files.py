"""Files that a person owns: written whole or not at all, and never outside of their folder."""

from __future__ import annotations

import errno
import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servicebook.base.files import inside, write_file
from servicebook.cli.main import run
from tests.conftest import MakeProject

# Ends the process at its n-th change to a disk, or lets the n-th write find it full.
FAULTY = """
import errno, os, signal, sys
kind, limit = sys.argv[1], int(sys.argv[2])
changes = 0
def happen():
    global changes
    changes += 1
    if changes == limit:
        if kind == "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
def watch(event, arguments):
    if event in ("os.rename", "os.remove", "os.chmod", "os.mkdir") or (
        event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    ):
        if str(arguments[0]).startswith(os.getcwd()) or not str(arguments[0]).startswith("/"):
            happen()
sys.addaudithook(watch)
def wrap(name):
    real = getattr(os, name)
    def call(*arguments, **options):
        happen()
        return real(*arguments, **options)
    setattr(os, name, call)
wrap("fsync")
from servicebook.cli.main import run
code = run([*sys.argv[3:], "--lang", "es"])
print(changes)
sys.exit(code)
"""

# Each order that writes what a person owns, with what makes the project ready for it.
ORDERS: dict[str, tuple[list[str], Callable[[Path], object]]] = {
    "fmt": (["fmt"], lambda project: untidy(project)),
    "new": (["new", "customer", "otro"], lambda project: None),
    "edition": (["edition", "1"], lambda project: None),
    "export": (["export", "--format", "csv"], lambda project: None),
    "schema": (["schema"], lambda project: None),
    "codeowners": (["codeowners"], lambda project: None),
    "init": (["init", "otro"], lambda project: None),
}


def untidy(project: Path) -> None:
    """Put every content file out of its form, so that `fmt` writes it."""
    for path in (project / "playbook").rglob("*.yml"):
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n\n", encoding="utf-8")


def files_of(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not path.name.startswith(".servicebook-")
    }


def faulty(project: Path, kind: str, limit: int, order: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FAULTY, kind, str(limit), *order],
        cwd=project,
        env={**os.environ, "XDG_CACHE_HOME": str(project.parent / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("kind", ["kill", "full"])
@pytest.mark.parametrize("name", ORDERS)
def test_no_owned_file_is_lost_or_half_whenever_writing_ends(
    make_project: MakeProject, name: str, kind: str
) -> None:
    order, prepare = ORDERS[name]
    project = make_project({})
    prepare(project)
    before = files_of(project)
    whole = project.with_name("whole")
    subprocess.run(["cp", "-r", str(project), str(whole)], check=True)
    finished = faulty(whole, kind, 0, order)
    assert finished.returncode == 0, finished.stderr
    after = files_of(whole)
    total = int(finished.stdout.splitlines()[-1])
    assert total >= 4
    moments = list(range(1, total + 1))
    dice = random.Random(f"{name} {kind}")  # noqa: S311 - moments to repeat, not a secret
    for moment in sorted(dice.sample(moments, min(len(moments), 6))):
        copy = project.with_name(f"at-{moment}")
        subprocess.run(["cp", "-r", str(project), str(copy)], check=True)
        ended = faulty(copy, kind, moment, order)
        found = files_of(copy)
        assert before.keys() <= found.keys() <= after.keys(), moment
        for path, data in found.items():
            assert data in (before.get(path), after[path]), (moment, path)
        if kind == "full":
            assert "Traceback" not in ended.stderr
            assert not list(copy.rglob(".servicebook-*")), moment
            if ended.returncode:
                assert "espacio" in ended.stderr, (moment, ended.stderr)


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
