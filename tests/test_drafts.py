"""Drafts: nothing that they lack stops a build, nothing of them is published, and what they lack is told."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.building.build import build_project
from servicebook.building.written_pages import is_draft, is_findable
from servicebook.checks.ids import _BEGIN_ON_PAGE, _ON_PAGE
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, copy_project
from tests.test_serve import Desk

WORD = "Zanahoria"
UNFINISHED = {
    "lacks-fields": f"id: lacks-fields\ntitle: {WORD}\nstatus: draft\n",
    "broken-yaml": f'id: broken-yaml\ntitle: "{WORD}\nstatus: draft\n',
    "unknown-field": f"id: unknown-field\nstatus: draft # pronto\ntitel: {WORD}\n",
    "half-a-list": f"id: half-a-list\ntitle: {WORD}\nstatus: 'draft'\nsteps:\n",
    "other-name": f"id: another\ntitle: {WORD}\nstatus: draft\nowner: servicio\n",
}
WHOLE = f"""id: EXT-02
title: {WORD}
status: draft
owner: servicio
reviewed: 2026-11-01
statement: {WORD} a quien se va. Mira [esto](EXT-77).
intent: Porque sí.
pillar: externo
channels: [presencial, paloma]
roles: [mostrador]
moments: [bienvenida]
level: essential
do: [Sí.]
dont: [No.]
verification: {{question: ¿Se vio?, how: Mirando., evidence: Una nota.}}
items:
  - id: uno
    text: Lo hice.
metrics: [nada]
"""
FILES = {
    "playbook/standards/EXT-02.yml": WHOLE,
    **{f"playbook/customers/{name}.yml": text for name, text in UNFINISHED.items()},
    "docs/pronto.md": f"---\ndraft: true\n---\n# {WORD}\n\nUna página a medias. [Nada](nada.md)\n",
    "docs/casos/index.md": f"---\ndraft: true\n---\n# {WORD}\n",
    "docs/aparte.md": "---\nsearch:\n  exclude: true\n---\n# Aparte\n\nUn betabel.\n",
}
CASE = """id: hotel
title: Un hotel
owner: servicio
reviewed: 2026-11-01
company: Hotel
summary: Un hotel que sirve bien.
claims:
  - id: saluda
    text: Saluda a quien llega.
    sources:
      - source: libro
    date: "2020"
    confidence: high
    recheck: 2027-11-01
