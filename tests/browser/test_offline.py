"""Reading without a connection: what is kept, what a new edition does, and what happens without workers."""

from __future__ import annotations

import functools
import gzip
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from servicebook.site import offline
from tests.conftest import (
    DESK,
    PHONE,
    ROOT,
    Fresh,
    Loopback,
    MakeProject,
    at_both_widths,
    copy_project,
    unprinted,
)


class Host:
    """A server of one folder that can be stopped, so that there is nothing to reach."""

    def __init__(self, folder: Path, handler: type[Fresh] = Fresh) -> None:
        self._server = Loopback(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def context(browser: Browser, viewport: ViewportSize) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=viewport)
    yield context
    context.close()


def seen_at_both_widths(found: Locator) -> None:
    """Expect to see what has taken long to come about, on a phone and at a desk."""
    for size in (DESK, PHONE):
        found.page.set_viewport_size(size)
        expect(found).to_be_in_viewport()


def build(project: Path, folder: str) -> Path:
    with unprinted():
        return build_printed(project, folder)


def build_printed(project: Path, folder: str) -> Path:
    build_project(project, project / folder, "mkdocs", messages_in("es"), lambda step: None)
    return project / folder


@at_both_widths
def test_pages_and_search_work_with_the_server_stopped(context: BrowserContext, reference_site: Path) -> None:
    host = Host(reference_site)
    page = context.new_page()
    page.goto(host.url)
    page.get_by_role("button", name="Guardar para usar sin conexión").click()
    expect(page.get_by_text("Guardando: ")).to_be_visible()
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_attached(timeout=60_000)
    host.stop()
    page.goto(f"{host.url}estandares/ext-02/")
    expect(page.get_by_role("heading", name="Contestar el teléfono")).to_be_visible()
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("searchbox").fill("cliente enojado")
    result = (
        page.get_by_role("list", name="Resultados")
        .get_by_role("link")
        .filter(has=page.get_by_text("Cliente molesto", exact=True))
        .first
    )
    result.click()
    page.wait_for_url("**/clientes/molesto/**")
    expect(page.get_by_role("heading", name="Cliente molesto")).to_be_visible()


def test_a_new_edition_announces_itself(context: BrowserContext, make_project: MakeProject) -> None:
    project = make_project({})
    host = Host(build(project, "site"))
    page = context.new_page()
    page.goto(host.url)
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_attached(timeout=30_000)
    settings = project / "playbook/playbook.yml"
    text = re.sub(r'(edition: .*?name: )"[^"]*"', r'\1"2027.1"', settings.read_text(encoding="utf-8"))
    assert "2027.1" in text
    settings.write_text(text, encoding="utf-8")
    build(project, "site")
    page.reload()
    seen_at_both_widths(page.get_by_text("Ya está la edición 2027.1."))
    about = page.locator(".pb-footer__about")
    expect(about).not_to_contain_text("2027.1")
    page.get_by_role("button", name="Ver lo nuevo").click()
    expect(about).to_contain_text("Edición 2027.1")
    host.stop()
    page.reload()
    expect(about).to_contain_text("Edición 2027.1")


def test_a_new_edition_opens_what_it_changed(context: BrowserContext, make_project: MakeProject) -> None:
    project = make_project({"docs/novedades.md": "# Novedades\n\n{{ news() }}\n"})
    host = Host(build(project, "site"))
    page = context.new_page()
    page.goto(f"{host.url}estandares/ext-01/")
    expect(page.get_by_text("Este manual se puede leer sin conexión.")).to_be_attached(timeout=30_000)
    standard = project / "playbook/standards/EXT-01.yml"
    change = "revision: 2\nchanges:\n  - {revision: 2, date: 2026-12-01, reason: Se saluda de pie.}\n"
    standard.write_text(standard.read_text(encoding="utf-8") + change, encoding="utf-8")
    settings = project / "playbook/playbook.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('name: "1", date: 2026-11-22', 'name: "2", date: 2026-12-01'), encoding="utf-8"
    )
    build(project, "site")
    page.reload()
    seen_at_both_widths(page.get_by_role("button", name="Ver lo nuevo"))
    page.get_by_role("button", name="Ver lo nuevo").click()
    page.wait_for_url("**/novedades/")
    seen_at_both_widths(page.get_by_text("Se saluda de pie."))
    host.stop()


def test_a_large_site_keeps_what_was_opened_and_all_on_demand(
    context: BrowserContext, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "_TOO_LARGE", 1000)
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


