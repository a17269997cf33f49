"""Random edits of a small project, each built over the site that stands and clean: both are the same bytes.

Every build runs in a process of its own, as `servicebook build` does, and the clean one with an empty cache.
An edit that a clean build refuses is refused over the standing site too, which then stays as it is.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import random
import re
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.base.problems import BuildError, ContentError
from servicebook.base.resources import theme_folder
from servicebook.building import builder  # noqa: F401 - loaded once, and not in every child
from servicebook.building.build import build_project
from servicebook.building.site_folder import FolderError
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.synthetic import write_playbook

SAY = messages_in("es")
Files = dict[str, bytes]
_CONFIG = """\
site_name: Manual
theme:
  name: material
  language: es
  font: false
  custom_dir: overrides
plugins:
  - servicebook: {OPTIONS}
  - macros:
      modules: [servicebook.macros]
      on_undefined: strict
      on_error_fail: true
markdown_extensions: [attr_list, admonition, md_in_html, tables]
"""
_OPTIONS = (
    "search: false, paper: false",
    "search: false, paper: false, offline: false",
    "search: false, paper: false, pages: full",
    "search: true, paper: false",
    "search: false, paper: true",
)
_PAGES = {
    "index.md": "# Manual\n\n{{ standards() }}\n",
    "estandares/index.md": "# Estándares\n\n{{ standards(facets=True) }}\n",
    "cartas.md": "# Cartas\n\nMira {{ ref('EXT-0001') }} y {{ ref('INT-0002') }}.\n",
}
_HOOK = """\
def on_post_build(config):
    from pathlib import Path
    for page in Path(config["site_dir"]).rglob("index.html"):
        page.write_text(page.read_text(encoding="utf-8") + "<!-- hook -->", encoding="utf-8")
