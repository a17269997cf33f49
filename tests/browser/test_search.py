"""The search as readers use it: the real index, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import Serve, unprinted

FIND = """async (queries) => {
  const { load } = await import(new URL("assets/js/search-dialog.js", document.baseURI));
  const finder = await load(new URL(document.baseURI));
  const answers = [];
  for (const query of queries) {
    const { results } = await finder.find(query);
    const shown = await Promise.all(results.slice(0, 3).map(({ id }) => finder.index.page(id)));
    answers.push(shown.map(({ url }) => url));
  }
  return answers;
}"""

UNLIKE = """async (queries) => {
  const { load } = await import(new URL("assets/js/search-dialog.js", document.baseURI));
  const finder = await load(new URL(document.baseURI));
  const answers = [];
  for (const query of queries) answers.push((await finder.find(query)).vague);
  return answers;
}"""


@pytest.fixture
def page(browser: Browser, reference_url: str) -> Iterator[Page]:
    context = browser.new_context(locale="es-MX", service_workers="block")
    page = context.new_page()
    page.goto(reference_url)
    expect(page.get_by_role("button", name="Buscar")).to_be_visible()
    yield page
    context.close()


def search(page: Page, query: str) -> None:
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("searchbox").fill(query)
    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text="resultado")).to_be_visible()


# What is needed at once, said in its own words among others, as one in a hurry would.
URGENT = {
    "robo en la sucursal": "ext-39",
    "veo fuego en el almacén": "int-36",
    "se desmayó una clienta en la fila": "ext-37",
    "niño perdido en la tienda": "ext-38",
    "llegó un borracho al mostrador": "ext-36",
    "sufro acoso sexual de un huésped": "int-29",
}


def test_what_is_urgent_comes_first_where_its_words_are_said(page: Page) -> None:
    answers = page.evaluate(FIND, list(URGENT))
    first = [urls[0].strip("/").split("/")[-1] for urls in answers]
    assert dict(zip(URGENT, first, strict=True)) == URGENT


DANGERS = yaml.load((Path(__file__).parent / "dangers.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def test_a_danger_leads_to_its_page_first_however_it_is_said(page: Page) -> None:
    """Where no page is about it, as of none here about shots, the search says that nothing is like it."""
    asked = [(query, danger["first"]) for danger in DANGERS.values() for query in danger["queries"]]
    answers = page.evaluate(FIND, [query for query, _ in asked])
    unlike = page.evaluate(UNLIKE, [query for query, _ in asked])
    missed = [
        f"{query}: {urls}"
        for (query, first), urls, nothing in zip(asked, answers, unlike, strict=True)
        if nothing == bool(first) or (first and (not urls or urls[0].strip("/").split("/")[-1] not in first))
    ]
    assert len(asked) == 176
    assert not missed, "\n".join(missed)


# A code among words, with other dashes, without one, in capitals or not, with zeros or none, with its item.
CODES = {
    "EXT-12": ["ext-12"],
    "estándar EXT-12": ["ext-12"],
    "ver ext 12 por favor": ["ext-12"],
    "ext12": ["ext-12"],
    "EXT–07": ["ext-07"],
    "EXT‑7": ["ext-07"],
    "ext 7": ["ext-07"],
    "EXT-07.saludo": ["ext-07"],
    "EXT-18 y EXT-17": ["ext-18", "ext-17"],
    "INT-03, EXT-02": ["int-03", "ext-02"],
}


def test_a_code_is_found_wherever_it_stands(page: Page) -> None:
    answers = page.evaluate(FIND, list(CODES))
    first = [[url.strip("/").split("/")[-1] for url in urls] for urls in answers]
    assert [ids[: len(asked)] for ids, asked in zip(first, CODES.values(), strict=True)] == [*CODES.values()]


def test_numbers_among_words_are_no_codes(page: Page) -> None:
    """«en 15 minutos» names no entry, though letters and a number stand side by side."""
    plain, mixed = page.evaluate(FIND, ["responder minutos", "responder en 15 minutos"])
    assert set(plain) & set(mixed)


def test_nothing_is_loaded_before_the_first_use(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.reload(wait_until="networkidle")
    assert not [url for url in loaded if "/search/" in url]
    search(page, "telefono")
    assert [url for url in loaded if url.endswith("/search/contents.json")]


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="¿Qué pasa, o qué buscas?")
    expect(box).to_be_focused()
    page.keyboard.type("contestar el telefono")
    results = page.get_by_role("list", name="Resultados").get_by_role("link")
    expect(results.first).to_contain_text("EXT-02")
    page.keyboard.press("ArrowDown")
    expect(results.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(box).to_have_value("contestar el telefono")
    page.keyboard.press("Enter")
    page.wait_for_url("**/estandares/ext-02/**")


@pytest.mark.parametrize("when", ["at once", "while its entry leaves the history"])
def test_the_search_opens_again_as_soon_as_it_was_closed(page: Page, reference_url: str, when: str) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    page.get_by_role("button", name="Buscar").click()
    box = page.get_by_role("searchbox", name="¿Qué pasa, o qué buscas?")
    box.fill("saludar")
    page.evaluate(
        """(when) => {
            const dialog = document.querySelector("dialog.pb-search__dialog");
            const typed = new KeyboardEvent("keydown", { key: "k", ctrlKey: true });
            const open = () => document.dispatchEvent(typed);
            if (when !== "at once") dialog.addEventListener("close", open, { once: true });
            dialog.close();
            if (when === "at once") open();
        }""",
        when,
    )
    page.wait_for_timeout(300)  # what would close it again comes in this time
    expect(box).to_have_value("saludar")
    expect(box).to_be_focused()
    page.go_back()  # the dialog has one entry, whatever it took to open it
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url == f"{reference_url}estandares/ext-01/"
    page.go_back()
    page.wait_for_url(reference_url)


def test_the_key_that_opens_is_a_letter_like_others_in_a_field(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("y/o")
    expect(page.get_by_role("searchbox")).to_have_value("y/o")


def test_the_focus_returns_to_where_it_was(page: Page) -> None:
    button = page.get_by_role("button", name="Buscar")
    button.press("Enter")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_result_shows_kind_id_and_sentence_and_opens_its_page(page: Page) -> None:
    search(page, "haz tres llamadas de prueba a distintas horas")
    result = page.get_by_role("list", name="Resultados").get_by_role("link").first
    expect(result).to_contain_text("estándar")
    expect(result).to_contain_text("EXT-02")
    expect(result).to_contain_text("Haz tres llamadas de prueba a distintas horas")
    expect(result.locator("mark").first).to_be_visible()
    result.click()
    page.wait_for_url("**/estandares/ext-02/")


def test_every_result_lands_on_a_part_of_its_page(reference_site: Path) -> None:
    for path in (reference_site / "search" / "pages").iterdir():
        kept = json.loads(path.read_text(encoding="utf-8"))
        address, _, term = kept["url"].partition("#")
        html = (reference_site / address / "index.html").read_text(encoding="utf-8")
        for anchor in [term] if term else [anchor for anchor, _, _ in kept["sections"] if anchor]:
            assert f'id="{anchor}"' in html, f"{address}#{anchor}"


def test_filters_leave_only_what_was_chosen(page: Page) -> None:
    search(page, "cliente")
    page.get_by_text("Filtrar los resultados").click()
    page.get_by_label("Tipo de ficha").select_option("Escenarios")
    results = page.get_by_role("list", name="Resultados").get_by_role("link")
    expect(results.locator(".pb-kind").first).to_have_text("escenario")
    assert set(results.locator(".pb-kind").all_text_contents()) == {"escenario"}
    page.get_by_label("Canal").select_option("Teléfono")
    expect(results).not_to_have_count(8)  # as many as are shown at first; the answer comes a moment later
    assert 0 < results.count() < 8


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Pilar", "Cliente interno"),
        ("Puesto", "Ventas"),
        ("Cliente", "Cliente molesto"),
        ("Canal", "Chat en vivo"),
    ],
)
def test_every_filter_narrows_the_results(page: Page, name: str, word: str) -> None:
    search(page, "cliente")
    status = page.get_by_role("dialog").get_by_role("status")
    before = int((status.inner_text()).split()[0])
    page.get_by_text("Filtrar los resultados").click()
    page.get_by_role("combobox", name=re.compile(f"^{name}")).select_option(word)
    expect(status).not_to_have_text(f"{before} resultados")
    assert 0 < int(status.inner_text().split()[0]) < before


def test_a_slip_of_the_finger_is_said(page: Page) -> None:
    search(page, "telfeono")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("telefono")


def test_a_portuguese_playbook_is_searched_in_portuguese(
    browser: Browser, tmp_path: Path, serve: Serve
) -> None:
    assert run(["init", str(tmp_path / "manual"), "--lang", "pt"]) == 0
    with unprinted():
        build_project(tmp_path / "manual", tmp_path / "site", "mkdocs", messages_in("pt"), lambda step: None)
    context = browser.new_context(locale="pt-BR", service_workers="block")
    page = context.new_page()
    page.goto(serve(tmp_path / "site"))
    page.get_by_role("button", name="Buscar").click()
    dialog = page.get_by_role("dialog")
    for query, title in (
        ("o cliente está bravo comigo", "Cliente irritado"),
        ("dar um oi", "Cumprimentar quem chega"),
        ("satisfacao", "Satisfação do cliente (CSAT)"),
        ("na hora de abrir a loja", "Abertura"),
    ):
        page.get_by_role("searchbox").fill(query)
        expect(dialog.locator("[data-pb-results] a").first).to_contain_text(title)
    page.get_by_role("searchbox").fill("irritção")
    expect(dialog.get_by_role("status")).to_have_text("1 resultado. Buscamos também: irritado")
    context.close()


def test_nothing_found_shows_other_ways(page: Page) -> None:
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("searchbox").fill("xylqwk")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("No hay nada con «xylqwk»")
    expect(page.get_by_role("dialog").get_by_role("link", name="Estándares")).to_be_visible()


def test_what_was_typed_is_text_and_nothing_else(page: Page) -> None:
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("searchbox").fill("<img src=x onerror=zzqx(1)>zzqq")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("<img src=x")
    assert page.locator("dialog img").count() == 0


def test_a_letter_that_was_pasted_keeps_no_page_busy(page: Page) -> None:
    """Ten thousand letters of one complaint kept it for minutes, and stood whole in the message."""
    page.get_by_role("button", name="Buscar").click()
    box = page.get_by_role("searchbox")
    page.keyboard.insert_text("cliente molesto devolución factura " * 300)
    assert len(box.input_value()) == 200
    expect(page.locator("[data-pb-results] a").first).to_be_visible()


def test_an_index_that_does_not_arrive_is_said(page: Page) -> None:
    page.route("**/search/*", lambda route: route.abort())
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("no se pudo cargar")


# Each takes a file of the index away as a bad connection, a sign-in page or a new edition at the host does.
def cut_off(route: Route) -> None:
    route.abort()


def sign_in_first(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<h1>Wi-Fi</h1>")


def find_gone(route: Route) -> None:
    route.fulfill(status=404, content_type="text/html", body="<h1>404</h1>")


def find_refused(route: Route) -> None:
    route.fulfill(status=503, json={"message": "Service Unavailable"})


TAKEN_AWAY = [cut_off, sign_in_first, find_gone]


@pytest.mark.parametrize("take_away", TAKEN_AWAY)
@pytest.mark.parametrize("part", ["words/*", "pages/*"])
def test_what_cannot_be_looked_up_is_not_said_to_be_missing(
    page: Page, reference_url: str, part: str, take_away: Callable[[Route], None]
) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    open_search(page)
    ask(page, "cliente", "resultado")
    page.route(f"**/search/{part}", take_away)
    page.get_by_role("searchbox").fill("incendio")
    cannot_search(page, "incendio")
    page.keyboard.press("Enter")
    cannot_search(page, "incendio")
    # Whoever is back in reach need not know that there is a page to load anew.
    page.unroute(f"**/search/{part}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("incendio")
    page.goto(f"{reference_url}editar/")
    expect(page.locator("[data-pb-searches]").get_by_role("status").first).to_have_text(
        "En este aparato no hay búsquedas sin respuesta."
    )
    assert not failures


def test_a_connection_that_is_said_to_be_back_before_it_is_gets_a_moment(page: Page) -> None:
    open_search(page)
    ask(page, "cliente", "resultado")
    page.route("**/search/words/*", cut_off)
    page.get_by_role("searchbox").fill("incendio")
    cannot_search(page, "incendio")
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    page.unroute("**/search/words/*")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("resultados")


def cannot_search(page: Page, query: str) -> None:
    """Expect to read that something cannot be searched, and nothing that answers another question."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text(f"Sin señal no se puede buscar «{query}»")
    expect(dialog.locator("[data-pb-results] li")).to_have_count(0)
    expect(dialog.get_by_role("link", name="No encontré lo que buscaba")).to_be_hidden()
    expect(dialog.get_by_role("link", name="Estándares")).to_be_visible()
    # What cannot wait has its doors there, since it is kept on the device.
    door = dialog.locator("[data-pb-doors] a").first
    expect(door).to_have_attribute("href", re.compile("^http.*/clientes/"))


