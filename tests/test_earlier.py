"""Sheets of earlier editions: kept in few words, set again as they were, offered where they are wanted."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from servicebook.building.build import build_project
from servicebook.building.builder import SiteBuilder
from servicebook.cli.main import run
from servicebook.content.model.settings import BOOK_PARTS
from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.paper.earlier import EarlierSheets, freeze_printed
from servicebook.paper.files import files_of, site_files
from servicebook.paper.sheets import Sheets
from servicebook.site.site import Site, read_playbook
from servicebook.views.editions import edition_text, freeze, mark_of
from tests.conftest import ROOT, MakeProject
from tests.printed import read_pdf, squeeze
from tests.test_export import SCORED

SAY = messages_in("es")


def read(project: Path) -> Playbook:
    return read_playbook(project, dt.date(2026, 11, 25))[0]


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def next_edition(project: Path, name: str = "2") -> None:
    replace(
        project / "playbook/playbook.yml", 'name: "1", date: 2026-11-22', f'name: "{name}", date: 2026-11-23'
    )


def change_all(project: Path) -> None:
    """Change a printed word of every entry that is printed by itself."""
    for kind, old, new in (
        ("checklists", "use: ", "use: Hoy. "),
        ("customers", "summary: ", "summary: Hoy. "),
        ("scenarios", "situation: ", "situation: Hoy. "),
        ("standards", "statement: ", "statement: Hoy. "),
    ):
        for file in (project / "playbook" / kind).glob("*.yml"):
            replace(file, old, new)


def pdfs_of_entries(playbook: Playbook) -> dict[str, bytes]:
    printed = {entry.id for entry in playbook.entries.values()}
    return {
        file.path: file.make()
        for file in files_of(playbook, SAY)
        if file.format == "pdf" and file.id in printed
    }


@pytest.mark.parametrize("checklist", [None, SCORED], ids=["ticked", "graded"])
def test_a_sheet_is_set_again_as_it_was_printed(make_project: MakeProject, checklist: str | None) -> None:
    """Byte for byte in every form and size, though its entry, the edition and the organisation changed."""
    project = make_project({"playbook/checklists/apertura.yml": checklist} if checklist else {})
    printed = pdfs_of_entries(read(project))
    assert run(["edition", "1", "--project", str(project)]) == 0
    next_edition(project)
    change_all(project)
    replace(project / "playbook/playbook.yml", "organisation: ", "organisation: Nueva ")
    earlier = {
        file.path.replace("hojas/ediciones/1/", "hojas/"): file.make()
        for file in site_files(read(project), SAY)
        if "/ediciones/" in file.path
    }
    assert earlier.keys() == printed.keys()
    assert [path for path, content in earlier.items() if content != printed[path]] == []


def test_only_what_says_something_else_today_is_offered(make_project: MakeProject) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    assert not [*EarlierSheets(read(project), SAY).all()]
    next_edition(project)
    assert not [*EarlierSheets(read(project), SAY).all()]
    # Reworded before the edition is named anew, it is told as well: paper of edition 1 is on the wall.
    replace(project / "playbook/customers/vip.yml", "summary: ", "summary: Hoy. ")
    assert {sheet.id for sheet, *_ in EarlierSheets(read(project), SAY).all()} == {"vip"}


def test_the_pages_behind_the_codes_lead_to_them(make_project: MakeProject) -> None:
    project = make_project({})
    replace(project / "playbook/playbook.yml", 'name: "1"', 'name: "Año 1.0"')
    run(["edition", "Año 1.0", "--project", str(project)])
    replace(
        project / "playbook/playbook.yml", 'name: "Año 1.0", date: 2026-11-22', 'name: "2", date: 2026-11-23'
    )
    replace(project / "playbook/checklists/apertura.yml", "Encendí la luz", "Apagué la alarma")
    site = project / "site"
    build_project(project, site, "mkdocs", SAY, lambda step: None)
    for page in ("p/apertura/", "p/"):
        html = (site / page / "index.html").read_text("utf-8")
        found = {unquote(path) for path in re.findall(r'href="([^"]+/ediciones/[^"]+\.pdf)"', html)}
        assert len(found) == 4, page
        for path in found:
            reading = read_pdf((site / page / path).read_bytes())
            text = squeeze(" ".join(page.text for page in reading.pages))
            assert squeeze("Encendí la luz") in text
            assert squeeze("Año 1.0") in text
            assert "Apagué" not in text
    assert "/ediciones/" not in (site / "service-worker.js").read_text("utf-8")
    builder = SiteBuilder(project / "mkdocs.yml", keeps_pages=True)
    builder.build(project / "shown")
    path = "hojas/ediciones/Año 1.0/listas/apertura-a4.pdf"
    assert builder.paper(path) == (site / path).read_bytes()


def test_what_is_gone_renamed_or_taken_in_keeps_its_sheets(make_project: MakeProject) -> None:
    project = make_project({})
    lists = project / "playbook/checklists"
    cierre = (lists / "apertura.yml").read_text("utf-8").replace("id: apertura", "id: cierre", 1)
    (lists / "cierre.yml").write_text(cierre, "utf-8")
    run(["edition", "1", "--project", str(project)])
    next_edition(project)
    (lists / "cierre.yml").unlink()
    replace(lists / "apertura.yml", "id: apertura\n", "id: apertura\nformer_ids: [cierre]\n")
    site = Site(read(project))
    assert 'ediciones/1/listas/cierre-a4.pdf"' in (site.paper_page("p/cierre/") or "")
    replace(
        lists / "apertura.yml", "id: apertura\nformer_ids: [cierre]\n", "id: abrir\nformer_ids: [apertura]\n"
    )
    replace(lists / "apertura.yml", "use: ", "use: Hoy. ")
    (lists / "apertura.yml").rename(lists / "abrir.yml")
    site = Site(read(project))
    for path in ("p/abrir/", "p/apertura/"):
        assert 'ediciones/1/listas/apertura-a4.pdf"' in (site.paper_page(path) or ""), path
    [sheet] = {sheet.link for sheet, *_ in EarlierSheets(read(project), SAY).all() if sheet.id == "apertura"}
    assert sheet.endswith(f"p/apertura/?e=1&v={mark_of(read(project).editions[0], 'apertura')}")


@pytest.mark.slow
def test_what_is_kept_is_small_and_has_the_marks_of_its_sheets() -> None:
    playbook = read(ROOT)
    plain, kept = freeze(playbook), freeze_printed(playbook)
    assert {*kept.book} == {*BOOK_PARTS}
    whole = {"deck", "credo", "tent", "lineup", "book", "quiz", "training", "session"}
    marks = {("" if one.form in whole else one.id, one.link) for one in Sheets(playbook, SAY).all()}
    assert {len(marks) > 60, *(link.endswith(f"&v={mark_of(kept, id_)}") for id_, link in marks)} == {True}
    more = len(edition_text(kept, SAY)) - len(edition_text(plain, SAY))
    assert more < sum(len(file.read_text("utf-8")) for file in (ROOT / "playbook").glob("*s/*.yml"))
    assert edition_text(kept, SAY) == edition_text(freeze_printed(read(ROOT)), SAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("form: checklist", "form: otra"),
        ("form: guide", "form: checklist"),
        ("weight: 3", "weight: mucho"),
        ("dated: true", "dated: tal vez"),
        ("title: Antes de abrir", "title: ''"),
    ],
)
def test_a_sheet_that_was_edited_wrongly_is_told_with_its_line(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    project = make_project({})
    apertura = project / "playbook/checklists/apertura.yml"
    apertura.write_text(apertura.read_text("utf-8") + "dated: true\n", "utf-8")
    run(["edition", "1", "--project", str(project)])
    frozen = project / "playbook/editions/1.yml"
    replace(frozen, old, new)
    capsys.readouterr()
    assert run(["check", str(project)]) == 1
    assert re.search(r"editions/1\.yml:\d+:\d+: error\[", capsys.readouterr().out)
