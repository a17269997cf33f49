"""What Lighthouse asks beside what axe does, on every page; `scripts/lighthouse.py` asks the program."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.browser.markup import pages_of
from tests.browser.test_pages import KINDS
from tests.browser.walk import walk
from tests.conftest import PHONE


class _Found(HTMLParser):
    """Collects the elements of a page with their attributes; what lies in a template is none of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, wanted: str) -> list[dict[str, str]]:
        return [given for tag, given in self.elements if tag == wanted]

    def meta(self, name: str) -> str:
        return next((one.get("content", "") for one in self.all("meta") if one.get("name") == name), "")


def troubles_of(html: str) -> list[str]:
    """Return what Lighthouse would take points off for."""
    page = _Found(html)
    asked = {
        "doctype": html[:15].lower() == "<!doctype html>",
        "charset in the first kilobyte": re.search(rb"<meta charset=.?utf-8", html.encode()[:1024])
        is not None,
        "a language": bool(page.all("html")[0].get("lang")),
        "a title": bool(re.search(r"<title>[^<]+</title>", html)),
        "a description": bool(page.meta("description")),
        "a viewport that can be zoomed": "width=device-width" in page.meta("viewport")
        and not re.search("user-scalable|maximum-scale", page.meta("viewport")),
        "links that can be followed": all(one.get("href") for one in page.all("a")),
        "links that say where they lead": not re.search(r">\s*(?:aquí|más|clic aquí)\s*</a>", html),
        "sizes of pictures": all(
            one.get("width") and one.get("height") and "alt" in one for one in page.all("img")
        ),
        "not hidden from searches": "noindex" not in page.meta("robots"),
        "one address": len([one for one in page.all("link") if one.get("rel") == "canonical"]) <= 1,
    }
    return [name for name, holds in asked.items() if not holds]


def test_every_page_has_what_lighthouse_asks_for(reference_site: Path) -> None:
    found = {}
    for address in pages_of(reference_site):
        # What is no page of the manual's own: behind a sheet's code, for lost ones, and what leads on.
        if address.startswith("p/") or address in ("404.html", "away.html"):
            continue
        file = reference_site / address
        html = (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8")
        if 'http-equiv="refresh"' not in html and (troubles := troubles_of(html)):
            found[address] = troubles
    assert found == {}


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("<!doctype html>", "", "doctype"),
        ('name="description"', 'name="x"', "a description"),
        ("<a href=", "<a data-href=", "links that can be followed"),
        ("<title>", "<title></title><x>", "a title"),
    ],
)
def test_what_lighthouse_would_take_points_off_for_is_found(
    reference_site: Path, old: str, new: str, trouble: str
) -> None:
    html = (reference_site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    assert old in html
    assert trouble in troubles_of(html.replace(old, new))


def test_robots_may_read_and_find_the_map(reference_site: Path) -> None:
    assert (reference_site / "sitemap.xml").is_file()
    robots = reference_site / "robots.txt"
    lines = robots.read_text(encoding="utf-8").splitlines() if robots.exists() else []
    assert not [line for line in lines if re.match(r"(?i)disallow:\s*/\s*$", line)]


def test_no_kind_of_page_complains_in_the_console(browser: Browser, reference_url: str) -> None:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.location['url']}: {message.text}")

    with browser.new_context(viewport=PHONE) as context:
        context.on("console", note)
        context.on("weberror", lambda error: said.append(f"{error.error}"))
        context.on("requestfailed", lambda request: said.append(request.url))
        assert len([*walk(context, reference_url, KINDS)]) == len(KINDS)
    assert said == []
