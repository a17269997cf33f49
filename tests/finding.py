"""How well the search finds what people ask, and why it does not; `scripts/finding.py` prints it.

Takes sets of queries with the entries that answer them; gives figures and a cause for each miss. What is
sealed nobody reads: of it there are counts alone.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from servicebook.building.builder import SiteBuilder
from servicebook.content.playbook import Playbook
from servicebook.site.asking import ask
from servicebook.site.causes import CAUSES, cause_of
from servicebook.site.search import is_story
from servicebook.site.site import read_playbook
from servicebook.views.addresses import entry_path
from tests.conftest import ROOT

SETS = ("open", "unseen", "sealed")
QUERIES = ROOT / "tests" / "browser"
WORDS = re.compile(r"^search_words:(?: \[.*\]| *\n(?: .*\n)+)", re.MULTILINE)
# Whose answer is below these has missed it.
WITHIN = 3


@dataclass(frozen=True)
class Missed:
    """A query whose answer is not among the first three: what answers it, at which place that is, and why."""

    query: str
    expect: tuple[str, ...]
    place: int
    cause: str


@dataclass(frozen=True)
class Figures:
    """Of a hundred queries, how many find an answer first, in three and in eight; the MRR; and the misses."""

    tops: tuple[float, float, float]
    mrr: float
    count: int
    missed: tuple[Missed, ...]

    def __str__(self) -> str:
        told = ", ".join(f"top {most} {top:.1f} %" for most, top in zip((1, 3, 8), self.tops, strict=True))
        return f"{told}, MRR {self.mrr:.3f}, of {self.count}"

    def causes(self) -> Iterator[tuple[str, int]]:
        """Yield each cause with how many misses it has, in the order in which causes are tried."""
        counts = Counter(missed.cause for missed in self.missed)
        yield from ((cause, counts[cause]) for cause in CAUSES)


def queries_of(name: str) -> list[dict[str, Any]]:
    """Return a set of queries: `open` to be worked with, `unseen` by who wrote the words, or `sealed`."""
    file = "queries.yml" if name == "open" else f"queries_{name}.yml"
    found = yaml.load((QUERIES / file).read_text(encoding="utf-8"), yaml.CSafeLoader)
    queries: list[dict[str, Any]] = (
        found if name != "open" else [one for all_ in found.values() for one in all_]
    )
    return queries


@cache
def reference_playbook() -> Playbook:
    """Return the reference playbook."""
    playbook, _ = read_playbook(ROOT, dt.date.today())
    return playbook


def make_site(folder: Path, *, words: bool) -> Path:
    """Make the reference playbook's site in a folder, with its entries' search words or without any."""
    project = folder / "project"
    for name in ("playbook", "docs", "overrides"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "mkdocs.yml", project)
    for path in () if words else (project / "playbook").rglob("*.yml"):
        path.write_text(WORDS.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    builder = SiteBuilder(project / "mkdocs.yml", keeps_pages=True)
    builder.build(folder / "site")
    builder.update_search()
    return folder / "site"


def measure(site: Path, queries: Sequence[Mapping[str, Any]], playbook: Playbook) -> Figures:
    """Return how well a site of a playbook finds what queries expect, and why it misses the others."""
    entries = [[playbook.entries[id_] for id_ in query["expect"]] for query in queries]
    wanted = [[entry_path(entry, playbook.say) for entry in expected] for expected in entries]
    answers = ask(site, [query["q"] for query in queries], 0, playbook.say, wanted)
    aims = [answer.aim for answer in answers if answer.aim]
    missed = tuple(
        Missed(
            query["q"], tuple(query["expect"]), aim.place, cause_of(aim, stories=all(map(is_story, expected)))
        )
        for query, expected, aim in zip(queries, entries, aims, strict=True)
        if not 0 < aim.place <= WITHIN
    )
    places = [aim.place for aim in aims]
    first, three, eight = (
        100 * sum(0 < place <= most for place in places) / len(places) for most in (1, 3, 8)
    )
    mrr = sum(1 / place for place in places if place) / len(places)
    return Figures((first, three, eight), mrr, len(places), missed)
