"""Which pages of a site show all of its markup."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

# The elements of HTML that have no end.
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_Element = tuple[str, str]
_Piece = tuple[_Element, _Element, tuple[str, ...], str]


class _Pieces(HTMLParser):
    """Collects each element as what a browser's style and an assistive program go by."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[_Piece] = set()
        self._open: list[_Element] = [("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        element = (tag, given.get("class", ""))
        self.found.add((self._open[-1], element, tuple(sorted(given)), given.get("role", "")))
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while tag not in _VOID and len(self._open) > 1 and self._open.pop()[0] != tag:
            pass


def pages_of(site: Path) -> list[str]:
    """Return the address of every page from the site's root."""
    return sorted(str(path.relative_to(site)).removesuffix("index.html") for path in site.rglob("*.html"))


def telling_pages(site: Path) -> list[str]:
    """Return pages that show all of the site's markup between them: each has an element that none before has.

    An element is told by its name, classes, attributes and role, and by what it stands in. The pages left out
    differ by their words alone. `SERVICEBOOK_PAGES=all` leaves none out, for the night.
    """
    if os.environ.get("SERVICEBOOK_PAGES") == "all":
        return pages_of(site)
    seen: set[_Piece] = set()
    telling = []
    for address in pages_of(site):
        file = site / address / "index.html" if not address.endswith(".html") else site / address
        parser = _Pieces()
        parser.feed(file.read_text(encoding="utf-8"))
        if not parser.found <= seen:
            telling.append(address)
            seen |= parser.found
    return telling
