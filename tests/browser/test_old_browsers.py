"""Browsers that lack something: each kind of page reads, ticks and finds, and no error is left uncaught."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_pages import KINDS, OUTSIDE
from tests.conftest import DESK, PHONE

# What is taken away before anything of the page runs.
LACKING = {
    "popover": "delete HTMLElement.prototype.popover; delete HTMLElement.prototype.showPopover;"
    " delete HTMLElement.prototype.togglePopover",
    "dialog": "delete HTMLDialogElement.prototype.showModal; delete HTMLDialogElement.prototype.show;"
    " delete HTMLDialogElement.prototype.close; delete HTMLDialogElement.prototype.open",
    "IntersectionObserver": "delete window.IntersectionObserver",
    "localStorage": "Object.defineProperty(window, 'localStorage', { value: undefined })",
    "localStorage that refuses": "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('no', 'SecurityError') } })",
    "sessionStorage": "Object.defineProperty(window, 'sessionStorage', { value: undefined })",
    "caches": "delete window.caches",
    "serviceWorker": "delete Navigator.prototype.serviceWorker",
    "share, clipboard, connection": "for (const one of ['share', 'canShare', 'clipboard', 'connection',"
    " 'storage']) delete Navigator.prototype[one]",
    "requestIdleCallback": "delete window.requestIdleCallback",
    "CompressionStream": "delete window.CompressionStream; delete window.DecompressionStream",
    "checkVisibility, scrollend": "delete Element.prototype.checkVisibility; delete window.onscrollend",
    "crypto.randomUUID": "delete Crypto.prototype.randomUUID; delete window.structuredClone",
}
# Pages with no scripts but those of all pages: each browser opens two of them, and some browser each of them.
PLAIN = (
    "estandares/ext-01/",
    "conductas/responder-en-positivo/",
    "casos/toyota/",
    "indicadores/nps/",
    "listas/calibrar/",
    "editar/de-cero/",
    "glosario/",
    "fuentes/",
    "aprender/fundamentos/",
)


@pytest.mark.parametrize("what", LACKING)
def test_a_browser_that_lacks_something_reads_ticks_and_finds(
    browser: Browser, reference_url: str, what: str
) -> None:
    failures: list[str] = []
    number = list(LACKING).index(what)
    paths = [*{*KINDS, *OUTSIDE} - {*PLAIN}, *(PLAIN[(number + more) % len(PLAIN)] for more in (0, 4))]
    with browser.new_context() as context:
        context.add_init_script(LACKING[what])
        windows = [context.new_page(), context.new_page()]
        for window, viewport in zip(windows, (DESK, PHONE), strict=True):
            window.set_viewport_size(viewport)
            window.on("pageerror", lambda error: failures.append(f"{error.name} {error.stack}"))
        # Pages are read on a phone and at a desk by turns, beginning otherwise in each browser.
        for place, path in enumerate(sorted(paths), number):
            page = windows[place % 2]
            page.goto(reference_url + path, wait_until="load")
            assert page.locator("h1").first.is_visible(), path
            assert page.locator("#pb-menu:visible").count() == 0, path
        page = windows[1]
        page.goto(f"{reference_url}listas/apertura-mostrador/")
        page.wait_for_selector("[data-pb-checklist][data-pb-ready]")
        box = page.locator("[data-pb-item] input[type=checkbox]").first
        box.check()
        expect(box).to_be_checked()
        page.locator(".pb-header__menu").click()
        expect(page.locator("#pb-menu")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#pb-menu")).to_be_hidden()
        page.goto(reference_url)
        page.locator("[data-pb-open]").click()
        page.locator("#pb-search-text").fill("cliente enojado")
        expect(page.locator(".pb-hit").first).to_be_visible(timeout=30_000)
        page.locator("[data-pb-close]").click()
        expect(page.locator("#pb-search-text")).to_be_hidden()
    assert failures == []
