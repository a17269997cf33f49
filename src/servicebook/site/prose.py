"""What a page written by hand says: the text under each of its headings, as a search reads it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

# What says nothing of a page, or what is on every page.
_UNREAD = frozenset(
    {"script", "style", "noscript", "label", "form", "svg", "footer", "nav", "iframe", "template"}
)
# What stands in the middle of a text; all else ends one, as a paragraph does.
_INLINE = frozenset({
    "a", "abbr", "b", "cite", "code", "em", "i", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

# The anchor of a heading, what it says, and the texts below it.
Passage = tuple[str, str, tuple[str, ...]]


def passages_of(html: str) -> Iterator[Passage]:
    """Yield what a page says by parts; what comes before the first heading has no anchor and no title."""
    reader = _Reader(html)
    return ((anchor, title, tuple(texts)) for anchor, title, texts in reader.passages if title or any(texts))


class _Reader(HTMLParser):
    """Collects what a page says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.passages: list[tuple[str, str, list[str]]] = [("", "", [])]
        self._text = ""
        self._anchor = ""
        self._unread = ""
        self._depth = 0
        self.feed(html)
        self.close()
        self._end_text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth or tag in _UNREAD:
            self._unread = self._unread if self._depth else tag
            self._depth += tag == self._unread
            return
        if tag not in _INLINE:
            self._end_text()
        if tag in _HEADINGS:
            self._anchor = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= tag == self._unread
        elif tag in _HEADINGS and self._anchor:
            self.passages.append((self._anchor, " ".join(self._text.split()), []))
            self._text = self._anchor = ""
        elif tag not in _INLINE:
            self._end_text()

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self._text += data

    def _end_text(self) -> None:
        if text := " ".join(self._text.split()):
            self.passages[-1][2].append(text)
        self._text = ""