def test_a_large_site_keeps_the_first_page_and_for_good_what_was_asked_for(
    context: BrowserContext, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "_TOO_LARGE", 1000)
    monkeypatch.setattr(offline, "UNASKED", 100_000)
    project = make_project({})
    host = Host(build(project, "site"))
    page = context.new_page()
    # The page that was opened before there was a worker is here for later, too.
    page.goto(f"{host.url}clientes/vip/")
    expect(page.get_by_text("Sin conexión verás las páginas que ya abriste.")).to_be_attached(timeout=30_000)
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("VIP")
    context.set_offline(False)
    # It stays so in the next edition; and who asked for everything has what is new in the one after, too.
    page.goto(host.url)
    publish_edition(project, page, "2")
    context.set_offline(True)
    page.goto(f"{host.url}clientes/vip/")
    expect(page.locator(".pb-footer__about")).to_contain_text("Edición 2")
    context.set_offline(False)
    page.goto(host.url)
    page.get_by_role("button", name="Guardar para usar sin conexión").click()
    expect(page.get_by_text(KEPT)).to_be_visible(timeout=30_000)
    (project / "docs/nueva.md").write_text("# Una página nueva\n", encoding="utf-8")
    publish_edition(project, page, "3")
    host.stop()
    page.goto(f"{host.url}nueva/")
    expect(page.get_by_role("heading", name="Una página nueva")).to_be_visible()


def publish_edition(project: Path, page: Page, name: str) -> None:
    """Publish a project's next edition, and have the reader of a page take it."""
    settings = project / "playbook/playbook.yml"
    text = re.sub(r'(edition: .*?name: )"[^"]*"', rf'\1"{name}"', settings.read_text(encoding="utf-8"))
    settings.write_text(text, encoding="utf-8")
    build(project, "site")
    page.reload()
    page.get_by_role("button", name="Ver lo nuevo").click()
    expect(page.locator(".pb-footer__about")).to_contain_text(f"Edición {name}")


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
        # The pages behind a sheet's code tell what holds today, so they are never kept.
        assert (f'"{path}":' in listed) == (not path.startswith("p/")), path
    shutil.rmtree(one / "estandares")
    assert (build(project, "two") / "service-worker.js").read_text(encoding="utf-8") == listed


def test_the_site_can_be_installed(context: BrowserContext, reference_url: str) -> None:
    page = context.new_page()
    page.goto(reference_url)
    manifest = page.request.get(f"{reference_url}manifest.webmanifest").json()
    assert manifest["name"] == "Manual de servicio"
    for icon in manifest["icons"]:
        assert page.request.get(reference_url + icon["src"]).ok


KEPT = "Este manual se puede leer sin conexión."


