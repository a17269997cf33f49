"""A build as a whole: what it replaces, what it leaves alone, and what a kill half-way leaves behind."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from servicebook.base.problems import BuildError, ContentError
from servicebook.building.build import build_project
from servicebook.building.site_folder import FolderError
from servicebook.cli.main import run
from servicebook.cli.printing import Progress
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, copy_project

SAY = messages_in("es")


def build(project: Path) -> None:
    build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)


def contents(folder: Path) -> dict[str, str]:
    """Return the files of a folder with a digest of each."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def change(project: Path, name: str, old: str, new: str) -> None:
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "failure"),
    [
        ("playbook/standards/EXT-01.yml", "level: essential", "level: alto", ContentError),
        ("docs/index.md", "standards()", "standars()", ContentError),
        ("docs/index.md", "# Manual", "[roto](nada.md)\n\n# Manual", ContentError),
        ("mkdocs.yml", "name: material", "name: nada", ContentError),
        ("mkdocs.yml", "font: false", "font: [", ContentError),
    ],
    ids=["content", "macro", "broken-link", "theme", "configuration"],
)
def test_a_failed_build_leaves_the_earlier_site(
    make_project: MakeProject, name: str, old: str, new: str, failure: type[Exception]
) -> None:
    project = make_project({})
    build(project)
    before = contents(project / "site")
    change(project, name, old, new)
    with pytest.raises(failure):
        build(project)
    assert contents(project / "site") == before
    assert not list(project.glob(".site*"))


def test_a_dead_link_is_a_failure_told_at_its_line(make_project: MakeProject) -> None:
    project = make_project({"docs/index.md": "# Manual\n\n[roto](nada.md)\n"})
    with pytest.raises(ContentError) as error:
        build(project)
    [problem] = error.value.problems
    assert str(problem.location).startswith("docs/index.md:3:")
    assert "nada.md" in problem.values.values()


def test_a_swap_that_fails_brings_the_earlier_site_back(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})
    build(project)
    before = contents(project / "site")
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if "making" in self.name:
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(BuildError):
        build(project)
    assert contents(project / "site") == before


def build_and_die(project: Path, limit: int, told: Connection) -> None:
    """Build, and end the process at its change of this number to the project's folder, whatever makes it.

    A build that comes to its end tells how many changes there were, and which of them were renamings.
    """
    os.chdir(project)
    changes, renamings = 0, []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal changes
        writes = event == "open" and isinstance(arguments[1], str) and arguments[1].strip("rbt")
        moves = event in ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod")
        inside = (writes or moves) and (
            str(project) in str(arguments[0]) or not str(arguments[0]).startswith("/")
        )
        if inside:
            changes += 1
            if event == "os.rename":
                renamings.append(changes)
            if changes == limit:
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    sys.addaudithook(watch)
    code = run(["build", "--lang", "es"])
    told.send([changes, *renamings])
    sys.exit(code)


# Forked where that can be from one process that has all a build needs in it; else each starts anew.
if sys.platform == "win32":
    KILLED = multiprocessing.get_context("spawn")
else:
    KILLED = multiprocessing.get_context("forkserver")
    KILLED.set_forkserver_preload([__name__, "servicebook.building.builder"])


def kill(project: Path, limit: int) -> tuple[int | None, list[int]]:
    """Return how a build ended that is killed at a change of it, and what it told."""
    here, there = KILLED.Pipe(duplex=False)
    process = KILLED.Process(target=build_and_die, args=(project, limit, there))
    process.start()
    there.close()
    try:
        told = here.recv()
    except EOFError:
        told = []
    process.join()
    return process.exitcode, told


def test_a_build_killed_at_any_moment_leaves_a_whole_site(make_project: MakeProject) -> None:
    project = make_project({})
    change(project, "mkdocs.yml", "- servicebook\n", "- servicebook: {paper: false}\n")
    build(project)
    before = contents(project / "site")
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
    clean = shutil.copytree(project, project.parent / "clean")
    code, (total, *renamings) = kill(clean, 0)
    assert code == 0
    after = contents(clean / "site")
    assert after != before
    assert total > 50
    dice = random.Random(7)  # noqa: S311 - moments to repeat, not a secret
    # Around the two renamings that swap the sites, and anywhere.
    moments = {*renamings[-2:], renamings[-1] + 1}
    moments |= set(dice.sample(range(1, total), 50))

    def attempt(number: int) -> None:
        copy = shutil.copytree(project, project.parent / f"at-{number}")
        code, told = kill(copy, number)
        assert (code == 0, told) == (False, [])
        if number == renamings[-1]:
            # Between the two the earlier site waits beside, and the next build brings it back.
            assert not (copy / "site").exists()
            assert kill(copy, 0)[0] == 0
            assert not list(copy.glob(".site*"))
        assert contents(copy / "site") in (before, after), number
        shutil.rmtree(copy, ignore_errors=True)  # the program that makes the index may still write there

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert len(list(pool.map(attempt, sorted(moments)))) >= 50


