"""Make the site with each engine and theme that there is, and tell what differs: `python scripts/engines.py`.

Every pair makes the reference playbook's site from a hashed lock of its own. What may differ is listed in
`DIFFERENCES`, by what the two themes themselves print; anything else fails. With `--tests` the tests of the
site, its shell, search, offline use and paper run under each pair besides.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environment
from test import find_browser

FOLDER = environment.ROOT / ".servicebook" / "engines"
LOCKS = environment.ROOT / "scripts" / "engines"
# The first pair is what the others are compared with; each theme has an environment to itself.
PAIRS = (
    ("mkdocs", "material"),
    ("properdocs", "material"),
    ("mkdocs", "materialx"),
    ("properdocs", "materialx"),
)
TESTS = (
    "tests/test_site.py",
    "tests/test_shell.py",
    "tests/test_paper.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_search.py",
    "tests/browser/test_offline.py",
)
# What a theme or an engine says of itself and no reader sees, by name: what it looks like on a page.
DIFFERENCES = {
    "generator": r'<meta name="generator" content="[^"]*">',
    "topbar": r' data-mx-topbar="\w+"',
    "toc-toggle": r'<input class="md-toggle" data-md-toggle="toc"[^>]*>|<label [^>]*for="__toc"></label>',
    "changefreq": r"<changefreq>daily</changefreq>",
    "spaces": r"\s+(?=[<>])|(?<=>)\s+",
}
# Scripts and styles of the themes' own, which no page of ours loads, and what counts files or has digests.
THEMES_OWN = re.compile(
    r"assets/(?:javascripts|stylesheets|images/favicon)|\.servicebook-files\.json|service-worker\.js|.*\.gz"
)


@dataclass(frozen=True)
class Pair:
    """An engine and a theme, and the copy of this project that is made with them."""

    engine: str
    theme: str

    @property
    def project(self) -> Path:
        return FOLDER / f"{self.engine}-{self.theme}"

    @property
    def python(self) -> Path:
        """The Python of the theme's environment, made where it is missing."""
        if self.theme == "material":
            return environment.make_environment(environment.VENV, environment.LOCK)
        return environment.make_environment(FOLDER / f"env-{self.theme}", LOCKS / f"{self.theme}.lock")

    def copy(self) -> None:
        """Copy what git knows of this project, its mkdocs.yml naming the theme and its tests the engine."""
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=environment.ROOT, capture_output=True, check=True).stdout.decode()
        shutil.rmtree(self.project, ignore_errors=True)
        for name in filter(None, names.split("\0")):
            source, target = environment.ROOT / name, self.project / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        for path in self.project.rglob("mkdocs.yml"):
            _replace(path, "name: material\n", f"name: {self.theme}\n")
        for path in (self.project / "tests").rglob("*.py"):
            _replace(path, '"mkdocs", ', f'"{self.engine}", ')

    def run(self, *arguments: str, **variables: str) -> int:
        """Run `python -m …` on the copy and return its exit code."""
        paths = os.pathsep.join((str(self.project / "src"), str(self.project)))
        known = {**os.environ, "PYTHONPATH": paths, **variables}
        return subprocess.run([str(self.python), "-m", *arguments], cwd=self.project, env=known).returncode


def main() -> int:
    """Make the site with every pair and print what differs. Returns 1 where that is not listed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tests", action="store_true")
    tests = parser.parse_args().tests
    environment.prepare()
    pairs = [Pair(*pair) for pair in PAIRS]
    for pair in pairs:
        environment.say("engine-building", engine=pair.engine, theme=pair.theme)
        pair.copy()
        if pair.run("servicebook", "build", "--engine", pair.engine, "--site-dir", "site", "--force") != 0:
            return 1
    same = [compare(pairs[0].project / "site", pair) for pair in pairs[1:]]
    return 0 if all(same) and not (tests and _test(pairs[1:])) else 1


def compare(first: Path, pair: Pair) -> bool:
    """Print what differs between the first site and a pair's; returns whether all of it is listed."""
    other = pair.project / "site"
    names, others = _files(first), _files(other)
    unlisted = [name for name in sorted(names ^ others) if not THEMES_OWN.match(name)]
    seen: set[str] = set()
    for name in sorted(names & others):
        one, two = (first / name).read_bytes(), (other / name).read_bytes()
        if one != two and not THEMES_OWN.match(name):
            seen |= differences(one.decode(), two.decode())
            if alike(one.decode()) != alike(two.decode()):
                unlisted.append(name)
    for name in unlisted:
        lines = "\n".join(_changes(first / name, other / name))
        environment.say("engine-differs", engine=pair.engine, theme=pair.theme, file=name, lines=lines)
    count = sum(name.endswith(".html") for name in names)
    kinds = ", ".join(sorted(seen))
    environment.say("engine-same", engine=pair.engine, theme=pair.theme, count=count, kinds=kinds)
    return not unlisted


def alike(page: str) -> str:
    """Return a page without what may differ."""
    for form in DIFFERENCES.values():
        page = re.sub(form, "", page)
    return page


def differences(one: str, other: str) -> set[str]:
    """Return the names of what differs between two pages, of all that may."""
    return {name for name, form in DIFFERENCES.items() if re.findall(form, one) != re.findall(form, other)}


def _files(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def _changes(one: Path, other: Path) -> Iterator[str]:
    yield from list(difflib.unified_diff(_lines(one), _lines(other), lineterm="", n=0))[:20]


def _lines(path: Path) -> list[str]:
    """Return what counts of a page, each element in a line of its own; nothing where there is no page."""
    return alike(path.read_text(encoding="utf-8")).replace("<", "\n<").splitlines() if path.exists() else []


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old in text and old != new:
        path.write_text(text.replace(old, new), encoding="utf-8")


def _test(pairs: list[Pair]) -> int:
    """Run the tests under each pair; returns how many pairs failed."""
    failed = 0
    for pair in pairs:
        environment.say("engine-testing", engine=pair.engine, theme=pair.theme)
        options = ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
        if pair.engine == "properdocs":  # before any test says mkdocs
            options += ["-p", "properdocs.replacement"]
        failed += pair.run("pytest", *options, *TESTS, SERVICEBOOK_BROWSER=find_browser()) != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