def test_a_list_does_not_wait_for_the_answer_to_another_question(page: Page) -> None:
    held: list[Route] = []
    is_slow = True
    open_search(page)
    ask(page, "cliente", "resultado")
    page.route("**/search/words/*", lambda route: held.append(route) if is_slow else route.continue_())
    page.get_by_role("searchbox").fill("incendio")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_have_text("Buscando «incendio»…")
    expect(dialog.locator("[data-pb-results] li")).to_have_count(0)
    is_slow = False
    for route in held:
        route.continue_()
    expect(dialog.get_by_role("status")).to_contain_text("resultado")


def test_filters_that_do_not_arrive_are_said_and_asked_for_again(page: Page) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    search(page, "cliente")
    page.route("**/search/facets.json", cut_off)
    page.get_by_text("Filtrar los resultados").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("no se pudo cargar")
    expect(page.locator("[data-pb-filters]")).not_to_have_attribute("open", "")
    page.unroute("**/search/facets.json")
    page.get_by_text("Filtrar los resultados").click()
    page.get_by_label("Tipo de ficha").select_option("Escenarios")
    results = page.get_by_role("list", name="Resultados").get_by_role("link")
    expect(results.locator(".pb-kind").first).to_have_text("escenario")
    assert not failures


@pytest.mark.parametrize("part", ["contents.json", "words/*", "pages/*"])
def test_one_file_lost_on_the_way_is_fetched_once_more(page: Page, part: str) -> None:
    page.route(f"**/search/{part}", cut_off, times=1)
    with page.expect_event("requestfailed"):
        open_search(page)
        page.get_by_role("searchbox").fill("incendio")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("resultados")


