"""The editors' forms in a browser, with a server on this machine in the place of a code host."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from servicebook.cli.main import run
from servicebook.content.model.entries import FOLDERS
from tests.conftest import ROOT
from tests.node.form_pages import (
    SENTENCE,
    Filler,
    open_entry,
    open_form,
    save,
    save_new,
)

# For each collection, the entry to open and the nested field to edit there, by the field's name.
EDITS = [
    ("standard", "EXT-07", "playbook/standards/EXT-07.yml", "text"),
    ("behaviour", "corregir-a-solas", "playbook/behaviours/corregir-a-solas.yml", "scene"),
    ("customer", "molesto", "playbook/customers/molesto.yml", "say"),
    ("case", "apple", "playbook/cases/apple.yml", "text"),
    ("metric", "nps", "playbook/metrics/nps.yml", "meaning"),
    ("checklist", "apertura-mostrador", "playbook/checklists/apertura-mostrador.yml", "text"),
    ("scenario", "mesa-de-siempre", "playbook/scenarios/mesa-de-siempre.yml", "text"),
    ("glossary", "glossary", "playbook/glossary.yml", "definition"),
    ("sources", "sources", "playbook/sources.yml", "note"),
    ("foundations", "foundations", "playbook/foundations.yml", "value"),
    ("playbook", "playbook", "playbook/playbook.yml", "description"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cms")
    for name in ("playbook", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    assert run(["fmt", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(("collection", "entry", "path", "name"), EDITS, ids=lambda value: None)
def test_nested_text_is_saved_in_the_one_form(
    collection: str, entry: str, path: str, name: str, page: Page, address: str, project: Path
) -> None:
    before = (project / path).read_text(encoding="utf-8")
    open_entry(page, address, collection, entry)
    if collection in LISTS:
        page.locator("[class*='ListItemTopBar'] button").first.click()
    field = page.locator(f"textarea[id^='{name}-field'], input[id^='{name}-field']")
    field.locator("visible=true").first.fill(SENTENCE)
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible(timeout=20_000)
    after = (project / path).read_text(encoding="utf-8")
    assert f'"{SENTENCE}"' in after
    keys = re.compile(r"^(?:- )?\w+:", re.MULTILINE)
    assert keys.findall(after) == keys.findall(before), "the order of the fields"


# The files that are lists: their elements open closed.
LISTS = ("glossary", "sources", "foundations", "queries")


@pytest.mark.parametrize("kind", FOLDERS)
def test_new_entry_is_one_that_check_accepts(kind: str, page: Page, address: str, project: Path) -> None:
    identity = "EXT-99" if kind == "standard" else f"{kind}-de-prueba"
    config = json.loads((project / "admin/config.json").read_text(encoding="utf-8"))
    collection = next(one for one in config["collections"] if one["name"] == kind)
    open_form(page, address, f"{kind}/new")
    filler = Filler(page, identity)
    filler.fill(collection["fields"])
    if kind == "checklist":
        # A section holds points in one of three ways, which no form can ask for.
        section = next(one for one in collection["fields"] if one["name"] == "sections")
        filler.fill([{**one, "required": True} for one in section["fields"] if one["name"] == "items"])
    save_new(page)
    path = project / f"playbook/{FOLDERS[kind]}/{identity}.yml"
    assert "status: draft\n" in path.read_text(encoding="utf-8")


def test_new_entry_never_takes_the_place_of_another(page: Page, address: str, project: Path) -> None:
    path = project / "playbook/behaviours/corregir-a-solas.yml"
    before = path.read_bytes()
    config = json.loads((project / "admin/config.json").read_text(encoding="utf-8"))
    open_form(page, address, "behaviour/new")
    form = next(one for one in config["collections"] if one["name"] == "behaviour")
    Filler(page, path.stem).fill(form["fields"])
    save_new(page)
    assert path.read_bytes() == before
    other = project / "playbook/behaviours/corregir-a-solas-1.yml"
    # As a draft it stops nobody, and is told to who asks; in force it is an error.
    assert [run(["check", *asked, str(project)]) for asked in ([], ["--drafts"])] == [0, 1]
    other.write_text(other.read_text(encoding="utf-8").replace("status: draft\n", ""), encoding="utf-8")
    assert run(["check", str(project)]) == 1
    other.unlink()


def test_element_is_added_to_a_list(page: Page, address: str, project: Path) -> None:
    open_entry(page, address, "standard", "EXT-08")
    page.get_by_role("button", name="Agregar a «haz»").click()
    empty = page.locator("textarea[id^='value-field']")
    blank = next(one for one in empty.all() if one.input_value() == "")
    blank.fill(SENTENCE)
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible(timeout=20_000)
    text = (project / "playbook/standards/EXT-08.yml").read_text(encoding="utf-8")
    assert f'"{SENTENCE}"' in text


def test_reference_is_searched_and_kept_by_its_id(page: Page, address: str, project: Path) -> None:
    open_entry(page, address, "standard", "EXT-12")
    field = page.locator("input[id^='related-field']")
    field.click()
    options = page.get_by_role("option")
    # By its title, with an accent left out, and by its id.
    for typed, offered in (("prometido", "EXT-09"), ("telefono", "EXT-02"), ("EXT-15", "EXT-15")):
        field.fill(typed)
        expect(options.filter(has_text=offered).first).to_be_visible()
    field.fill("xyz")
    expect(options).to_have_count(0)
    field.fill("EXT-15")
    options.filter(has_text="EXT-15").first.click()
    save_new(page)
    text = (project / "playbook/standards/EXT-12.yml").read_text(encoding="utf-8")
    assert re.search(r"^related: \[.*EXT-15\]$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("typed", "written"), [("1,5", "1.5"), ("2.25", "2.25"), ("0,125", "0.125"), ("0", "0")]
)
def test_a_number_is_read_with_a_comma_in_any_browser(
    typed: str, written: str, page: Page, address: str, project: Path
) -> None:
    """In a browser whose language writes a point, a field of numbers made 15 of what was typed as 1,5."""
    path = project / "playbook/standards/EXT-02.yml"
    before = path.read_bytes()
    open_entry(page, address, "standard", "EXT-02")
    field = page.locator("input[id^='value-field']").first
    field.fill("")
    field.press_sequentially(typed)
    expect(field).to_have_value(typed)
    save_new(page)
    assert re.search(rf"^  value: {re.escape(written)}$", path.read_text(encoding="utf-8"), re.MULTILINE)
    path.write_bytes(before)


def test_thousands_set_apart_are_no_fraction(page: Page, address: str, project: Path) -> None:
    before = (project / "playbook/standards/EXT-02.yml").read_bytes()
    open_entry(page, address, "standard", "EXT-02")
    page.locator("input[id^='value-field']").first.fill("1,500")
    save(page)
    expect(page.get_by_text("«1,500» no es un número.").first).to_be_visible()
    assert (project / "playbook/standards/EXT-02.yml").read_bytes() == before


def test_a_reference_to_an_entry_that_is_gone_stays_until_it_is_taken_out(
    page: Page, address: str, project: Path
) -> None:
    path = project / "playbook/standards/EXT-13.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"^related: \[", "related: [EXT-98, ", before, flags=re.MULTILINE), encoding="utf-8"
    )
    open_entry(page, address, "standard", "EXT-13")
    expect(page.get_by_text("EXT-98 (no se encuentra)")).to_be_visible()
    field = page.locator("input[id^='related-field']")
    field.click()
    field.fill("EXT-15")
    page.get_by_role("option").filter(has_text="EXT-15").first.click()
    save_new(page)
    assert re.search(r"^related: \[EXT-98, .*EXT-15\]$", path.read_text(encoding="utf-8"), re.MULTILINE)
    page.get_by_role("button", name="Remove EXT-98 (no se encuentra)").click()
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible()
    assert "EXT-98" not in path.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")


def test_a_new_entry_is_offered_as_a_reference_at_once(page: Page, address: str, project: Path) -> None:
    open_entry(page, address, "standard", "EXT-12")
    field = page.locator("input[id^='related-field']")
    field.click()
    field.fill("EXT-97")
    expect(page.get_by_text("Nada se llama así.")).to_be_visible()
    config = json.loads((project / "admin/config.json").read_text(encoding="utf-8"))
    form = next(one for one in config["collections"] if one["name"] == "standard")
    open_form(page, address, "standard/new")
    Filler(page, "EXT-97").fill(form["fields"])
    save_new(page)
    open_entry(page, address, "standard", "EXT-12")
    field.click()
    field.fill("EXT-97")
    expect(page.get_by_role("option").filter(has_text="EXT-97")).to_be_visible(timeout=15_000)
    (project / "playbook/standards/EXT-97.yml").unlink()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("id", "ext 9", "Id: Mayúsculas, un guion y números, como EXT-07."),
        ("title", "", "Título es obligatorio"),
        ("title", "x" * 121, "Título: 120 caracteres como mucho."),
        ("reviewed", "mañana", "Revisado: Año-mes-día de un día que existe, como 2026-01-31."),
        ("reviewed", "2026-02-30", "Revisado: Año-mes-día de un día que existe, como 2026-01-31."),
        ("title", "  ", "No puede quedar en blanco."),
        ("id", "EXT-90", "El id de una ficha no se cambia aquí: su archivo se llama «EXT-09»"),
        ("review_every", "500", "entre 1 y 120"),
        ("review_every", "1,5", "«1,5» no es un número entero."),
        ("revision", "0", "Versión"),
    ],
)
def test_value_that_will_not_do_is_refused_in_the_form(
    name: str, value: str, said: str, page: Page, address: str, project: Path
) -> None:
    path = project / "playbook/standards/EXT-09.yml"
    before = path.read_bytes()
    open_entry(page, address, "standard", "EXT-09")
    page.locator(f"input[id^='{name}-field']").first.fill(value)
    save(page)
    expect(page.get_by_role("listitem").get_by_text(said, exact=False)).to_be_visible()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("collection", "entry", "name"), [("standard", "EXT-09", "id"), ("playbook", "playbook", "key")]
)
def test_a_line_with_the_id_of_another_is_refused_beside_it(
    collection: str, entry: str, name: str, page: Page, address: str, project: Path
) -> None:
    """In the settings the second of two words by one name was all that was left of both."""
    (path,) = project.glob(f"playbook/**/{entry}.yml")
    before = path.read_bytes()
    open_entry(page, address, collection, entry)
    # The first two items, or the last two words.
    fields = page.locator(f"input[id^='{name}-field']")
    fields.nth(2).wait_for()
    lines = fields.all()[1:]
    one, other = lines[:2] if name == "id" else lines[-2:]
    taken = one.input_value()
    other.fill(f"{taken} ")
    save(page)
    expect(page.get_by_text(f"«{taken}» ya está en otra línea").first).to_be_visible()
    assert path.read_bytes() == before


def test_all_that_the_forms_saved_is_right_and_in_the_one_form(project: Path) -> None:
    """Last, for all of the above at once: each of them saved another file."""
    assert run(["fmt", "--check", str(project)]) == 0
    assert run(["check", str(project)]) == 0
