"""Style sheets: what readers get."""

from __future__ import annotations

import re
from pathlib import Path

from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.site.assets import BUNDLE, LISTS_BUNDLE, bundles, join_styles
from tests.conftest import ROOT

OVERRIDES = ROOT / "overrides"
_CLASS = re.compile(r"\.(pb-[\w-]+)")
# What these hold for rows of checklists and for cards of lists, an entry's page leaves out.
_FOR_LISTS_TOO = {"answers", "note", "row_parts", "tick_list", "declared"}


def test_styles_come_in_order_and_without_comments() -> None:
    parts = {"print": "p{}", "card": "/* why */\nc{}", "tokens": "t{}", "base": "b{}"}
    assert join_styles(parts) == "t{}b{}c{}p{}"


def test_what_only_lists_have_is_apart_and_paper_has_the_last_word() -> None:
    parts = {"print": "p{}", "home": "h{}", "tokens": "t{}", "facets": "f{}", "base": "b{}"}
    assert bundles(parts) == {BUNDLE: "t{}b{}p{}", LISTS_BUNDLE: "f{}h{}p{}"}


def _components_of(path: Path) -> set[Path]:
    """Return a template and all that it takes from other components."""
    found = {path}
    for name in re.findall(r'from "components/(\w+)\.html"', path.read_text(encoding="utf-8")):
        found |= _components_of(OVERRIDES / f"components/{name}.html")
    return found


def test_what_stands_on_an_entry_s_page_has_its_style_there() -> None:
    """Only pages written by hand and checklists load the second style sheet."""
    parts = {path.stem: path.read_text(encoding="utf-8") for path in OVERRIDES.glob("assets/css/*.css")}
    first, lists = bundles({**parts, "print": ""}).values()
    elsewhere = set(_CLASS.findall(lists)) - set(_CLASS.findall(first))
    assert len(elsewhere) > 50
    roots = {*(ENTRY_TYPES.keys() - {"checklist"}), "own_entry", "title", "ending"}
    templates = set.union(*(_components_of(OVERRIDES / f"components/{one}.html") for one in sorted(roots)))
    assert {"history", "changes"} <= {path.stem for path in templates}
    for path in sorted(one for one in templates if one.stem not in _FOR_LISTS_TOO):
        text = path.read_text(encoding="utf-8")
        used = {
            one for names in re.findall(r'class="([^"]*)"', text) for one in re.findall(r"pb-[\w-]+", names)
        }
        assert used & elsewhere == set(), path.name