def keep_whole(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text(KEPT)).to_be_attached(timeout=30_000)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to serve, with a site in a folder of it; nothing is written there."""
    project = copy_project(
        tmp_path_factory.mktemp("hosted"), {"docs/media/año #1 100% 'x'?.txt": "Un archivo."}
    )
    shutil.move(build_printed(project, "site"), project / "hosted/manuales/2026")
    return project / "hosted"


@at_both_widths
def test_what_cannot_be_opened_without_a_connection_says_what_to_do(
    context: BrowserContext, hosted: Path
) -> None:
    site = hosted / "manuales/2026"
    sheet = next(site.rglob("*.pdf")).relative_to(site).as_posix()
    host = Host(hosted)
    root = f"{host.url}manuales/2026/"
    page = context.new_page()
    keep_whole(page, root)
    host.stop()
    for path, said in (
        ("estandares/ext-99/", "mal escrita"),
        ("%E0%A4%A", "mal escrita"),
        ("toString", "mal escrita"),
        ("p/apertura/?e=1&v=0badcafe", "Escanéala otra vez"),
        ("p/apertura", "Escanéala otra vez"),
        (sheet, "Este archivo no está guardado"),
    ):
        page.goto(root + path)
        expect(page.get_by_role("heading", name="No hay conexión")).to_be_visible()
        expect(page.locator(".pb-away > p[class]:visible")).to_have_count(1)
        expect(page.locator(".pb-away > p[class]:visible")).to_contain_text(said)
        expect(page.locator(".pb-away > p[class]:visible")).to_be_in_viewport()
        expect(page.get_by_role("link", name="Ir al inicio")).to_have_attribute("href", "./")
        # It has its style at any depth, and leads home to the folder that the site lies in.
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
        page.get_by_role("link", name="Ir al inicio").click()
        page.wait_for_url(root)
    page.goto(f"{root}estandares/ext-01?a=b#title")
    assert page.url == f"{root}estandares/ext-01/?a=b#title"
    page.goto(f"{root}media/a%C3%B1o%20%231%20100%25%20'x'%3F.txt")
    expect(page.get_by_text("Un archivo.")).to_be_visible()


@at_both_widths
def test_sheets_of_a_list_are_kept_for_who_asks(context: BrowserContext, hosted: Path) -> None:
    host = Host(hosted / "manuales/2026")
    page = context.new_page()
    keep_whole(page, host.url)
    page.goto(f"{host.url}listas/apertura/")
    page.get_by_role("button", name="Guardar estas hojas").click()
    expect(page.get_by_text("Estas hojas se abren sin conexión.")).to_be_visible(timeout=30_000)
    sheet = page.locator("a[download][href$='.pdf']").first.evaluate("link => link.href")
    host.stop()
    page.reload()
    expect(page.get_by_text("Estas hojas se abren sin conexión.")).to_be_visible(timeout=30_000)
    answer = page.evaluate(
        "async (url) => { const r = await fetch(url); return [r.status, (await r.text()).slice(0, 5)] }",
        sheet,
    )
    assert answer == [200, "%PDF-"]


@at_both_widths
def test_where_data_is_saved_nothing_is_kept_unasked(
    browser: Browser, viewport: ViewportSize, hosted: Path
) -> None:
    host = Host(hosted / "manuales/2026")
    for connection in ("{saveData: true}", "{type: 'cellular'}"):
        with browser.new_context(viewport=viewport) as context:
            context.add_init_script(
                f"Object.defineProperty(Navigator.prototype, 'connection', {{get: () => ({connection})}})"
            )
            page = context.new_page()
            page.goto(host.url)
            expect(page.get_by_text("no guardamos nada sin que lo pidas")).to_be_visible()
            assert page.evaluate("navigator.serviceWorker.getRegistration()") is None
            assert page.evaluate("caches.keys()") == []
            page.get_by_role("button", name="Guardar para usar sin conexión").click()
            expect(page.get_by_text(KEPT)).to_be_visible(timeout=30_000)
    host.stop()


@pytest.mark.parametrize(
    "broken",
    ["throw new Error('x');", "addEventListener('install', (event) => event.waitUntil(Promise.reject()));"],
    ids=["no worker", "a worker that does not begin"],
)
def test_what_could_not_be_kept_is_told_beside_its_button_and_can_be_tried_again(
    browser: Browser, hosted: Path, broken: str
) -> None:
    site = hosted / "manuales/2026"
    host = Host(site)
    worker = site / "service-worker.js"
    whole = worker.read_bytes()
    worker.write_text(broken, encoding="utf-8")
    try:
        with browser.new_context() as context:
            context.add_init_script(
                "Object.defineProperty(Navigator.prototype, 'connection', {get: () => ({saveData: true})})"
            )
            page = context.new_page()
            page.goto(host.url)
            button = page.get_by_role("button", name="Guardar para usar sin conexión")
            button.click()
            expect(page.get_by_text("No se pudo guardar todo.")).to_be_visible()
            expect(button).to_be_enabled()
            worker.write_bytes(whole)
            button.click()
            expect(page.get_by_text(KEPT)).to_be_visible(timeout=30_000)
    finally:
        worker.write_bytes(whole)
        host.stop()


def test_what_is_kept_unasked_weighs_at_most_a_megabyte(
    context: BrowserContext, reference_site: Path, reference_url: str
) -> None:
    page = context.new_page()
    page.goto(reference_url)
    expect(page.get_by_text("Sin conexión verás")).to_be_attached(timeout=30_000)
    names = "(keys) => keys.map(({url}) => new URL(url).pathname.slice(1))"
    kept = page.evaluate(
        f"caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys()).then({names})"
    )
    files = [reference_site / path for path in kept]
    files = [file / "index.html" if file.is_dir() else file for file in files]
    weight = sum(min(len(gzip.compress(file.read_bytes())), file.stat().st_size) for file in files)
    assert 100_000 < weight <= 1_000_000
    assert (reference_site / "index.html") in files


def test_an_owner_can_take_back_what_is_kept(context: BrowserContext, make_project: MakeProject) -> None:
    project = make_project({})
    site = build(project, "site")
    host = Host(site)
    page = context.new_page()
    keep_whole(page, host.url)
    page.evaluate("caches.open('servicebook:%2Fother%2F:1')")
    settings = project / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("- servicebook\n", "- servicebook: {offline: false}\n"), "utf-8"
    )
    build(project, "site")
    page.reload()
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one?.update())")
    expect_value(page, "caches.keys()", ["servicebook:%2Fother%2F:1"])
    page.reload()
    expect(page.locator("[data-pb-offline]")).to_have_count(0)
    # The worker itself is gone too, once no page is open that it had: all comes from the network alone.
    registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"

    def is_gone() -> bool:
        # A page that is loaded anew may be there before the one that it takes the place of has gone; and one
        # that was loaded just before the worker went keeps it until the next.
        page.goto("about:blank")
        page.goto(host.url)
        is_controlled = page.evaluate("navigator.serviceWorker.controller !== null")
        return page.evaluate(registered) == 0 and not is_controlled

    assert any(is_gone() for _ in range(100))
    assert page.evaluate("caches.keys()") == ["servicebook:%2Fother%2F:1"]
    host.stop()


def expect_value(page: Page, expression: str, value: object) -> None:
    """Wait until an expression has a value in the page."""
    for _ in range(100):
        found = page.evaluate(expression)
        if found == value:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{found!r} is not {value!r}")


# Looks for another version, and tells whether one waits that was taken in whole.
UPDATED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  while (registration.installing) await new Promise((resolve) => setTimeout(resolve, 25));
  return Boolean(registration.waiting);
}"""
# Asks the version of the worker that this page has and of the one that waits. What the page asked them before
# is answered by then.
VERSIONS = """async () => {
  const { waiting } = await navigator.serviceWorker.getRegistration();
  const version = (worker) => new Promise((heard) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard(data.version);
    worker.postMessage({ ask: "state" }, [port2]);
  });
  return Promise.all([navigator.serviceWorker.controller, waiting].map(version));
}"""


