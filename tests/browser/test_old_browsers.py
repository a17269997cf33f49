"""Browsers that lack something: each kind of page reads, ticks and finds, and no error is left uncaught."""

from __future__ import annotations

from itertools import cycle, islice

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


@pytest.mark.parametrize("what", LACKING)
def test_a_browser_that_lacks_something_reads_ticks_and_finds(
    browser: Browser, reference_url: str, what: str
) -> None:
    failures: list[str] = []
    # Pages are read on a phone and at a desk by turns, beginning otherwise in each browser.
    turns = islice(cycle((PHONE, DESK)), list(LACKING).index(what) % 2, None)
    with browser.new_context() as context:
        context.add_init_script(LACKING[what])
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(f"{page.url} {error}"))
        for path, viewport in zip((*KINDS, *OUTSIDE), turns, strict=False):
            page.set_viewport_size(viewport)
            page.goto(reference_url + path, wait_until="load")
            assert page.locator("h1").first.is_visible(), path
            assert page.locator("#pb-menu:visible").count() == 0, path
        page.set_viewport_size(PHONE)
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
