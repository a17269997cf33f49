"""Reading without a connection: what is kept, what a new edition does, and what happens without workers."""

from __future__ import annotations

import functools
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from servicebook.site import offline
from tests.conftest import MakeProject


class Host:
    """A server of one folder that can be stopped, so that there is nothing to reach."""

    def __init__(self, folder: Path) -> None:
        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def build(project: Path, folder: str) -> Path:
    build_project(project, project / folder, "mkdocs", messages_in("es"), lambda step: None)
    return project / folder


def test_pages_and_search_work_with_the_server_stopped(context: BrowserContext, reference_site: Path) -> None:
    host = Host(reference_site)
    page = context.new_page()
    page.goto(host.url)
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_attached(timeout=30_000)
    host.stop()
    page.goto(f"{host.url}estandares/ext-02/")
    expect(page.get_by_role("heading", name="Contestar el teléfono")).to_be_visible()
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("searchbox").fill("cliente enojado")
    result = (
        page.get_by_role("list", name="Resultados")
        .get_by_role("link")
        .filter(has_text="Cliente molesto")
        .first
    )
    result.click()
    page.wait_for_url("**/clientes/molesto/**")
    expect(page.get_by_role("heading", name="Cliente molesto")).to_be_visible()


def test_a_new_edition_announces_itself(context: BrowserContext, make_project: MakeProject) -> None:
    project = make_project({})
    site = build(project, "site")
    host = Host(site)
    page = context.new_page()
    page.goto(host.url)
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_attached(timeout=30_000)
    settings = project / "playbook/playbook.yml"
    text = re.sub(r'(edition: .*?name: )"[^"]*"', r'\1"2027.1"', settings.read_text(encoding="utf-8"))
    assert "2027.1" in text
    settings.write_text(text, encoding="utf-8")
    build(project, "site")
    page.reload()
    expect(page.get_by_text("Ya está la edición 2027.1.")).to_be_visible()
    about = page.locator(".pb-footer__about")
    expect(about).not_to_contain_text("2027.1")
    page.get_by_role("button", name="Ver lo nuevo").click()
    expect(about).to_contain_text("Edición 2027.1")
    host.stop()
    page.reload()
    expect(about).to_contain_text("Edición 2027.1")


def test_a_large_site_keeps_what_was_opened_and_all_on_demand(
    context: BrowserContext, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "WHOLE", 1000)
    host = Host(build(make_project({}), "site"))
    page = context.new_page()
    page.goto(host.url)
    expect(page.get_by_text("Sin conexión verás las páginas que ya abriste.")).to_be_attached(timeout=30_000)
    page.goto(f"{host.url}clientes/vip/")
    expect(page.get_by_role("button", name="Guardar para usar sin conexión")).to_be_visible()
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{host.url}estandares/ext-01/")
    expect(page.get_by_role("heading", name="No hay conexión")).to_be_visible()
    context.set_offline(False)
    page.goto(host.url)
    page.get_by_role("button", name="Guardar para usar sin conexión").click()
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_visible(timeout=30_000)
    host.stop()
    page.goto(f"{host.url}estandares/ext-01/")
    expect(page.get_by_role("heading", name="Saludar al llegar")).to_be_visible()
    # The key works from when the button is there: the search's script comes after the page.
    expect(page.get_by_role("button", name="Buscar")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("saludo")
    expect(page.get_by_role("list", name="Resultados").get_by_role("link").first).to_contain_text("EXT-01")


def test_where_there_are_no_workers_nothing_is_shown_and_nothing_fails(
    browser: Browser, reference_url: str
) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(reference_url, wait_until="networkidle")
    expect(page.locator("[data-pb-offline]")).to_be_hidden()
    assert not failures
    context.close()


def test_the_worker_lists_every_page_and_names_their_bytes(make_project: MakeProject) -> None:
    project = make_project({})
    one = build(project, "one")
    listed = (one / "service-worker.js").read_text(encoding="utf-8")
    for page in one.rglob("index.html"):
        path = page.relative_to(one).as_posix().removesuffix("index.html")
        assert f'"{path}":' in listed
    shutil.rmtree(one / "estandares")
    assert (build(project, "two") / "service-worker.js").read_text(encoding="utf-8") == listed


def test_the_site_can_be_installed(context: BrowserContext, reference_url: str) -> None:
    page = context.new_page()
    page.goto(reference_url)
    manifest = page.request.get(f"{reference_url}manifest.webmanifest").json()
    assert manifest["name"] == "Manual de servicio"
    for icon in manifest["icons"]:
        assert page.request.get(reference_url + icon["src"]).ok