def publish(project: Path, old: str, new: str) -> None:
    """Publish a playbook under another edition."""
    settings = project / "playbook/playbook.yml"
    settings.write_text(settings.read_text("utf-8").replace(old, new), "utf-8")
    build(project, "site")


def test_an_edition_whose_pages_a_host_calls_something_else_is_not_taken_in(
    context: BrowserContext, make_project: MakeProject
) -> None:
    """A browser would show the text of such a page, though its digest is right."""
    wrong: dict[str, str] = {}

    class Typed(Fresh):
        def guess_type(self, path: Any) -> str:
            return wrong.get(Path(path).suffix) or super().guess_type(path)

    project = make_project({})
    host = Host(build(project, "site"), Typed)
    page = context.new_page()
    keep_whole(page, host.url)
    page.reload()  # a worker waits while a page has the one before
    publish(project, 'name: "1"', 'name: "2"')
    wrong[".html"] = "text/plain"
    assert page.evaluate(UPDATED) is False
    wrong.clear()
    assert page.evaluate(UPDATED) is True
    host.stop()


def test_a_site_that_is_again_what_a_reader_has_is_not_announced(
    context: BrowserContext, make_project: MakeProject
) -> None:
    project = make_project({})
    host = Host(build(project, "site"))
    page = context.new_page()
    keep_whole(page, host.url)
    page.reload()  # a worker waits while a page has the one before
    publish(project, 'name: "1"', 'name: "2"')
    assert page.evaluate(UPDATED)
    expect(page.get_by_text("Ya está la edición 2.")).to_be_attached()
    publish(project, 'name: "2"', 'name: "1"')
    assert page.evaluate(UPDATED)
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_attached()
    now, waiting = page.evaluate(VERSIONS)
    assert now == waiting
    expect(page.locator("[data-pb-update=shown]")).to_have_count(0)
    host.stop()


