"""Every page of the reference site, as readers meet it: accessible, on the screen, light, fit for paper."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
import zxingcpp
from playwright.sync_api import Browser, Locator, Page, Request, ViewportSize, expect

from tests.browser.axe import AXE, Axe
from tests.browser.markup import pages_of, telling_pages
from tests.browser.walk import walk
from tests.conftest import PHONE, Serve

KINDS = (
    "",
    "estandares/",
    "estandares/ext-01/",
    "conductas/responder-en-positivo/",
    "clientes/molesto/",
    "casos/toyota/",
    "indicadores/nps/",
    "listas/apertura-mostrador/",
    "listas/auditoria-mensual/",
    "listas/comparar/",
    "listas/calibrar/",
    "escenarios/pastel-en-redes/",
    "matrices/",
    "descargas/",
    "novedades/",
    "revision/",
    "semana/",
    "cuestionario/",
    "editar/de-cero/",
    "glosario/",
    "fuentes/",
    "aprender/fundamentos/",
    "404.html",
)
# Pages that are none of the theme's: behind a paper's code, and what the worker shows where nothing is kept.
OUTSIDE = ("p/apertura-mostrador/", "p/", "away.html")
STANDARDS = "estandares/*/index.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a phone's page, without motion, and without the worker, which would take in the whole site."""
    with browser.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="block") as context:
        yield context.new_page()


def found_by_axe(
    browser: Browser, root: str, addresses: Sequence[str], viewport: ViewportSize, part: str
) -> dict[str, list[str]]:
    """Return what axe finds on each page that it finds something on."""
    axe, found = Axe(), {}
    with browser.new_context(viewport=viewport, reduced_motion="reduce") as context:
        context.add_init_script(AXE)
        # What scripts hide or show must have come to rest, or axe compares the colours of two moments.
        for address, page in walk(context, root, addresses):
            found[address] = axe.look(page, part=part)
    assert len(found) == len(addresses)
    return {address: violations for address, violations in found.items() if violations}


def test_axe_finds_nothing_on_any_page_in_light_or_dark(
    browser: Browser, reference_site: Path, reference_url: str
) -> None:
    addresses = telling_pages(reference_site)
    assert len(addresses) > 30
    # The frame is the same on all; the test of the wide screen sees it in the dark.
    assert found_by_axe(browser, reference_url, addresses, PHONE, ".md-content") == {}


def test_axe_finds_nothing_on_a_wide_screen(browser: Browser, reference_url: str) -> None:
    wide = ViewportSize(width=1280, height=900)
    assert found_by_axe(browser, reference_url, KINDS, wide, "body") == {}


def test_a_fault_of_one_line_among_many_is_found(browser: Browser, reference_url: str) -> None:
    """What axe has seen before it is not given again; what is otherwise in one line it has not seen."""
    faults = {
        "link-name": "last.innerHTML = '<a href=\"x\"></a>'",
        "color-contrast": "last.style.color = '#aaa'; last.style.background = '#fff'",
        "aria-allowed-attr": "last.setAttribute('aria-checked', 'true')",
        "image-alt": "last.innerHTML = '<img src=\"x\">'",
    }
    lines = "".join(f"<li>Una línea, la {number}</li>" for number in range(9))
    with browser.new_context(viewport=PHONE, reduced_motion="reduce") as context:
        context.add_init_script(AXE)
        page = context.new_page()
        axe = Axe()
        for rule, fault in {"": "", **faults}.items():
            page.goto(f"{reference_url}estandares/ext-01/", wait_until="networkidle")
            page.evaluate(
                f"""(lines) => {{
              const content = document.querySelector(".md-content__inner");
              content.innerHTML = content.querySelector("h1").outerHTML + `<ul>${{lines}}</ul>`;
              const last = content.querySelector("li:last-child");
              {fault}
            }}""",
                lines,
            )
            assert [one.partition(":")[0] for one in axe.look(page)][:1] == ([rule] if rule else []), rule


