"""Faults on purpose: kills, full disks, builds at once, builds that fail, odd surroundings.

Each yields what it found wrong as a sentence; `scripts/faults.py` plays as many as one likes.
"""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import UNFINISHED
from servicebook.building.site_folder import read_inventory
from servicebook.cli.main import run
from servicebook.content.model.settings import FORMAT
from servicebook.editing.starters import first_given
from tests.conftest import ROOT, copy_project

# Whatever is asked of the program ends within this many seconds, on a busy machine too.
LIMIT = 120
Files = dict[str, bytes]


def untidy(project: Path) -> None:
    """Put every content file out of its form, so that `fmt` writes it."""
    for path in (project / "playbook").rglob("*.yml"):
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n\n", encoding="utf-8")


def _new_page(project: Path) -> None:
    """Have a site that an edit has left behind."""
    done = call(project, "build")
    assert done.returncode == 0, done.stderr
    rename(project, "Despedirse al llegar")


def _older(project: Path) -> None:
    """Make the project one that an engine of the first format made."""
    shutil.rmtree(project)
    project.parent.mkdir(exist_ok=True)
    assert call(project.parent, "init", str(project)).returncode == 0
    (project / "servicebook.lock").unlink()
    texts = first_given("es").texts
    for path in [*project.rglob("*")]:
        name = path.relative_to(project).as_posix()
        if path.is_file() and not name.startswith("playbook/") and name not in texts:
            path.unlink()
    for name, text in texts.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    settings = project / "playbook/playbook.yml"
    written = settings.read_text(encoding="utf-8").replace(f"format: {FORMAT}\n", "")
    settings.write_text(written, encoding="utf-8")
    with (project / "playbook/standards/EXT-01.yml").open("a", encoding="utf-8") as standard:
        standard.write("mappings:\n  servqual: [empathy]\n")


@dataclass(frozen=True)
class Order:
    """What is asked of the program, and what makes a project ready for it.

    `again` is what the same order answers once it was done.
    """

    words: tuple[str, ...]
    prepare: Callable[[Path], object] = lambda project: None
    again: int = 0


# Each order that writes what a person owns or publishes.
ORDERS = {
    "fmt": Order(("fmt",), untidy),
    "new": Order(("new", "customer", "otro"), again=2),
    "edition": Order(("edition", "1"), again=2),
    "export": Order(("export", "--format", "csv")),
    "schema": Order(("schema",)),
    "codeowners": Order(("codeowners",)),
    "init": Order(("init", "otro"), again=2),
    "upgrade": Order(("upgrade",), _older),
    "build": Order(("build",), _new_page),
}


def rename(project: Path, title: str) -> None:
    """Give the standard of the minimal project another title."""
    entry = project / "playbook/standards/EXT-01.yml"
    lines = entry.read_text(encoding="utf-8").splitlines()
    told = [f"title: {title}" if line.startswith("title: ") else line for line in lines]
    entry.write_text("\n".join([*told, ""]), encoding="utf-8")


def surroundings(project: Path) -> dict[str, str]:
    """Return an environment whose cache and temporary files are a project's own."""
    temporary = project.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    own = {"XDG_CACHE_HOME": str(project.parent / "cache"), "TMPDIR": str(temporary)}
    return {**os.environ, **own, "SERVICEBOOK_MARK": str(project)}


# Forked, where that can be, from one process that has the engine in it: most orders take less than its start.
if sys.platform == "win32":
    _STARTED = multiprocessing.get_context("spawn")
else:
    _STARTED = multiprocessing.get_context("forkserver")
    _STARTED.set_forkserver_preload([__name__, "servicebook.cli.main", "servicebook.building.builder"])


