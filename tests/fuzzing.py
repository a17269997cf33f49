"""Structure-aware nonsense: a project whose files say odd things in the right places, checked and then made.

What `check` lets pass must be made without a failure, and nothing may end in an error that nobody foresaw.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from servicebook.base.problems import has_errors
from servicebook.checks.check import check_content
from servicebook.checks.files import check_files
from servicebook.content.content import Content
from servicebook.content.load import load_content
from servicebook.content.playbook import Playbook
from servicebook.editing.codeowners import codeowners_text
from servicebook.editing.compare import find_differences
from servicebook.editing.explain import as_data, as_markdown, as_text
from servicebook.editing.form.form import find_unformatted
from servicebook.editing.versions import Version, read_folder
from servicebook.language.messages import messages_in
from servicebook.paper.files import files_of
from servicebook.site import search
from servicebook.site.site import Site
from servicebook.views import upkeep
from servicebook.views.editions import edition_text, freeze
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


@dataclass
class Finding:
    """What went wrong, with what, and the error itself."""

    seed: str
    step: str
    error: BaseException


class Fuzzer:
    """Makes one odd project after another in a folder; the same seed gives the same ones."""

    def __init__(self, home: Path, source: Path | None = None) -> None:
        self._source = source or ROOT / "tests/projects/minimal"
        self._project = home / "project"
        shutil.copytree(self._source, self._project)
        self._files = {
            path.relative_to(self._project).as_posix(): path.read_bytes()
            for path in sorted(self._project.rglob("*"))
            if path.is_file()
        }
        content, _ = load_content(self._project / "playbook", "playbook")
        edition = edition_text(freeze(Playbook(content)), SAY)
        self._files["playbook/editions/1.yml"] = edition.encode()
        self._content = [
            name for name in self._files if name.startswith("playbook/") and name.endswith(".yml")
        ]

    def run(self, seed: str) -> Iterator[Finding]:
        """Make the project of a seed and yield what goes wrong with it."""
        dice = random.Random(seed)  # noqa: S311 - nonsense to repeat, not a secret
        self._restore()
        step = "write"
        try:
            for _ in range(dice.choice((1, 1, 1, 2, 4))):
                self._spoil(dice)
            step = "check"
            content = self._check()
            step = "read"
            self._read_as_editors_do()
            if content:
                step = "make"
                make(content, paper=dice.random() < 0.02)
        except Exception as error:
            yield Finding(seed, step, error)

    @property
    def project(self) -> Path:
        """The folder of the project made last."""
        return self._project

    def _restore(self) -> None:
        shutil.rmtree(self._project)
        for name, data in self._files.items():
            path = self._project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _spoil(self, dice: random.Random) -> None:
        name = dice.choice(self._content)
        path = self._project / name
        kind = dice.randrange(20) if path.exists() else 2
        if kind == 0:
            data = bytearray(path.read_bytes())
            for _ in range(dice.randint(1, 5)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            path.write_bytes(bytes(data))
        elif kind == 1:
            path.rename(
                path.with_name(
                    dice.choice(("otro.yml", "CON.yml", "a b.yml", "ñ.yml", "EXT-02.yml", "x.yaml"))
                )
            )
        elif kind == 2:
            link = self._project / dice.choice(("docs/enlace.md", "docs/carpeta", "playbook/cases", "media"))
            if not link.exists() and not link.is_symlink():
                link.symlink_to(dice.choice(("/etc/hostname", "../..", "nada", ".", "../playbook")))
        else:
            self._spoil_data(path, dice)

    def _spoil_data(self, path: Path, dice: random.Random) -> None:
        try:
            data = yaml.safe_load(path.read_bytes())
        except (yaml.YAMLError, UnicodeDecodeError, ValueError):
            return
        places = [*_places(data)]
        if places:
            holder, key = dice.choice(places)
            match dice.randrange(6):
                case 0:
                    del holder[key]
                case 1:
                    holder[key] = dice.choice(SHAPES)
                case 2 if isinstance(holder, dict):
                    holder[dice.choice(TEXTS)] = holder.pop(key)
                case 3 if isinstance(holder, list):
                    holder.append(holder[key])
                case 4:
                    other = dice.choice(places)
                    holder[key] = copy.deepcopy(other[0][other[1]]) if other[1] in _keys(other[0]) else None
                case _:
                    holder[key] = dice.choice(TEXTS)
        try:
            text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        except (yaml.YAMLError, RecursionError, ValueError):
            return
        path.write_text(text, encoding="utf-8", errors="surrogatepass")

    def _check(self) -> Content | None:
        content, problems = load_content(self._project / "playbook", "playbook")
        problems += [*check_content(content, DAY), *check_files(self._project, self._project / "playbook")]
        for problem in problems:
            sentence = SAY.explain(problem)
            assert "\n" not in sentence, problem
            assert problem.location.line >= 1, problem
        return None if has_errors(problems) else content

    def _read_as_editors_do(self) -> None:
        root = self._project / "playbook"
        for _ in find_unformatted(root, "playbook", []):
            pass
        whole = {name.removeprefix("playbook/"): self._files[name] for name in self._content}
        before, after = Version(whole, "playbook"), read_folder(root, "playbook")
        differences = find_differences(before, after, [])
        as_text(differences, SAY)
        as_markdown(differences, after.problems, after, SAY, None)
        as_data(differences, SAY)


def make(content: Content, *, paper: bool) -> None:
    """Make what a build makes of content but the theme's pages; sheets of paper, which are slow, if asked."""
    playbook = Playbook(content)
    site = Site(playbook)
    for entry in site.entries():
        site.parts_of(entry)
    for document in search.documents_of(site):
        site.renderer.render("search_document", document)
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