"""


def picture(side: int) -> bytes:
    """Return a PNG, black and square."""
    rows = zlib.compress((b"\0" * (side + 1)) * side)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def files_of(site: Path) -> Files:
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


class Edited:
    """A project that is edited at random, and the site that is built of it again and again."""

    def __init__(self, home: Path, seed: int | str, count: int = 20) -> None:
        """`count` standards, and other entries in proportion."""
        self._home = home
        self._dice = random.Random(seed)  # noqa: S311 - a course of edits to repeat, not a secret
        self._project = home / "project"
        self._number = 0
        write_playbook(self._playbook, count)
        (self._playbook / "media").mkdir()
        (self._playbook / "media/plano.png").write_bytes(picture(3))
        for name, text in _PAGES.items():
            self._write(f"docs/{name}", text)
        (self._project / "overrides").mkdir()
        self._configure(_OPTIONS[0])
        first = self._entries()[0]
        self._give(first, {**self._data(first), "images": [{"file": "media/plano.png", "alt": "Un plano"}]})
        self.refused, self.kept, self.pages = 0, 0, 0

    def run(self, count: int) -> Iterator[str]:
        """Yield what goes wrong in so many edits."""
        first = _in_a_process(build, self._project, self._home / "kept", self._home / "cache")
        assert first == "", first
        for number in range(1, count + 1):
            self._number = number
            edit = self._dice.choice(EDITS)
            before = shutil.copytree(self._project, self._home / "before", symlinks=True)
            told = edit(self)
            yield from self._compare(f"{number}: {told}", before)
            shutil.rmtree(before)

    def _compare(self, told: str, before: Path) -> Iterator[str]:
        """Yield what differs between what is built over the site that stands and what is built clean."""
        kept, clean, cache = (self._home / name for name in ("kept", "clean", "empty"))
        earlier = files_of(kept)
        inodes = {path.stat().st_ino for path in kept.rglob("index.html")}
        answers = (
            _in_a_process(build, self._project, kept, self._home / "cache"),
            _in_a_process(build, self._project, clean, cache),
        )
        found, wanted = files_of(kept), files_of(clean)
        if answers[0] != answers[1]:
            yield f"{told}: {answers[0]!r} and not {answers[1]!r}"
        elif answers[1]:
            if found != earlier:
                yield f"{told}: refused, and the site is another"
            self.refused += 1
            # The next edit is one of what can be built.
            shutil.rmtree(self._project)
            shutil.copytree(before, self._project, symlinks=True)
        else:
            if found != wanted:
                differ = sorted({name for name, _ in found.items() ^ wanted.items()})
                yield f"{told}: {len(differ)} files differ: {differ[:9]}"
            pages = [path.stat().st_ino for path in kept.rglob("index.html")]
            self.pages += len(pages)
            self.kept += sum(inode in inodes for inode in pages)
        shutil.rmtree(clean, ignore_errors=True)
        shutil.rmtree(cache, ignore_errors=True)

    # --- what the edits are made with ----------------------------------------------------------------

    @property
    def _playbook(self) -> Path:
        return self._project / "playbook"

    def _write(self, name: str, text: str) -> None:
        path = self._project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _configure(self, options: str) -> None:
        self._write("mkdocs.yml", _CONFIG.replace("OPTIONS", options))

    def _entries(self) -> list[Path]:
        return sorted(self._playbook.glob("[a-z]*/[!.]*.yml"))

    def _entry(self) -> Path:
        return self._dice.choice([path for path in self._entries() if path.parent.name != "editions"])

    def _data(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return data

    def _give(self, path: Path, data: Any) -> None:
        text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")

    def _settings(self) -> dict[str, Any]:
        return self._data(self._playbook / "playbook.yml")

    # --- the edits -----------------------------------------------------------------------------------

    def title(self) -> str:
        path = self._entry()
        self._give(path, {**self._data(path), "title": f"Otro título {self._number} & <b>"})
        return f"title of {path.stem}"

    def text(self) -> str:
        """Change the first text of a field that is one, or that is a list of them."""
        path = self._entry()
        data = self._data(path)
        fields = [
            name
            for name, value in data.items()
            if name in ("statement", "intent", "do", "dont", "search_words") and isinstance(value, str | list)
        ]
        if not fields:
            return self.title()
        name, said = self._dice.choice(fields), f"Dilo de otro modo, vez {self._number}."
        said = f"vez {self._number}" if name == "search_words" else said
        data[name] = said if isinstance(data[name], str) else [said, *data[name][1:]]
        self._give(path, data)
        return f"{name} of {path.stem}"

    def link(self) -> str:
        """Let a text lead to another entry, or name a term."""
        path, other = self._entry(), self._entry()
        data = self._data(path)
        name = "intent" if "intent" in data else "title"
        data[name] = f"Mira [esto]({other.stem}) del cliente, {self._number}."
        self._give(path, data)
        return f"{path.stem} leads to {other.stem}"

    def relate(self) -> str:
        path, other = (
            self._dice.choice(sorted((self._playbook / "standards").glob("*.yml"))) for _ in range(2)
        )
        data = self._data(path)
        data["related"] = [other.stem]
        data["pillar"] = self._data(other)["pillar"]
        data["level"] = self._dice.choice(["essential", "expected", "excellence"])
        self._give(path, data)
        return f"{path.stem} is related to {other.stem}"

    def retire(self) -> str:
        path = self._dice.choice(sorted((self._playbook / "standards").glob("*.yml")))
        other = self._dice.choice(sorted((self._playbook / "standards").glob("*.yml")))
        data = self._data(path)
        if data.get("status") == "retired":
            data.pop("replaced_by", None)
            data["status"] = "active"
        else:
            data |= {"status": "retired", "replaced_by": other.stem}
            self._forget(path.stem)
        self._give(path, data)
        return f"{data['status']}: {path.stem}"

    def rename(self) -> str:
        """Give an entry another id, wherever it is named."""
        path = self._entry()
        old = path.stem
        new = f"EXT-{7000 + self._number}" if old[0].isupper() else f"{path.parent.name}-{self._number}"
        data = self._data(path)
        self._give(path, {**data, "former_ids": [*data.get("former_ids", []), old]})
        word = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
        for file in [*self._entries(), *(self._project / "docs").rglob("*.md")]:
            text = file.read_text(encoding="utf-8")
            if file == path:
                text = text.replace(f"id: {old}\n", f"id: {new}\n", 1)
            elif file.parent.name != "editions":
                text = word.sub(new, text)
            file.write_text(text, encoding="utf-8")
        path.rename(path.with_stem(new))
        return f"{old} is now {new}"

    def add(self) -> str:
        path = self._entry()
        new = f"INT-{6000 + self._number}" if path.stem[0].isupper() else f"otra-{self._number}"
        data = {**self._data(path), "id": new, "title": f"Una ficha nueva {self._number}"}
        data.pop("former_ids", None)
        status = self._dice.choice(["active", "active", "draft"])
        self._give(path.with_stem(new), {**data, "status": status})
        return f"new: {new}, {status}"

    def delete(self) -> str:
        """Remove an entry, and where it can be, what names it: else both builds refuse that."""
        path = self._entry()
        path.unlink()
        self._forget(path.stem)
        return f"gone: {path.stem}"

    def _forget(self, identity: str) -> None:
        for file in self._entries():
            text = file.read_text(encoding="utf-8")
            if identity in text and file.parent.name != "editions":
                lines = [line for line in text.splitlines() if line.strip() != f"- {identity}"]
                lines = [
                    line
                    for line, after in zip(lines, [*lines[1:], ""], strict=True)
                    if not re.fullmatch(r"(related|customers|metrics|cases|standards):", line)
                    or after.startswith("-")
                ]
                file.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def vocabulary(self) -> str:
        settings = self._settings()
        name = self._dice.choice(["pillars", "channels", "roles", "moments", "levels"])
        words = settings.get(name) or settings["roles"]
        word = self._dice.choice([*words])
        words[word] = {**words[word], "title": f"Otra palabra {self._number}"}
        self._give(self._playbook / "playbook.yml", settings)
        return f"{name}.{word}"

    def settings(self) -> str:
        settings = self._settings()
        match self._dice.randrange(4):
            case 0:
                settings["description"] = f"Otra descripción {self._number}"
            case 1:
                settings["edition"] = {"name": f"{self._number}.1", "date": "2026-11-25"}
            case 2:
                settings["address"] = f"https://servicebook.example.org/{self._number}/"
            case _:
                settings["organisation"] = f"Otra {self._number}"
        self._give(self._playbook / "playbook.yml", settings)
        return "settings"

    def term(self) -> str:
        path = self._playbook / "glossary.yml"
        terms = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        word = self._dice.choice(["mostrador", "correo", "motivo", "acuerdo", "pedido"])
        terms = [term for term in terms if term["id"] != f"termino-{word}"]
        terms.append({"id": f"termino-{word}", "title": word, "definition": f"Lo de la vez {self._number}."})
        self._give(path, terms)
        return f"term {word}"

    def source(self) -> str:
        path = self._playbook / "sources.yml"
        sources = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        self._dice.choice(sources)["title"] = f"Otra obra {self._number}"
        self._give(path, sources)
        return "a source"

    def edition(self) -> str:
        """Freeze the edition, and begin another."""
        name = self._settings()["edition"]["name"]
        code = _in_a_process(freeze, self._project, name, self._home / "cache")
        return f"frozen: {name}, {code}; {self.settings() if self._dice.randrange(2) else 'no more'}"

    def options(self) -> str:
        options = self._dice.choice(_OPTIONS)
        self._configure(options)
        return f"mkdocs.yml: {options}"

    def theme(self) -> str:
        path = self._project / "mkdocs.yml"
        text = path.read_text(encoding="utf-8")
        feature = "  features: [navigation.indexes]\n"
        text = (
            text.replace(feature, "") if feature in text else text.replace("plugins:", f"{feature}plugins:")
        )
        path.write_text(text, encoding="utf-8")
        return "mkdocs.yml: a feature"

    def hook(self) -> str:
        """Let code of the project's own change pages after they are written, or no more."""
        path = self._project / "mkdocs.yml"
        text = path.read_text(encoding="utf-8")
        hooks = "hooks: [hook.py]\n"
        self._write("hook.py", _HOOK.replace("hook -->", f"hook {self._number} -->"))
        path.write_text(text.replace(hooks, "") if hooks in text else text + hooks, encoding="utf-8")
        return "a hook"

    def page(self) -> str:
        """Change, add or remove a page written by hand."""
        match self._dice.randrange(4):
            case 0:
                self._write(f"docs/otra-{self._number}.md", f"# Otra {self._number}\n\nUna página.\n")
            case 1:
                self._write("docs/cartas.md", f"{_PAGES['cartas.md']}\n## Vez {self._number}\n")
            case 2:
                title = f"# Estándares {self._number}"
                self._write("docs/estandares/index.md", f"{title}\n\n{{{{ standards() }}}}\n")
            case _:
                for path in [*(self._project / "docs").glob("otra-*.md")][:1]:
                    path.unlink()
                self._write("docs/index.md", f"# Manual\n\nVez {self._number}\n\n{{{{ standards() }}}}\n")
        return "a page"

    def media(self) -> str:
        (self._playbook / "media/plano.png").write_bytes(picture(self._dice.randrange(2, 9)))
        return "an image"

    def template(self) -> str:
        """Let a template of the project's own take the place of the engine's, or no more."""
        name = self._dice.choice(
            ["components/pager.html", "components/related.html", "partials/content.html", "main.html"]
        )
        own = self._project / "overrides" / name
        if own.exists():
            own.unlink()
            if own.parent.name == "components" and not [*own.parent.iterdir()]:
                own.parent.rmdir()
        else:
            text = (
                (theme_folder() / name).read_text(encoding="utf-8")
                if (theme_folder() / name).exists()
                else ""
            )
            if not text:
                return self.media()
            own.parent.mkdir(exist_ok=True)
            own.write_text(text.replace("</li>", f" {self._number}</li>"), encoding="utf-8")
        return f"template {name}"

    def hand(self) -> str:
        """Change a finished page by hand, and the text that it is of or another."""
        pages = sorted((self._home / "kept").rglob("index.*"))
        page = self._dice.choice(pages)
        if self._dice.randrange(3):
            page.write_bytes(page.read_bytes() + b"<!-- by hand -->")
        else:
            page.unlink()
        return f"by hand: {page.relative_to(self._home)}; {self.text()}"

    def record(self) -> str:
        """Damage what is known of the pages, and change a text."""
        for path in (self._home / "cache").rglob("pages"):
            data = bytearray(path.read_bytes())
            place = self._dice.randrange(len(data))
            data[place] ^= 1
            path.write_bytes(data if self._dice.randrange(4) else data[:place])
        return f"a damaged record; {self.text()}"

    def mistake(self) -> str:
        path = self._entry()
        path.write_text(path.read_text(encoding="utf-8") + "nada: de esto\n", encoding="utf-8")
        return f"a mistake in {path.stem}"

    def nothing(self) -> str:
        """Save a file as it is."""
        path = self._entry()
        path.write_bytes(path.read_bytes())
        return "nothing"


