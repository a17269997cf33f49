"""Structure-aware nonsense: a project whose files say odd things in the right places, checked and built.

Spoiled are entries, settings, lists, editions, mkdocs.yml, pages, saved runs, names and links. What `check`
lets pass must be built, and nothing may end in an error that nobody foresaw.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from servicebook.base.problems import BuildError, ContentError, Problem, has_errors
from servicebook.building.build import build_project
from servicebook.checks.check import check_content
from servicebook.checks.files import check_files
from servicebook.checks.project import check_project
from servicebook.content.content import Content
from servicebook.content.load import load_content
from servicebook.content.playbook import Playbook
from servicebook.content.project import read_project
from servicebook.editing.codeowners import codeowners_text
from servicebook.editing.compare import find_differences
from servicebook.editing.explain import as_data, as_markdown, as_text
from servicebook.editing.form.form import find_unformatted
from servicebook.editing.policy import find_breaches
from servicebook.editing.versions import Version, read_folder
from servicebook.language.messages import messages_in
from servicebook.paper.files import files_of
from servicebook.site import search
from servicebook.site.site import Site
from servicebook.views import upkeep
from servicebook.views.audits import summarise
from servicebook.views.editions import edition_text, freeze
from servicebook.views.runs import read_runs
from tests.conftest import ROOT

DAY = dt.date(2026, 11, 25)
SAY = messages_in("es")
TEXTS = [
    *(
        "",
        " ",
        "x",
        "ñ",
        "0",
        "-1",
        "null",
        "true",
        "a: b",
        "# no",
        "- x",
        "'",
        '"',
        "\\",
        "%s",
        "{0}",
        "{{ x }}",
    ),
    *("../../../../fuera", "..", ".", "/etc/passwd", "con", "nul", "COM1", "a" * 121, "a" * 5000, "á" * 300),
    *(
        "<script>alert(1)</script>",
        "]]>",
        "&amp;",
        "[x](javascript:x)",
        "[x](EXT-01)",
        "[x](nada)",
        "**",
        "*a",
    ),
    *(
        "\u200b",
        "\u202e",
        "👩‍💻",
        "℀",
        "\ufeff",
        "e\u0301",
        "\u00ad",
        "\U0010ffff",
        "a\tb",
        "dos\nlíneas",
        "::error::x",
    ),
    *(
        "https://example.org",
        "https://[x",
        "https://a:99999999",
        "http://℀.example",
        'https://a/"x',
        "https:///",
    ),
    *(
        "EXT-01",
        "EXT-99",
        "EXT-01.saludo",
        "vip",
        "apertura",
        "vip/../x",
        "EXT-1",
        "ext-01",
        "A-01",
        "-",
        "a-",
        "1",
    ),
    *("9999-12-31", "0001-01-01", "2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "2026-1-1", "hoy"),
    *(
        "1e308",
        "1e999",
        "nan",
        "inf",
        "-0",
        "0.1",
        "1_000",
        "0x10",
        "１２",
        "99999999999999999999",
        "1/0",
        "a+b",
    ),
]
SHAPES: list[Any] = [None, [], {}, [[]], [None], {"x": None}, [""], {"": ""}, 0, -1, 1.5, True, ["x"] * 50]


# What a page may call, with something odd in the place of what it ought to be given.
MACROS = (
    "standards",
    "standard",
    "customers",
    "matrix",
    "choices",
    "glossary",
    "sources",
    "news",
    "jobs",
    "ref",
)
PROJECTS = ("minimal", "minimal", "hospital", "oficina-pt", "baseline")
RUN: dict[str, Any] = {
    "format": "servicebook-run",
    "version": 2,
    "checklist": "apertura",
    "title": "Apertura",
    "edition": "1",
    "rule": {
        "weights": {"essential": 3, "expected": 2},
        "gate": ["essential"],
        "blank": "incomplete",
        "unobserved": "excluded",
        "bands": [{"at_least": 75, "title": "Bien"}, {"at_least": 0, "title": "Mal"}],
    },
    "run": {"name": "Ana", "place": "Centro", "date": "2026-11-25"},
    "items": [
        {
            "section": "uno",
            "title": "Uno",
            "id": f"l.{i}",
            "text": "x",
            "level": level,
            "digest": "d",
            "answer": answer,
        }
        | {"note": "n", "action": {"what": "x", "who": "y", "by": "2026-11-30"}}
        for i, (level, answer) in enumerate([("essential", "yes"), ("expected", "no"), ("expected", "na")])
    ],
}


@dataclass
class Finding:
    """What went wrong, with what, and the error itself."""

    seed: str
    step: str
    error: BaseException


class Source:
    """A small project to spoil: its files by name, with a frozen edition and two saved runs beside them."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, bytes] = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        # The index of the search and paper are made by others, for seconds; `make` makes what they are given.
        plain = self.files["mkdocs.yml"].replace(
            b"- servicebook\n", b"- servicebook: {search: false, paper: false}\n"
        )
        self.files["mkdocs.yml"] = plain
        content, problems = load_content(folder / "playbook", "playbook")
        assert not has_errors(problems)
        playbook = Playbook(content)
        edition = freeze(playbook)
        self.files[f"playbook/editions/{edition.name}.yml"] = edition_text(edition, playbook.say).encode()
        self.files |= {f"runs/{name}.json": json.dumps(RUN).encode() for name in ("a", "b")}