lessons: [Saludar importa.]
practice: [Saludamos.]
standards: [EXT-01]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a project that is full of drafts."""
    folder = tmp_path_factory.mktemp("drafts")
    project = copy_project(folder / "project", {**FILES, "playbook/cases/hotel.yml": CASE})
    config = project / "mkdocs.yml"
    nav = "\nnav: [index.md, {Pronto: pronto.md}, {Más: [{Casos: casos/index.md}]}, aparte.md]\n"
    config.write_text(config.read_text(encoding="utf-8") + nav, encoding="utf-8")
    build_project(project, folder / "site", "mkdocs", messages_in("es"), lambda step: None)
    return folder / "site"


def texts_of(site: Path) -> dict[str, str]:
    """Return what every file of a site says, those of the search index unpacked."""
    found = {}
    for path in filter(Path.is_file, site.rglob("*")):
        content = path.read_bytes()
        packed = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        found[path.relative_to(site).as_posix()] = packed.decode("utf-8", "replace")
    return found


def test_nothing_of_a_draft_is_published(site: Path) -> None:
    texts = texts_of(site)
    names = ("ext-02", "pronto", *UNFINISHED)
    assert "EXT-01" in texts["playbook.json"]
    assert [name for name in texts if any(draft in name.lower() for draft in names)] == []
    assert [name for name, text in texts.items() if WORD in text or "pronto/" in text] == []


def test_a_kind_whose_page_is_a_draft_is_listed_by_an_automatic_one(site: Path) -> None:
    page = (site / "casos/index.html").read_text(encoding="utf-8")
    assert "hotel/" in page
    # The navigation of the draft is not left behind as an empty section.
    assert "Más" not in page


def test_a_page_that_says_so_is_published_and_not_found(site: Path) -> None:
    texts = texts_of(site)
    assert "betabel" in texts["aparte/index.html"]
    found = {name for name, text in texts.items() if "betabel" in text}
    assert [name for name in found if name.startswith("search/")] == []


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_what_nobody_wrote_yet_of_a_new_entry_is_told_to_who_asks(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "manual")
    assert run(["init", project, "--lang", language]) == 0
    assert run(["new", "standard", "EXT-02", "--project", project]) == 0
    capsys.readouterr()
    assert run(["check", "--strict", project]) == 0
    assert capsys.readouterr().out == ""
    assert run(["check", "--drafts", project]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 5
    assert all("EXT-02.yml:" in line and "warning[unwritten-draft]: " in line for line in lines)


def test_what_drafts_lack_is_told_to_who_asks(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project(FILES))
    assert run(["check", "--strict"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["check", "--drafts"]) == 1
    said = capsys.readouterr().out
    assert {line.split(":", 1)[0].removeprefix("playbook/") for line in said.splitlines()} == {
        "standards/EXT-02.yml",
        *(f"customers/{name}.yml" for name in UNFINISHED),
    }
    for told in (
        "playbook/customers/lacks-fields.yml:1:1: error[missing]: Falta el campo «owner».",
        "playbook/customers/broken-yaml.yml:2:8: error[syntax-quote]",
        "playbook/customers/unknown-field.yml:3:1: error[unknown-field]",
        "playbook/standards/EXT-02.yml:6:12: error[unknown-reference]: No existe «EXT-77»",
        "playbook/standards/EXT-02.yml:9:24: error[unknown-word]: «paloma»",
        "playbook/standards/EXT-02.yml:19:11: error[unknown-reference]: No existe «nada»",
    ):
        assert told in said


@pytest.mark.parametrize("name", ["lacks-fields", "broken-yaml"])
def test_what_is_published_names_no_unfinished_draft(
    name: str, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project(FILES))
    path = Path("playbook/standards/EXT-01.yml")
    text = path.read_text(encoding="utf-8").replace("Saludas a", f"Saludas [así]({name}) a")
    path.write_text(f"{text}customers: [{name}]\n", encoding="utf-8")
    assert run(["check"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in said] == ["error[draft-reference]"] * 2
    assert [line.split(":")[1:3] for line in said] == [["3", "12"], [str(len(text.splitlines()) + 1), "13"]]


@pytest.mark.parametrize(
    "status", ["status: active", "", "status: draft\nstatus: active", "  status: draft", "status: drafty"]
)
def test_what_is_no_draft_still_stops(status: str, make_project: MakeProject) -> None:
    project = make_project({"playbook/customers/otro.yml": f'id: otro\ntitle: "Otro\n{status}\n'})
    assert run(["check", str(project)]) == 1


def test_of_two_that_want_one_id_the_draft_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = "owner: servicio\nreviewed: 2026-11-01\npillar: externo\nwhy: Así.\n"
    acts = "do: {act: Sí., scene: Uno.}\ndont: {act: No., scene: Dos.}\n"
    project = make_project(
        {
            "playbook/behaviours/csat.yml": f"id: csat\ntitle: A\nstatus: draft\n{whole}{acts}",
            "playbook/scenarios/vip.yml": "id: vip\ntitle: A\nstatus: draft\n",
            "playbook/behaviours/ext-01.yml": f"id: ext-01\ntitle: B\nstatus: draft\n{whole}{acts}",
        }
    )
    assert run(["check", "--strict", str(project)]) == 0, capsys.readouterr().out
    assert run(["check", "--drafts", str(project)]) == 1
    told = capsys.readouterr().out
    assert "behaviours/csat.yml:1:5: error[duplicate-id]" in told
    assert "behaviours/ext-01.yml" not in told


def test_teams_whom_nobody_can_ask_are_told(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_project({}))
    for language, wanted in (("es", "El equipo"), ("en", "The team"), ("pt", "A equipe")):
        assert run(["--lang", language, "codeowners", "--out", "CODEOWNERS"]) == 0
        told = capsys.readouterr().err
        assert told.startswith("playbook/playbook.yml:8:9: warning[team-without-handle]: " + wanted)


def test_the_ids_of_a_case_are_those_that_its_page_has(reference_site: Path) -> None:
    """Every id on a page of a case that is no claim's is one that no claim may have."""
    pages = sorted((reference_site / "casos").glob("*/index.html"))
    assert len(pages) > 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        claims = set(re.findall(r'class="pb-claim" id="([^"]+)"', text))
        ids = {one for one in re.findall(r'\bid="([a-z0-9-]+)"', text) if one not in claims}
        assert {one for one in ids if one not in _ON_PAGE and not one.startswith(_BEGIN_ON_PAGE)} == set(), (
            page
        )


