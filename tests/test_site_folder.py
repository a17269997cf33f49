"""A site's folder: what is not ours stays, one build at a time, what was started ends, current when true."""

from __future__ import annotations

import json
import os
import py_compile
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicebook.base import locks, processes
from servicebook.base.locks import HeldError, locked
from servicebook.base.problems import BuildError
from servicebook.building import site_folder
from servicebook.building.build import build_project
from servicebook.building.site_folder import INVENTORY, FolderError, SiteFolder, write_inventory
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, unprinted

SAY = messages_in("es")
# At the last, a swap has done all that it does.
MOMENTS = 20
FOREIGN = {
    ".git/HEAD": "ref: refs/heads/pages",
    ".nojekyll": "",
    "CNAME": "manual.example.org",
    "admin/config.json": "{}",
    "estandares/ext-01/nota.txt": "mía",
    "vacia/mas/x": "x",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def texts(folder: Path) -> dict[str, str]:
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in found.items()
        if name != INVENTORY and ".site." not in name
    }


def made_site(folder: SiteFolder, files: dict[str, str]) -> Path:
    made = folder.make_beside()
    write(made, files)
    write_inventory(made)
    return made


@pytest.fixture(params=["renamed", "in place"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    """Return a site's folder with what is ours and what is not, for both ways of putting a new one there."""
    site = tmp_path / "site"
    site.mkdir()
    if request.param == "in place":
        monkeypatch.setattr(site_folder, "_is_mount", lambda path: path == site)
    opened = SiteFolder(tmp_path / "project", site)
    opened.put(
        made_site(opened, {"index.html": "uno", "viejo/a.html": "a", "estandares/ext-01/index.html": "e"})
    )
    write(site, FOREIGN)
    return opened


def test_what_is_not_ours_stays_and_what_is_ours_goes(folder: SiteFolder) -> None:
    new = {"index.html": "dos", "estandares/ext-01/index.html": "f", "nuevo.html": "n"}
    folder.put(made_site(folder, new))
    assert texts(folder.path) == {**FOREIGN, **new}
    assert not (folder.path / "viejo").exists()


def test_what_is_ours_and_could_not_be_removed_goes_the_next_time(
    folder: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def busy(path: Path, missing_ok: bool = False) -> None:
        if path.name == "a.html":
            raise PermissionError(path)
        unlink(path, missing_ok)

    new = {"index.html": "dos", "estandares/ext-01/index.html": "f"}
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", busy)
        folder.put(made_site(folder, new))
    folder.recover()
    folder.put(made_site(folder, new))
    assert texts(folder.path) == {**FOREIGN, **new}


def test_a_file_of_ours_may_become_a_folder_and_the_other_way_round(folder: SiteFolder) -> None:
    new = {"index.html/x": "1", "viejo": "2"}
    folder.put(made_site(folder, new))
    assert texts(folder.path) == {**FOREIGN, **new}


@pytest.mark.parametrize("name", ["CNAME", "admin", "vacia/mas/x/y", "estandares/ext-01/nota.txt"])
def test_what_is_not_ours_is_never_written_over(folder: SiteFolder, name: str) -> None:
    before = texts(folder.path)
    with pytest.raises(FolderError) as refused:
        folder.put(made_site(folder, {"index.html": "dos", name: "suyo"}))
    assert refused.value.rule == "in-the-way"
    assert name.startswith(str(refused.value.values["name"]))
    folder.recover()
    assert texts(folder.path) == before


def test_nothing_is_removed_through_a_link(folder: SiteFolder, tmp_path: Path) -> None:
    write(tmp_path / "lejos", {"a.html": "no borrar"})
    shutil.rmtree(folder.path / "viejo")
    (folder.path / "viejo").symlink_to(tmp_path / "lejos")
    folder.put(made_site(folder, {"index.html": "dos"}))
    assert (tmp_path / "lejos/a.html").read_text(encoding="utf-8") == "no borrar"


@pytest.mark.parametrize(
    ("folder", "rule"),
    [
        ("../casa", "precious-folder"),
        *((f"{room}/x", "folder-of-sources") for room in ("docs", "overrides", ".git", "playbook")),
    ],
)
def test_neither_a_home_nor_a_folder_of_sources_is_taken(
    folder: str, rule: str, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})
    home = project.parent / "casa"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    with pytest.raises(FolderError, match=rule):
        SiteFolder(project, Path(folder)).require_free()


def test_what_is_warned_of_is_warned_of_again(make_project: MakeProject) -> None:
    project = make_project({})
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text("\ufeff" + standard.read_text(encoding="utf-8"), encoding="utf-8")
    with unprinted():
        reports = [build_project(project, Path("site"), "mkdocs", SAY, lambda step: None) for _ in range(2)]
    assert [[one.rule for one in report.warnings] for report in reports] == [["bom"]] * 2


@pytest.mark.parametrize("names", [["../fuera"], ["/etc/x"], "index.html", {"a": 1}, [1], [None], [["x"]]])
def test_a_list_that_is_not_ours_permits_nothing(tmp_path: Path, names: object) -> None:
    site = tmp_path / "site"
    write(site, {"index.html": "x", INVENTORY: json.dumps(names), "playbook.schema.json": "{}"})
    with pytest.raises(FolderError):
        SiteFolder(tmp_path / "project", site).require_free()


@pytest.mark.parametrize("staying", [[], ["queda.html"]], ids=["swapped", "moved in"])
@pytest.mark.parametrize("moment", range(1, MOMENTS + 1))
def test_a_swap_that_is_killed_is_finished_by_the_next_run(
    tmp_path: Path, moment: int, staying: list[str]
) -> None:
    """Each renaming of the swap is the last thing that a process does; nothing of anybody's is gone."""
    site = tmp_path / "site"
    opened = SiteFolder(tmp_path / "project", site)
    opened.put(
        made_site(
            opened,
            {"index.html": "uno", "viejo.html": "v", "estandares/ext-01/index.html": "e", "queda.html": "q"},
        )
    )
    write(site, FOREIGN)
    code = f"""
import os, sys
from pathlib import Path
from servicebook.building.site_folder import SiteFolder, write_inventory
folder = SiteFolder(Path({str(tmp_path / "project")!r}), Path({str(site)!r}))
made = folder.make_beside()
(made / "index.html").write_text("dos")
(made / "nuevo").mkdir()
(made / "nuevo/index.html").write_text("n")
write_inventory(made, {staying!r})
count = 0
def watch(event, arguments):
    global count
    if event in ("os.rename", "os.remove", "os.rmdir"):
        count += 1
        if count == {moment}:
            os._exit(9)
sys.addaudithook(watch)
folder.put(made, {staying!r})
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert moment < MOMENTS or not killed
    SiteFolder(tmp_path / "project", site).recover()
    found = texts(site)
    assert {name: found.get(name) for name in FOREIGN} == FOREIGN
    assert found["index.html"] in ("uno", "dos")
    is_old = found["index.html"] == "uno"
    assert ("viejo.html" in found) == is_old
    assert ("nuevo/index.html" in found) != is_old
    assert ("queda.html" in found) == (is_old or bool(staying))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []


def test_a_new_site_gets_the_usual_mode_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        folder = SiteFolder(tmp_path / "project", tmp_path / "site")
        folder.put(made_site(folder, {"index.html": "uno"}))
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o750
        folder.path.chmod(0o775)
        folder.put(made_site(folder, {"index.html": "dos"}))
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o775
    finally:
        os.umask(mask)


def test_a_site_that_was_moved_or_cloned_is_known_again(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path / "project", tmp_path / "site")
    folder.put(made_site(folder, {"index.html": "uno"}))
    shutil.copytree(tmp_path / "site", tmp_path / "otro")
    SiteFolder(tmp_path / "project", tmp_path / "otro").require_free()


# --- one at a time -------------------------------------------------------------------------------------


def test_a_lock_is_held_by_one_and_names_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys, pathlib, time\nfrom servicebook.base.locks import locked\n"
        f"with locked(pathlib.Path({str(path)!r})):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(HeldError) as held, locked(path):
            pass
        assert held.value.owner == other.pid
        other.kill()
    assert path.exists(), "a killed owner leaves its file behind"
    with locked(path), pytest.raises(HeldError), locked(path):
        pass
    assert not path.exists()


def test_a_lock_is_of_the_file_that_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lock = tmp_path / "lock", locks._lock

    def after_its_owner(handle: int) -> None:
        monkeypatch.setattr(locks, "_lock", lock)
        path.unlink()
        path.touch()
        lock(handle)

    monkeypatch.setattr(locks, "_lock", after_its_owner)
    with locked(path):
        assert path.read_text(encoding="utf-8") == str(os.getpid()), "a file was locked that nobody sees"


def test_who_comes_second_is_told_and_changes_nothing(make_project: MakeProject) -> None:
    project = make_project({})
    with locked(SiteFolder(project, Path("site")).lock), pytest.raises(BuildError, match=str(os.getpid())):
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert not (project / "site").exists()


# --- what was started ends -----------------------------------------------------------------------------


def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        processes.run_program([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, 0.5)
    assert time.monotonic() - began < 20
    assert not processes._living, "nobody waits for it, and it runs on"


def alive(mark: str) -> Iterator[int]:
    """Yield the processes that were started with a mark in their environment, but for our own."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = mark.encode() in (entry / "environ").read_bytes()
            ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if ours and not ended:
                yield int(entry.name)
        except OSError:
            continue


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are counted by /proc")
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_all_that_a_build_started_ends_with_it(make_project: MakeProject, ending: str) -> None:
    import signal

    project = make_project({})
    sleeper = project / "program"
    # What a program itself puts into the background ends with its group, unless we were killed outright.
    script = "exec sleep 300" if ending == "SIGKILL" else "sleep 300 &\nsleep 300"
    sleeper.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    sleeper.chmod(0o755)
    code = (
        "import pathlib, signal, sys\nfrom servicebook.base import processes\n"
        "from servicebook.site import search_index\n"
        # Whoever runs the tests may have them ignore these, as `nohup` does and what runs in the background.
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"wait = lambda *_: processes.run_program([{str(sleeper)!r}], pathlib.Path(), 300)\n"
        "search_index.write_index = wait\n"
        "from servicebook.cli.main import main\nsys.argv = ['servicebook', 'build', '--lang', 'es']\nmain()\n"
    )
    mark = f"SERVICEBOOK_TEST={project}"
    environment = {
        **os.environ,
        "SERVICEBOOK_TEST": str(project),
        "XDG_CACHE_HOME": str(project.parent / "c"),
    }
    with subprocess.Popen([sys.executable, "-c", code], cwd=project, env=environment) as build:
        wait_for(lambda: sum(b"sleep" in cmdline(pid) for pid in alive(mark)) >= 1)
        build.send_signal(getattr(signal, ending))
        build.wait(30)
    assert build.returncode == (-signal.SIGKILL if ending == "SIGKILL" else 130)
    wait_for(lambda: not [*alive(mark)])
    if ending != "SIGKILL":
        assert [path.name for path in project.iterdir() if path.name.startswith(".site")] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are counted by /proc")
def test_a_program_whose_starter_is_gone_before_it_begins_does_not_begin(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    code = f"""
import pathlib, time
from servicebook.base import processes
tell = processes._end_with_parent
def late():
    pathlib.Path({str(begun)!r}).touch()
    time.sleep(1)  # in this time the one who started it is killed, before the system was told of it
    tell()
processes._end_with_parent = late
processes.run_program(["sleep", "300"], pathlib.Path({str(tmp_path)!r}), 60)
"""
    environment = {**os.environ, "SERVICEBOOK_TEST": str(tmp_path)}
    mark = f"SERVICEBOOK_TEST={tmp_path}"
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as starter:
        wait_for(begun.exists)
        starter.kill()
    time.sleep(2)
    assert [cmdline(pid) for pid in alive(mark)] == []


def cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_for(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


# --- current only when true ----------------------------------------------------------------------------


def is_made(project: Path, *, force: bool = False) -> bool:
    return build_project(project, Path("site"), "mkdocs", SAY, lambda step: None, force=force).made


def test_a_source_counts_wherever_it_lies(make_project: MakeProject) -> None:
    project = make_project({"main.py": "def define_env(env):\n    env.variables['saludo'] = 'uno'\n"})
    outside = project.parent / "fuera"
    write(
        outside,
        {
            "base.yml": "theme:\n  name: material\n  font: false\n  language: es\n",
            "gancho.py": "X = 1\n",
            "tema/partials/x.html": "x",
        },
    )
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace(
        "theme:\n", "INHERIT: ../fuera/base.yml\ntheme:\n  custom_dir: ../fuera/tema\n"
    )
    settings.write_text(f"{text}hooks: [../fuera/gancho.py]\n", encoding="utf-8")
    # Of a file of code that was compiled before, what was compiled is read, and the file itself is not.
    py_compile.compile(str(outside / "gancho.py"))
    shutil.move(project / "playbook/customers", outside / "customers")
    (project / "playbook/customers").symlink_to(outside / "customers")
    assert is_made(project)
    assert not is_made(project)
    assert is_made(project, force=True)
    (one,) = (outside / "customers").glob("*.yml")
    for source in (
        outside / "base.yml",
        outside / "gancho.py",
        outside / "tema/partials/x.html",
        project / "main.py",
        one,
    ):
        with source.open("a", encoding="utf-8") as file:
            file.write("\n")
        assert is_made(project), source
    write(outside, {"tema/partials/nuevo.html": "n"})
    assert is_made(project)
    assert not is_made(project)


@pytest.mark.parametrize("name", ["mkdocs.yml", "base.yml", "../grupo/comun.yml"])
def test_what_comes_from_the_environment_is_asked_for_again(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It leaves no trace on a disk, in whatever file of the configuration it stands."""
    project = make_project({"base.yml": "extra: {a: 1}\n"})
    write(project, {"../grupo/comun.yml": "extra: {b: 1}\n"})
    settings = project / "mkdocs.yml"
    settings.write_text(f"INHERIT: base.yml\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    with (project / "base.yml").open("a", encoding="utf-8") as base:
        base.write("INHERIT: ../grupo/comun.yml\n")
    with (project / name).open("a", encoding="utf-8") as file:
        file.write("site_author: !ENV [QUIEN, nadie]\n")
    for author in ("Ana", "Beto"):
        monkeypatch.setenv("QUIEN", author)
        assert is_made(project)
        page = (project / "site/index.html").read_text(encoding="utf-8")
        assert f'<meta name="author" content="{author}">' in page


ADDED = {
    "main.py": "def define_env(env):\n    env.variables['saludo'] = 'uno'\n",
    "tema/partials/otra.html": "x",
}


@pytest.mark.parametrize("name", ADDED)
def test_what_is_added_counts_too(make_project: MakeProject, name: str) -> None:
    """Nothing was read there, but a build would look."""
    project = make_project({"tema/partials/nada.html": "x"})
    settings = project / "mkdocs.yml"
    used = settings.read_text(encoding="utf-8").replace("theme:\n", "theme:\n  custom_dir: tema\n")
    settings.write_text(used, encoding="utf-8")
    assert is_made(project)
    assert not is_made(project)
    write(project, {name: ADDED[name]})
    assert is_made(project)
    assert not is_made(project)


def test_what_changes_while_a_site_is_made_is_not_called_current(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})

    def late(step: str) -> None:
        if step == "swap":
            with (project / "docs/index.md").open("a", encoding="utf-8") as file:
                file.write("\nTarde.\n")

    build_project(project, Path("site"), "mkdocs", SAY, late)
    assert is_made(project)
    assert "Tarde." in (project / "site/index.html").read_text(encoding="utf-8")


def test_three_builds_at_once_leave_one_whole_site(make_project: MakeProject) -> None:
    project = make_project({})
    environment = {**os.environ, "XDG_CACHE_HOME": str(project.parent / "c")}
    command = [sys.executable, "-m", "servicebook", "build", "--lang", "es"]
    builds = [
        subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(build.communicate(timeout=200)[1], build.returncode) for build in builds]
    assert any(code == 0 for _, code in ended)
    assert all("está haciendo el sitio" in said for said, code in ended if code)
    listed = json.loads((project / "site" / INVENTORY).read_bytes())
    assert all((project / "site" / name).is_file() for name in listed)
    assert threading.active_count() >= 1