class Fuzzer:
    """Makes one odd project after another in a folder; the same seed gives the same ones."""

    def __init__(self, home: Path, projects: tuple[str, ...] = PROJECTS) -> None:
        self.project = home / "project"
        self._site = home / "site"
        # Whether the checks passed the project made last; None where they do not look at what was spoiled.
        self.passes: bool | None = None
        known = {name: Source(ROOT / "tests/projects" / name) for name in projects}
        self._sources = [known[name] for name in projects]

    def run(self, seed: str, *, builds: float = 0.1) -> Iterator[Finding]:
        """Make the project of a seed and yield what goes wrong with it.

        `builds` is the part of them that the theme makes pages of too, which takes ten times as long.
        """
        dice = random.Random(seed)  # noqa: S311 - nonsense to repeat, not a secret
        files = dice.choice(self._sources).files
        self._restore(files)
        step = "write"
        try:
            spoiled = {self._spoil(files, dice) for _ in range(dice.choice((1, 1, 1, 2, 4)))}
            step = "check"
            content = self.check()
            self.passes = None if spoiled & {"mkdocs.yml", "docs"} else content is not None
            step = "read"
            self._read_as_editors_do(files)
            if content:
                step = "make"
                make(content, paper=dice.random() < 0.02)
            if dice.random() < builds:
                step = "build"
                self._build()
        except Exception as error:
            yield Finding(seed, step, error)

    def _build(self) -> None:
        """Build the project; unless it passes the checks, it may be refused."""
        try:
            build_project(self.project, self._site, "mkdocs", SAY, lambda step: None, force=True)
        except (ContentError, BuildError):
            if self.passes:
                raise

    def _restore(self, files: Mapping[str, bytes]) -> None:
        shutil.rmtree(self.project, ignore_errors=True)
        for name, data in files.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _spoil(self, files: Mapping[str, bytes], dice: random.Random) -> str:
        """Spoil something; return the name of what a check does not look into, or nothing."""
        kind = dice.randrange(24)
        if kind == 0:
            page = self.project / dice.choice([name for name in files if name.startswith("docs/")])
            if page.exists():
                page.write_text(_odd_page(dice), encoding="utf-8", errors="surrogatepass")
            return "docs"
        if kind == 1:
            self._spoil_data(self.project / "mkdocs.yml", dice)
            return "mkdocs.yml"
        if kind == 2:
            self._spoil_data(self.project / f"runs/{dice.choice('ab')}.json", dice)
        elif kind == 3:
            self._spoil_links(dice)
        else:
            names = [name for name in files if name.startswith("playbook/") and name.endswith(".yml")]
            self._spoil_content(self.project / dice.choice(names), kind, dice)
        return ""

    def _spoil_links(self, dice: random.Random) -> None:
        link = self.project / dice.choice(("docs/enlace.md", "docs/carpeta", "playbook/cases", "media"))
        if not link.exists() and not link.is_symlink():
            link.symlink_to(dice.choice(("/etc/hostname", "../..", "nada", ".", "../playbook")))

    def _spoil_content(self, path: Path, kind: int, dice: random.Random) -> None:
        if not path.exists():
            return
        if kind == 4:
            data = bytearray(path.read_bytes())
            for _ in range(dice.randint(1, 5)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            path.write_bytes(bytes(data))
        elif kind == 5:
            names = ("otro.yml", "CON.yml", "a b.yml", "ñ.yml", "EXT-02.yml", "x.yaml")
            path.rename(path.with_name(dice.choice(names)))
        else:
            self._spoil_data(path, dice)

    def _spoil_data(self, path: Path, dice: random.Random) -> None:
        try:
            data = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError, ValueError, OSError):
            return
        places = [*_places(data)]
        if places:
            _spoil_place(dice, places)
        try:
            if path.suffix == ".json":
                text = json.dumps(data)
            else:
                text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        except (yaml.YAMLError, RecursionError, ValueError, TypeError):
            return
        path.write_text(text, encoding="utf-8", errors="surrogatepass")

    def check(self) -> Content | None:
        """Check the project made last as the command does; return its content when it passes."""
        try:
            project = read_project(self.project)
            content, problems = load_content(project.playbook, "playbook")
        except ContentError as error:
            self._require_sentences(error.problems)
            return None
        except FileNotFoundError:
            return None
        docs = project.options.get("docs_dir")
        pages = project.folder / docs if isinstance(docs, str) else None
        problems += [*check_project(project, content.settings), *check_content(content, DAY)]
        problems += check_files(project.folder, content.root, pages)
        self._require_sentences(problems)
        json.dumps(summarise(read_runs(self.project / "runs"), DAY))
        return None if has_errors(problems) else content

    def _require_sentences(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            sentence = SAY.explain(problem)
            assert "\n" not in sentence, problem
            assert problem.location.line >= 1, problem

    def _read_as_editors_do(self, files: Mapping[str, bytes]) -> None:
        root = self.project / "playbook"
        for _ in find_unformatted(root, "playbook", []):
            pass
        whole = {
            name.removeprefix("playbook/"): data
            for name, data in files.items()
            if name.startswith("playbook/") and name.endswith(".yml")
        }
        before, after = Version(whole, "playbook"), read_folder(root, "playbook")
        differences = find_differences(before, after, [])
        find_breaches(before, after, differences)
        as_text(differences, SAY)
        as_markdown(differences, after.problems, after, SAY, None)
        as_data(differences, SAY)


def _spoil_place(dice: random.Random, places: list[tuple[Any, Any]]) -> None:
    holder, key = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del holder[key]
        case 1:
            holder[key] = copy.deepcopy(dice.choice(SHAPES))
        case 2 if isinstance(holder, dict):
            holder[dice.choice(TEXTS)] = holder.pop(key)
        case 3 if isinstance(holder, list):
            holder.append(holder[key])
        case 4:
            other = dice.choice(places)
            holder[key] = copy.deepcopy(other[0][other[1]]) if other[1] in _keys(other[0]) else None
        case _:
            holder[key] = dice.choice(TEXTS)


def _odd_page(dice: random.Random) -> str:
    """Return a page that calls, links and says odd things."""
    parts = ["# Página"]
    for _ in range(dice.randint(1, 3)):
        text = dice.choice(TEXTS)
        macro, shape = dice.choice(MACROS), dice.choice(SHAPES)
        parts.append(
            dice.choice(
                (
                    text,
                    f"{{{{ {macro}({text!r}) }}}}",
                    f"{{{{ {macro}({shape!r}, {text!r}) }}}}",
                    f"[x](<{text}>)",
                    f"<a href='{text}#{text}'>x</a>",
                    f"---\n{text}: {text}\n---",
                    f"{{{{ {text} }}}}",
                )
            )
        )
    if dice.random() < 0.2:
        parts.insert(
            0, f"---\n{dice.choice(('title', 'template', 'hide', 'search'))}: {dice.choice(TEXTS)}\n---"
        )
    return "\n\n".join(parts)


def make(content: Content, *, paper: bool) -> None:
    """Make what a build makes of content but the theme's pages; sheets of paper, which are slow, if asked."""
    playbook = Playbook(content)
    site = Site(playbook)
    for entry in site.entries():
        site.parts_of(entry)
    assert all(document.sections for document in search.documents_of(site))
    assert all(html for _, html in site.paper_pages())
    site.data_text(), site.feed(), site.theme_data(), [*site.redirects()]
    edition_text(freeze(playbook), site.say)
    codeowners_text(playbook.settings, content.entries, "playbook")
    tasks = upkeep.find_tasks(content.entries, playbook.settings, DAY)
    upkeep.as_text(tasks, playbook.settings, SAY)
    for file in files_of(playbook, site.say):
        file.inputs()
        if paper or file.format in ("csv", "json"):
            file.make()


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a value in nested data: what holds it, and the key or the number there."""
    if isinstance(data, dict | list):
        for key in [*_keys(data)]:
            yield data, key
            yield from _places(data[key])