# --- the preview ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return the preview of a project with drafts of every sort."""
    whole = WHOLE.replace("EXT-77", "EXT-01").replace(", paloma", "").replace("[nada]", "[csat]")
    leaning = whole.replace("EXT-02", "EXT-03").replace("metrics: [csat]", "related: [EXT-02]")
    hanging = whole.replace("EXT-02", "EXT-04").replace("metrics: [csat]", "customers: [lacks-fields]")
    entries = {"EXT-02": whole, "EXT-03": leaning, "EXT-04": hanging}
    files = {f"playbook/standards/{name}.yml": text for name, text in entries.items()}
    desk = Desk(copy_project(tmp_path_factory.mktemp("desk") / "project", {**FILES, **files}))
    yield desk
    desk.preview.close()


def test_the_preview_shows_drafts_and_marks_them(desk: Desk) -> None:
    assert not desk.preview.problems, desk.said
    for name in ("EXT-02", "EXT-03"):
        page = desk.page(f"estandares/{name.lower()}/index.html")
        assert "pb-notice--draft" in page
        assert f"{WORD} a quien se va" in page
    # Of two drafts that name each other, each is a link on the other's page.
    assert "estandares/ext-02/" in desk.page("estandares/ext-03/index.html")
    page = desk.page("pronto/index.html")
    assert "pb-notice--draft" in page
    assert "Una página a medias" in page


def test_the_preview_tells_what_a_draft_lacks_in_its_place(desk: Desk) -> None:
    page = desk.page("clientes/lacks-fields/index.html")
    assert "pb-notice--draft" in page
    assert "lacks-fields.yml:1:1" in page
    assert "Falta el campo «owner»" in page
    # What leans on such a draft waits for it.
    assert f"{WORD} a quien se va" not in desk.page("estandares/ext-04/index.html")
    listed = desk.page("borradores/index.html")
    for address in ("estandares/ext-02/", *(f"clientes/{name}/" for name in UNFINISHED)):
        assert f'href="../{address}"' in listed


def test_the_preview_publishes_no_draft_as_data(desk: Desk) -> None:
    texts = texts_of(desk.preview.folder)
    said = {name for name, text in texts.items() if WORD in text and not name.endswith(".html")}
    assert said == set()
    assert "EXT-01" in texts["playbook.json"]
    # Lists show what is published.
    assert "ext-02/" not in texts["estandares/index.html"]


def test_saving_a_draft_shows_it_without_a_whole_build(desk: Desk) -> None:
    folder = desk.preview.folder
    desk.save(
        "playbook/standards/EXT-02.yml", desk.text("playbook/standards/EXT-02.yml").replace("Sí.", "Acelga.")
    )
    assert "Acelga." in desk.page("estandares/ext-02/index.html")
    name = "playbook/customers/lacks-fields.yml"
    desk.save(name, desk.text(name) + "owner: servicio\n")
    page = desk.page("clientes/lacks-fields/index.html")
    assert "Falta el campo «owner»" not in page
    assert "Falta el campo «reviewed»" in page
    assert desk.preview.folder == folder
    assert not desk.preview.problems


def test_a_draft_that_comes_into_force_is_published_in_the_preview(desk: Desk) -> None:
    name = "playbook/standards/EXT-02.yml"
    desk.save(name, desk.text(name).replace("status: draft", "status: active"))
    assert not desk.preview.problems, desk.said
    page = desk.page("estandares/ext-02/index.html")
    assert "pb-notice--draft" not in page
    assert "EXT-02" in desk.page("playbook.json")


@pytest.mark.parametrize(
    ("head", "draft", "findable"),
    [
        ({}, False, True),
        ({"draft": True}, True, False),
        # A word in quotes is no yes, whatever it says.
        ({"draft": "false"}, False, True),
        ({"search": {"exclude": True}}, False, False),
        ({"search": {"exclude": "true"}}, False, True),
        ({"search": {"boost": 2}}, False, True),
        ({"search": True}, False, True),
    ],
)
def test_a_page_says_of_itself_whether_it_is_a_draft_and_found(
    head: dict[str, Any], draft: bool, findable: bool
) -> None:
    assert (is_draft(head), is_findable(head)) == (draft, findable)