# The commonest come more than once.
EDITS: tuple[Callable[[Edited], str], ...] = (
    *(Edited.title, Edited.text, Edited.link, Edited.relate) * 3,
    *(Edited.retire, Edited.rename, Edited.add, Edited.delete, Edited.vocabulary, Edited.page) * 2,
    *(Edited.settings, Edited.term, Edited.source, Edited.edition, Edited.options, Edited.theme),
    *(Edited.hook, Edited.media, Edited.template, Edited.hand, Edited.record, Edited.mistake),
    Edited.nothing,
)


def build(project: Path, site: Path) -> str:
    """Build a site; returns why that was refused, or nothing."""
    try:
        build_project(project, site, "mkdocs", SAY, lambda step: None)
    except ContentError as error:
        return "\n".join(f"{problem.location} {problem.rule}" for problem in error.problems)
    except (BuildError, FolderError) as error:
        return str(error).replace(str(site), "SITE")
    return ""


def freeze(project: Path, name: str) -> str:
    """Freeze an edition of a project; returns the exit code."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return str(run(["edition", name, "--project", str(project)]))


def _in_a_process(task: Callable[..., str], project: Path, argument: object, cache: Path) -> str:
    """Return what a function answers in a process of its own, which has its own cache."""

    def work(connection: Connection) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for module in ("base.cache", "building.stamp"):
                patch.setattr(f"servicebook.{module}.user_cache_path", lambda name: cache / name)
            connection.send(task(project, argument))

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,))
    process.start()
    theirs.close()
    try:
        answer: str = ours.recv()
    finally:
        process.join()
    return answer
