"""Where the keyboard is: seen in any colours, and covered by nothing that sticks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser.test_pages import KINDS, OUTSIDE
from tests.browser.walk import walk
from tests.conftest import DESK, PHONE

# What the focus marks with no line: in forced colours a ground and a shadow are gone.
UNMARKED = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const lined = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\\)$/.test(outlineColor);
  };
  const unmarked = new Set();
  const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  for (const one of document.querySelectorAll(all)) {
    if (!one.checkVisibility()) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    if (![one, one.closest("label, .pb-file")].some((marked) => marked && lined(marked)))
      unmarked.add(`${one.localName}.${one.className}`);
  }
  return [...unmarked];
}"""
# Whether something else is drawn where the focus is: at its middle and near its corners.
COVERED = """() => {
  const focused = document.activeElement;
  const { left, right, top, bottom } = focused.getBoundingClientRect();
  const spots = [[(left + right) / 2, (top + bottom) / 2]];
  for (const x of [left + 2, right - 2]) for (const y of [top + 2, bottom - 2]) spots.push([x, y]);
  const seen = spots.some(([x, y]) => focused.contains(document.elementFromPoint(x, y)));
  return seen ? "" : focused.textContent.trim();
}"""


def test_the_focus_is_seen_in_forced_colours(browser: Browser, reference_url: str) -> None:
    found = {}
    with browser.new_context(forced_colors="active", service_workers="block") as context:
        for address, page in walk(context, reference_url, (*KINDS, *OUTSIDE), (PHONE, DESK)):
            page.keyboard.press("Tab")  # from now on, what gets the focus gets it from a keyboard
            if unmarked := page.evaluate(UNMARKED):
                found[address] = unmarked
    assert found == {}


@pytest.mark.parametrize(
    "window", [PHONE, ViewportSize(width=320, height=256)], ids=["phone", "four times as large"]
)
def test_the_head_of_a_matrix_covers_no_focus(
    browser: Browser, reference_url: str, window: ViewportSize
) -> None:
    """From the last row up, as much as from the first down."""
    with browser.new_context(viewport=window, service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{reference_url}matrices/")
        covered = []
        page.locator(".pb-matrix").last.locator("tbody a").last.focus()
        for _ in range(60):
            page.keyboard.press("Shift+Tab")
            covered.append(page.evaluate(COVERED))
    assert [one for one in covered if one] == []
