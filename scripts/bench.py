"""Time servicebook beside its peers: `python scripts/bench.py [--sizes 1000,5000] [--rounds 3]`.

Everything is measured in one run, round robin, on the same machine and the same visible content: the peers
get what our own pages say, as hand-written Markdown. What is printed are medians and ratios; a ratio
survives a change of machine, a number of seconds does not. Peers are installed into environments of their
own under `.bench/` at the versions pinned here.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bench_peers
import environment
from bench_peers import HOME, NAVIGATION, Program, variables, write

PAPER_COUNTS = (250, 1000)


def main() -> int:
    """Run the benchmark and print its tables."""
    arguments = _parse_arguments()
    environment.enter(__file__)
    bins = bench_peers.install(arguments.peers)
    results: dict[int, dict[str, list[Run]]] = {}
    for size in arguments.sizes:
        results[size] = _measure(size, arguments.rounds, bins)
        _print_size(size, results[size])
    _print_growth(results)
    if arguments.chart:
        _draw(arguments.chart, arguments.sizes[0], results[arguments.sizes[0]])
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


# --- what is measured --------------------------------------------------------------------------------


def _measure(size: int, rounds: int, bins: dict[str, Path]) -> dict[str, list[Run]]:
    """Build one playbook by everyone, round robin; in a first round memory is measured, and no time.

    Every run writes into a new folder, and none is deleted before all sizes are done: for minutes after a
    deletion a file system takes longer to make files, which would be timed with the next run.
    """
    ours = make_project(size)
    programs = _ours(ours)
    if size <= bench_peers.LARGEST:
        markdown = bench_peers.expand(ours, size, lambda: _servicebook(ours, "build", "--site-dir", "site"))
        programs |= bench_peers.programs_of(size, markdown, bins)
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


def _forget() -> None:
    """Take away what was kept of a playbook: every run is a cold one.

    What a program keeps of itself stays, for ours as for its peers: Python's compiled modules, our compiled
    templates, what we say in each language.
    """
    for kept in (HOME / "cache/servicebook").glob("*"):
        if kept.name not in ("templates", "catalogues"):
            shutil.rmtree(kept)
    bench_peers.forget()


def _megabytes_in(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _run(command: list[str], folder: Path = HOME) -> float:
    """Run a command in a folder and return its seconds; raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run(command, env=variables(), stdout=subprocess.DEVNULL, cwd=folder, check=True)
    return time.perf_counter() - started


def _run_watched(command: list[str]) -> float:
    """Run a command and return the megabytes that it took; raises CalledProcessError when it fails."""
    process = subprocess.Popen(command, env=variables(), stdout=subprocess.DEVNULL, cwd=HOME)
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
            write(folder / f"lista-{i}.yml", _checklist_text(i, lines))
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
        env=variables(),
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
    # Where the page of lists leads to; the peers have nothing of what is told editors.
    write(project / "docs/editar/index.md", "# Editar\n\n## Lo que se busca y no se encuentra\n")
    settings = (environment.ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    settings = settings.replace("  custom_dir: overrides\n", "").replace("      include_dir: overrides\n", "")
    # The peers print nothing, so nothing is printed here either.
    (project / "mkdocs.yml").write_text(
        settings.replace("  - servicebook\n", "  - servicebook:\n      paper: false\n") + "\n" + NAVIGATION,
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
    (plain / "mkdocs.yml").write_text(without + "\n" + NAVIGATION, encoding="utf-8")
    return project


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


def _draw(path: Path, size: int, results: dict[str, list[Run]]) -> None:
    """Draw what each took for its site with a search, those that have one, as a picture with bars."""
    import jinja2  # here, since this runs before there is an environment, too

    seconds = {name: _median(runs) for name, runs in results.items() if name.endswith("-search")}
    ours, longest = seconds["servicebook-search"], max(seconds.values())
    rows = [
        {
            "label": bench_peers.TITLES[name.removesuffix("-search")],
            "own": one == ours,
            "share": one / longest,
            "told": environment.text("bench-bar", seconds=f"{one:.1f}", ratio=f"{one / ours:.1f}"),
        }
        for name, one in sorted(seconds.items(), key=lambda item: item[1])
    ]
    loader = jinja2.FileSystemLoader(bench_peers.SOURCES)
    template = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("chart.svg")
    title = environment.text("bench-chart", size=f"{size:,}")
    path.write_text(
        template.render(title=title, rows=rows, width=760, left=170, right=170, top=36, step=34) + "\n",
        encoding="utf-8",
    )


def _median(runs: list[Run]) -> float:
    return statistics.median(run.seconds for run in runs if run.seconds is not None)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=[1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--peers", type=lambda text: [p for p in text.split(",") if p], default=[*bench_peers.PEERS]
    )
    parser.add_argument("--chart", type=Path, help="an SVG of the first size, to be written there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