FAULTS = {
    "full-disk": (
        "servicebook.building.events.write_file",
        OSError(errno.ENOSPC, "No space left on device"),
        "espacio",
    ),
    "read-only": ("tempfile.mkdtemp", OSError(errno.EROFS, "Read-only file system"), "solo lectura"),
    "worker": (
        "servicebook.base.processes.Ahead.results",
        ChildProcessError("a worker ended with -9"),
        "memoria",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_machine_is_told_and_leaves_the_earlier_site(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place, fault, said = FAULTS[name]
    project = make_project({})
    build(project)
    before = contents(project / "site")
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(place, fail)
    with pytest.raises(BuildError, match=said):
        build(project)
    assert contents(project / "site") == before
    assert not list(project.glob(".site*"))
    assert not multiprocessing.active_children()


def test_a_build_owes_nothing_to_the_one_before_it_in_the_process(make_project: MakeProject) -> None:
    project = make_project({"docs/index.md": "# Manual\n\n{{ standars() }}\n"})
    with pytest.raises(ContentError):
        build(project)
    make_project({"docs/index.md": "# Manual\n\n[roto](nada.md)\n"})
    with pytest.raises(ContentError):
        build(project)
    make_project({"docs/index.md": "# Manual\n", "docs/nueva.md": "# Página nueva\n"})
    build(project)
    page = project / "site/estandares/ext-01/index.html"
    assert "Página nueva" in page.read_text(encoding="utf-8")
    change(project, "docs/nueva.md", "Página nueva", "Otra página")
    build(project)
    assert "Otra página" in page.read_text(encoding="utf-8")


# --- where the site may stand --------------------------------------------------------------------------


TAKEN = {
    ".": "guarda el proyecto",
    "..": "guarda el proyecto",
    "docs": "no es un sitio hecho aquí",
    "docs/sitio": "está dentro de las fuentes",
    "playbook": "no es un sitio hecho aquí",
    "playbook/sitio": "está dentro de las fuentes",
    "mkdocs.yml": "no es un sitio hecho aquí",
    "notas": "no es un sitio hecho aquí",
    "viejo": "no es un sitio hecho aquí",
    "lejos": "no es un sitio hecho aquí",
    "/": "guarda el proyecto",
    "~": "guarda el proyecto",
}


@pytest.mark.parametrize("site_dir", TAKEN)
def test_a_folder_that_is_no_site_is_never_replaced(
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    site_dir: str,
) -> None:
    schema = {f"{folder}playbook.schema.json": "{}" for folder in ("", "docs/", "playbook/", "viejo/")}
    listed = {"lejos/.servicebook-files.json": '["../mkdocs.yml"]', "lejos/x": "no borrar"}
    home = {".servicebook-files.json": '["mkdocs.yml", "docs/index.md"]'}
    project = make_project({"notas/importante.txt": "no borrar", **schema, **listed, **home})
    monkeypatch.setenv("HOME", str(project.parent))
    before = contents(project.parent)
    monkeypatch.chdir(project)
    asked = str(project.parent) if site_dir == "~" else site_dir
    assert run(["build", "--lang", "es", "--site-dir", asked]) == 2
    assert f"«{asked}» {TAKEN[site_dir]}" in capsys.readouterr().err
    with pytest.raises(FolderError):
        build_project(project, Path(asked), "mkdocs", SAY, lambda step: None)
    assert contents(project.parent) == before


def test_an_empty_folder_and_a_link_to_a_site_may_be_replaced(make_project: MakeProject) -> None:
    project = make_project({})
    (project / "sitio").mkdir()
    build_project(project, Path("sitio"), "mkdocs", SAY, lambda step: None)
    assert (project / "sitio/index.html").is_file()
    (project / "enlace").symlink_to("sitio")
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
    build_project(project, Path("enlace"), "mkdocs", SAY, lambda step: None)
    assert (project / "enlace").is_symlink()
    assert "Saludar a todos" in (project / "sitio/estandares/ext-01/index.html").read_text(encoding="utf-8")


# --- what is current needs no work, and only that ------------------------------------------------------


def made(project: Path) -> bool:
    return build_project(project, Path("site"), "mkdocs", SAY, lambda step: None).made


def test_a_site_is_made_again_when_something_that_it_is_made_from_changes(make_project: MakeProject) -> None:
    project = make_project({"paginas/index.md": "# Uno\n", "datos/x.txt": "1"})
    change(project, "mkdocs.yml", "theme:", "docs_dir: paginas\ntheme:")
    assert made(project)
    assert not made(project)
    change(project, "paginas/index.md", "Uno", "Dos")
    assert made(project)
    assert not made(project)
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
    assert made(project)
    (project / "site/index.html").unlink()
    assert made(project)
    assert not made(project)


def test_what_stands_in_shared_memory_is_a_source_as_any_other(tmp_path: Path) -> None:
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path) as home:
        project = copy_project(Path(home, "manual"), {})
        change(project, "mkdocs.yml", "- servicebook\n", "- servicebook: {search: false, paper: false}\n")
        assert made(project)
        assert not made(project)
        change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
        assert made(project)


def test_a_site_without_its_sheets_is_not_the_one_with_them(make_project: MakeProject) -> None:
    project = make_project({})
    for prints, is_made in ((False, True), (False, False), (True, True)):
        report = build_project(project, Path("site"), "mkdocs", SAY, lambda step: None, prints=prints)
        assert report.made == is_made
    assert [*project.glob("site/hojas/**/*.pdf")]


def test_a_site_is_made_again_when_a_linked_folder_changes(make_project: MakeProject) -> None:
    project = make_project({})
    (project / "playbook").rename(project.parent / "manual")
    (project / "playbook").symlink_to(project.parent / "manual")
    (project / "playbook/circulo").symlink_to(project)
    assert made(project)
    change(project, "playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos")
    assert made(project)


def test_a_site_is_made_again_when_what_it_shares_with_others_changes(make_project: MakeProject) -> None:
    """The playbook, what mkdocs.yml inherits, and a brand's folder stand outside the project."""
    project = make_project(
        {
            "../shared/look/components/notice.html": "{% macro notice(entry) %}<p>Uno</p>{% endmacro %}\n",
            "../shared/look/assets/css/own.css": ".uno{color:red}\n",
        }
    )
    own = (project / "mkdocs.yml").read_text(encoding="utf-8")
    base = own.replace("- servicebook", "- servicebook: {playbook: ../group}")
    base = base.replace("name: material", "name: material\n  custom_dir: ../shared/look")
    assert "../group" in base
    assert "../shared/look" in base
    (project.parent / "shared/base.yml").write_text(base, encoding="utf-8")
    (project / "mkdocs.yml").write_text("INHERIT: ../shared/base.yml\n", encoding="utf-8")
    (project.parent / "group").mkdir()
    (project / "playbook").rename(project.parent / "group/playbook")
    assert made(project)
    assert not made(project)
    page, styles = project / "site/estandares/ext-01/index.html", project / "site/assets/servicebook.css"
    for name, old, new, shown in (
        ("group/playbook/standards/EXT-01.yml", "Saludar al llegar", "Saludar a todos", page),
        ("shared/look/components/notice.html", "Uno", "Dos", page),
        ("shared/look/assets/css/own.css", "red", "#abcdef", styles),
        ("shared/base.yml", "\ntheme:", "\nextra: {uno: dos}\ntheme:", None),
    ):
        change(project.parent, name, old, new)
        assert made(project), name
        assert shown is None or new in shown.read_text(encoding="utf-8")
        assert not made(project), name


@pytest.mark.parametrize("kind", ["broken-link"] if os.name == "nt" else ["broken-link", "pipe"])
def test_an_odd_file_in_the_playbook_is_a_problem_of_the_build_too(
    make_project: MakeProject, kind: str
) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-02.yml"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nada.yml")
    with pytest.raises(ContentError) as error:
        build(project)
    assert [problem.rule for problem in error.value.problems] == ["not-a-file"]


def test_a_terminal_shows_the_step_under_way(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert run(["build", "--project", str(make_project({})), "--lang", "es"]) == 0
    assert "Leyendo el manual…" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    with Progress(SAY):
        pass
    assert capsys.readouterr().err == ""