def test_a_worker_that_goes_leaves_nothing_behind(context: BrowserContext, make_project: MakeProject) -> None:
    """What the page asks of an earlier worker while the next one tidies up makes no cache anew."""
    project = make_project({})
    host = Host(build(project, "site"))
    page = context.new_page()
    keep_whole(page, host.url)
    page.reload()
    # All that a page asks of its worker, at the moment when this version's cache is gone already.
    (worker,) = context.service_workers
    page.evaluate(
        """async () => {
          const drop = (name) => navigator.locks.request(name, () => caches.delete(name));
          await Promise.all((await caches.keys()).map(drop));
        }"""
    )
    questions = [{"ask": "state"}, {"ask": "mend", "paths": [""]}, {"ask": "keep", "paths": []}]
    asked = """(question) => new Promise((heard) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => heard(data);
      navigator.serviceWorker.controller.postMessage(question, [port2]);
    })"""
    for question in questions:
        page.evaluate(asked, question)
    assert page.evaluate("fetch('clientes/vip/').then(({ status }) => status)") == 200
    page.goto(f"{host.url}clientes/vip/")
    expect(page.get_by_role("heading", name="Cliente VIP")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert worker.evaluate("caches.keys()") == []
    host.stop()


def test_a_site_that_went_back_says_so(context: BrowserContext, make_project: MakeProject) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    plain = settings.read_text("utf-8")
    settings.write_text(plain.replace('name: "1", date: 2026-11-22', 'name: "2", date: 2026-11-23'), "utf-8")
    host = Host(build(project, "site"))
    page = context.new_page()
    keep_whole(page, host.url)
    other = context.new_page()
    other.goto(f"{host.url}clientes/vip/")
    settings.write_text(plain, "utf-8")
    build(project, "site")
    page.reload()
    expect(page.get_by_text("El manual volvió a la edición 1.")).to_be_visible(timeout=30_000)
    seen_at_both_widths(page.get_by_text("El manual volvió a la edición 1."))
    page.get_by_role("button", name="Ver lo nuevo").click()
    expect(page.locator(".pb-footer__about")).to_contain_text("Edición 1")
    # The other tab still shows what it showed, and is told that there is something else.
    expect(other.get_by_text("El manual tiene cambios.")).to_be_visible()
    host.stop()


def test_what_cannot_be_searched_without_a_connection_is_found_when_it_is_back(
    context: BrowserContext, reference_url: str
) -> None:
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(reference_url)
    expect(page.get_by_text("Sin conexión verás")).to_be_attached(timeout=60_000)
    page.reload()
    page.get_by_role("button", name="Buscar").click()
    dialog, field = page.get_by_role("dialog"), page.get_by_role("searchbox")
    status, results = dialog.get_by_role("status"), dialog.locator("[data-pb-results] li")
    for query in ("cliente", "compañero"):
        field.fill(query)
        expect(status).to_contain_text("resultados")
        expect(
            results.locator("mark").filter(has_text=re.compile(query[:6], re.IGNORECASE))
        ).not_to_have_count(0)
    context.set_offline(True)
    # The list of the last question would be taken for the answer to this one.
    for query in ("cliente con pistola", "incendio"):
        field.fill(query)
        expect(status).to_contain_text(f"Sin señal no se puede buscar «{query}»")
        expect(results).to_have_count(0)
        seen_at_both_widths(status)
    doors = dialog.locator("[data-pb-doors] a")
    expect(doors.first).to_be_visible()
    assert len(doors.all()) > 10
    page.keyboard.press("Escape")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('asked'))") == []
    page.get_by_role("button", name="Buscar").click()
    expect(status).to_contain_text("Sin señal")
    context.set_offline(False)
    expect(status).to_contain_text("resultados")
    expect(results.first).to_contain_text("INT-36")
    assert not failures


@at_both_widths
def test_what_is_urgent_opens_without_a_connection_after_the_first_visit(
    context: BrowserContext, reference_url: str
) -> None:
    page = context.new_page()
    page.goto(reference_url)
    expect(page.get_by_text("Sin conexión verás")).to_be_attached(timeout=60_000)
    doors = page.locator(".pb-urgent a").evaluate_all(
        "all => all.map(({ href, textContent }) => [href, textContent])"
    )
    assert len(doors) > 10
    context.set_offline(True)
    for address, title in doors:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_what_is_urgent_leaves_room_for_the_lists(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "_TOO_LARGE", 1000)
    monkeypatch.setattr(offline, "URGENT", 30_000)
    standard = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text("utf-8")
    many = {
        f"playbook/standards/EXT-{number}.yml": re.sub(r"\bEXT-01\b", f"EXT-{number}", standard)
        + "urgent: true\n"
        for number in range(10, 30)
    }
    worker = (build(make_project(many), "site") / "service-worker.js").read_text(encoding="utf-8")
    kept = json.loads(worker.partition("const BUILD = ")[2].partition(";\n")[0])["kept"]
    pressing = [path for path in kept if re.fullmatch(r"estandares/ext-[12]\d/", path)]
    assert pressing == [f"estandares/ext-{number}/" for number in range(10, 10 + len(pressing))]
    assert 0 < len(pressing) < len(many)
    assert {"", "estandares/", "clientes/", "listas/"} <= {*kept}