# Notes how each list of the files of the index is asked for.
ASKED = """() => {
  const { fetch } = globalThis;
  globalThis.asked = [];
  globalThis.fetch = (address, options) => {
    if (`${address}`.endsWith("/contents.json")) globalThis.asked.push(options?.cache);
    return fetch(address, options);
  };
}"""


def test_a_list_of_files_that_the_host_no_more_has_is_asked_for_anew(page: Page) -> None:
    """A host may let browsers keep it for minutes, and have others by then."""
    page.evaluate(ASKED)
    page.route("**/search/words/*", find_gone, times=1)
    open_search(page)
    page.get_by_role("searchbox").fill("incendio")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("resultados")
    assert page.evaluate("asked") == ["default", "no-cache"]


# A host that is down says so in the form that was asked for.
@pytest.mark.parametrize("take_away", [cut_off, find_refused])
def test_a_bad_connection_is_not_taken_for_an_old_browser(
    page: Page, take_away: Callable[[Route], None]
) -> None:
    page.route("**/search/contents.json", take_away)
    open_search(page)
    page.get_by_role("searchbox").fill("incendio")
    cannot_search(page, "incendio")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_is_accessible(browser: Browser, reference_url: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(reference_url)
    search(page, "cliente enojado")
    page.get_by_text("Filtrar los resultados").click()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_without_scripts_the_sections_lead_everywhere(browser: Browser, reference_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reference_url)
    expect(page.get_by_role("button", name="Buscar")).to_have_count(0)
    for section in ("estandares", "clientes", "listas"):
        assert page.locator(f"a[href$='{section}/']").count()
    context.close()


def ask(page: Page, query: str, told: str) -> None:
    """Type a query into the open search and wait for what is said of it."""
    page.get_by_role("searchbox").fill(query)
    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text=told)).to_be_visible()


