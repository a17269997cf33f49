"""The guides from nothing to a playbook: what they say to type is typed, and must do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servicebook.language.messages import LANGUAGES
from tests.conftest import ROOT
from tests.test_media import PNG

STARTERS = ROOT / "src/servicebook/editing/starter"
GUIDES = {
    "es": STARTERS / "es/docs/de-cero.md",
    "en": STARTERS / "en/docs/from-zero.md",
    "pt": STARTERS / "pt/docs/do-zero.md",
}
# What a reader installs first, by the lines of README; the environment of the tests is that already.
INSTALLING = re.compile(r"python3 -m venv|\. \w+/bin/activate|pip install servicebook-")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)


@dataclass
class Block:
    """A snippet, and the paragraph before it, which names the file that it belongs into."""

    before: str
    language: str
    text: str


def blocks_of(guide: Path) -> Iterator[Block]:
    text = guide.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        yield Block(text[: found.start()].rstrip().split("\n\n")[-1], found[1], found[2])


class Reader:
    """Somebody who does what a guide says, in a folder of their own."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.said = folder, ""
        self.file = folder
        home = folder / "home"
        home.mkdir()
        (home / "logo.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>',
            encoding="utf-8",
        )
        for name in ("mostrador.png", "desk.png", "balcao.png"):
            (home / name).write_bytes(PNG)
        self._environment = {
            **os.environ,
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": {"es": "es_MX.UTF-8", "en": "en_US.UTF-8", "pt": "pt_BR.UTF-8"}[language],
            **{
                f"GIT_{who}_{what}": "a@b.example"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }

    def follow(self, block: Block) -> None:
        match block.language:
            case "sh":
                for line in block.text.splitlines():
                    self._type(line)
            case "text":
                if slip := re.search(r"`(\w+): (\w+)`", block.before):
                    self._slip(slip[1], slip[2])
                assert block.text in self.said
            case _:
                self._write(block)

    def _type(self, line: str) -> None:
        if INSTALLING.match(line):
            return
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
        elif line == "servicebook serve":
            self._look()
        else:
            assert self._run(line) == 0, f"{line}\n{self.said}"

    def _run(self, line: str) -> int:
        done = subprocess.run(  # noqa: S602 - what the guide says, as a reader types it
            line,
            shell=True,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def _look(self) -> None:
        """Start the preview, on a port that is free beside other tests, until it says where it is."""
        command = ["servicebook", "serve", "--port", "0"]
        with subprocess.Popen(
            command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as serving:
            assert serving.stdout
            said = next((line for line in serving.stdout if "http://" in line), "")
            serving.terminate()
        assert said

    def _write(self, block: Block) -> None:
        """Write a file that is whole, or add to one: to its end, or before the line that the guide names."""
        self.file = self.folder / re.findall(r"`([\w/.-]+\.(?:yml|md|csv|py))`", block.before)[-1]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        is_whole = block.language in ("markdown", "csv", "python") or re.search(
            "^id: ", block.text, re.MULTILINE
        )
        before = "" if is_whole else self.file.read_text(encoding="utf-8")
        after = ""
        if line := re.search(r"`(\w+)`:$", block.before):
            before, named, rest = before.partition(f"{line[1]}:")
            after = named + rest
            assert after
        self.file.write_text(before + block.text + after, encoding="utf-8")

    def _slip(self, field: str, value: str) -> None:
        """Write a wrong value, and check; then put the right one back."""
        right = self.file.read_text(encoding="utf-8")
        self.file.write_text(re.sub(f"(?m)^{field}: .*$", f"{field}: {value}", right), encoding="utf-8")
        assert self._run("servicebook check") == 1
        self.file.write_text(right, encoding="utf-8")


# Some fifteen commands a guide, each a process of its own as a reader starts it: it takes ten seconds.
@pytest.mark.parametrize("language", GUIDES)
def test_every_snippet_of_a_guide_does_what_it_says(language: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, language)
    for block in blocks_of(GUIDES[language]):
        reader.follow(block)
    # What it led to: the reader's own words, field, level, kind, brand and picture, on the site and on paper.
    site = reader.folder / "site"
    page = next(site.glob("*/ext-02/index.html")).read_text(encoding="utf-8")
    shown = {
        "es": ("Cómo lo vemos", "Riesgo", "Indispensable", "Modelo de calidad", "logo.svg", "mostrador.png"),
        "en": ("How we look at it", "Risk", "Vital", "Quality model", "logo.svg", "desk.png"),
        "pt": ("Como nós vemos", "Risco", "Indispensável", "Modelo de qualidade", "logo.svg", "balcao.png"),
    }[language]
    assert [word for word in shown if word not in page] == []
    # Of the table, one entry a row, in the form of all others.
    of_table = (reader.folder / "playbook/standards/EXT-03.yml").read_text(encoding="utf-8")
    assert "status: draft\n" in of_table
    assert re.search(r"do:\n  - .+\n  - .+\n", of_table)
    assert re.search(r"verification:\n  how: ", of_table)
    edited = re.search(r'href="(\S+)" rel="edit"', page)
    assert edited
    assert edited[1].endswith("/edit/main/playbook/standards/EXT-02.yml")
    own = {"es": "tramites/acta", "en": "procedures/certificate", "pt": "procedimentos/certidao"}[language]
    assert (site / own / "index.html").is_file()
    sheets = {"es": "hojas", "en": "sheets", "pt": "folhas"}[language]
    assert list(reader.folder.glob(f"{sheets}/**/*.pdf"))


@pytest.mark.parametrize("language", [one for one in GUIDES if one != "es"])
def test_the_guides_say_the_same_in_each_language(language: str) -> None:
    spanish, other = (list(blocks_of(GUIDES[one])) for one in ("es", language))
    assert [block.language for block in spanish] == [block.language for block in other]
    spanish_lines, other_lines = (
        [len(block.text.splitlines()) for block in blocks] for blocks in (spanish, other)
    )
    assert spanish_lines == other_lines


def test_every_language_has_its_guide() -> None:
    assert set(GUIDES) == set(LANGUAGES)
    for language, guide in GUIDES.items():
        assert f": {guide.name}\n" in (STARTERS / language / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_reference_has_the_guide_of_the_wheel() -> None:
    assert (ROOT / "docs/editar/de-cero.md").read_bytes() == GUIDES["es"].read_bytes()


def test_a_guide_begins_as_readme_does() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = next(blocks_of(GUIDES["es"])).text.splitlines()
    assert [line for line in first if line.split(" #")[0] not in readme] == []