def call(project: Path, *order: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Give the program an order in a project, and wait for its end."""
    return _started(project, order, more, "", 0)


def faulty(project: Path, kind: str, limit: int, order: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Give an order whose n-th change to the disk is its last, or finds it full; it prints their number."""
    return _started(project, order, {}, kind, limit)


def _started(
    project: Path, order: tuple[str, ...], more: Mapping[str, str], kind: str, limit: int
) -> subprocess.CompletedProcess[str]:
    """Give an order in a process of its own, and return how it ended and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("out", "err")]
        environment = {**surroundings(project), **more}
        process = _STARTED.Process(
            target=_obey, args=(project, [*order, "--lang", "es"], environment, said, kind, limit)
        )
        process.start()
        process.join(LIMIT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(order, LIMIT)
        out, err = (path.read_text(encoding="utf-8") for path in said)
        return subprocess.CompletedProcess(order, process.exitcode, out, err)


def _obey(
    project: Path, order: list[str], environment: dict[str, str], said: list[Path], kind: str, limit: int
) -> None:
    """Be the program: end with its code."""
    for number, path in enumerate(said, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it is another in this environment
    os.chdir(project)
    changes = _go_wrong(kind, limit) if kind else []
    code = run(order)
    if kind:
        print(len(changes))
    sys.stdout.flush()
    sys.exit(code)


def _go_wrong(kind: str, limit: int) -> list[str]:
    """End this process at its n-th change to the disk, or let it find that full; return its changes."""
    changes: list[str] = []
    home = str(Path.cwd())

    def happen(what: str) -> None:
        changes.append(what)
        if len(changes) == limit:
            if kind == "kill":
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        changed = event in ("os.rename", "os.remove", "os.chmod", "os.mkdir") or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        # What lies elsewhere, such as a cache, is not a project's.
        if changed and (str(arguments[0]).startswith(home) or not str(arguments[0]).startswith("/")):
            happen(event)

    sys.addaudithook(watch)
    real = os.fsync

    def fsync(file: int) -> None:
        happen("fsync")
        real(file)

    os.fsync = fsync  # type: ignore[assignment]
    return changes


def files_of(project: Path) -> Files:
    """Return what stands in a project, but for what is hidden by us while it is made."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and UNFINISHED not in path.name and not _is_unfinished(path, project)
    }


def _is_unfinished(path: Path, project: Path) -> bool:
    return path.relative_to(project).parts[0].startswith(".site.")


class Interrupted:
    """An order that is ended, or finds the disk full, again and again, each time in a project of its own."""

    def __init__(self, home: Path, name: str, kind: str) -> None:
        self.order = ORDERS[name]
        self._kind = kind
        self._home = home / f"{name}-{kind}"
        self._project = copy_project(self._home / "project/manual", {})
        self.order.prepare(self._project)
        self._before = files_of(self._project)
        whole = self._copy("whole")
        began = time.monotonic()
        finished = faulty(whole, kind, 0, self.order.words)
        self._seconds = time.monotonic() - began
        assert finished.returncode == 0, finished.stderr
        self._after = files_of(whole)
        self.total = int(finished.stdout.splitlines()[-1])

    def run(self, count: int, seed: str) -> Iterator[str]:
        """Yield what goes wrong: at every change to the disk, or as many as asked for, then at any time."""
        dice = random.Random(seed)  # noqa: S311 - moments to repeat, not a secret
        moments = range(1, self.total + 1)
        for moment in sorted(dice.sample(moments, min(self.total, count))):
            yield from self.at(moment)
        for _ in range(count - self.total if self._kind == "kill" else 0):
            yield from self._at_time(dice.uniform(0, self._seconds))

    def at(self, moment: int) -> Iterator[str]:
        """Yield what goes wrong when the n-th change to the disk is the last."""
        copy = self._copy(f"at-{moment}")
        ended = faulty(copy, self._kind, moment, self.order.words)
        if "Traceback" in ended.stderr:
            yield f"at {moment}: {ended.stderr}"
        if self._kind == "full":
            if [*copy.rglob(f"{UNFINISHED}*.tmp")]:
                yield f"at {moment}: an unfinished file is left"
            if ended.returncode and "espacio" not in ended.stderr:
                yield f"at {moment}: {ended.stderr}"
        yield from self._left(copy, f"at {moment}")

    def _at_time(self, seconds: float) -> Iterator[str]:
        copy = self._copy("at-a-time")
        with Program(copy, *self.order.words) as program:
            time.sleep(seconds)
            program.end(signal.SIGKILL)
        yield from self._left(copy, f"after {seconds:.3f} s")

    def _left(self, copy: Path, when: str) -> Iterator[str]:
        """Yield what is lost or half, and what the same order says when it is given again."""
        found = files_of(copy)
        site = {name for name in self._before if name.startswith("site/")}
        if lost := self._before.keys() - found.keys() - site:
            yield f"{when}: lost {sorted(lost)}"
        for path, data in found.items():
            if data not in (self._before.get(path), self._after.get(path)):
                yield f"{when}: half {path}"
        stands = _site_in(found)
        if stands and stands not in (_site_in(self._before), _site_in(self._after)):
            yield f"{when}: a site of neither version"
        again = call(copy, *self.order.words)
        if again.returncode not in (0, self.order.again) or "Traceback" in again.stderr:
            yield f"{when}, again: {again.returncode} {again.stdout}{again.stderr}"
        elif again.returncode and found != self._after:
            yield f"{when}, again: refused, though it was not done: {again.stderr}"
        elif again.returncode == 0 and files_of(copy) != self._after:
            differ = {name for name, _ in files_of(copy).items() ^ self._after.items()}
            yield f"{when}, again: not what it makes otherwise: {sorted(differ)[:9]}"
        shutil.rmtree(copy.parent)

    def _copy(self, name: str) -> Path:
        # Of one name and depth, which a site's addresses do not know, but a cache's folder does.
        copy = self._home / name / "manual"
        shutil.copytree(self._project, copy, symlinks=True)
        return copy


