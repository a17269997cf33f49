"""Every component's examples, gathered in one page in the site's own frame, looked into with axe."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from servicebook.site.render import relative_to
from tests.browser.axe import AXE, Axe
from tests.conftest import PHONE
from tests.test_components import Example, examples, render

_NAMES = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
PUT = "html => { document.querySelector('.md-content__inner').innerHTML = html; }"


def piece(place: int, example: Example) -> str:
    """Return an example's HTML with names of its own, so that two examples on a page do not share an id."""
    html = f"<ul>{render(example)}</ul>" if example.item else render(example)
    own = _NAMES.sub(
        lambda found: f'{found[1]}="{" ".join(f"e{place}-{one}" for one in found[2].split())}"', html
    )
    return f"<section>{relative_to(own, 2)}</section>"


def test_axe_finds_nothing_in_any_example(browser: Browser, reference_url: str) -> None:
    pieces = [piece(place, one) for place, one in enumerate(examples()) if not one.whole]
    assert len(pieces) > 40
    with browser.new_context(viewport=PHONE, reduced_motion="reduce") as context:
        context.add_init_script(AXE)
        page = context.new_page()
        page.goto(f"{reference_url}estandares/ext-01/")
        page.evaluate(PUT, "\n".join(['<h1 id="title">Componentes</h1>', *pieces]))
        # What stays out of sight until a script shows it is looked into as well.
        page.evaluate(
            "document.querySelectorAll('.md-content__inner [hidden]').forEach((one) => (one.hidden = false))"
        )
        # Several examples of one component are several landmarks of one name, and headings of many pages.
        assert Axe().look(page, without=("landmark-unique", "heading-order")) == []
