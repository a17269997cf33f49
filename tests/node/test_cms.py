"""The editors' forms in a browser, with a server on this machine in the place of a code host."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from servicebook.cli import run
from tests.conftest import ROOT, Serve

PROGRAMS = Path(os.environ["SERVICEBOOK_NODE"])
# For each collection, the entry to open and the nested field to edit there, by the field's name.
EDITS = [
    ("standard", "EXT-07", "playbook/standards/EXT-07.yml", "text"),
    ("behaviour", "corregir-a-solas", "playbook/behaviours/corregir-a-solas.yml", "scene"),
    ("customer", "molesto", "playbook/customers/molesto.yml", "say"),
    ("case", "apple", "playbook/cases/apple.yml", "text"),
    ("metric", "nps", "playbook/metrics/nps.yml", "meaning"),
    ("checklist", "apertura-mostrador", "playbook/checklists/apertura-mostrador.yml", "text"),
    ("scenario", "mesa-de-siempre", "playbook/scenarios/mesa-de-siempre.yml", "text"),
]
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
        ["node", str(PROGRAMS / "node_modules/decap-server/dist/index.js")],
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


@pytest.fixture
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
    opened.goto(address)
    opened.get_by_role("button", name="Iniciar sesión").click()
    opened.get_by_role("heading", name="Colecciones").wait_for()
    yield opened
    context.close()
    assert elsewhere == []


def open_entry(page: Page, address: str, collection: str, entry: str) -> None:
    page.goto(f"{address}#/collections/{collection}/entries/{entry}")
    page.get_by_text("Escribiendo en la colección").wait_for()
    page.locator("textarea, input").first.wait_for(state="attached")


def save(page: Page) -> None:
    page.get_by_role("button", name="Publicar", exact=True).click()
    page.get_by_role("menuitem", name="Publicar ahora").click()


@pytest.mark.parametrize(("collection", "entry", "path", "name"), EDITS, ids=lambda value: None)
def test_nested_text_is_saved_in_the_one_form(
    collection: str, entry: str, path: str, name: str, page: Page, address: str, project: Path
) -> None:
    before = (project / path).read_text(encoding="utf-8")
    open_entry(page, address, collection, entry)
    field = page.locator(f"textarea[id^='{name}-field']").first
    field.scroll_into_view_if_needed()
    field.fill(SENTENCE)
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible(timeout=20_000)
    after = (project / path).read_text(encoding="utf-8")
    assert f'"{SENTENCE}"' in after
    keys = re.compile(r"^(?:- )?\w+:", re.MULTILINE)
    assert keys.findall(after) == keys.findall(before), "the order of the fields"
    assert run(["fmt", "--check", str(project)]) == 0
    assert run(["check", str(project)]) == 0


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
    assert run(["fmt", "--check", str(project)]) == 0
    assert run(["check", str(project)]) == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("input[id^='reviewed-field']", "mañana", "no tiene la forma que se pide"),
        ("input[id^='title-field']", "", ""),
    ],
)
def test_value_that_will_not_do_is_refused_in_the_form(
    field: str, value: str, said: str, page: Page, address: str, project: Path
) -> None:
    path = project / "playbook/standards/EXT-09.yml"
    before = path.read_bytes()
    open_entry(page, address, "standard", "EXT-09")
    page.locator(field).fill(value)
    save(page)
    expect(page.get_by_text(said or "obligatorio", exact=False).first).to_be_visible()
    assert path.read_bytes() == before
