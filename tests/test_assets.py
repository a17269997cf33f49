"""Style sheets: the one file that readers get."""

from __future__ import annotations

from servicebook.site.assets import join_styles


def test_styles_come_in_order_and_without_comments() -> None:
    parts = {"print": "p{}", "card": "/* why */\nc{}", "tokens": "t{}", "base": "b{}"}
    assert join_styles(parts) == "t{}b{}c{}p{}"
