"""Scripts write days, numbers and sizes as the rest of the page does, whatever the browser's own language."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from servicebook.language.messages import messages_in
from tests.browser.markup import pages_of
from tests.conftest import ROOT, Serve

SCRIPTS = ROOT / "overrides" / "assets" / "js"
NUMBERS = (0, 3.4, 2.75, -1.5, 999, 1250.5, 1_234_567, 0.333333)
DAYS = ("2026-01-01", "2026-11-22", "2028-02-29")
WRITE = """async ([locale, numbers, days]) => {
  document.head.insertAdjacentHTML("beforeend", `<meta property="og:locale" content="${locale}">`);
  const { dayOf, numberOf } = await import("./page.js");
  return [numbers.map((one) => numberOf(one)), days.map(dayOf), dayOf(""), dayOf("mañana")];
}"""


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("browsers_own", ["es-ES", "en-US"])
def test_days_and_numbers_are_written_as_the_catalogue_does(
    browser: Browser, serve: Serve, language: str, browsers_own: str
) -> None:
    say = messages_in(language)
    with browser.new_context(locale=browsers_own) as context:
        page = context.new_page()
        page.goto(serve(SCRIPTS))
        found = page.evaluate(WRITE, [say("language.locale"), NUMBERS, DAYS])
    days = [say.date(dt.date.fromisoformat(day)) for day in DAYS]
    assert found == [[say.number(one) for one in NUMBERS], days, "", "mañana"]


def test_every_page_with_a_script_says_whose_days_and_numbers_it_writes(reference_site: Path) -> None:
    told = 0
    for address in pages_of(reference_site):
        file = reference_site / address
        html = (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8")
        if re.search(r"js/(?:main|on-paper)\.js", html):
            assert html.count('<meta property="og:locale" content="es_MX">') == 1, address
            told += 1
    assert told > 100


def test_one_place_writes_days_and_numbers() -> None:
    for path in SCRIPTS.glob("*.js"):
        if path.name != "page.js":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\btoLocale(?:Date|Time)?String\b|\bIntl\.", text), path.name
