"""What a device keeps of its reader is what the page of lists says, and nothing goes to anybody else."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.conftest import PHONE

# What the page says of each thing that is kept, by how its key begins, after `pb:` and the site's path.
SAID = {
    "apertura-mostrador:": "Las verificaciones",
    "EXT-01:ticks": "Las marcas en la lista corta de un estándar",
    "reader:job": "Tu puesto",
    "reader:shown": "las novedades que ya viste",
    "scheme": "el modo claro u oscuro",
    "quiz:": "el último resultado de tu cuestionario",
    "asked:searches": "Lo que buscaste y no llevó a nada",
    "search": "Tu última búsqueda",
}
KEPT = "() => [localStorage, sessionStorage].flatMap((store) => Object.keys(store))"


def use_everything(page: Page, url: str) -> None:
    """Do what leaves something on the device, each on its page."""
    page.goto(url)
    page.get_by_label("Tu puesto").select_option("mostrador")
    expect(page.locator(".pb-jobs__lists").first).to_be_visible()
    page.get_by_role("button", name="Cambiar a modo oscuro").click()
    for address, key in (("estandares/ext-01/", ":EXT-01:"), ("listas/apertura-mostrador/", ":apertura-")):
        page.goto(url + address, wait_until="networkidle")
        page.locator(".pb-tick input[type=checkbox]").first.click()
        page.wait_for_function("(key) => Object.keys(localStorage).some((one) => one.includes(key))", arg=key)
    page.goto(f"{url}cuestionario/")
    page.locator("[data-pb-quiz][data-pb-ready]").wait_for()
    for question in page.locator("[data-pb-question]:visible").all():
        question.locator("label").first.click()
    page.locator("[data-pb-check]").click()
    expect(page.locator("[data-pb-score]")).not_to_be_empty()
    page.get_by_role("button", name="Buscar").first.click()
    page.get_by_role("searchbox").fill("xilófono prehistórico")
    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text="No hay nada")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_a_device_keeps_is_what_the_page_says(browser: Browser, reference_url: str) -> None:
    asked: set[str] = set()
    with browser.new_context(viewport=PHONE, color_scheme="light") as context:
        context.on("request", lambda request: asked.add(request.url))
        page = context.new_page()
        use_everything(page, reference_url)
        page.wait_for_function("Object.keys(localStorage).some((key) => key.endsWith(':asked:searches'))")
        kept = [re.sub(r"^pb:/:", "", key) for key in page.evaluate(KEPT)]
        page.goto(f"{reference_url}listas/")
        told = page.locator("#lo-que-se-guarda-en-tu-aparato ~ ul").inner_text()
        cookies = context.cookies()
    found = {key: [words for start, words in SAID.items() if key.startswith(start)] for key in kept}
    assert {key for key, words in found.items() if not words} == set(), "kept, and not said"
    assert {words for some in found.values() for words in some} == {*SAID.values()}, "said, and not kept"
    assert [words for words in SAID.values() if words not in told] == []
    assert not cookies
    assert [url for url in asked if not url.startswith((reference_url, "data:", "blob:"))] == []
