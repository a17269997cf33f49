"""Style sheets: the one file that readers get."""

from __future__ import annotations

from servicebook.site.assets import css_string, join_styles


def test_styles_come_in_order_and_without_comments() -> None:
    parts = {"print": "p{}", "card": "/* why */\nc{}", "tokens": "t{}", "base": "b{}"}
    assert join_styles(parts) == "t{}b{}c{}p{}"


def test_a_text_in_a_style_sheet_cannot_leave_its_quotes() -> None:
    assert css_string('2026.1 "x"\\</style>') == "2026.1 \\22 x\\22 \\5c \\3c \\2f style\\3e "