def test_nothing_sticks_out_of_a_narrow_screen(browser: Browser, reference_url: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce") as context:
        pages = walk(context, reference_url, KINDS)
        found = {address: page.evaluate("document.documentElement.scrollWidth") for address, page in pages}
    assert len(found) == len(KINDS)
    assert {address: width for address, width in found.items() if width > 320} == {}


# Puts the content of one page after the other into the open one, whose frame is the same.
MEASURE = """async ([addresses, what]) => {
  const measure = {
    width: () => document.documentElement.scrollWidth,
    short: () => document.querySelector(".pb-short").getBoundingClientRect().bottom,
  }[what];
  const found = {};
  for (const address of addresses) {
    const html = await (await fetch(address)).text();
    const content = new DOMParser().parseFromString(html, "text/html").querySelector(".md-content");
    // A page that only leads on to another has no frame.
    if (!content) continue;
    document.querySelector(".md-content").replaceWith(content);
    found[address] = measure();
  }
  return found;
}"""


def test_nothing_sticks_out_of_any_page_on_a_narrow_screen(
    page: Page, reference_site: Path, reference_url: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{reference_url}estandares/ext-01/")
    addresses = [f"/{address}" for address in pages_of(reference_site)]
    found = page.evaluate(MEASURE, [addresses, "width"])
    assert {address: width for address, width in found.items() if width > 320} == {}


def test_the_short_form_of_every_standard_fits_one_phone_screen(
    page: Page, reference_site: Path, reference_url: str
) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    addresses = [f"/estandares/{path.parent.name}/" for path in sorted(reference_site.glob(STANDARDS))]
    found = page.evaluate(MEASURE, [addresses, "short"])
    assert len(found) > 50
    assert {address: bottom for address, bottom in found.items() if bottom > PHONE["height"]} == {}


def test_first_view_of_a_standard_is_light(
    browser: Browser, reference_site: Path, reference_url: str
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.on("request", note)
        page.goto(f"{reference_url}estandares/ext-01/", wait_until="networkidle")
    assert all(url.startswith(reference_url) for url in asked)
    assert len(asked) <= 12, asked
    size = sum(size_on_the_wire(reference_site, url.removeprefix(reference_url)) for url in asked)
    assert size <= 200_000


def size_on_the_wire(site: Path, address: str) -> int:
    """Return how many bytes a file takes when it is sent, compressed where that is usual."""
    path = site / address
    data = (path / "index.html" if path.is_dir() else path).read_bytes()
    return len(data) if path.suffix in (".woff2", ".png") else len(gzip.compress(data))


# How many lines the word on the menu's button takes, beside a title that is as long as titles get.
LINES_OF_MENU = """() => {
  document.querySelector(".pb-header__title").textContent = "Manual de atendimento do Hospital das Clínicas";
  const text = document.createRange();
  text.selectNodeContents(document.querySelector(".pb-header__menu").lastChild);
  return new Set([...text.getClientRects()].map(({ top }) => top)).size;
}"""


@pytest.mark.parametrize("width", [320, 390, 480])
def test_a_long_title_does_not_break_the_word_on_the_menu(page: Page, reference_url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(reference_url)
    # Its script shows it, some time after the page is there.
    expect(page.locator(".pb-search__open")).to_be_visible()
    assert page.evaluate(LINES_OF_MENU) == 1
    # The name gives way; what stands beside it stays in one row.
    tools = page.locator(".pb-search__open, .pb-header__scheme, .pb-header__menu")
    middles = tools.evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map(({ top, height }) => top + height / 2)"
    )
    assert max(middles) - min(middles) < 8
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_opens_and_closes_by_keyboard(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    button = page.locator(".pb-header__menu")
    menu = page.get_by_role("navigation", name="Menú del manual")
    button.focus()
    page.keyboard.press("Enter")
    menu.wait_for()
    page.keyboard.press("Tab")
    assert menu.evaluate("menu => menu.contains(document.activeElement)")
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    assert button.evaluate("button => button === document.activeElement")


def test_every_entry_leads_to_its_neighbours_and_to_its_owners(
    page: Page, reference_site: Path, reference_url: str
) -> None:
    edition = json.loads((reference_site / "playbook.json").read_text("utf-8"))["edition"]["name"]
    page.goto(f"{reference_url}estandares/ext-02/")
    pager = page.get_by_role("navigation", name="Fichas vecinas")
    assert pager.get_by_role("link").all_inner_texts() == [
        "Anterior\nEXT-01 Saludar al llegar",
        "Siguiente\nEXT-03 Escuchar hasta el final",
    ]
    address = page.get_by_role("link", name="No pude cumplir este estándar").get_attribute("href") or ""
    assert address.startswith("mailto:servicio@example.org?subject=EXT-02")
    assert f"Edici%C3%B3n%3A%20{edition}%0D%0A" in address
    assert page.get_by_role("link", name="Sugerir un cambio").count() == 1


def test_a_definition_shows_on_focus_and_escape_takes_it_away(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    term = page.locator(".pb-term").first
    term.scroll_into_view_if_needed()
    shown = page.get_by_role("tooltip")
    page.wait_for_function("document.querySelector('.pb-definition')")
    page.keyboard.press("Tab")
    term.focus()
    shown.wait_for()
    assert shown.inner_text() == term.get_attribute("data-definition")
    assert term.get_attribute("aria-describedby") == shown.get_attribute("id")
    page.keyboard.press("Escape")
    shown.wait_for(state="hidden")


def tap_a_term(page: Page, url: str) -> Locator:
    """Tap the first word of a standard that has a definition, which shows it and leads nowhere; return it."""
    page.goto(f"{url}estandares/ext-01/")
    term = page.locator(".pb-term").first
    term.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.pb-definition')")
    term.tap()
    page.get_by_role("tooltip").wait_for()
    assert page.url.endswith("estandares/ext-01/")
    return term


def test_a_definition_shows_on_tap_and_a_second_tap_follows_the_link(
    browser: Browser, reference_url: str
) -> None:
    with browser.new_context(viewport=PHONE, has_touch=True) as context:
        page = context.new_page()
        term = tap_a_term(page, reference_url)
        term.tap()
        page.wait_for_url("**/glosario/#*")


def test_a_definition_shows_on_tap_where_a_click_does_not_say_what_clicked(
    browser: Browser, reference_url: str
) -> None:
    """As in Safari and in Firefox before 129, whose clicks are events of a mouse."""
    with browser.new_context(viewport=PHONE, has_touch=True) as context:
        context.add_init_script("""
          const { get } = Object.getOwnPropertyDescriptor(PointerEvent.prototype, "pointerType");
          Object.defineProperty(PointerEvent.prototype, "pointerType", {
            get() { return this.type === "click" ? undefined : get.call(this); },
          });
        """)
        page = context.new_page()
        term = tap_a_term(page, reference_url)
        # The keyboard follows the link at once, also after a finger.
        page.keyboard.press("Escape")
        term.press("Enter")
        page.wait_for_url("**/glosario/#*")


def test_first_mention_of_a_term_is_linked_and_no_other(reference_site: Path) -> None:
    linked = 0
    for path in reference_site.glob(STANDARDS):
        html = path.read_text(encoding="utf-8")
        terms = re.findall(r'class="pb-term" href="[^"]*#([^"]+)"', html)
        assert len(terms) == len(set(terms)), path.parent.name
        linked += len(terms)
    assert linked > 30


def test_printed_pages_carry_the_id_and_the_edition(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".pb-address").inner_text() == "https://servicebook.example.org/estandares/ext-01/"
    for hidden in (".pb-header", ".pb-footer", ".pb-feedback", ".pb-pager", ".md-sidebar"):
        assert page.locator(hidden).first.is_hidden(), hidden
    printed = page.locator(".pb-printed").inner_text()
    assert printed.startswith("EXT-01 · Manual de servicio · Edición 2026")
    # Where the browser prints a foot, the same stands on every further sheet.
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A5"))).pages
    assert len(sheets) > 1
    for sheet in sheets:
        assert "EXT-01 · Manual de servicio · Edición 2026" in " ".join(sheet.extract_text().split())
    # Paper is white whatever the screen was.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 33, 31)"


def test_a_page_that_is_printed_has_its_code_and_no_rows_of_frameworks(
    page: Page, reference_url: str
) -> None:
    page.goto(f"{reference_url}estandares/ext-02/")
    frameworks = ("SERVQUAL", "ISO 23592")
    text = page.locator("main").evaluate("main => main.textContent")
    assert all(name in text for name in frameworks)
    document = pdfium.PdfDocument(page.pdf(format="Letter", prefer_css_page_size=True))
    printed = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "Contestas antes del cuarto timbre" in printed
    assert not [name for name in frameworks if name in printed]
    bitmap = document[0].render(scale=2, grayscale=True)
    grey = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
    (code,) = [code.text for code in zxingcpp.read_barcodes(grey)]
    named = page.locator(".pb-printed").evaluate("line => line.textContent.match(/Edición (\\S+),/)[1]")
    assert code == f"https://servicebook.example.org/p/ext-02/?e={named}"


PRINTED = (
    "listas/apertura-mostrador/",
    "clientes/molesto/",
    "estandares/ext-07/",
    # Those that say most take one leaf too.
    "estandares/ext-41/",
    "estandares/int-36/",
)


@pytest.mark.parametrize("address", PRINTED)
def test_no_sheet_is_printed_for_the_address_alone(page: Page, reference_url: str, address: str) -> None:
    page.goto(reference_url + address)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter", prefer_css_page_size=True))).pages
    # An address may break over two lines.
    assert f"https://servicebook.example.org/{address}" in sheets[0].extract_text().replace("\n", "")
    assert len(sheets) <= 2
    for sheet in sheets:
        assert len(sheet.extract_text().splitlines()) > 5


SIGNED = (
    "llamada-telefonica",
    "soporte-tecnico",
    "visita-vip",
    "solicitud-entre-areas",
    "queja-y-recuperacion",
)


@pytest.mark.parametrize("name", SIGNED)
def test_a_list_is_signed_on_a_sheet_that_holds_lines_of_it(
    page: Page, reference_url: str, name: str
) -> None:
    page.goto(f"{reference_url}listas/{name}/")
    page.locator("[data-pb-ready]").first.wait_for()
    lines = [text.strip() for text in page.locator(".pb-tick label").all_text_contents()]
    for format in ("Letter", "A4"):
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format=format, prefer_css_page_size=True))).pages
        last = " ".join(sheets[-1].extract_text().split())
        assert "Observaciones" in last
        assert sum(line in last for line in lines) >= 3
        assert len(sheets) == 1 or name not in SIGNED[:3]


def test_the_signs_of_what_to_do_are_printed_without_grounds(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/ext-01/")
    document = pdfium.PdfDocument(page.pdf(format="Letter", print_background=False))
    sheet = document[0]
    text = sheet.get_textpage()
    bitmap = sheet.render(scale=4, grayscale=True)
    grey = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
    for word in ("Haz", "Evita"):
        place, _ = text.search(word, match_case=True, match_whole_word=True).get_next()
        left, bottom, _, top = text.get_charbox(place)
        width, height = (int(4 * side) for side in (left, sheet.get_height()))
        rows = range(height - int(4 * top), height - int(4 * bottom))
        dark = sum(grey[row, column] < 128 for row in rows for column in range(width - 80, width - 8))
        assert dark > 200, word


def test_nothing_moves_for_who_asked_for_it(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}listas/apertura-mostrador/")
    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      const longest = (times) => Math.max(...times.split(",").map(parseFloat));
      const animated = style.animationName !== "none" && longest(style.animationDuration) > 0.001;
      return animated || longest(style.transitionDuration) > 0.001 || style.scrollBehavior !== "auto";
    }).map((one) => one.outerHTML.slice(0, 80))""")
    assert moving == []


def test_colours_change_at_once_where_nothing_may_move(page: Page, reference_url: str) -> None:
    """A transition of no length is one all the same: parts of a page would be dark while others are light."""
    page.goto(f"{reference_url}listas/auditoria-mensual/", wait_until="networkidle")
    at_once, at_rest = page.evaluate(
        """async () => {
          const parts = ["body", "#pb-result", ".pb-progress"].map((one) => document.querySelector(one));
          const inks = ({ color, backgroundColor }) => [color, backgroundColor];
          const colours = () => parts.map((one) => inks(getComputedStyle(one)));
          document.body.dataset.mdColorScheme = "slate";
          const atOnce = colours();
          for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
          return [atOnce, colours()];
        }"""
    )
    assert at_once == at_rest


# What a screen reader is told, role and name; its tree is the browser's own.
SAID = {
    "": [
        '- button "Buscar"',
        '- link "Cliente molesto"',
        '- combobox "Tu puesto"',
        '- button "¿Qué pasa, o qué buscas?"',
    ],
    "estandares/": ['- combobox "Canales"', '- combobox "Nivel"', "- status"],
    "estandares/ext-07/": ['- checkbox "Empecé por lo que sí podía hacer."', '- button "Empezar de nuevo"'],
    "listas/apertura-mostrador/": [
        '- checkbox "Saludé a cada compañero de mi turno al llegar."',
        '- progressbar "Avance"',
        '- button "Imprimir en blanco"',
    ],
    "listas/auditoria-mensual/": [
        '- group "Saludó a quien llegaba en diez segundos o menos (EXT-01)."',
        '- radio "No cumple"',
        '- combobox "Verificación"',
        '- textbox "Lugar"',
    ],
}


@pytest.mark.parametrize("address", SAID)
def test_a_screen_reader_is_told_what_everything_is(page: Page, reference_url: str, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reference_url + address, wait_until="networkidle")
    tree = page.locator("body").aria_snapshot()
    assert [said for said in SAID[address] if said not in tree] == []


def test_the_home_page_s_field_opens_the_search(page: Page, reference_url: str) -> None:
    page.goto(reference_url)
    field = page.get_by_role("button", name="¿Qué pasa, o qué buscas?")
    field.focus()
    page.keyboard.press("Space")
    page.get_by_role("searchbox").wait_for()
    page.keyboard.press("Escape")
    field.click()
    page.keyboard.type("telefono")
    page.get_by_role("list", name="Resultados").get_by_role("link").first.wait_for()


def test_the_search_opens_by_its_key_after_a_tick(page: Page, reference_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{reference_url}listas/apertura-mostrador/", wait_until="networkidle")
    page.get_by_role("checkbox", name="Saludé a cada compañero").check()
    page.keyboard.press("/")
    page.get_by_role("searchbox").wait_for()


def test_pages_work_without_script(browser: Browser, serve: Serve, reference_url: str) -> None:
    with browser.new_context(viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{reference_url}listas/apertura-mostrador/")
        page.get_by_role("checkbox").first.check()
        for script_only in ("[data-pb-run]", "[data-pb-progress]", "[data-pb-actions]", "[data-pb-open]"):
            assert page.locator(script_only).first.is_hidden(), script_only
        page.locator("summary", has_text="Menú").click()
        page.get_by_role("navigation", name="Menú del manual").get_by_role("link", name="Matrices").click()
        assert page.url.endswith("matrices/")
        page.goto(reference_url)
        page.get_by_role("link", name="¿Qué pasa, o qué buscas?").click()
        assert page.url.endswith("estandares/")


def test_light_or_dark_is_the_device_s_until_the_reader_chooses(browser: Browser, reference_url: str) -> None:
    with browser.new_context(viewport=PHONE, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(reference_url)
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) == "rgb(19, 25, 24)"
        page.get_by_role("button", name="Cambiar a modo claro").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.goto(f"{reference_url}estandares/ext-01/")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.get_by_role("button", name="Cambiar a modo oscuro").click()
        assert page.evaluate(ground) == "rgb(19, 25, 24)"


def test_on_a_narrow_phone_what_cannot_wait_stands_in_two_columns(page: Page, reference_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(reference_url)
    doors = page.locator(".pb-urgent > li")
    lefts = doors.evaluate_all("all => all.map((one) => one.getBoundingClientRect().left)")
    assert len(set(lefts)) == 2


# What a thumb aims at: the bar at the top, buttons, folds and files, and the words of a row to tick.
AIMED_AT = {
    "listas/apertura-mostrador/": (
        ".pb-search__open, .pb-header__scheme, .pb-header__menu, .pb-button, .pb-tick label"
    ),
    "estandares/": ".pb-facets__fold > summary",
    "descargas/": ".pb-fold > summary, .pb-files__file",
    "404.html": "main p:last-of-type a",
    "away.html": "main p:last-of-type a",
}


@pytest.mark.parametrize("address", AIMED_AT)
def test_a_thumb_hits_what_it_aims_at(page: Page, reference_url: str, address: str) -> None:
    page.goto(reference_url + address, wait_until="networkidle")
    small = page.locator(AIMED_AT[address]).evaluate_all(
        """all => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_a_mark_of_what_changed_is_no_smaller_than_a_target_may_be(page: Page, reference_url: str) -> None:
    """24 points in each direction (WCAG 2.5.8): beside it stands the entry's own link."""
    page.goto(f"{reference_url}estandares/")
    marks = page.locator("a.pb-badge")
    heights = marks.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= 24


def test_no_heading_of_files_is_printed_without_its_files(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}cuestionario/")
    page.emulate_media(media="print")
    expect(page.locator(".pb-quiz__list")).to_be_visible()
    assert (
        page.locator(".pb-quiz > h2").evaluate_all("all => all.filter((one) => one.checkVisibility())") == []
    )
