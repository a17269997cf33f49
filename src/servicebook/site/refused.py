"""What the policy of every page refuses in pages written by hand: a style or a script that stands inside."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

# A script of one of these is data, which nothing runs.
_DATA = ("application/json", "application/ld+json")


class _Inside(HTMLParser):
    """Collects the styles and scripts that stand inside a page, as they are written, each with its rule."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], None] = {}
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        written = self.get_starttag_text() or f"<{tag}>"
        if tag == "style":
            self.found[written, "inline-style"] = None
        if tag == "script" and "src" not in values and values.get("type") not in _DATA:
            self.found[written, "inline-script"] = None
        for name, value in attrs:
            if name == "style":
                self.found[f'{name}="{value}"', "inline-style"] = None
            elif name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found[f'{name}="{value}"', "inline-script"] = None


def find_refused(content: str) -> Iterator[tuple[str, str]]:
    """Yield what of a page's content no browser applies or runs, as it is written, with its rule."""
    yield from _Inside(content).found