def _site_in(files: Files) -> Files:
    return {name: data for name, data in files.items() if name.startswith("site/")}


class Program:
    """The program under way, with all that it starts in a group of its own."""

    def __init__(self, project: Path, *order: str, code: str = "", **more: str) -> None:
        self.project = project
        start = ["-c", code] if code else ["-m", "servicebook"]
        self._process = subprocess.Popen(
            [sys.executable, *start, *order, "--lang", "es"],
            cwd=project,
            env={**surroundings(project), **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.end(signal.SIGKILL)
            self._process.wait(LIMIT)

    def end(self, sign: signal.Signals) -> None:
        """Send a signal to the program alone."""
        self._process.send_signal(sign)

    def wait(self) -> tuple[int, str]:
        """Return how it ended and what it said of it. Raises TimeoutExpired for one that hangs."""
        _, said = self._process.communicate(timeout=LIMIT)
        return self._process.returncode, said


def alive(project: Path) -> list[str]:
    """Return the processes that were started for a project and are no ghosts, by what they run."""
    mark = f"SERVICEBOOK_MARK={project}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if mark in (entry / "environ").read_bytes() and not ended:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def digest_of(site: Path) -> str:
    """Return one digest of a site: of what is listed there, and of every file."""
    digest = hashlib.sha256()
    for name, data in sorted(files_of(site).items()):
        digest.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()


class AtOnce:
    """Builds of one project at once: at any offset, three of them, or beside its preview."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._clean: dict[str, str] = {}

    def pair(self, seed: str, builds: int = 2) -> Iterator[str]:
        """Yield what goes wrong when builds begin at random, with an edit somewhere between."""
        dice = random.Random(seed)  # noqa: S311 - moments to repeat, not a secret
        project = copy_project(self._home / f"pair-{seed.replace('/', '-')}/manual", {})
        rename(project, "Uno")
        programs = []
        edit = dice.randrange(builds)
        for number in range(builds):
            programs.append(Program(project, "build"))
            if number == edit:
                time.sleep(dice.uniform(0, 3))
                rename(project, "Dos")
            time.sleep(dice.uniform(0, 3))
        ended = [program.wait() for program in programs]
        yield from self._judge(project, ended, seed)

    def beside_preview(self, seed: str) -> Iterator[str]:
        """Yield what goes wrong when a site is built while its preview is shown and rewritten."""
        dice = random.Random(seed)  # noqa: S311
        project = copy_project(self._home / f"preview-{seed.replace('/', '-')}/manual", {})
        rename(project, "Uno")
        with Program(project, "serve", "--port", str(dice.randrange(20_000, 60_000))) as preview:
            time.sleep(dice.uniform(0, 3))
            build = Program(project, "build")
            time.sleep(dice.uniform(0, 3))
            rename(project, "Dos")
            ended = [build.wait()]
            preview.end(signal.SIGTERM)
            _, said = preview.wait()
            if "Traceback" in said:
                yield f"{seed}: preview: {said}"
        yield from self._judge(project, ended, seed)

    def _judge(self, project: Path, ended: list[tuple[int, str]], seed: str) -> Iterator[str]:
        for code, said in ended:
            if code and "está haciendo el sitio" not in said:
                yield f"{seed}: {code} {said}"
        if all(code for code, _ in ended):
            yield f"{seed}: no build was done"
        site = project / "site"
        if missing := [name for name in read_inventory(site) or ["the list"] if not (site / name).is_file()]:
            yield f"{seed}: half a site: {missing[:5]}"
        if digest_of(site) not in (self._clean_site("Uno"), self._clean_site("Dos")):
            yield f"{seed}: a site of neither version"
        last = call(project, "build")
        if last.returncode or digest_of(site) != self._clean_site("Dos"):
            yield f"{seed}: called current and is not: {last.stdout}{last.stderr}"
        yield from (f"{seed}: left {left}" for left in left_of(project))
        shutil.rmtree(project.parent)

    def _clean_site(self, title: str) -> str:
        if title not in self._clean:
            project = copy_project(self._home / f"clean-{title}/manual", {})
            rename(project, title)
            assert call(project, "build").returncode == 0
            self._clean[title] = digest_of(project / "site")
        return self._clean[title]


def left_of(project: Path) -> Iterator[str]:
    """Yield the processes and the folders that are left of what was started for a project."""
    yield from alive_after(project)
    yield from (path.name for path in project.iterdir() if path.name.startswith(".site"))
    yield from (f"tmp/{path.name}" for path in (project.parent / "tmp").iterdir())


# A program that never ends, and puts another into the background, in the place of what writes the search.
_SLEEPER = "#!/bin/sh\nsleep 300 &\nsleep 300\n"
_NO_SEARCH = """
import pathlib, sys
from servicebook.base import processes
from servicebook.site import search_index
program = sys.argv.pop(1)
search_index.write_index = lambda *_: processes.run_program([program], pathlib.Path(), 300)
from servicebook.cli.main import main
main()
"""


def _write(project: Path, name: str, text: str, mode: str = "a") -> None:
    with (project / name).open(mode, encoding="utf-8") as file:
        file.write(text)


SPOILED: Mapping[str, Callable[[Path], None]] = {
    "content": lambda project: _write(project, "playbook/standards/EXT-01.yml", "level: alto\n"),
    "settings": lambda project: _write(project, "playbook/playbook.yml", "words: [x\n"),
    "configuration": lambda project: _write(project, "mkdocs.yml", "plugins: [nada]\n"),
    "macro": lambda project: _write(project, "docs/index.md", "\n{{ nada() }}\n"),
    "link": lambda project: _write(project, "docs/index.md", "\n[roto](nada.md)\n"),
    "sandbox": lambda project: _write(project, "docs/index.md", "\n{{ ''.__class__ }}\n"),
    "in-the-way": lambda project: _take(project / "site/estandares"),
}
ENDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")


def _take(path: Path) -> None:
    """Have a file of somebody else stand where a folder of the site goes."""
    path.parent.mkdir()
    _write(path.parent, ".servicebook-files.json", "[]")
    _write(path.parent, path.name, "mío")


def _program(project: Path, text: str) -> None:
    _write(project.parent, "program", text, "w")
    (project.parent / "program").chmod(0o755)


def failure(home: Path, kind: str, seed: str) -> Iterator[str]:
    """Yield what a build leaves that fails in one of the ways, or is ended at random."""
    dice = random.Random(seed)  # noqa: S311
    project = copy_project(home / f"{kind}-{seed.replace('/', '-')}/manual", {})
    if kind in SPOILED:
        SPOILED[kind](project)
        with Program(project, "build") as one:
            code, said = one.wait()
        if not code or "Traceback" in said:
            yield f"{kind} {seed}: {code} {said}"
    else:
        _program(project, _SLEEPER)
        code_ = _NO_SEARCH if dice.random() < 0.5 else ""
        order = (str(project.parent / "program"), "build") if code_ else ("build",)
        with Program(project, *order, code=code_) as one:
            time.sleep(dice.uniform(0.1, 4))
            one.end(getattr(signal, kind))
            one.wait()
    if kind == "SIGKILL":
        # Nobody is left to clean up: the next build does.
        yield from (f"{kind} {seed}: {left}" for left in alive_after(project))
        call(project, "build")
    yield from (f"{kind} {seed}: left {left}" for left in left_of(project))
    shutil.rmtree(project.parent)


def alive_after(project: Path) -> list[str]:
    """Return what is still alive of a project after the time that its end takes."""
    end = time.monotonic() + 10
    while alive(project) and time.monotonic() < end:
        time.sleep(0.05)
    return alive(project)


def _odd_surroundings(home: Path) -> Iterator[tuple[str, dict[str, str], Path, tuple[str, ...], int]]:
    """Yield names, environments, places, options of Python and masks that no byte may depend on."""
    deep = home / "d" / Path(*["muy-hondo"] * 20)
    odd = home / "raíz #1 100% (año) 'x'"
    plain: tuple[str, ...] = ()
    for locale in ("C", "C.UTF-8", "es_MX.UTF-8", "en_US.ISO-8859-1"):
        yield (
            f"locale {locale}",
            {"LC_ALL": locale, "LANG": locale, "LANGUAGE": locale},
            home / "a",
            plain,
            0o022,
        )
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
        yield f"zone {zone}", {"TZ": zone}, home / "a", plain, 0o022
    for seed in ("0", "1", "4294967295"):
        yield f"hash {seed}", {"PYTHONHASHSEED": seed}, home / "a", plain, 0o022
    for mask in (0o000, 0o077):
        yield f"mask {mask:03o}", {}, home / "a", plain, mask
    for options in (("-O",), ("-OO",), ("-X", "utf8=0"), ("-B", "-s")):
        yield f"python {options}", {}, home / "a", options, 0o022
    yield "deep", {}, deep, plain, 0o022
    yield "odd name", {}, odd, plain, 0o022
    yield "no home", {"HOME": "/nonexistent", "USER": "", "LOGNAME": ""}, home / "a", plain, 0o022
    yield "terminal", {"COLUMNS": "20", "TERM": "xterm", "FORCE_COLOR": "1"}, home / "a", plain, 0o022
    yield "one core", {}, home / "a", plain, 0o022


def surrounded(home: Path, count: int) -> Iterator[str]:
    """Yield where one project does not give the same bytes: its site, its paper, what `fmt` writes."""
    first: dict[str, str] = {}
    for name, more, place, options, mask in [*_odd_surroundings(home)][:count]:
        project = shutil.copytree(ROOT / "tests/projects/hospital", place / "manual")
        untidy(project)
        for order in (("build",), ("export", "--format", "pdf"), ("export", "--format", "xlsx"), ("fmt",)):
            cores = {min(os.sched_getaffinity(0))} if name == "one core" else os.sched_getaffinity(0)
            done = subprocess.run(
                [sys.executable, *options, "-m", "servicebook", *order],
                cwd=project,
                env={**surroundings(project), **more},
                capture_output=True,
                check=False,
                timeout=LIMIT,
                umask=mask,
                preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores),  # type: ignore[misc]
            )
            if done.returncode:
                yield f"{name}, {order}: {done.returncode} {done.stderr.decode(errors='replace')}"
        for path, data in files_of(project).items():
            digest = hashlib.sha256(data).hexdigest()
            if first.setdefault(path, digest) != digest:
                yield f"{name}: {path} is another"
        if len(first) != len(files_of(project)):
            yield f"{name}: not the same files"
        shutil.rmtree(project.parent)