def open_search(page: Page) -> None:
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_what_was_searched_and_led_nowhere_is_kept_for_who_edits(
    page: Page, reference_url: str, tmp_path: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method != "GET" else None)
    open_search(page)
    ask(page, "xilófono prehistórico", "No hay nada")
    page.keyboard.press("Enter")
    ask(page, '=1+1 "teléfono"', "resultado")
    page.keyboard.press("Escape")
    open_search(page)
    ask(page, "xilofono  PREHISTORICO", "No hay nada")
    page.get_by_role("button", name="Cerrar").click()
    # What led somewhere is nobody's business, nor is a search that was taken up again from the tab.
    open_search(page)
    ask(page, "contestar el teléfono", "resultado")
    page.get_by_role("dialog").get_by_role("link").first.click()
    expect(page.locator("h1")).to_be_visible()
    open_search(page)
    expect(page.get_by_role("searchbox")).to_have_value("contestar el teléfono")
    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text="resultado")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.wait_for_function("!history.state?.pbSearch")

    # In a window of its own, where no way back that is still under way stops it.
    page = page.context.new_page()
    page.goto(f"{reference_url}editar/")
    shown = page.locator("[data-pb-searches]")
    expect(shown.get_by_role("status").first).to_have_text("2 búsquedas sin respuesta")
    rows = shown.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first.get_by_role("rowheader")).to_have_text("xilofono PREHISTORICO (2 veces)")
    with page.expect_download() as saved:
        shown.get_by_role("button", name="queries.yml").click()
    saved.value.save_as(tmp_path / "queries.yml")
    text = (tmp_path / "queries.yml").read_text(encoding="utf-8")
    assert yaml.load(text, yaml.CSafeLoader) == [
        {"query": "xilofono PREHISTORICO", "expect": []},
        {"query": '=1+1 "teléfono"', "expect": []},
    ]
    assert re.search(r"Veces: 2\. La última vez: \d{4}-\d\d-\d\d\. Edición", text)
    with page.expect_download() as saved:
        shown.get_by_role("button", name="CSV").click()
    saved.value.save_as(tmp_path / "searches.csv")
    table = (tmp_path / "searches.csv").read_text(encoding="utf-8-sig")
    assert '"xilofono PREHISTORICO","0","2"' in table
    assert '"\'=1+1 ""teléfono"""' in table, "no spreadsheet takes it for a formula"
    shown.get_by_role("button", name="Borrar de este aparato").press("Enter")
    expect(shown.get_by_role("status").first).to_have_text("En este aparato no hay búsquedas sin respuesta.")
    expect(shown.get_by_role("status").first).to_be_focused()
    expect(rows).to_have_count(0)
    page.reload()
    expect(shown.get_by_role("status").first).to_have_text("En este aparato no hay búsquedas sin respuesta.")
    assert asked == [], "nothing is sent to anybody"


def test_of_what_led_nowhere_the_last_are_kept(page: Page) -> None:
    kept = page.evaluate("""async () => {
      const { MOST, note, searches } = await import(new URL("assets/js/asked.js", document.baseURI));
      for (let i = 0; i < MOST + 5; i++) note(`algo ${i}`, 0, "1");
      note("al", 0, "1");
      note("x".repeat(9000), 0, "1");
      const list = searches();
      return [MOST, list.length, list[0].query.length, list[1].query, list.at(-1).query];
    }""")
    assert kept == [200, 200, 200, "algo 204", "algo 6"]
    page.evaluate("localStorage.clear()")
