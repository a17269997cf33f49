"""Playbooks of other organisations, from what anybody may declare: they check, build, print and export."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.printed import squeeze, text_of
from tests.test_messages import strange_words

PROJECTS = Path(__file__).parent / "projects"
# How laws are cited.
CITED = {"art", "iv", "nº"}


class _Spoken(HTMLParser):
    """Gathers what a page says to readers and to screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("script", "style")
        spoken = ("alt", "title", "aria-label", "placeholder")
        self.parts += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.parts.append(data)


def spoken_by(page: Path) -> str:
    reader = _Spoken()
    reader.feed(page.read_text(encoding="utf-8"))
    return " ".join(reader.parts)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a public office: in Portuguese, with laws, and a kind of its own."""
    site = tmp_path_factory.mktemp("office") / "site"
    build_project(PROJECTS / "oficina-pt", site, "mkdocs", messages_in("pt"), lambda step: None)
    return site


def test_office_is_checked_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--strict", "--today", "2026-11-22", str(PROJECTS / "oficina-pt")]) == 0
    assert run(["fmt", "--check", str(PROJECTS / "oficina-pt")]) == 0
    assert "error" not in capsys.readouterr().out


def test_no_page_of_the_office_says_a_word_of_another_language(office: Path) -> None:
    pages = sorted(office.rglob("*.html"))
    assert len(pages) > 15
    said = {page.relative_to(office).as_posix(): spoken_by(page) for page in pages}
    found = {name: strange_words(text, "pt") - CITED for name, text in said.items()}
    assert {name: words for name, words in found.items() if words} == {}
    assert {"el", "archivo"} <= strange_words(f"{said.popitem()[1]} Revisa el archivo.", "pt")


def test_law_of_a_standard_shows_where_it_is_declared_to(office: Path) -> None:
    law = "Lei 13.460/2017, art. 5º, III"
    assert law in spoken_by(office / "padroes/ext-01/index.html")
    assert law in spoken_by(office / "padroes/index.html")
    sheets = (text_of(sheet.read_bytes()) for sheet in office.rglob("*.pdf"))
    assert any(squeeze(law) in text for text in sheets)


def test_own_kind_of_the_office_has_its_pages_and_its_address(office: Path) -> None:
    assert "Segunda via da certidão de imóvel" in spoken_by(office / "tramites/index.html")
    page = spoken_by(office / "tramites/segunda-via/index.html")
    for said in ("Prazo em dias", "O que o cidadão traz", "Dizer o prazo e o que falta"):
        assert said in page, said
    assert (office / "cidadaos/irritado/index.html").is_file()
    assert "Diga com as suas palavras do que precisa." in (office / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_office_is_exported(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = str(PROJECTS / "oficina-pt")
    assert run(["export", "--format", form, "--out", str(tmp_path), "--project", project]) == 0
    assert [*tmp_path.rglob(f"*.{form}")]
    assert "em" in capsys.readouterr().out
