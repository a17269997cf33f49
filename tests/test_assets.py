"""Style sheets: what readers get."""

from __future__ import annotations

from servicebook.site.assets import BUNDLE, LISTS_BUNDLE, bundles, join_styles


def test_styles_come_in_order_and_without_comments() -> None:
    parts = {"print": "p{}", "card": "/* why */\nc{}", "tokens": "t{}", "base": "b{}"}
    assert join_styles(parts) == "t{}b{}c{}p{}"


def test_what_only_lists_have_is_apart_and_paper_has_the_last_word() -> None:
    parts = {"print": "p{}", "home": "h{}", "tokens": "t{}", "facets": "f{}", "base": "b{}"}
    assert bundles(parts) == {BUNDLE: "t{}b{}p{}", LISTS_BUNDLE: "f{}h{}p{}"}
