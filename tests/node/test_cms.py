"""The editors' forms in a browser, with a server on this machine in the place of a code host."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from servicebook.cli.main import run
from servicebook.content.model.entries import FOLDERS
from tests.conftest import ROOT, Serve
from tests.node import PROGRAMS, find_node

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
# What is typed into the required fields of a new entry; the others take a sentence.
TYPED = {
    "reviewed": "2026-11-22",
    "recheck": "2027-05-22",
    "expression": "cosas",
    "key": "cosas",
    "result": "1",
}
SENTENCE = "Señala con «sí»: aquí, año tras año, y 100 % a tiempo; mañana también."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cms")
    for name in ("playbook", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    assert run(["fmt", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def address(project: Path, serve: Serve) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [find_node(), str(PROGRAMS / "node_modules/decap-server/dist/index.js")],
        env={
            **os.environ,
            "MODE": "fs",
            "PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "GIT_REPO_DIRECTORY": str(project),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    while "listening" not in server.stdout.readline():
        assert server.poll() is None
    out = project / "admin"
    proxy = f"http://127.0.0.1:{port}/api/v1"
    call = ["admin", "--cms", str(PROGRAMS / "cms"), "--out", str(out), "--proxy", proxy, "--lang", "es"]
    assert run([*call, "--project", str(project)]) == 0
    yield serve(out)
    server.kill()
    server.communicate()


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="es-MX", viewport={"width": 1200, "height": 1400})
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith(("http://127.0.0.1", "data:", "blob:"))
            else elsewhere.append(sent.url)
        ),
    )
    opened.set_default_timeout(20_000)
    # What is left unsaved in a form that refused it is let go, and not taken up again in the next.
    opened.on("dialog", lambda asked: asked.dismiss() if "copia" in asked.message else asked.accept())
    opened.goto(address)
    opened.get_by_role("button", name="Iniciar sesión").click()
    opened.get_by_role("heading", name="Colecciones").wait_for()
    yield opened
    context.close()
    assert elsewhere == []


def open_form(page: Page, address: str, form: str) -> None:
    """Go to a form within the program, which takes seconds to load."""
    # From one form straight to the next the program keeps the first; and what it said of it, for seconds.
    page.goto(f"{address}#/nothing")
    expect(page.get_by_text("Escribiendo en la colección")).to_have_count(0)
    # All at once: of two the second is the first when that has gone.
    page.locator(".Toastify__toast").evaluate_all("all => all.forEach((one) => one.click())")
    expect(page.locator(".Toastify__toast")).to_have_count(0)
    page.goto(f"{address}#/collections/{form}")
    page.get_by_text("Escribiendo en la colección").wait_for()


def open_entry(page: Page, address: str, collection: str, entry: str) -> None:
    open_form(page, address, f"{collection}/entries/{entry}")
    # The form stands before its file has been read.
    page.wait_for_function("[...document.querySelectorAll('textarea, input')].some((one) => one.value)")


def save(page: Page) -> None:
    page.get_by_role("button", name="Publicar", exact=True).click()
    page.get_by_role("menuitem", name="Publicar ahora").click()


def save_new(page: Page) -> None:
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible()
    # The program then opens what it saved, and would do so too if another form had been asked for meanwhile.
    page.wait_for_url(re.compile("/entries/"))


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


class Filler:
    """Fills in what a form requires, as a person does: from the top, each field as its widget asks."""

    def __init__(self, page: Page, identity: str) -> None:
        self._page, self._typed = page, {"id": identity, **TYPED}

    def fill(self, fields: list[dict[str, Any]]) -> None:
        for field in fields:
            if field.get("required", True):
                self._fill(field)

    def _fill(self, field: dict[str, Any]) -> None:
        name, widget = field["name"], field["widget"]
        if widget == "object":
            self.fill(field["fields"])
        elif widget == "list":
            for _ in range(field.get("min", 1)):
                label = field["label"].lower()
                self._page.get_by_role("button", name=f"Agregar {label}", exact=True).first.click()
                self.fill(field.get("fields") or [{**field["field"], "required": True}])
        elif widget in ("select", "relation"):
            self._choose(name)
        else:
            value = "1" if widget == "number" else self._typed.get(name, SENTENCE)
            self._blank(name, "textarea" if widget == "text" else "input").fill(value)
            # Ids further down are of parts of the entry.
            self._typed["id"] = "uno" if name == "id" else self._typed["id"]

    def _choose(self, name: str) -> None:
        """Take the first word offered, in the first list of words by this name that has none yet."""
        # The box describes itself by its placeholder as long as nothing is chosen in it.
        self._page.locator(f"input[id^='{name}-field'][aria-describedby*='placeholder']").first.click()
        self._page.get_by_role("option").first.click()
        self._page.keyboard.press("Escape")

    def _blank(self, name: str, tag: str) -> Locator:
        found = self._page.locator(f"{tag}[id^='{name}-field']")
        return next(one for one in found.all() if one.input_value() == "")


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
    page.get_by_role("button", name="Agregar haz").click()
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
    ("name", "value", "said"),
    [
        ("id", "ext 9", "Id: Mayúsculas, un guion y números, como EXT-07."),
        ("title", "", "Título es obligatorio"),
        ("title", "x" * 121, "Título: 120 caracteres como mucho."),
        ("reviewed", "mañana", "Revisado: Año-mes-día, como 2026-01-31."),
        ("review_every", "500", "entre 1 y 120"),
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


def test_all_that_the_forms_saved_is_right_and_in_the_one_form(project: Path) -> None:
    """Last, for all of the above at once: each of them saved another file."""
    assert run(["fmt", "--check", str(project)]) == 0
    assert run(["check", str(project)]) == 0
